/**
 * Rounding, centred residues and exact conversions between bigint fractions and doubles.
 * @module
 */

/** x mod m in [0, m). */
export function mod(x: bigint, m: bigint): bigint {
  const r = x % m;
  return r < 0n ? r + m : r;
}

/** The representative of x mod m that is nearest to 0: in (−m/2, m/2]. */
export function centred(x: bigint, m: bigint): bigint {
  const r = mod(x, m);
  return 2n * r > m ? r - m : r;
}

/** n/d rounded to the nearest integer, halves up. d > 0. */
export function divRound(n: bigint, d: bigint): bigint {
  const doubled = 2n * n + d;
  return (doubled - mod(doubled, 2n * d)) / (2n * d);
}

/** A bigint, or a number without a fraction that a double holds exactly, as a bigint; undefined for all else. */
export function wholeNumber(x: unknown): bigint | undefined {
  if (typeof x === 'bigint') return x;
  return Number.isSafeInteger(x) ? BigInt(x as number) : undefined;
}

export function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** Number of binary digits of |x|; 0 has none. */
export function bitLength(x: bigint): number {
  const hex = abs(x).toString(16);
  return 4 * (hex.length - 1) + (32 - Math.clz32(Number.parseInt(hex[0] ?? '0', 16)));
}

/** log₂ of a positive integer of any size; −∞ for 0. */
export function log2(x: bigint): number {
  const shift = Math.max(0, bitLength(x) - 64); // 64 bits are more than a double keeps
  return Math.log2(Number(x >> BigInt(shift))) + shift;
}

/** Largest absolute value, 0 for an empty list: the ∞-norm of a polynomial. */
export function maxAbs(xs: readonly bigint[]): bigint {
  let largest = 0n;
  for (const x of xs) if (abs(x) > largest) largest = abs(x);
  return largest;
}

/** The double nearest to n/d (ties to even), d > 0; like any double, it may overflow to Infinity. */
export function ratioToNumber(n: bigint, d: bigint): number {
  if (n === 0n) return 0;
  const size = abs(n);
  // Keep 66 or 67 quotient bits: 53 for the double, and a sticky last bit so that Number() rounds as if exact.
  const shift = bitLength(size) - bitLength(d) - 66;
  const [top, bottom] = shift > 0 ? [size, d << BigInt(shift)] : [size << BigInt(-shift), d];
  const quotient = top / bottom;
  const sticky = quotient * bottom === top ? 0n : 1n;
  const half = Math.trunc(shift / 2); // in two steps, since 2 ** shift alone may underflow
  const value = Number(quotient | sticky) * 2 ** half * 2 ** (shift - half);
  return n < 0n ? -value : value;
}

/** x·n/d rounded to the nearest integer, exactly: no double holds an intermediate result. x finite, d > 0. */
export function roundTimesRatio(x: number, n: bigint, d: bigint): bigint {
  const [mantissa, exponent] = splitDouble(x);
  return exponent >= 0
    ? divRound((mantissa * n) << BigInt(exponent), d)
    : divRound(mantissa * n, d << BigInt(-exponent));
}

/** x = mantissa·2^exponent, exactly (IEEE 754 binary64: 1 sign bit, 11 exponent bits, 52 fraction bits). */
function splitDouble(x: number): [mantissa: bigint, exponent: number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n); // biased 0: subnormal, no hidden bit
  const exponent = Math.max(biased, 1) - 1075; // 1075 = bias 1023 + 52 fraction bits
  return [x < 0 ? -mantissa : mantissa, exponent];
}
