/**
 * Residue by residue: sums, products with variables and with constants. n is a multiple of 2; operands may be the
 * destination. Residues in: |x| ≤ 3/4·p. Residues out: |x| ≤ 3/4·p, which is what every kernel takes.
 */
import { load, mulConst, mulMod, reduce, rounding } from './fma';

/** d = a + b. |a + b| ≤ 3/2·p, reduced: |d| ≤ p/2 + 1. */
export function add(d: usize, a: usize, b: usize, n: u32, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16, b += 16, d += 16) v128.store(d, reduce(f64x2.add(load(a), load(b)), p, pinv, r));
}

/** d = a − b. */
export function sub(d: usize, a: usize, b: usize, n: u32, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16, b += 16, d += 16) v128.store(d, reduce(f64x2.sub(load(a), load(b)), p, pinv, r));
}

/** d = −a. */
export function neg(d: usize, a: usize, n: u32): void {
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16, d += 16) v128.store(d, f64x2.neg(load(a)));
}

/** d = a + c for a constant |c| ≤ p/2: a constant polynomial has the same value everywhere. */
export function addConst(d: usize, a: usize, n: u32, c: f64, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const cc = f64x2.splat(c);
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16, d += 16) v128.store(d, reduce(f64x2.add(load(a), cc), p, pinv, r));
}

/** d = a·w for a constant |w| ≤ p/2. In: |a| ≤ 2·p. */
export function scale(d: usize, a: usize, n: u32, w: f64, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const r = rounding();
  const ww = f64x2.splat(w);
  const q = f64x2.splat(w * inverse);
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16, d += 16) v128.store(d, mulConst(load(a), ww, q, p, r));
}

/** d = (a − b)·w for a constant |w| ≤ p/2. In: |a − b| ≤ 2^50, residues of whatever prime. Out: |d| ≤ 3/4·p. */
export function subScale(d: usize, a: usize, b: usize, n: u32, w: f64, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const r = rounding();
  const ww = f64x2.splat(w);
  const q = f64x2.splat(w * inverse);
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16, b += 16, d += 16) v128.store(d, mulConst(f64x2.sub(load(a), load(b)), ww, q, p, r));
}

/** d = x mod p for integers |x| < 2^53 with |x/p| < 2^51. */
export function reduceAll(d: usize, x: usize, n: u32, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const end = x + (<usize>n << 3);
  for (; x < end; x += 16, d += 16) v128.store(d, reduce(load(x), p, pinv, r));
}

/** d = a·b. |a·b/p| ≤ 9/16·p < 2^50, so |d| ≤ 0.71·p (see `mulMod`). */
export function mul(d: usize, a: usize, b: usize, n: u32, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16, b += 16, d += 16) v128.store(d, mulMod(load(a), load(b), p, pinv, r));
}

/** d = c + a·b. |c + a·b| ≤ 3/2·p before its reduction. */
export function mulAdd(d: usize, c: usize, a: usize, b: usize, n: u32, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16, b += 16, c += 16, d += 16) {
    v128.store(d, reduce(f64x2.add(load(c), mulMod(load(a), load(b), p, pinv, r)), p, pinv, r));
  }
}

/** The product of two ciphertexts: (d0, d1, d2) = (a0·b0, a0·b1 + a1·b0, a1·b1). */
export function tensor(
  d0: usize,
  d1: usize,
  d2: usize,
  a0: usize,
  a1: usize,
  b0: usize,
  b1: usize,
  n: u32,
  prime: f64,
  inverse: f64,
): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x0 = load(a0 + i);
    const x1 = load(a1 + i);
    const y0 = load(b0 + i);
    const y1 = load(b1 + i);
    v128.store(d0 + i, mulMod(x0, y0, p, pinv, r));
    v128.store(d2 + i, mulMod(x1, y1, p, pinv, r));
    v128.store(d1 + i, reduce(f64x2.add(mulMod(x0, y1, p, pinv, r), mulMod(x1, y0, p, pinv, r)), p, pinv, r));
  }
}

/** The square of a ciphertext: (d0, d1, d2) = (a0², 2·a0·a1, a1²). */
export function square(
  d0: usize,
  d1: usize,
  d2: usize,
  a0: usize,
  a1: usize,
  n: u32,
  prime: f64,
  inverse: f64,
): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x0 = load(a0 + i);
    const x1 = load(a1 + i);
    const cross = mulMod(x0, x1, p, pinv, r);
    v128.store(d0 + i, mulMod(x0, x0, p, pinv, r));
    v128.store(d2 + i, mulMod(x1, x1, p, pinv, r));
    v128.store(d1 + i, reduce(f64x2.add(cross, cross), p, pinv, r));
  }
}

/** 1 where some value is not zero. */
export function anyNonZero(a: usize, n: u32): u32 {
  const zero = f64x2.splat(0);
  const end = a + (<usize>n << 3);
  for (; a < end; a += 16) if (v128.any_true(f64x2.ne(load(a), zero))) return 1;
  return 0;
}

/**
 * d = d·p + x in ordinary doubles, rounded: one step from digits to numbers (no residues any more). Relative error 2^-52
 * a step.
 */
export function horner(d: usize, x: usize, n: u32, prime: f64): void {
  const p = f64x2.splat(prime);
  const end = d + (<usize>n << 3);
  for (; d < end; d += 16, x += 16) v128.store(d, f64x2.add(f64x2.mul(load(d), p), load(x)));
}
