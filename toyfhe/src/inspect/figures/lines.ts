/**
 * Any numbers against any others.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { describe } from '../../backend/print.ts';
import { drawn, type Figure, type FigureOptions } from './figure.ts';

export interface LinesOptions extends FigureOptions {
  /** Where the values stand, as many as each line has; 0, 1, 2, … unless told. Names stand side by side. */
  readonly x?: ArrayLike<number> | readonly string[];
  readonly xTitle?: string;
  readonly yTitle?: string;
  /** Powers of ten along an axis: what is not above zero has no place there. */
  readonly logX?: boolean;
  readonly logY?: boolean;
}

/** With more points than this, marks would hide the lines. */
const MOST_MARKS = 40;

/**
 * One line for each list, with marks where points are few. What is not finite leaves a gap.
 * `linesFigure({ 'noise bits': [18, 21, 25] }, { x: [1, 2, 4], xTitle: 'sums' })`.
 * @throws FheError RANGE for no lines or what is no number, SLOTS for lists of different lengths or without a value
 */
export function linesFigure(lines: Readonly<Record<string, ArrayLike<number>>>, options: LinesOptions = {}): Figure {
  const entries = Object.entries(lines);
  if (entries.length === 0) throw refused('RANGE', 'the number of lines', 'at least 1', '0');
  const { x, xTitle, yTitle, logX = false, logY = false, title = entries.map(([name]) => name).join(', ') } = options;
  const lists = entries.map(([name, values]) => [name, numbersOf(name, values)] as const);
  const count = x?.length ?? lists[0]![1].length;
  if (count === 0) throw refused('SLOTS', 'the number of points', 'at least 1', '0');
  const other = lists.find(([, values]) => values.length !== count);
  if (other !== undefined) {
    throw refused('SLOTS', `the length of ${other[0]}`, String(count), String(other[1].length));
  }
  const places = x === undefined ? lists[0]![1].map((_, i) => i) : Array.from<number | string>(x);
  const along = places.map((at) => (typeof at === 'number' ? onAxis(at, logX) : at));
  const axis = (name: string | undefined, log: boolean): object => ({
    ...(name === undefined ? {} : { title: { text: name } }),
    ...(log ? { type: 'log', exponentformat: 'power' } : {}),
  });
  return {
    data: lists.map(([name, values]) => ({
      type: 'scatter',
      mode: count <= MOST_MARKS ? 'lines+markers' : 'lines',
      name,
      x: along,
      y: values.map((value) => onAxis(value, logY)),
    })),
    layout: {
      title: { text: title },
      showlegend: entries.length > 1,
      xaxis: axis(xTitle, logX),
      yaxis: axis(yTitle, logY),
    },
  };
}

function numbersOf(name: string, values: ArrayLike<number>): readonly number[] {
  const list = typeof values === 'object' && values !== null ? Array.from(values) : [];
  const wrong = list.findIndex((value) => typeof value !== 'number');
  if (wrong >= 0) throw refused('RANGE', `value ${wrong} of ${name}`, 'a number', describe(list[wrong]));
  return list;
}

function onAxis(value: number, log: boolean): number | null {
  return log && !(value > 0) ? null : drawn(value);
}

function refused(code: 'RANGE' | 'SLOTS', field: string, should: string, is: string): FheError {
  const hint = 'write for example linesFigure({ squares: [0, 1, 4, 9] })';
  return new FheError({ code, op: 'draw lines', field, should, is, hint });
}
