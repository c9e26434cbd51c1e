/**
 * Slots and coefficients: the canonical embedding as a Fourier transform in doubles, and integer doubles as residues.
 *
 * M = N/2 slots, ζ = exp(iπ/N); slot j is the value at ζ^(5^j). Since (ζ^(5^j))^M = i, a real polynomial of degree < N
 * is there the complex polynomial of degree < M with coefficients c_k + i·c_(k+M) (Cheon–Kim–Kim–Song, eprint
 * 2016/421).
 * X^M − i splits into X^(M/2) ∓ ζ^(M/2), and so on down to the points, as in a number-theoretic transform: coefficients
 * are in natural order and slots in bit-reversed order, and a root is shared by a block of butterflies.
 *
 * Real parts lie at x, imaginary parts at x + 8M: the coefficients of a polynomial in their own order, with nothing to
 * shuffle but in the pass of neighbours. M is a power of two, at least 8.
 *
 * Two levels at a time (radix 4). Block b of q has the exponent e = 5^rev(b), rev of the bits of b < q, and quarters of
 * t complex numbers A, B, C, D; with w = ζ^(t·e) the second and the third level's roots are w², and w and ±i·w:
 *   A ± w·B + w²·C ± w³·D   and   A − w²·C ± i·(w·B − w³·D).
 * Which of the last two comes first: slot order wants e·5^q = e + 4q·e + 8q·(q − 1)·e + … modulo 16q, which is e + 4q
 * (+i) for q = 1 and e + 12q (−i) for all other powers of two.
 *
 * `roots` (encoding.ts makes it) has 6 doubles a block, re and im of w, w² and w³, for t = 1, 4, 16, …; for t = 1 two
 * blocks side by side, so that a vector load reads both.
 *
 * Error: each level multiplies by a root good to about 2^-53 and adds, so about 2^-52·log₂M of the largest value, less
 * on the average (Brisebarre–Joldeş–Muller–Naneş–Picot, "Error analysis of some operations involved in the
 * Cooley–Tukey fast Fourier transform", ACM TOMS 2020).
 */
import { FUSED, load, loadSplat, madd, mulConst, reduce } from './fma';

/** c − a·b, rounded: once where fused, twice in software. `nmadd` would pay for an exactness not needed here. */
// @ts-ignore: decorator
@inline
function minus(a: v128, b: v128, c: v128): v128 {
  if (FUSED) return f64x2.relaxed_nmadd(a, b, c);
  return f64x2.sub(c, f64x2.mul(a, b));
}

/** √½, twice: ζ^(M/2) = exp(iπ/4) = √½·(1 + i), the one root of an odd level at the top. */
// @ts-ignore: decorator
@inline
const SQRT_HALF: f64 = 0.7071067811865476;

/** Bytes of roots for a block. */
// @ts-ignore: decorator
@inline
const ROOTS: usize = 48;

/**
 * Coefficients to slots, in place: natural order in, bit-reversed slots out.
 * Out: |slot| ≤ Σ|c|, so finite for |c| < 2^1023/N.
 */
