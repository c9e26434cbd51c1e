/**
 * Number theoretic transforms: a polynomial of Z_p[X]/(X^n + 1) to its values at the odd powers of a 2n-th root of unity
 * ψ, and back. Butterflies of Cooley–Tukey and Gentleman–Sande with ψ merged into the twiddles (Pöppelmann–Oder–Güneysu,
 * LATINCRYPT 2015), two stages a pass (radix 4), constants held in registers.
 *
 * Bounds, in units of p, by induction over the passes. A product by a twiddle |w| ≤ p/2 has |T| ≤ 1/2 + |y|·3·2^-55, and 1/8
 * more in software (see `mulConst`): for |y| ≤ k·p, p < 2^50, that is ≤ 5/8 + 3/32·k.
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
function forwardPasses(x: usize, src: usize, n: u32, roots: usize, prime: f64, inverse: f64, lazy: u32): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  let away = src - x;
  let t: u32 = n >> 1;
  let m: u32 = 1;
  let pass: u32 = 0; // every odd one reduces; a lazy transform counts by two and never meets an odd one
  const step: u32 = lazy ? 2 : 1;
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
    pass += step;
    away = 0;
  }
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

/** What the last pass does with a value. */
const REDUCE: u32 = 0;
const LEAVE: u32 = 1;
const ADD: u32 = 2;
const ADD_BOTH: u32 = 3;
const SUBTRACT_FROM: u32 = 4;
const REDUCE_AND_SUBTRACT_FROM: u32 = 5;

// @ts-ignore: decorator
@inline
function finish(v: v128, c: usize, c2: usize, f: v128, fq: v128, p: v128, pinv: v128, r: v128, mode: u32): v128 {
  if (mode == LEAVE) return v;
  if (mode == ADD) v = f64x2.add(v, load(c));
  if (mode == ADD_BOTH) v = f64x2.add(v, f64x2.add(load(c), load(c2)));
  if (mode == SUBTRACT_FROM) return mulConst(f64x2.sub(load(c), v), f, fq, p, r);
  const reduced = reduce(v, p, pinv, r);
  return mode == REDUCE_AND_SUBTRACT_FROM ? mulConst(f64x2.sub(load(c), reduced), f, fq, p, r) : reduced;
}

/** The last two stages, two neighbouring pairs of values at a time. */
// @ts-ignore: decorator
@inline
function lastPass(
  dst: usize,
  x: usize,
  c: usize,
  c2: usize,
  n: u32,
  roots: usize,
  prime: f64,
  inverse: f64,
  factor: f64,
  reducing: bool,
  mode: u32,
): void {
  const p = f64x2.splat(prime);
  const pinv = f64x2.splat(inverse);
  const r = rounding();
  const f = f64x2.splat(factor);
  const fq = f64x2.mul(f, pinv);
  let one = roots + (<usize>n << 1);
  let two = roots + (<usize>n << 2);
  const end = x + (<usize>n << 3);
  const away = dst - x;
  const toC = c - x;
  const toC2 = c2 - x;
  for (let a = x; a < end; a += 32, one += 8, two += 16) {
    const w1 = loadSplat(one);
    const w2 = load(two);
    let A = load(a);
    if (reducing) A = reduce(A, p, pinv, r);
    const T = mulConst(load(a + 16), w1, f64x2.mul(w1, pinv), p, r);
    const S = f64x2.add(A, T);
    const D = f64x2.sub(A, T);
    const X = v128.shuffle<i64>(S, D, 0, 2);
    const Y = mulConst(v128.shuffle<i64>(S, D, 1, 3), w2, f64x2.mul(w2, pinv), p, r);
    v128.store(a + away, finish(f64x2.add(X, Y), a + toC, a + toC2, f, fq, p, pinv, r, mode));
    v128.store(a + away + 16, finish(f64x2.sub(X, Y), a + toC + 16, a + toC2 + 16, f, fq, p, pinv, r, mode));
  }
}

// One function for each way to end: in one large function the compiler spills registers (measured: 5 % of a transform).
function lastReducing(x: usize, n: u32, roots: usize, p: f64, pinv: f64): void {
  lastPass(x, x, 0, 0, n, roots, p, pinv, 0, true, REDUCE);
}
function lastLazy(x: usize, n: u32, roots: usize, p: f64, pinv: f64): void {
  lastPass(x, x, 0, 0, n, roots, p, pinv, 0, false, REDUCE);
}
function lastRaw(x: usize, n: u32, roots: usize, p: f64, pinv: f64): void {
  lastPass(x, x, 0, 0, n, roots, p, pinv, 0, false, LEAVE);
}
function lastAdd(dst: usize, x: usize, c: usize, n: u32, roots: usize, p: f64, pinv: f64): void {
  lastPass(dst, x, c, 0, n, roots, p, pinv, 0, true, ADD);
}
function lastAddBoth(dst: usize, x: usize, c: usize, c2: usize, n: u32, roots: usize, p: f64, pinv: f64): void {
  lastPass(dst, x, c, c2, n, roots, p, pinv, 0, true, ADD_BOTH);
}
function lastAddLazy(dst: usize, x: usize, c: usize, n: u32, roots: usize, p: f64, pinv: f64): void {
  lastPass(dst, x, c, 0, n, roots, p, pinv, 0, false, ADD);
}
function lastAddBothLazy(dst: usize, x: usize, c: usize, c2: usize, n: u32, roots: usize, p: f64, pinv: f64): void {
  lastPass(dst, x, c, c2, n, roots, p, pinv, 0, false, ADD_BOTH);
}
function lastSub(dst: usize, x: usize, c: usize, n: u32, roots: usize, p: f64, pinv: f64, factor: f64): void {
  lastPass(dst, x, c, 0, n, roots, p, pinv, factor, true, REDUCE_AND_SUBTRACT_FROM);
}
function lastSubLazy(dst: usize, x: usize, c: usize, n: u32, roots: usize, p: f64, pinv: f64, factor: f64): void {
  lastPass(dst, x, c, 0, n, roots, p, pinv, factor, false, REDUCE_AND_SUBTRACT_FROM);
}
function lastSubRaw(dst: usize, x: usize, c: usize, n: u32, roots: usize, p: f64, pinv: f64, factor: f64): void {
  lastPass(dst, x, c, 0, n, roots, p, pinv, factor, false, SUBTRACT_FROM);
}

