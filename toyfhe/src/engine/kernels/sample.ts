/**
 * Randomness: the ChaCha20 keystream, and residues, secrets and errors drawn from it.
 *
 * Why our own ChaCha20: WebCrypto answers asynchronously, which a kernel cannot wait for; node:crypto is absent from
 * browsers; and neither reaches the threads that run these kernels. The cipher uses additions, rotations and exclusive
 * ors only, so its time does not depend on the key.
 *
 * Every sampler starts at block 0 of the stream (key, nonce): give each call a nonce of its own under a key. All
 * arithmetic is on integers or exact, so both builds draw the same numbers bit for bit.
 */
import { load } from './fma';

/** Bytes of keystream made at a time, and of the `scratch` of each sampler: 64 blocks, small beside 32 kB of L1. */
// @ts-ignore: decorator
@inline
const SCRATCH: usize = 4096;

/** The bytes that a sampler needs at `scratch` (16-byte aligned). It leaves them zero. */
export function sampleScratch(): u32 {
  return <u32>SCRATCH;
}

/** x rotated left by 16 in each lane: whole bytes, so one byte shuffle does it. */
// @ts-ignore: decorator
@inline
function rotate16(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
}

/** x rotated left by 8 in each lane. */
// @ts-ignore: decorator
@inline
function rotate8(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
}

// @ts-ignore: decorator
@inline
function rotate(x: v128, k: i32): v128 {
  return v128.or(i32x4.shl(x, k), i32x4.shr_u(x, 32 - k));
}

/** Writes four words a, b, c, d in a row of each of four blocks, 64 bytes apart: lane k belongs to block k. */
// @ts-ignore: decorator
@inline
function storeWords(dst: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(dst, v128.shuffle<i64>(ab0, cd0, 0, 2));
  v128.store(dst + 64, v128.shuffle<i64>(ab0, cd0, 1, 3));
  v128.store(dst + 128, v128.shuffle<i64>(ab1, cd1, 0, 2));
  v128.store(dst + 192, v128.shuffle<i64>(ab1, cd1, 1, 3));
}

/**
 * `blocks` blocks of ChaCha20 keystream (RFC 8439 §2.3), from block `counter` on; the counter wraps at 2^32.
 * In: 32 bytes at `key`, 12 at `nonce`, neither aligned; `blocks` a multiple of 4. Out: 64·blocks bytes at `dst`.
 * Four blocks go side by side, one in each 32-bit lane, so that a quarter round needs no shuffles between words.
 */
