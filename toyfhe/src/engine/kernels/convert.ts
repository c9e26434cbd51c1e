/**
 * Base conversion (Bajard–Eynard–Hasan–Zucca, SAC 2016; Cheon et al., SAC 2018): from residues modulo q₁ … q_α, already
 * multiplied by the inverses of Q/qᵢ, to Σ yᵢ·(Q/qᵢ) modulo other primes. A matrix product over limbs: one row of
 * weights a target prime. The sum differs from the true value by a multiple of Q, at most α/2 of them either way; with
 * centred yᵢ that error has mean zero.
 */
import { address, load, loadSplat, madd, mulConst, nmadd, rounding } from './fma';
import { fold } from './dot';

/**
 * One target limb. y: `count` limbs, `stride` bytes apart. `weights`: count doubles, |w| ≤ p/2. `target`, 32 bytes: f64 p,
 * 1/p and the magic of its accumulator (dot.ts), u32 its terms and whether it is wide.
 * In: |y| ≤ qᵢ < 2^50. Out: |d| ≤ 2·p, which the forward transform takes. n a multiple of 8.
 */
export function convert(
  d: usize,
  y: usize,
  stride: usize,
  weights: usize,
  count: u32,
  target: usize,
  n: u32,
): void {
  const p = loadSplat(target);
  const pinv = loadSplat(target + 8);
  const bytes = <usize>n << 3;
  const r = rounding();
  if (count == 1) {
    const w = loadSplat(weights);
    const q = f64x2.mul(w, pinv);
    for (let a: usize = 0; a < bytes; a += 16) v128.store(d + a, mulConst(load(y + a), w, q, p, r));
    return;
  }
  const M = loadSplat(target + 16);
  const terms = <u32>address(target + 24);
  const wide = <u32>address(target + 28);
  for (let a: usize = 0; a < bytes; a += 64) {
    let t0 = M;
    let t1 = M;
    let t2 = M;
    let t3 = M;
    let l0 = f64x2.splat(0);
    let l1 = l0;
    let l2 = l0;
    let l3 = l0;
    let from = y + a;
    let weight = weights;
    let left = count;
    while (true) {
      const now = min(left, terms);
      for (let i: u32 = 0; i < now; i++, from += stride, weight += 8) {
        const w = loadSplat(weight);
        const y0 = load(from);
        const n0 = madd(y0, w, t0);
        l0 = f64x2.sub(l0, nmadd(y0, w, f64x2.sub(n0, t0)));
        t0 = n0;
        const y1 = load(from + 16);
        const n1 = madd(y1, w, t1);
        l1 = f64x2.sub(l1, nmadd(y1, w, f64x2.sub(n1, t1)));
        t1 = n1;
        const y2 = load(from + 32);
        const n2 = madd(y2, w, t2);
        l2 = f64x2.sub(l2, nmadd(y2, w, f64x2.sub(n2, t2)));
        t2 = n2;
        const y3 = load(from + 48);
        const n3 = madd(y3, w, t3);
        l3 = f64x2.sub(l3, nmadd(y3, w, f64x2.sub(n3, t3)));
        t3 = n3;
      }
      l0 = fold(t0, l0, M, p, pinv, r, wide);
      l1 = fold(t1, l1, M, p, pinv, r, wide);
      l2 = fold(t2, l2, M, p, pinv, r, wide);
      l3 = fold(t3, l3, M, p, pinv, r, wide);
      left -= now;
      if (left == 0) break;
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
