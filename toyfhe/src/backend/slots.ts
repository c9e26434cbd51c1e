/**
 * Vectors of complex numbers, one per slot: what a ciphertext stands for, computed on in the clear.
 * @module
 */
import { FheError } from './errors.ts';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** `slots` complex numbers, real and imaginary parts apart. */
export interface Slots {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** What a user may encode: one number for every slot, or up to `slots` of them (the rest are zero). */
export type Values = number | Complex | ArrayLike<number> | ArrayLike<Complex> | Slots;

export function zeroSlots(n: number): Slots {
  return { re: new Float64Array(n), im: new Float64Array(n) };
}

/**
 * Reads user input into `n` slots.
 * @throws FheError SLOTS for an empty vector or more than n values, RANGE for NaN and ±Infinity.
 */
export function toSlots(op: string, values: Values, n: number): Slots {
  const out = zeroSlots(n);
  if (typeof values === 'number') out.re.fill(values);
  else if ('length' in values) {
    checkLength(op, values.length, n);
    for (let i = 0; i < values.length; i++) {
      const v = values[i]!;
      out.re[i] = typeof v === 'number' ? v : v.re;
      out.im[i] = typeof v === 'number' ? 0 : v.im;
    }
  } else if (typeof values.re === 'number') {
    out.re.fill(values.re);
    out.im.fill((values as Complex).im);
  } else {
    const { re, im } = values as Slots;
    checkLength(op, re.length, n);
    if (im.length !== re.length) {
      throw new FheError({
        code: 'SLOTS',
        op,
        field: 'number of imaginary parts',
        should: String(re.length),
        is: String(im.length),
        hint: 'give as many imaginary parts as real parts',
      });
    }
    out.re.set(re);
    out.im.set(im);
  }
  checkFinite(op, out.re);
  checkFinite(op, out.im);
  return out;
}

function checkLength(op: string, length: number, n: number): void {
  if (length >= 1 && length <= n) return;
  throw new FheError({
    code: 'SLOTS',
    op,
    field: 'number of values',
    should: `1 to ${n}`,
    is: String(length),
    hint:
      length === 0 ? 'give at least one value' : 'split the vector, or take a larger ring degree (slots = degree / 2)',
  });
}

function checkFinite(op: string, values: Float64Array): void {
  const at = values.findIndex((v) => !Number.isFinite(v));
  if (at < 0) return;
  throw new FheError({
    code: 'RANGE',
    op,
    field: `value ${at}`,
    should: 'a finite number',
    is: String(values[at]),
    hint: 'look for a division by zero or a missing value where the vector comes from',
  });
}

/** The largest absolute value of any slot; NaN where a slot is. */
export function maxAbs({ re, im }: Slots): number {
  // Squares first, one root at the end: Math.hypot is ten times slower, and the twin comes here after every operation.
  let max = 0;
  for (let i = 0; i < re.length; i++) {
    const square = re[i]! * re[i]! + im[i]! * im[i]!;
    if (square > max) max = square;
    else if (Number.isNaN(square)) return Number.NaN; // it compares false with everything, and must not go unseen
  }
  return Math.sqrt(max);
}

/** The largest distance |aᵢ − bᵢ|. */
export function maxDifference(a: Slots, b: Slots): number {
  return maxAbs(subSlots(a, b));
}

export function addSlots(a: Slots, b: Slots): Slots {
  return { re: a.re.map((x, i) => x + b.re[i]!), im: a.im.map((y, i) => y + b.im[i]!) };
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
