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
import { type ParameterSpec, type Parameters, parameters } from '../backend/parameters.ts';
import type { Slots } from '../backend/slots.ts';
import { Imaginary } from './imaginary.ts';
import { calling, into, loadSeal, own, release, type Seal } from './module.ts';

/**
 * CKKS by node-seal: one thread, at most 4 GiB, exactly one special prime. Slow to start at large degrees (degree 32768
 * with 12 primes: 8 s).
 * @throws FheError RANGE, INSECURE (see `parameters`), FORMAT where this Node cannot run node-seal.
 */
export async function seal(spec: ParameterSpec | Parameters): Promise<Backend> {
  const params = 'slots' in spec ? spec : parameters(spec);
  const special = params.special[0];
  const largest = Math.max(...params.primes.map(bits));
  if (special === undefined || params.special.length > 1 || bits(special) < largest) {
    throw new FheError({
      code: 'RANGE',
      op: 'make parameters for node-seal',
      field: 'special primes',
      should: `one, of at least ${largest} bits like the largest of the chain`,
      is: params.special.length === 0 ? 'none' : params.special.map((p) => `${bits(p)} bits`).join(', '),
      hint: `write special: [${largest}]`,
    });
  }
  return new CheckedBackend(new SealArithmetic(await loadSeal(), params));
}

function bits(p: bigint): number {
  return p.toString(2).length;
}

interface SealHandles {
  plain: Plaintext;
  cipher: Ciphertext;
  secret: { readonly key: SecretKey; readonly decryptor: Decryptor };
  public: { readonly key: PublicKey; readonly encryptor: Encryptor };
  evaluation: { readonly relin: RelinKeys | undefined; readonly galois: GaloisKeys | undefined };
}

class SealArithmetic implements Arithmetic<SealHandles> {
  readonly name = 'seal';
  readonly parameters: Parameters;
  readonly #seal: Seal;
  readonly #context: SEALContext;
  readonly #encoder: CKKSEncoder;
  readonly #evaluator: Evaluator;
  /** SEAL's name of each level's modulus. */
  readonly #levels: ParmsIdType[];
  readonly #imaginary: Imaginary;

  constructor(module: Seal, params: Parameters) {
    this.parameters = params;
    this.#seal = module;
    this.#context = own(calling('make parameters for node-seal', () => makeContext(module, params)));
    this.#encoder = own(new module.CKKSEncoder(this.#context));
    this.#evaluator = own(new module.Evaluator(this.#context));
    this.#levels = levelsOf(this.#context, params.maxLevel);
    this.#imaginary = new Imaginary(module, this.#context, params.ringDegree, params.primes);
  }

  encode(values: Slots, out: Meta): Plaintext {
    const re = this.#encodeReal(values.re, out);
    if (values.im.every((y) => y === 0)) return re;
    const im = this.#encodeReal(alternating(values.im), out);
    try {
      return this.#imaginary.combine(re, im);
    } finally {
      release(re, im);
    }
  }
  decode(p: Plaintext, meta: Meta): Slots {
    const re = this.decodeReal(p, meta);
    const turned = this.#imaginary.turned(p);
    const im = alternating(this.decodeReal(turned, meta));
    release(turned);
    return { re, im };
  }
  decodeReal(p: Plaintext, _meta: Meta): Float64Array {
    return calling('decode', () => this.#encoder.decodeFloat64(p) as Float64Array);
  }

  keygen(): { secret: SealHandles['secret']; public: SealHandles['public'] } {
    const generator = new this.#seal.KeyGenerator(this.#context);
    const secret = own(generator.secretKey());
    const key = own(generator.createPublicKey());
    generator.delete();
    return {
      secret: { key: secret, decryptor: own(new this.#seal.Decryptor(this.#context, secret)) },
      public: { key, encryptor: own(new this.#seal.Encryptor(this.#context, key)) },
    };
  }
  evaluationKeys(secret: SealHandles['secret'], request: KeyRequest): SealHandles['evaluation'] {
    // SEAL rotates left for positive steps, the contract right; step 0 names the conjugation.
    const steps = Int32Array.from([...request.rotations.map((k) => -k), ...(request.conjugate ? [0] : [])]);
    const generator = new this.#seal.KeyGenerator(this.#context, secret.key);
    try {
      return calling('keygen', () => ({
        relin: request.relinearize ? own(generator.createRelinKeys()) : undefined,
        galois: steps.length > 0 ? own(generator.createGaloisKeysWithSteps(steps)) : undefined,
      }));
    } finally {
      generator.delete();
    }
  }
  encrypt(key: SealHandles['public'], p: Plaintext, out: Meta): Ciphertext {
    return this.#cipher('encrypt', out, (c) => key.encryptor.encrypt(p, c));
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
    return steps.map((k) => this.#cipher('rotate', out, (c) => this.#evaluator.rotateVector(a, -k, keys.galois!, c)));
  }
  conjugate(keys: SealHandles['evaluation'], a: Ciphertext, out: Meta): Ciphertext {
    return this.#cipher('conjugate', out, (c) => this.#evaluator.complexConjugate(a, keys.galois!, c));
  }

  /** 64-bit residues. */
  bytes(c: Ciphertext): number {
    return c.size() * c.coeffModulusSize() * c.polyModulusDegree() * 8;
  }
  free(handle: SealHandles[keyof SealHandles]): void {
    if ('decryptor' in handle) release(handle.decryptor, handle.key);
    else if ('encryptor' in handle) release(handle.encryptor, handle.key);
    else if ('relin' in handle) release(handle.relin, handle.galois);
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

/** (−1)^j·vⱼ. */
function alternating(v: Float64Array): Float64Array {
  return v.map((x, j) => (j % 2 === 0 ? x : -x));
}

function makeContext(module: Seal, params: Parameters): SEALContext {
  const spec = new module.EncryptionParameters(module.SchemeType.ckks);
  const modulus = module.vecFromArrayModulus([...params.primes, ...params.special].map((p) => new module.Modulus(p)));
  spec.setPolyModulusDegree(params.ringDegree);
  spec.setCoeffModulus(modulus);
  // Security has been checked by `parameters`, with the same table and a spelled-out `insecure: true`.
  const context = new module.SEALContext(spec, true, module.SecLevelType.none);
  spec.delete();
  modulus.delete();
  return context;
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
