/**
 * What keys are. Only {@link PrivateKey} knows the secret; everything that a server needs does without.
 * @module
 */

import { inspect } from '../backend/print.ts';
import { need } from './checks.ts';
import { OfPair, type PairId } from './pair.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

/** The secret polynomial s. It never prints, and `JSON.stringify` does not see it. */
export class PrivateKey extends OfPair {
  readonly #secret: readonly bigint[];
  readonly #inRing = new Map<string, RingElement>();

  constructor(pair: PairId, secret: readonly bigint[]) {
    super(pair);
    this.#secret = secret;
  }

  /** s as an element of a ring. This is the secret itself: it stays with whoever may decrypt. */
  secretIn(ring: Ring): RingElement {
    const known = this.#inRing.get(ring.key);
    if (known) return known;
    const secret = RingElement.lift(ring, this.#secret);
    this.#inRing.set(ring.key, secret);
    return secret;
  }

  [inspect](): string {
    return `${this.params.scheme} private key`;
  }
}

/** An encryption of zero, (−a·s + e, a): fresh ciphertexts are made from it. */
export class PublicKey extends OfPair {
  readonly parts: readonly [RingElement, RingElement];

  constructor(pair: PairId, parts: readonly [RingElement, RingElement]) {
    super(pair);
    this.parts = parts;
  }

  get ring(): Ring {
    return this.params.ring;
  }

  [inspect](): string {
    return `${this.params.scheme} public key`;
  }
}

/** Both halves; the private one stays at home. */
export class KeyPair {
  readonly priv: PrivateKey;
  readonly pub: PublicKey;

  constructor(priv: PrivateKey, pub: PublicKey) {
    this.priv = priv;
    this.pub = pub;
  }

  [inspect](): string {
    return `${this.pub.params.scheme} key pair`;
  }
}

/** Encryptions under s of weight·s′, one for each gadget digit: they carry an element over from s′ to s. */
export type SwitchingKey = readonly (readonly [RingElement, RingElement])[];

/** Brings s² back to s after a multiplication (relinearization). Holds no secret: made for the server. */
export class EvalMultKey extends OfPair {
  /** Tells it from a {@link GaloisKey}, which is made of the same parts. */
  readonly kind = 'multiplication';
  readonly digits: SwitchingKey;

  constructor(pair: PairId, digits: SwitchingKey) {
    super(pair);
    this.digits = digits;
  }

  [inspect](): string {
    return `${this.params.scheme} multiplication key`;
  }
}

/** Brings s(x^element) back to s after the automorphism x ↦ x^element. Holds no secret: made for the server. */
export class GaloisKey extends OfPair {
  readonly kind = 'galois';
  readonly digits: SwitchingKey;
  /** The odd exponent g, modulo twice the ring degree. */
  readonly element: number;

  constructor(pair: PairId, digits: SwitchingKey, element: number) {
    super(pair);
    this.digits = digits;
    this.element = element;
  }

  [inspect](): string {
    return `${this.params.scheme} galois key (element ${this.element})`;
  }
}

/** The private key itself or out of a pair. @throws FheError KEY_MISSING for anything else. */
export function privateKey(op: string, key: unknown): PrivateKey {
  const priv = key instanceof KeyPair ? key.priv : key;
  need(priv, PrivateKey, { code: 'KEY_MISSING', op, field: 'the key', should: 'a private key', hint: 'use kp.priv' });
  return priv;
}

/** The public key itself or out of a pair. @throws FheError KEY_MISSING for anything else. */
export function publicKey(op: string, key: unknown): PublicKey {
  const pub = key instanceof KeyPair ? key.pub : key;
  need(pub, PublicKey, { code: 'KEY_MISSING', op, field: 'the key', should: 'a public key', hint: 'use kp.pub' });
  return pub;
}
