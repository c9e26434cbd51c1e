/**
 * Softmax over encrypted logits: exp(xᵢ)/Σⱼ exp(xⱼ) in every class's slot. The largest logit is not subtracted (nobody
 * knows it); a bound of all logits stands in its place.
 *
 * - exp((x − σ)/2^r) by a polynomial, squared r times (as in Lee et al., IEEE Access 2022);
 * - the sum over classes by rotations and additions, so that each class's slot gets it;
 * - the division by Goldschmidt's iterations (division.ts).
 * σ is such that sums are around 1: it costs nothing, being a shift of the exponent.
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
import { Division } from './division.ts';
import { Polynomial } from './polynomial.ts';
import { checkLevels, evaluatePolynomial } from './polynomial-evaluation.ts';
import { polynomialScales } from './polynomial-scales.ts';

export interface SoftmaxOptions {
  /** n classes: that of image b in slot class·batch + b. */
  readonly classes: number;
  /** B: logits are in [−B, B]. */
  readonly bound: number;
  /** What the largest logit of an image is known to reach; the more, the fewer levels. Default: −B, that is nothing. */
  readonly least?: number;
  /** Logits come divided by the bound, which saves a level unless the bound is 1. Default: false. */
  readonly normalised?: boolean;
  /** Images side by side. Default: 1. */
  readonly batch?: number;
  /**
   * Positions after which everything repeats: P, the classes padded to a power of two, or a power of two from 2·P on.
   * Positions that hold no class hold the logit 0. Default: P.
   */
  readonly period?: number;
  /** Bits that shall be right: relative error at most some 2^-bits. Default: 12. */
  readonly bits?: number;
}

/** On [−1, 1] exp is a polynomial of degree 7 but for 2^-22; that is three levels, and each squaring doubles the error. */
const DEGREE = 7;

/** Sums may leave their range by this part: for the error of exp, and noise. */
const SLACK = 2 ** -10;

export class Softmax {
  readonly classes: number;
  readonly bound: number;
  readonly normalised: boolean;
  readonly batch: number;
  readonly period: number;
  /** exp((x − σ)/2^r). */
  readonly exponential: Polynomial;
  /** r: the least with B/2^r ≤ 1. */
  readonly squarings: number;
  readonly division: Division;
  /** Rotation steps: what keys are needed for. */
  readonly rotations: readonly number[];
  /** Positions that are summed, of which n hold a class. */
  readonly #window: number;

