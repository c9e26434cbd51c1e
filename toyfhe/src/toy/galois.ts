/**
 * Rotations and conjugation, of plaintexts, ciphertexts and plain lists.
 * @module
 */

import type { FheError } from '../backend/errors.ts';
import { need, refused, show } from './checks.ts';
import { Ciphertext } from './ciphertext.ts';
import { cameFrom, conjugationElement } from './galois-element.ts';
import { GaloisKey } from './keys.ts';
import { switchKey } from './keyswitch.ts';
import { needSamePair } from './pair.ts';
import { isPlain, type Plain } from './plain.ts';

/** A plaintext whose slots can be moved. */
export interface Rotatable<P> extends Plain {
  circshift(steps: number): P;
  conjugate(): P;
}

/**
 * Slot i moves to slot i + steps (right; the slots wrap around). A ciphertext moves by the steps of the key; slots of
 * BFV and BGV form two rows, and each row moves by itself.
 * @throws FheError LENGTH for a ciphertext that is not of length 2; KEY_MISSING for no Galois key, one for
 * conjugation, or another pair's; RANGE for steps that are no whole number.
 */
export function circshift<P extends Plain>(c: Ciphertext<P>, key: GaloisKey): Ciphertext<P>;
export function circshift<P extends Rotatable<P>>(plain: P, steps: number): P;
export function circshift<T>(values: readonly T[], steps: number): T[];
export function circshift(what: Ciphertext | Rotatable<Plain> | readonly unknown[], by: GaloisKey | number): unknown {
  if (what instanceof Ciphertext) {
    const hint = 'make it with keygen(GaloisKey, kp.priv, { steps: 2 })';
    need(by, GaloisKey, { code: 'KEY_MISSING', op: 'circshift', field: 'the key', should: 'a Galois key', hint });
    if (by.element === conjugationElement(what.ring.degree)) throw wrongKey('circshift', 'a rotation', by);
    return turned('circshift', what, by);
  }
  const steps = by as number; // checked by cameFrom
  if (Array.isArray(what)) return what.map((_, i) => what[cameFrom(i, steps, what.length)] as unknown);
  if (isRotatable(what)) return what.circshift(steps);
  throw notRotatable('circshift', what);
}

/**
 * The complex conjugate of every slot (CKKS); for BFV and BGV, the two rows of slots change places.
 * @throws FheError LENGTH for a ciphertext that is not of length 2; KEY_MISSING for no Galois key, one for a
 * rotation, or another pair's.
 */
export function conjugate<P extends Plain>(c: Ciphertext<P>, key: GaloisKey): Ciphertext<P>;
export function conjugate<P extends Rotatable<P>>(plain: P): P;
export function conjugate(what: Ciphertext | Rotatable<Plain>, key?: GaloisKey): unknown {
  if (what instanceof Ciphertext) {
    const hint = 'make it with keygen(GaloisKey, kp.priv, { conjugate: true })';
    need(key, GaloisKey, { code: 'KEY_MISSING', op: 'conjugate', field: 'the key', should: 'a Galois key', hint });
    if (key.element !== conjugationElement(what.ring.degree)) throw wrongKey('conjugate', 'conjugation', key);
    return turned('conjugate', what, key);
  }
  if (isRotatable(what)) return what.conjugate();
  throw notRotatable('conjugate', what);
}

/** x ↦ x^g on both parts turns s into s(x^g) as well; the key brings that back to s. */
function turned(op: string, c: Ciphertext, key: GaloisKey): Ciphertext {
  needSamePair(op, c, 'the key', key);
  if (c.length !== 2) {
    throw refused('LENGTH', op, 'the length of the ciphertext', '2', String(c.length), 'keyswitch first');
  }
  const [c0, c1] = c.parts.map((part) => part.automorphism(key.element));
  const [u, v] = switchKey(key.params, key.digits, c1!);
  return c.with([c0!.add(u), v]);
}

function wrongKey(op: string, wanted: string, key: GaloisKey): FheError {
  const hint = 'keygen(GaloisKey, kp.priv, { steps }) rotates, { conjugate: true } conjugates';
  return refused('KEY_MISSING', op, 'the key', `a Galois key for ${wanted}`, `one for element ${key.element}`, hint);
}

function isRotatable(what: unknown): what is Rotatable<Plain> {
  return isPlain(what) && 'circshift' in what && 'conjugate' in what;
}

function notRotatable(op: string, what: unknown): FheError {
  const hint = 'objects of toyfhe/backend go with their own backend';
  return refused(
    'FORMAT',
    op,
    'what is moved',
    'a ciphertext or a plaintext of the toy, or an array',
    show(what),
    hint,
  );
}
