/**
 * The contract's verbs in terms of the toy's functions: what `backend.ts` puts behind the contract.
 * @module
 */

import type { Arithmetic, KeyRequest } from '../backend/arithmetic.ts';
import type { Meta } from '../backend/contract.ts';
import type { Parameters } from '../backend/parameters.ts';
import type { RandomSource } from '../backend/random.ts';
import type { Slots } from '../backend/slots.ts';
import type { Ciphertext } from './ciphertext.ts';
import { CKKSParams } from './ckks.ts';
import { CKKSEncoding } from './ckks-encoding.ts';
import { decrypt, encrypt, encryptSecret } from './encryption.ts';
import { FixedRational } from './fixed-rational.ts';
import { circshift, conjugate } from './galois.ts';
import { type GaloisChoice, keygen } from './keygen.ts';
import { EvalMultKey, GaloisKey, type PrivateKey, type PublicKey } from './keys.ts';
import { keyswitch } from './keyswitch.ts';
import { dropPrime, modswitch } from './modswitch.ts';
import { ModulusRaised } from './modulus-raised.ts';
import { NegacyclicRing, type Ring } from './ring.ts';
import { zero } from './ring-element.ts';

export type Cipher = Ciphertext<CKKSEncoding>;

export interface Plain {
  readonly slots: CKKSEncoding;
  /** Decrypted, so already what a polynomial with integer coefficients stands for. */
  readonly rounded: boolean;
}

export interface ToyHandles {
  plain: Plain;
  cipher: Cipher;
  secret: PrivateKey;
  public: PublicKey;
  evaluation: {
    mult: EvalMultKey | undefined;
    rotations: ReadonlyMap<number, GaloisKey>;
    conjugate: GaloisKey | undefined;
  };
}

export class ToyArithmetic implements Arithmetic<ToyHandles> {
  readonly name = 'toy';
  readonly hides = 'toy';
  readonly parameters: Parameters;
  readonly #random: RandomSource;
  readonly #scheme: CKKSParams;
  /** One ring a level. */
  readonly #rings: readonly Ring[];

  constructor(params: Parameters, random: RandomSource) {
    this.parameters = params;
    this.#random = random;
    const all = CKKSParams(NegacyclicRing(params.ringDegree, [...params.primes, ...params.special]));
    this.#scheme = params.special.length > 0 ? ModulusRaised(all) : all;
    this.#rings = params.primes.map((_, level) => this.#scheme.ring.take(level + 1));
  }

  encode(values: Slots, { level, scale }: Meta): Plain {
    const { numerator, denominator } = scale.fraction;
    const slots = CKKSEncoding(FixedRational(numerator, denominator), zero(this.#rings[level]!));
    return { slots: slots.assign(Array.from(values.re, (re, i) => ({ re, im: values.im[i]! }))), rounded: false };
  }
  isZero({ slots, rounded }: Plain): boolean {
    if (rounded) return slots.re.every((x) => x === 0) && slots.im.every((y) => y === 0);
    return slots.coefficients().every((a) => a === 0n);
  }
  /** A plaintext is shown as what its rounded polynomial stands for. */
  decode({ slots, rounded }: Plain): Slots {
    const { re, im } = rounded ? slots : slots.encoding.decode(slots.coefficients(), slots.ring);
    return { re, im };
  }
  decodeReal(p: Plain): Float64Array {
    return this.decode(p).re;
  }
  keygen(): { secret: PrivateKey; public: PublicKey } {
    const { priv, pub } = keygen(this.#scheme, this.#random);
    return { secret: priv, public: pub };
  }
  evaluationKeys(secret: PrivateKey, request: KeyRequest, onKey: () => void): ToyHandles['evaluation'] {
    const made = <K>(key: K): K => {
      onKey();
      return key;
    };
    const turning = (choice: GaloisChoice): GaloisKey => made(keygen(GaloisKey, secret, choice, this.#random));
    return {
      mult: request.relinearize ? made(keygen(EvalMultKey, secret, this.#random)) : undefined,
      rotations: new Map(request.rotations.map((steps) => [steps, turning({ steps })])),
      conjugate: request.conjugate ? turning({ conjugate: true }) : undefined,
    };
  }
  encrypt(key: PublicKey, p: Plain): Cipher {
    return encrypt(key, p.slots, this.#random);
  }
  encryptSecret(key: PrivateKey, p: Plain): Cipher {
    return encryptSecret(key, p.slots, this.#random);
  }
  decrypt(key: PrivateKey, c: Cipher): Plain {
    return { slots: decrypt(key, c), rounded: true };
  }
  add(a: Cipher, b: Cipher): Cipher {
    return a.add(b);
  }
  sub(a: Cipher, b: Cipher): Cipher {
    return a.sub(b);
  }
  neg(c: Cipher): Cipher {
    return c.neg();
  }
  addPlain(c: Cipher, p: Plain): Cipher {
    return c.add(p.slots);
  }
  mulPlain(c: Cipher, p: Plain): Cipher {
    return c.mul(p.slots);
  }
  mul(a: Cipher, b: Cipher): Cipher {
    return a.mul(b);
  }
  square(c: Cipher): Cipher {
    return c.mul(c);
  }
  relinearize(keys: ToyHandles['evaluation'], c: Cipher): Cipher {
    return keyswitch(keys.mult!, c);
  }
  rescale(c: Cipher): Cipher {
    return modswitch(c);
  }
  dropLevel(c: Cipher, out: Meta): Cipher {
    return dropPrime(c, c.ring.primes.length - 1 - out.level);
  }
  rotateMany(keys: ToyHandles['evaluation'], c: Cipher, steps: readonly number[]): Cipher[] {
    return steps.map((k) => (k === 0 ? c : circshift(c, keys.rotations.get(k)!)));
  }
  conjugate(keys: ToyHandles['evaluation'], c: Cipher): Cipher {
    return conjugate(c, keys.conjugate!);
  }
  isTransparent(c: Cipher): boolean {
    return c.parts.slice(1).every((part) => part.values().every((limb) => limb.every((a) => a === 0n)));
  }
  /** What residues of 64 bits would take; BigInts take more. */
  bytes(c: Cipher): number {
    return c.length * c.ring.primes.length * c.ring.degree * 8;
  }
  /** Everything is on the JavaScript heap. */
  free(): void {}
  close(): void {}
}
