/**
 * Vectors of slots as figures take them, and their real parts.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { describe } from '../../backend/print.ts';
import { drawn } from './figure.ts';

/** Numbers, or complex numbers, of which the real parts count; as `decode`, `decodeComplex` and the toy's plaintexts give them. */
export type SlotValues =
  | Iterable<number | bigint | { readonly re: number }>
  | { readonly re: Iterable<number>; readonly im: Iterable<number> };

/**
 * What is not finite becomes null.
 * @param what of the message: `the values`
 * @param hint of the message: how to call the figure
 * @throws FheError SLOTS for no values, RANGE for what holds none
 */
export function realParts(values: SlotValues, what: string, hint: string): (number | null)[] {
  const list = 're' in Object(values) ? (values as { readonly re: Iterable<number> }).re : values;
  const refuse = (code: 'SLOTS' | 'RANGE', field: string, should: string, is: string): FheError =>
    new FheError({ code, op: 'draw slots', field, should, is, hint });
  if (typeof (list as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function' || typeof list === 'string') {
    throw refuse('RANGE', what, 'a list of numbers', describe(values));
  }
  const parts = [...(list as Iterable<number | bigint | { readonly re: number }>)].map((value) => {
    const re = typeof value === 'object' && value !== null ? value.re : value;
    if (typeof re === 'number' || typeof re === 'bigint') return drawn(Number(re));
    throw refuse('RANGE', `each of ${what}`, 'a number, or { re, im }', describe(value));
  });
  if (parts.length === 0) throw refuse('SLOTS', `the number of ${what.replace(/^the /, '')}`, 'at least 1', '0');
  return parts;
}