export function chacha20(dst: usize, key: usize, nonce: usize, counter: u32, blocks: u32): void {
  // "expand 32-byte k" in little-endian words (RFC 8439 §2.3).
  const c0 = i32x4.splat(0x61707865);
  const c1 = i32x4.splat(0x3320646e);
  const c2 = i32x4.splat(0x79622d32);
  const c3 = i32x4.splat(0x6b206574);
  const end = dst + (<usize>blocks << 6);
  for (; dst < end; dst += 256, counter += 4) {
    const count = i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3));
    let x0 = c0;
    let x1 = c1;
    let x2 = c2;
    let x3 = c3;
    let x4 = v128.load32_splat(key);
    let x5 = v128.load32_splat(key, 4);
    let x6 = v128.load32_splat(key, 8);
    let x7 = v128.load32_splat(key, 12);
    let x8 = v128.load32_splat(key, 16);
    let x9 = v128.load32_splat(key, 20);
    let x10 = v128.load32_splat(key, 24);
    let x11 = v128.load32_splat(key, 28);
    let x12 = count;
    let x13 = v128.load32_splat(nonce);
    let x14 = v128.load32_splat(nonce, 4);
    let x15 = v128.load32_splat(nonce, 8);
    for (let round = 0; round < 10; round++) {
      // A column round, then a diagonal round. Four quarter rounds in step: they do not depend on one another.
      x0 = i32x4.add(x0, x4);
      x1 = i32x4.add(x1, x5);
      x2 = i32x4.add(x2, x6);
      x3 = i32x4.add(x3, x7);
      x12 = rotate16(v128.xor(x12, x0));
      x13 = rotate16(v128.xor(x13, x1));
      x14 = rotate16(v128.xor(x14, x2));
      x15 = rotate16(v128.xor(x15, x3));
      x8 = i32x4.add(x8, x12);
      x9 = i32x4.add(x9, x13);
      x10 = i32x4.add(x10, x14);
      x11 = i32x4.add(x11, x15);
      x4 = rotate(v128.xor(x4, x8), 12);
      x5 = rotate(v128.xor(x5, x9), 12);
      x6 = rotate(v128.xor(x6, x10), 12);
      x7 = rotate(v128.xor(x7, x11), 12);
      x0 = i32x4.add(x0, x4);
      x1 = i32x4.add(x1, x5);
      x2 = i32x4.add(x2, x6);
      x3 = i32x4.add(x3, x7);
      x12 = rotate8(v128.xor(x12, x0));
      x13 = rotate8(v128.xor(x13, x1));
      x14 = rotate8(v128.xor(x14, x2));
      x15 = rotate8(v128.xor(x15, x3));
      x8 = i32x4.add(x8, x12);
      x9 = i32x4.add(x9, x13);
      x10 = i32x4.add(x10, x14);
      x11 = i32x4.add(x11, x15);
      x4 = rotate(v128.xor(x4, x8), 7);
      x5 = rotate(v128.xor(x5, x9), 7);
      x6 = rotate(v128.xor(x6, x10), 7);
      x7 = rotate(v128.xor(x7, x11), 7);

      x0 = i32x4.add(x0, x5);
      x1 = i32x4.add(x1, x6);
      x2 = i32x4.add(x2, x7);
      x3 = i32x4.add(x3, x4);
      x15 = rotate16(v128.xor(x15, x0));
      x12 = rotate16(v128.xor(x12, x1));
      x13 = rotate16(v128.xor(x13, x2));
      x14 = rotate16(v128.xor(x14, x3));
      x10 = i32x4.add(x10, x15);
      x11 = i32x4.add(x11, x12);
      x8 = i32x4.add(x8, x13);
      x9 = i32x4.add(x9, x14);
      x5 = rotate(v128.xor(x5, x10), 12);
      x6 = rotate(v128.xor(x6, x11), 12);
      x7 = rotate(v128.xor(x7, x8), 12);
      x4 = rotate(v128.xor(x4, x9), 12);
      x0 = i32x4.add(x0, x5);
      x1 = i32x4.add(x1, x6);
      x2 = i32x4.add(x2, x7);
      x3 = i32x4.add(x3, x4);
      x15 = rotate8(v128.xor(x15, x0));
      x12 = rotate8(v128.xor(x12, x1));
      x13 = rotate8(v128.xor(x13, x2));
      x14 = rotate8(v128.xor(x14, x3));
      x10 = i32x4.add(x10, x15);
      x11 = i32x4.add(x11, x12);
      x8 = i32x4.add(x8, x13);
      x9 = i32x4.add(x9, x14);
      x5 = rotate(v128.xor(x5, x10), 7);
      x6 = rotate(v128.xor(x6, x11), 7);
      x7 = rotate(v128.xor(x7, x8), 7);
      x4 = rotate(v128.xor(x4, x9), 7);
    }
    storeWords(dst, i32x4.add(x0, c0), i32x4.add(x1, c1), i32x4.add(x2, c2), i32x4.add(x3, c3));
    x4 = i32x4.add(x4, v128.load32_splat(key));
    x5 = i32x4.add(x5, v128.load32_splat(key, 4));
    x6 = i32x4.add(x6, v128.load32_splat(key, 8));
    x7 = i32x4.add(x7, v128.load32_splat(key, 12));
    storeWords(dst + 16, x4, x5, x6, x7);
    x8 = i32x4.add(x8, v128.load32_splat(key, 16));
    x9 = i32x4.add(x9, v128.load32_splat(key, 20));
    x10 = i32x4.add(x10, v128.load32_splat(key, 24));
    x11 = i32x4.add(x11, v128.load32_splat(key, 28));
    storeWords(dst + 32, x8, x9, x10, x11);
    x12 = i32x4.add(x12, count);
    x13 = i32x4.add(x13, v128.load32_splat(nonce));
    x14 = i32x4.add(x14, v128.load32_splat(nonce, 4));
    x15 = i32x4.add(x15, v128.load32_splat(nonce, 8));
    storeWords(dst + 48, x12, x13, x14, x15);
  }
}

