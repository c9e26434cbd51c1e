/**
 * The traces of a figure that can be drawn: what each of them is, and its values.
 * @module
 */
import { fieldsOf, type Fields, listOf, numberOf, textOf, titleOf } from './figure-reading.ts';
import { niceStep } from './chart-ticks.ts';

/** Points in order: a line, marks, or both. */
export interface PointTrace {
  readonly kind: 'points';
  readonly name: string;
  readonly x: readonly unknown[];
  readonly y: readonly unknown[];
  readonly lines: boolean;
  readonly markers: boolean;
  /** Plotly's `line.shape`: `hv` goes on at the height of a point, then up or down at the next one. */
  readonly shape: string;
}

/** `at`: names or numbers along the axis; `value`: how long each bar is. */
export interface BarTrace {
  readonly kind: 'bars';
  readonly name: string;
  readonly at: readonly unknown[];
  readonly value: readonly unknown[];
  readonly horizontal: boolean;
}

export interface HeatTrace {
  readonly kind: 'heat';
  readonly name: string;
  readonly x: readonly unknown[];
  readonly y: readonly unknown[];
  /** By rows; the first one stands at the bottom. */
  readonly z: readonly (readonly unknown[])[];
  readonly colours: unknown;
  readonly reversed: boolean;
  /** Plotly's `zmid`, `zmin` and `zmax`, where they are given: which values the ends of the colours stand for. */
  readonly range: { readonly middle?: number; readonly min?: number; readonly max?: number };
}

export type Trace = PointTrace | BarTrace | HeatTrace;

/** Undefined for a kind of trace that is not drawn here. */
export function traceOf(fields: Fields): Trace | undefined {
  const name = titleOf(fields['name']);
  switch (textOf(fields['type']) || 'scatter') {
    case 'scatter':
    case 'scattergl':
      return pointTrace(fields, name);
    case 'bar':
      return barTrace(fields, name);
    case 'histogram':
      return histogram(fields, name);
    case 'heatmap':
    case 'heatmapgl':
      return heatTrace(fields, name);
    default:
      return undefined;
  }
}

function pointTrace(fields: Fields, name: string): PointTrace {
  const y = listOf(fields['y']);
  const x = orIndices(fields['x'], y.length);
  // Plotly's own default: marks too while they are few.
  const mode = textOf(fields['mode']) || (y.length < 20 ? 'lines+markers' : 'lines');
  return {
    kind: 'points',
    name,
    x,
    y: Array.isArray(fields['y']) ? y : orIndices(undefined, x.length),
    lines: mode.includes('lines'),
    markers: mode.includes('markers') || mode.includes('text'),
    shape: textOf(fieldsOf(fields['line'])['shape']),
  };
}

function barTrace(fields: Fields, name: string): BarTrace {
  const horizontal = fields['orientation'] === 'h';
  const value = listOf(fields[horizontal ? 'x' : 'y']);
  return { kind: 'bars', name, at: orIndices(fields[horizontal ? 'y' : 'x'], value.length), value, horizontal };
}

/** Bins of a histogram: more than a terminal has columns. */
const MOST_BINS = 500;

/** How many values fall between round numbers. */
function histogram(fields: Fields, name: string): BarTrace {
  const horizontal = !Array.isArray(fields['x']);
  const values = listOf(fields[horizontal ? 'y' : 'x'])
    .map(numberOf)
    .filter((value) => value !== undefined);
  const [min, max] = values.reduce(
    ([a, b], v) => [Math.min(a, v), Math.max(b, v)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const bins = Math.min(MOST_BINS, Math.max(1, numberOf(fields['nbinsx']) ?? 20));
  const span = max - min;
  const step = span > 0 && Number.isFinite(span) ? niceStep(span / bins) : 1;
  const start = Math.floor(min / step);
  const counts = new Array<number>(
    values.length === 0 ? 0 : Math.min(2 * MOST_BINS, Math.floor(max / step) - start + 1),
  ).fill(0);
  for (const value of values) counts[Math.floor(value / step) - start]!++;
  return { kind: 'bars', name, at: counts.map((_, i) => (start + i + 0.5) * step), value: counts, horizontal };
}

function heatTrace(fields: Fields, name: string): HeatTrace {
  const z = listOf(fields['z']).map(listOf);
  const width = Math.max(0, ...z.map((row) => row.length));
  return {
    kind: 'heat',
    name,
    x: orIndices(fields['x'], width),
    y: orIndices(fields['y'], z.length),
    z,
    colours: fields['colorscale'],
    reversed: fields['reversescale'] === true,
    range: rangeOf(fields),
  };
}

function rangeOf(fields: Fields): HeatTrace['range'] {
  const [middle, min, max] = ['zmid', 'zmin', 'zmax'].map((field) => numberOf(fields[field]));
  return {
    ...(middle === undefined ? {} : { middle }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

function orIndices(value: unknown, length: number): readonly unknown[] {
  return Array.isArray(value) ? value : Array.from({ length }, (_, i) => i);
}
