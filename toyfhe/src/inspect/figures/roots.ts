/**
 * Where the slots of a ring live: the roots of xᵈ + 1 on the unit circle, and the order in which rotations go through them.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { describe, superscript } from '../../backend/print.ts';
import type { Figure, FigureOptions } from './figure.ts';

export interface RootsOptions extends FigureOptions {
  /** Each slot is joined with the one so many steps further, where a rotation moves it; 0 for no lines. */
  readonly steps?: number;
}

/** With more roots than this numbers cannot be told apart. */
const MOST_NUMBERED = 64;
/** With more roots than this lines are drawn only where somebody asks for them. */
const MOST_JOINED = 32;
const MOST_DEGREE = 1024;
/** Sides of the circle's polygon. */
const SIDES = 128;

/**
 * The d roots of xᵈ + 1. Slot i is the value at ζ^(3^(i+1)), with ζ = e^(πi/d), and bears its number; the root opposite the
 * real axis has the conjugate value. Lines join slot i with slot i + steps: with the next one up to degree 32, unless told.
 * @param degree of the ring, a power of two from 2 to 1024
 * @throws FheError RANGE for another degree, or for steps that are no whole number
 */
export function rootsFigure(degree: number, options: RootsOptions = {}): Figure {
  if (!Number.isInteger(degree) || degree < 2 || degree > MOST_DEGREE || !Number.isInteger(Math.log2(degree))) {
    throw refused('degree', `a power of two from 2 to ${MOST_DEGREE}`, describe(degree));
  }
  const { steps = degree <= MOST_JOINED ? 1 : 0, title = `the ${degree} roots of x${superscript(degree)} + 1` } =
    options;
  if (!Number.isSafeInteger(steps)) throw refused('steps', 'a whole number', describe(steps));
  const exponents = slotExponents(degree);
  const conjugates = exponents.map((e) => 2 * degree - e);
  const numbered = degree <= MOST_NUMBERED;
  const links = steps % exponents.length !== 0 ? [lines(exponents, steps, degree)] : [];
  return {
    data: [
      circle(),
      ...links,
      {
        ...points('conjugates', conjugates, degree),
        mode: 'markers',
        marker: { color: '#8a8a8a', size: 7, symbol: 'circle-open' },
        hovertext: conjugates.map((e, i) => `conjugate of slot ${i}: ${describeRoot(e, degree)}`),
      },
      {
        ...points('slots', exponents, degree),
        mode: numbered ? 'markers+text' : 'markers',
        marker: { color: '#1f5fa8', size: 9 },
        ...(numbered
          ? { text: exponents.map((_, i) => String(i)), textposition: exponents.map((e) => outside(e, degree)) }
          : {}),
        hovertext: exponents.map((e, i) => `slot ${i}: ${describeRoot(e, degree)}`),
      },
    ],
    layout: {
      title: { text: title },
      width: 620,
      height: 540,
      xaxis: { title: { text: 'real part' }, range: [-1.3, 1.3] },
      yaxis: { title: { text: 'imaginary part' }, range: [-1.3, 1.3], scaleanchor: 'x' },
    },
  };
}

/** 3^1, 3^2, …, 3^(d/2) modulo 2d: the exponents of the slots' roots, on every backend. */
function slotExponents(degree: number): number[] {
  const exponents = [3 % (2 * degree)];
  while (exponents.length < degree / 2) exponents.push((3 * exponents.at(-1)!) % (2 * degree));
  return exponents;
}

function circle(): Figure['data'][number] {
  const turns = Array.from({ length: SIDES + 1 }, (_, k) => (2 * Math.PI * k) / SIDES);
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'unit circle',
    x: turns.map((turn) => rounded(Math.cos(turn))),
    y: turns.map((turn) => rounded(Math.sin(turn))),
    line: { color: '#c8c8c8', width: 1 },
    hoverinfo: 'skip',
    showlegend: false,
  };
}

/** From each slot to the one `steps` further, with gaps between. */
function lines(exponents: readonly number[], steps: number, degree: number): Figure['data'][number] {
  const n = exponents.length;
  const ends = exponents.map((e, i) => [e, exponents[(((i + steps) % n) + n) % n]!] as const);
  const place = (part: (angle: number) => number): (number | null)[] =>
    ends.flatMap(([from, to]) => [rounded(part(angleOf(from, degree))), rounded(part(angleOf(to, degree))), null]);
  return {
    type: 'scatter',
    mode: 'lines',
    name: steps < 0 ? `slot i to slot i − ${-steps}` : `slot i to slot i + ${steps}`,
    x: place(Math.cos),
    y: place(Math.sin),
    line: { color: '#c98a2b', width: 1 },
    hoverinfo: 'skip',
  };
}

function points(name: string, exponents: readonly number[], degree: number): Figure['data'][number] {
  const angles = exponents.map((e) => angleOf(e, degree));
  return {
    type: 'scatter',
    name,
    x: angles.map((angle) => rounded(Math.cos(angle))),
    y: angles.map((angle) => rounded(Math.sin(angle))),
    hoverinfo: 'text',
  };
}

function angleOf(exponent: number, degree: number): number {
  return (Math.PI * exponent) / degree;
}

/** `ζ³ = 0.38 + 0.92i`. */
function describeRoot(exponent: number, degree: number): string {
  const angle = angleOf(exponent, degree);
  const [re, im] = [Math.cos(angle), Math.sin(angle)];
  return `ζ${superscript(exponent)} = ${re.toFixed(2).replace('-', '−')} ${im < 0 ? '−' : '+'} ${Math.abs(im).toFixed(2)}i`;
}

/** Numbers stand outside the circle. */
function outside(exponent: number, degree: number): string {
  const angle = angleOf(exponent, degree);
  const [re, im] = [Math.cos(angle), Math.sin(angle)];
  const row = im > 0.38 ? 'top' : im < -0.38 ? 'bottom' : 'middle'; // the circle in eighths: sin 22.5° is 0.38
  return `${row} ${re > 0.38 ? 'right' : re < -0.38 ? 'left' : 'center'}`;
}

/** Without the last digits, which are no part of the picture; and no −0, which JSON does not have. */
function rounded(x: number): number {
  return Number(x.toFixed(9)) + 0;
}

function refused(field: string, should: string, is: string): FheError {
  const hint = 'write for example rootsFigure(16)';
  return new FheError({ code: 'RANGE', op: 'draw roots', field, should, is, hint });
}
