/**
 * Of the ways to compute a term, the one that takes the fewest levels: as it is written, as a power, or as a polynomial by
 * baby steps and giant steps.
 * @module
 */
import type { Parameters } from '../backend/index.ts';
import { LevelAlgebra, type Standing } from './levels.ts';
import { runTerm } from './run-term.ts';
import { conjugate, negative, number, power, product, sum, type Term } from './term.ts';
import type { TermPolynomial, TermPolynomials } from './term-polynomial.ts';

/** A term that computes the same, and where its value will stand. */
export interface Choice {
  readonly term: Term;
  readonly at: Standing;
}

/**
 * Part by part from the inside out; among equals, the way with fewer products.
 * @param term no number
 * @param inputs where the variables stand
 */
export function fewestLevels(
  term: Term,
  polynomials: TermPolynomials,
  parameters: Parameters,
  inputs: ReadonlyMap<string, Standing>,
): Choice {
  const algebra = new LevelAlgebra(parameters);
  const best = (of: Term): Choice => {
    const ways = [withParts(of, (part) => best(part).term), ...waysOf(polynomials.of(of))];
    const choices = ways.map((way) => ({ term: way, at: runTerm(way, algebra, inputs) }));
    return choices.reduce((a, b) => (isBetter(a.at, b.at) ? a : b)); // among equals the last
  };
  return best(term);
}

function isBetter(a: Standing, b: Standing): boolean {
  return a.level === b.level ? a.products < b.products : a.level > b.level;
}

/** The same term of other parts; numbers stay. */
function withParts(term: Term, change: (part: Term) => Term): Term {
  switch (term.kind) {
    case 'sum':
    case 'product': {
      const make = term.kind === 'sum' ? sum : product;
      return make(change(term.left), term.right.kind === 'number' ? term.right : change(term.right));
    }
    case 'negative':
      return negative(change(term.of));
    case 'conjugate':
      return conjugate(change(term.of));
    case 'power':
      return power(change(term.of), term.exponent);
    default:
      return term;
  }
}

/** How a polynomial can be computed, other than as it is written; the simplest last. */
function waysOf(polynomial: TermPolynomial | undefined): Term[] {
  if (polynomial?.variable === undefined) return [];
  const { coefficients } = polynomial;
  const of: Term = { kind: 'variable', name: polynomial.variable };
  const degree = coefficients.length - 1;
  // By baby steps and giant steps the result has the variable's scale, which later sums need no level to match.
  const ways: Term[] = degree > 1 ? [{ kind: 'polynomial', of, coefficients }] : [];
  // a·xⁿ + b
  if (coefficients.slice(1, degree).every((c) => c === 0)) {
    ways.push(sum(product(power(of, degree), number(coefficients[degree]!)), number(coefficients[0]!)));
  }
  return ways;
}
