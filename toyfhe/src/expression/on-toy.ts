/**
 * A term on ciphertexts and plaintexts of the toy.
 * @module
 */
import { transparentResult } from '../backend/index.ts';
import { Ciphertext } from '../toy/index.ts';
import { runTerm } from './run-term.ts';
import type { Term } from './term.ts';
import { ToyAlgebra, type ToyValue } from './toy-algebra.ts';

/**
 * The term's value: a ciphertext of the length that its products make, or a plaintext where all variables are.
 * @throws FheError TRANSPARENT for what is known whatever the key, SCALE_OVERFLOW where the modulus is too small, before it is
 *   exceeded; else as the toy's operations
 */
export function evaluateOnToy(op: string, term: Term, variables: ReadonlyMap<string, ToyValue>): ToyValue {
  const algebra = new ToyAlgebra(op, [...variables.values()]);
  if (term.kind !== 'number') return runTerm(term, algebra, variables);
  const plain = [...variables.values()].find((value) => !(value instanceof Ciphertext));
  const { re, im } = term.value;
  const encrypted = [...variables.values()].some((value) => value instanceof Ciphertext);
  if (encrypted || plain === undefined) throw transparentResult(op, `known: ${re} whatever the key`);
  return plain.blank().fill({ re, im });
}
