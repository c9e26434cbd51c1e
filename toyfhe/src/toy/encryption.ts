/**
 * Encryption and decryption, the same for all three schemes: Lyubashevsky–Peikert–Regev, eprint 2012/230.
 * @module
 */

import { type RandomSource, systemRandom } from '../backend/random.ts';
import { needRandom, refused, show } from './checks.ts';
import { Ciphertext, needCiphertext } from './ciphertext.ts';
import { maskedBySecret } from './keygen.ts';
import { type KeyPair, type PrivateKey, type PublicKey, privateKey, publicKey } from './keys.ts';
import { needSamePair } from './pair.ts';
import type { RlweParams } from './params.ts';
import { type Encoding, isPlain, type Plain } from './plain.ts';
import { RingElement } from './ring-element.ts';

/**
 * A fresh ciphertext of length 2 in the plaintext's ring: (b·u + e₁ + π⁻¹(m), a·u + e₂) for the public key (b, a), with
 * u ← 𝒢 and e₁, e₂ ← 𝒩. A toy: not secure.
 * @throws FheError KEY_MISSING for no public key; FORMAT for a plaintext of another scheme; LEVEL_MISMATCH when its ring is not made of primes of the
 *   public key's; RANGE when a value does not fit.
 */
export function encrypt<P extends Plain>(
  key: PublicKey | KeyPair,
  plain: P,
  random: RandomSource = systemRandom,
): Ciphertext<P> {
  const pub = publicKey('encrypt', key);
  needRandom('encrypt', random);
  const { params } = pub;
  needPlain(plain, params);
  const { ring, encoding } = plain;
  const u = RingElement.lift(ring, params.secret(random));
  const [zero0, zero1] = pub.parts.map((part) =>
    part
      .restrict(ring)
      .mul(u)
      .add(RingElement.lift(ring, params.noise(random))),
  ) as [RingElement, RingElement];
  const message = params.embed(plain.coefficients(), ring);
  return new Ciphertext(pub.pair, encoding as Encoding<P>, [zero0.add(message), zero1]);
}

/**
 * The same by whoever holds the secret s: (−a·s + e + π⁻¹(m), a) with a uniform and e ← 𝒩. One error where the public key
 * brings three, and a can be named by the seed it was drawn from. A toy: not secure.
 * @throws FheError KEY_MISSING for no private key; else as {@link encrypt}.
 */
export function encryptSecret<P extends Plain>(
  key: PrivateKey | KeyPair,
  plain: P,
  random: RandomSource = systemRandom,
): Ciphertext<P> {
  const priv = privateKey('encrypt', key);
  needRandom('encrypt', random);
  needPlain(plain, priv.params);
  const { ring, encoding } = plain;
  const [masked, a] = maskedBySecret(priv, ring, random);
  const message = priv.params.embed(plain.coefficients(), ring);
  return new Ciphertext(priv.pair, encoding as Encoding<P>, [masked.add(message), a]);
}

/** @throws FheError FORMAT, LEVEL_MISMATCH unless these parameters can encrypt it. */
function needPlain(plain: Plain, params: RlweParams): void {
  if (!isPlain(plain)) {
    const hint = 'fill one, e.g. CKKSEncoding(FixedRational(2n ** 40n), zero(R)).assign([1, 2, 3])';
    throw refused('FORMAT', 'encrypt', 'what is encrypted', 'a plaintext of the toy', show(plain), hint);
  }
  const { ring, encoding } = plain;
  if (encoding.space !== params.space) {
    const hint = `encode for ${params.scheme}`;
    throw refused('FORMAT', 'encrypt', 'the plaintext space', params.space, encoding.space, hint);
  }
  if (ring.degree === params.ring.degree && ring.primes.every((p) => params.ring.primes.includes(p))) return;
  const should = `${params.ring} or one with fewer of its primes`;
  const hint = 'encode in ring(kp.pub)';
  throw refused('LEVEL_MISMATCH', 'encrypt', 'the ring of the plaintext', should, String(ring), hint);
}

/**
 * The plaintext, from a ciphertext of any length: π(phase). CKKS decryptions must not be shown to whoever may have the
 * ciphertext: their errors tell about the secret (Li–Micciancio, eprint 2020/1533). A toy: not secure.
 * @throws FheError KEY_MISSING for no private key, or another pair's; FORMAT for anything but a ciphertext.
 */
export function decrypt<P extends Plain>(key: PrivateKey | KeyPair, c: Ciphertext<P>): P {
  const whole = phase(key, c); // checks what it was given
  return c.encoding.decode(c.params.extract(whole), c.ring);
}

/** c₀ + c₁·s + c₂·s² + … by Horner's rule: message and noise together. Throws as {@link decrypt} does. */
export function phase(key: PrivateKey | KeyPair, c: Ciphertext<Plain>): RingElement {
  const priv = privateKey('decrypt', key);
  needCiphertext('decrypt', c);
  needSamePair('decrypt', c, 'the key', priv);
  const s = priv.secretIn(c.ring);
  return c.parts.reduceRight((sum, part) => sum.mul(s).add(part));
}
