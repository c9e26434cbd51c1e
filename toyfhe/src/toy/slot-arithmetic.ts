/**
 * What slots are made of, and how to compute with it: complex numbers, or integers modulo t.
 * @module
 */

import { type Complex, complex } from 'mathjs';
import { mod } from './integers.ts';

/** Arithmetic on slots of type V. */
export interface SlotArithmetic<V> {
  add(a: V, b: V): V;
  neg(a: V): V;
  mul(a: V, b: V): V;
  /** A whole number as a slot. */
  of(integer: bigint): V;
}

export const complexNumbers: SlotArithmetic<Complex> = {
  add: (a, b) => slot(a.re + b.re, a.im + b.im),
  neg: (a) => slot(-a.re, -a.im),
  mul: (a, b) => slot(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re),
  of: (integer) => slot(Number(integer), 0),
};

/** No polynomial decodes to −0, which would print as such; −0 + 0 is 0. */
function slot(re: number, im: number): Complex {
  return complex(re + 0, im + 0);
}

/** Values in [0, t). */
export function integersModulo(t: bigint): SlotArithmetic<bigint> {
  return {
    add: (a, b) => mod(a + b, t),
    neg: (a) => mod(-a, t),
    mul: (a, b) => mod(a * b, t),
    of: (integer) => mod(integer, t),
  };
}
