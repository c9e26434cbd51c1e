/**
 * At which scales a linear transform's weights and bias are encoded, so that its result has just the wanted scale.
 * @module
 */
import { type Backend, FheError, type FheErrorCode, type Scale } from '../backend/index.ts';

export interface TransformScaling {
  /** The inputs' level. */
  readonly level: number;
  /** The inputs' scale. */
  readonly scale: Scale;
  /** The result's scale after its rescale. Default: the inputs'. */
  readonly target?: Scale;
  /** Default: true. False leaves the product at the inputs' level and at scale target·q_level. */
  readonly rescale?: boolean;
}

/** Level and scale, as `encode` takes them. */
export interface EncodeAt {
  readonly level: number;
  readonly scale: Scale;
}

/** Where weights and bias stand. */
export interface TransformScales {
  readonly weights: EncodeAt;
  readonly bias: EncodeAt;
}

/**
 * Weights at target·q_level/scale: the product then has target·q_level, and `rescale` divides by q_level.
 * @throws FheError RANGE for no such level, LEVEL_EXHAUSTED where none is left to rescale, SCALE_UNDERFLOW where weights would
 *   be rounded to fewer than ten bits, SCALE_OVERFLOW where the product does not fit the modulus
 */
export function transformScales(backend: Backend, options: TransformScaling): TransformScales {
  const { level, scale, target = scale, rescale = true } = options;
  const { maxLevel } = backend.parameters;
  if (!Number.isInteger(level) || level < 0 || level > maxLevel) {
    throw refused('RANGE', 'level', `0 to ${maxLevel}`, String(level), 'levels count the rescalings left');
  }
  if (rescale && level === 0) {
    throw refused(
      'LEVEL_EXHAUSTED',
      'level of the inputs',
      'at least 1, for the rescale',
      '0',
      'add a prime to the chain',
    );
  }
  const product = target.times(backend.parameters.primeScale(level));
  const weights = product.over(scale);
  // Weights are rounded by up to 1/2: a relative error of 2^-(bits + 1). Ten bits leave three decimal digits.
  if (weights.log2 < 10) {
    const hint = 'rescale the inputs first, or ask for a larger target';
    throw refused('SCALE_UNDERFLOW', 'log2(scale) of the weights', 'at least 10', weights.log2.toFixed(1), hint);
  }
  const room = backend.parameters.logQ(level) - 1; // for the sign
  if (product.log2 >= room) {
    const should = `below ${room.toFixed(1)} (log2 of the modulus at level ${level}, less the sign)`;
    const hint = 'take a higher level, or a smaller target';
    throw refused('SCALE_OVERFLOW', 'log2(scale) of the product', should, product.log2.toFixed(1), hint);
  }
  return {
    weights: { level, scale: weights },
    bias: rescale ? { level: level - 1, scale: target } : { level, scale: product },
  };
}

function refused(code: FheErrorCode, field: string, should: string, is: string, hint: string): FheError {
  return new FheError({ code, op: 'prepare a linear transform', field, should, is, hint });
}
