/**
 * Number theoretic transforms: a polynomial of Z_p[X]/(X^n + 1) to its values at the odd powers of a 2n-th root of unity
 * ψ, and back. Butterflies of Cooley–Tukey and Gentleman–Sande with ψ merged into the twiddles (Pöppelmann–Oder–Güneysu,
 * LATINCRYPT 2015), two stages a pass (radix 4), constants held in registers.
 *
 * Bounds, in units of p, by induction over the passes. A product by a twiddle |w| ≤ p/2 has
 * |T| ≤ 1/2 + |y|·p·2^-53 (see `mulConst`), that is ≤ 1/2 + k/8 for |y| ≤ k·p, p < 2^50.
 *
 * Order of the values: index s holds the value at ψ^(2·bitreverse(σ(s)) + 1), where σ swaps 1 and 2 in the two lowest
 * bits (the last pass leaves them so; see automorphism.ts).
 */
import { load, loadSplat, mulConst, reduce, rounding } from './fma';

/** Two stages over four quarters of one block, `quarter` bytes each; `away` leads from the destination to the source. */
// @ts-ignore: decorator
@inline
function forwardBlock(
  base: usize,
  away: usize,
  quarter: usize,
  one: usize,
  two: usize,
  p: v128,
  pinv: v128,
  r: v128,
  reducing: bool,
): void {
  const w1 = loadSplat(one);
  const w2 = loadSplat(two);
  const w3 = loadSplat(two + 8);
  const q1 = f64x2.mul(w1, pinv);
  const q2 = f64x2.mul(w2, pinv);
  const q3 = f64x2.mul(w3, pinv);
  const end = base + quarter;
  const half = quarter << 1;
  const last = half + quarter;
  for (let a = base; a < end; a += 16) {
    const from = a + away;
    let A = load(from);
    let B = load(from + quarter);
    if (reducing) {
      A = reduce(A, p, pinv, r);
      B = reduce(B, p, pinv, r);
    }
    const C = mulConst(load(from + half), w1, q1, p, r);
    const D = mulConst(load(from + last), w1, q1, p, r);
    const AmC = f64x2.sub(A, C);
    const BmD = f64x2.sub(B, D);
    A = f64x2.add(A, C);
    const E = mulConst(f64x2.add(B, D), w2, q2, p, r);
    const F = mulConst(BmD, w3, q3, p, r);
    v128.store(a, f64x2.add(A, E));
    v128.store(a + quarter, f64x2.sub(A, E));
    v128.store(a + half, f64x2.add(AmC, F));
    v128.store(a + last, f64x2.sub(AmC, F));
  }
}

/** All passes but the last two stages. */
// @ts-ignore: decorator
@inline
function forwardPasses(x: usize, src: usize, n: u32, roots: usize, p: v128, pinv: v128, r: v128, lazy: u32): void {
  let away = src - x;
  let t: u32 = n >> 1;
  let m: u32 = 1;
  let pass: u32 = lazy ? 0x80000000 : 0; // even numbers do not reduce: a lazy transform never meets an odd one
  if (ctz(n) & 1) {
    const w = loadSplat(roots + 8);
    const q = f64x2.mul(w, pinv);
    const half: usize = <usize>t << 3;
    const end = x + half;
    for (let a = x; a < end; a += 16) {
      const X = load(a + away);
      const T = mulConst(load(a + away + half), w, q, p, r);
      v128.store(a, f64x2.add(X, T));
      v128.store(a + half, f64x2.sub(X, T));
    }
    m = 2;
    t >>= 1;
    pass += lazy ? 2 : 1;
    away = 0;
  }
  const step: u32 = lazy ? 2 : 1;
  for (; t > 2; m <<= 2, t >>= 2, pass += step) {
    const quarter: usize = <usize>t << 2;
    let base = x;
    if (pass & 1) {
      for (let i: u32 = 0; i < m; i++, base += quarter << 2) {
        forwardBlock(base, away, quarter, roots + ((m + i) << 3), roots + ((2 * m + 2 * i) << 3), p, pinv, r, true);
      }
    } else {
      for (let i: u32 = 0; i < m; i++, base += quarter << 2) {
        forwardBlock(base, away, quarter, roots + ((m + i) << 3), roots + ((2 * m + 2 * i) << 3), p, pinv, r, false);
      }
    }
    away = 0;
  }
}

/**
 * dst = values of src, which may be dst itself. n ≥ 16 a power of two.
 * In: |src| ≤ 2·p. Out: |dst| ≤ p/2 + 1. `lazy` (p < 2^48) leaves the reductions between passes out.
 * Proof. Reducing in every second pass: inputs k grow to k + (1/2 + k/8) + (1/2 + (k + 1/2 + k/8)/8) ≤ 3.8 from 2.2, and
 * come back to ≤ 2.2 after a reducing pass from 3.8: always below 4·p < 2^52. Lazy: each of at most 17 stages makes k to
 * k·(1 + 2^-5) + 1/2, so k ≤ 2·1.69 + 11 = 14.4 and 14.4·2^48 < 2^52.
 */
