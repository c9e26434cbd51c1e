/**
 * The three roles as users hold them: `SecretKeys` decrypts, `PublicKey` encrypts, `EvaluationKeys` computes.
 * Each verb pairs a rule (what it asks and makes of the metadata) with the arithmetic's computation.
 * @module
 */
import type { Handles, KeyRequest } from './arithmetic.ts';
import type { CheckedBackend } from './checked.ts';
import type { Ciphertext, EvaluationKeys, KeyOptions, Meta, Plaintext, PublicKey, SecretKeys } from './contract.ts';
import { FheError } from './errors.ts';
import { OwnedObject } from './pool.ts';
import { describe, inspect } from './print.ts';
import { rules } from './rules.ts';
import { dotPlain, rotateSum } from './sums.ts';

export class SecretKeysObject<H extends Handles> extends OwnedObject implements SecretKeys {
  readonly keyId: string;
  readonly #backend: CheckedBackend<H>;

  constructor(backend: CheckedBackend<H>, keyId: string) {
    super('secret key', backend.name);
    this.#backend = backend;
    this.keyId = keyId;
  }
  decrypt(c: Ciphertext): Plaintext {
    return this.#backend.decrypt(this, c);
  }
  encrypt(p: Plaintext): Ciphertext {
    return this.#backend.encryptSecret(this, p);
  }
  evaluationKeys(options?: KeyOptions): EvaluationKeys {
    return this.#backend.evaluationKeys(this, options);
  }
  [inspect](): string {
    return `CKKS secret key (${this.owner}, key pair ${this.keyId})${this.ending(this.#backend.warning)}`;
  }
}

export class PublicKeyObject<H extends Handles> extends OwnedObject implements PublicKey {
  readonly keyId: string;
  readonly #backend: CheckedBackend<H>;

  constructor(backend: CheckedBackend<H>, keyId: string) {
    super('public key', backend.name);
    this.#backend = backend;
    this.keyId = keyId;
  }
  encrypt(p: Plaintext): Ciphertext {
    return this.#backend.encrypt(this, p);
  }
  [inspect](): string {
    return `CKKS public key (${this.owner}, key pair ${this.keyId})${this.ending(this.#backend.warning)}`;
  }
}

export class EvaluationKeysObject<H extends Handles> extends OwnedObject implements EvaluationKeys {
  readonly keyId: string;
  readonly rotations: readonly number[];
  /** @internal Which keys are here. */
  readonly request: KeyRequest;
  readonly #backend: CheckedBackend<H>;

  constructor(backend: CheckedBackend<H>, keyId: string, request: KeyRequest) {
    super('evaluation key', backend.name);
    this.#backend = backend;
    this.keyId = keyId;
    this.request = request;
    this.rotations = request.rotations;
  }

