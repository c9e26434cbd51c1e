/**
 * Rotations and conjugation, of plaintexts, ciphertexts and plain lists.
 * @module
 */

import { FheError } from '../backend/errors.ts';
import { Ciphertext } from './ciphertext.ts';
import { cameFrom, conjugationElement } from './galois-element.ts';
import type { GaloisKey } from './keys.ts';
import { switchKey } from './keyswitch.ts';
import type { Plain } from './plain.ts';

/** A plaintext whose slots can be moved. */
export interface Rotatable<P> extends Plain {
  circshift(steps: number): P;
  conjugate(): P;
}

/**
 * Slot i moves to slot i + steps (right; the slots wrap around). A ciphertext moves by the steps of the key; slots of
 * BFV and BGV form two rows, and each row moves by itself.
 * @throws FheError LENGTH for a ciphertext that is not of length 2; KEY_MISSING for a conjugation key.
 */
export function circshift<P extends Plain>(c: Ciphertext<P>, key: GaloisKey): Ciphertext<P>;
export function circshift<P extends Rotatable<P>>(plain: P, steps: number): P;
export function circshift<T>(values: readonly T[], steps: number): T[];
export function circshift(what: Ciphertext | Rotatable<Plain> | readonly unknown[], by: GaloisKey | number): unknown {
  if (what instanceof Ciphertext) {
    const key = by as GaloisKey;
    if (key.element === conjugationElement(what.ring.degree)) throw wrongKey('circshift', 'a rotation', key);
    return turned('circshift', what, key);
  }
  const steps = by as number;
  if ('circshift' in what) return what.circshift(steps);
  return what.map((_, i) => what[cameFrom(i, steps, what.length)]);
}

/**
 * The complex conjugate of every slot (CKKS); for BFV and BGV, the two rows of slots change places.
 * @throws FheError LENGTH for a ciphertext that is not of length 2; KEY_MISSING for a rotation key.
 */
export function conjugate<P extends Plain>(c: Ciphertext<P>, key: GaloisKey): Ciphertext<P>;
export function conjugate<P extends Rotatable<P>>(plain: P): P;
export function conjugate(what: Ciphertext | Rotatable<Plain>, key?: GaloisKey): unknown {
  if (!(what instanceof Ciphertext)) return what.conjugate();
  if (key?.element !== conjugationElement(what.ring.degree)) throw wrongKey('conjugate', 'conjugation', key);
  return turned('conjugate', what, key);
}

/** x ↦ x^g on both parts turns s into s(x^g) as well; the key brings that back to s. */
function turned(op: string, c: Ciphertext, key: GaloisKey): Ciphertext {
  if (c.length !== 2) {
    throw new FheError({
      code: 'LENGTH',
      op,
      field: 'the length of the ciphertext',
      should: '2',
      is: String(c.length),
      hint: 'keyswitch first',
    });
  }
  const [c0, c1] = c.parts.map((part) => part.automorphism(key.element));
  const [u, v] = switchKey(key.params, key.digits, c1!);
  return c.with([c0!.add(u), v]);
}

function wrongKey(op: string, wanted: string, key: GaloisKey | undefined): FheError {
  return new FheError({
    code: 'KEY_MISSING',
    op,
    field: 'the key',
    should: `a Galois key for ${wanted}`,
    is: key ? `one for element ${key.element}` : 'missing',
    hint: 'keygen(GaloisKey, kp.priv, { steps }) rotates, { conjugate: true } conjugates',
  });
}
