/**
 * What the shared code knows of a plaintext: it can be read as an integer polynomial, and its encoding can read it back.
 * @module
 */

import type { Ring } from './ring.ts';

/** How values stand in a polynomial, without the values: the part of a plaintext that a ciphertext carries along. */
export interface Encoding<P> {
  /** For prints, e.g. `CKKSEncoding{FixedRational{1099511627776}}`. */
  readonly name: string;
  /** What plaintexts are made of, e.g. `complex numbers` or `integers mod 257`; parameters ask for one kind. */
  readonly space: string;
  /** The factor between values and polynomial, exactly; equal text means equal factor. */
  readonly scaleText: string;
  /** The same in a few characters, for messages. */
  readonly scalePrint: string;
  /** How two ciphertexts with different factors can be brought to one. */
  readonly scaleCure: string;
  /** The plaintext that this integer polynomial (centred coefficients) stands for. */
  decode(coefficients: readonly bigint[], ring: Ring): P;
  /** The encoding of a product. */
  times(other: Encoding<P>): Encoding<P>;
  /** The encoding after the polynomial has been divided by a prime of the modulus. */
  dividedBy(prime: bigint): Encoding<P>;
  /** The encoding after the polynomial has been multiplied by a prime. */
  multipliedBy(prime: bigint): Encoding<P>;
}

/** A plaintext: values in an encoding, bound for a ring. */
export interface Plain {
  readonly encoding: Encoding<Plain>;
  readonly ring: Ring;
  /** The integer polynomial, constant term first; length at most the ring degree. */
  coefficients(): bigint[];
  /** Sets all values to one number. @throws FheError RANGE for one that the encoding cannot hold. */
  fill(value: number): this;
}

/** Whether something can be read as a plaintext. */
export function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  return 'encoding' in value && 'ring' in value && 'coefficients' in value;
}