/**
 * n residues uniform mod p, centred: |r| ≤ (p − 1)/2.
 * In: p odd, 2 < p < 2^50, pinv = fl(1/p). Out: n doubles at `dst`, nothing beyond. Uses whole 64-bit words in turn.
 * A word gives x = its low 52 bits, refused where x ≥ ⌊2^52/p⌋·p. Fewer than p of 2^52 values are refused: under 1/4.
 * What is left is uniform over whole multiples of p, so x mod p is exactly uniform. Branchless: every r is stored, and
 * the next one overwrites it unless the pointer moved.
 * Proof of the range: q misses x/p by at most 1/2 + x/p·2^-52, so |x − q·p| < p/2 + 1, at most one above (p − 1)/2,
 * which one correction by p brings back. q·p < 2^53 is exact in one double: neither build needs a fused operation.
 */
export function sampleUniform(
  dst: usize,
  n: u32,
  key: usize,
  nonce: usize,
  scratch: usize,
  p: f64,
  pinv: f64,
): void {
  const end = dst + (<usize>n << 3);
  // ⌊2^52/p⌋·p in integers: in doubles the quotient could round up past its floor.
  const bound = f64x2.splat(<f64>((<u64>1 << 52) / <u64>p * <u64>p));
  const low52 = i64x2.splat(0x000fffffffffffff);
  const two52 = f64x2.splat(4503599627370496.0); // the double whose last place is 1: its low 52 bits count in ones
  const half = f64x2.splat((p - 1.0) * 0.5);
  const negHalf = f64x2.splat((p - 1.0) * -0.5);
  const ps = f64x2.splat(p);
  const pis = f64x2.splat(pinv);
  let counter: u32 = 0;
  while (dst < end) {
    // No more blocks than the values still wanted can use, in fours.
    const left = <u32>((end - dst) >> 3);
    const blocks = min<u32>(<u32>(SCRATCH >> 6), ((left + 31) >> 5) << 2);
    chacha20(scratch, key, nonce, counter, blocks);
    counter += blocks;
    const stop = scratch + (<usize>blocks << 6);
    for (let s = scratch; s < stop; s += 16) {
      const x = f64x2.sub(v128.or(v128.and(load(s), low52), two52), two52);
      const accepted = i64x2.bitmask(f64x2.lt(x, bound));
      let r = f64x2.sub(x, f64x2.mul(f64x2.nearest(f64x2.mul(x, pis)), ps));
      r = f64x2.sub(r, v128.and(f64x2.gt(r, half), ps));
      r = f64x2.add(r, v128.and(f64x2.lt(r, negHalf), ps));
      v128.store64_lane(dst, r, 0);
      dst += <usize>(accepted & 1) << 3;
      if (dst >= end) break; // taken once, at the end
      v128.store64_lane(dst, r, 1);
      dst += <usize>(accepted & 2) << 2;
      if (dst >= end) break;
    }
  }
  memory.fill(scratch, 0, SCRATCH);
}

/**
 * n values −1, 0, 1, each with probability exactly 1/3.
 * A byte b < 255 = 3·85 gives b mod 3 − 1; 255 is refused. The quotient b/3 is (171·b) >> 9, right for all b < 256.
 * No branch and no address depends on a value that is kept; that a byte was refused says nothing about the others.
 */
