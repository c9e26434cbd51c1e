import { FheError } from '../backend/index.ts';

/** The error of a linear map whose weights all encode to zero: its result would be readable without a key. */
export function zeroWeights(op: string, what: string): FheError {
  return new FheError({
    code: 'TRANSPARENT',
    op,
    field: `weights of ${what}`,
    should: 'not all zero',
    is: 'zero',
    hint: 'leave the product out: its result is known in the clear',
  });
}
