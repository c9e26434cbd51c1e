/**
 * A term on ciphertexts behind the contract.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError, transparentResult } from '../backend/index.ts';
import { describe } from '../backend/print.ts';
import { ContractAlgebra } from './contract-algebra.ts';
import { fewestLevels } from './fewest-levels.ts';
import { refused } from './refusals.ts';
import { runTerm } from './run-term.ts';
import type { Term } from './term.ts';
import { simplified, TermPolynomials } from './term-polynomial.ts';

/** What computing on ciphertexts behind the contract takes. */
export interface ExpressionTools {
  /** The ciphertexts' backend. */
  readonly backend: Backend;
  /** Of the ciphertexts' key pair: relinearization for products of ciphertexts, conjugation for `conj`. */
  readonly keys: EvaluationKeys;
}

/**
 * The term's value: length 2, every temporary disposed.
 * @throws FheError KEY_MISSING without tools, TRANSPARENT for what is known whatever the key, LEVEL_EXHAUSTED where the chain
 *   is too short: all before anything is computed; else as the verbs it is made of
 */
export function evaluateOnContract(
  op: string,
  term: Term,
  variables: ReadonlyMap<string, Ciphertext>,
  tools: ExpressionTools | undefined,
): Ciphertext {
  const { backend, keys } = checkedTools(op, tools);
  for (const c of variables.values()) backend.peek?.(c); // refuses what is disposed, or another backend's
  const polynomials = new TermPolynomials();
  const simple = simplified(term, polynomials);
  if (simple.kind === 'number') throw transparentResult(op, `known: ${simple.value.re} whatever the key`);
  const inputs = new Map([...variables].map(([name, { level, scale }]) => [name, { level, scale, products: 0 }]));
  const { term: chosen, at } = fewestLevels(simple, polynomials, backend.parameters, inputs);
  if (at.level < 0) throw tooDeep(op, at.level, [...variables.values()]);
  return runTerm(chosen, new ContractAlgebra(backend, keys), variables);
}

function tooDeep(op: string, level: number, inputs: readonly Ciphertext[]): FheError {
  const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  const most = Math.max(...inputs.map((c) => c.level));
  const hint =
    `this takes ${counted(most - level, 'level')}, and there are ${most}: add ${counted(-level, 'prime')} to the chain, ` +
    'encode at a higher level, or bootstrap before';
  const [field, should, is] = ['level of the result', 'at least 0', String(level)];
  return new FheError({ code: 'LEVEL_EXHAUSTED', op, field, should, is, hint, ledger: inputs[0]!.trace });
}

/** @throws FheError KEY_MISSING */
function checkedTools(op: string, tools: ExpressionTools | undefined): ExpressionTools {
  const { backend, keys } = (tools ?? {}) as Partial<ExpressionTools>;
  const hint = "write evaluate('…', { x: c }, { backend, keys: evaluationKeys })";
  if (typeof backend?.encode !== 'function') {
    throw refused(op, ['backend', 'the one that made the ciphertexts', describe(backend)], hint, 'KEY_MISSING');
  }
  if (typeof keys?.relinearize !== 'function') {
    throw refused(op, ['keys', 'the evaluation keys of keygen', describe(keys)], hint, 'KEY_MISSING');
  }
  return { backend, keys };
}
