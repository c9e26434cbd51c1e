/**
 * Limbs, seeds and ternary coefficients as blocks, and back.
 * @module
 */
import type { Ring } from '../ring.ts';
import { bitsOf, pack, packedWords, unpack } from './bits.ts';
import { badFormat, CHECKSUM_BYTES } from './format.ts';
import { limbBytes, ternaryBytes } from './layout.ts';

/** Packs and unpacks limbs of one ring; its scratch is the size of one limb. */
export class LimbPacker {
  readonly ring: Ring;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;

  constructor(ring: Ring) {
    this.ring = ring;
    const most = Math.max(...ring.moduli.map(({ prime }) => bitsOf(prime)));
    this.#words = new Uint32Array(packedWords(ring.degree, most));
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  /** A block, room for its checksum included. */
  pack(values: Float64Array, i: number): Uint8Array {
    const { p, prime } = this.ring.moduli[i]!;
    pack(this.#words, values, p, bitsOf(prime));
    const bytes = limbBytes(this.ring, i);
    const block = new Uint8Array(bytes + CHECKSUM_BYTES);
    block.set(this.#bytes.subarray(0, bytes));
    return block;
  }

  /** @throws FheError FORMAT for a residue that is not below its prime */
  unpack(op: string, content: Uint8Array, values: Float64Array, i: number): void {
    const { p, prime } = this.ring.moduli[i]!;
    this.#bytes.set(content);
    const at = unpack(values, this.#words, p, bitsOf(prime));
    if (at >= 0) throw badFormat(op, `residue ${at} modulo ${prime}`, 'below it', 'not');
  }
}

/** A block of bytes as they are. */
export function bytesBlock(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(bytes.length + CHECKSUM_BYTES);
  block.set(bytes);
  return block;
}

/** Coefficients −1, 0, 1 as 2, 0, 1, four a byte, the first in the lowest bits. */
export function packTernary(ring: Ring, coefficients: Float64Array): Uint8Array {
  const block = new Uint8Array(ternaryBytes(ring) + CHECKSUM_BYTES);
  for (let i = 0; i < coefficients.length; i++) {
    const c = coefficients[i]!;
    if (c !== 0 && c !== 1 && c !== -1) throw new Error('a secret key is not ternary'); // keygen makes no such key
    block[i >> 2]! |= (c === -1 ? 2 : c) << (2 * (i & 3));
  }
  return block;
}

/** @throws FheError FORMAT */
export function unpackTernary(op: string, content: Uint8Array, coefficients: Float64Array): void {
  for (let i = 0; i < coefficients.length; i++) {
    const code = (content[i >> 2]! >> (2 * (i & 3))) & 3;
    if (code === 3) throw badFormat(op, `coefficient ${i}`, '0, 1 or 2 (for −1)', '3');
    coefficients[i] = code === 2 ? -1 : code;
  }
}