export function fftForward(x: usize, M: u32, roots: usize): void {
  const im = <usize>M << 3;
  let q: u32 = 1;
  let t = im >> 2; // bytes of a quarter
  if (ctz(M) & 1) {
    const half = im >> 1;
    const s = f64x2.splat(SQRT_HALF);
    for (let a = x, end = x + half; a < end; a += 16) {
      const b = a + half;
      const br = load(b);
      const bi = load(b + im);
      const yr = f64x2.mul(f64x2.sub(br, bi), s);
      const yi = f64x2.mul(f64x2.add(br, bi), s);
      const ar = load(a);
      const ai = load(a + im);
      v128.store(a, f64x2.add(ar, yr));
      v128.store(a + im, f64x2.add(ai, yi));
      v128.store(b, f64x2.sub(ar, yr));
      v128.store(b + im, f64x2.sub(ai, yi));
    }
    q = 2;
    t >>= 1;
  }
  // The table begins with the smallest quarters: the pass of q blocks follows those of 4q, 16q, … M/4.
  let w = roots;
  for (let k = M >> 2; k > q; k >>= 2) w += ROOTS * <usize>k;
  for (; t > 8; q <<= 2, t >>= 2) {
    const plus = q == 1 ? t + t : t + t + t;
    const other = q == 1 ? t + t + t : t + t;
    let at = w;
    let block = x;
    for (let b: u32 = 0; b < q; b++, at += ROOTS, block += t << 2) {
      for (let a = block, end = block + t; a < end; a += 16) {
        let zr = load(a + 2 * t);
        let zi = load(a + 2 * t + im);
        const w2r = loadSplat(at + 16);
        const w2i = loadSplat(at + 24);
        const cr = minus(zi, w2i, f64x2.mul(zr, w2r));
        const ci = madd(zr, w2i, f64x2.mul(zi, w2r));
        const ar = load(a);
        const ai = load(a + im);
        const s0r = f64x2.add(ar, cr);
        const s0i = f64x2.add(ai, ci);
        const s1r = f64x2.sub(ar, cr);
        const s1i = f64x2.sub(ai, ci);
        zr = load(a + t);
        zi = load(a + t + im);
        const w1r = loadSplat(at);
        const w1i = loadSplat(at + 8);
        const br = minus(zi, w1i, f64x2.mul(zr, w1r));
        const bi = madd(zr, w1i, f64x2.mul(zi, w1r));
        zr = load(a + 3 * t);
        zi = load(a + 3 * t + im);
        const w3r = loadSplat(at + 32);
        const w3i = loadSplat(at + 40);
        const dr = minus(zi, w3i, f64x2.mul(zr, w3r));
        const di = madd(zr, w3i, f64x2.mul(zi, w3r));
        const s2r = f64x2.add(br, dr);
        const s2i = f64x2.add(bi, di);
        const s3r = f64x2.sub(br, dr);
        const s3i = f64x2.sub(bi, di);
        v128.store(a, f64x2.add(s0r, s2r));
        v128.store(a + im, f64x2.add(s0i, s2i));
        v128.store(a + t, f64x2.sub(s0r, s2r));
        v128.store(a + t + im, f64x2.sub(s0i, s2i));
        v128.store(a + plus, f64x2.sub(s1r, s3i));
        v128.store(a + plus + im, f64x2.add(s1i, s3r));
        v128.store(a + other, f64x2.add(s1r, s3i));
        v128.store(a + other + im, f64x2.sub(s1i, s3r));
      }
    }
    w -= ROOTS * (<usize>q << 2);
  }
  // Quarters of one: two blocks at a time, in the lanes of a vector. q = M/4 is at least 2, so −i comes first.
  for (let a = x, at = roots, end = x + im; a < end; a += 64, at += 2 * ROOTS) {
    const m0 = load(a);
    const m1 = load(a + 16);
    const m2 = load(a + 32);
    const m3 = load(a + 48);
    const n0 = load(a + im);
    const n1 = load(a + im + 16);
    const n2 = load(a + im + 32);
    const n3 = load(a + im + 48);
    let zr = v128.shuffle<i64>(m1, m3, 0, 2);
    let zi = v128.shuffle<i64>(n1, n3, 0, 2);
    const cr = minus(zi, load(at + 48), f64x2.mul(zr, load(at + 32)));
    const ci = madd(zr, load(at + 48), f64x2.mul(zi, load(at + 32)));
    const ar = v128.shuffle<i64>(m0, m2, 0, 2);
    const ai = v128.shuffle<i64>(n0, n2, 0, 2);
    const s0r = f64x2.add(ar, cr);
    const s0i = f64x2.add(ai, ci);
    const s1r = f64x2.sub(ar, cr);
    const s1i = f64x2.sub(ai, ci);
    zr = v128.shuffle<i64>(m0, m2, 1, 3);
    zi = v128.shuffle<i64>(n0, n2, 1, 3);
    const br = minus(zi, load(at + 16), f64x2.mul(zr, load(at)));
    const bi = madd(zr, load(at + 16), f64x2.mul(zi, load(at)));
    zr = v128.shuffle<i64>(m1, m3, 1, 3);
    zi = v128.shuffle<i64>(n1, n3, 1, 3);
    const dr = minus(zi, load(at + 80), f64x2.mul(zr, load(at + 64)));
    const di = madd(zr, load(at + 80), f64x2.mul(zi, load(at + 64)));
    const s2r = f64x2.add(br, dr);
    const s2i = f64x2.add(bi, di);
    const s3r = f64x2.sub(br, dr);
    const s3i = f64x2.sub(bi, di);
    storeBlocks(a, f64x2.add(s0r, s2r), f64x2.sub(s0r, s2r), f64x2.add(s1r, s3i), f64x2.sub(s1r, s3i));
    storeBlocks(a + im, f64x2.add(s0i, s2i), f64x2.sub(s0i, s2i), f64x2.sub(s1i, s3r), f64x2.add(s1i, s3r));
  }
}

/** Four neighbours of two blocks, which stand in the lanes. */
// @ts-ignore: decorator
@inline
function storeBlocks(at: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(at, v128.shuffle<i64>(a, b, 0, 2));
  v128.store(at + 16, v128.shuffle<i64>(c, d, 0, 2));
  v128.store(at + 32, v128.shuffle<i64>(a, b, 1, 3));
  v128.store(at + 48, v128.shuffle<i64>(c, d, 1, 3));
}

