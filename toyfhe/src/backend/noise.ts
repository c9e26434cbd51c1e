/**
 * How much noise CKKS adds, predicted: standard deviations of one coefficient, as integers before the division by the
 * scale. Averages over keys and inputs, not bounds: `largestError` makes a bound of them. For a uniform ternary secret.
 *
 * Fresh and rescaled noise: Cheon, Kim, Kim, Song, "Homomorphic encryption for arithmetic of approximate numbers"
 * (ASIACRYPT 2017, eprint 2016/421), section 3.4, with the variances that Costache, Curtis, Hales, Murphy, Ogilvie and
 * Player put in place of its bounds ("On the precision loss in approximate homomorphic encryption", eprint 2022/162).
 *
 * One rule throughout: a product of two independent polynomials modulo X^N + 1, of variances u and v with mean zero, has
 * N·u·v in each coefficient.
 * @module
 */

/** The error's standard deviation (Homomorphic Encryption Security Standard, 2018, section 2.1.5). */
export const ERROR_SIGMA = 3.2;

/** Of a uniform −1, 0, 1: each coefficient of the secret, and of what hides a public-key encryption. */
const TERNARY_VARIANCE = 2 / 3;

/** Of a number uniform in [−1/2, 1/2]: what rounding to integers adds. */
export const ROUNDING_VARIANCE = 1 / 12;

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
