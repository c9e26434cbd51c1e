/**
 * Polynomials on ciphertexts, at exactly the level and scale that is asked for.
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  FheError,
  type Scale,
  transparentResult,
} from '../backend/index.ts';
import { checkInputs } from './input-range.ts';
import type { Interval, Polynomial } from './polynomial.ts';
import { halves, type Plan, type PlanNode, powerDepth } from './polynomial-plan.ts';
import { factorScale, polynomialScales } from './polynomial-scales.ts';

export interface EvaluateOptions {
  /** The exact scale of the result. Default: that of the input. */
  readonly scale?: Scale;
  /** What the caller knows of its inputs: refused where it leaves the polynomial's interval. */
  readonly range?: Interval;
  /** Called for each product of two ciphertexts, `polynomial.multiplications` times. */
  readonly onStep?: () => void;
}

/**
 * p(x) in every slot, at level `c.level − polynomial.depth` and at exactly the wanted scale: the coefficients are encoded
 * at the scales that make every sum exact, so nothing drifts and nothing is rescaled for nothing (Bossuat et al.,
 * EUROCRYPT 2021, section 5). Needs the relinearization key. Values between the products are about as large as
 * p's coefficients, so those times the scale must fit the modulus on the way down.
 * @throws FheError LEVEL_EXHAUSTED for too few levels, RANGE for inputs that are declared or seen (`Backend.peek`) outside
 *   the interval, SCALE_UNDERFLOW where coefficients would be rounded to fewer than ten bits, TRANSPARENT for a
 *   constant: all before anything is computed
 */
export function evaluatePolynomial(
  backend: Backend,
  ev: EvaluationKeys,
  c: Ciphertext,
  polynomial: Polynomial,
  options: EvaluateOptions = {},
): Ciphertext {
  const { parameters } = backend;
  if (polynomial.degree === 0) throw constantResult('a polynomial of degree 0 is the same for all inputs');
  checkLevels('evaluate a polynomial', c, polynomial.depth);
  checkInputs(backend, c, polynomial.interval, options.range);
  const { plan, powers, last } = polynomialScales(parameters, polynomial, c, options.scale ?? c.scale, c);
  return backend.scope(() => {
    const { factor, offset } = polynomial.change;
    let x = c;
    if (polynomial.changesScale) {
      // Encoded at the prime that the rescale divides by: the scale comes back.
      const plain = backend.encode(factor, { level: x.level, scale: parameters.primeScale(x.level) });
      x = ev.rescale(ev.mulPlain(x, plain));
    }
    if (offset !== 0) x = ev.addPlain(x, backend.encode(offset, { level: x.level, scale: x.scale }));
    return new Evaluation(backend, ev, x, polynomial, plan, powers, options.onStep).run(last.level, last.scale);
  });
}

/**
 * Refuses what would run out of levels on the way.
 * @throws FheError LEVEL_EXHAUSTED
 */
export function checkLevels(op: string, c: Ciphertext, depth: number): void {
  if (c.level >= depth) return;
  const levels = (n: number): string => `${n} level${n === 1 ? '' : 's'}`;
  throw new FheError({
    code: 'LEVEL_EXHAUSTED',
    op,
    field: 'level of the input',
    should: `at least ${depth}`,
    is: String(c.level),
    hint: `this needs ${levels(depth)}, the input has ${c.level}: add primes to the chain, or bootstrap before`,
    ledger: c.trace,
  });
}

function constantResult(why: string): FheError {
  return transparentResult('evaluate a polynomial', `known: ${why}`);
}

class Evaluation {
  readonly #backend: Backend;
  readonly #ev: EvaluationKeys;
  readonly #polynomial: Polynomial;
  readonly #plan: Plan;
  readonly #scales: ReadonlyMap<number, Scale>;
  readonly #onStep: () => void;
  /** T₁, T₂, …: those the plan needs. */
  readonly #powers: Map<number, Ciphertext> = new Map();

