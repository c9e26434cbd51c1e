/**
 * Bringing a ciphertext to another one's level and scale, exactly: what adding x to a rescaled x² needs.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError } from '../backend/index.ts';

/** Level and scale: of a ciphertext, or where one should get to. */
export type LevelAndScale = Pick<Ciphertext, 'level' | 'scale'>;

/**
 * The highest level at which two ciphertexts can be added, and the scale there: the lower one's place, or, where both have
 * the same level and different scales, the second one's scale a level down.
 */
export function meetingPoint(a: LevelAndScale, b: LevelAndScale): LevelAndScale {
  if (a.scale.equals(b.scale)) return { level: Math.min(a.level, b.level), scale: a.scale };
  if (a.level === b.level) return { level: a.level - 1, scale: b.scale };
  return a.level < b.level ? { level: a.level, scale: a.scale } : { level: b.level, scale: b.scale };
}

/**
 * a + b, whatever their levels and scales; one level at most is spent.
 * @throws FheError LEVEL_EXHAUSTED, LEVEL_MISMATCH, SCALE_UNDERFLOW where there is no level left to match the scales with
 */
export function addMatched(backend: Backend, ev: EvaluationKeys, a: Ciphertext, b: Ciphertext): Ciphertext {
  const target = meetingPoint(a, b);
  return backend.scope(() => ev.add(matchScale(backend, ev, a, target), matchScale(backend, ev, b, target)));
}

/**
 * a·b at the lower one's level, relinearized and rescaled: length 2, scale a·b/q.
 * @throws FheError LEVEL_EXHAUSTED, SCALE_OVERFLOW, SCALE_UNDERFLOW as the verbs it is made of
 */
export function mulMatched(backend: Backend, ev: EvaluationKeys, a: Ciphertext, b: Ciphertext): Ciphertext {
  const level = Math.min(a.level, b.level);
  return backend.scope(() => {
    const product = ev.mul(ev.dropLevel(a, level), ev.dropLevel(b, level));
    return ev.rescale(ev.relinearize(product));
  });
}

/**
 * The same values as `c`, at the level and scale of `target`, which stands at a lower level (or the same, with the same
 * scale). Multiplies by ones, encoded at just the scale that the rescale after it makes right:
 * c.scale·s/q = target.scale. Takes the levels between the two; scales are exact, so nothing drifts.
 * @throws FheError LEVEL_MISMATCH where no level is between the two, SCALE_UNDERFLOW where the ones would need a scale
 *   too small to hold them
 */
export function matchScale(backend: Backend, ev: EvaluationKeys, c: Ciphertext, target: LevelAndScale): Ciphertext {
  if (c.scale.equals(target.scale) && c.level >= target.level) return ev.dropLevel(c, target.level);
  if (c.level <= target.level) {
    throw new FheError({
      code: 'LEVEL_MISMATCH',
      op: 'match the scale',
      field: 'level',
      should: `above ${target.level}, because changing the scale takes a rescale`,
      is: String(c.level),
      hint: 'drop the other one a level first',
      ledger: c.trace,
    });
  }
  const level = target.level + 1;
  const scale = target.scale.times(backend.parameters.primeScale(level)).over(c.scale);
  // Ones at scale s are rounded by up to 1/2: a relative error of 2^-(bits + 1). Ten bits leave three decimal digits.
  if (scale.log2 < 10) {
    throw new FheError({
      code: 'SCALE_UNDERFLOW',
      op: 'match the scale',
      field: 'log2(scale) of the ones to multiply by',
      should: 'at least 10',
      is: scale.log2.toFixed(1),
      hint: 'rescale the larger one first',
      ledger: c.trace,
    });
  }
  return backend.scope(() => ev.rescale(ev.mulPlain(ev.dropLevel(c, level), backend.encode(1, { level, scale }))));
}
