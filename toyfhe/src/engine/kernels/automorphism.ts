/**
 * The automorphisms X → X^g as permutations of transformed values. Index s holds the value at ψ^e(s) with
 * e(s) = 2·bitreverse(σ(s)) + 1 (ntt.ts); the value of a(X^g) at ψ^e is that of a(X) at ψ^(e·g).
 */
import { address, load, reduce, rounding } from './fma';

/** Bit reversal of the low `bits` bits. */
// @ts-ignore: decorator
@inline
function bitReverse(x: u32, bits: u32): u32 {
  x = ((x >> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >> 16) | (x << 16)) >> (32 - bits);
}

/** σ: 0 1 2 3 → 0 2 1 3 in the two lowest bits; its own inverse. */
// @ts-ignore: decorator
@inline
function swapLow(s: u32): u32 {
  return (s & ~3) | ((s & 1) << 1) | ((s >> 1) & 1);
}

/** table[s] = 8·(index whose value a(X^g) takes at s), n u32 values; g odd, n a power of two ≥ 4. */
export function galoisTable(table: usize, n: u32, g: u32): void {
  const bits = ctz(n);
  const mask = 2 * n - 1;
  for (let s: u32 = 0; s < n; s++) {
    const e = 2 * bitReverse(swapLow(s), bits) + 1;
    const from = swapLow(bitReverse(((e * g) & mask) >> 1, bits));
    i32.store(table + (<usize>s << 2), from << 3);
  }
}

/** d[s] = a[table[s]]; d is not a. n a multiple of 4. */
export function permute(d: usize, a: usize, table: usize, n: u32): void {
  const end = d + (<usize>n << 3);
  for (; d < end; d += 32, table += 16) {
    v128.store(d, v128.load_lane<u64>(a + address(table + 4), v128.load64_zero(a + address(table)), 1));
    v128.store(d + 16, v128.load_lane<u64>(a + address(table + 12), v128.load64_zero(a + address(table + 8)), 1));
  }
}

/** d[s] += a[table[s]], reduced. In: |d|, |a| ≤ 3/4·p. Out: |d| ≤ p/2 + 1. */
export function permuteAdd(d: usize, a: usize, table: usize, n: u32, prime: f64, inverse: f64): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const end = d + (<usize>n << 3);
  for (; d < end; d += 32, table += 16) {
    const x = v128.load_lane<u64>(a + address(table + 4), v128.load64_zero(a + address(table)), 1);
    const y = v128.load_lane<u64>(a + address(table + 12), v128.load64_zero(a + address(table + 8)), 1);
    v128.store(d, reduce(f64x2.add(load(d), x), p, pinv, r));
    v128.store(d + 16, reduce(f64x2.add(load(d + 16), y), p, pinv, r));
  }
}
