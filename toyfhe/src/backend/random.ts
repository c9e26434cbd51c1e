/**
 * Where random bytes come from. Keys and noise are drawn from the operating system; tests and lessons that must repeat
 * draw from a seed. `Math.random` is not cryptographic and is used nowhere.
 *
 * No module of Node is imported here, because browsers load this file too: what only Node has is looked up when a seed
 * asks for it.
 * @module
 */
import { FheError } from './errors.ts';

/** A source of uniform random bytes. */
export interface RandomSource {
  /** The next `n` bytes, in memory of their own. */
  bytes(n: number): Uint8Array;
}

const CHUNK = 4096; // bytes: a call into the system costs microseconds, whatever its size; getRandomValues gives 65536

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
export const systemRandom: RandomSource = buffered((n) => globalThis.crypto.getRandomValues(new Uint8Array(n)));

/**
 * The same bytes for the same seed on every machine: the AES-256-CTR keystream under the key SHA-256(seed), from
 * counter 0. For tests and reproducible lessons only: whoever knows the seed knows every key drawn from it.
 * @throws FheError FORMAT in a browser, which has no such cipher without waiting.
 */
export function seededRandom(seed: string): RandomSource {
  const { createCipheriv, createHash } = nodeCrypto();
  const key = createHash('sha256').update(seed, 'utf8').digest();
  const cipher = createCipheriv('aes-256-ctr', key, new Uint8Array(16)); // 16 bytes: one AES block of counter
  return buffered((n) => cipher.update(new Uint8Array(n)));
}

/** Node's own module, where there is one; its type comes with the look-up. */
function nodeCrypto() {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  const crypto = process?.getBuiltinModule?.('node:crypto');
  if (crypto !== undefined) return crypto;
  throw new FheError({
    code: 'FORMAT',
    op: 'draw from a seed',
    field: 'JavaScript runtime',
    should: 'Node.js 22 or newer',
    is: process?.version ?? 'a browser',
    hint: 'leave the seed out: systemRandom works everywhere',
  });
}
