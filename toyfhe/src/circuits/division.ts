/**
 * Division by encrypted values from a known range, by Goldschmidt's iterations (1964; on ciphertexts in Cheon, Kim, Kim,
 * Lee, Lee, ASIACRYPT 2019, algorithm 1). With y = 1 − t·b, |y| < 1:
 *   1/b = t/(1 − y) = t·(1 + y)·(1 + y²)·(1 + y⁴)·…,
 * each factor doubles the bits that are right. It starts from ρ = (high − low)/(high + low), the largest |y|, for the best t
 * = 2/(low + high); a range whose ends are far apart takes many. Each squaring doubles a scale's distance from the primes, so
 * every few of them the power is multiplied by one, at a scale that starts anew: a level more.
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  FheError,
  inspect,
  type Parameters,
  type Scale,
} from '../backend/index.ts';
import { checkInputs } from './input-range.ts';
import type { LevelAndScale } from './match-scale.ts';
import type { Interval } from './polynomial.ts';
import { checkLevels } from './polynomial-evaluation.ts';
import { checkEncodingScale } from './polynomial-scales.ts';
import { steadyScale } from './steady-scale.ts';

export interface DivisionOptions {
  /** Where the denominator lies: 0 < low < high. */
  readonly range: Interval;
  /** Bits of the quotient that shall be right: relative error at most 2^-bits. Default: 12. */
  readonly bits?: number;
}

/**
 * Squarings between two fresh scales: primes that miss a power of two by a 2^20th part have then drifted by 2^-5 of a bit, and
 * exact scales have exponents up to 2^15 (which the toy, computing with them as fractions, feels).
 */
const SQUARINGS = 15;

/** Doubles tell 1 − t·low from 1 by some 2^-47 then, five bits above their rounding. */
const MOST_RATIO = 2 ** 48;

export class Division {
  readonly range: Interval;
  readonly bits: number;
  /** Factors 1 + y^(2^i), K in number: the least with ρ^(2^K) ≤ 2^-bits. */
  readonly factors: number;
  /** t. */
  readonly #t: number;

  /** @throws FheError RANGE unless 0 < low < high ≤ 2^48·low, t² is a number, and 1 ≤ bits ≤ 40 */
  constructor({ range, bits = 12 }: DivisionOptions) {
    const refuse = (field: string, should: string, is: string, hint: string): never => {
      throw new FheError({ code: 'RANGE', op: 'prepare a division', field, should, is, hint });
    };
    const [low, high] = range;
    if (!(low > 0 && high > low && high < Number.POSITIVE_INFINITY)) {
      refuse('range', '0 < low < high', `[${range.join(', ')}]`, 'near 0 no polynomial is like 1/x');
    }
    if (!(high / low <= MOST_RATIO)) {
      refuse('range', 'of ends at most a factor 2^48 apart', `[${range.join(', ')}]`, 'take a larger lower end');
    }
    const t = 2 / (low + high);
    if (!(t ** 2 > 0 && t ** 2 < Number.POSITIVE_INFINITY)) {
      refuse('range', 'of numbers whose squares are numbers', `[${range.join(', ')}]`, 'scale the denominator first');
    }
    if (!(bits >= 1 && bits <= 40)) refuse('bits', '1 to 40', String(bits), 'each doubling takes a level');
    this.range = range;
    this.bits = bits;
    const rho = (high - low) / (high + low);
    this.factors = Math.max(1, Math.ceil(Math.log2((-bits * Math.LN2) / Math.log(rho))));
    this.#t = t;
  }

  /** Levels: one for t·b, one a factor, one a fresh scale. */
  get depth(): number {
    return this.factors + 1 + Math.floor((this.factors - 1) / SQUARINGS);
  }
  /** Products of two ciphertexts in a division; one fewer in an inverse. */
  get multiplications(): number {
    return 2 * this.factors - 1;
  }

