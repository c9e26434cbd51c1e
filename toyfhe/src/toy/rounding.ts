/**
 * Between complex slots and integer coefficients: the embedding, a scale, and rounding. eprint 2016/421, section 3.2
 * (Ecd, Dcd).
 * @module
 */

import { refused } from './checks.ts';
import { type ComplexSlots, coefficientsOf, slotsOf } from './embedding.ts';
import type { FixedRational } from './fixed-rational.ts';
import { log2, maxAbs, ratioToNumber, roundTimesRatio } from './integers.ts';

/**
 * Ecd: the slots' coefficients times the scale, each rounded exactly to the nearest integer.
 * @throws FheError RANGE when one of them is not below half the modulus: it would come back as another number.
 */
export function roundedCoefficients(slots: ComplexSlots, scale: FixedRational, modulus: bigint): bigint[] {
  const reals = coefficientsOf(slots);
  const bad = reals.find((x) => !Number.isFinite(x));
  if (bad !== undefined) {
    throw refused('RANGE', 'encode', 'every coefficient', 'finite', String(bad), 'use smaller values');
  }
  const rounded = reals.map((x) => roundTimesRatio(x, scale.numerator, scale.denominator));
  const largest = maxAbs(rounded);
  if (2n * largest >= modulus) {
    const should = `below 2^${(log2(modulus) - 1).toFixed(1)}`;
    const hint = 'use smaller values, a smaller scale or more primes';
    throw refused('RANGE', 'encode', 'every coefficient', should, `about 2^${log2(largest).toFixed(1)}`, hint);
  }
  return rounded;
}

/** Dcd: integer coefficients (missing ones are 0) divided by the scale, as slots. */
export function roundedSlots(coefficients: readonly bigint[], scale: FixedRational, degree: number): ComplexSlots {
  const { numerator, denominator } = scale;
  return slotsOf(
    Array.from({ length: degree }, (_, j) => ratioToNumber((coefficients[j] ?? 0n) * denominator, numerator)),
  );
}
