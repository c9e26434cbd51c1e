/**
 * The scale of a fixed-point encoding: an exact positive fraction.
 * @module
 */

import { inspect } from '../backend/print.ts';
import { need, refused, show } from './checks.ts';
import { ratioToNumber, wholeNumber } from './integers.ts';

/** An exact positive fraction in lowest terms. Immutable. */
export class Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;

  constructor(numerator: bigint, denominator: bigint) {
    const common = gcd(numerator, denominator);
    this.numerator = numerator / common;
    this.denominator = denominator / common;
  }

  mul(other: FixedRational): FixedRational {
    return new Fraction(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  div(other: FixedRational): FixedRational {
    return new Fraction(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  equals(other: FixedRational): boolean {
    return this.numerator === other.numerator && this.denominator === other.denominator;
  }

  /** The nearest double. */
  toNumber(): number {
    return ratioToNumber(this.numerator, this.denominator);
  }

  /** All digits while it is an integer, and a double such as `1.099511626783e12` once it is not. */
  toString(): string {
    if (this.denominator === 1n) return String(this.numerator);
    const value = this.toNumber();
    return value >= 1e6 ? value.toExponential().replace('e+', 'e') : String(value);
  }

  [inspect](): string {
    return `FixedRational{${this.toString()}}`;
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** See the function of the same name. */
export type FixedRational = Fraction;

/**
 * The exact scale numerator/denominator; `FixedRational(2n ** 40n)` keeps 40 bits after the binary point.
 * It prints as a double once it stops being an integer, but stays exact inside.
 * @throws FheError RANGE unless both are positive integers.
 */
export function FixedRational(numerator: bigint | number, denominator: bigint | number = 1n): FixedRational {
  const [n, d] = [numerator, denominator].map((part) => {
    const whole = wholeNumber(part);
    if (whole !== undefined && whole > 0n) return whole;
    const hint = 'write the scale as a fraction of bigints, e.g. FixedRational(2n ** 40n)';
    throw refused('RANGE', 'make a FixedRational', 'numerator and denominator', 'positive integers', show(part), hint);
  }) as [bigint, bigint];
  return new Fraction(n, d);
}

/** @throws FheError FORMAT for anything but a FixedRational. */
export function needScale(op: string, scale: unknown): asserts scale is FixedRational {
  need(scale, Fraction, {
    op,
    field: 'the scale',
    should: 'a FixedRational',
    hint: 'write e.g. FixedRational(2n ** 40n)',
  });
}
