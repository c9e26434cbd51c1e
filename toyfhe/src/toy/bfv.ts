/**
 * BFV: exact integers modulo t in the high digits, noise in the low ones. Fan–Vercauteren, eprint 2012/144.
 * @module
 */

import { FheError } from '../backend/errors.ts';
import { primesAbove } from '../backend/primes.ts';
import { bitLength, centred, divRound } from './integers.ts';
import { convolve, type RlweOptions, RlweParams } from './params.ts';
import type { Encoding } from './plain.ts';
import { checkPlainModulus, type PlainModulus } from './plain-modulus.ts';
import { NegacyclicRing, type Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

class Bfv extends RlweParams {
  override readonly scheme: string = 'BFV';
  override readonly space: string;
  readonly plainModulus: bigint;

  constructor(ring: Ring, options: RlweOptions & PlainModulus) {
    super(ring, options);
    this.plainModulus = checkPlainModulus(options.plainModulus, ring);
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

  // 𝒩 and 𝒢: discrete Gaussians, as shared.

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

  /** Δ = Q/t shrinks along with the ciphertext, so the message stays. */
  override divided<P>(encoding: Encoding<P>): Encoding<P> {
    return encoding;
  }

  override restrict(part: RingElement, ring: Ring): RingElement {
    if (ring.equals(part.ring)) return part;
    throw new FheError({
      code: 'FORMAT',
      op: 'drop a prime',
      field: 'the scheme',
      should: 'CKKS or BGV',
      is: 'BFV, whose message stands in the digits that would be lost',
      hint: 'use modswitch, or encode for the smaller ring in the first place',
    });
  }

  /** [t·phase]_Q, t times the distance from the nearest multiple of Δ: must stay below Q/2 (2012/144, lemma 1). */
  override decryptionNoise(phase: RingElement): bigint[] {
    return phase.centred().map((a) => centred(a * this.plainModulus, phase.ring.modulus));
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
 * @throws FheError RANGE unless 2 ≤ plainModulus < Q and it shares no factor with Q.
 */
export function BFVParams(ring: Ring, options: RlweOptions & PlainModulus): BFVParams {
  return new Bfv(ring, options);
}