  /** a/b in the clear, with the same error: (a/b)·(1 − y^(2^K)). */
  at(a: number, b: number): number {
    return (a / b) * (1 - (1 - this.#t * b) ** (2 ** this.factors));
  }

  /**
   * a/b, both of one level, at level − depth and at exactly the wanted scale (default: that of `a`).
   * @throws FheError LEVEL_EXHAUSTED; RANGE where b is seen outside the range; LEVEL_MISMATCH; SCALE_UNDERFLOW where t would
   *   be rounded to fewer than ten bits: all before anything is computed
   */
  apply(backend: Backend, ev: EvaluationKeys, a: Ciphertext, b: Ciphertext, scale: Scale = a.scale): Ciphertext {
    this.#check(backend, b);
    if (a.level !== b.level) {
      throw new FheError({
        code: 'LEVEL_MISMATCH',
        op: 'divide',
        field: 'level of the numerator',
        should: `${b.level}, that of the denominator`,
        is: String(a.level),
        hint: `dropLevel the higher one to ${Math.min(a.level, b.level)}`,
        ledger: a.trace,
      });
    }
    this.checkScales(backend.parameters, a, b, scale);
    return backend.scope(() => {
      const y = this.#complement(backend, ev, b);
      const first = times(backend, ev, a, this.#t, this.#scaleOfFirst(backend.parameters, y, 0, scale));
      return this.#chain(backend, ev, first, y, 0);
    });
  }

  /** 1/b, as `apply`. */
  inverse(backend: Backend, ev: EvaluationKeys, b: Ciphertext, scale: Scale = b.scale): Ciphertext {
    this.#check(backend, b);
    this.checkScales(backend.parameters, undefined, b, scale);
    return backend.scope(() => {
      const y = this.#complement(backend, ev, b);
      // The first factor, t·(1 + y) = 2t − t²·b, is no product of ciphertexts.
      const product = times(backend, ev, b, -(this.#t ** 2), this.#scaleOfFirst(backend.parameters, y, 1, scale));
      const first = plus(backend, ev, product, 2 * this.#t);
      return ev.dropLevel(this.#chain(backend, ev, first, y, 1), b.level - this.depth);
    });
  }

  /**
   * Refuses where t or t² would be encoded too coarsely.
   * @internal for what divides at the end of something longer
   * @param a undefined: the inverse of b
   * @throws FheError SCALE_UNDERFLOW
   */
  checkScales(parameters: Parameters, a: LevelAndScale | undefined, b: LevelAndScale, wanted: Scale): void {
    const check = (c: LevelAndScale, factor: number, scale: Scale): void => {
      const bits = Math.log2(factor) + scaleBefore(parameters, c, scale).log2;
      checkEncodingScale('divide', 'log2(scale) of the constant that starts the iterations, times it', bits);
    };
    const y = { level: b.level - 1, scale: this.#scaleOfComplement(parameters, b) };
    check(b, this.#t, y.scale);
    if (a !== undefined) check(a, this.#t, this.#scaleOfFirst(parameters, y, 0, wanted));
    else check(b, this.#t ** 2, this.#scaleOfFirst(parameters, y, 1, wanted));
  }

  #check(backend: Backend, b: Ciphertext): void {
    checkLevels('divide', b, this.depth);
    checkInputs(backend, b, this.range, undefined, 'divide');
  }

  /** y = 1 − t·b. */
  #complement(backend: Backend, ev: EvaluationKeys, b: Ciphertext): Ciphertext {
    const scale = this.#scaleOfComplement(backend.parameters, b);
    return plus(backend, ev, times(backend, ev, b, -this.#t, scale), 1);
  }

  /** One that the squarings of y keep. */
  #scaleOfComplement(parameters: Parameters, b: LevelAndScale): Scale {
    return steadyScale(parameters, b.level - 1, Math.min(SQUARINGS, this.factors - 1));
  }

  /** Where y^(2^i) stands as a factor, and the fresh scale that it got there, if it did. */
  #powers(parameters: Parameters, y: LevelAndScale): (LevelAndScale & { readonly fresh?: Scale })[] {
    let { level, scale } = y;
    return Array.from({ length: this.factors }, (_, i) => {
      if (i === 0) return { level, scale };
      scale = scale.times(scale).over(parameters.primeScale(level));
      level--;
      if (i % SQUARINGS !== 0) return { level, scale };
      scale = steadyScale(parameters, level - 1, Math.min(SQUARINGS, this.factors - 1 - i));
      level--;
      return { level, scale, fresh: scale };
    });
  }

  /** What times the scales of the factors from the given one on, each rescaled, is the wanted scale. */
  #scaleOfFirst(parameters: Parameters, y: LevelAndScale, from: number, wanted: Scale): Scale {
    // Each product with a factor is rescaled by the prime of the factor's level.
    let first = wanted;
    for (const { level, scale } of this.#powers(parameters, y).slice(from)) {
      first = first.over(scale).times(parameters.primeScale(level));
    }
    return first;
  }

  /** first·(1 + y^(2^from))·…, up to the last factor. */
  #chain(backend: Backend, ev: EvaluationKeys, first: Ciphertext, y: Ciphertext, from: number): Ciphertext {
    let product = first;
    let power = y;
    for (const [i, { fresh }] of this.#powers(backend.parameters, y).entries()) {
      if (i > 0) power = ev.rescale(ev.relinearize(ev.square(power)));
      if (fresh !== undefined) power = times(backend, ev, power, 1, fresh);
      if (i < from) continue;
      const factor = plus(backend, ev, power, 1);
      product = ev.rescale(ev.relinearize(ev.mul(ev.dropLevel(product, factor.level), factor)));
    }
    return product;
  }

  [inspect](): string {
    const [low, high] = this.range.map((x) => Number(x.toPrecision(3)));
    return `Division by values in [${low}, ${high}], ${this.bits} bits (${this.depth} levels, ${this.multiplications} products)`;
  }
}

function plus(backend: Backend, ev: EvaluationKeys, c: Ciphertext, constant: number): Ciphertext {
  return ev.addPlain(c, backend.encode(constant, { level: c.level, scale: c.scale }));
}

/** factor·c, one level below and at exactly the given scale. */
function times(backend: Backend, ev: EvaluationKeys, c: Ciphertext, factor: number, scale: Scale): Ciphertext {
  const at = { level: c.level, scale: scaleBefore(backend.parameters, c, scale) };
  return ev.rescale(ev.mulPlain(c, backend.encode(factor, at)));
}

/** What a constant is encoded at, so that its product with `c`, rescaled, has the given scale. */
function scaleBefore(parameters: Parameters, c: LevelAndScale, scale: Scale): Scale {
  return scale.times(parameters.primeScale(c.level)).over(c.scale);
}
