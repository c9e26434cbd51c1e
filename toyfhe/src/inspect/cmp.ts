/**
 * `cmp(name, got, want)`: how well two vectors agree, in one line. To be called after every step.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import { inspect } from '../backend/print.ts';

export interface Comparison {
  readonly name: string;
  /** Every value is identical. */
  readonly exact: boolean;
  /** −log₂ of the largest absolute difference: correct bits after the binary point; Infinity where exact. */
  readonly bitsRight: number;
  readonly maxDifference: number;
  /** The largest absolute value wanted: what the difference is to be held against. */
  readonly maxWanted: number;
}

/**
 * Compares value by value.
 * @throws FheError SLOTS where the lengths differ
 */
export function cmp(name: string, got: ArrayLike<number>, want: ArrayLike<number>): Comparison {
  if (got.length !== want.length) {
    throw new FheError({
      code: 'SLOTS',
      op: `compare ${name}`,
      field: 'length',
      should: String(want.length),
      is: String(got.length),
      hint: 'cut both to the values that count',
    });
  }
  let maxDifference = 0;
  let maxWanted = 0;
  for (let i = 0; i < want.length; i++) {
    const difference = Math.abs(got[i]! - want[i]!);
    // NaN compares false with everything: it must not pass for agreement.
    if (!(difference <= maxDifference))
      maxDifference = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    maxWanted = Math.max(maxWanted, Math.abs(want[i]!));
  }
  return comparison(name, maxDifference === 0, maxDifference, maxWanted);
}

/** The comparison of two parts taken together, under the first one's name. */
export function together(a: Comparison, b: Comparison): Comparison {
  const exact = a.exact && b.exact;
  const maxDifference = Math.max(a.maxDifference, b.maxDifference);
  return comparison(a.name, exact, maxDifference, Math.max(a.maxWanted, b.maxWanted));
}

function comparison(name: string, exact: boolean, maxDifference: number, maxWanted: number): Comparison {
  const result: Comparison = { name, exact, bitsRight: -Math.log2(maxDifference), maxDifference, maxWanted };
  return Object.defineProperty(result, inspect, { value: () => describeComparison(result), enumerable: false });
}

/** `conv     14.2 bits right, max difference 5.4e-5 (values up to 12.3)`. */
export function describeComparison({ name, exact, bitsRight, maxDifference, maxWanted }: Comparison): string {
  const values = `(values up to ${maxWanted.toPrecision(3)})`;
  if (exact) return `${name.padEnd(8)} exact ${values}`;
  return `${name.padEnd(8)} ${bitsRight.toFixed(1)} bits right, max difference ${maxDifference.toExponential(1)} ${values}`;
}
