/**
 * Division by encrypted values from a known range, by Goldschmidt's iterations (1964; on ciphertexts in Cheon, Kim, Kim,
 * Lee, Lee, ASIACRYPT 2019, algorithm 1). With y = 1 − t·b, |y| < 1:
 *   1/b = t/(1 − y) = t·(1 + y)·(1 + y²)·(1 + y⁴)·…,
 * each factor doubles the bits that are right. It starts from ρ = (high − low)/(high + low), the largest |y|, for the best t
 * = 2/(low + high); a range whose ends are far apart takes many. On the way exact scales have exponents up to 2^K, which
 * the toy, computing with them as fractions, feels from K = 8 or so on; the result's scale is plain again.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError, inspect, type Scale } from '../backend/index.ts';
import { checkInputs } from './input-range.ts';
import type { Interval } from './polynomial.ts';
import { checkLevels } from './polynomial-evaluation.ts';
import { steadyScale } from './steady-scale.ts';

export interface DivisionOptions {
  /** Where the denominator lies: 0 < low < high. */
  readonly range: Interval;
  /** Bits of the quotient that shall be right: relative error at most 2^-bits. Default: 12. */
  readonly bits?: number;
}

export class Division {
  readonly range: Interval;
  readonly bits: number;
  /** Factors 1 + y^(2^i), K in number: the least with ρ^(2^K) ≤ 2^-bits. */
  readonly factors: number;
  /** t. */
  readonly #t: number;

  /** @throws FheError RANGE unless 0 < low < high and 1 ≤ bits ≤ 40 */
  constructor({ range, bits = 12 }: DivisionOptions) {
    const refuse = (field: string, should: string, is: string, hint: string): never => {
      throw new FheError({ code: 'RANGE', op: 'prepare a division', field, should, is, hint });
    };
    const [low, high] = range;
    if (!(low > 0 && high > low && high < Number.POSITIVE_INFINITY)) {
      refuse('range', '0 < low < high', `[${range.join(', ')}]`, 'near 0 no polynomial is like 1/x');
    }
    if (!(bits >= 1 && bits <= 40)) refuse('bits', '1 to 40', String(bits), 'each doubling takes a level');
    this.range = range;
    this.bits = bits;
    const rho = (high - low) / (high + low);
    this.factors = Math.max(1, Math.ceil(Math.log2((-bits * Math.LN2) / Math.log(rho))));
    this.#t = 2 / (low + high);
  }

  /** Levels: one for t·b, one a factor. */
  get depth(): number {
    return this.factors + 1;
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
   * @throws FheError LEVEL_EXHAUSTED; RANGE where b is seen outside the range; LEVEL_MISMATCH
   */
  apply(backend: Backend, ev: EvaluationKeys, a: Ciphertext, b: Ciphertext, scale: Scale = a.scale): Ciphertext {
    this.#check(backend, b);
    return backend.scope(() => {
      const y = this.#complement(backend, ev, b);
      const first = times(backend, ev, a, this.#t, this.#scaleOfFirst(backend, y, 0, scale));
      return this.#chain(backend, ev, first, y, 0);
    });
  }

  /** 1/b, as `apply`. */
  inverse(backend: Backend, ev: EvaluationKeys, b: Ciphertext, scale: Scale = b.scale): Ciphertext {
    this.#check(backend, b);
    return backend.scope(() => {
      const y = this.#complement(backend, ev, b);
      // The first factor, t·(1 + y) = 2t − t²·b, is no product of ciphertexts.
      const product = times(backend, ev, b, -(this.#t ** 2), this.#scaleOfFirst(backend, y, 1, scale));
      const first = plus(backend, ev, product, 2 * this.#t);
      return ev.dropLevel(this.#chain(backend, ev, first, y, 1), b.level - this.depth);
    });
  }

  #check(backend: Backend, b: Ciphertext): void {
    checkLevels('divide', b, this.depth);
    checkInputs(backend, b, this.range, undefined, 'divide');
  }

  /** y = 1 − t·b, at a scale that its squarings keep. */
  #complement(backend: Backend, ev: EvaluationKeys, b: Ciphertext): Ciphertext {
    const scale = steadyScale(backend.parameters, b.level - 1, this.factors - 1);
    return plus(backend, ev, times(backend, ev, b, -this.#t, scale), 1);
  }

  /** What times the scales of the factors from the given one on, each rescaled, is the wanted scale. */
  #scaleOfFirst({ parameters }: Backend, y: Ciphertext, from: number, wanted: Scale): Scale {
    let first = wanted;
    let power = y.scale;
    for (let i = 0; i < this.factors; i++) {
      const prime = parameters.primeScale(y.level - i); // what the product with factor i is rescaled by, and y^(2^i) squared
      if (i >= from) first = first.over(power).times(prime);
      power = power.times(power).over(prime);
    }
    return first;
  }

  /** first·(1 + y^(2^from))·…, up to the last factor. */
  #chain(backend: Backend, ev: EvaluationKeys, first: Ciphertext, y: Ciphertext, from: number): Ciphertext {
    let product = first;
    let power = y;
    for (let i = 0; i < this.factors; i++) {
      if (i > 0) power = ev.rescale(ev.relinearize(ev.square(power)));
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
  const before = scale.times(backend.parameters.primeScale(c.level)).over(c.scale);
  return ev.rescale(ev.mulPlain(c, backend.encode(factor, { level: c.level, scale: before })));
}
