/**
 * The distributions that keys and noise are drawn from. Sampling is not constant-time: a toy.
 * @module
 */

import type { RandomSource } from '../backend/random.ts';
import { refused, show } from './checks.ts';
import { bitLength } from './integers.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

/** Draws `count` independent small integers. */
export type Distribution = (count: number, random: RandomSource) => bigint[];

/** σ = 8/√(2π) ≈ 3.19: the error width of the HomomorphicEncryption.org standard (2018). */
export const STANDARD_SIGMA: number = 8 / Math.sqrt(2 * Math.PI);

/**
 * The discrete Gaussian: integer k with probability proportional to exp(−k²/2σ²), cut off at 12σ (the mass beyond,
 * 2·exp(−72) < 2^−102, is below what 53 random bits can see). Inversion of the cumulative table: Peikert, eprint
 * 2010/088.
 * @param sigma 0 (always 0) to 10 000: the table has 24σ entries.
 * @throws FheError RANGE for another sigma.
 */
export function discreteGaussian(sigma: number): Distribution {
  if (!(typeof sigma === 'number' && sigma >= 0 && sigma <= 10_000)) {
    throw refused(
      'RANGE',
      'make parameters',
      'sigma',
      'a number from 0 to 10000',
      show(sigma),
      'leave it out for 3.19',
    );
  }
  const tail = Math.ceil(12 * sigma);
  const cumulative: number[] = [];
  let total = 0;
  for (let k = -tail; k <= tail; k++) {
    total += k === 0 ? 1 : Math.exp(-(k * k) / (2 * sigma * sigma));
    cumulative.push(total);
  }
  return (count, random) =>
    Array.from({ length: count }, () => {
      const target = uniformFraction(random) * total;
      return BigInt(cumulative.findIndex((sum) => target < sum) - tail);
    });
}

/** −1, 0 and 1, equally likely. */
export const ternary: Distribution = (count, random) =>
  Array.from({ length: count }, () => uniformBelow(3n, random) - 1n);

/** A uniform element of the ring: a uniform residue modulo each prime. */
export function uniformElement(ring: Ring, random: RandomSource): RingElement {
  const limbs = ring.primes.map((p) => Array.from({ length: ring.degree }, () => uniformBelow(p, random)));
  return new RingElement(ring, limbs, 'coefficients');
}

/** A uniform integer in [0, bound): as many bits as the bound has, again until they fall below it. */
export function uniformBelow(bound: bigint, random: RandomSource): bigint {
  const bits = bitLength(bound - 1n);
  const words = Math.max(1, Math.ceil(bits / 64));
  const surplus = BigInt(64 * words - bits);
  for (;;) {
    const bytes = random.bytes(8 * words);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let drawn = 0n;
    for (let w = 0; w < words; w++) drawn = (drawn << 64n) | view.getBigUint64(8 * w);
    drawn >>= surplus;
    if (drawn < bound) return drawn;
  }
}

/** A uniform multiple of 2^−53 in [0, 1). */
function uniformFraction(random: RandomSource): number {
  return Number(uniformBelow(1n << 53n, random)) / 2 ** 53;
}