/**
 * dst = values of src, which may be dst itself. n ≥ 16 a power of two, at most 2^17.
 * In: |src| ≤ 2·p or ≤ 2^50. `lazy` 0: p < 2^50, reducing between passes. 1: p < 1.25·2^47, no reductions but at the end.
 * 2: p < 1.25·2^44. Out: |dst| ≤ p/2 + 1; with `raw` (lazy 2 only) not even that reduction: |dst| ≤ 11·p for |src| ≤ 2·p.
 *
 * Proof. Reducing in every second pass: inputs of 2.2·p grow to 2.2 + (5/8 + 0.21) + (5/8 + 0.29) < 3.95, and a reducing pass
 * brings 3.95 back to 1/2 + (5/8 + 0.37) + (5/8 + 0.14) < 2.3, in truth 2.2 because the last 1/8 is 1/16 below 2^50: always
 * below 4·p < 2^52. (A first input of 2^50 makes at most 2^51.4 and is then reduced.) Lazy: each of at most 17 stages makes k
 * to k·(1 + p·3·2^-55) + 5/8 at most; for p < 1.25·2^47 and |src| ≤ 2^50, k = 6.4, that ends below 21·p < 2^51.8; for
 * p < 1.25·2^44, where a product is ≤ 1/2 + k·2^-9, and k = 2 below 11.
 */
export function forward(
  dst: usize,
  src: usize,
  n: u32,
  roots: usize,
  prime: f64,
  inverse: f64,
  lazy: u32,
  raw: u32,
): void {
  forwardPasses(dst, src, n, roots, prime, inverse, lazy);
  if (!lazy) lastReducing(dst, n, roots, prime, inverse);
  else if (raw && lazy == 2) lastRaw(dst, n, roots, prime, inverse);
  else lastLazy(dst, n, roots, prime, inverse);
}

/**
 * dst = values of x, plus c, plus c2 unless that is 0: the tail of mod-down in the transform's last pass. x is destroyed.
 * In: as `forward`, |c|, |c2| ≤ p. Out: |dst| ≤ p/2 + 1.
 */
export function forwardAdd(
  dst: usize,
  x: usize,
  c: usize,
  c2: usize,
  n: u32,
  roots: usize,
  prime: f64,
  inverse: f64,
  lazy: u32,
): void {
  forwardPasses(x, x, n, roots, prime, inverse, lazy);
  if (lazy) {
    if (c2) lastAddBothLazy(dst, x, c, c2, n, roots, prime, inverse);
    else lastAddLazy(dst, x, c, n, roots, prime, inverse);
  } else {
    if (c2) lastAddBoth(dst, x, c, c2, n, roots, prime, inverse);
    else lastAdd(dst, x, c, n, roots, prime, inverse);
  }
}

/**
 * dst = (c − values of src)·factor: the tail of a rescale in the transform's last pass, with `work` for n values.
 * In: as `forward`, |c| ≤ p, |factor| ≤ p/2. Out: |dst| ≤ 3/4·p by `mulConst`, because |c − value| ≤ 3/2·p + 1 after a
 * reduction, and without one, for p < 1.25·2^44, still below 2^50.4.
 */
export function forwardSub(
  dst: usize,
  work: usize,
  src: usize,
  c: usize,
  n: u32,
  roots: usize,
  prime: f64,
  inverse: f64,
  lazy: u32,
  factor: f64,
): void {
  forwardPasses(work, src, n, roots, prime, inverse, lazy);
  if (!lazy) lastSub(dst, work, c, n, roots, prime, inverse, factor);
  else if (lazy == 1) lastSubLazy(dst, work, c, n, roots, prime, inverse, factor);
  else lastSubRaw(dst, work, c, n, roots, prime, inverse, factor);
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
 * In: |src| ≤ p. Out: |dst| ≤ p. `every`: the sums are reduced in every so many passes.
 * Proof. A sum doubles twice a pass, so it stays below 4^every·p, which must be below 2^52: 1 for p < 2^50, 2 for p < 2^48,
 * 3 for p < 2^46, 4 for p < 2^44. So |y| < 2^52 in every product, whose result is then at most p (`mulConst`).
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
    const sum = f64x2.add(X, Y);
    v128.store(a, every == 1 ? reduce(sum, p, pinv, r) : sum);
    v128.store(a + 16, mulConst(f64x2.sub(X, Y), w1, f64x2.mul(w1, pinv), p, r));
  }
  m >>= 1;
  let t: u32 = 4;
  let pass: u32 = every == 1 ? 1 : 2;
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
