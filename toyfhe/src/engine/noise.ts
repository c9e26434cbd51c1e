/**
 * How much noise the engine's key switching adds, predicted: standard deviations of one coefficient, as in
 * `backend/noise.ts`. Derived here for this engine's digits and divisions, which leave their multiples of the modulus in.
 * @module
 */
import { ERROR_SIGMA, rescaleNoise, ROUNDING_VARIANCE, together } from '../backend/noise.ts';
import type { Parameters } from '../backend/parameters.ts';
import { digitBounds } from './ring.ts';

/**
 * The digits' part of a key switch: Σᵢ dᵢ·eᵢ/P. A digit of α limbs is Dᵢ·Σⱼ yⱼ/qⱼ with yⱼ/qⱼ uniform in [−1/2, 1/2]: of
 * variance α·Dᵢ²/12, because nothing takes the multiples of Dᵢ away.
 * @param level of the ciphertext: digits above it are empty, the last one may be cut off
 */
export function digitNoise(parameters: Parameters, level: number): number {
  const { primes, special, ringDegree } = parameters;
  const log = (list: readonly bigint[]): number => list.reduce((sum, p) => sum + Math.log2(Number(p)), 0);
  const logP = log(special);
  let sum = 0;
  for (const { from, to } of digitBounds(primes, special)) {
    const limbs = primes.slice(from, Math.min(to, level + 1));
    if (limbs.length > 0) sum += limbs.length * ROUNDING_VARIANCE * 4 ** (log(limbs) - logP);
  }
  return ERROR_SIGMA * Math.sqrt(ringDegree * sum);
}

/**
 * Dividing by P: as a rescale by one prime, but the conversion from k special primes leaves up to k/2 multiples of P, a sum
 * of k uniform numbers.
 */
export function modDownNoise(parameters: Parameters): number {
  return Math.sqrt(parameters.special.length) * rescaleNoise(parameters.ringDegree);
}

/** What one rotation, conjugation or relinearization adds. */
export function keySwitchNoise(parameters: Parameters, level: number): number {
  return together(digitNoise(parameters, level), modDownNoise(parameters));
}

/** What a sum of that many rotations adds: one division by P for all of them. */
export function rotateSumNoise(parameters: Parameters, level: number, rotations: number): number {
  return together(Math.sqrt(rotations) * digitNoise(parameters, level), modDownNoise(parameters));
}