  constructor(
    backend: Backend,
    ev: EvaluationKeys,
    x: Ciphertext,
    polynomial: Polynomial,
    plan: Plan,
    scales: ReadonlyMap<number, Scale>,
    onStep: () => void = () => {},
  ) {
    this.#backend = backend;
    this.#ev = ev;
    this.#polynomial = polynomial;
    this.#plan = plan;
    this.#scales = scales;
    this.#onStep = onStep;
    this.#powers.set(1, x);
  }

  run(level: number, scale: Scale): Ciphertext {
    for (const power of this.#plan.powers) this.#powers.set(power, this.#power(power));
    const sum = this.#node(this.#plan.top, level, scale);
    if (sum === undefined) throw constantResult('all coefficients but the constant round to zero at this scale');
    return this.#rescaled(sum, this.#plan.top.constant);
  }

  /** T_(a+b) = 2·T_a·T_b − T_(a−b) or x^a·x^b, one level below its parts. */
  #power(power: number): Ciphertext {
    const [backend, ev] = [this.#backend, this.#ev];
    const [a, b] = halves(power);
    const level = this.#powers.get(1)!.level - powerDepth(power) + 1;
    return backend.scope(() => {
      const left = this.#lowered(a, level);
      let product = ev.relinearize(a === b ? ev.square(left) : ev.mul(left, this.#lowered(b, level)));
      this.#onStep();
      if (this.#polynomial.basis === 'chebyshev') {
        product = ev.add(product, product);
        // At the product's own scale, so that the difference is exact: T₀ = 1, or T_(a−b) times ones.
        if (a === b) product = ev.addPlain(product, backend.encode(-1, { level, scale: product.scale }));
        else {
          const ones = backend.encode(-1, { level, scale: product.scale.over(this.#scales.get(a - b)!) });
          product = ev.add(product, ev.mulPlain(this.#lowered(a - b, level), ones));
        }
      }
      return ev.rescale(product);
    });
  }

  /** A node's sum without its constant, of length 2 or 3; undefined where no coefficient is above its rounding. */
  #node(node: PlanNode, level: number, scale: Scale): Ciphertext | undefined {
    const [backend, ev] = [this.#backend, this.#ev];
    let sum: Ciphertext | undefined;
    const add = (term: () => Ciphertext | undefined): void => {
      const before = sum;
      sum = backend.scope(() => {
        const made = term();
        return before === undefined || made === undefined ? (made ?? before) : ev.add(before, made);
      });
      if (sum !== before) before?.dispose();
    };
    const times = (power: number, coefficient: number): Ciphertext | undefined => {
      const x = this.#lowered(power, level);
      const plain = backend.encode(coefficient, { level, scale: scale.over(x.scale) });
      return plain.isZero ? undefined : ev.mulPlain(x, plain);
    };
    for (const { power, coefficient } of node.terms) add(() => times(power, coefficient));
    for (const { power, factor } of node.products) {
      add(() => {
        const before = factorScale(backend.parameters, this.#scales.get(power)!, level, scale);
        const inner = this.#node(factor, level + 1, before);
        this.#onStep();
        if (inner === undefined) return times(power, factor.constant);
        return ev.mul(this.#rescaled(inner, factor.constant), this.#lowered(power, level));
      });
    }
    return sum;
  }

  #rescaled(sum: Ciphertext, constant: number): Ciphertext {
    const [backend, ev] = [this.#backend, this.#ev];
    return backend.scope(() => {
      const short = sum.length === 3 ? ev.relinearize(sum) : sum;
      const { level, scale } = short;
      return ev.rescale(constant === 0 ? short : ev.addPlain(short, backend.encode(constant, { level, scale })));
    });
  }

  #lowered(power: number, level: number): Ciphertext {
    const x = this.#powers.get(power)!;
    return x.level === level ? x : this.#ev.dropLevel(x, level);
  }
}
