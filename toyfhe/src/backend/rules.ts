/**
 * What each verb asks of its operands and what it makes of level, scale and length: the arithmetic of metadata.
 * Every backend goes through these rules before it computes anything.
 * @module
 */
import type { Ciphertext, Meta, Plaintext } from './contract.ts';
import { FheError, type FheErrorCode, transparentResult } from './errors.ts';
import type { Parameters } from './parameters.ts';
import { describe } from './print.ts';
import { Scale } from './scale.ts';

type Operand = Ciphertext | Plaintext;

function refuse(
  code: FheErrorCode,
  op: string,
  operand: Operand | undefined,
  [field, should, is]: readonly [field: string, should: string, is: string],
  hint: string,
): never {
  const ledger = operand && 'trace' in operand ? operand.trace : [];
  throw new FheError({ code, op, field, should, is, hint, ledger });
}

/** The cure for two ciphertexts of different histories. */
const MATCH = 'matchScale(backend, keys, x, y) of toyfhe/circuits brings x to the level and scale of y';

function sameLevel(op: string, a: Operand, b: Operand): void {
  if (a.level === b.level) return;
  const low = Math.min(a.level, b.level);
  let hint = `encode at level ${a.level}`;
  if ('trace' in b) hint = a.scale.equals(b.scale) ? `dropLevel the higher one to ${low}` : MATCH;
  refuse('LEVEL_MISMATCH', op, a, ['level', String(a.level), String(b.level)], hint);
}

function sameScale(op: string, a: Operand, b: Operand): void {
  if (a.scale.equals(b.scale)) return;
  // A product that was not rescaled is a whole prime too large; smaller gaps are the distance of primes from 2^k.
  const gap = Math.abs(a.scale.log2 - b.scale.log2);
  let hint = `encode at scale ${a.scale}`;
  if ('trace' in b) {
    const larger = a.scale.log2 > b.scale.log2 ? a.scale : b.scale;
    hint =
      gap > 1
        ? `rescale the one with scale ${larger} first`
        : `a ratio of 1 + ${(2 ** gap - 1).toExponential(1)} is an error of that size; ${MATCH}`;
  }
  const alike = String(a.scale) === String(b.scale) ? ' of other parameters' : '';
  refuse('SCALE_MISMATCH', op, a, ['scale', String(a.scale), `${b.scale}${alike}`], hint);
}

function lengthIs(op: string, c: Ciphertext, should: number): void {
  if (c.length === should) return;
  const hint = c.length > should ? 'relinearize first' : 'only a product has three polynomials: nothing is to be done';
  refuse('LENGTH', op, c, ['length', String(should), String(c.length)], hint);
}

/** The terms of a sum: same level, same scale, all of length `length`. */
function sameTerms(op: string, cs: readonly Ciphertext[], length: number): void {
  for (const c of cs) {
    sameLevel(op, cs[0]!, c);
    sameScale(op, cs[0]!, c);
    lengthIs(op, c, length);
  }
}

/**
 * A scale must leave room for the value ±1: Δ < Q/2, that is log₂Δ < log₂Q − 1.
 * @throws FheError SCALE_OVERFLOW
 */
function scaleFits(op: string, params: Parameters, level: number, scale: Scale, from: string, c?: Operand): void {
  const room = params.logQ(level) - 1;
  if (scale.log2 < room) return;
  refuse(
    'SCALE_OVERFLOW',
    op,
    c,
    ['log2(scale)', `below ${room.toFixed(1)} (log2 of the modulus at level ${level}, less the sign)`, from],
    op === 'encode' ? 'take a smaller scale or a higher level' : 'rescale before, or add a prime to the chain',
  );
}

/** @throws FheError SCALE_UNDERFLOW */
function aboveNoise(op: string, scale: Scale, least: number, operand: Operand, hint: string): void {
  if (scale.log2 >= least) return;
  const field = op === 'rescale' ? 'log2(scale) after it' : 'log2(scale)';
  refuse(
    'SCALE_UNDERFLOW',
    op,
    operand,
    [field, `at least ${least.toFixed(1)}, above the noise`, scale.log2.toFixed(1)],
    hint,
  );
}

