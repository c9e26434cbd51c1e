/**
 * What an expression on ciphertexts may not say, and what to do instead.
 * @module
 */
import { FheError, type FheErrorCode } from '../backend/index.ts';

/** Expressions are cut to this many characters in messages. */
const SHOWN = 60;

/** The operation as messages name it: `evaluate 'x^2 + 1'`. */
export function naming(text: string): string {
  return `evaluate '${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}'`;
}

export function refused(
  op: string,
  [field, should, is]: readonly [field: string, should: string, is: string],
  hint: string,
  code: FheErrorCode = 'FORMAT',
): FheError {
  return new FheError({ code, op, field, should, is, hint });
}

const COMPARE = 'values stay hidden, so nothing can be compared: Sign, Max and Relu of toyfhe/circuits approximate it';
const DIVIDE = 'Division of toyfhe/circuits approximates 1/x on an interval';

/** Of mathjs' names of operators that compare. */
const COMPARING: readonly string[] = [
  'equal',
  'unequal',
  'smaller',
  'smallerEq',
  'larger',
  'largerEq',
  'and',
  'or',
  'xor',
  'not',
];

/** @param fn mathjs' name of it, such as `larger` */
export function unsupportedOperator(op: string, symbol: string, fn: string): FheError {
  const hint = COMPARING.includes(fn) ? COMPARE : 'compute with numbers only, or write it with these';
  return refused(op, ['the operator on encrypted values', '+ − * / or ^', symbol], hint);
}

export function unsupportedFunction(op: string, name: string, known: readonly string[]): FheError {
  const hint =
    'approximate it by a polynomial, for example Polynomial.chebyshev(Math.sin, 7) and evaluatePolynomial of toyfhe/circuits';
  return refused(op, ['the function of encrypted values', known.join(', '), name], hint);
}

export function comparison(op: string): FheError {
  return refused(op, ['the expression', 'sums, products and powers', 'a comparison of encrypted values'], COMPARE);
}

export function divisionByCiphertext(op: string): FheError {
  return refused(op, ['the divisor', 'a number', 'encrypted'], DIVIDE);
}

export function wrongExponent(op: string, is: string): FheError {
  const hint = is.startsWith('-')
    ? DIVIDE
    : 'other powers are approximated by polynomials: Polynomial of toyfhe/circuits';
  return refused(op, ['the exponent', `an integer from 0 to ${MOST_EXPONENT}`, is], hint, 'RANGE');
}

/** Ten levels: more than any chain has to spare. */
export const MOST_EXPONENT = 1024;
