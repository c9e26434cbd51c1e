/**
 * What the variables of an expression are.
 * @module
 */
import { isSymbolNode, type MathNode } from 'mathjs';
import type { Ciphertext } from '../backend/index.ts';
import { Ciphertext as ToyCiphertext } from '../toy/index.ts';
import { isPlain } from '../toy/plain.ts';
import type { ToyValue } from './toy-algebra.ts';

/** Variables by kind. */
export interface Variables {
  /** Ciphertexts and plaintexts of the toy. */
  readonly toy: ReadonlyMap<string, ToyValue>;
  /** Ciphertexts behind the contract. */
  readonly contract: ReadonlyMap<string, Ciphertext>;
  /** Whatever mathjs may use. */
  readonly numbers: Readonly<Record<string, unknown>>;
}

export function byKind(scope: Readonly<Record<string, unknown>>): Variables {
  const toy = new Map<string, ToyValue>();
  const contract = new Map<string, Ciphertext>();
  const numbers: [string, unknown][] = [];
  for (const [name, value] of Object.entries(scope)) {
    if (isToyValue(value)) toy.set(name, value);
    else if (isContractCiphertext(value)) contract.set(name, value);
    else numbers.push([name, value]);
  }
  return { toy, contract, numbers: Object.fromEntries(numbers) };
}

/** Those that stand in the expression. */
export function occurring<T>(variables: ReadonlyMap<string, T>, node: MathNode): ReadonlyMap<string, T> {
  const names = node.filter((part) => isSymbolNode(part)).map(String);
  return new Map([...variables].filter(([name]) => names.includes(name)));
}

function isToyValue(value: unknown): value is ToyValue {
  return value instanceof ToyCiphertext || (isPlain(value) && 'blank' in value);
}

function isContractCiphertext(value: unknown): value is Ciphertext {
  const names = ['level', 'scale', 'length', 'trace', 'dispose'];
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}