export const rules = {
  encode(params: Parameters, level: number, scale: Scale): Meta {
    if (!Number.isInteger(level) || level < 0 || level > params.maxLevel) {
      refuse(
        'RANGE',
        'encode',
        undefined,
        ['level', `0 to ${params.maxLevel}`, describe(level)],
        'levels count the rescalings left',
      );
    }
    if (!(scale instanceof Scale)) {
      const hint = 'write Scale.powerOfTwo(40), or parameters.primeScale(level)';
      refuse('RANGE', 'encode', undefined, ['scale', 'a Scale', describe(scale)], hint);
    }
    scaleFits('encode', params, level, scale, scale.log2.toFixed(1));
    return { level, scale, length: 1 };
  },

  /**
   * Values are doubles, which end at 2^1024, and encoding adds up N of them times the scale; decoding divides by it.
   * @param max the largest |value|; where it is not known, 60 bits of room
   * @throws FheError RANGE
   */
  inDoubles(op: 'encode' | 'decode', params: Parameters, scale: Scale, max: number = 2 ** 60): void {
    const bits = Math.max(0, Math.log2(max)) + scale.log2 + Math.log2(params.ringDegree);
    const most = 1020; // four bits less: for complex values, and for rounding on the way
    if (bits < most) return;
    const hint = op === 'decode' ? 'rescale before decrypting' : 'take smaller values or a smaller scale';
    const field = `log2(${op === 'encode' ? 'largest value × ' : ''}scale × ring degree)`;
    refuse('RANGE', op, undefined, [field, `below ${most}, where doubles end`, bits.toFixed(0)], hint);
  },

  /** Values times scale must stay below half the modulus: else they wrap around and decrypt to garbage. */
  fits(op: string, params: Parameters, meta: Meta, max: number): void {
    const bits = Math.log2(max) + meta.scale.log2;
    const room = params.logQ(meta.level) - 1;
    if (bits < room) return;
    refuse(
      'RANGE',
      op,
      undefined,
      ['log2(largest value × scale)', `below ${room.toFixed(1)}`, bits.toFixed(1)],
      `take values below 2^${(room - meta.scale.log2).toFixed(1)}, a smaller scale or a higher level`,
    );
  },

  /**
   * Fresh noise has σ·√(4N/3) a coefficient, √N times that a slot and some three times that in the largest slot: about
   * 11·N for σ = 3.2. Below 8·N not one bit of a value near 1 survives encryption.
   */
  encrypt(params: Parameters, p: Plaintext): Meta {
    aboveNoise('encrypt', p.scale, Math.log2(params.ringDegree) + 3, p, 'encode at a larger scale');
    return { level: p.level, scale: p.scale, length: 2 };
  },

  add(op: 'add' | 'sub', a: Ciphertext, b: Ciphertext): Meta {
    sameLevel(op, a, b);
    sameScale(op, a, b);
    if (op === 'sub' && a === b) throw transparentResult(op, 'zero whatever the key', { ledger: a.trace });
    return { level: a.level, scale: a.scale, length: Math.max(a.length, b.length) };
  },

  same(c: Ciphertext): Meta {
    return { level: c.level, scale: c.scale, length: c.length };
  },

  addPlain(c: Ciphertext, p: Plaintext): Meta {
    sameLevel('addPlain', c, p);
    sameScale('addPlain', c, p);
    return rules.same(c);
  },

  mulPlain(params: Parameters, c: Ciphertext, p: Plaintext): Meta {
    sameLevel('mulPlain', c, p);
    if (p.isZero) throw transparentResult('mulPlain', 'zero: the plaintext encodes only zeros', { ledger: c.trace });
    return { ...product('mulPlain', params, c, p), length: c.length };
  },

  mul(op: 'mul' | 'square', params: Parameters, a: Ciphertext, b: Ciphertext): Meta {
    sameLevel(op, a, b);
    lengthIs(op, a, 2);
    lengthIs(op, b, 2);
    return { ...product(op, params, a, b), length: 3 };
  },

  relinearize(c: Ciphertext): Meta {
    lengthIs('relinearize', c, 3);
    return { level: c.level, scale: c.scale, length: 2 };
  },

  rescale(params: Parameters, c: Ciphertext): Meta {
    if (c.level === 0) {
      refuse('LEVEL_EXHAUSTED', 'rescale', c, ['level', 'at least 1', '0'], 'add a prime to the chain, or bootstrap');
    }
    const scale = c.scale.over(params.primeScale(c.level));
    // Rounding to integers moves a slot by about √(N/12)·√(2N/3) = N/√18, the largest slot by three times that: below N
    // not one bit of a value near 1 survives. Of length 3, the third polynomial's rounding is multiplied by s²: another
    // √(2N/3), and three times that in the largest slot.
    if (c.length === 3) {
      const hint = 'relinearize first: rescaled before that, the third polynomial is too coarse';
      aboveNoise('rescale', scale, 1.5 * Math.log2(params.ringDegree) + 1, c, hint);
    }
    const hint = 'rescale only after a multiplication; dropLevel lowers the level and keeps the scale';
    aboveNoise('rescale', scale, Math.log2(params.ringDegree), c, hint);
    return { level: c.level - 1, scale, length: c.length };
  },

  dropLevel(params: Parameters, c: Ciphertext, level: number): Meta {
    if (!Number.isInteger(level) || level < 0 || level > c.level) {
      const hint = 'levels only go down';
      refuse('LEVEL_EXHAUSTED', 'dropLevel', c, ['level', `0 to ${c.level}`, describe(level)], hint);
    }
    scaleFits('dropLevel', params, level, c.scale, c.scale.log2.toFixed(1), c);
    return { level, scale: c.scale, length: c.length };
  },

  /** Rotations and conjugation. */
  automorphism(op: string, c: Ciphertext): Meta {
    lengthIs(op, c, 2);
    return rules.same(c);
  },

  /**
   * The two lists of a sum: one entry of each for every term, and at least one term.
   * @throws FheError SLOTS
   */
  terms(op: string, cs: readonly unknown[], others: readonly unknown[], what: 'steps' | 'plaintexts'): void {
    const length = (list: unknown): string => (Array.isArray(list) ? String(list.length) : describe(list));
    const hint = `give a list of ciphertexts and a list of as many ${what}`;
    if (!Array.isArray(cs) || cs.length === 0) {
      refuse('SLOTS', op, undefined, ['number of ciphertexts', 'at least 1', length(cs)], hint);
    }
    if (!Array.isArray(others) || others.length !== cs.length) {
      refuse('SLOTS', op, undefined, [`number of ${what}`, `${cs.length}, one a ciphertext`, length(others)], hint);
    }
  },

  rotateSum(cs: readonly Ciphertext[]): Meta {
    sameTerms('rotateSum', cs, 2);
    return rules.same(cs[0]!);
  },

  dotPlain(params: Parameters, cs: readonly Ciphertext[], ps: readonly Plaintext[]): Meta {
    const op = 'dotPlain';
    const [c, p] = [cs[0]!, ps[0]!];
    const length = Math.min(...cs.map((x) => x.length)); // the longer ones can be relinearized
    sameTerms(op, cs, length);
    for (const other of ps) {
      sameLevel(op, c, other);
      sameScale(op, p, other);
    }
    if (ps.every((x) => x.isZero)) {
      throw transparentResult(op, 'zero: all plaintexts encode only zeros', { ledger: c.trace });
    }
    return { ...product(op, params, c, p), length };
  },

  /**
   * Steps as 0 … slots − 1.
   * @throws FheError RANGE
   */
  steps(op: string, params: Parameters, k: number): number {
    if (!Number.isInteger(k) || Math.abs(k) >= params.slots) {
      const should = `an integer with |steps| < ${params.slots}`;
      refuse('RANGE', op, undefined, ['steps', should, describe(k)], 'a rotation goes around all slots');
    }
    return (k + params.slots) % params.slots;
  },
} as const;

function product(op: string, params: Parameters, a: Ciphertext, b: Operand): { level: number; scale: Scale } {
  const scale = a.scale.times(b.scale);
  const sum = `${scale.log2.toFixed(1)} = ${a.scale.log2.toFixed(1)} + ${b.scale.log2.toFixed(1)}`;
  scaleFits(op, params, a.level, scale, sum, a);
  return { level: a.level, scale };
}
