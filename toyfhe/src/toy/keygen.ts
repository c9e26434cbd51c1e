/**
 * Making keys.
 * @module
 */

import { type RandomSource, systemRandom } from '../backend/random.ts';
import { conjugationElement, rotationElement } from './galois-element.ts';
import { EvalMultKey, GaloisKey, KeyPair, PrivateKey, PublicKey, type SwitchingKey } from './keys.ts';
import { RlweParams } from './params.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';
import { uniformElement } from './sampling.ts';

/** Which automorphism a Galois key is for: a rotation by `steps` to the right (any integer), or conjugation. */
export type GaloisChoice = { readonly steps: number } | { readonly conjugate: true };

/** A fresh key pair. Randomness comes from the operating system unless `random` says otherwise. A toy: not secure. */
export function keygen(params: RlweParams, random?: RandomSource): KeyPair;
/** The key that {@link keyswitch} needs. Making it takes the private key; using it does not. */
export function keygen(kind: typeof EvalMultKey, priv: PrivateKey | KeyPair, random?: RandomSource): EvalMultKey;
/** The key that `circshift` or `conjugate` needs. Making it takes the private key; using it does not. */
export function keygen(
  kind: typeof GaloisKey,
  priv: PrivateKey | KeyPair,
  choice: GaloisChoice,
  random?: RandomSource,
): GaloisKey;
export function keygen(
  what: RlweParams | typeof EvalMultKey | typeof GaloisKey,
  ...rest: readonly unknown[]
): KeyPair | EvalMultKey | GaloisKey {
  if (what instanceof RlweParams) return keyPair(what, (rest[0] ?? systemRandom) as RandomSource);
  const given = rest[0] as PrivateKey | KeyPair;
  const priv = 'priv' in given ? given.priv : given;
  if (what === EvalMultKey) return evalMultKey(priv, (rest[1] ?? systemRandom) as RandomSource);
  return galoisKey(priv, rest[1] as GaloisChoice, (rest[2] ?? systemRandom) as RandomSource);
}

function keyPair(params: RlweParams, random: RandomSource): KeyPair {
  const priv = new PrivateKey(params, params.secret(random));
  return new KeyPair(priv, new PublicKey(params, maskedBySecret(priv, params.ring, random)));
}

function evalMultKey(priv: PrivateKey, random: RandomSource): EvalMultKey {
  const s = priv.secretIn(priv.params.keyRing(priv.params.ring));
  return new EvalMultKey(priv.params, switchingKey(priv, s.mul(s), random));
}

function galoisKey(priv: PrivateKey, choice: GaloisChoice, random: RandomSource): GaloisKey {
  const { ring } = priv.params;
  const element = 'steps' in choice ? rotationElement(choice.steps, ring.degree) : conjugationElement(ring.degree);
  const turned = priv.secretIn(priv.params.keyRing(ring)).automorphism(element);
  return new GaloisKey(priv.params, switchingKey(priv, turned, random), element);
}

/** An encryption of zero under s that only its owner can make: (−a·s + e, a) with uniform a and e ← 𝒩. */
function maskedBySecret(priv: PrivateKey, ring: Ring, random: RandomSource): [RingElement, RingElement] {
  const a = uniformElement(ring, random);
  const e = RingElement.lift(ring, priv.params.noise(random));
  return [e.sub(a.mul(priv.secretIn(ring))), a];
}

/** For each gadget weight w, an encryption of keyFactor·w·from under s: eprint 2011/277, SwitchKeyGen. */
function switchingKey(priv: PrivateKey, from: RingElement, random: RandomSource): SwitchingKey {
  const { params } = priv;
  return params.gadget.weights(params.ring).map((weight) => {
    const [b, a] = maskedBySecret(priv, from.ring, random);
    return [b.add(from.scale(weight * params.keyFactor)), a];
  });
}
