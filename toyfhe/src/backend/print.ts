/**
 * One-line prints. Node, tslab and the tests all ask an object for this symbol before they print it.
 * @module
 */

/** The hook that `console.log` and `util.inspect` call. */
export const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `12` → `₁₂`. */
export function subscript(n: bigint | number): string {
  return String(n).replace(/\d/g, (d) => SUBSCRIPTS[Number(d)]!);
}

/** `16` → `¹⁶`, `-1` → `⁻¹`. */
export function superscript(n: bigint | number): string {
  return String(n)
    .replace('-', '⁻')
    .replace(/\d/g, (d) => SUPERSCRIPTS[Number(d)]!);
}

/** What a value is, for error messages: `-3`, `"8192" (a string)`, `missing`, `an object (Map)`. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n (a bigint)`;
  if (typeof value === 'string') return `${JSON.stringify(value.slice(0, 40))} (a string)`;
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'without class'})`;
  return `a ${typeof value}`;
}
