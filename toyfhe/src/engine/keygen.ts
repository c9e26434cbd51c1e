/**
 * Key generation: a dense ternary secret, the public key, and evaluation keys of hybrid key switching.
 * @module
 */
import type { KeyRequest } from '../backend/arithmetic.ts';
import { inverseMod } from '../backend/primes.ts';
import type { EngineEvaluation, EngineKey, EnginePublic, EngineSecret } from './handles.ts';
import type { Limbs } from './key-switch.ts';
import type { Machine } from './machine.ts';
import type { Sampler } from './sampler.ts';
import { OP } from './tasks.ts';

/** X → X^g with g = 5^(−k) moves slot i, the value at ζ^(5^i), to slot i + k. */
export function galoisElement(degree: number, steps: number): number {
  let g = 1;
  for (let i = 0; i < degree / 2 - steps; i++) g = (g * 5) % (2 * degree);
  return g;
}

/** X → X^(2N − 1) = X^(−1). */
export function conjugation(degree: number): number {
  return 2 * degree - 1;
}

export class KeyGenerator {
  readonly #machine: Machine;
  readonly #sampler: Sampler;

  constructor(machine: Machine, sampler: Sampler) {
    this.#machine = machine;
    this.#sampler = sampler;
  }

  secret(): EngineSecret {
    const { ring, tasks } = this.#machine;
    return this.#filled(ring.moduli.length, 'a secret key', (limbs) => {
      this.#machine.borrow(
        1,
        'a secret key',
        ([s]) => {
          this.#sampler.secretly(({ ternary }) => ternary(s!));
          limbs.forEach((limb, i) => tasks.add(OP.forward, i, [limb, s!]));
          tasks.run();
        },
        true,
      );
      return { kind: 'secret', limbs };
    });
  }

  /** (−a·s + e, a): an encryption of zero. */
  public(secret: EngineSecret): EnginePublic {
    const count = this.#machine.ring.chain;
    return this.#filled(2 * count, 'a public key', (limbs) => {
      const [b, a] = [limbs.slice(0, count), limbs.slice(count)];
      const seed = this.encryptZero(secret, b, a, undefined);
      return { kind: 'public', b, a, seed };
    });
  }

  /** c₁ from a fresh seed, c₀ = −c₁·s + e (+ message); the seed. */
  encryptZero(secret: EngineSecret, c0: Limbs, c1: Limbs, message: Limbs | undefined): Uint8Array {
    const { tasks } = this.#machine;
    const seed = this.#sampler.seed();
    this.#machine.borrow(
      1,
      'encryption',
      ([e]) => {
        this.#sampler.secretly(({ error }) => error(e!));
        this.#sampler.withSeed(seed, (address) => {
          c0.forEach((limb, i) => {
            tasks.add(OP.encryptSecret, i, [limb, c1[i]!, address, e!, secret.limbs[i]!, message?.[i] ?? 0]);
          });
          tasks.run();
        });
      },
      true,
    );
    return seed;
  }

  /**
   * @param onKey called after each key
   * @throws FheError MEMORY before any key is made
   */
  evaluation(secret: EngineSecret, request: KeyRequest, onKey: () => void): EngineEvaluation {
    const { keys, ring } = this.#machine;
    keys.check(request.rotations.length + Number(request.relinearize) + Number(request.conjugate));
    const rotations = new Map<number, EngineKey>();
    const made: { relinearize: EngineKey | undefined; conjugate: EngineKey | undefined } = {
      relinearize: undefined,
      conjugate: undefined,
    };
    try {
      if (request.relinearize) {
        made.relinearize = this.#relinearization(secret);
        onKey();
      }
      if (request.conjugate) {
        made.conjugate = this.#galois(secret, conjugation(ring.degree));
        onKey();
      }
      for (const steps of request.rotations) {
        rotations.set(steps, this.#galois(secret, galoisElement(ring.degree, steps)));
        onKey();
      }
      return { kind: 'evaluation', ...made, rotations };
    } catch (error) {
      this.free({ kind: 'evaluation', ...made, rotations });
      throw error;
    }
  }

  free(keys: EngineEvaluation): void {
    for (const key of [keys.relinearize, keys.conjugate, ...keys.rotations.values()]) {
      if (key === undefined) continue;
      this.#machine.keys.release(key.stored);
      if (key.table !== 0) this.#machine.heap.release(key.table, 4 * this.#machine.ring.degree);
    }
  }

  /** The permutation that X → X^g makes of transformed values. */
  table(g: number): number {
    const { heap, kernels, ring } = this.#machine;
    const table = heap.allocate(4 * ring.degree, 'a permutation');
    kernels.galoisTable(table, ring.degree, g);
    return table;
  }

  /** From s² to s. */
  #relinearization(secret: EngineSecret): EngineKey {
    return this.#machine.borrow(
      secret.limbs.length,
      'a key',
      (squared) => {
        squared.forEach((limb, i) => {
          this.#machine.tasks.add(OP.mul, i, [limb, secret.limbs[i]!, secret.limbs[i]!]);
        });
        this.#machine.tasks.run();
        return this.#key(squared, secret.limbs, 0);
      },
      true,
    );
  }

  /**
   * For the automorphism φ: X → X^g. A rotation is φ(c₀ + KeySwitch(c₁)) with a key from s to φ⁻¹(s), so that digits are
   * never permuted: φ comes last and makes φ⁻¹(s) to s.
   */
  #galois(secret: EngineSecret, g: number): EngineKey {
    const { ring, heap } = this.#machine;
    const inverse = this.table(Number(inverseMod(BigInt(g), 2n * BigInt(ring.degree))));
    try {
      return this.#machine.borrow(
        secret.limbs.length,
        'a key',
        (turned) => {
          turned.forEach((limb, i) => this.#machine.tasks.add(OP.permute, i, [limb, secret.limbs[i]!, inverse]));
          this.#machine.tasks.run();
          return this.#key(secret.limbs, turned, this.table(g));
        },
        true,
      );
    } finally {
      heap.release(inverse, 4 * ring.degree);
    }
  }

  /** New limbs that `fill` makes an object of; given back where it fails. */
  #filled<T>(count: number, what: string, fill: (limbs: Limbs) => T): T {
    const limbs = this.#machine.limbs(count, what);
    try {
      return fill(limbs);
    } catch (error) {
      for (const limb of limbs) this.#machine.view(limb).fill(0); // they may hold parts of a secret
      this.#machine.free(limbs);
      throw error;
    }
  }

  /** A key from s' to s. */
  #key(from: Limbs, to: Limbs, table: number): EngineKey {
    const { ring, keys, tasks, heap } = this.#machine;
    const { moduli, digits } = ring;
    let stored: EngineKey['stored'] | undefined;
    try {
      const seed = this.#sampler.seed();
      const { address, number } = (stored = keys.allocate());
      this.#machine.borrow(
        digits.length,
        'a key',
        (errors) => {
          this.#sampler.secretly(({ error }) => {
            for (const limb of errors) error(limb);
          });
          this.#sampler.withSeed(seed, (seedAt) => {
            for (const [d, digit] of digits.entries()) {
              for (let j = 0; j < moduli.length; j++) {
                const own = j >= digit.from && j < digit.to ? from[j]! : 0;
                const args = [d, address, number, seedAt, errors[d]!, to[j]!, own];
                tasks.add(OP.keyLimb, j, args, ring.inverseP[j] ?? 1); // modulo special primes errors stay as they are
              }
            }
            tasks.run();
          });
        },
        true,
      );
      return { stored, seed, table };
    } catch (error) {
      if (stored !== undefined) keys.release(stored);
      if (table !== 0) heap.release(table, 4 * ring.degree);
      throw error;
    }
  }
}