export function forward(dst: usize, src: usize, n: u32, roots: usize, prime: f64, inverse: f64, lazy: u32): void {
  const p = f64x2.splat(prime);
  const r = rounding();
  const pinv = f64x2.splat(inverse);
  forwardPasses(dst, src, n, roots, p, pinv, r, lazy);
  let one = roots + (<usize>n << 1);
  let two = roots + (<usize>n << 2);
  const end = dst + (<usize>n << 3);
  for (let a = dst; a < end; a += 32, one += 8, two += 16) {
    const w1 = loadSplat(one);
    const w2 = load(two);
    const A = reduce(load(a), p, pinv, r);
    const T = mulConst(load(a + 16), w1, f64x2.mul(w1, pinv), p, r);
    const S = f64x2.add(A, T);
    const D = f64x2.sub(A, T);
    const X = v128.shuffle<i64>(S, D, 0, 2);
    const Y = mulConst(v128.shuffle<i64>(S, D, 1, 3), w2, f64x2.mul(w2, pinv), p, r);
    v128.store(a, reduce(f64x2.add(X, Y), p, pinv, r));
    v128.store(a + 16, reduce(f64x2.sub(X, Y), p, pinv, r));
  }
}

/**
 * dst = values of x, plus factor·c: the tail of mod-down and rescale in the transform's last pass. x is destroyed.
 * In: |x| ≤ 2·p, |c| ≤ p, |factor| ≤ p/2. Out: |dst| ≤ p/2 + 1. `plain` says that the factor is 1.
 */
export function forwardAdd(
  dst: usize,
  x: usize,
  c: usize,
  n: u32,
  roots: usize,
  prime: f64,
  inverse: f64,
  lazy: u32,
  factor: f64,
  plain: u32,
): void {
  const p = f64x2.splat(prime);
  const r = rounding();
  const pinv = f64x2.splat(inverse);
  forwardPasses(x, x, n, roots, p, pinv, r, lazy);
  let one = roots + (<usize>n << 1);
  let two = roots + (<usize>n << 2);
  const f = f64x2.splat(factor);
  const fq = f64x2.splat(factor * inverse);
  const end = x + (<usize>n << 3);
  for (let a = x; a < end; a += 32, c += 32, dst += 32, one += 8, two += 16) {
    const w1 = loadSplat(one);
    const w2 = load(two);
    const A = reduce(load(a), p, pinv, r);
    const T = mulConst(load(a + 16), w1, f64x2.mul(w1, pinv), p, r);
    const S = f64x2.add(A, T);
    const D = f64x2.sub(A, T);
    const X = v128.shuffle<i64>(S, D, 0, 2);
    const Y = mulConst(v128.shuffle<i64>(S, D, 1, 3), w2, f64x2.mul(w2, pinv), p, r);
    let u = load(c);
    let v = load(c + 16);
    if (!plain) {
      u = mulConst(u, f, fq, p, r);
      v = mulConst(v, f, fq, p, r);
    }
    v128.store(dst, reduce(f64x2.add(f64x2.add(X, Y), u), p, pinv, r));
    v128.store(dst + 16, reduce(f64x2.add(f64x2.sub(X, Y), v), p, pinv, r));
  }
}

/** Two stages back over four quarters of one block. */
// @ts-ignore: decorator
@inline
function inverseBlock(base: usize, quarter: usize, one: usize, two: usize, p: v128, pinv: v128, r: v128, reducing: bool): void {
  const w1 = loadSplat(one);
  const w2 = loadSplat(two);
  const w3 = loadSplat(two + 8);
  const q1 = f64x2.mul(w1, pinv);
  const q2 = f64x2.mul(w2, pinv);
  const q3 = f64x2.mul(w3, pinv);
  const end = base + quarter;
  const half = quarter << 1;
  const last = half + quarter;
  for (let a = base; a < end; a += 16) {
    const A = load(a);
    const B = load(a + quarter);
    const C = load(a + half);
    const D = load(a + last);
    const S = f64x2.add(A, B);
    const U = f64x2.add(C, D);
    const T = mulConst(f64x2.sub(A, B), w2, q2, p, r);
    const V = mulConst(f64x2.sub(C, D), w3, q3, p, r);
    const X = f64x2.add(S, U);
    const Y = f64x2.add(T, V);
    v128.store(a, reducing ? reduce(X, p, pinv, r) : X);
    v128.store(a + quarter, reducing ? reduce(Y, p, pinv, r) : Y);
    v128.store(a + half, mulConst(f64x2.sub(S, U), w1, q1, p, r));
    v128.store(a + last, mulConst(f64x2.sub(T, V), w1, q1, p, r));
  }
}

