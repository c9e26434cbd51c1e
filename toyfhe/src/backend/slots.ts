/**
 * Vectors of complex numbers, one per slot: what a ciphertext stands for, computed on in the clear.
 * @module
 */
import { FheError, type FheErrorCode } from './errors.ts';
import { describe } from './print.ts';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** `slots` complex numbers, real and imaginary parts apart. */
export interface Slots {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** What a user may encode: one number for every slot, or up to `slots` of them (the rest are zero, or repeat them). */
export type Values = number | Complex | ArrayLike<number> | ArrayLike<Complex> | Slots;

export function zeroSlots(n: number): Slots {
  return { re: new Float64Array(n), im: new Float64Array(n) };
}

/**
 * Reads user input into `n` slots; what is left over is zero, or repeats the values.
 * @throws FheError SLOTS for an empty vector, more than n values or a number of them to repeat that does not divide n;
 *   RANGE for NaN, ±Infinity and what is not a number.
 */
export function toSlots(op: string, values: Values, n: number, repeat: boolean = false): Slots {
  const out = zeroSlots(n);
  if (isComplex(values)) {
    const { re, im } = complex(op, 'value', values);
    out.re.fill(re);
    out.im.fill(im);
  } else if (isList(values)) {
    checkLength(op, values.length, n, repeat);
    for (let i = 0; i < values.length; i++) {
      const { re, im } = complex(op, `value ${i}`, values[i]);
      out.re[i] = re;
      out.im[i] = im;
    }
    if (repeat) repeatFirst(out, values.length);
  } else if (isSlots(values)) {
    const { re, im } = values;
    checkLength(op, re.length, n, repeat);
    if (im.length !== re.length) {
      const hint = 'give as many imaginary parts as real parts';
      throw refused('SLOTS', op, 'number of imaginary parts', String(re.length), String(im.length), hint);
    }
    for (let i = 0; i < re.length; i++) {
      out.re[i] = finite(op, `value ${i}`, re[i]);
      out.im[i] = finite(op, `value ${i}`, im[i]);
    }
    if (repeat) repeatFirst(out, re.length);
  } else {
    const should = 'a number, a list of numbers or of { re, im }, or { re: Float64Array, im: Float64Array }';
    throw refused('RANGE', op, 'values', should, describe(values), 'for example encode([1, 2, 3])');
  }
  return out;
}

function isComplex(values: unknown): values is number | Complex {
  if (typeof values === 'number') return true;
  return typeof values === 'object' && values !== null && 're' in values && typeof values.re === 'number';
}

function isList(values: unknown): values is ArrayLike<unknown> {
  return Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
}

function isSlots(values: unknown): values is Slots {
  return (
    typeof values === 'object' &&
    values !== null &&
    're' in values &&
    'im' in values &&
    isList(values.re) &&
    isList(values.im)
  );
}

function complex(op: string, field: string, value: unknown): Complex {
  if (typeof value === 'object' && value !== null && 're' in value && 'im' in value) {
    return { re: finite(op, field, value.re), im: finite(op, field, value.im) };
  }
  return { re: finite(op, field, value), im: 0 };
}

function finite(op: string, field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const hint =
    typeof value === 'number'
      ? 'look for a division by zero or a missing value where it comes from'
      : 'give numbers, or complex numbers as { re, im }';
  throw refused('RANGE', op, field, 'a finite number', describe(value), hint);
}

/** Fills all slots with the first `length` of them, again and again. */
function repeatFirst({ re, im }: Slots, length: number): void {
  for (let i = length; i < re.length; i++) {
    re[i] = re[i - length]!;
    im[i] = im[i - length]!;
  }
}

function checkLength(op: string, length: number, n: number, repeat: boolean): void {
  if (length >= 1 && length <= n) {
    if (!repeat || n % length === 0) return;
    const hint = 'pad the values with zeros to a power of two, or leave repeat out';
    throw refused('SLOTS', op, 'number of values to repeat', `a divisor of ${n}`, String(length), hint);
  }
  const hint =
    length === 0 ? 'give at least one value' : 'split the vector, or take a larger ring degree (slots = degree / 2)';
  throw refused('SLOTS', op, 'number of values', `1 to ${n}`, String(length), hint);
}

function refused(code: FheErrorCode, op: string, field: string, should: string, is: string, hint: string): FheError {
  return new FheError({ code, op, field, should, is, hint });
}

/** The largest absolute value of any slot; NaN where a slot is. */
export function maxAbs({ re, im }: Slots): number {
  // The largest component first: divided by it, no square overflows or vanishes. (Math.hypot is ten times slower.)
  let largest = 0;
  for (const part of [re, im]) {
    for (const x of part) {
      if (Math.abs(x) > largest) largest = Math.abs(x);
      else if (Number.isNaN(x)) return Number.NaN; // it compares false with everything, and must not go unseen
    }
  }
  if (largest === 0 || largest === Number.POSITIVE_INFINITY) return largest;
  let max = 0;
  for (let i = 0; i < re.length; i++) {
    const [x, y] = [re[i]! / largest, im[i]! / largest];
    const square = x * x + y * y;
    if (square > max) max = square;
  }
  return largest * Math.sqrt(max);
}

/** The largest distance |aᵢ − bᵢ|. */
export function maxDifference(a: Slots, b: Slots): number {
  return maxAbs(subSlots(a, b));
}

export function addSlots(a: Slots, b: Slots): Slots {
  return { re: a.re.map((x, i) => x + b.re[i]!), im: a.im.map((y, i) => y + b.im[i]!) };
}

/** The sum of one vector or more. */
export function sumSlots(terms: readonly Slots[]): Slots {
  return terms.reduce((sum, term) => addSlots(sum, term));
}

export function subSlots(a: Slots, b: Slots): Slots {
  return { re: a.re.map((x, i) => x - b.re[i]!), im: a.im.map((y, i) => y - b.im[i]!) };
}

export function negSlots(a: Slots): Slots {
  return { re: a.re.map((x) => -x), im: a.im.map((y) => -y) };
}

export function mulSlots(a: Slots, b: Slots): Slots {
  return {
    re: a.re.map((x, i) => x * b.re[i]! - a.im[i]! * b.im[i]!),
    im: a.re.map((x, i) => x * b.im[i]! + a.im[i]! * b.re[i]!),
  };
}

export function conjugateSlots(a: Slots): Slots {
  return { re: a.re.slice(), im: a.im.map((y) => -y) };
}

/** Moves slot i to slot i + steps (right for positive steps), around the end. */
export function rotateSlots(a: Slots, steps: number): Slots {
  return { re: rotateVector(a.re, steps), im: rotateVector(a.im, steps) };
}

function rotateVector(v: Float64Array, steps: number): Float64Array {
  const n = v.length;
  const shift = ((steps % n) + n) % n;
  const out = new Float64Array(n);
  out.set(v.subarray(0, n - shift), shift);
  out.set(v.subarray(n - shift), 0);
  return out;
}
