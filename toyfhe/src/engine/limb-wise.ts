/**
 * New ciphertexts, and what is done to them limb by limb.
 * @module
 */
import type { Meta } from '../backend/contract.ts';
import type { EngineCipher } from './handles.ts';
import type { Limbs } from './key-switch.ts';
import type { Machine } from './machine.ts';
import { OP } from './tasks.ts';

export class LimbWise {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A new ciphertext with limbs that `fill` writes. */
  make(level: number, length: number, fill: (polynomials: readonly Limbs[]) => void): EngineCipher {
    const limbs = this.#machine.limbs(length * (level + 1), 'a ciphertext');
    const polynomials = Array.from({ length }, (_, k) => limbs.slice(k * (level + 1), (k + 1) * (level + 1)));
    try {
      fill(polynomials);
      return { kind: 'cipher', polynomials };
    } catch (error) {
      this.#machine.free(limbs);
      throw error;
    }
  }

  /** A ciphertext of the same length, limb by limb. */
  each(
    c: EngineCipher,
    out: Meta,
    task: (limb: number, from: number, prime: number, polynomial: number) => void,
  ): EngineCipher {
    return this.make(out.level, out.length, (polynomials) => {
      polynomials.forEach((limbs, k) => limbs.forEach((limb, i) => task(limb, c.polynomials[k]![i]!, i, k)));
      this.#machine.tasks.run();
    });
  }

  unary(op: number, c: EngineCipher, out: Meta): EngineCipher {
    return this.each(c, out, (limb, from, i) => this.#machine.tasks.add(op, i, [limb, from]));
  }

  /** a ± b; where b is longer, `alone` makes of its last polynomial what the result holds. */
  linear(op: number, alone: number, a: EngineCipher, b: EngineCipher, out: Meta): EngineCipher {
    const { tasks } = this.#machine;
    return this.make(out.level, out.length, (polynomials) => {
      polynomials.forEach((limbs, k) =>
        limbs.forEach((limb, i) => {
          const [x, y] = [a.polynomials[k]?.[i], b.polynomials[k]?.[i]];
          if (x !== undefined && y !== undefined) tasks.add(op, i, [limb, x, y]);
          else if (x !== undefined) tasks.add(OP.copy, i, [limb, x]);
          else tasks.add(alone, i, [limb, y!]);
        }),
      );
      tasks.run();
    });
  }
}
