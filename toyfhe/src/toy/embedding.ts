/**
 * The canonical embedding: d real coefficients ↔ d/2 complex slots, the polynomial's values at the roots of x^d + 1
 * (one of each conjugate pair). Cheon–Kim–Kim–Song, eprint 2016/421.
 * @module
 */

import { type Complex, complex, conj, type Matrix, matrix, multiply, transpose } from 'mathjs';
import { slotExponents } from './galois-element.ts';

/** Real and imaginary parts, slot by slot. */
export interface ComplexSlots {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * The matrix U of the embedding, shape [d/2, d]: row i holds the powers ζ^(e·j) of the root of slot i, e = 3^(i+1),
 * ζ = exp(πi/d). slots = U·coefficients. Because U·Ūᵀ = d·1, coefficients = (2/d)·Re(Ūᵀ·slots).
 */
export function embeddingMatrix(degree: number): Matrix<Complex> {
  const roots = rootsOfUnity(2 * degree);
  return matrix<Complex>(
    slotExponents(degree).map((e) => roots.map((_, j) => roots[(e * j) % (2 * degree)]!).slice(0, degree)),
  );
}

/** slots → real coefficients by the formula, with matrices. O(d²) and slow: to be read, and to test the tables against. */
export function coefficientsByMatrix(slots: readonly Complex[], degree: number): number[] {
  const product = multiply(transpose(conj(embeddingMatrix(degree))), matrix([...slots]));
  return (product.toArray() as Complex[]).map((value) => (2 / degree) * value.re);
}

function rootsOfUnity(order: number): Complex[] {
  return Array.from({ length: order }, (_, k) => {
    const angle = (2 * Math.PI * k) / order;
    return complex(Math.cos(angle), Math.sin(angle));
  });
}

/** U once more, as two tables of doubles, row after row. */
interface Tables {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const tables = new Map<number, Tables>();

/** Built once for each degree: 256 kB at degree 256. */
function tablesFor(degree: number): Tables {
  const known = tables.get(degree);
  if (known) return known;
  const rows = embeddingMatrix(degree).toArray().flat() as Complex[];
  const made = {
    cos: Float64Array.from(rows, (z) => z.re),
    sin: Float64Array.from(rows, (z) => z.im),
  };
  tables.set(degree, made);
  return made;
}

/** U·coefficients: d coefficients in, d/2 slots out. O(d²), microseconds at toy degrees. */
export function slotsOf(coefficients: readonly number[]): ComplexSlots {
  const d = coefficients.length;
  const { cos, sin } = tablesFor(d);
  const re = new Float64Array(d / 2);
  const im = new Float64Array(d / 2);
  for (let i = 0; i < d / 2; i++) {
    for (let j = 0; j < d; j++) {
      re[i]! += coefficients[j]! * cos[i * d + j]!;
      im[i]! += coefficients[j]! * sin[i * d + j]!;
    }
  }
  return { re, im };
}

/** (2/d)·Re(Ūᵀ·slots): d/2 slots in, d real coefficients out, not rounded. */
export function coefficientsOf(slots: ComplexSlots): number[] {
  const d = 2 * slots.re.length;
  const { cos, sin } = tablesFor(d);
  const out = new Array<number>(d).fill(0);
  for (let i = 0; i < d / 2; i++) {
    for (let j = 0; j < d; j++) {
      out[j]! += slots.re[i]! * cos[i * d + j]! + slots.im[i]! * sin[i * d + j]!; // Re(conj(u)·z)
    }
  }
  return out.map((sum) => (2 / d) * sum);
}
