/**
 * BFV: exact integers modulo t in the high digits, noise in the low ones. Fan–Vercauteren, eprint 2012/144.
 * @module
 */

import { primesAbove } from '../backend/primes.ts';
import { bitLength, centred, divRound } from './integers.ts';
import { convolve, type RlweOptions, RlweParams } from './params.ts';
import type { Encoding } from './plain.ts';
import { checkPlainModulus, type PlainModulus } from './plain-modulus.ts';
import { NegacyclicRing, type Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

/** Exported for its name: a declaration, as notebook kernels make for every cell, has to name the type of a variable. */
export class Bfv extends RlweParams {
  override readonly scheme: string = 'BFV';
  override readonly space: string;
  override readonly plainModulus: bigint;

  constructor(ring: Ring, options: RlweOptions & PlainModulus) {
    super(ring, options);
    this.plainModulus = checkPlainModulus(options, ring);
    this.space = `integers mod ${this.plainModulus}`;
  }

  /** π⁻¹: the polynomial times Δ = Q/t, rounded: up into the high digits. */
  override embed(plain: readonly bigint[], ring: Ring): RingElement {
    return RingElement.lift(
      ring,
      plain.map((m) => divRound(m * ring.modulus, this.plainModulus)),
    );
  }

  /** π: divided by Δ again and rounded, which drops noise below Δ/2. */
  override extract(phase: RingElement): bigint[] {
    const t = this.plainModulus;
    return phase.centred().map((a) => centred(divRound(a * t, phase.ring.modulus), t));
  }

  // 𝒩 and 𝒢: discrete Gaussians, as shared. What follows comes from Δ depending on the modulus:

  /** Both factors carry Δ, the product Δ²: so it is taken over the integers and divided by Δ (2012/144, section 4). */
  override tensor(a: readonly RingElement[], b: readonly RingElement[]): RingElement[] {
    const ring = a[0]!.ring;
    const wide = wideRing(ring, Math.min(a.length, b.length));
    const widen = (x: RingElement): RingElement => RingElement.lift(wide, x.centred());
    return convolve(a.map(widen), b.map(widen)).map((product) =>
      RingElement.lift(
        ring,
        product.centred().map((c) => divRound(c * this.plainModulus, ring.modulus)),
      ),
    );
  }

  /** Modulo Q/q the unit of the message is Δ/q, so what was Δ·m + e is now (Δ/q)·(q·m) + e: the message is q·m. */
  override dropped<P>(encoding: Encoding<P>, prime: bigint): Encoding<P> {
    return encoding.multipliedBy(prime);
  }
}

/** A ring of the same degree in which a sum of `terms` products of elements of `ring` does not wrap around. */
function wideRing(ring: Ring, terms: number): Ring {
  // |coefficient| ≤ terms·d·(Q/2)² and must stay below half the wide modulus; primes above 2^60 count 60 bits each.
  const bits = bitLength(BigInt(terms) * BigInt(ring.degree) * ring.modulus ** 2n);
  return NegacyclicRing(ring.degree, primesAbove(60, 2n * BigInt(ring.degree), Math.ceil(bits / 60)));
}

/** See the function of the same name. */
export type BFVParams = Bfv;

/**
 * BFV on a ring with plaintexts modulo `plainModulus`. A toy: not secure.
 * @throws FheError RANGE unless 2 ≤ plainModulus < Q and it shares no factor with Q, or for a sigma or relinWindow
 *   outside its range; FORMAT for anything but a ring.
 */
export function BFVParams(ring: Ring, options: RlweOptions & PlainModulus): BFVParams {
  return new Bfv(ring, options);
}
