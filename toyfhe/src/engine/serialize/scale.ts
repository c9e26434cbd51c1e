/**
 * Scales in a header: the exponent of two i32, the number of primes u16, and for each the place in the chain u16 and the
 * exponent i32, places ascending.
 * @module
 */
import type { FheErrorCode } from '../../backend/errors.ts';
import { FheError } from '../../backend/errors.ts';
import type { Parameters } from '../../backend/parameters.ts';
import { type Factor, Scale } from '../../backend/scale.ts';
import type { FieldReader, FieldWriter } from './fields.ts';

/** Exponents of primes add up to at most this in size, far more than any chain's levels; two's to 64 times it. */
const MOST_POWER = 1000;
const MOST_TWOS = 64 * MOST_POWER;
/** log₂ of a scale: above it, the scale is a double and not 0. */
const LEAST_LOG2 = -1000;

/** @throws FheError RANGE for a scale that could not be loaded again */
export function writeScale(op: string, fields: FieldWriter, p: Parameters, level: number, scale: Scale): void {
  const { twos, factors } = scale;
  const foreign = factors.find((f) => p.primes[f.index] !== f.prime);
  if (foreign !== undefined) {
    const hint = 'encode at a power of two, or at primeScale(level) of these parameters';
    const is = `${scale}, with the prime ${foreign.prime}`;
    throw new FheError({ code: 'RANGE', op, field: 'scale', should: "made of the chain's primes", is, hint });
  }
  checkScale('RANGE', op, p, level, scale);
  fields.i32(twos);
  fields.u16(factors.length);
  for (const { index, power } of factors) {
    fields.u16(index);
    fields.i32(power);
  }
}

/** @throws FheError FORMAT */
export function readScale(fields: FieldReader, p: Parameters, level: number): Scale {
  const { op } = fields;
  const twos = fields.i32();
  const count = fields.within('primes in the scale', 0, p.primes.length, fields.u16());
  const factors: Factor[] = [];
  for (let i = 0, next = 0; i < count; i++) {
    const index = fields.within('place of a prime in the scale', next, p.maxLevel, fields.u16());
    const power = fields.i32();
    if (power === 0) fields.within('exponent of a prime in the scale', 1, MOST_POWER, power);
    factors.push({ index, prime: p.primes[index]!, power });
    next = index + 1;
  }
  // The bounds come first: nothing is computed with an exponent that is out of them.
  checkExponents('FORMAT', op, twos, factors);
  const scale = Scale.monomial(twos, factors);
  checkScale('FORMAT', op, p, level, scale);
  return scale;
}

function checkExponents(code: FheErrorCode, op: string, twos: number, factors: readonly Factor[]): void {
  const powers = factors.reduce((sum, f) => sum + Math.abs(f.power), 0);
  const refuse = (field: string, most: number, is: number): never => {
    const hint = 'no computation leads there: use another scale';
    throw new FheError({ code, op, field, should: `at most ${most} in size`, is: String(is), hint });
  };
  if (Math.abs(twos) > MOST_TWOS) refuse('exponent of two in the scale', MOST_TWOS, twos);
  if (powers > MOST_POWER) refuse("sum of the primes' exponents in the scale", MOST_POWER, powers);
}

/** Below the modulus, as `rules` has it, and above what doubles hold. */
function checkScale(code: FheErrorCode, op: string, p: Parameters, level: number, scale: Scale): void {
  checkExponents(code, op, scale.twos, scale.factors);
  const room = p.logQ(level) - 1;
  const { log2 } = scale;
  if (log2 < room && log2 > LEAST_LOG2) return;
  const should = `between ${LEAST_LOG2} and ${room.toFixed(1)} (the modulus at level ${level}, less the sign)`;
  const hint = 'rescale or encode it anew, and save that';
  throw new FheError({ code, op, field: 'log2(scale)', should, is: log2.toFixed(1), hint });
}
