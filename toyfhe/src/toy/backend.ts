/**
 * The toy behind the contract that all backends meet, so that a program can run on readable code. Small rings only,
 * and never secure: write `insecure: true`.
 * @module
 */

import { CheckedBackend } from '../backend/checked.ts';
import type { Backend } from '../backend/contract.ts';
import { FheError } from '../backend/errors.ts';
import { asParameters, type Parameters, type ParameterSpec } from '../backend/parameters.ts';
import { type RandomSource, systemRandom } from '../backend/random.ts';
import { ToyArithmetic } from './arithmetic.ts';

/** The embedding is a d × d/2 table and every product BigInt: above this a single operation takes seconds. */
const LARGEST_DEGREE = 1024;

/**
 * CKKS on the readable ring: up to degree 1024, at most one special prime.
 * @param random where keys and noise come from; the operating system unless a test or a repeatable lesson gives a seed
 * @throws FheError RANGE, INSECURE (see `parameters`).
 */
export function toy(spec: ParameterSpec | Parameters, random: RandomSource = systemRandom): Backend {
  const params = asParameters(spec);
  const refuse = (field: string, should: string, is: number, hint: string): never => {
    throw new FheError({
      code: 'RANGE',
      op: 'make parameters for the toy',
      field,
      should,
      is: String(is),
      hint,
    });
  };
  if (!params.insecure) {
    throw new FheError({
      code: 'INSECURE',
      op: 'make parameters for the toy',
      field: 'insecure',
      should: 'true, because the toy is never secure',
      is: 'not written out',
      hint: 'write insecure: true, or take another backend',
    });
  }
  if (params.ringDegree > LARGEST_DEGREE) {
    refuse('ringDegree', `at most ${LARGEST_DEGREE}`, params.ringDegree, 'take the seal backend for larger rings');
  }
  if (params.special.length > 1) refuse('special primes', 'at most one', params.special.length, 'leave the others out');
  return new CheckedBackend(new ToyArithmetic(params, random));
}
