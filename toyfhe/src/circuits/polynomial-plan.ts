/**
 * How a polynomial is evaluated in the fewest levels: baby steps and giant steps (Paterson–Stockmeyer, SIAM J. Comput. 2,
 * 1973; with Chebyshev polynomials and depth kept optimal: Bossuat, Mouchet, Troncoso-Pastoriza, Hubaux, EUROCRYPT 2021,
 * section 5). Levels and products only: no ciphertext here, and no scale.
 *
 * With k a power of two, p = q·T_k + r, degrees of q and r below k. Level by level:
 *   p of degree < 2^m takes m levels: T_k, k = 2^(m−1), takes m − 1, and so does q. Then r's own split may stand at the
 *   level of the product q·T_k and be added to it before the rescale, and so on down: a node is one sum of products
 *   and of small powers times coefficients, all at one level and scale, relinearized and rescaled once.
 * @module
 */
import type { Polynomial } from './polynomial.ts';

/** Σ coefficient·T_power + Σ factor·T_power + constant, rescaled once after. */
export interface PlanNode {
  readonly constant: number;
  readonly terms: readonly { readonly power: number; readonly coefficient: number }[];
  /** The factors stand a level higher than this sum. */
  readonly products: readonly { readonly power: number; readonly factor: PlanNode }[];
}

export interface Plan {
  readonly top: PlanNode;
  /** The powers from the second on, each after those it is made of. */
  readonly powers: readonly number[];
  /** Products of two ciphertexts. */
  readonly products: number;
  /** Levels, not counting a change of variable. */
  readonly depth: number;
}

/** T_power = 2·T_a·T_b − T_(a−b), x^power = x^a·x^b: a the largest power of two below, so that the depth is least. */
export function halves(power: number): readonly [a: number, b: number] {
  const a = 2 ** (Math.ceil(Math.log2(power)) - 1);
  return [a, power - a];
}

/** Levels until T_power. */
export function powerDepth(power: number): number {
  return Math.ceil(Math.log2(power));
}

/** The plan with the fewest products of ciphertexts, over all numbers of baby steps. */
export function fewestProducts(polynomial: Polynomial): Plan {
  let best: Plan | undefined;
  for (let babies = 2; babies === 2 || babies <= polynomial.degree; babies *= 2) {
    const plan = planWith(polynomial, babies);
    if (best === undefined || plan.products < best.products) best = plan;
  }
  return best!;
}

/** @param babies powers below this one are multiplied by coefficients, higher ones split */
function planWith({ coefficients, basis }: Polynomial, babies: number): Plan {
  const powers = new Set<number>();
  let products = 0;

  const need = (power: number): void => {
    if (power <= 1 || powers.has(power)) return;
    const [a, b] = halves(power);
    for (const part of basis === 'chebyshev' ? [a, b, a - b] : [a, b]) need(part);
    powers.add(power);
    products++;
  };

  /** @param below levels between the input and this node's sum: powers that take more are not there yet */
  const node = (all: Float64Array, below: number): PlanNode => {
    const terms: { power: number; coefficient: number }[] = [];
    const factors: { power: number; factor: PlanNode }[] = [];
    let c = all;
    const take = (power: number, coefficient: number): void => {
      if (coefficient === 0) return;
      need(power);
      terms.push({ power, coefficient });
    };
    for (let degree = degreeOf(c); degree > 0; degree = degreeOf(c)) {
      if (degree < babies && powerDepth(degree) <= below) {
        for (let power = 1; power <= degree; power++) take(power, c[power]!);
        c = c.slice(0, 1);
        break;
      }
      const power = 2 ** Math.floor(Math.log2(degree));
      const [quotient, remainder] = divide(c, power, basis);
      if (degreeOf(quotient) === 0) take(power, quotient[0]!);
      else {
        need(power);
        products++;
        factors.push({ power, factor: node(quotient, below - 1) });
      }
      c = remainder;
    }
    return { constant: c[0]!, terms, products: factors };
  };

  const depth = Math.ceil(Math.log2(coefficients.length));
  const top = node(coefficients, depth - 1);
  return { top, powers: [...powers].sort((a, b) => a - b), products, depth };
}

function degreeOf(c: Float64Array): number {
  let degree = c.length - 1;
  while (degree > 0 && c[degree] === 0) degree--;
  return degree;
}

/** p = q·T_k + r for a degree below 2k. With Chebyshev polynomials T_(k+j) = 2·T_k·T_j − T_(k−j). */
function divide(c: Float64Array, k: number, basis: Polynomial['basis']): readonly [q: Float64Array, r: Float64Array] {
  const q = c.slice(k);
  const r = c.slice(0, k);
  if (basis === 'chebyshev') {
    for (let j = 1; j < q.length; j++) {
      r[k - j]! -= q[j]!;
      q[j]! *= 2;
    }
  }
  return [q, r];
}
