/**
 * Comparisons on encrypted values: sign, ReLU, absolute value and the larger of two, through a composite polynomial for the
 * sign (minimax.ts). They are approximations: near 0, where |x| is below `from`·bound, the sign is not known.
 *
 *   ReLU(x) = x·(1 + sign(x))/2,   |x| = x·sign(x),   max(a, b) = (a + b)/2 + (a − b)·sign(a − b)/2 = b + ReLU(a − b).
 *
 * Inputs are in [−B, B], B the bound, and the composite wants x/B, which is a product and takes a level. There are two
 * ways around it: B = 1, or `normalised: true`, where the layer before gives x/B, its weights divided by B. Results are those
 * of x either way: B comes back, for nothing, in the coefficients of the last polynomial.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError, inspect, type Scale } from '../backend/index.ts';
import { checkInputs } from './input-range.ts';
import { matchScale } from './match-scale.ts';
import { type MinimaxComposite, minimaxComposite } from './minimax.ts';
import type { Polynomial } from './polynomial.ts';
import { checkLevels, type EvaluateOptions, evaluatePolynomial } from './polynomial-evaluation.ts';
import { polynomialScales } from './polynomial-scales.ts';

export interface ComparisonOptions {
  /** Of the composite's polynomials, odd. Default: {15, 15, 27}, of 13 levels and 13 bits. */
  readonly degrees?: readonly number[];
  /** B: inputs are in [−B, B]. Default: 1. */
  readonly bound?: number;
  /** Inputs come divided by the bound. Default: false, which takes a level more unless the bound is 1. */
  readonly normalised?: boolean;
  /** See `MinimaxOptions`. */
  readonly margin?: number;
}

/** What the four have in common: f(x) = gain(x)·(shift + factor·p(x/B)), gain either x or nothing. */
abstract class Comparison {
  readonly degrees: readonly number[];
  readonly bound: number;
  readonly normalised: boolean;
  readonly composite: MinimaxComposite;
  readonly #name: string;
  /** The composite's polynomials, the last with the factor, the shift and, where inputs come divided by it, the bound. */
  readonly #stages: readonly Polynomial[];
  readonly #timesInput: boolean;

  constructor(name: string, options: ComparisonOptions, factor: number, shift: number, timesInput: boolean) {
    const { degrees = [15, 15, 27], bound = 1, normalised = false, margin } = options;
    if (!(bound > 0 && bound < Number.POSITIVE_INFINITY)) {
      const hint = 'the largest |x| there can be, with some margin';
      throw new FheError({
        code: 'RANGE',
        op: `make ${name}`,
        field: 'bound',
        should: 'positive',
        is: String(bound),
        hint,
      });
    }
    this.composite = minimaxComposite(degrees, margin === undefined ? {} : { margin });
    this.degrees = this.composite.degrees;
    this.bound = bound;
    this.normalised = normalised;
    this.#name = name;
    this.#timesInput = timesInput;
    const gain = timesInput && normalised ? bound : 1;
    const { factors } = this.composite;
    this.#stages = [...factors.slice(0, -1), factors.at(-1)!.scaled(gain * factor, gain * shift)];
  }