export function sampleTernary(dst: usize, n: u32, key: usize, nonce: usize, scratch: usize): void {
  const end = dst + (<usize>n << 3);
  let counter: u32 = 0;
  while (dst < end) {
    const left = <u32>((end - dst) >> 3);
    const blocks = min<u32>(<u32>(SCRATCH >> 6), ((left + 255) >> 8) << 2);
    chacha20(scratch, key, nonce, counter, blocks);
    counter += blocks;
    const stop = scratch + (<usize>blocks << 6);
    for (let s = scratch; s < stop && dst < end; s++) {
      const b = <i32>load8(s);
      f64.store(dst, <f64>(b - 3 * ((b * 171) >> 9) - 1));
      dst += <usize>(b != 255) << 3;
    }
  }
  memory.fill(scratch, 0, SCRATCH);
}

// @ts-ignore: decorator
@inline
function load8(address: usize): u32 {
  return <u32>i32.load8_u(address);
}

/** Gives a magnitude < 2^51 the sign in bit 0 of its word, and makes it a double; zero has no sign. */
// @ts-ignore: decorator
@inline
function signedDouble(magnitude: v128, word: v128): v128 {
  const sign = i64x2.sub(i64x2.splat(0), v128.and(word, i64x2.splat(1)));
  const value = i64x2.sub(v128.xor(magnitude, sign), sign);
  // 1.5·2^52: integers within ±2^51 of it are doubles one apart, so its bits plus the value are the double of the sum.
  const base = f64x2.splat(6755399441055744.0);
  return f64x2.sub(i64x2.add(value, base), base);
}

/**
 * n errors of the discrete Gaussian that `table` holds (`gaussianTable`: a count K, then K ascending thresholds, u64).
 * In: n a multiple of 8. Out: n integers in doubles, |e| ≤ K. One 64-bit word each: bit 0 is the sign, the other 63
 * bits u give |e| = #{k : T_k ≤ u}, T_k = 2^63·P(|e| < k) (inversion of the cumulative table: Peikert, eprint
 * 2010/088).
 * Constant time: all thresholds are compared, in the same order, whatever the word.
 */
export function sampleGaussian(dst: usize, n: u32, key: usize, nonce: usize, scratch: usize, table: usize): void {
  const end = dst + (<usize>n << 3);
  const thresholds = <usize>i64.load(table);
  const first = table + 8;
  const last = first + (thresholds << 3);
  const all = i64x2.splat(<i64>thresholds);
  let counter: u32 = 0;
  while (dst < end) {
    const left = <u32>((end - dst) >> 3);
    const blocks = min<u32>(<u32>(SCRATCH >> 6), ((left + 31) >> 5) << 2);
    chacha20(scratch, key, nonce, counter, blocks);
    counter += blocks;
    const stop = scratch + min<usize>(<usize>blocks << 6, end - dst);
    for (let s = scratch; s < stop; s += 64, dst += 64) {
      // Four pairs at a time: a threshold is loaded once for eight values, and four compares are under way together.
      const w0 = load(s);
      const w1 = load(s + 16);
      const w2 = load(s + 32);
      const w3 = load(s + 48);
      const u0 = i64x2.shr_u(w0, 1);
      const u1 = i64x2.shr_u(w1, 1);
      const u2 = i64x2.shr_u(w2, 1);
      const u3 = i64x2.shr_u(w3, 1);
      // |e| = K − #{k : T_k > u}.
      let m0 = all;
      let m1 = all;
      let m2 = all;
      let m3 = all;
      for (let t = first; t < last; t += 8) {
        const threshold = v128.load64_splat(t);
        // Both sides are below 2^63, so the signed comparison (the only one there is) is right. True is −1.
        m0 = i64x2.add(m0, i64x2.gt_s(threshold, u0));
        m1 = i64x2.add(m1, i64x2.gt_s(threshold, u1));
        m2 = i64x2.add(m2, i64x2.gt_s(threshold, u2));
        m3 = i64x2.add(m3, i64x2.gt_s(threshold, u3));
      }
      v128.store(dst, signedDouble(m0, w0));
      v128.store(dst + 16, signedDouble(m1, w1));
      v128.store(dst + 32, signedDouble(m2, w2));
      v128.store(dst + 48, signedDouble(m3, w3));
    }
  }
  memory.fill(scratch, 0, SCRATCH);
}
