/**
 * The slots of a vector as bars, or as a map of colours where they are many.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { describe } from '../../backend/print.ts';
import { drawn, type Figure, type FigureOptions } from './figure.ts';

/** Numbers, or complex numbers, of which the real parts count; as `decode`, `decodeComplex` and the toy's plaintexts give them. */
export type SlotValues =
  | Iterable<number | bigint | { readonly re: number }>
  | { readonly re: Iterable<number>; readonly im: Iterable<number> };

/** More slots than this are too narrow as bars. */
const MOST_BARS = 64;

/**
 * Real parts: up to 64 as bars; more as a heat map, row after row from the top, whose width is a power of two.
 * @throws FheError SLOTS for no values, RANGE for what holds none
 */
export function slotsFigure(values: SlotValues, options: FigureOptions = {}): Figure {
  const parts = realParts(values);
  const { title = `${parts.length} slot${parts.length === 1 ? '' : 's'}, real parts` } = options;
  if (parts.length <= MOST_BARS) {
    return {
      data: [{ type: 'bar', name: 'real part', x: parts.map((_, i) => i), y: parts }],
      layout: { title: { text: title }, xaxis: { title: { text: 'slot' } }, yaxis: { title: { text: 'value' } } },
    };
  }
  const width = 2 ** Math.ceil(Math.log2(parts.length) / 2);
  const starts = Array.from({ length: Math.ceil(parts.length / width) }, (_, row) => row * width).reverse();
  return {
    data: [
      {
        type: 'heatmap',
        name: 'real part',
        x: Array.from({ length: width }, (_, i) => i),
        y: starts.map(String), // the first row stands at the bottom
        z: starts.map((start) => parts.slice(start, start + width)),
        colorscale: 'RdBu',
        zmid: 0,
      },
    ],
    layout: {
      title: { text: title },
      xaxis: { title: { text: 'slot, counted from the row’s first' } },
      yaxis: { title: { text: 'first slot of the row' }, type: 'category' },
    },
  };
}

function realParts(values: SlotValues): (number | null)[] {
  const list = 're' in Object(values) ? (values as { readonly re: Iterable<number> }).re : values;
  const refuse = (code: 'SLOTS' | 'RANGE', field: string, should: string, is: string): FheError =>
    new FheError({
      code,
      op: 'draw slots',
      field,
      should,
      is,
      hint: 'write for example slotsFigure(backend.decode(p))',
    });
  if (typeof (list as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function' || typeof list === 'string') {
    throw refuse('RANGE', 'the values', 'a list of numbers', describe(values));
  }
  const parts = [...(list as Iterable<number | bigint | { readonly re: number }>)].map((value) => {
    const re = typeof value === 'object' && value !== null ? value.re : value;
    if (typeof re === 'number' || typeof re === 'bigint') return drawn(Number(re));
    throw refuse('RANGE', 'every value', 'a number, or { re, im }', describe(value));
  });
  if (parts.length === 0) throw refuse('SLOTS', 'the number of values', 'at least 1', '0');
  return parts;
}
