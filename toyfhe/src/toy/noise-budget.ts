/**
 * How much more noise a BFV or BGV ciphertext can take.
 * @module
 */

import type { Ciphertext } from './ciphertext.ts';
import { phase } from './encryption.ts';
import { log2, maxAbs } from './integers.ts';
import type { KeyPair, PrivateKey } from './keys.ts';
import type { Plain } from './plain.ts';

/**
 * Bits until decryption goes wrong: log₂(Q/2) − log₂(largest noise coefficient), 0 when nothing is left. Noise that has
 * wrapped around looks like noise just below Q/2: under one bit, take it as gone. Measuring it takes the private key.
 * Fan–Vercauteren, eprint 2012/144, lemma 1.
 * @throws FheError FORMAT for CKKS, whose noise cannot be told from the message.
 */
export function noiseBudget(key: PrivateKey | KeyPair, c: Ciphertext<Plain>): number {
  const noise = maxAbs(c.params.decryptionNoise(phase(key, c)));
  return Math.max(0, log2(c.ring.modulus) - 1 - Math.max(0, log2(noise)));
}
