/**
 * How much more noise a BFV or BGV ciphertext can take.
 * @module
 */

import { refused } from './checks.ts';
import type { Ciphertext } from './ciphertext.ts';
import { phase } from './encryption.ts';
import { log2, maxAbs } from './integers.ts';
import type { KeyPair, PrivateKey } from './keys.ts';
import type { Plain } from './plain.ts';

/**
 * Bits until decryption goes wrong, 0 when nothing is left. The noise is what a phase is more than the encoding of its
 * own message, in noise units: phase − π⁻¹(π(phase)). It must stay below Q/(2t); the budget is log₂(Q/2t) − log₂(largest
 * coefficient). For BFV that is SEAL's invariant noise budget; Fan–Vercauteren, eprint 2012/144, lemma 1, has the bound.
 * Noise that has wrapped around looks like noise just below it: under one bit, take it as gone.
 * Measuring takes the private key.
 * @throws FheError FORMAT for CKKS, whose noise cannot be told from the message; KEY_MISSING for another pair's key.
 */
export function noiseBudget(key: PrivateKey | KeyPair, c: Ciphertext<Plain>): number {
  const whole = phase(key, c);
  const { params, ring } = c;
  if (params.plainModulus === undefined) {
    const is = `${params.scheme}, whose noise is part of the message`;
    const hint = 'compare the decrypted slots with the expected ones instead';
    throw refused('FORMAT', 'measure the noise budget', 'the scheme', 'BFV or BGV', is, hint);
  }
  const noise = maxAbs(whole.sub(params.embed(params.extract(whole), ring)).centred()) / params.noiseUnit;
  const room = log2(ring.modulus) - 1 - log2(params.plainModulus);
  return Math.max(0, room - Math.max(0, log2(noise)));
}
