/**
 * What keys are. Only {@link PrivateKey} knows the secret; everything that a server needs does without.
 * @module
 */

import { inspect } from '../backend/print.ts';
import type { RlweParams } from './params.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

/** The secret polynomial s. It never prints, and `JSON.stringify` does not see it. */
export class PrivateKey {
  readonly params: RlweParams;
  readonly #secret: readonly bigint[];
  readonly #inRing = new Map<string, RingElement>();

  constructor(params: RlweParams, secret: readonly bigint[]) {
    this.params = params;
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
export class PublicKey {
  readonly params: RlweParams;
  readonly parts: readonly [RingElement, RingElement];

  constructor(params: RlweParams, parts: readonly [RingElement, RingElement]) {
    this.params = params;
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
export class EvalMultKey {
  readonly params: RlweParams;
  readonly digits: SwitchingKey;

  constructor(params: RlweParams, digits: SwitchingKey) {
    this.params = params;
    this.digits = digits;
  }

  [inspect](): string {
    return `${this.params.scheme} multiplication key`;
  }
}

/** Brings s(x^element) back to s after the automorphism x ↦ x^element. Holds no secret: made for the server. */
export class GaloisKey {
  readonly params: RlweParams;
  readonly digits: SwitchingKey;
  /** The odd exponent g, modulo twice the ring degree. */
  readonly element: number;

  constructor(params: RlweParams, digits: SwitchingKey, element: number) {
    this.params = params;
    this.digits = digits;
    this.element = element;
  }

  [inspect](): string {
    return `${this.params.scheme} galois key (element ${this.element})`;
  }
}