/**
 * Slots to M times the coefficients, in place: bit-reversed slots in, natural order out. The passes of `fftForward`
 * undone from last to first, each but for its factor 4 (or 2), which `roundScaled` has in its scale.
 * Equal neighbours cancel exactly, so slots of period n give exact zeros off the multiples of M/n.
 * Out: at most Σ|slot|, so finite for |slot| < 2^1023/N.
 */
export function fftInverse(x: usize, M: u32, roots: usize): void {
  const im = <usize>M << 3;
  let w = roots;
  for (let a = x, end = x + im; a < end; a += 64, w += 2 * ROOTS) {
    const m0 = load(a);
    const m1 = load(a + 16);
    const m2 = load(a + 32);
    const m3 = load(a + 48);
    const n0 = load(a + im);
    const n1 = load(a + im + 16);
    const n2 = load(a + im + 32);
    const n3 = load(a + im + 48);
    let pr = v128.shuffle<i64>(m0, m2, 0, 2);
    let pi = v128.shuffle<i64>(n0, n2, 0, 2);
    let qr = v128.shuffle<i64>(m0, m2, 1, 3);
    let qi = v128.shuffle<i64>(n0, n2, 1, 3);
    const s0r = f64x2.add(pr, qr);
    const s0i = f64x2.add(pi, qi);
    const s1r = f64x2.sub(pr, qr);
    const s1i = f64x2.sub(pi, qi);
    pr = v128.shuffle<i64>(m1, m3, 1, 3); // the fourth is the one with +i
    pi = v128.shuffle<i64>(n1, n3, 1, 3);
    qr = v128.shuffle<i64>(m1, m3, 0, 2);
    qi = v128.shuffle<i64>(n1, n3, 0, 2);
    const s2r = f64x2.add(pr, qr);
    const s2i = f64x2.add(pi, qi);
    const s3r = f64x2.sub(pr, qr);
    const s3i = f64x2.sub(pi, qi);
    const ur = f64x2.add(s1r, s3i);
    const ui = f64x2.sub(s1i, s3r);
    const br = madd(ui, load(w + 16), f64x2.mul(ur, load(w)));
    const bi = minus(ur, load(w + 16), f64x2.mul(ui, load(w)));
    const cr = f64x2.sub(s0r, s2r);
    const ci = f64x2.sub(s0i, s2i);
    const yr = madd(ci, load(w + 48), f64x2.mul(cr, load(w + 32)));
    const yi = minus(cr, load(w + 48), f64x2.mul(ci, load(w + 32)));
    const vr = f64x2.sub(s1r, s3i);
    const vi = f64x2.add(s1i, s3r);
    const dr = madd(vi, load(w + 80), f64x2.mul(vr, load(w + 64)));
    const di = minus(vr, load(w + 80), f64x2.mul(vi, load(w + 64)));
    storeBlocks(a, f64x2.add(s0r, s2r), br, yr, dr);
    storeBlocks(a + im, f64x2.add(s0i, s2i), bi, yi, di);
  }
  let q = M >> 4;
  let t: usize = 32; // bytes of a quarter: 4 numbers
  for (; q > 0; q >>= 2, t <<= 2) {
    const plus = q == 1 ? t + t : t + t + t;
    const other = q == 1 ? t + t + t : t + t;
    let block = x;
    for (let b: u32 = 0; b < q; b++, w += ROOTS, block += t << 2) {
      for (let a = block, end = block + t; a < end; a += 16) {
        let pr = load(a);
        let pi = load(a + im);
        let qr = load(a + t);
        let qi = load(a + t + im);
        const s0r = f64x2.add(pr, qr);
        const s0i = f64x2.add(pi, qi);
        const s1r = f64x2.sub(pr, qr);
        const s1i = f64x2.sub(pi, qi);
        pr = load(a + plus);
        pi = load(a + plus + im);
        qr = load(a + other);
        qi = load(a + other + im);
        const s2r = f64x2.add(pr, qr);
        const s2i = f64x2.add(pi, qi);
        const s3r = f64x2.sub(pr, qr);
        const s3i = f64x2.sub(pi, qi);
        v128.store(a, f64x2.add(s0r, s2r));
        v128.store(a + im, f64x2.add(s0i, s2i));
        const cr = f64x2.sub(s0r, s2r);
        const ci = f64x2.sub(s0i, s2i);
        const w2r = loadSplat(w + 16);
        const w2i = loadSplat(w + 24);
        v128.store(a + 2 * t, madd(ci, w2i, f64x2.mul(cr, w2r)));
        v128.store(a + 2 * t + im, minus(cr, w2i, f64x2.mul(ci, w2r)));
        const ur = f64x2.add(s1r, s3i);
        const ui = f64x2.sub(s1i, s3r);
        const w1r = loadSplat(w);
        const w1i = loadSplat(w + 8);
        v128.store(a + t, madd(ui, w1i, f64x2.mul(ur, w1r)));
        v128.store(a + t + im, minus(ur, w1i, f64x2.mul(ui, w1r)));
        const vr = f64x2.sub(s1r, s3i);
        const vi = f64x2.add(s1i, s3r);
        const w3r = loadSplat(w + 32);
        const w3i = loadSplat(w + 40);
        v128.store(a + 3 * t, madd(vi, w3i, f64x2.mul(vr, w3r)));
        v128.store(a + 3 * t + im, minus(vr, w3i, f64x2.mul(vi, w3r)));
      }
    }
  }
  if (ctz(M) & 1) {
    const half = im >> 1;
    const s = f64x2.splat(SQRT_HALF);
    for (let a = x, end = x + half; a < end; a += 16) {
      const b = a + half;
      const ar = load(a);
      const ai = load(a + im);
      const br = load(b);
      const bi = load(b + im);
      v128.store(a, f64x2.add(ar, br));
      v128.store(a + im, f64x2.add(ai, bi));
      const dr = f64x2.sub(ar, br);
      const di = f64x2.sub(ai, bi);
      v128.store(b, f64x2.mul(f64x2.add(dr, di), s));
      v128.store(b + im, f64x2.mul(f64x2.sub(di, dr), s));
    }
  }
}

