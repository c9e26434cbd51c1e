/**
 * A backend as users see it: an `Arithmetic` with the rules checked before every call.
 * @module
 */
import type { Arithmetic, Handles, KeyRequest } from './arithmetic.ts';
import type {
  Backend,
  Ciphertext,
  EncodeOptions,
  EvaluationKeys,
  KeyOptions,
  Keys,
  Meta,
  Plaintext,
} from './contract.ts';
import { FheError, type TraceLine } from './errors.ts';
import { EvaluationKeysObject, PublicKeyObject, SecretKeysObject } from './keys.ts';
import { Memory } from './memory.ts';
import { CiphertextObject, PlaintextObject } from './objects.ts';
import type { Parameters } from './parameters.ts';
import { type OwnedObject, Pool } from './pool.ts';
import { describe, inspect } from './print.ts';
import { systemRandom } from './random.ts';
import { rules } from './rules.ts';
import { maxAbs, type Slots, toSlots, type Values } from './slots.ts';

/** Operations that a ciphertext remembers: enough to see a mistake's cause, few enough to cost nothing. */
const TRACE_LENGTH = 12;

/** Puts rules, metadata, errors and memory book-keeping around an arithmetic. */
export class CheckedBackend<H extends Handles> implements Backend {
  /** @internal The backend's own verbs, for wrappers such as `shadowed`. */
  readonly arithmetic: Arithmetic<H>;
  readonly #memory: Memory = new Memory();
  readonly #plain: Pool<PlaintextObject, H['plain']>;
  readonly #cipher: Pool<CiphertextObject, H['cipher']>;
  readonly #secret: Pool<SecretKeysObject<H>, H['secret']>;
  readonly #public: Pool<PublicKeyObject<H>, H['public']>;
  readonly #evaluation: Pool<EvaluationKeysObject<H>, H['evaluation']>;
  #disposed = false;

