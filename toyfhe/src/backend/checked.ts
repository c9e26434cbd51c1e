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
  PublicKey,
  SecretKeys,
} from './contract.ts';
import { FheError, type TraceLine } from './errors.ts';
import { EvaluationKeysObject, PublicKeyObject, SecretKeysObject } from './keys.ts';
import { Memory } from './memory.ts';
import { CiphertextObject, PlaintextObject } from './objects.ts';
import type { Parameters } from './parameters.ts';
import { type OwnedObject, Pool } from './pool.ts';
import { mayGoOn } from './interrupt.ts';
import { describe, inspect } from './print.ts';
import { systemRandom } from './random.ts';
import { rules } from './rules.ts';
import { maxAbs, type Slots, toSlots, type Values } from './slots.ts';
import { refuseTransparent } from './transparent.ts';

/** Operations that a ciphertext remembers: enough to see a mistake's cause, few enough to cost nothing. */
const TRACE_LENGTH = 12;

/** What `keygen` may be told. */
const KEY_OPTIONS: readonly string[] = [
  'rotations',
  'relinearize',
  'conjugate',
  'onProgress',
] satisfies (keyof KeyOptions)[];

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
    const { repeat = false } = options;
    if (typeof repeat !== 'boolean') throw wrongRepeat(repeat);
    const slots = toSlots('encode', values, params.slots, repeat);
    const max = maxAbs(slots);
    rules.fits('encode', params, meta, max);
    rules.inDoubles('encode', params, meta.scale, max);
    return this.adoptPlaintext(this.arithmetic.encode(slots, meta), meta);
  }

  decode(p: Plaintext): Float64Array {
    const handle = this.handleOfPlaintext('decode', p);
    rules.inDoubles('decode', this.parameters, p.scale);
    return this.arithmetic.decodeReal(handle, plainMeta(p));
  }

  decodeComplex(p: Plaintext): Slots {
    const handle = this.handleOfPlaintext('decode', p);
    rules.inDoubles('decode', this.parameters, p.scale);
    return this.arithmetic.decode(handle, plainMeta(p));
  }

  peek(c: Ciphertext): Slots | undefined {
    const { handle } = this.handleOfCiphertext('peek', c); // a stranger is refused also where nothing is known
    return this.arithmetic.peek?.(handle);
  }

  keygen(options: KeyOptions = {}): Keys {
    this.#open('keygen');
    const request = this.#request(options);
    const keyId = [...systemRandom.bytes(8)].map((b) => b.toString(16).padStart(2, '0')).join('');
    const made = this.arithmetic.keygen();
    let evaluation: H['evaluation'];
    try {
      evaluation = this.arithmetic.evaluationKeys(made.secret, request, counting(request, options));
    } catch (error) {
      this.arithmetic.free(made.secret);
      this.arithmetic.free(made.public);
      throw error;
    }
    return {
      secretKeys: this.adoptSecret(made.secret, keyId),
      publicKey: this.adoptPublic(made.public, keyId),
      evaluationKeys: this.adoptEvaluation(evaluation, keyId, request),
    };
  }

  /** @internal */
  evaluationKeys(keys: SecretKeysObject<H>, options: KeyOptions = {}): EvaluationKeys {
    const secret = this.handleOfSecret('keygen', keys);
    const request = this.#request(options);
    const made = this.arithmetic.evaluationKeys(secret, request, counting(request, options));
    return this.adoptEvaluation(made, keys.keyId, request);
  }

  /** @internal */
  encrypt(key: PublicKeyObject<H>, p: Plaintext): Ciphertext {
    const handle = this.handleOfPublic('encrypt', key);
    const plain = this.handleOfPlaintext('encrypt', p);
    const out = rules.encrypt(this.parameters, p);
    return this.adoptCiphertext(this.arithmetic.encrypt(handle, plain, out), out, key.keyId, 'encrypt');
  }

  /** @internal */
  encryptSecret(key: SecretKeysObject<H>, p: Plaintext): Ciphertext {
    const handle = this.handleOfSecret('encrypt', key);
    const plain = this.handleOfPlaintext('encrypt', p);
    const out = rules.encrypt(this.parameters, p);
    return this.adoptCiphertext(this.arithmetic.encryptSecret(handle, plain, out), out, key.keyId, 'encrypt');
  }

  /** @internal */
  decrypt(key: SecretKeysObject<H>, c: Ciphertext): Plaintext {
    const handle = this.handleOfSecret('decrypt', key);
    const cipher = this.#operand('decrypt', key.keyId, c);
    const meta = { level: c.level, scale: c.scale, length: 1 };
    return this.adoptPlaintext(this.arithmetic.decrypt(handle, cipher, meta), meta);
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
    const evaluation = this.handleOfEvaluation(op, keys).handle;
    const handles = operands.map((c) => this.#operand(op, keys.keyId, c));
    const out = rule();
    const results = compute(this.arithmetic, handles, out, evaluation);
    refuseTransparent(this.arithmetic, op, results, operands[0]!.trace);
    return results.map((handle) => this.made(op, keys.keyId, operands[0]!.trace, out, handle));
  }

  // What saves and loads objects needs: from an object to its handle, refusing strangers and the disposed …

  /** @internal */
  handleOfPlaintext(op: string, p: Plaintext): H['plain'] {
    this.#open(op);
    return this.#plain.get(op, p);
  }
  /** @internal */
  handleOfCiphertext(op: string, c: Ciphertext): { handle: H['cipher']; keyId: string } {
    this.#open(op);
    return { handle: this.#cipher.get(op, c), keyId: (c as CiphertextObject).keyId };
  }
  /** @internal */
  handleOfSecret(op: string, keys: SecretKeys): H['secret'] {
    this.#open(op);
    return this.#secret.get(op, keys);
  }
  /** @internal */
  handleOfPublic(op: string, key: PublicKey): H['public'] {
    this.#open(op);
    return this.#public.get(op, key);
  }
  /** @internal */
  handleOfEvaluation(op: string, keys: EvaluationKeys): { handle: H['evaluation']; request: KeyRequest } {
    this.#open(op);
    return { handle: this.#evaluation.get(op, keys), request: (keys as EvaluationKeysObject<H>).request };
  }

  // … and from a handle to an object that owns it: live, in the current scope, frees it when disposed.

  /** @internal */
  adoptPlaintext(handle: H['plain'], meta: Meta): Plaintext {
    return this.#plain.add(new PlaintextObject(this, meta, this.arithmetic.isZero(handle, meta)), handle);
  }
  /** @internal `op` is the first line of its history. */
  adoptCiphertext(handle: H['cipher'], meta: Meta, keyId: string, op: string): Ciphertext {
    return this.made(op, keyId, [], meta, handle);
  }
  /** @internal */
  adoptSecret(handle: H['secret'], keyId: string): SecretKeys {
    return this.#secret.add(new SecretKeysObject(this, keyId), handle);
  }
  /** @internal */
  adoptPublic(handle: H['public'], keyId: string): PublicKey {
    return this.#public.add(new PublicKeyObject(this, keyId), handle);
  }
  /** @internal */
  adoptEvaluation(handle: H['evaluation'], keyId: string, request: KeyRequest): EvaluationKeys {
    return this.#evaluation.add(new EvaluationKeysObject(this, keyId, request), handle);
  }

  /** @internal The one place where a ciphertext's handle becomes an object. */
  made(op: string, keyId: string, before: readonly TraceLine[], out: Meta, handle: H['cipher']): Ciphertext {
    const line = { op, level: out.level, scale: String(out.scale), length: out.length };
    const trace = [...before.slice(1 - TRACE_LENGTH), line];
    const bytes = this.arithmetic.bytes(handle);
    return this.#cipher.add(new CiphertextObject(this, out, keyId, trace, bytes), handle);
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
    const end = `${this.warning}${this.disposed ? ' DISPOSED' : ''}`;
    return `${this.name} backend: ${parameters}, ${this.live} objects live${end}`;
  }

  /** Bits of a special prime that would do: 50, which every backend takes, or more for a larger chain. */
  #specialBits(): number {
    return Math.max(50, ...this.parameters.primes.map((q) => Math.round(Math.log2(Number(q)))));
  }

  #request(options: KeyOptions): KeyRequest {
    const refuse = (field: string, should: string, is: string): never => {
      const hint = 'write for example { rotations: [1, 2], relinearize: true, conjugate: true }';
      throw new FheError({ code: 'RANGE', op: 'keygen', field, should, is, hint });
    };
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      refuse('options', 'a record', Array.isArray(options) ? 'a list' : describe(options));
    }
    const stranger = Object.keys(options).find((name) => !KEY_OPTIONS.includes(name));
    if (stranger !== undefined) refuse('options', KEY_OPTIONS.join(', '), stranger);
    const { rotations = [] } = options;
    if (!Array.isArray(rotations)) refuse('rotations', 'a list of steps', describe(rotations));
    for (const name of ['relinearize', 'conjugate'] as const) {
      const value = options[name];
      if (value !== undefined && typeof value !== 'boolean') refuse(name, 'true or false', describe(value));
    }
    const { onProgress } = options;
    if (onProgress !== undefined && typeof onProgress !== 'function') {
      refuse('onProgress', 'a function of done and total', describe(onProgress));
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
        hint: `write for example special: [${this.#specialBits()}], or ask for no keys with relinearize: false`,
      });
    }
    return request;
  }

  #operand(op: string, keyId: string, c: Ciphertext): H['cipher'] {
    const { handle, keyId: is } = this.handleOfCiphertext(op, c);
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

  #open(op: string): void {
    mayGoOn();
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

/** Tells `onProgress` of each key. */
function counting({ rotations, relinearize, conjugate }: KeyRequest, { onProgress }: KeyOptions): () => void {
  const total = rotations.length + Number(relinearize) + Number(conjugate);
  let done = 0;
  return () => onProgress?.(++done, total);
}

function plainMeta(p: Plaintext): Meta {
  return { level: p.level, scale: p.scale, length: 1 };
}

function wrongRepeat(is: unknown): FheError {
  const hint = 'write for example encode([1, 2], { repeat: true })';
  return new FheError({
    code: 'RANGE',
    op: 'encode',
    field: 'repeat',
    should: 'true or false',
    is: describe(is),
    hint,
  });
}
