/**
 * How integers modulo t stand in a polynomial: one in the constant term, or d of them at the roots of x^d + 1.
 * @module
 */

import { slotExponents } from './galois-element.ts';
import { inverseNtt, ntt, nttTable } from './ntt.ts';

/** How d integers modulo t stand in a polynomial. */
export interface Layout {
  readonly name: string;
  /** Values in [0, t) → coefficients in [0, t). */
  encode(values: readonly bigint[], t: bigint, degree: number): readonly bigint[];
  decode(coefficients: readonly bigint[], t: bigint, degree: number): readonly bigint[];
}

/** One number, in the constant term. */
export const scalarLayout: Layout = {
  name: 'ScalarEncoding',
  encode: (values) => values,
  decode: (coefficients) => coefficients.slice(0, 1),
};

/**
 * d numbers: the polynomial's values at the roots of x^d + 1 modulo t (Smart–Vercauteren, eprint 2011/133). They form
 * two rows of d/2: slot i of the first row is the value at ψ^(3^(i+1)), the second row has the inverse roots.
 */
export const slotLayout: Layout = {
  name: 'SlotEncoding',
  encode: (values, t, degree) => {
    const atRoots = new Array<bigint>(degree).fill(0n);
    for (const [i, k] of rootIndices(degree).entries()) atRoots[k] = values[i]!;
    return inverseNtt(nttTable(t, degree), atRoots);
  },
  decode: (coefficients, t, degree) => {
    const atRoots = ntt(nttTable(t, degree), coefficients);
    return rootIndices(degree).map((k) => atRoots[k]!);
  },
};

/** Where the transform keeps each slot: its entry k is the value at ψ^(2k+1). */
function rootIndices(degree: number): number[] {
  const row = slotExponents(degree);
  return [...row, ...row.map((e) => 2 * degree - e)].map((e) => (e - 1) / 2);
}