  add(a: Ciphertext, b: Ciphertext): Ciphertext {
    return this.#backend.apply(
      this,
      'add',
      [a, b],
      () => rules.add('add', a, b),
      (x, [p, q], out) => x.add(p, q, out),
    );
  }
  sub(a: Ciphertext, b: Ciphertext): Ciphertext {
    return this.#backend.apply(
      this,
      'sub',
      [a, b],
      () => rules.add('sub', a, b),
      (x, [p, q], out) => x.sub(p, q, out),
    );
  }
  neg(c: Ciphertext): Ciphertext {
    return this.#backend.apply(
      this,
      'neg',
      [c],
      () => rules.same(c),
      (x, [p], out) => x.neg(p, out),
    );
  }
  addPlain(c: Ciphertext, p: Plaintext): Ciphertext {
    const handle = this.#backend.handleOfPlaintext('addPlain', p);
    return this.#backend.apply(
      this,
      'addPlain',
      [c],
      () => rules.addPlain(c, p),
      (x, [q], out) => x.addPlain(q, handle, out),
    );
  }
  mulPlain(c: Ciphertext, p: Plaintext): Ciphertext {
    const handle = this.#backend.handleOfPlaintext('mulPlain', p);
    const rule = (): Meta => rules.mulPlain(this.#backend.parameters, c, p);
    return this.#backend.apply(this, 'mulPlain', [c], rule, (x, [q], out) => x.mulPlain(q, handle, out));
  }
  mul(a: Ciphertext, b: Ciphertext): Ciphertext {
    const rule = (): Meta => rules.mul('mul', this.#backend.parameters, a, b);
    return this.#backend.apply(this, 'mul', [a, b], rule, (x, [p, q], out) => x.mul(p, q, out));
  }
  square(c: Ciphertext): Ciphertext {
    const rule = (): Meta => rules.mul('square', this.#backend.parameters, c, c);
    return this.#backend.apply(this, 'square', [c], rule, (x, [p], out) => x.square(p, out));
  }
  relinearize(c: Ciphertext): Ciphertext {
    this.#need('relinearize', this.request.relinearize, 'relinearization', 'relinearize: true', c);
    return this.#backend.apply(
      this,
      'relinearize',
      [c],
      () => rules.relinearize(c),
      (x, [p], out, keys) => x.relinearize(keys, p, out),
    );
  }
  rescale(c: Ciphertext): Ciphertext {
    const rule = (): Meta => rules.rescale(this.#backend.parameters, c);
    return this.#backend.apply(this, 'rescale', [c], rule, (x, [p], out) => x.rescale(p, out));
  }
  dropLevel(c: Ciphertext, level: number): Ciphertext {
    const rule = (): Meta => rules.dropLevel(this.#backend.parameters, c, level);
    return this.#backend.apply(this, 'dropLevel', [c], rule, (x, [p], out) => x.dropLevel(p, out));
  }
  rotate(c: Ciphertext, steps: number): Ciphertext {
    return this.rotateMany(c, [steps])[0]!;
  }
  rotateMany(c: Ciphertext, steps: readonly number[]): Ciphertext[] {
    const normal = this.#steps('rotate', steps, () => c);
    const rule = (): Meta => rules.automorphism('rotate', c);
    return this.#backend.applyMany(this, 'rotate', [c], rule, (x, [p], out, keys) =>
      x.rotateMany(keys, p, normal, out),
    );
  }
  rotateSum(cs: readonly Ciphertext[], steps: readonly number[]): Ciphertext {
    const op = 'rotateSum';
    rules.terms(op, cs, steps, 'steps');
    const normal = this.#steps(op, steps, (i) => cs[i]!);
    const rule = (): Meta => rules.rotateSum(cs);
    return this.#backend.apply(this, op, cs, rule, (x, all, out, keys) => rotateSum(x, keys, all, normal, out));
  }
  dotPlain(cs: readonly Ciphertext[], ps: readonly Plaintext[]): Ciphertext {
    const op = 'dotPlain';
    rules.terms(op, cs, ps, 'plaintexts');
    const plains = ps.map((p) => this.#backend.handleOfPlaintext(op, p));
    const rule = (): Meta => rules.dotPlain(this.#backend.parameters, cs, ps);
    const adds = (_: unknown, i: number): boolean => !ps[i]!.isZero; // a zero adds nothing
    return this.#backend.apply(this, op, cs, rule, (x, all, out) =>
      dotPlain(x, all.filter(adds), plains.filter(adds), out),
    );
  }
  conjugate(c: Ciphertext): Ciphertext {
    this.#need('conjugate', this.request.conjugate, 'conjugation', 'conjugate: true', c);
    return this.#backend.apply(
      this,
      'conjugate',
      [c],
      () => rules.automorphism('conjugate', c),
      (x, [p], out, keys) => x.conjugate(keys, p, out),
    );
  }

  [inspect](): string {
    const { relinearize, conjugate, rotations } = this.request;
    const parts = [
      ...(relinearize ? ['relinearize'] : []),
      ...(conjugate ? ['conjugate'] : []),
      ...(rotations.length > 0 ? [`rotations ${rotations.join(' ')}`] : []),
    ];
    const end = this.ending(this.#backend.warning);
    return `CKKS evaluation keys (${this.owner}, key pair ${this.keyId}: ${parts.join(', ') || 'none'})${end}`;
  }

  /** Steps as 0 … slots − 1, each with its key. */
  #steps(op: string, steps: readonly number[], operand: (i: number) => Ciphertext): number[] {
    if (!Array.isArray(steps)) {
      const hint = 'write for example rotateMany(c, [1, 2])';
      throw new FheError({ code: 'RANGE', op, field: 'steps', should: 'a list', is: describe(steps), hint });
    }
    const normal = steps.map((k) => rules.steps(op, this.#backend.parameters, k));
    for (const [i, k] of normal.entries()) {
      const has = k === 0 || this.rotations.includes(k);
      this.#need(op, has, `rotation by ${steps[i]}`, `rotations: [${steps[i]}]`, operand(i));
    }
    return normal;
  }

  #need(op: string, has: boolean, key: string, option: string, c: Ciphertext): void {
    if (has) return;
    throw new FheError({
      code: 'KEY_MISSING',
      op,
      field: 'evaluation keys',
      should: `with one for ${key}`,
      is: 'without',
      hint: `make them with keygen({ ${option} }) or secretKeys.evaluationKeys({ ${option} })`,
      ledger: c?.trace ?? [], // what was given may not even be a ciphertext: that is checked after the keys
    });
  }
}
