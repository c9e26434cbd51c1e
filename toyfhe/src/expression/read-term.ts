/**
 * From mathjs' syntax tree to terms: what can be computed on ciphertexts, and a sentence for what cannot.
 * @module
 */
import {
  isFunctionNode,
  isOperatorNode,
  isParenthesisNode,
  isRelationalNode,
  isSymbolNode,
  type MathNode,
} from 'mathjs';
import { isEncrypted, type Names, numberOf } from './numbers.ts';
import {
  comparison,
  divisionByCiphertext,
  MOST_EXPONENT,
  refused,
  unsupportedFunction,
  unsupportedOperator,
  wrongExponent,
} from './refusals.ts';
import { conjugate, negative, number, power, product, sum, type Term } from './term.ts';

type Build = (args: readonly MathNode[], names: Names) => Term;

/** Operators and functions by mathjs' names. Slots are apart from each other, so `.*` is `*`. */
const BUILD: Readonly<Record<string, Build>> = {
  add: (args, names) => args.map((arg) => readTerm(arg, names)).reduce(sum),
  subtract: ([a, b], names) => sum(readTerm(a!, names), negative(readTerm(b!, names))),
  multiply: (args, names) => args.map((arg) => readTerm(arg, names)).reduce(product),
  dotMultiply: (args, names) => BUILD.multiply!(args, names),
  divide: ([a, b], names) => product(readTerm(a!, names), inverse(b!, names)),
  dotDivide: (args, names) => BUILD.divide!(args, names),
  pow: ([a, b], names) => power(readTerm(a!, names), exponent(b!, names)),
  dotPow: (args, names) => BUILD.pow!(args, names),
  unaryMinus: ([a], names) => negative(readTerm(a!, names)),
  unaryPlus: ([a], names) => readTerm(a!, names),
  square: ([a], names) => power(readTerm(a!, names), 2),
  cube: ([a], names) => power(readTerm(a!, names), 3),
  conj: ([a], names) => conjugate(readTerm(a!, names)),
};

/** How many arguments a function takes; the others take two or more. */
const ARGUMENTS: Readonly<Record<string, number>> = {
  subtract: 2,
  dotMultiply: 2,
  divide: 2,
  dotDivide: 2,
  pow: 2,
  dotPow: 2,
  unaryMinus: 1,
  unaryPlus: 1,
  square: 1,
  cube: 1,
  conj: 1,
};

/** @throws FheError FORMAT, RANGE for what cannot be computed on ciphertexts; what mathjs throws for the rest */
export function readTerm(node: MathNode, names: Names): Term {
  if (!isEncrypted(node, names)) return numberOf(node, names);
  if (isParenthesisNode(node)) return readTerm(node.content, names);
  if (isSymbolNode(node)) return { kind: 'variable', name: node.name };
  if (isOperatorNode(node)) {
    const build = Object.hasOwn(BUILD, node.fn) ? BUILD[node.fn] : undefined;
    if (build === undefined) throw unsupportedOperator(names.op, node.op, node.fn);
    return build(node.args, names);
  }
  if (isFunctionNode(node)) return readCall(node.fn.name, node.args, names);
  if (isRelationalNode(node)) throw comparison(names.op);
  const hint = 'write one expression, such as x^2 + 3x + 1, and compute further with its result';
  const is = node.type
    .replace(/Node$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  throw refused(names.op, ['the expression', 'sums, products and powers', `a mathjs ${is}`], hint);
}

function readCall(name: string, args: readonly MathNode[], names: Names): Term {
  if (names.encrypted.has(name)) {
    const inner = args.map(String).join(', ');
    const hint = `write ${name}*(${inner}) for a product`;
    throw refused(names.op, [`what is called in ${name}(${inner})`, 'a function', 'encrypted'], hint);
  }
  const build = Object.hasOwn(BUILD, name) ? BUILD[name] : undefined;
  if (build === undefined) throw unsupportedFunction(names.op, name, Object.keys(BUILD).filter(isFunctionName));
  const wanted = ARGUMENTS[name];
  if (wanted === undefined ? args.length < 2 : args.length !== wanted) {
    const should = wanted === undefined ? '2 or more' : String(wanted);
    throw refused(names.op, [`the number of arguments of ${name}`, should, String(args.length)], 'write them all');
  }
  return build(args, names);
}

/** The others have operators, which is how people write them. */
function isFunctionName(name: string): boolean {
  return ['square', 'cube', 'pow', 'conj'].includes(name);
}

function inverse(node: MathNode, names: Names): Term {
  if (isEncrypted(node, names)) throw divisionByCiphertext(names.op);
  const { re, im } = numberOf(node, names).value;
  const square = re * re + im * im;
  if (square === 0) throw refused(names.op, ['the divisor', 'other than 0', '0'], 'divide by another number', 'RANGE');
  return im === 0 ? number(1 / re) : number(re / square, -im / square);
}

function exponent(node: MathNode, names: Names): number {
  if (isEncrypted(node, names)) throw wrongExponent(names.op, 'encrypted');
  const { re, im } = numberOf(node, names).value;
  if (im === 0 && Number.isInteger(re) && re >= 0 && re <= MOST_EXPONENT) return re;
  throw wrongExponent(names.op, node.toString());
}
