/**
 * The one guard for arguments: TypeScript refuses most slips, but a REPL or a notebook asks no compiler.
 * @module
 */

import { FheError, type FheErrorCode } from '../backend/errors.ts';
import { describe, inspect } from '../backend/print.ts';
import type { RandomSource } from '../backend/random.ts';

/** A refusal: "cannot `op`: `field` should be `should` but is `is`; `hint`". */
export function refused(
  code: FheErrorCode,
  op: string,
  field: string,
  should: string,
  is: string,
  hint: string,
): FheError {
  return new FheError({ code, op, field, should, is, hint });
}

/** A value of any kind in a few words, for messages: `2`, `missing`, `CKKS galois key (element 25)`. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== 'object' || value === null) return describe(value);
  const print = (value as { [inspect]?: unknown })[inspect];
  // One line is enough to tell a vector or a key from what was wanted.
  return typeof print === 'function' ? String(print.call(value)).split('\n')[0]! : describe(value);
}

/** Any class, abstract or with a private constructor. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- `instanceof` asks for no more than this
type Kind<T> = Function & { readonly prototype: T };

/** @throws FheError `code` (FORMAT unless told) when `value` is no instance of `kind`. */
export function need<T>(
  value: unknown,
  kind: Kind<T>,
  refusal: {
    readonly op: string;
    readonly field: string;
    readonly should: string;
    readonly hint: string;
    readonly code?: FheErrorCode;
  },
): asserts value is T {
  if (value instanceof kind) return;
  const { code = 'FORMAT', op, field, should, hint } = refusal;
  throw refused(code, op, field, should, show(value), hint);
}

/** @throws FheError FORMAT for anything that gives no random bytes. */
export function needRandom(op: string, random: unknown): asserts random is RandomSource {
  if (typeof random === 'object' && random !== null && 'bytes' in random) return;
  const hint = 'leave it out, or take seededRandom';
  throw refused('FORMAT', op, 'the random source', 'one that gives bytes', show(random), hint);
}
