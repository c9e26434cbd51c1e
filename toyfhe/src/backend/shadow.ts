/**
 * `shadowed(backend)`: the same backend, and beside every ciphertext the values that it should hold. After each
 * operation the ciphertext is decrypted and compared, and the ledger gets a line. For teaching and tests: it holds
 * the secret key. (The idea of a noise-free twin: SEAL issue 131; HEIR's debug ports print the same quantities.)
 * @module
 */
import type { Arithmetic, Handles, KeyRequest } from './arithmetic.ts';
import { CheckedBackend } from './checked.ts';
import type { Backend, Ciphertext, Meta } from './contract.ts';
import { FheError, type TraceLine } from './errors.ts';
import { Ledger, type LedgerLine } from './ledger.ts';
import type { Parameters } from './parameters.ts';
import {
  addSlots,
  conjugateSlots,
  maxAbs,
  maxDifference,
  mulSlots,
  negSlots,
  rotateSlots,
  type Slots,
  subSlots,
  sumSlots,
} from './slots.ts';
import { dotPlain, rotateSum } from './sums.ts';
import { refuseTransparent } from './transparent.ts';

export interface ShadowedBackend extends Backend {
  readonly ledger: Ledger;
  /** The backend that computes. */
  readonly inner: Backend;
  /** The ledger's line of the operation that made this ciphertext, also once disposed; undefined for another backend's. */
  lineOf(c: Ciphertext): LedgerLine | undefined;
}

/**
 * Wraps a backend. Objects made by the backend before stay the backend's: make keys and ciphertexts on the shadow.
 * @throws FheError FORMAT for a backend that is already shadowed or not built on an `Arithmetic`.
 */
export function shadowed(backend: Backend): ShadowedBackend {
  if (backend instanceof Shadowed || !(backend instanceof CheckedBackend)) {
    throw new FheError({
      code: 'FORMAT',
      op: 'shadow',
      field: 'backend',
      should: 'a plain backend',
      is: backend instanceof Shadowed ? 'shadowed already' : 'something else',
      hint: 'give the backend itself',
    });
  }
  return new Shadowed(backend);
}

/** Double precision has 53 bits: a difference of zero cannot show more. */
const MOST_BITS = 53;

class Shadowed<H extends Handles> extends CheckedBackend<ShadowHandles<H>> implements ShadowedBackend {
  readonly ledger: Ledger;
  readonly inner: CheckedBackend<H>;
  readonly #lines: WeakMap<Ciphertext, LedgerLine> = new WeakMap();

  constructor(inner: CheckedBackend<H>) {
    const arithmetic = new ShadowArithmetic(inner.arithmetic);
    super(arithmetic);
    this.ledger = arithmetic.ledger;
    this.inner = inner;
  }

  override get disposed(): boolean {
    return super.disposed || this.inner.disposed;
  }

  lineOf(c: Ciphertext): LedgerLine | undefined {
    return this.#lines.get(c);
  }

  override made(op: string, keyId: string, before: readonly TraceLine[], out: Meta, handle: Cipher<H>): Ciphertext {
    const c = super.made(op, keyId, before, out, handle);
    this.#lines.set(c, handle.line);
    return c;
  }
}

interface Cipher<H extends Handles> {
  readonly inner: H['cipher'];
  readonly truth: Slots;
  readonly secret: H['secret'];
  readonly line: LedgerLine;
}

interface ShadowHandles<H extends Handles> {
  plain: { readonly inner: H['plain']; readonly truth: Slots };
  cipher: Cipher<H>;
  secret: { readonly inner: H['secret'] };
  public: { readonly inner: H['public']; readonly secret: H['secret'] };
  evaluation: { readonly inner: H['evaluation'] };
}

class ShadowArithmetic<H extends Handles> implements Arithmetic<ShadowHandles<H>> {
  readonly name: string;
  readonly hides: 'no' | 'toy' | 'yes';
  readonly parameters: Parameters;
  readonly ledger: Ledger = new Ledger();
  readonly #inner: Arithmetic<H>;
  /** Freed by `close` only: ciphertexts may outlive the user's SecretKeys, and every line needs to decrypt. */
  readonly #secrets: Set<unknown> = new Set();
  #closed = false;

  constructor(inner: Arithmetic<H>) {
    this.name = `shadowed ${inner.name}`;
    this.hides = inner.hides;
    this.parameters = inner.parameters;
    this.#inner = inner;
  }

