/**
 * Where random bytes come from. Keys and noise are drawn from the operating system; tests and lessons that must repeat
 * draw from a seed. `Math.random` is not cryptographic and is used nowhere.
 * @module
 */

import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/** A source of uniform random bytes. */
export interface RandomSource {
  /** The next `n` bytes, in memory of their own. */
  bytes(n: number): Uint8Array;
}

const CHUNK = 4096; // bytes: one call into node:crypto costs microseconds, whatever its size

/** Hands out, in order, the bytes that `refill` brings in chunks. */
function buffered(refill: (n: number) => Uint8Array): RandomSource {
  let chunk = new Uint8Array(0);
  let used = 0;
  return {
    bytes(n: number): Uint8Array {
      const out = new Uint8Array(n);
      for (let filled = 0; filled < n;) {
        if (used === chunk.length) {
          chunk = new Uint8Array(refill(CHUNK));
          used = 0;
        }
        const part = chunk.subarray(used, used + Math.min(n - filled, chunk.length - used));
        out.set(part, filled);
        part.fill(0); // bytes that have been handed out need not stay here
        filled += part.length;
        used += part.length;
      }
      return out;
    },
  };
}

/** The operating system's cryptographically secure generator. */
export const systemRandom: RandomSource = buffered((n) => randomBytes(n));

/**
 * The same bytes for the same seed on every machine: the AES-256-CTR keystream under the key SHA-256(seed), from
 * counter 0. For tests and reproducible lessons only: whoever knows the seed knows every key drawn from it.
 */
export function seededRandom(seed: string): RandomSource {
  const key = createHash('sha256').update(seed, 'utf8').digest();
  const cipher = createCipheriv('aes-256-ctr', key, new Uint8Array(16)); // 16 bytes: one AES block of counter
  return buffered((n) => cipher.update(new Uint8Array(n)));
}
