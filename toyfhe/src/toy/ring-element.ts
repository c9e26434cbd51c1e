/**
 * Elements of a negacyclic ring. An element knows itself by its coefficients, by its values at the roots of x^d + 1,
 * or by both: each is computed from the other when first asked for. Sums need neither in particular, products need
 * values, digits and roundings need coefficients.
 * @module
 */

import { FheError } from '../backend/errors.ts';
import { inspect, superscript } from '../backend/print.ts';
import { need } from './checks.ts';
import { centred, mod } from './integers.ts';
import { inverseNtt, ntt } from './ntt.ts';
import { needRing, type Ring } from './ring.ts';

/** One list of d residues in [0, p) for each prime p of the ring. */
export type Limbs = readonly (readonly bigint[])[];

type Form = 'coefficients' | 'values';

/** An immutable polynomial modulo x^d + 1 and Q. */
export class RingElement {
  readonly ring: Ring;
  #coefficients: Limbs | undefined;
  #values: Limbs | undefined;

  /** `limbs`: shape [primes][degree], residues in [0, p), in the form that `form` says. */
  constructor(ring: Ring, limbs: Limbs, form: Form) {
    this.ring = ring;
    if (form === 'coefficients') this.#coefficients = limbs;
    else this.#values = limbs;
  }

  /** The element with these integer coefficients, constant term first; any size and sign, missing ones are 0. */
  static lift(ring: Ring, integers: readonly bigint[]): RingElement {
    const limbs = ring.primes.map((p) => Array.from({ length: ring.degree }, (_, j) => mod(integers[j] ?? 0n, p)));
    return new RingElement(ring, limbs, 'coefficients');
  }

  coefficients(): Limbs {
    this.#coefficients ??= this.#values!.map((limb, i) => inverseNtt(this.ring.tables[i]!, limb));
    return this.#coefficients;
  }

  /** Entry k of each limb is the value at ψ^(2k+1), ψ the ring's root of unity of order 2d for that prime. */
  values(): Limbs {
    this.#values ??= this.#coefficients!.map((limb, i) => ntt(this.ring.tables[i]!, limb));
    return this.#values;
  }

  /** The integer coefficients in (−Q/2, Q/2], by the Chinese remainder theorem. */
  centred(): bigint[] {
    const { degree, modulus, idempotents } = this.ring;
    const limbs = this.coefficients();
    return Array.from({ length: degree }, (_, j) =>
      centred(
        limbs.reduce((sum, limb, i) => sum + limb[j]! * idempotents[i]!, 0n),
        modulus,
      ),
    );
  }

  add(other: RingElement): RingElement {
    return this.#combine(other, (a, b, p) => (a + b >= p ? a + b - p : a + b));
  }

  sub(other: RingElement): RingElement {
    return this.#combine(other, (a, b, p) => (a >= b ? a - b : a - b + p));
  }

  neg(): RingElement {
    return this.scale(-1n);
  }

  mul(other: RingElement): RingElement {
    this.#sameRing(other, 'multiply');
    return new RingElement(
      this.ring,
      this.#pairs(this.values(), other.values(), (a, b, p) => (a * b) % p),
      'values',
    );
  }

  /** The product with an integer. */
  scale(factor: bigint): RingElement {
    const form = this.#values ? 'values' : 'coefficients';
    const limbs = this[form]().map((limb, i) => {
      const p = this.ring.primes[i]!;
      const f = mod(factor, p);
      return limb.map((a) => (a * f) % p);
    });
    return new RingElement(this.ring, limbs, form);
  }

  /** The Galois automorphism x ↦ x^g, g odd. */
  automorphism(g: number): RingElement {
    const d = this.ring.degree;
    const limbs = this.coefficients().map((limb, i) => {
      const out = new Array<bigint>(d).fill(0n);
      for (let j = 0; j < d; j++) {
        const exponent = (j * g) % (2 * d); // x^2d = 1, and x^d = −1 gives the sign
        const a = limb[j]!;
        out[exponent % d] = exponent < d || a === 0n ? a : this.ring.primes[i]! - a;
      }
      return out;
    });
    return new RingElement(this.ring, limbs, 'coefficients');
  }

  /** The image in a ring with some of the same primes: the residues for the others are left out, nothing is divided. */
  restrict(ring: Ring): RingElement {
    if (ring.equals(this.ring)) return this;
    const pick = (limbs: Limbs): Limbs => ring.primes.map((p) => limbs[this.ring.primes.indexOf(p)]!);
    const form = this.#values ? 'values' : 'coefficients';
    return new RingElement(ring, pick(this[form]()), form);
  }

  #combine(other: RingElement, f: (a: bigint, b: bigint, p: bigint) => bigint): RingElement {
    this.#sameRing(other, 'add');
    // Both forms are linear, so a sum is taken in whichever one both sides already have.
    const form = this.#coefficients && other.#coefficients ? 'coefficients' : 'values';
    return new RingElement(this.ring, this.#pairs(this[form](), other[form](), f), form);
  }

  #pairs(a: Limbs, b: Limbs, f: (a: bigint, b: bigint, p: bigint) => bigint): Limbs {
    return a.map((limb, i) => limb.map((x, j) => f(x, b[i]![j]!, this.ring.primes[i]!)));
  }

  #sameRing(other: RingElement, op: string): void {
    if (other.ring.equals(this.ring)) return;
    throw new FheError({
      code: 'LEVEL_MISMATCH',
      op,
      field: 'the ring of the second operand',
      should: this.ring.toString(),
      is: other.ring.toString(),
      hint: 'bring both to the same ring first',
    });
  }

  [inspect](): string {
    const terms = this.centred().flatMap((a, j) =>
      a === 0n ? [] : [`${a}${j === 0 ? '' : `x${j === 1 ? '' : superscript(j)}`}`],
    );
    const shown = terms.length > 4 ? [...terms.slice(0, 3), '…', terms.at(-1)] : terms;
    return `${shown.length === 0 ? '0' : shown.join(' + ')} in ${this.ring.toString()}`;
  }
}

/** The zero of a ring. @throws FheError FORMAT for anything but a ring. */
export function zero(ring: Ring): RingElement {
  needRing('make a zero', ring);
  return RingElement.lift(ring, []);
}

/** @throws FheError FORMAT for anything but a ring element. */
export function needElement(op: string, element: unknown): asserts element is RingElement {
  need(element, RingElement, { op, field: 'the element', should: 'a ring element', hint: 'write e.g. zero(R)' });
}
