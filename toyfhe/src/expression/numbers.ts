/**
 * The parts of an expression that hold no ciphertext: mathjs computes them.
 * @module
 */
import { isSymbolNode, type MathNode, typeOf } from 'mathjs';
import { describe } from '../backend/print.ts';
import { refused } from './refusals.ts';
import { number, type NumberTerm } from './term.ts';

/** What the names in an expression stand for. */
export interface Names {
  /** The operation as messages name it. */
  readonly op: string;
  /** Ciphertexts, and plaintexts of the toy. */
  readonly encrypted: ReadonlySet<string>;
  /** The others: what mathjs may use. */
  readonly numbers: Readonly<Record<string, unknown>>;
}

export function isEncrypted(node: MathNode, { encrypted }: Names): boolean {
  return node.filter((part) => isSymbolNode(part) && encrypted.has(part.name)).length > 0;
}

/**
 * Whatever mathjs makes of it.
 * @throws FheError FORMAT for a name that nobody knows; what mathjs throws
 */
export function valueOf(node: MathNode, names: Names): unknown {
  try {
    return node.evaluate({ ...names.numbers }) as unknown;
  } catch (error) {
    const unknown = error instanceof Error ? /^Undefined symbol (.+)$/.exec(error.message)?.[1] : undefined;
    throw unknown === undefined ? error : unknownName(names, unknown);
  }
}

/** The same, a real or complex number. @throws FheError FORMAT for anything else */
export function numberOf(node: MathNode, names: Names): NumberTerm {
  const value = valueOf(node, names);
  switch (typeOf(value)) {
    case 'number':
    case 'bigint':
    case 'BigNumber':
    case 'Fraction':
      return number(Number(value));
    case 'Complex': {
      const { re, im } = value as { readonly re: number; readonly im: number };
      return number(re, im);
    }
  }
  // mathjs knows units and functions by name (`b` is a bit): someone who writes one beside a ciphertext means a variable.
  const stranger = node.filter(
    (part) => isSymbolNode(part) && !Object.hasOwn(names.numbers, part.name) && isNoNumber(part),
  )[0];
  if (stranger !== undefined && isSymbolNode(stranger)) throw unknownName(names, stranger.name);
  const hint = 'encrypt vectors, and give numbers as they are';
  throw refused(names.op, [`'${node.toString()}'`, 'a number', describe(value)], hint);
}

function isNoNumber(node: MathNode): boolean {
  return ['Unit', 'function'].includes(typeOf(node.evaluate()));
}

function unknownName({ op, encrypted, numbers }: Names, name: string): Error {
  const there = [...encrypted, ...Object.keys(numbers)];
  const hint = `add it: evaluate('…', { ${[...there.slice(0, 3), name].join(', ')} })`;
  return refused(op, ['every variable', `one of ${there.join(', ')}`, name], hint);
}
