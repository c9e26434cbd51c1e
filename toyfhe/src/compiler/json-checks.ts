/**
 * Checks of parsed JSON, put together like the types they stand for. Only fields of an object's own count: JSON may hold any
 * name, `__proto__` and `constructor` too.
 * @module
 */
import { FheError } from '../backend/index.ts';

/** @throws FheError FORMAT for a value that is none, with its place */
export type Check = (value: unknown, at: string) => void;

/** The one refusal of a plan, whatever is wrong with it. */
export function refusePlan(field: string, should: string, is: string, cause?: unknown): never {
  const hint = 'make the plan anew with plan(program)';
  throw new FheError({ code: 'FORMAT', op: 'read a plan', field, should, is, hint, cause });
}

export const exactly =
  (wanted: string | number): Check =>
  (value, at) => {
    if (value !== wanted) refusePlan(at.replace('plan.', ''), String(wanted), shown(value));
  };
export const oneOf =
  (...wanted: readonly (string | number)[]): Check =>
  (value, at) => {
    if (!wanted.includes(value as string)) refusePlan(at, `one of ${wanted.join(', ')}`, shown(value));
  };
export const integerFrom =
  (least: number): Check =>
  (value, at) => {
    if (!Number.isSafeInteger(value) || (value as number) < least)
      refusePlan(at, `an integer${least === Number.MIN_SAFE_INTEGER ? '' : ` ≥ ${least}`}`, shown(value));
  };
export const integer = integerFrom(0);
export const positive = integerFrom(1);
export const signed = integerFrom(Number.MIN_SAFE_INTEGER);
export const number: Check = (value, at) => {
  if (!Number.isFinite(value)) refusePlan(at, 'a number', shown(value));
};
export const size: Check = (value, at) => {
  if (!Number.isFinite(value) || (value as number) < 0) refusePlan(at, 'a number ≥ 0', shown(value));
};
export const text: Check = (value, at) => {
  if (typeof value !== 'string') refusePlan(at, 'a string', shown(value));
};
export const flag: Check = (value, at) => {
  if (typeof value !== 'boolean') refusePlan(at, 'true or false', shown(value));
};
export const optional =
  (check: Check): Check =>
  (value, at) => {
    if (value !== undefined) check(value, at);
  };
export const list =
  (check: Check, length?: number): Check =>
  (value, at) => {
    if (!Array.isArray(value)) refusePlan(at, 'a list', shown(value));
    if (length !== undefined && value.length !== length) refusePlan(at, `${length} entries`, String(value.length));
    value.forEach((entry, i) => check(entry, `${at}[${i}]`));
  };
export const upTo =
  (most: number, check: Check): Check =>
  (value, at) => {
    if (Array.isArray(value) && value.length > most) refusePlan(at, `at most ${most} entries`, String(value.length));
    list(check)(value, at);
  };
export const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) refusePlan(at, 'an object', shown(value));
    for (const [name, check] of Object.entries(checks)) check(own(value, name), `${at}.${name}`);
  };
export const record =
  (check: Check): Check =>
  (value, at) => {
    fields({})(value, at);
    for (const [name, entry] of Object.entries(value as object)) check(entry, `${at}.${name}`);
  };

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Never calls what an object brings along: JSON can hold a `toString` that is none. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}
