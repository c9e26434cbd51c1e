/**
 * The numbers of a heat map: their range, and means where there are more of them than pixels.
 * @module
 */
import type { HeatTrace } from './chart-trace.ts';
import { numberOf } from './figure-reading.ts';

export interface HeatValues {
  readonly width: number;
  readonly height: number;
  /** Which values the ends of the colours stand for: the least and the greatest, where the figure does not say. */
  readonly min: number;
  readonly max: number;
  /** From 0 to 1: the mean of a rectangle of values, ends excluded, rows counted from above; undefined where none is known. */
  part(x0: number, x1: number, y0: number, y1: number): number | undefined;
}

/** Undefined where there is no value at all. */
export function heatValues(trace: HeatTrace): HeatValues | undefined {
  const z = trace.z.map((row) => row.map(numberOf)).reverse(); // the first row stands at the bottom
  const width = z.reduce((most, row) => Math.max(most, row.length), 0);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of z.flat()) {
    if (value === undefined) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return undefined;
  const { middle } = trace.range;
  if (middle !== undefined) {
    const far = Math.max(middle - min, max - middle);
    [min, max] = [middle - far, middle + far];
  }
  [min, max] = [trace.range.min ?? min, trace.range.max ?? max];
  return {
    width,
    height: z.length,
    min,
    max,
    part: (x0, x1, y0, y1) => {
      const known = z
        .slice(...cover(y0, y1))
        .flatMap((row) => row.slice(...cover(x0, x1)).filter((v) => v !== undefined));
      if (known.length === 0) return undefined;
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
      return max > min ? Math.min(1, Math.max(0, (mean - min) / (max - min))) : 0.5;
    },
  };
}

/** The indices of what a stretch touches, at least the one it begins in. */
function cover(from: number, to: number): [number, number] {
  const first = Math.floor(from + 1e-9);
  return [first, Math.max(first + 1, Math.ceil(to - 1e-9))];
}