  /** @throws FheError RANGE for impossible options */
  constructor(options: SoftmaxOptions) {
    const { classes, bound, least = -bound, normalised = false, batch = 1, bits = 12 } = options;
    const padded = 2 ** Math.ceil(Math.log2(classes));
    const { period = padded } = options;
    check(options, padded, period, batch, least);
    this.classes = classes;
    this.bound = bound;
    this.normalised = normalised;
    this.batch = batch;
    this.period = period;
    this.squarings = Math.max(0, Math.ceil(Math.log2(bound)));
    this.#window = period === padded ? padded : 2 * padded;

    // In slots of no class, some of an image's classes may be out of sight, and count as the logit 0.
    const reached = period === padded ? least : Math.min(least, 0);
    const smallest = (Math.exp(reached) + (classes - 1) * Math.exp(-bound)) * (1 - SLACK);
    const largest = classes * Math.exp(bound) * (1 + SLACK);
    const sigma = Math.log((smallest + largest) / 2);
    const [unit, r] = [normalised ? bound : 1, this.squarings];
    const limit = bound / unit;
    this.exponential = Polynomial.chebyshev((x) => Math.exp((unit * x - sigma) / 2 ** r), DEGREE, [-limit, limit]);
    const divisor = Math.exp(sigma);
    this.division = new Division({ range: [smallest / divisor, largest / divisor], bits });

    // Positions j − P + 1 … j, and, where not everything repeats after P, j + 1 … j + P too: all classes, for each of them.
    const steps: number[] = [];
    for (let k = 1; k < padded; k *= 2) steps.push(k * batch);
    if (this.#window > padded) steps.push(-padded * batch);
    this.rotations = steps;
  }

  /** Levels: exp, its squarings, the division. */
  get depth(): number {
    return this.exponential.depth + this.squarings + this.division.depth;
  }
  /**
   * What an error of the exponentials comes out times, at most: squarings double it each, and the smallest sum divides it.
   * The wider the range of sums (`bound`, `least`), the more.
   */
  get gain(): number {
    return 2 ** this.squarings / this.division.range[0];
  }
  /** Products of two ciphertexts. */
  get multiplications(): number {
    return this.exponential.multiplications + this.squarings + this.division.multiplications;
  }

  /** The same approximation in the clear. */
  at(logits: ArrayLike<number>): Float64Array {
    const unit = this.normalised ? this.bound : 1;
    const e = Float64Array.from(logits, (x) => this.exponential.at(x / unit) ** (2 ** this.squarings));
    const sum = e.reduce((total, x) => total + x, 0);
    return e.map((x) => this.division.at(x, sum));
  }

  /**
   * At level `c.level − depth` and at exactly the wanted scale (default: that of `c`). Slots of no class hold numbers without
   * meaning, at most exp(B)/n, less where `least` is given: the modulus that is left has to hold that times the scale.
   * @param c the logits, or logits/B where `normalised`
   * @throws FheError LEVEL_EXHAUSTED; SLOTS where batch·period does not divide the slots; RANGE for logits that are seen
   *   outside the bound; SCALE_UNDERFLOW where constants would be rounded to fewer than ten bits: all before anything is
   *   computed. KEY_MISSING after the exponentials.
   */
  apply(backend: Backend, ev: EvaluationKeys, c: Ciphertext, target: Scale = c.scale): Ciphertext {
    const { parameters } = backend;
    if (parameters.slots % (this.batch * this.period) !== 0) {
      throw new FheError({
        code: 'SLOTS',
        op: 'take the softmax',
        field: 'batch × period',
        should: `a divisor of ${parameters.slots}, the slots`,
        is: `${this.batch} × ${this.period}`,
        hint: 'take powers of two',
      });
    }
    checkLevels('take the softmax', c, this.depth);
    // Squared and rescaled, the scale of the next prime stays about as large as the primes.
    const scale = parameters.primeScale(c.level - this.exponential.depth);
    this.#checkScales(parameters, c, scale, target);
    return backend.scope(() => {
      let e = evaluatePolynomial(backend, ev, c, this.exponential, { scale });
      for (let i = 0; i < this.squarings; i++) e = ev.rescale(ev.relinearize(ev.square(e)));
      return this.division.apply(backend, ev, e, this.#sum(backend, ev, e), target);
    });
  }

  /** Those of the division too, which comes last. @param scale of the exponentials */
  #checkScales(parameters: Parameters, c: Ciphertext, scale: Scale, target: Scale): void {
    polynomialScales(parameters, this.exponential, c, scale, c);
    let e = { level: c.level - this.exponential.depth, scale };
    for (let i = 0; i < this.squarings; i++) {
      e = { level: e.level - 1, scale: e.scale.times(e.scale).over(parameters.primeScale(e.level)) };
    }
    this.division.checkScales(parameters, e, e, target);
  }

  #sum(backend: Backend, ev: EvaluationKeys, e: Ciphertext): Ciphertext {
    let sum = e;
    for (const k of this.rotations) sum = ev.add(sum, ev.rotate(sum, k));
    const empty = this.#window - this.classes;
    if (empty === 0) return sum;
    // Each position without a class has added exp of the logit 0.
    const surplus = empty * this.exponential.at(0) ** (2 ** this.squarings);
    return ev.addPlain(sum, backend.encode(-surplus, { level: sum.level, scale: sum.scale }));
  }

  [inspect](): string {
    const on = `on [${-this.bound}, ${this.bound}]`;
    return `Softmax of ${this.classes} classes ${on} (${this.depth} levels, ${this.multiplications} products)`;
  }
}

function check(options: SoftmaxOptions, padded: number, period: number, batch: number, least: number): void {
  const { classes, bound } = options;
  const refuse = (field: string, should: string, is: number, hint: string): never => {
    throw new FheError({ code: 'RANGE', op: 'prepare a softmax', field, should, is: String(is), hint });
  };
  if (!Number.isInteger(classes) || classes < 2) refuse('classes', 'an integer from 2 on', classes, 'one class is 1');
  // exp(2·B), the range of the sums, shall leave doubles their digits.
  if (!(bound > 0 && bound <= 16)) refuse('bound', 'above 0, up to 16', bound, 'divide the logits by a temperature');
  if (!(least >= -bound && least <= bound)) refuse('least', `in [${-bound}, ${bound}]`, least, 'leave it out');
  if (!Number.isInteger(Math.log2(batch)) || batch < 1) refuse('batch', 'a power of two', batch, 'slots are many');
  if (!Number.isInteger(Math.log2(period)) || (period !== padded && period < 2 * padded)) {
    refuse('period', `${padded}, or a power of two from ${2 * padded} on`, period, 'see `vectorLayout`');
  }
}