/**
 * dst = x·scale, 2M doubles, each rounded to the nearest integer (to the even one of two), zero without a sign. dst may
 * be x. Returns the largest |dst|. In: |x·scale| finite; from 2^52 on a double is an integer already and stays.
 */
export function roundScaled(dst: usize, x: usize, M: u32, scale: f64): f64 {
  const s = f64x2.splat(scale);
  const zero = f64x2.splat(0);
  let most = zero;
  for (const end = x + (<usize>M << 4); x < end; x += 16, dst += 16) {
    const c = f64x2.add(f64x2.nearest(f64x2.mul(load(x), s)), zero); // −0 + 0 = +0
    v128.store(dst, c);
    most = f64x2.pmax(most, f64x2.abs(c));
  }
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

/** x = src·factor, 2M doubles: what `fftForward` starts from. */
export function loadCoefficients(x: usize, src: usize, M: u32, factor: f64): void {
  const f = f64x2.splat(factor);
  for (const end = src + (<usize>M << 4); src < end; src += 16, x += 16) v128.store(x, f64x2.mul(load(src), f));
}

/**
 * dst = src mod p for n (even) integers c in doubles, exactly. dst may be src.
 * In: |c| ≤ 2^(50·parts + 1), p odd, 2 < p < 2^50; `table` has for k = 1 … parts − 1 the pair 2^(50k) mod p, at most
 * p/2 in size, and its quotient by p. Out: |r| ≤ (p + 1)/2.
 *
 * One part is one `reduce`. Else c = c_0 + c_1·2^50 + …: hi = nearest(c·2^-50), lo = c − hi·2^50, and again with hi.
 * Exact: c·2^-50 and hi·2^50 only move the point; lo is a multiple of the last place of c, which is at least 1, and
 * |lo| ≤ 2^49, so it has at most 50 bits. After parts − 1 steps |hi| ≤ 2^51.
 * In bounds: |c_k·w/p| ≤ 2^50, so `mulConst` leaves |r| ≤ 3/4·p; each sum is at most 2^49 + 3/4·p < 2^51, whose
 * reduction is at most p/2 + 2^51·2^-52, and an integer.
 */
export function toResidues(dst: usize, src: usize, n: u32, parts: u32, table: usize, p: f64, pinv: f64): void {
  const pp = f64x2.splat(p);
  const pi = f64x2.splat(pinv);
  const end = src + (<usize>n << 3);
  if (parts == 1) {
    for (; src < end; src += 16, dst += 16) v128.store(dst, reduce(load(src), pp, pi));
    return;
  }
  const down = f64x2.splat(2.0 ** -50);
  const up = f64x2.splat(2.0 ** 50);
  const last = table + (<usize>(parts - 2) << 4);
  for (; src < end; src += 16, dst += 16) {
    let c = load(src);
    let hi = f64x2.nearest(f64x2.mul(c, down));
    let sum = f64x2.sub(c, f64x2.mul(hi, up));
    for (let k = table; k < last; k += 16) {
      c = hi;
      hi = f64x2.nearest(f64x2.mul(c, down));
      const lo = f64x2.sub(c, f64x2.mul(hi, up));
      sum = reduce(f64x2.add(sum, mulConst(lo, loadSplat(k), loadSplat(k + 8), pp)), pp, pi);
    }
    v128.store(dst, reduce(f64x2.add(sum, mulConst(hi, loadSplat(last), loadSplat(last + 8), pp)), pp, pi));
  }
}