  /** −log₂ of the largest error of ReLU relative to the bound, in the clear: what `MinimaxComposite.alpha` says. */
  get alpha(): number {
    return this.composite.alpha;
  }
  /** Levels: those of the polynomials, one for x·p(x), one for x/B unless it is saved. */
  get depth(): number {
    const polynomials = this.#stages.reduce((sum, p) => sum + p.depth, 0);
    return polynomials + (this.#timesInput ? 1 : 0) + (this.#divides ? 1 : 0);
  }
  /** Products of two ciphertexts. */
  get multiplications(): number {
    return this.#stages.reduce((sum, p) => sum + p.multiplications, this.#timesInput ? 1 : 0);
  }

  /** The same composite in the clear, of x itself: |x| ≤ bound. */
  at(x: number): number {
    const p = this.#stages.reduce((y, stage) => stage.at(y), x / this.bound);
    if (!this.#timesInput) return p;
    return this.normalised ? (x / this.bound) * p : x * p;
  }

  /**
   * In every slot, at level `c.level − depth` and at exactly the wanted scale (default: that of `c`).
   * @param c x, or x/B where `normalised`
   * @throws FheError LEVEL_EXHAUSTED; RANGE for inputs that are declared or seen outside [−B, B]; SCALE_UNDERFLOW where
   *   coefficients would be rounded to fewer than ten bits: all before anything is computed
   */
  apply(backend: Backend, ev: EvaluationKeys, c: Ciphertext, options: EvaluateOptions = {}): Ciphertext {
    const op = `take the ${this.#name}`;
    const limit = this.normalised ? 1 : this.bound;
    checkLevels(op, c, this.depth);
    checkInputs(backend, c, [-limit, limit], options.range, op);
    this.#checkScales(backend, c, options);
    return backend.scope(() => this.#compute(backend, ev, c, options));
  }

  get #divides(): boolean {
    return !this.normalised && this.bound !== 1;
  }

  #compute(backend: Backend, ev: EvaluationKeys, c: Ciphertext, options: EvaluateOptions): Ciphertext {
    const { parameters } = backend;
    const { onStep = () => {}, scale: target = c.scale } = options;
    let y = c;
    if (this.#divides) {
      const plain = backend.encode(1 / this.bound, { level: y.level, scale: parameters.primeScale(y.level) });
      y = ev.rescale(ev.mulPlain(y, plain));
    }
    const scales = this.#stageScales(backend, c, target);
    for (const [i, stage] of this.#stages.entries()) {
      const scale = scales[i]!;
      const next = evaluatePolynomial(backend, ev, y, stage, { scale, onStep });
      if (y !== c) y.dispose();
      y = next;
    }
    if (!this.#timesInput) return y;
    const product = ev.relinearize(ev.mul(y, ev.dropLevel(c, y.level)));
    onStep();
    return ev.rescale(product);
  }

  /** The scale that each polynomial ends at. */
  #stageScales({ parameters }: Backend, c: Ciphertext, target: Scale): Scale[] {
    const scales = this.#stages.map(() => c.scale);
    // After the last polynomial comes the product with the input, whose rescale has to end at the wanted scale.
    const prime = parameters.primeScale(c.level - this.depth + 1);
    scales[scales.length - 1] = this.#timesInput ? target.times(prime).over(c.scale) : target;
    return scales;
  }

  /** Those of all polynomials, so that the last one does not refuse what the first ones have done. */
  #checkScales(backend: Backend, c: Ciphertext, options: EvaluateOptions): void {
    let { scale } = c;
    let level = c.level - (this.#divides ? 1 : 0);
    for (const [i, wanted] of this.#stageScales(backend, c, options.scale ?? c.scale).entries()) {
      polynomialScales(backend.parameters, this.#stages[i]!, { level, scale }, wanted, c);
      [level, scale] = [level - this.#stages[i]!.depth, wanted];
    }
  }

  [inspect](): string {
    const cost = `${this.depth} levels, ${this.multiplications} products, ${this.alpha.toFixed(2)} bits`;
    return `${this.#name} by degrees ${this.degrees.join(', ')} on [${-this.bound}, ${this.bound}] (${cost})`;
  }
}

/** −1 or 1; within `composite.signError` of it where |x| ≥ `composite.from`·bound, in between below. */
export class Sign extends Comparison {
  constructor(options: ComparisonOptions = {}) {
    super('sign', options, 1, 0, false);
  }
}

/** max(x, 0), within bound·2^-alpha. */
export class Relu extends Comparison {
  constructor(options: ComparisonOptions = {}) {
    super('ReLU', options, 0.5, 0.5, true); // x·(1/2 + p/2)
  }
}

/** |x|, within bound·2^-(alpha − 1). */
export class Abs extends Comparison {
  constructor(options: ComparisonOptions = {}) {
    super('absolute value', options, 1, 0, true);
  }
}

/** The larger of two, slot by slot: b + ReLU(a − b), within bound·2^-alpha. The bound is that of a − b. */
export class Max {
  readonly relu: Relu;

  constructor(options: Omit<ComparisonOptions, 'normalised'> = {}) {
    this.relu = new Relu(options);
  }

  get depth(): number {
    return this.relu.depth;
  }
  get multiplications(): number {
    return this.relu.multiplications;
  }
  at(a: number, b: number): number {
    return b + this.relu.at(a - b);
  }

  /**
   * At level `a.level − depth` and exactly the wanted scale (default: that of `a`).
   * @param b at the level and scale of `a`, and not `a` itself
   * @throws FheError as `Relu.apply` does, with `range` that of a − b; LEVEL_MISMATCH, SCALE_MISMATCH
   */
  apply(backend: Backend, ev: EvaluationKeys, a: Ciphertext, b: Ciphertext, options: EvaluateOptions = {}): Ciphertext {
    checkLevels('take the maximum', a, this.depth);
    return backend.scope(() => {
      const more = this.relu.apply(backend, ev, ev.sub(a, b), options);
      return ev.add(more, matchScale(backend, ev, b, more));
    });
  }

  [inspect](): string {
    return `maximum, through ${this.relu[inspect]()}`;
  }
}
