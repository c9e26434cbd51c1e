/**
 * Residues to bits and back: N residues modulo p take N·bits(p) bits, the first in the lowest bits of the first byte.
 *
 * Words of 32 bits are filled one after the other; a residue of up to 50 bits comes as a low word and what is above it,
 * taken apart by exact operations on doubles. Words lie in memory little-endian, as WebAssembly's memory does: the engine
 * runs nowhere else.
 * @module
 */

/** 2^32 and its inverse. */
const WORD = 4294967296;
const UNWORD = 1 / WORD;

/** The bits of a prime: residues below it need no more. */
export function bitsOf(prime: bigint): number {
  return prime.toString(2).length;
}

/** Bytes of n residues, n a multiple of 8. */
export function packedBytes(n: number, bits: number): number {
  return (n * bits) / 8;
}

/** Words that `pack` writes and `unpack` reads, one more than are needed. */
export function packedWords(n: number, bits: number): number {
  return Math.ceil((n * bits) / 32) + 1;
}

/**
 * Packs residues as the kernels hold them, integers |x| < p in either sign, as x mod p in [0, p).
 * @param words at least `packedWords(values.length, bits)`
 * @param bits of p, 1 … 50
 */
export function pack(words: Uint32Array, values: Float64Array, p: number, bits: number): void {
  let word = 0; // its lowest `used` bits are filled, the others zero
  let used = 0;
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    let x = values[i]!;
    if (x < 0) x += p;
    const low = x | 0; // modulo 2^32
    const high = (x * UNWORD) | 0;
    word |= low << used;
    const end = used + bits;
    if (end < 32) {
      used = end;
      continue;
    }
    words[at++] = word;
    // A shift by 32 is none in JavaScript: where the word was empty, all of `low` is in it.
    const rest = used === 0 ? high : (low >>> (32 - used)) | (high << used);
    if (end < 64) {
      word = rest;
      used = end - 32;
      continue;
    }
    words[at++] = rest;
    word = used === 0 ? 0 : high >>> (32 - used);
    used = end - 64;
  }
  words[at] = word;
}

/**
 * The residues back, centred: |x| ≤ p/2.
 * @returns the place of the first residue that is not below p, or −1; what stands behind it is not read
 */
export function unpack(values: Float64Array, words: Uint32Array, p: number, bits: number): number {
  const half = p / 2;
  const lowMask = bits >= 32 ? -1 : (1 << bits) - 1;
  const highMask = bits <= 32 ? 0 : (1 << (bits - 32)) - 1;
  let used = 0; // bits of words[at] that are read
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    const a = words[at]! | 0;
    let low = a;
    let high: number;
    if (used === 0) {
      high = words[at + 1]! | 0;
    } else {
      const b = words[at + 1]! | 0;
      low = (a >>> used) | (b << (32 - used));
      high = b >>> used;
      if (used + bits > 64) high |= words[at + 2]! << (32 - used);
    }
    used += bits;
    at += used >>> 5;
    used &= 31;
    const x = ((low & lowMask) >>> 0) + (high & highMask) * WORD;
    if (x >= p) return i;
    values[i] = x > half ? x - p : x;
  }
  return -1;
}
