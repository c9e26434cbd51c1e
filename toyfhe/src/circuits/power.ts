/**
 * Powers of a ciphertext.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError } from '../backend/index.ts';
import { mulMatched } from './match-scale.ts';
import { checkLevels } from './polynomial-evaluation.ts';

/**
 * cⁿ in every slot, ⌈log₂ n⌉ levels down. Length 2; its scale is what the products make of it, about that of `c`. Needs the
 * relinearization key.
 * @param n an integer, 1 or more; 1 makes a copy
 * @throws FheError RANGE for another n, LEVEL_EXHAUSTED for too few levels, before anything is computed
 */
export function power(backend: Backend, ev: EvaluationKeys, c: Ciphertext, n: number): Ciphertext {
  const op = 'raise to a power';
  if (!Number.isSafeInteger(n) || n < 1) {
    const hint = 'c⁰ is 1 whatever the key, and 1/c is what Division of toyfhe/circuits approximates';
    throw new FheError({ code: 'RANGE', op, field: 'exponent', should: 'an integer from 1 on', is: String(n), hint });
  }
  checkLevels(op, c, Math.ceil(Math.log2(n)));
  if (n === 1) return ev.dropLevel(c, c.level);
  return backend.scope(() =>
    byRepeatedSquaring(c, n, (a, b) => {
      return a === b ? ev.rescale(ev.relinearize(ev.square(a))) : mulMatched(backend, ev, a, b);
    }),
  );
}

/**
 * xⁿ for n ≥ 1, in ⌈log₂ n⌉ products one after the other: squares of squares, and the product of those whose bits are set in
 * n, from the lowest (Knuth, The Art of Computer Programming 2, section 4.6.3).
 */
export function byRepeatedSquaring<T>(x: T, n: number, mul: (a: T, b: T) => T): T {
  let square = x;
  let product: T | undefined;
  for (let rest = n; ; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product = product === undefined ? square : mul(product, square);
    if (rest === 1) return product!;
    square = mul(square, square);
  }
}
