/**
 * Polynomials in the clear: coefficients in monomials or in Chebyshev polynomials, the range they are meant for, and what
 * evaluating one on a ciphertext costs. `evaluatePolynomial` (polynomial-evaluation.ts) does that.
 * @module
 */
import { FheError, inspect } from '../backend/index.ts';
import { fewestProducts } from './polynomial-plan.ts';

/**
 * `monomial`: Σ cᵢ·xⁱ. `chebyshev`: Σ cᵢ·Tᵢ(u), u the input moved from the interval to [−1, 1]. High degrees need
 * Chebyshev: monomial coefficients of, say, degree 31 alternate and grow to many digits, and noise grows with them.
 */
export type Basis = 'monomial' | 'chebyshev';

/** From low to high. */
export type Interval = readonly [low: number, high: number];

export interface PolynomialOptions {
  /** Default: `monomial`. */
  readonly basis?: Basis;
  /** The inputs it is meant for. Default: [−1, 1] for Chebyshev, and for monomials any. */
  readonly interval?: Interval;
}

export class Polynomial {
  readonly basis: Basis;
  /** Lowest first; the last one is not zero, except of the constant 0. */
  readonly coefficients: Float64Array;
  /** Inputs outside are refused where they can be seen. Undefined: monomials for any input. */
  readonly interval: Interval | undefined;

  /**
   * @param coefficients lowest first, at least one; zeros at the end are left out
   * @throws FheError RANGE for coefficients that are not finite, or none; for an interval that is none
   */
  constructor(coefficients: ArrayLike<number>, options: PolynomialOptions = {}) {
    const { basis = 'monomial', interval } = options;
    const refuse = (field: string, should: string, is: string, hint: string): never => {
      throw new FheError({ code: 'RANGE', op: 'make a polynomial', field, should, is, hint });
    };
    if (basis !== 'monomial' && basis !== 'chebyshev') {
      refuse('basis', "'monomial' or 'chebyshev'", String(basis), "write { basis: 'chebyshev' }");
    }
    if (coefficients.length === 0) refuse('number of coefficients', 'at least 1', '0', 'the polynomial 0 is [0]');
    const all = Float64Array.from(coefficients);
    const wrong = all.findIndex((c) => !Number.isFinite(c));
    if (wrong >= 0) refuse(`coefficient ${wrong}`, 'finite', String(all[wrong]), 'mend what it was computed from');
    checkInterval('make a polynomial', interval);
    let length = all.length;
    while (length > 1 && all[length - 1] === 0) length--;
    this.basis = basis;
    this.coefficients = all.slice(0, length);
    this.interval = interval ?? (basis === 'chebyshev' ? [-1, 1] : undefined);
  }

  /**
   * The polynomial in Chebyshev basis that equals `f` at the degree + 1 Chebyshev nodes of the interval: for smooth f
   * within a small factor of the best there is (Trefethen, Approximation Theory and Approximation Practice, ch. 4, 16).
   * @throws FheError RANGE where f is not finite, the degree no integer from 0 on, the interval none
   */
  static chebyshev(f: (x: number) => number, degree: number, interval: Interval = [-1, 1]): Polynomial {
    if (!Number.isInteger(degree) || degree < 0) {
      throw new FheError({
        code: 'RANGE',
        op: 'approximate a function',
        field: 'degree',
        should: 'an integer from 0 on',
        is: String(degree),
        hint: 'take 7 or 15 for a start',
      });
    }
    checkInterval('approximate a function', interval);
    const n = degree + 1;
    const [low, high] = interval;
    const node = (j: number): number => (Math.PI * (j + 0.5)) / n;
    const values = Array.from({ length: n }, (_, j) => f((low + high) / 2 + ((high - low) / 2) * Math.cos(node(j))));
    const coefficients = values.map((_, k) => {
      const sum = values.reduce((total, v, j) => total + v * Math.cos(k * node(j)), 0);
      return (k === 0 ? 1 : 2) * (sum / n);
    });
    // Where f is odd or even, every other coefficient is zero but for rounding, and would cost powers of its own.
    const rounding = n * 2 ** -52 * Math.max(...coefficients.map(Math.abs));
    return new Polynomial(
      coefficients.map((c) => (Math.abs(c) <= rounding ? 0 : c)),
      { basis: 'chebyshev', interval },
    );
  }

  get degree(): number {
    return this.coefficients.length - 1;
  }

  /** u = factor·x + offset moves the interval to [−1, 1]; 1 and 0 for monomials. */
  get change(): { readonly factor: number; readonly offset: number } {
    if (this.basis === 'monomial') return { factor: 1, offset: 0 };
    const [low, high] = this.interval!;
    return { factor: 2 / (high - low), offset: -(low + high) / (high - low) };
  }

  /**
   * Levels that one evaluation takes: ⌈log₂(degree + 1)⌉, and one more where the interval's width is not that of
   * [−1, 1], because u = factor·x is a product too. To save that one, fold the factor into what comes before.
   */
  get depth(): number {
    return Math.ceil(Math.log2(this.degree + 1)) + (this.changesScale ? 1 : 0);
  }

  /** Whether moving the inputs to [−1, 1] takes a product. */
  get changesScale(): boolean {
    return this.degree > 0 && this.change.factor !== 1;
  }

  /** Products of two ciphertexts that one evaluation takes; those with coefficients are far cheaper. */
  get multiplications(): number {
    return fewestProducts(this).products;
  }

  /** The value in the clear, by Horner's rule or Clenshaw's. */
  at(x: number): number {
    const c = this.coefficients;
    if (this.basis === 'monomial') return c.reduceRight((sum, v) => sum * x + v, 0);
    const { factor, offset } = this.change;
    const u = factor * x + offset;
    let [b1, b2] = [0, 0];
    for (let k = c.length - 1; k >= 1; k--) [b1, b2] = [2 * u * b1 - b2 + c[k]!, b1];
    return u * b1 - b2 + c[0]!;
  }

  /** factor·p + constant, in the same basis on the same interval: how factors are folded in for nothing. */
  scaled(factor: number, constant: number = 0): Polynomial {
    const coefficients = this.coefficients.map((c) => factor * c);
    coefficients[0]! += constant;
    return new Polynomial(coefficients, { basis: this.basis, interval: this.interval! });
  }

  [inspect](): string {
    const on = this.interval === undefined ? '' : ` on [${this.interval.join(', ')}]`;
    const cost = this.degree === 0 ? '' : ` (${this.depth} levels, ${this.multiplications} products)`;
    return `Polynomial of degree ${this.degree}, ${this.basis} basis${on}${cost}`;
  }
}

/** @throws FheError RANGE unless it is missing or low < high, both finite */
export function checkInterval(op: string, interval: Interval | undefined): void {
  if (interval === undefined) return;
  const [low, high] = interval;
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return;
  throw new FheError({
    code: 'RANGE',
    op,
    field: 'interval',
    should: 'two finite numbers, the lower first',
    is: `[${interval.join(', ')}]`,
    hint: 'write for example [-1, 1]',
  });
}
