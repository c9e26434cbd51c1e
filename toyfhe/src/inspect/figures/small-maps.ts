/**
 * Several heat maps side by side, on one scale of colours.
 * @module
 */
import { heatColours } from './colours.ts';
import type { Figure } from './figure.ts';

/** Maps beside one another; more stand below. */
const ACROSS = 4;
/** Between maps, as a part of the figure's width. */
const GAP = 0.05;
/** Pixels: of all maps across; of one map's height, at least and at most; below it for its name; around and beside them. */
const WIDE = 580;
const [LEAST, MOST] = [60, 360];
const NAME = 44;
const [AROUND, BESIDE] = [90, 140];
/** Of all maps across at least, though their values are then no squares: the title has to stand somewhere. */
const NARROW = 260;

interface Named {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** @param width values in a row of a map; the last row may be shorter */
export function smallMaps(maps: readonly Named[], width: number, title: string): Figure {
  const across = Math.min(ACROSS, maps.length);
  const down = Math.ceil(maps.length / across);
  const colours = heatColours(maps.flatMap(({ values }) => values));
  const lines = Math.max(...maps.map(({ values }) => Math.ceil(values.length / width)));
  const wide = (1 - GAP * (across - 1)) / across;
  // As high as values are squares; what would be higher than the screen becomes narrower.
  const square = (WIDE * wide * lines) / width;
  const high = Math.min(MOST, Math.max(LEAST, square));
  const pixels = down * (high + NAME) - NAME;
  const layout: Record<string, unknown> = {
    title: { text: title },
    height: Math.round(AROUND + pixels),
    width: Math.round(BESIDE + Math.max(NARROW, WIDE * Math.min(1, high / square))),
  };
  const data = maps.map(({ name, values }, i) => {
    const [row, column] = [Math.floor(i / across), i % across];
    const axis = i === 0 ? '' : String(i + 1);
    const left = column * (wide + GAP);
    const top = Math.max(0, 1 - (row * (high + NAME)) / pixels);
    layout[`xaxis${axis}`] = {
      title: { text: name },
      domain: [left, Math.min(1, left + wide)],
      anchor: `y${axis}`,
      showticklabels: false,
    };
    layout[`yaxis${axis}`] = {
      type: 'category',
      domain: [Math.max(0, top - high / pixels), top],
      anchor: `x${axis}`,
      showticklabels: column === 0,
    };
    const starts = Array.from({ length: Math.ceil(values.length / width) }, (_, k) => k * width).reverse();
    return {
      type: 'heatmap',
      name,
      x: Array.from({ length: Math.min(width, values.length) }, (_, k) => k),
      y: starts.map(String), // the first row stands at the bottom
      z: starts.map((start) => values.slice(start, start + width)),
      ...colours,
      showscale: i === maps.length - 1,
      xaxis: `x${axis}`,
      yaxis: `y${axis}`,
    };
  });
  return { data, layout };
}