/**
 * dst = coefficients of src (which may be dst), each times a constant c that is folded into the last pass:
 * scale = c/n and scaleRoot = c/n·ψ^(-n/2), centred.
 * In: |src| ≤ p. Out: |dst| ≤ 3/4·p. `every`: the sums are reduced in every so many passes.
 * Proof. A sum doubles twice a pass, so it stays below 4^every·p, which must be below 2^52: 1 for p < 2^50, 2 for p < 2^48,
 * 3 for p < 2^46, 4 for p < 2^44. Then |y| < 2^52 for every product, whose result is ≤ 1/2 + 2^52·p·2^-53/p = p at most; the
 * last pass multiplies everything, with |y| ≤ 2^51 there: ≤ 3/4·p.
 */
export function inverse(
  dst: usize,
  src: usize,
  n: u32,
  roots: usize,
  prime: f64,
  inv: f64,
  every: u32,
  scale: f64,
  scaleRoot: f64,
): void {
  const p = f64x2.splat(prime);
  const r = rounding();
  const pinv = f64x2.splat(inv);
  let m: u32 = n >> 2;
  let one = roots + (<usize>m << 3);
  let two = roots + (<usize>m << 4);
  const end = dst + (<usize>n << 3);
  const away = src - dst;
  for (let a = dst; a < end; a += 32, one += 8, two += 16) {
    const A = load(a + away);
    const B = load(a + away + 16);
    const w2 = load(two);
    const S = f64x2.add(A, B);
    const T = mulConst(f64x2.sub(A, B), w2, f64x2.mul(w2, pinv), p, r);
    const X = v128.shuffle<i64>(S, T, 0, 2);
    const Y = v128.shuffle<i64>(S, T, 1, 3);
    const w1 = loadSplat(one);
    v128.store(a, reduce(f64x2.add(X, Y), p, pinv, r));
    v128.store(a + 16, mulConst(f64x2.sub(X, Y), w1, f64x2.mul(w1, pinv), p, r));
  }
  m >>= 1;
  let t: u32 = 4;
  let pass: u32 = 1;
  for (; m > 2; m >>= 2, t <<= 2, pass++) {
    const quarter: usize = <usize>t << 3;
    const half = m >> 1;
    let base = dst;
    if (pass == every) {
      pass = 0;
      for (let i: u32 = 0; i < half; i++, base += quarter << 2) {
        inverseBlock(base, quarter, roots + ((half + i) << 3), roots + ((m + 2 * i) << 3), p, pinv, r, true);
      }
    } else {
      for (let i: u32 = 0; i < half; i++, base += quarter << 2) {
        inverseBlock(base, quarter, roots + ((half + i) << 3), roots + ((m + 2 * i) << 3), p, pinv, r, false);
      }
    }
  }
  const ws = f64x2.splat(scale);
  const qs = f64x2.mul(ws, pinv);
  const wr = f64x2.splat(scaleRoot);
  const qr = f64x2.mul(wr, pinv);
  const quarter: usize = <usize>t << 3;
  const stop = dst + quarter;
  if (m == 2) {
    const w2 = loadSplat(roots + 16);
    const w3 = loadSplat(roots + 24);
    const q2 = f64x2.mul(w2, pinv);
    const q3 = f64x2.mul(w3, pinv);
    const half = quarter << 1;
    const last = half + quarter;
    for (let a = dst; a < stop; a += 16) {
      const A = load(a);
      const B = load(a + quarter);
      const C = load(a + half);
      const D = load(a + last);
      const S = f64x2.add(A, B);
      const U = f64x2.add(C, D);
      const T = mulConst(f64x2.sub(A, B), w2, q2, p, r);
      const V = mulConst(f64x2.sub(C, D), w3, q3, p, r);
      v128.store(a, mulConst(f64x2.add(S, U), ws, qs, p, r));
      v128.store(a + quarter, mulConst(f64x2.add(T, V), ws, qs, p, r));
      v128.store(a + half, mulConst(f64x2.sub(S, U), wr, qr, p, r));
      v128.store(a + last, mulConst(f64x2.sub(T, V), wr, qr, p, r));
    }
  } else {
    for (let a = dst; a < stop; a += 16) {
      const X = load(a);
      const Y = load(a + quarter);
      v128.store(a, mulConst(f64x2.add(X, Y), ws, qs, p, r));
      v128.store(a + quarter, mulConst(f64x2.sub(X, Y), wr, qr, p, r));
    }
  }
}
