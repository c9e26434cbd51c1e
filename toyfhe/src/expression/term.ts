/**
 * An expression on ciphertexts as a tree, with what is known folded: numbers stand on the right of sums and products, and
 * nothing adds 0 or multiplies by 1.
 * @module
 */
import type { Complex } from '../backend/index.ts';
import { byRepeatedSquaring } from '../circuits/power.ts';

export type Term =
  | { readonly kind: 'number'; readonly value: Complex }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'sum' | 'product'; readonly left: Term; readonly right: Term }
  | { readonly kind: 'negative' | 'conjugate'; readonly of: Term }
  /** The exponent is 2 or more. */
  | { readonly kind: 'power'; readonly of: Term; readonly exponent: number }
  /** Of a variable, by baby steps and giant steps; coefficients lowest first. */
  | { readonly kind: 'polynomial'; readonly of: Term; readonly coefficients: readonly number[] };

export type NumberTerm = Extract<Term, { readonly kind: 'number' }>;

export function number(re: number, im: number = 0): NumberTerm {
  return { kind: 'number', value: { re, im } };
}

export function isReal(term: Term, value: number): boolean {
  return term.kind === 'number' && term.value.re === value && term.value.im === 0;
}

export function sum(left: Term, right: Term): Term {
  if (left.kind === 'number' && right.kind === 'number') {
    return number(left.value.re + right.value.re, left.value.im + right.value.im);
  }
  if (left.kind === 'number') return sum(right, left);
  if (isReal(right, 0)) return left;
  // (x + 1) + 2 is x + 3.
  if (right.kind === 'number' && left.kind === 'sum') {
    if (left.right.kind === 'number') return sum(left.left, sum(left.right, right));
  }
  return { kind: 'sum', left, right };
}

export function negative(term: Term): Term {
  if (term.kind === 'negative') return term.of;
  if (term.kind === 'number') return number(0 - term.value.re, 0 - term.value.im);
  if (term.kind === 'product' && term.right.kind === 'number') return product(term.left, negative(term.right));
  return { kind: 'negative', of: term };
}

export function product(left: Term, right: Term): Term {
  if (left.kind === 'number' && right.kind === 'number') {
    const value = times(left.value, right.value);
    return number(value.re, value.im);
  }
  if (left.kind === 'number') return product(right, left);
  if (isReal(right, 0)) return right;
  if (isReal(right, 1)) return left;
  if (isReal(right, -1)) return negative(left);
  // (x·2)·3 is x·6, and (−x)·3 is x·(−3).
  if (right.kind === 'number' && left.kind === 'negative') return product(left.of, negative(right));
  if (right.kind === 'number' && left.kind === 'product') {
    if (left.right.kind === 'number') return product(left.left, product(left.right, right));
  }
  return { kind: 'product', left, right };
}

/** @param exponent an integer, 0 or more */
export function power(of: Term, exponent: number): Term {
  if (exponent === 0) return number(1);
  if (exponent === 1) return of;
  if (of.kind === 'number') {
    const value = byRepeatedSquaring(of.value, exponent, times);
    return number(value.re, value.im);
  }
  return { kind: 'power', of, exponent };
}

export function conjugate(term: Term): Term {
  if (term.kind === 'conjugate') return term.of;
  if (term.kind === 'number') return number(term.value.re, 0 - term.value.im);
  return { kind: 'conjugate', of: term };
}

function times(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}
