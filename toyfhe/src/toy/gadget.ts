/**
 * Gadget decompositions: a ring element as a sum of digits times fixed weights, with digits so small that noise
 * multiplied by them stays small.
 * @module
 */

import { refused, show } from './checks.ts';
import { bitLength, centred, mod } from './integers.ts';
import type { Ring } from './ring.ts';
import type { RingElement } from './ring-element.ts';

/**
 * x = Σ digits(x)[i]·weights(ring)[i] modulo the ring's Q. The weights of a ring with fewer primes are, modulo those
 * primes, the first of these weights: so one key made at the top serves every level below.
 */
export interface Gadget {
  /** For prints. */
  readonly name: string;
  weights(ring: Ring): readonly bigint[];
  /** Integer polynomials, one for each weight. */
  digits(x: RingElement): bigint[][];
}

/**
 * One digit for each prime: the centred residue, |digit| ≤ q/2, with the idempotents of the Chinese remainder theorem
 * as weights. Bajard–Eynard–Hasan–Zucca, eprint 2016/510.
 */
export const rnsDigits: Gadget = {
  name: 'RNS digits',
  weights: (ring) => ring.idempotents,
  digits: (x) => x.coefficients().map((limb, i) => limb.map((a) => centred(a, x.ring.primes[i]!))),
};

/**
 * Digits of `bits` bits, 0 ≤ digit < 2^bits, with the powers of 2^bits as weights: Brakerski–Gentry–Vaikuntanathan,
 * eprint 2011/277 (BitDecomp, PowersOf2).
 * @throws FheError RANGE unless bits is a whole number from 1 to 128.
 */
export function bitWindows(bits: number): Gadget {
  if (!Number.isInteger(bits) || bits < 1 || bits > 128) {
    const should = 'a whole number of bits from 1 to 128, or 0 for RNS digits';
    const hint = 'small windows mean less noise and larger keys';
    throw refused('RANGE', 'make parameters', 'relinWindow', should, show(bits), hint);
  }
  const shift = BigInt(bits);
  const mask = (1n << shift) - 1n;
  const count = (ring: Ring): number => Math.ceil(bitLength(ring.modulus) / bits);
  return {
    name: `${bits}-bit digits`,
    weights: (ring) => Array.from({ length: count(ring) }, (_, i) => 1n << (shift * BigInt(i))),
    digits: (x) => {
      const residues = x.centred().map((a) => mod(a, x.ring.modulus));
      return Array.from({ length: count(x.ring) }, (_, i) => residues.map((a) => (a >> (shift * BigInt(i))) & mask));
    },
  };
}