  encode(values: Slots, out: Meta): ShadowHandles<H>['plain'] {
    return { inner: this.#inner.encode(values, out), truth: values };
  }
  isZero(p: ShadowHandles<H>['plain'], meta: Meta): boolean {
    return this.#inner.isZero(p.inner, meta);
  }
  decode(p: ShadowHandles<H>['plain'], meta: Meta): Slots {
    return this.#inner.decode(p.inner, meta);
  }
  decodeReal(p: ShadowHandles<H>['plain'], meta: Meta): Float64Array {
    return this.#inner.decodeReal(p.inner, meta);
  }
  keygen(): { secret: ShadowHandles<H>['secret']; public: ShadowHandles<H>['public'] } {
    const made = this.#inner.keygen();
    this.#secrets.add(made.secret);
    return { secret: { inner: made.secret }, public: { inner: made.public, secret: made.secret } };
  }
  evaluationKeys(
    secret: ShadowHandles<H>['secret'],
    request: KeyRequest,
    onKey: () => void,
  ): ShadowHandles<H>['evaluation'] {
    return { inner: this.#inner.evaluationKeys(secret.inner, request, onKey) };
  }
  encrypt(key: ShadowHandles<H>['public'], p: ShadowHandles<H>['plain'], out: Meta): Cipher<H> {
    return this.#watch('encrypt', key.secret, p.truth, out, () => this.#inner.encrypt(key.inner, p.inner, out));
  }
  encryptSecret(key: ShadowHandles<H>['secret'], p: ShadowHandles<H>['plain'], out: Meta): Cipher<H> {
    return this.#watch('encrypt', key.inner, p.truth, out, () => this.#inner.encryptSecret(key.inner, p.inner, out));
  }
  decrypt(key: ShadowHandles<H>['secret'], c: Cipher<H>, out: Meta): ShadowHandles<H>['plain'] {
    return { inner: this.#inner.decrypt(key.inner, c.inner, out), truth: c.truth };
  }
  add(a: Cipher<H>, b: Cipher<H>, out: Meta): Cipher<H> {
    return this.#watch('add', a.secret, addSlots(a.truth, b.truth), out, () => this.#inner.add(a.inner, b.inner, out));
  }
  sub(a: Cipher<H>, b: Cipher<H>, out: Meta): Cipher<H> {
    return this.#watch('sub', a.secret, subSlots(a.truth, b.truth), out, () => this.#inner.sub(a.inner, b.inner, out));
  }
  neg(c: Cipher<H>, out: Meta): Cipher<H> {
    return this.#watch('neg', c.secret, negSlots(c.truth), out, () => this.#inner.neg(c.inner, out));
  }
  addPlain(c: Cipher<H>, p: ShadowHandles<H>['plain'], out: Meta): Cipher<H> {
    const truth = addSlots(c.truth, p.truth);
    return this.#watch('addPlain', c.secret, truth, out, () => this.#inner.addPlain(c.inner, p.inner, out));
  }
  mulPlain(c: Cipher<H>, p: ShadowHandles<H>['plain'], out: Meta): Cipher<H> {
    const truth = mulSlots(c.truth, p.truth);
    return this.#watch('mulPlain', c.secret, truth, out, () => this.#inner.mulPlain(c.inner, p.inner, out));
  }
  mul(a: Cipher<H>, b: Cipher<H>, out: Meta): Cipher<H> {
    return this.#watch('mul', a.secret, mulSlots(a.truth, b.truth), out, () => this.#inner.mul(a.inner, b.inner, out));
  }
  square(c: Cipher<H>, out: Meta): Cipher<H> {
    return this.#watch('square', c.secret, mulSlots(c.truth, c.truth), out, () => this.#inner.square(c.inner, out));
  }
  relinearize(keys: ShadowHandles<H>['evaluation'], c: Cipher<H>, out: Meta): Cipher<H> {
    return this.#watch('relinearize', c.secret, c.truth, out, () => this.#inner.relinearize(keys.inner, c.inner, out));
  }
  rescale(c: Cipher<H>, out: Meta): Cipher<H> {
    return this.#watch('rescale', c.secret, c.truth, out, () => this.#inner.rescale(c.inner, out));
  }
  dropLevel(c: Cipher<H>, out: Meta): Cipher<H> {
    return this.#watch('dropLevel', c.secret, c.truth, out, () => this.#inner.dropLevel(c.inner, out));
  }
  rotateMany(keys: ShadowHandles<H>['evaluation'], c: Cipher<H>, steps: readonly number[], out: Meta): Cipher<H>[] {
    const start = performance.now();
    const rotated = this.#inner.rotateMany(keys.inner, c.inner, steps, out);
    const each = (performance.now() - start) / steps.length;
    const lines: Cipher<H>[] = [];
    try {
      for (const [i, k] of steps.entries()) {
        lines.push(this.#line(`rotate ${k}`, rotated[i]!, c.secret, rotateSlots(c.truth, k), out, each));
      }
      return lines;
    } catch (error) {
      // The one that failed has given itself back.
      for (const [i, inner] of rotated.entries()) if (i !== lines.length) this.#inner.free(inner);
      throw error;
    }
  }
  conjugate(keys: ShadowHandles<H>['evaluation'], c: Cipher<H>, out: Meta): Cipher<H> {
    const truth = conjugateSlots(c.truth);
    return this.#watch('conjugate', c.secret, truth, out, () => this.#inner.conjugate(keys.inner, c.inner, out));
  }
  rotateSum(
    keys: ShadowHandles<H>['evaluation'],
    cs: readonly Cipher<H>[],
    steps: readonly number[],
    out: Meta,
  ): Cipher<H> {
    const truth = sumSlots(cs.map((c, i) => rotateSlots(c.truth, steps[i]!)));
    const inner = cs.map((c) => c.inner);
    return this.#watch('rotateSum', cs[0]!.secret, truth, out, () =>
      rotateSum(this.#inner, keys.inner, inner, steps, out),
    );
  }
  dotPlain(cs: readonly Cipher<H>[], ps: readonly ShadowHandles<H>['plain'][], out: Meta): Cipher<H> {
    const truth = sumSlots(cs.map((c, i) => mulSlots(c.truth, ps[i]!.truth)));
    const [ciphers, plains] = [cs.map((c) => c.inner), ps.map((p) => p.inner)];
    return this.#watch('dotPlain', cs[0]!.secret, truth, out, () => dotPlain(this.#inner, ciphers, plains, out));
  }
  peek(c: Cipher<H>): Slots {
    return { re: c.truth.re.slice(), im: c.truth.im.slice() };
  }
  bytes(c: Cipher<H>): number {
    return this.#inner.bytes(c.inner);
  }
  free(handle: ShadowHandles<H>[keyof Handles]): void {
    if (!this.#secrets.has(handle.inner)) this.#inner.free(handle.inner);
  }
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const secret of this.#secrets) this.#inner.free(secret as H['secret']);
  }

  #watch(op: string, secret: H['secret'], truth: Slots, out: Meta, compute: () => H['cipher']): Cipher<H> {
    const start = performance.now();
    const inner = compute();
    refuseTransparent(this.#inner, op, [inner]); // before it has a line
    return this.#line(op, inner, secret, truth, out, performance.now() - start);
  }

  /** Decrypts, compares, writes the line. */
  #line(op: string, inner: H['cipher'], secret: H['secret'], truth: Slots, out: Meta, milliseconds: number): Cipher<H> {
    const error = this.#error(inner, secret, truth, { ...out, length: 1 });
    const log2Error = error === 0 ? -MOST_BITS : Math.log2(error);
    const line = {
      op,
      level: out.level,
      scale: String(out.scale),
      length: out.length,
      bitsRight: -log2Error,
      noiseBits: log2Error + out.scale.log2,
      bytes: this.#inner.bytes(inner),
      milliseconds,
      warning: this.#overflow(out, maxAbs(truth)),
    };
    this.ledger.push(line);
    return { inner, truth, secret, line };
  }

  /** The largest error of any slot; gives the ciphertext back where it cannot be read. */
  #error(inner: H['cipher'], secret: H['secret'], truth: Slots, meta: Meta): number {
    let plain: H['plain'] | undefined;
    try {
      plain = this.#inner.decrypt(secret, inner, meta);
      return maxDifference(this.#inner.decode(plain, meta), truth);
    } catch (error) {
      this.#inner.free(inner);
      throw error;
    } finally {
      if (plain !== undefined) this.#inner.free(plain);
    }
  }

  #overflow(out: Meta, max: number): string {
    const bits = Math.log2(max) + out.scale.log2;
    const room = this.parameters.logQ(out.level) - 1;
    return bits < room
      ? ''
      : `overflow: values × scale need ${bits.toFixed(1)} bits, the modulus has ${room.toFixed(1)}`;
  }
}
