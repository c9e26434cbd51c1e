/**
 * Numbers as colours: the rows of a matrix, or vectors of slots one below the other, so that one sees them move.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { describe } from '../../backend/print.ts';
import { heatColours } from './colours.ts';
import type { Figure, FigureOptions } from './figure.ts';
import { realParts, type SlotValues } from './slot-values.ts';
import { smallMaps } from './small-maps.ts';

/** Rows with their names, from the top; a list's rows are called 0, 1, 2, … */
export type HeatRows = Readonly<Record<string, SlotValues>> | readonly SlotValues[];

export interface HeatMapOptions extends FigureOptions {
  /**
   * Slots in a row of a map, such as 28 for images: then each vector is a map of its own, with its name below it. Without it,
   * each vector is a row of one map.
   */
  readonly width?: number;
  /** Below the map; `slot` or `column` unless told. */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/** Up to so many columns each has its number. */
const MOST_NUMBERED = 16;
const HINT = 'write for example heatMapFigure({ before: [1, 2, 3], after: [3, 1, 2] })';

/**
 * Real parts as colours, all on one scale: blue below zero, red above, or from dark to bright where nothing is negative.
 * `heatMapFigure({ c: decode(c), 'rotated by 1': decode(r) })` shows a rotation: stripes that go down to the right.
 * @throws FheError SLOTS for no rows or rows of different lengths; RANGE for what is no number, or another width
 */
export function heatMapFigure(rows: HeatRows, options: HeatMapOptions = {}): Figure {
  const entries = entriesOf(rows);
  const { width, title = width === undefined && Array.isArray(rows) ? 'matrix' : 'slots' } = options;
  const named = entries.map(([name, values]) => ({ name, values: realParts(values, `the values of ${name}`, HINT) }));
  if (width !== undefined) {
    if (!Number.isSafeInteger(width) || width < 1) throw refused('RANGE', 'width', 'an integer ≥ 1', describe(width));
    return smallMaps(named, width, title);
  }
  const length = named[0]!.values.length;
  const other = named.find(({ values }) => values.length !== length);
  if (other !== undefined) {
    throw refused('SLOTS', `the length of ${other.name}`, String(length), String(other.values.length));
  }
  const upwards = named.toReversed(); // plotly begins at the bottom
  const { xTitle = Array.isArray(rows) ? 'column' : 'slot', yTitle } = options;
  return {
    data: [
      {
        type: 'heatmap',
        name: 'real part',
        x: Array.from({ length }, (_, i) => i),
        y: upwards.map(({ name }) => name),
        z: upwards.map(({ values }) => values),
        ...heatColours(named.flatMap(({ values }) => values)),
      },
    ],
    layout: {
      title: { text: title },
      xaxis: { title: { text: xTitle }, ...(length <= MOST_NUMBERED ? { dtick: 1 } : {}) },
      yaxis: { type: 'category', ...(yTitle === undefined ? {} : { title: { text: yTitle } }) },
    },
  };
}

function entriesOf(rows: HeatRows): readonly (readonly [string, SlotValues])[] {
  if (typeof rows !== 'object' || rows === null) {
    throw refused('RANGE', 'the rows', 'lists of numbers', describe(rows));
  }
  const entries = Array.isArray(rows)
    ? rows.map((row: SlotValues, i): [string, SlotValues] => [String(i), row])
    : Object.entries(rows as Readonly<Record<string, SlotValues>>);
  if (entries.length === 0) throw refused('SLOTS', 'the number of rows', 'at least 1', '0');
  return entries;
}

function refused(code: 'RANGE' | 'SLOTS', field: string, should: string, is: string): FheError {
  return new FheError({ code, op: 'draw a heat map', field, should, is, hint: HINT });
}
