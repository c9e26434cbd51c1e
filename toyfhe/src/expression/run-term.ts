/**
 * Computing a term, whatever ciphertexts are.
 * @module
 */
import type { Complex } from '../backend/index.ts';
import type { Term } from './term.ts';

/** What can be done with ciphertexts of type C. Operands stay as they are; results are new. */
export interface Algebra<C> {
  copy(c: C): C;
  add(a: C, b: C): C;
  negative(c: C): C;
  mul(a: C, b: C): C;
  /** @param n 2 or more */
  power(c: C, n: number): C;
  addNumber(c: C, x: Complex): C;
  /** @param x not 0 */
  mulNumber(c: C, x: Complex): C;
  conjugate(c: C): C;
  polynomial(c: C, coefficients: readonly number[]): C;
  /** Runs `f` and gives back what was made in it, except its result. */
  scope(f: () => C): C;
}

/**
 * The term's value, a new object.
 * @param term no number: its value would be known
 */
export function runTerm<C>(term: Term, algebra: Algebra<C>, variables: ReadonlyMap<string, C>): C {
  const run = (of: Term): C => {
    switch (of.kind) {
      case 'variable':
        return variables.get(of.name)!;
      case 'sum':
        return algebra.scope(() => {
          const left = run(of.left);
          return of.right.kind === 'number'
            ? algebra.addNumber(left, of.right.value)
            : algebra.add(left, run(of.right));
        });
      case 'product':
        return algebra.scope(() => {
          const left = run(of.left);
          return of.right.kind === 'number'
            ? algebra.mulNumber(left, of.right.value)
            : algebra.mul(left, run(of.right));
        });
      case 'negative':
        return algebra.scope(() => algebra.negative(run(of.of)));
      case 'conjugate':
        return algebra.scope(() => algebra.conjugate(run(of.of)));
      case 'power':
        return algebra.scope(() => algebra.power(run(of.of), of.exponent));
      case 'polynomial':
        return algebra.scope(() => algebra.polynomial(run(of.of), of.coefficients));
      case 'number':
        throw new RangeError('a number is no ciphertext'); // folded before
    }
  };
  return term.kind === 'variable' ? algebra.copy(run(term)) : run(term);
}