  constructor(arithmetic: Arithmetic<H>) {
    this.arithmetic = arithmetic;
    const pool = <O extends OwnedObject, T extends H[keyof Handles]>(kind: string): Pool<O, T> =>
      new Pool<O, T>(arithmetic.name, kind, this.#memory, (handle) => arithmetic.free(handle));
    this.#plain = pool('plaintext');
    this.#cipher = pool('ciphertext');
    this.#secret = pool('secret key');
    this.#public = pool('public key');
    this.#evaluation = pool('evaluation key');
  }

  get name(): string {
    return this.arithmetic.name;
  }
  get parameters(): Parameters {
    return this.arithmetic.parameters;
  }
  get securityBits(): 128 | 0 {
    return this.arithmetic.hides === 'yes' ? this.parameters.securityBits : 0;
  }
  /** @internal ` INSECURE`, ` NOT ENCRYPTED`, or nothing: the end of every print. */
  get warning(): string {
    if (this.arithmetic.hides === 'no') return ' NOT ENCRYPTED';
    return this.securityBits === 128 ? '' : ' INSECURE';
  }
  get live(): number {
    return this.#memory.live;
  }
  get disposed(): boolean {
    return this.#disposed;
  }

  scope<T>(f: () => T): T {
    return this.#memory.scope(f);
  }

  encode(values: Values, options: EncodeOptions = {}): Plaintext {
    this.#open('encode');
    const params = this.parameters;
    const meta = rules.encode(params, options.level ?? params.maxLevel, options.scale ?? params.scale);
    const slots = toSlots('encode', values, params.slots);
    rules.fits('encode', params, meta, maxAbs(slots));
    return this.#wrap(this.arithmetic.encode(slots, meta), meta);
  }

  decode(p: Plaintext): Float64Array {
    this.#open('decode');
    return this.arithmetic.decodeReal(this.#plain.get('decode', p), plainMeta(p));
  }

  decodeComplex(p: Plaintext): Slots {
    this.#open('decode');
    return this.arithmetic.decode(this.#plain.get('decode', p), plainMeta(p));
  }

  keygen(options: KeyOptions = {}): Keys {
    this.#open('keygen');
    const request = this.#request(options);
    const keyId = [...systemRandom.bytes(8)].map((b) => b.toString(16).padStart(2, '0')).join('');
    const made = this.arithmetic.keygen();
    let evaluation: H['evaluation'];
    try {
      evaluation = this.arithmetic.evaluationKeys(made.secret, request);
    } catch (error) {
      this.arithmetic.free(made.secret);
      this.arithmetic.free(made.public);
      throw error;
    }
    return {
      secretKeys: this.#secret.add(new SecretKeysObject(this, keyId), made.secret),
      publicKey: this.#public.add(new PublicKeyObject(this, keyId), made.public),
      evaluationKeys: this.#evaluation.add(new EvaluationKeysObject(this, keyId, request), evaluation),
    };
  }

  /** @internal */
  evaluationKeys(keys: SecretKeysObject<H>, options: KeyOptions = {}): EvaluationKeys {
    this.#open('keygen');
    const request = this.#request(options);
    const handle = this.arithmetic.evaluationKeys(this.#secret.get('keygen', keys), request);
    return this.#evaluation.add(new EvaluationKeysObject(this, keys.keyId, request), handle);
  }

  /** @internal */
  encrypt(key: PublicKeyObject<H>, p: Plaintext): Ciphertext {
    this.#open('encrypt');
    const handle = this.#public.get('encrypt', key);
    const plain = this.#plain.get('encrypt', p);
    const out = rules.encrypt(this.parameters, p);
    return this.#made('encrypt', key.keyId, [], out, this.arithmetic.encrypt(handle, plain, out));
  }

  /** @internal */
  decrypt(key: SecretKeysObject<H>, c: Ciphertext): Plaintext {
    this.#open('decrypt');
    const handle = this.#secret.get('decrypt', key);
    const cipher = this.#operand('decrypt', key.keyId, c);
    const meta = { level: c.level, scale: c.scale, length: 1 };
    return this.#wrap(this.arithmetic.decrypt(handle, cipher, meta), meta);
  }

  /** @internal A verb on ciphertexts: checks, computes, wraps. */
  apply(
    keys: EvaluationKeysObject<H>,
    op: string,
    operands: readonly Ciphertext[],
    rule: () => Meta,
    compute: (arithmetic: Arithmetic<H>, handles: H['cipher'][], out: Meta, keys: H['evaluation']) => H['cipher'],
  ): Ciphertext {
    const [c] = this.applyMany(keys, op, operands, rule, (...args) => [compute(...args)]);
    return c!;
  }

  /** @internal */
  applyMany(
    keys: EvaluationKeysObject<H>,
    op: string,
    operands: readonly Ciphertext[],
    rule: () => Meta,
    compute: (arithmetic: Arithmetic<H>, handles: H['cipher'][], out: Meta, keys: H['evaluation']) => H['cipher'][],
  ): Ciphertext[] {
    this.#open(op);
    const evaluation = this.#evaluation.get(op, keys);
    const handles = operands.map((c) => this.#operand(op, keys.keyId, c));
    const out = rule();
    const results = compute(this.arithmetic, handles, out, evaluation);
    return results.map((handle) => this.#made(op, keys.keyId, operands[0]!.trace, out, handle));
  }

  /** @internal */
  plain(op: string, p: Plaintext): H['plain'] {
    return this.#plain.get(op, p);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.arithmetic.close();
  }
  [Symbol.dispose](): void {
    this.dispose();
  }

  [inspect](): string {
    const parameters = this.parameters[inspect]().replace(/ INSECURE$/, '');
    return `${this.name} backend: ${parameters}, ${this.live} objects live${this.warning}`;
  }

  #request(options: KeyOptions): KeyRequest {
    const { rotations = [] } = options;
    if (!Array.isArray(rotations)) {
      throw new FheError({
        code: 'RANGE',
        op: 'keygen',
        field: 'rotations',
        should: 'a list of steps',
        is: describe(rotations),
        hint: 'write for example rotations: [1, 2]',
      });
    }
    const steps = rotations.map((k) => rules.steps('keygen', this.parameters, k));
    const request = {
      rotations: [...new Set(steps)].filter((k) => k !== 0).sort((a, b) => a - b),
      conjugate: options.conjugate ?? false,
      relinearize: options.relinearize ?? true,
    };
    const any = request.relinearize || request.conjugate || request.rotations.length > 0;
    if (any && this.parameters.special.length === 0) {
      throw new FheError({
        code: 'RANGE',
        op: 'keygen',
        field: 'special primes',
        should: 'at least one',
        is: 'none',
        hint: 'write for example special: [60], or ask for no keys with relinearize: false',
      });
    }
    return request;
  }

  #wrap(handle: H['plain'], meta: Meta): Plaintext {
    return this.#plain.add(new PlaintextObject(this, meta, this.arithmetic.isZero(handle, meta)), handle);
  }

  #operand(op: string, keyId: string, c: Ciphertext): H['cipher'] {
    const handle = this.#cipher.get(op, c);
    const is = (c as CiphertextObject).keyId;
    if (is === keyId) return handle;
    throw new FheError({
      code: 'KEY_MISSING',
      op,
      field: 'key pair',
      should: is,
      is: keyId,
      hint: 'use the keys that were made together with the public key that encrypted',
      ledger: c.trace,
    });
  }

  #made(op: string, keyId: string, before: readonly TraceLine[], out: Meta, handle: H['cipher']): Ciphertext {
    const line = { op, level: out.level, scale: String(out.scale), length: out.length };
    const trace = [...before.slice(1 - TRACE_LENGTH), line];
    const bytes = this.arithmetic.bytes(handle);
    return this.#cipher.add(new CiphertextObject(this, out, keyId, trace, bytes), handle);
  }

  #open(op: string): void {
    if (!this.disposed) return;
    throw new FheError({
      code: 'DISPOSED',
      op,
      field: 'backend',
      should: 'open',
      is: 'disposed',
      hint: 'create the backend again',
    });
  }
}

function plainMeta(p: Plaintext): Meta {
  return { level: p.level, scale: p.scale, length: 1 };
}
