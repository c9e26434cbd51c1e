/**
 * Encryption and decryption, the same for all three schemes: Lyubashevsky–Peikert–Regev, eprint 2012/230.
 * @module
 */

import { FheError } from '../backend/errors.ts';
import { type RandomSource, systemRandom } from '../backend/random.ts';
import { Ciphertext } from './ciphertext.ts';
import type { KeyPair, PrivateKey, PublicKey } from './keys.ts';
import type { Encoding, Plain } from './plain.ts';
import { RingElement } from './ring-element.ts';

/**
 * A fresh ciphertext of length 2 in the plaintext's ring: (b·u + e₁ + π⁻¹(m), a·u + e₂) for the public key (b, a), with
 * u ← 𝒢 and e₁, e₂ ← 𝒩. A toy: not secure.
 * @throws FheError FORMAT for a plaintext of another scheme; LEVEL_MISMATCH when its ring is not made of primes of the
 *   public key's; RANGE when a value does not fit.
 */
export function encrypt<P extends Plain>(
  key: PublicKey | KeyPair,
  plain: P,
  random: RandomSource = systemRandom,
): Ciphertext<P> {
  const pub = 'pub' in key ? key.pub : key;
  const { params } = pub;
  const { ring, encoding } = plain;
  if (encoding.space !== params.space) {
    throw new FheError({
      code: 'FORMAT',
      op: 'encrypt',
      field: 'the plaintext space',
      should: params.space,
      is: encoding.space,
      hint: `encode for ${params.scheme}`,
    });
  }
  if (ring.degree !== pub.ring.degree || !ring.primes.every((p) => pub.ring.primes.includes(p))) {
    throw new FheError({
      code: 'LEVEL_MISMATCH',
      op: 'encrypt',
      field: 'the ring of the plaintext',
      should: `${pub.ring} or one with fewer of its primes`,
      is: String(ring),
      hint: 'encode in ring(kp.pub)',
    });
  }
  const u = RingElement.lift(ring, params.secret(random));
  const [zero0, zero1] = pub.parts.map((part) =>
    part
      .restrict(ring)
      .mul(u)
      .add(RingElement.lift(ring, params.noise(random))),
  ) as [RingElement, RingElement];
  const message = params.embed(plain.coefficients(), ring);
  return new Ciphertext(params, encoding as Encoding<P>, [zero0.add(message), zero1]);
}

/** The plaintext, from a ciphertext of any length. */
export function decrypt<P extends Plain>(key: PrivateKey | KeyPair, c: Ciphertext<P>): P {
  return c.encoding.decode(c.params.extract(phase(key, c)), c.ring);
}

/** c₀ + c₁·s + c₂·s² + … by Horner's rule: message and noise together. */
export function phase(key: PrivateKey | KeyPair, c: Ciphertext<Plain>): RingElement {
  const priv = 'priv' in key ? key.priv : key;
  const s = priv.secretIn(c.ring);
  return c.parts.reduceRight((sum, part) => sum.mul(s).add(part));
}
