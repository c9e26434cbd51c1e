/**
 * From residues to numbers: mixed radix (Garner), exact, whatever the level. With centred digits
 *   x = d₀ + q₀·(d₁ + q₁·(d₂ + …)), dⱼ = (xⱼ − d₀ − …)·(q₀·…·qⱼ₋₁)⁻¹ mod qⱼ,
 * and where |x| is small against the modulus, as values times scale are, the higher digits are all zero: the work ends
 * after two or three digits.
 * @module
 */
import { inverseMod } from '../backend/primes.ts';
import type { Limbs } from './key-switch.ts';
import type { Machine } from './machine.ts';
import { centred } from './moduli.ts';
import { OP } from './tasks.ts';

export class Decoder {
  readonly #machine: Machine;
  /** qⱼ⁻¹ mod qᵢ, centred, made when needed. */
  readonly #inverses: Map<number, number> = new Map();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** qⱼ⁻¹ mod qᵢ, centred. */
  inverse(j: number, i: number): number {
    const { moduli } = this.#machine.ring;
    const at = j * moduli.length + i;
    let inverse = this.#inverses.get(at);
    if (inverse === undefined) {
      const q = moduli[i]!.prime;
      inverse = centred(inverseMod(moduli[j]!.prime % q, q), q);
      this.#inverses.set(at, inverse);
    }
    return inverse;
  }

  /** Calls `f` with the coefficients (N doubles at an address, rounded to 53 bits) of the polynomial with these limbs. */
  coefficients<T>(limbs: Limbs, f: (address: number) => T): T {
    const { tasks, ring } = this.#machine;
    return this.#machine.borrow(
      limbs.length + 1,
      'decoding',
      ([sum, ...digits]) => {
        digits.forEach((digit, i) => {
          const [scale, scaleRoot] = ring.fold(i, 1n);
          tasks.add(OP.inverse, i, [digit, limbs[i]!], scale, scaleRoot);
        });
        tasks.run();
        let top = this.#digits(digits);
        tasks.add(OP.copy, 0, [sum!, digits[top]!]);
        while (--top >= 0) {
          tasks.run(); // one after the other: each reads the sum of the one before
          tasks.add(OP.horner, top, [sum!, digits[top]!]);
        }
        tasks.run();
        return f(sum!);
      },
      true,
    );
  }

  /** Residues to mixed-radix digits, in place; the index of the highest one that matters. */
  #digits(residues: readonly number[]): number {
    const { tasks } = this.#machine;
    const last = residues.length - 1;
    for (let j = 0; ; j++) {
      tasks.add(OP.reduce, j, [residues[j]!, residues[j]!]); // to the nearest: products end a little beyond p/2
      tasks.run();
      if (j === last) return last;
      for (let i = j + 1; i <= last; i++) {
        tasks.add(OP.subScale, i, [residues[i]!, residues[i]!, residues[j]!], this.inverse(j, i));
      }
      tasks.run();
      if (residues.slice(j + 1).every((limb) => this.#machine.isZero(limb))) return j;
    }
  }
}
