/**
 * Making keys.
 * @module
 */

import { type RandomSource, systemRandom } from '../backend/random.ts';
import { needRandom, refused, show } from './checks.ts';
import { conjugationElement, rotationElement } from './galois-element.ts';
import { EvalMultKey, GaloisKey, KeyPair, PrivateKey, PublicKey, privateKey, type SwitchingKey } from './keys.ts';
import { PairId } from './pair.ts';
import { RlweParams } from './params.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';
import { uniformElement } from './sampling.ts';

/** Which automorphism a Galois key is for: a rotation by `steps` to the right (any integer), or conjugation. */
export type GaloisChoice = { readonly steps: number } | { readonly conjugate: true };

/**
 * A fresh key pair. Randomness comes from the operating system unless `random` says otherwise. A toy: not secure.
 * @throws FheError FORMAT for anything but parameters.
 */
export function keygen(params: RlweParams, random?: RandomSource): KeyPair;
/**
 * The key that {@link keyswitch} needs. Making it takes the private key; using it does not.
 * @throws FheError KEY_MISSING for no private key.
 */
export function keygen(kind: typeof EvalMultKey, priv: PrivateKey | KeyPair, random?: RandomSource): EvalMultKey;
/**
 * The key that `circshift` or `conjugate` needs. Making it takes the private key; using it does not.
 * @throws FheError KEY_MISSING for no private key; RANGE for a choice that is neither whole steps nor conjugation.
 */
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
  const op = 'make keys';
  if (what instanceof RlweParams) return keyPair(what, source(op, rest[0]));
  if (what === EvalMultKey) return evalMultKey(privateKey(op, rest[0]), source(op, rest[1]));
  if (what === GaloisKey) return galoisKey(privateKey(op, rest[0]), rest[1], source(op, rest[2]));
  const hint = 'write keygen(params), keygen(EvalMultKey, kp.priv) or keygen(GaloisKey, kp.priv, { steps: 2 })';
  throw refused('FORMAT', op, 'the first argument', 'parameters, EvalMultKey or GaloisKey', show(what), hint);
}

function source(op: string, random: unknown = systemRandom): RandomSource {
  needRandom(op, random);
  return random;
}

function keyPair(params: RlweParams, random: RandomSource): KeyPair {
  const pair = new PairId(params);
  const priv = new PrivateKey(pair, params.secret(random));
  return new KeyPair(priv, new PublicKey(pair, maskedBySecret(priv, params.ring, random)));
}

function evalMultKey(priv: PrivateKey, random: RandomSource): EvalMultKey {
  const s = priv.secretIn(priv.params.keyRing(priv.params.ring));
  return new EvalMultKey(priv.pair, switchingKey(priv, s.mul(s), random));
}

function galoisKey(priv: PrivateKey, choice: unknown, random: RandomSource): GaloisKey {
  const { ring } = priv.params;
  const element = chosenElement(choice, ring.degree);
  const turned = priv.secretIn(priv.params.keyRing(ring)).automorphism(element);
  return new GaloisKey(priv.pair, switchingKey(priv, turned, random), element);
}

function chosenElement(choice: unknown, degree: number): number {
  const { steps, conjugate } = (choice ?? {}) as { steps?: number; conjugate?: unknown };
  if (steps !== undefined && conjugate === undefined) return rotationElement(steps, degree);
  if (conjugate === true && steps === undefined) return conjugationElement(degree);
  const hint = 'write e.g. keygen(GaloisKey, kp.priv, { steps: 2 })';
  throw refused('RANGE', 'make a Galois key', 'the choice', '{ steps } or { conjugate: true }', show(choice), hint);
}

/** An encryption of zero under s that only its owner can make: (−a·s + e, a) with uniform a and e ← 𝒩. */
export function maskedBySecret(priv: PrivateKey, ring: Ring, random: RandomSource): [RingElement, RingElement] {
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
