/**
 * Functions on an interval, and how far approximations are from the first of them.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { describe } from '../../backend/print.ts';
import { drawn, type Figure, type FigureOptions } from './figure.ts';

/** A function; something with one, as `Polynomial` of toyfhe/circuits; or values at equal distances from end to end. */
export type Curve = ((x: number) => number) | { at(x: number): number } | ArrayLike<number>;

export interface CurveOptions extends FigureOptions {
  /** Where functions are asked, 2 or more; 201 unless told, or as many as the lists have. */
  readonly points?: number;
}

const POINTS = 201; // a point every 3 pixels

/**
 * Above, the curves as lines. Below, where there are several: |curve − the first one|, on an axis of powers of ten, for each of
 * the others. `curveFigure({ sigmoid, 'degree 7': polynomial }, [-8, 8])`.
 * @param interval two numbers, the lower first
 * @throws FheError RANGE for no curves, another interval or number of points; SLOTS for lists of different lengths
 */
export function curveFigure(
  curves: Readonly<Record<string, Curve>>,
  interval: readonly [low: number, high: number],
  options: CurveOptions = {},
): Figure {
  const entries = Object.entries(curves);
  const [low, high] = interval;
  if (entries.length === 0) throw refused('RANGE', 'the number of curves', 'at least 1', '0');
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw refused('RANGE', 'the interval', 'two numbers, the lower first', `[${interval.join(', ')}]`);
  }
  const count = options.points ?? entries.map(([, curve]) => listLength(curve)).find((n) => n !== undefined) ?? POINTS;
  if (!Number.isInteger(count) || count < 2) throw refused('RANGE', 'points', 'an integer from 2 on', describe(count));
  const x = Array.from({ length: count }, (_, i) => (i === count - 1 ? high : low + ((high - low) * i) / (count - 1)));
  const values = entries.map(([name, curve]) => sampled(name, curve, x));
  const line = (i: number, y: readonly number[], axis: string): Readonly<Record<string, unknown>> => ({
    type: 'scatter',
    mode: 'lines',
    name: axis === 'y' ? entries[i]![0] : `error of ${entries[i]![0]}`,
    x,
    y: y.map(drawn),
    yaxis: axis,
  });
  const errors = values.slice(1).map((list, i) => {
    const distances = list.map((y, k) => Math.abs(y - values[0]![k]!));
    return line(
      i + 1,
      distances.map((d) => (d > 0 ? d : Number.NaN)),
      'y2',
    ); // 0 has no place among powers of ten
  });
  const { title = entries.map(([name]) => name).join(', ') } = options;
  const below = {
    yaxis: { title: { text: 'value' }, domain: [0.45, 1] },
    yaxis2: { title: { text: 'distance' }, domain: [0, 0.35], type: 'log', exponentformat: 'power' },
  };
  return {
    data: [...values.map((list, i) => line(i, list, 'y')), ...errors],
    layout: {
      title: { text: title },
      xaxis: { title: { text: 'x' }, ...(errors.length > 0 ? { anchor: 'y2' } : {}) },
      ...(errors.length > 0 ? below : { yaxis: { title: { text: 'value' } } }),
    },
  };
}

/** Undefined for functions. */
function listLength(curve: Curve): number | undefined {
  return typeof curve !== 'function' && 'length' in curve ? curve.length : undefined;
}

function sampled(name: string, curve: Curve, x: readonly number[]): readonly number[] {
  if (typeof curve === 'function') return x.map((at) => curve(at));
  if (!('length' in curve)) return x.map((at) => curve.at(at));
  if (curve.length !== x.length)
    throw refused('SLOTS', `the length of ${name}`, String(x.length), String(curve.length));
  return Array.from(curve);
}

function refused(code: 'RANGE' | 'SLOTS', field: string, should: string, is: string): FheError {
  const hint = 'write for example curveFigure({ sine: Math.sin, line: (x) => x }, [-1, 1])';
  return new FheError({ code, op: 'draw curves', field, should, is, hint });
}
