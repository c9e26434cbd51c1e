/**
 * A ciphertext and a number: the same number in all slots.
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  type Complex,
  type EvaluationKeys,
  Scale,
  transparentResult,
} from '../backend/index.ts';
import { checkLevels } from './polynomial-evaluation.ts';

/**
 * c + x in every slot, at the level and scale of `c`.
 * @param x any finite number, 0 too
 * @throws FheError RANGE for a number that is not finite, or too large for level and scale
 */
export function addConstant(backend: Backend, ev: EvaluationKeys, c: Ciphertext, x: number | Complex): Ciphertext {
  const { level, scale } = c;
  return backend.scope(() => ev.addPlain(c, backend.encode(x, { level, scale })));
}

/**
 * c·x in every slot, at the scale of `c`, exactly. A whole number takes no level: its polynomial is the number itself. Any
 * other takes one: it is encoded at the scale of the prime that the rescale after it divides by.
 * @param x any finite number but 0
 * @throws FheError TRANSPARENT for 0 (the result would be readable without the key) and for what rounds to it, RANGE for a
 *   number that is not finite, or too large; LEVEL_EXHAUSTED for a fraction at level 0
 */
export function mulConstant(backend: Backend, ev: EvaluationKeys, c: Ciphertext, x: number | Complex): Ciphertext {
  if (x === 0) throw transparentResult('multiply by 0', 'zero whatever the key', { ledger: c.trace });
  const { level } = c;
  const whole = Number.isInteger(x);
  if (!whole) checkLevels('multiply by a fraction', c, 1);
  return backend.scope(() => {
    if (whole) return ev.mulPlain(c, backend.encode(x, { level, scale: Scale.powerOfTwo(0) }));
    return ev.rescale(ev.mulPlain(c, backend.encode(x, { level, scale: backend.parameters.primeScale(level) })));
  });
}
