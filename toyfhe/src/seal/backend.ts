/**
 * node-seal (Microsoft SEAL in WebAssembly) behind the contract. Not for keys or ciphertexts from strangers: node-seal 7
 * is SEAL 4.1.2, and 4.4.0 fixed memory-safety defects in deserialization.
 * @module
 */
import type {
  Ciphertext,
  CKKSEncoder,
  Decryptor,
  Encryptor,
  Evaluator,
  GaloisKeys,
  ParmsIdType,
  Plaintext,
  PublicKey,
  RelinKeys,
  SEALContext,
  SecretKey,
} from 'node-seal';
import type { Arithmetic, KeyRequest } from '../backend/arithmetic.ts';
import { CheckedBackend } from '../backend/checked.ts';
import type { Backend, Meta } from '../backend/contract.ts';
import { FheError } from '../backend/errors.ts';
import { asParameters, type ParameterSpec, type Parameters } from '../backend/parameters.ts';
import type { Slots } from '../backend/slots.ts';
import { Imaginary } from './imaginary.ts';
import { calling, into, loadSeal, own, ownAll, release, type Seal } from './module.ts';

/**
 * CKKS by node-seal: one thread, at most 4 GiB, exactly one special prime. Slow to start at large degrees (degree 32768
 * with 12 primes: 8 s).
 * @throws FheError RANGE, INSECURE (see `parameters`), FORMAT where this Node cannot run node-seal.
 */
export async function seal(spec: ParameterSpec | Parameters): Promise<Backend> {
  const params = asParameters(spec);
  if (params.special.length !== 1) {
    throw new FheError({
      code: 'RANGE',
      op: 'make parameters for node-seal',
      field: 'special primes',
      should: 'one',
      is: String(params.special.length),
      hint: 'write for example special: [50]',
    });
  }
  return new CheckedBackend(new SealArithmetic(await loadSeal(), params));
}

interface SealHandles {
  plain: Plaintext;
  cipher: Ciphertext;
  secret: { readonly key: SecretKey; readonly decryptor: Decryptor; readonly encryptor: Encryptor };
  public: { readonly key: PublicKey; readonly encryptor: Encryptor };
  /** By steps, 1 … slots − 1, and `CONJUGATION`: an object for each key, so that there is progress to tell. */
  evaluation: { readonly relin: RelinKeys | undefined; readonly galois: ReadonlyMap<number, GaloisKeys> };
}

/** Step 0, which needs no rotation, names the conjugation; in SEAL too. */
const CONJUGATION = 0;

class SealArithmetic implements Arithmetic<SealHandles> {
  readonly name = 'seal';
  readonly hides = 'yes';
  readonly parameters: Parameters;
  readonly #seal: Seal;
  readonly #context: SEALContext;
  readonly #encoder: CKKSEncoder;
  readonly #evaluator: Evaluator;
  /** SEAL's name of each level's modulus. */
  readonly #levels: ParmsIdType[];
  readonly #imaginary: Imaginary;

