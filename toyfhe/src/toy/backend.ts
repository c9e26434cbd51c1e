/**
 * The toy behind the contract that all backends meet, so that a program can run on readable code. Small rings only,
 * and never secure: write `insecure: true`.
 * @module
 */

import type { Arithmetic, KeyRequest } from '../backend/arithmetic.ts';
import { CheckedBackend } from '../backend/checked.ts';
import type { Backend, Meta } from '../backend/contract.ts';
import { FheError, transparentResult } from '../backend/errors.ts';
import { type ParameterSpec, type Parameters, parameters } from '../backend/parameters.ts';
import { type RandomSource, systemRandom } from '../backend/random.ts';
import type { Slots } from '../backend/slots.ts';
import type { Ciphertext } from './ciphertext.ts';
import { CKKSParams } from './ckks.ts';
import { CKKSEncoding } from './ckks-encoding.ts';
import { decrypt, encrypt } from './encryption.ts';
import { FixedRational } from './fixed-rational.ts';
import { circshift, conjugate } from './galois.ts';
import { keygen } from './keygen.ts';
import { EvalMultKey, GaloisKey, type PrivateKey, type PublicKey } from './keys.ts';
import { keyswitch } from './keyswitch.ts';
import { dropPrime, modswitch } from './modswitch.ts';
import { ModulusRaised } from './modulus-raised.ts';
import { NegacyclicRing, type Ring } from './ring.ts';
import { zero } from './ring-element.ts';

/** The embedding is a d × d/2 table and every product BigInt: above this a single operation takes seconds. */
const LARGEST_DEGREE = 1024;

/**
 * CKKS on the readable ring: up to degree 1024, at most one special prime.
 * @param random where keys and noise come from; the operating system unless a test or a repeatable lesson gives a seed
 * @throws FheError RANGE, INSECURE (see `parameters`).
 */
export function toy(spec: ParameterSpec | Parameters, random: RandomSource = systemRandom): Backend {
  const params = 'slots' in spec ? spec : parameters(spec);
  const refuse = (field: string, should: string, is: number, hint: string): never => {
    throw new FheError({
      code: 'RANGE',
      op: 'make parameters for the toy',
      field,
      should,
      is: String(is),
      hint,
    });
  };
  if (params.ringDegree > LARGEST_DEGREE) {
    refuse('ringDegree', `at most ${LARGEST_DEGREE}`, params.ringDegree, 'take the seal backend for larger rings');
  }
  if (params.special.length > 1) refuse('special primes', 'at most one', params.special.length, 'leave the others out');
  return new CheckedBackend(new ToyArithmetic(params, random));
}

type Cipher = Ciphertext<CKKSEncoding>;

interface ToyHandles {
  plain: CKKSEncoding;
  cipher: Cipher;
  secret: PrivateKey;
  public: PublicKey;
  evaluation: {
    mult: EvalMultKey | undefined;
    rotations: ReadonlyMap<number, GaloisKey>;
    conjugate: GaloisKey | undefined;
  };
}

class ToyArithmetic implements Arithmetic<ToyHandles> {
  readonly name = 'toy';
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

  encode(values: Slots, { level, scale }: Meta): CKKSEncoding {
    const { numerator, denominator } = scale.fraction;
    const plain = CKKSEncoding(FixedRational(numerator, denominator), zero(this.#rings[level]!));
    return plain.assign(Array.from(values.re, (re, i) => ({ re, im: values.im[i]! })));
  }
  /** A plaintext is shown as what its rounded polynomial stands for. */
  decode(p: CKKSEncoding): Slots {
    const { re, im } = p.encoding.decode(p.coefficients(), p.ring);
    return { re, im };
  }
  decodeReal(p: CKKSEncoding): Float64Array {
    return this.decode(p).re;
  }
  keygen(): { secret: PrivateKey; public: PublicKey } {
    const { priv, pub } = keygen(this.#scheme, this.#random);
    return { secret: priv, public: pub };
  }
  evaluationKeys(secret: PrivateKey, request: KeyRequest): ToyHandles['evaluation'] {
    return {
      mult: request.relinearize ? keygen(EvalMultKey, secret, this.#random) : undefined,
      rotations: new Map(request.rotations.map((steps) => [steps, keygen(GaloisKey, secret, { steps }, this.#random)])),
      conjugate: request.conjugate ? keygen(GaloisKey, secret, { conjugate: true }, this.#random) : undefined,
    };
  }
  encrypt(key: PublicKey, p: CKKSEncoding): Cipher {
    return encrypt(key, p, this.#random);
  }
  decrypt(key: PrivateKey, c: Cipher): CKKSEncoding {
    return decrypt(key, c);
  }
  add(a: Cipher, b: Cipher): Cipher {
    return readable('add', a.add(b));
  }
  sub(a: Cipher, b: Cipher): Cipher {
    return readable('sub', a.sub(b));
  }
  neg(c: Cipher): Cipher {
    return c.neg();
  }
  addPlain(c: Cipher, p: CKKSEncoding): Cipher {
    return c.add(p);
  }
  mulPlain(c: Cipher, p: CKKSEncoding): Cipher {
    return readable('mulPlain', c.mul(p));
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
    return steps.map((k) => circshift(c, keys.rotations.get(k)!));
  }
  conjugate(keys: ToyHandles['evaluation'], c: Cipher): Cipher {
    return conjugate(c, keys.conjugate!);
  }
  /** What residues of 64 bits would take; BigInts take more. */
  bytes(c: Cipher): number {
    return c.length * c.ring.primes.length * c.ring.degree * 8;
  }
  /** Everything is on the JavaScript heap. */
  free(): void {}
  close(): void {}
}

/** @throws FheError TRANSPARENT where every part that goes with the secret is zero: c₀ is then the message itself. */
function readable(op: string, c: Cipher): Cipher {
  const hidden = c.parts.slice(1).some((part) => part.values().some((limb) => limb.some((a) => a !== 0n)));
  if (hidden) return c;
  throw transparentResult(op, 'transparent (its second polynomial is zero)');
}
