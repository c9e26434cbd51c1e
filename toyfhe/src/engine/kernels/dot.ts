/**
 * Sums of products modulo p without a reduction in each term.
 *
 * The magic accumulator holds Σ aᵢ·bᵢ as t + lo: t starts at M = 1.5·2^e, so that t always lies in [2^e, 2^(e+1)) and is
 * rounded to multiples of u = 2^(e−52), and lo collects what the roundings lose, exactly:
 *   next = fl(t + a·b);  lo += a·b − (next − t);  t = next.
 * next − t is exact (both are multiples of u, close together); |a·b − (next − t)| is an integer, at most u/2 where fused
 * and 3/4·u where the product is rounded first. So it is exact while Σ|aᵢ·bᵢ| < 2^(e−1) and terms·3/4·u + 2·p ≤ 2^53: that
 * many terms at a time, then a reduction whose result starts the next lo. `magicAccumulator` (../moduli.ts) chooses e and terms.
 */
import { address, load, loadSplat, madd, nmadd, reduce, rounding } from './fma';

/**
 * (t − M) + lo mod p. Out: |r| ≤ p·(1/2 + 3·2^-53·|Σ/p|): at most 3/4·p for an accumulator that is not `wide`, and 1.8·p at
 * 50 bits. Where wide, q can exceed 2^51, where `rounding` would fail: hence `nearest`.
 */
// @ts-ignore: decorator
@inline
export function fold(t: v128, lo: v128, magic: v128, p: v128, pinv: v128, r: v128, wide: u32): v128 {
  const high = f64x2.sub(t, magic);
  const sum = f64x2.add(high, lo);
  if (!wide) return f64x2.add(nmadd(f64x2.sub(madd(sum, pinv, r), r), p, high), lo);
  const q = f64x2.nearest(f64x2.mul(sum, pinv));
  return reduce(f64x2.add(nmadd(q, p, high), lo), p, pinv, r);
}

/**
 * Two inner products with a common factor: d0 = Σ yᵢ·gᵢ, d1 = Σ yᵢ·hᵢ.
 * `table`: `count` triples of u32 addresses (y, g, h). `terms` ≥ 1 products at a time, with their `magic` = 1.5·2^e.
 * In: |g|, |h| ≤ 3/4·p, and |y| ≤ 3/4·p or what a raw transform leaves (`makeModulus` counts with it). Out: |d| ≤ 3/4·p, by
 * one more reduction where `wide`. n a multiple of 4.
 */
export function dot(
  d0: usize,
  d1: usize,
  table: usize,
  count: u32,
  n: u32,
  prime: f64,
  inverse: f64,
  magic: f64,
  terms: u32,
  wide: u32,
): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const M = f64x2.splat(magic);
  const r = rounding();
  const bytes = <usize>n << 3;
  const stop = table + <usize>count * 12;
  for (let a: usize = 0; a < bytes; a += 32) {
    let t0 = M;
    let t1 = M;
    let T0 = M;
    let T1 = M;
    let l0 = f64x2.splat(0);
    let l1 = l0;
    let L0 = l0;
    let L1 = l0;
    let row = table;
    while (true) {
      const end = min(stop, row + <usize>terms * 12);
      for (; row < end; row += 12) {
        const y = address(row) + a;
        const g = address(row + 4) + a;
        const h = address(row + 8) + a;
        const y0 = load(y);
        const g0 = load(g);
        const n0 = madd(y0, g0, t0);
        l0 = f64x2.sub(l0, nmadd(y0, g0, f64x2.sub(n0, t0)));
        t0 = n0;
        const h0 = load(h);
        const N0 = madd(y0, h0, T0);
        L0 = f64x2.sub(L0, nmadd(y0, h0, f64x2.sub(N0, T0)));
        T0 = N0;
        const y1 = load(y + 16);
        const g1 = load(g + 16);
        const n1 = madd(y1, g1, t1);
        l1 = f64x2.sub(l1, nmadd(y1, g1, f64x2.sub(n1, t1)));
        t1 = n1;
        const h1 = load(h + 16);
        const N1 = madd(y1, h1, T1);
        L1 = f64x2.sub(L1, nmadd(y1, h1, f64x2.sub(N1, T1)));
        T1 = N1;
      }
      l0 = fold(t0, l0, M, p, pinv, r, wide);
      l1 = fold(t1, l1, M, p, pinv, r, wide);
      L0 = fold(T0, L0, M, p, pinv, r, wide);
      L1 = fold(T1, L1, M, p, pinv, r, wide);
      if (row >= stop) break;
      t0 = M;
      t1 = M;
      T0 = M;
      T1 = M;
    }
    v128.store(d0 + a, l0);
    v128.store(d0 + a + 16, l1);
    v128.store(d1 + a, L0);
    v128.store(d1 + a + 16, L1);
  }
}

/**
 * d = Σ wᵢ·yᵢ with constants: `table` holds `count` u32 addresses, `weights` as many doubles |w| ≤ p/2.
 * In: |y| ≤ 3/4·p. Out: |d| ≤ 3/4·p. n a multiple of 8.
 */
export function dotConst(
  d: usize,
  table: usize,
  weights: usize,
  count: u32,
  n: u32,
  prime: f64,
  inverse: f64,
  magic: f64,
  terms: u32,
  wide: u32,
): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const M = f64x2.splat(magic);
  const r = rounding();
  const bytes = <usize>n << 3;
  const stop = table + (<usize>count << 2);
  for (let a: usize = 0; a < bytes; a += 64) {
    let t0 = M;
    let t1 = M;
    let t2 = M;
    let t3 = M;
    let l0 = f64x2.splat(0);
    let l1 = l0;
    let l2 = l0;
    let l3 = l0;
    let row = table;
    let weight = weights;
    while (true) {
      const end = min(stop, row + (<usize>terms << 2));
      for (; row < end; row += 4, weight += 8) {
        const y = address(row) + a;
        const w = loadSplat(weight);
        const y0 = load(y);
        const n0 = madd(y0, w, t0);
        l0 = f64x2.sub(l0, nmadd(y0, w, f64x2.sub(n0, t0)));
        t0 = n0;
        const y1 = load(y + 16);
        const n1 = madd(y1, w, t1);
        l1 = f64x2.sub(l1, nmadd(y1, w, f64x2.sub(n1, t1)));
        t1 = n1;
        const y2 = load(y + 32);
        const n2 = madd(y2, w, t2);
        l2 = f64x2.sub(l2, nmadd(y2, w, f64x2.sub(n2, t2)));
        t2 = n2;
        const y3 = load(y + 48);
        const n3 = madd(y3, w, t3);
        l3 = f64x2.sub(l3, nmadd(y3, w, f64x2.sub(n3, t3)));
        t3 = n3;
      }
      l0 = fold(t0, l0, M, p, pinv, r, wide);
      l1 = fold(t1, l1, M, p, pinv, r, wide);
      l2 = fold(t2, l2, M, p, pinv, r, wide);
      l3 = fold(t3, l3, M, p, pinv, r, wide);
      if (row >= stop) break;
      t0 = M;
      t1 = M;
      t2 = M;
      t3 = M;
    }
    v128.store(d + a, l0);
    v128.store(d + a + 16, l1);
    v128.store(d + a + 32, l2);
    v128.store(d + a + 48, l3);
  }
}
