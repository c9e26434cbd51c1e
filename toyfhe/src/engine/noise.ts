/**
 * How much noise the engine's operations add, predicted: standard deviations of one coefficient, as integers before the
 * division by the scale. Averages over keys and inputs, not bounds: `largestError` makes a bound of them.
 *
 * Fresh and rescaled noise: Cheon, Kim, Kim, Song, "Homomorphic encryption for arithmetic of approximate numbers"
 * (ASIACRYPT 2017, eprint 2016/421), section 3.4, with the variances that Costache, Curtis, Hales, Murphy, Ogilvie and
 * Player put in place of its bounds ("On the precision loss in approximate homomorphic encryption", eprint 2022/162).
 * Key switching: derived here for this engine's digits and divisions, which leave their multiples of the modulus in.
 *
 * One rule throughout: a product of two independent polynomials modulo X^N + 1, of variances u and v with mean zero, has
 * N·u·v in each coefficient.
 * @module
 */
import type { Parameters } from '../backend/parameters.ts';
import { digitBounds } from './ring.ts';
import { ERROR_SIGMA } from './sampler.ts';

/** Of a uniform −1, 0, 1: each coefficient of the secret, and of what hides a public-key encryption. */
const TERNARY_VARIANCE = 2 / 3;

/** Of a number uniform in [−1/2, 1/2]: what rounding to integers adds. */
const ROUNDING_VARIANCE = 1 / 12;

/** Independent noises added up. */
export function together(...deviations: readonly number[]): number {
  return Math.hypot(...deviations);
}

/** A plaintext's coefficients are rounded to integers. */
export function encodingNoise(): number {
  return Math.sqrt(ROUNDING_VARIANCE);
}

/** e, the error itself: c₀ = e − c₁·s. */
export function freshSecretNoise(): number {
  return ERROR_SIGMA;
}

/** v·e + e₀ + e₁·s, where e is the public key's error. */
export function freshPublicNoise(ringDegree: number): number {
  return ERROR_SIGMA * Math.sqrt(1 + 2 * ringDegree * TERNARY_VARIANCE);
}

/**
 * Dividing by the last prime rounds each polynomial: u₀ + u₁·s (+ u₂·s²). What was noise before is divided by the prime.
 * The slots of s are nearly normal, so that |s|⁴ has twice the square of the mean of |s|².
 * @param length polynomials of the ciphertext, 2 or 3
 */
export function rescaleNoise(ringDegree: number, length: number = 2): number {
  const s = ringDegree * TERNARY_VARIANCE;
  return Math.sqrt(ROUNDING_VARIANCE * (1 + s + (length === 3 ? 2 * s * s : 0)));
}

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

/**
 * From a coefficient to a slot, a sum of N coefficients times roots of unity: the root of the mean of |error|², √N times as
 * much; of its real part alone √(N/2) times. Divide by the scale to get an error of values.
 */
export function slotNoise(ringDegree: number, deviation: number): number {
  return Math.sqrt(ringDegree) * deviation;
}

/**
 * What no slot's |error| exceeds, except with probability 2^−bits: slots are sums of many independent terms, so |error|² is
 * exponentially distributed around the square of its deviation. Not for a rescale of length 3, whose noise is a multiple of
 * |s|² in each slot and has heavier tails.
 * @param slotDeviation as from `slotNoise`
 */
export function largestError(slots: number, slotDeviation: number, bits: number = 20): number {
  return slotDeviation * Math.sqrt(Math.log(slots) + bits * Math.LN2);
}
