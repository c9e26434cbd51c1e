/**
 * Terms that are polynomials in one variable, and their coefficients.
 * @module
 */
import { conjugate, negative, number, power, product, sum, type Term } from './term.ts';

/** Real coefficients, lowest first, the last one not 0 unless it is the only one. */
export interface TermPolynomial {
  /** Undefined for a constant. */
  readonly variable: string | undefined;
  readonly coefficients: readonly number[];
}

/** Beyond it, monomials lose too many digits. */
const MOST_DEGREE = 64;

/**
 * Σ|coefficient| up to which products of sums are multiplied out: (x − 1)²⁰ written as a sum has coefficients of 18 bits
 * that cancel, and 18 bits of the result go with them, where twenty factors lose none.
 */
const MOST_EXPANDED = 64;

/** The polynomial that a term is; undefined where it is none, in one variable with real coefficients. */
export class TermPolynomials {
  readonly #known: Map<Term, TermPolynomial | undefined> = new Map();

  of(term: Term): TermPolynomial | undefined {
    if (!this.#known.has(term)) this.#known.set(term, this.#read(term));
    return this.#known.get(term);
  }

  #read(term: Term): TermPolynomial | undefined {
    switch (term.kind) {
      case 'number':
        return term.value.im === 0 ? { variable: undefined, coefficients: [term.value.re] } : undefined;
      case 'variable':
        return { variable: term.name, coefficients: [0, 1] };
      case 'sum':
        return combined(this.of(term.left), this.of(term.right), added);
      case 'product':
        return combined(this.of(term.left), this.of(term.right), multiplied);
      case 'negative':
        return combined(this.of(term.of), this.of(number(-1)), multiplied);
      case 'power': {
        const base = this.of(term.of);
        let result = base;
        for (let i = 1; i < term.exponent && result !== undefined; i++) result = combined(result, base, multiplied);
        return result;
      }
      case 'conjugate':
      case 'polynomial':
        return undefined;
    }
  }
}

/** The term with whatever turns out to be known as a number: x − x, or 0·x. */
export function simplified(term: Term, polynomials: TermPolynomials): Term {
  const polynomial = polynomials.of(term);
  if (polynomial?.coefficients.length === 1) return number(polynomial.coefficients[0]!);
  const inner = (of: Term): Term => simplified(of, polynomials);
  switch (term.kind) {
    case 'sum':
      return sum(inner(term.left), inner(term.right));
    case 'product':
      return product(inner(term.left), inner(term.right));
    case 'negative':
      return negative(inner(term.of));
    case 'conjugate':
      return conjugate(inner(term.of));
    case 'power':
      return power(inner(term.of), term.exponent);
    default:
      return term;
  }
}

function combined(
  a: TermPolynomial | undefined,
  b: TermPolynomial | undefined,
  operation: (a: readonly number[], b: readonly number[]) => readonly number[] | undefined,
): TermPolynomial | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.variable !== undefined && b.variable !== undefined && a.variable !== b.variable) return undefined;
  const result = operation(a.coefficients, b.coefficients);
  if (result === undefined || result.length - 1 > MOST_DEGREE || !result.every(Number.isFinite)) return undefined;
  const length = result.findLastIndex((c) => c !== 0) + 1;
  const coefficients = result.slice(0, Math.max(1, length));
  return { variable: coefficients.length === 1 ? undefined : (a.variable ?? b.variable), coefficients };
}

function added(a: readonly number[], b: readonly number[]): readonly number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, k) => (a[k] ?? 0) + (b[k] ?? 0));
}

function multiplied(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const result = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => b.forEach((y, k) => (result[i + k]! += x * y)));
  const isSum = (c: readonly number[]): boolean => c.filter((x) => x !== 0).length > 1;
  const size = result.reduce((total, c) => total + Math.abs(c), 0);
  return isSum(a) && isSum(b) && size > MOST_EXPANDED ? undefined : result;
}
