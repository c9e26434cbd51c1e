/**
 * How many digits a list of numbers is written with: the same for all, so that they can stand in columns.
 * @module
 */

/** Digits after the point at most. */
const MOST_DIGITS = 8;
/** Largest absolute values between these are written without exponent. */
const [FIXED_FROM, FIXED_TO] = [1e-4, 1e7];

/**
 * Whole numbers as they are; others with at most eight digits after the point; very large and very small ones with an
 * exponent. What is far below the largest one is then zero.
 */
export function numberFormat(values: ArrayLike<number>): (value: number) => string {
  let largest = 0;
  let whole = true;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (!Number.isFinite(size)) continue;
    if (size > largest) largest = size;
    if (!Number.isInteger(size)) whole = false;
  }
  if (whole && largest <= Number.MAX_SAFE_INTEGER) return (value) => String(value);
  const fixed = largest >= FIXED_FROM && largest < FIXED_TO;
  const digits = neededDigits(values, fixed);
  return (value) => written(value, digits, fixed);
}

function written(value: number, digits: number, fixed: boolean): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0 && !fixed) return '0';
  const text = fixed ? value.toFixed(digits) : value.toExponential(digits).replace('e+', 'e');
  return /^-[0.]+$/.test(text) ? text.slice(1) : text; // a rounded −0 is no news
}

/** Values that are looked at for the number of digits: among many, some need them all. */
const LOOKED_AT = 1000;

/** As few as tell each value exactly: 1.5, but 1.00000000 for what is not quite 1. */
function neededDigits(values: ArrayLike<number>, fixed: boolean): number {
  if (values.length > LOOKED_AT) return MOST_DIGITS;
  let needed = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const text = written(value, MOST_DIGITS, fixed);
    if (Number(text) !== value) return MOST_DIGITS;
    needed = Math.max(needed, /\.(\d*?)0*(?:e.*)?$/.exec(text)?.[1]?.length ?? 0);
  }
  return needed;
}
