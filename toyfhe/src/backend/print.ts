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
