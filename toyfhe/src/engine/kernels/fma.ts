/**
 * The one operation under every kernel: multiply and add with a single rounding, two doubles at a time.
 *
 * Residues are integers held in doubles. A product a·b of two 50-bit integers has 100 bits, of which a double keeps 53;
 * the fused c − a·b hands out the rest, because what remains after the subtraction is a small integer and exact.
 *
 * This file is compiled twice. FUSED = 1 uses the relaxed SIMD instructions, which fuse on every processor with FMA (a
 * start-up check proves it). FUSED = 0 splits the product in software (Dekker 1971) and needs plain SIMD only.
 */

/** Set by the compiler's `--use FUSED=…`. */
// @ts-ignore: an integer constant of the command line
export const FUSED: i32 = FUSED_FMA;

// @ts-ignore: decorator
@inline
export function load(address: usize): v128 {
  return v128.load(address);
}

// @ts-ignore: decorator
@inline
export function loadSplat(address: usize): v128 {
  return v128.load64_splat(address);
}

/** A 32-bit address out of a table. */
// @ts-ignore: decorator
@inline
export function address(at: usize): usize {
  return <usize>i32.load(at);
}

/** 2^27 + 1: Veltkamp's constant, which splits 53 bits into two halves of 26 whose products are exact. */
// @ts-ignore: decorator
@inline
const SPLIT: f64 = 134217729.0;

/** The exact error a·b − fl(a·b) (Dekker, "A floating-point technique for extending the available precision", 1971). */
// @ts-ignore: decorator
@inline
function productError(a: v128, b: v128, product: v128): v128 {
  const s = f64x2.splat(SPLIT);
  const ca = f64x2.mul(a, s);
  const ah = f64x2.sub(ca, f64x2.sub(ca, a));
  const al = f64x2.sub(a, ah);
  const cb = f64x2.mul(b, s);
  const bh = f64x2.sub(cb, f64x2.sub(cb, b));
  const bl = f64x2.sub(b, bh);
  const e1 = f64x2.sub(f64x2.mul(ah, bh), product);
  const e2 = f64x2.add(e1, f64x2.mul(ah, bl));
  const e3 = f64x2.add(e2, f64x2.mul(al, bh));
  return f64x2.add(e3, f64x2.mul(al, bl));
}

/**
 * c − a·b, exact wherever the result is an integer below 2^53 and c − fl(a·b) is exact, which holds for c near a·b.
 * Fused: one rounding, of an integer that needs none. Software: (c − fl(ab)) − error, both differences exact.
 */
// @ts-ignore: decorator
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (FUSED) return f64x2.relaxed_nmadd(a, b, c);
  const product = f64x2.mul(a, b);
  return f64x2.sub(f64x2.sub(c, product), productError(a, b, product));
}

/** a·b + c to within a unit in the last place: one rounding where fused, two in software. Never relied on to be exact. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (FUSED) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/**
 * 1 where this build's c − a·b is exact. Called with a = 1 + 2^-30, whose square needs 61 bits: what a double loses of it
 * is 2^-60, and an unfused difference would be zero. (The argument comes from outside so that no compiler folds it.)
 */
export function isExact(a: f64): i32 {
  const x = f64x2.splat(a);
  const low = nmadd(x, x, f64x2.mul(x, x));
  return i32(f64x2.extract_lane(low, 0) == -(2.0 ** -60)) & i32(f64x2.extract_lane(low, 1) == -(2.0 ** -60));
}

/**
 * 1.5·2^52: x + rounder has no room for a fraction, so (x + rounder) − rounder is x rounded to the nearest integer, for
 * |x| < 2^51. Two cheap instructions where `nearest` takes more (measured on Intel: 17 % of a transform). An exported
 * variable, because as a constant it would be loaded anew at each use; a loop takes `rounding()` once.
 */
export let rounder: f64 = 6755399441055744.0;

// @ts-ignore: decorator
@inline
export function rounding(): v128 {
  return f64x2.splat(rounder);
}

/**
 * y·w mod p for a constant |w| ≤ p/2 with its quotient wp = fl(w·fl(1/p)).
 * In: |y| < 2^52. Out: |r| ≤ p·(1/2 + |y|·3·2^-55), and in software 1/8 more: 3/4·p for |y| ≤ 2^50, p for |y| < 2^52.
 * Proof: fl(1/p) is off by a factor of 1 ± 2^-53 and w/p, at most 1/2, rounds by 2^-55: wp misses w/p by 3·2^-55. y·wp, below
 * 2^51, is rounded to an integer once where fused, and by at most 1/8 before that in software. So q misses y·w/p by no more
 * than that sum. Both nmadd yield integers: fl(y·w) − q·p and fl(y·w) − y·w.
 */
// @ts-ignore: decorator
@inline
export function mulConst(y: v128, w: v128, wp: v128, p: v128, r: v128 = rounding()): v128 {
  const h = f64x2.mul(y, w);
  const q = f64x2.sub(madd(y, wp, r), r);
  return f64x2.sub(nmadd(q, p, h), nmadd(y, w, h));
}

/** a·b mod p. In: |a·b/p| < 2^50. Out: |r| ≤ p·(1/2 + |a·b/p|·3·2^-53): 0.72·p for |a|, |b| ≤ 3/4·p, p < 2^50. */
// @ts-ignore: decorator
@inline
export function mulMod(a: v128, b: v128, p: v128, pinv: v128, r: v128 = rounding()): v128 {
  const h = f64x2.mul(a, b);
  const q = f64x2.sub(madd(h, pinv, r), r);
  return f64x2.sub(nmadd(q, p, h), nmadd(a, b, h));
}

/**
 * x mod p, centred. In: |x| < 2^53 and |x/p| < 2^51. Out: an integer, |r| ≤ p/2 + |x|·2^-52: at most one above (p − 1)/2
 * for |x| ≤ 2^52.
 */
// @ts-ignore: decorator
@inline
export function reduce(x: v128, p: v128, pinv: v128, r: v128 = rounding()): v128 {
  return nmadd(f64x2.sub(madd(x, pinv, r), r), p, x);
}