  constructor(module: Seal, params: Parameters) {
    const op = 'make parameters for node-seal';
    this.parameters = params;
    this.#seal = module;
    [this.#context, this.#encoder, this.#evaluator] = ownAll(op, [
      () => makeContext(module, params),
      (context) => new module.CKKSEncoder(context as SEALContext),
      (context) => new module.Evaluator(context as SEALContext),
    ]) as [SEALContext, CKKSEncoder, Evaluator];
    this.#levels = levelsOf(this.#context, params.maxLevel);
    this.#imaginary = new Imaginary(module, this.#context, params.ringDegree, params.primes);
  }

  encode(values: Slots, out: Meta): Plaintext {
    const re = this.#encodeReal(values.re, out);
    if (values.im.every((y) => y === 0)) return re;
    let im: Plaintext | undefined;
    try {
      im = this.#encodeReal(alternating(values.im), out);
      return this.#imaginary.combine(re, im);
    } finally {
      release(re, im);
    }
  }
  isZero(p: Plaintext): boolean {
    return p.isZero();
  }
  decode(p: Plaintext, meta: Meta): Slots {
    const re = this.decodeReal(p, meta);
    const turned = this.#imaginary.turned(p);
    try {
      return { re, im: alternating(this.decodeReal(turned, meta)) };
    } finally {
      release(turned);
    }
  }
  decodeReal(p: Plaintext, _meta: Meta): Float64Array {
    return calling('decode', () => this.#encoder.decodeFloat64(p) as Float64Array);
  }

  keygen(): { secret: SealHandles['secret']; public: SealHandles['public'] } {
    const generator = own(calling('keygen', () => new this.#seal.KeyGenerator(this.#context)));
    try {
      const [secret, key, decryptor, encryptor, bySecret] = ownAll('keygen', [
        () => generator.secretKey(),
        () => generator.createPublicKey(),
        (s) => new this.#seal.Decryptor(this.#context, s as SecretKey),
        (_, p) => new this.#seal.Encryptor(this.#context, p as PublicKey),
        (s, p) => new this.#seal.Encryptor(this.#context, p as PublicKey, s as SecretKey),
      ]) as [SecretKey, PublicKey, Decryptor, Encryptor, Encryptor];
      return { secret: { key: secret, decryptor, encryptor: bySecret }, public: { key, encryptor } };
    } finally {
      release(generator);
    }
  }
  evaluationKeys(secret: SealHandles['secret'], request: KeyRequest, onKey: () => void): SealHandles['evaluation'] {
    this.#refuseTooLarge(request);
    const generator = own(calling('keygen', () => new this.#seal.KeyGenerator(this.#context, secret.key)));
    let relin: RelinKeys | undefined;
    const galois = new Map<number, GaloisKeys>();
    try {
      if (request.relinearize) {
        relin = own(calling('keygen', () => generator.createRelinKeys()));
        onKey();
      }
      for (const k of [...request.rotations, ...(request.conjugate ? [CONJUGATION] : [])]) {
        // SEAL rotates left for positive steps, the contract right.
        const steps = Int32Array.of(-k);
        galois.set(k, own(calling('keygen', () => generator.createGaloisKeysWithSteps(steps))));
        onKey();
      }
      return { relin, galois };
    } catch (error) {
      release(relin, ...galois.values());
      throw error;
    } finally {
      release(generator);
    }
  }
  /**
   * Refused beforehand: where memory runs out inside SEAL's key generation, the call never returns.
   * @throws FheError MEMORY
   */
  #refuseTooLarge({ rotations, conjugate, relinearize }: KeyRequest): void {
    const { ringDegree, primes } = this.parameters;
    // A key has one digit a prime of the chain, each two polynomials modulo all primes, the special one included.
    const each = primes.length * 2 * (primes.length + 1) * ringDegree * 8;
    const keys = rotations.length + Number(conjugate) + Number(relinearize);
    if (keys * each <= MOST_KEY_BYTES) return;
    throw new FheError({
      code: 'MEMORY',
      op: 'keygen',
      field: 'memory for the evaluation keys',
      should: `at most ${gibibytes(MOST_KEY_BYTES)} (a WebAssembly module ends at 4 GiB, and ciphertexts need room)`,
      is: `${gibibytes(keys * each)}: ${keys} keys of ${(each / 2 ** 20).toFixed(0)} MiB`,
      hint: 'ask for the rotations that the program makes and no others, or take a shorter chain',
    });
  }
  encrypt(key: SealHandles['public'], p: Plaintext, out: Meta): Ciphertext {
    return this.#cipher('encrypt', out, (c) => key.encryptor.encrypt(p, c));
  }
  encryptSecret(key: SealHandles['secret'], p: Plaintext, out: Meta): Ciphertext {
    return this.#cipher('encrypt', out, (c) => key.encryptor.encryptSymmetric(p, c));
  }
  decrypt(key: SealHandles['secret'], c: Ciphertext): Plaintext {
    return into(
      () => new this.#seal.Plaintext(),
      'decrypt',
      (p) => key.decryptor.decrypt(c, p),
    );
  }

  add(a: Ciphertext, b: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('add', out, (c) => this.#evaluator.add(a, b, c));
  }
  sub(a: Ciphertext, b: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('sub', out, (c) => this.#evaluator.sub(a, b, c));
  }
  neg(a: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('neg', out, (c) => this.#evaluator.negate(a, c));
  }
  addPlain(a: Ciphertext, p: Plaintext, out: Meta): Ciphertext {
    return this.#cipher('addPlain', out, (c) => this.#evaluator.addPlain(a, p, c));
  }
  mulPlain(a: Ciphertext, p: Plaintext, out: Meta): Ciphertext {
    return this.#cipher('mulPlain', out, (c) => this.#evaluator.multiplyPlain(a, p, c));
  }
  mul(a: Ciphertext, b: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('mul', out, (c) => this.#evaluator.multiply(a, b, c));
  }
  square(a: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('square', out, (c) => this.#evaluator.square(a, c));
  }
  relinearize(keys: SealHandles['evaluation'], a: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('relinearize', out, (c) => this.#evaluator.relinearize(a, keys.relin!, c));
  }
  rescale(a: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('rescale', out, (c) => this.#evaluator.rescaleToNext(a, c));
  }
  dropLevel(a: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('dropLevel', out, (c) => this.#evaluator.cipherModSwitchTo(a, this.#levels[out.level]!, c));
  }
  rotateMany(keys: SealHandles['evaluation'], a: Ciphertext, steps: readonly number[], out: Meta): Ciphertext[] {
    const rotated: Ciphertext[] = [];
    try {
      for (const k of steps) {
        const rotate = (c: Ciphertext): void =>
          k === 0 ? c.assign(a) : this.#evaluator.rotateVector(a, -k, keys.galois.get(k)!, c);
        rotated.push(this.#cipher('rotate', out, rotate));
      }
      return rotated;
    } catch (error) {
      release(...rotated);
      throw error;
    }
  }
  conjugate(keys: SealHandles['evaluation'], a: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('conjugate', out, (c) => this.#evaluator.complexConjugate(a, keys.galois.get(CONJUGATION)!, c));
  }

  /** 64-bit residues. */
  bytes(c: Ciphertext): number {
    return c.size() * c.coeffModulusSize() * c.polyModulusDegree() * 8;
  }
  free(handle: SealHandles[keyof SealHandles]): void {
    if ('decryptor' in handle) release(handle.decryptor, handle.encryptor, handle.key);
    else if ('encryptor' in handle) release(handle.encryptor, handle.key);
    else if ('relin' in handle) release(handle.relin, ...handle.galois.values());
    else release(handle);
  }
  close(): void {
    release(...this.#levels, this.#evaluator, this.#encoder, this.#context);
  }

  /** A new ciphertext, with the exact scale in place of SEAL's accumulated double. */
  #cipher(op: string, out: Meta, compute: (c: Ciphertext) => void): Ciphertext {
    return into(
      () => new this.#seal.Ciphertext(),
      op,
      (c) => {
        compute(c);
        c.setScale(out.scale.value);
      },
    );
  }

  #encodeReal(values: Float64Array, out: Meta): Plaintext {
    return into(
      () => new this.#seal.Plaintext(),
      'encode',
      (p) => {
        this.#encoder.encode(values, out.scale.value, p);
        if (out.level < this.parameters.maxLevel) this.#evaluator.plainModSwitchToInplace(p, this.#levels[out.level]!);
      },
    );
  }
}

/**
 * What is left of 4 GiB is for ciphertexts, and for the one key that is being made. Measured at degree 32768 with 13 + 1
 * primes, and nothing else in memory: 38 keys (3.4 GiB) are made, the next one never returns.
 */
const MOST_KEY_BYTES = 2.5 * 2 ** 30;

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** (−1)^j·vⱼ. */
function alternating(v: Float64Array): Float64Array {
  return v.map((x, j) => (j % 2 === 0 ? x : -x));
}

/** @internal Also for `ntt-benchmark.ts`. */
export function makeContext(module: Seal, params: Parameters): SEALContext {
  const spec = own(new module.EncryptionParameters(module.SchemeType.ckks));
  const primes = [...params.primes, ...params.special].map((p) => own(new module.Modulus(p)));
  const modulus = own(module.vecFromArrayModulus(primes));
  try {
    spec.setPolyModulusDegree(params.ringDegree);
    spec.setCoeffModulus(modulus);
    // Security has been checked by `parameters`, with the same table and a spelled-out `insecure: true`.
    return new module.SEALContext(spec, true, module.SecLevelType.none);
  } finally {
    release(spec, modulus, ...primes);
  }
}

/** From the bottom up: level l has the primes q₀ … q_l. */
function levelsOf(context: SEALContext, maxLevel: number): ParmsIdType[] {
  const ids: ParmsIdType[] = [];
  let data = context.firstContextData();
  for (let level = maxLevel; ; level--) {
    ids.unshift(own(data.parmsId()));
    if (level === 0) break;
    const next = data.nextContextData();
    data.delete();
    data = next;
  }
  data.delete();
  return ids;
}
