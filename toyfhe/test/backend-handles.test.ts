/** From objects to handles and back: what a backend's own saving and loading stands on. */
import { describe, expect, it } from 'vitest';
import {
  type Arithmetic,
  CheckedBackend,
  type Ciphertext,
  FheError,
  type Handles,
  type Plaintext,
} from '../src/backend/index.ts';
import { toy } from '../src/toy/index.ts';
import type { ToyHandles } from '../src/toy/arithmetic.ts';

const SPEC = { ringDegree: 32, chain: [60, 40, 40], special: [60], insecure: true } as const;

function open(): CheckedBackend<ToyHandles> {
  return toy(SPEC) as CheckedBackend<ToyHandles>;
}

function refusal(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    if (error instanceof FheError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('handles', () => {
  it('of every kind of object, adopted again, work like the objects they came from', () => {
    const b = open();
    const made = b.keygen({ rotations: [1, -1], conjugate: true });
    const { keyId } = made.publicKey;
    const meta = { level: 1, scale: b.parameters.scale, length: 1 };
    const p = b.adoptPlaintext(b.handleOfPlaintext('save', b.encode([1, 2], { level: 1 })), meta);
    expect([p.level, p.isZero, [...b.decode(p)].slice(0, 2).map(Math.round)]).toEqual([1, false, [1, 2]]);

    const secretKeys = b.adoptSecret(b.handleOfSecret('save', made.secretKeys), keyId);
    const publicKey = b.adoptPublic(b.handleOfPublic('save', made.publicKey), keyId);
    const { handle, request } = b.handleOfEvaluation('save', made.evaluationKeys);
    expect(request).toEqual({ rotations: [1, 15], conjugate: true, relinearize: true });
    const evaluationKeys = b.adoptEvaluation(handle, keyId, request);
    expect(evaluationKeys.rotations).toEqual([1, 15]);

    const fresh = publicKey.encrypt(p);
    const cipher = b.handleOfCiphertext('save', fresh);
    expect(cipher.keyId).toBe(keyId);
    const c = b.adoptCiphertext(cipher.handle, { ...meta, length: 2 }, cipher.keyId, 'load');
    expect([c.level, c.length, c.bytes, c.trace.map((l) => l.op)]).toEqual([1, 2, fresh.bytes, ['load']]);
    const rotated = evaluationKeys.rotate(c, 1);
    expect([...b.decode(secretKeys.decrypt(rotated))].slice(1, 4).map(Math.round)).toEqual([1, 2, expect.closeTo(0)]);
    expect(rotated.trace.map((l) => l.op)).toEqual(['load', 'rotate']);
  });

  it('are counted, freed once by dispose, and belong to the scope they are adopted in', () => {
    const freed: unknown[] = [];
    const { arithmetic } = open();
    const watched = Object.create(arithmetic, {
      free: { value: (handle: Handles[keyof Handles]) => freed.push(handle) },
    }) as Arithmetic<ToyHandles>;
    // Private fields are the toy's own: methods run on it, not on the wrapper.
    for (const name of ['encode', 'isZero'] as const) {
      Object.defineProperty(watched, name, { value: arithmetic[name].bind(arithmetic) });
    }
    Object.defineProperty(watched, 'parameters', { value: arithmetic.parameters });
    const b = new CheckedBackend(watched);
    const p = b.encode(1);
    const handle = b.handleOfPlaintext('save', p);
    const kept = b.scope(() => {
      b.adoptPlaintext(handle, { level: 2, scale: p.scale, length: 1 });
      return b.adoptPlaintext(handle, { level: 2, scale: p.scale, length: 1 });
    });
    expect([b.live, freed]).toEqual([2, [handle]]);
    kept.dispose();
    kept.dispose();
    expect([b.live, freed]).toEqual([1, [handle, handle]]);
  });

  it('are given for live objects of this backend only', () => {
    const [b, other] = [open(), open()];
    const { publicKey, secretKeys, evaluationKeys } = b.keygen();
    const p = b.encode(1);
    const c = publicKey.encrypt(p);
    const all: (() => unknown)[] = [
      () => b.handleOfPlaintext('save', p),
      () => b.handleOfCiphertext('save', c),
      () => b.handleOfSecret('save', secretKeys),
      () => b.handleOfPublic('save', publicKey),
      () => b.handleOfEvaluation('save', evaluationKeys),
    ];
    expect(all.map(refusal)).toEqual(all.map(() => 'accepted'));
    expect(refusal(() => other.handleOfPlaintext('save', p))).toBe('FORMAT');
    expect(refusal(() => other.handleOfSecret('save', secretKeys))).toBe('FORMAT');
    expect(refusal(() => b.handleOfCiphertext('save', p as Plaintext & Ciphertext))).toBe('FORMAT');
    for (const object of [p, c, secretKeys, publicKey, evaluationKeys]) object.dispose();
    expect(all.map(refusal)).toEqual(all.map(() => 'DISPOSED'));
    const closed = open();
    const q = closed.encode(1);
    closed.dispose();
    expect(refusal(() => closed.handleOfPlaintext('save', q))).toBe('DISPOSED');
  });
});
