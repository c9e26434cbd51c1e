/**
 * The slots of a vector as bars, or as a map of colours where they are many.
 * @module
 */
import type { Figure, FigureOptions } from './figure.ts';
import { realParts, type SlotValues } from './slot-values.ts';

export interface SlotsFigureOptions extends FigureOptions {
  /** What is counted from left to right; `slot` unless told. */
  readonly xTitle?: string;
}

/** More slots than this are too narrow as bars. */
const MOST_BARS = 64;

/**
 * Real parts: up to 64 as bars; more as a heat map, row after row from the top, whose width is a power of two.
 * @throws FheError SLOTS for no values, RANGE for what holds none
 */
export function slotsFigure(values: SlotValues, options: SlotsFigureOptions = {}): Figure {
  const parts = realParts(values, 'the values', 'write for example slotsFigure(backend.decode(p))');
  const { xTitle = 'slot' } = options;
  const { title = `${parts.length} slot${parts.length === 1 ? '' : 's'}, real parts` } = options;
  if (parts.length <= MOST_BARS) {
    return {
      data: [{ type: 'bar', name: 'real part', x: parts.map((_, i) => i), y: parts }],
      layout: { title: { text: title }, xaxis: { title: { text: xTitle } }, yaxis: { title: { text: 'value' } } },
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
      xaxis: { title: { text: `${xTitle}, counted from the row’s first` } },
      yaxis: { title: { text: `first ${xTitle} of the row` }, type: 'category' },
    },
  };
}
