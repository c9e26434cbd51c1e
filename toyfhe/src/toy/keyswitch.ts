/**
 * Key switching: from a ciphertext part that goes with another secret s′ to two parts that go with s.
 * @module
 */

import { need, refused } from './checks.ts';
import { type Ciphertext, needCiphertext } from './ciphertext.ts';
import { EvalMultKey, type SwitchingKey } from './keys.ts';
import { needSamePair } from './pair.ts';
import type { RlweParams } from './params.ts';
import type { Plain } from './plain.ts';
import { RingElement, zero } from './ring-element.ts';

/**
 * (u, v) with u + v·s ≈ x·s′, for x at any level: eprint 2011/277, SwitchKey. The error is the digits of x
 * times the noise of the key, divided by the parameters' key factor.
 */
export function switchKey(params: RlweParams, key: SwitchingKey, x: RingElement): [RingElement, RingElement] {
  const ring = params.keyRing(x.ring);
  const digits = params.gadget.digits(x).map((digit) => RingElement.lift(ring, digit));
  const sum = (half: 0 | 1): RingElement =>
    digits.reduce((total, digit, i) => total.add(digit.mul(key[i]![half].restrict(ring))), zero(ring));
  return [params.lower(sum(0)), params.lower(sum(1))];
}

/**
 * Relinearization: the same message in a ciphertext of length 2. From the top, the part that goes with s^k = s²·s^(k−2)
 * is switched as one that goes with s² and moves down two places, until two parts are left.
 * @throws FheError LENGTH for a ciphertext that has length 2 already; KEY_MISSING for a key of another kind or pair;
 *   FORMAT for anything but a ciphertext.
 */
export function keyswitch<P extends Plain>(key: EvalMultKey, c: Ciphertext<P>): Ciphertext<P> {
  const hint = 'make it with keygen(EvalMultKey, kp.priv)';
  need(key, EvalMultKey, {
    code: 'KEY_MISSING',
    op: 'keyswitch',
    field: 'the key',
    should: 'a multiplication key',
    hint,
  });
  needCiphertext('keyswitch', c);
  needSamePair('keyswitch', c, 'the key', key);
  if (c.length < 3) {
    const enough = 'it needs no relinearization: use it as it is';
    throw refused('LENGTH', 'keyswitch', 'the length of the ciphertext', '3 or more', String(c.length), enough);
  }
  const parts = [...c.parts];
  while (parts.length > 2) {
    const top = parts.pop()!;
    const [u, v] = switchKey(key.params, key.digits, top);
    const k = parts.length; // `top` went with s^k
    parts[k - 2] = parts[k - 2]!.add(u);
    parts[k - 1] = parts[k - 1]!.add(v);
  }
  return c.with(parts);
}
