/**
 * Ciphertexts behind the contract: levels and scales are matched where they differ, products relinearized and rescaled.
 * @module
 */
import type { Backend, Ciphertext, Complex, EvaluationKeys } from '../backend/index.ts';
import {
  addConstant,
  addMatched,
  evaluatePolynomial,
  mulConstant,
  mulMatched,
  Polynomial,
  power,
} from '../circuits/index.ts';
import type { Algebra } from './run-term.ts';

export class ContractAlgebra implements Algebra<Ciphertext> {
  readonly #backend: Backend;
  readonly #ev: EvaluationKeys;

  constructor(backend: Backend, ev: EvaluationKeys) {
    this.#backend = backend;
    this.#ev = ev;
  }
  copy(c: Ciphertext): Ciphertext {
    return this.#ev.dropLevel(c, c.level);
  }
  add(a: Ciphertext, b: Ciphertext): Ciphertext {
    return addMatched(this.#backend, this.#ev, a, b);
  }
  negative(c: Ciphertext): Ciphertext {
    return this.#ev.neg(c);
  }
  mul(a: Ciphertext, b: Ciphertext): Ciphertext {
    return a === b ? this.power(a, 2) : mulMatched(this.#backend, this.#ev, a, b);
  }
  power(c: Ciphertext, n: number): Ciphertext {
    return power(this.#backend, this.#ev, c, n);
  }
  addNumber(c: Ciphertext, x: Complex): Ciphertext {
    return addConstant(this.#backend, this.#ev, c, x.im === 0 ? x.re : x);
  }
  mulNumber(c: Ciphertext, x: Complex): Ciphertext {
    return mulConstant(this.#backend, this.#ev, c, x.im === 0 ? x.re : x);
  }
  conjugate(c: Ciphertext): Ciphertext {
    return this.#ev.conjugate(c);
  }
  polynomial(c: Ciphertext, coefficients: readonly number[]): Ciphertext {
    return evaluatePolynomial(this.#backend, this.#ev, c, new Polynomial(coefficients));
  }
  scope(f: () => Ciphertext): Ciphertext {
    return this.#backend.scope(f);
  }
}
