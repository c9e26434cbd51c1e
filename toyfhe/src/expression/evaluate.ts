/**
 * Expressions as mathjs writes them, on ciphertexts: `evaluate('x^2 + 3x + 1', { x: c })`.
 * @module
 */
import { parse } from 'mathjs';
import type { Ciphertext, Complex } from '../backend/index.ts';
import { describe } from '../backend/print.ts';
import type { Ciphertext as ToyCiphertext, Plain } from '../toy/index.ts';
import { isEncrypted, type Names, valueOf } from './numbers.ts';
import { evaluateOnContract, type ExpressionTools } from './on-contract.ts';
import { evaluateOnToy } from './on-toy.ts';
import { readTerm } from './read-term.ts';
import { naming, refused } from './refusals.ts';
import { byKind, occurring } from './variables.ts';

/** A variable that is not encrypted. */
export type NumberValue = number | bigint | Complex;

/**
 * Evaluates an expression on encrypted variables: + − * / ^ with numbers and with each other, products without a sign (3x),
 * parentheses, square, cube, and conj behind the contract. Exponents are integers from 0 on, divisors numbers. What holds no
 * ciphertext (sin(2), pi) is computed by mathjs; without any ciphertext, all of it is.
 *
 * - On the toy: a ciphertext whose length and scale have grown; scales are matched by ones.
 * - Behind the contract: with `tools`; relinearized and rescaled, in as few levels as known, nothing left in memory.
 * @throws FheError FORMAT for what cannot be computed on ciphertexts, and for unknown names; RANGE for exponents and numbers;
 *   KEY_MISSING, LEVEL_EXHAUSTED, SCALE_OVERFLOW, TRANSPARENT as `evaluateOnContract` and `evaluateOnToy`; SyntaxError of
 *   mathjs
 */
export function evaluate(text: string, scope?: Readonly<Record<string, NumberValue>>): unknown;
export function evaluate<P extends Plain>(text: string, scope: Readonly<Record<string, P | NumberValue>>): P;
export function evaluate<P extends Plain>(
  text: string,
  scope: Readonly<Record<string, ToyCiphertext<P> | P | NumberValue>>,
): ToyCiphertext<P>;
export function evaluate(
  text: string,
  scope: Readonly<Record<string, Ciphertext | NumberValue>>,
  tools?: ExpressionTools,
): Ciphertext;
export function evaluate(text: string, scope?: Readonly<Record<string, unknown>>, tools?: ExpressionTools): unknown;
export function evaluate(
  text: string,
  scope: Readonly<Record<string, unknown>> = {},
  tools?: ExpressionTools,
): unknown {
  if (typeof text !== 'string') {
    throw refused('evaluate', ['the expression', 'text', describe(text)], "write e.g. evaluate('x^2 + 1', { x: c })");
  }
  const op = naming(text);
  const node = parse(text);
  const { toy, contract, numbers } = byKind(scope);
  if (toy.size + contract.size === 0) return node.evaluate(scope) as unknown;

  const names: Names = { op, encrypted: new Set([...toy.keys(), ...contract.keys()]), numbers };
  if (!isEncrypted(node, names)) return valueOf(node, names);
  const term = readTerm(node, names);
  const [toys, contracts] = [occurring(toy, node), occurring(contract, node)];
  if (toys.size === 0) return evaluateOnContract(op, term, contracts, tools);
  if (contracts.size === 0) return evaluateOnToy(op, term, toys);
  const is = `of both: ${[...toys.keys()].join(', ')} and ${[...contracts.keys()].join(', ')}`;
  throw refused(op, ['variables', 'of the toy or of one backend', is], 'decrypt some, and encrypt them there');
}
