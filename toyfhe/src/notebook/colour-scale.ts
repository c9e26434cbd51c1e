/**
 * Colours for traces, and for numbers from 0 to 1: plotly's, so that the picture and the plot look alike.
 * @module
 */
import { numberOf, textOf } from './figure-fields.ts';
import type { Rgb } from './png.ts';

/** Of traces that have no colour of their own, in turn. */
const TRACES = [
  ...['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd'],
  ...['#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf'],
];

export function traceColour(index: number): string {
  return TRACES[index % TRACES.length]!;
}

type Stops = readonly (readonly [at: number, colour: Rgb])[];

/** Viridis by van der Walt and Smith (CC0), every eighth. */
const VIRIDIS: Stops = [
  [0, [68, 1, 84]],
  [1 / 8, [71, 44, 122]],
  [2 / 8, [59, 81, 139]],
  [3 / 8, [44, 113, 142]],
  [4 / 8, [33, 144, 141]],
  [5 / 8, [39, 173, 129]],
  [6 / 8, [92, 200, 99]],
  [7 / 8, [170, 220, 50]],
  [1, [253, 231, 37]],
];
const RDBU: Stops = [
  [0, [5, 10, 172]],
  [0.35, [106, 137, 247]],
  [0.5, [190, 190, 190]],
  [0.6, [220, 170, 132]],
  [0.7, [230, 145, 90]],
  [1, [178, 10, 28]],
];
const BLUES: Stops = [
  [0, [5, 10, 172]],
  [0.35, [40, 60, 190]],
  [0.5, [70, 100, 245]],
  [0.6, [90, 120, 245]],
  [0.7, [106, 137, 247]],
  [1, [220, 220, 220]],
];
const HOT: Stops = [
  [0, [0, 0, 0]],
  [0.3, [230, 0, 0]],
  [0.6, [255, 210, 0]],
  [1, [255, 255, 255]],
];
const GREYS: Stops = [
  [0, [0, 0, 0]],
  [1, [255, 255, 255]],
];
const NAMED: ReadonlyMap<string, Stops> = new Map([
  ['viridis', VIRIDIS],
  ['rdbu', RDBU],
  ['blues', BLUES],
  ['hot', HOT],
  ['greys', GREYS],
]);

/**
 * For front ends: the colours of plotly's heat maps, so that all draw them alike.
 * @param scale plotly's `colorscale`: a name, or pairs of a place and a colour, `#rrggbb` or `rgb(r, g, b)`. What is not known
 *   here is viridis.
 * @param reversed plotly's `reversescale`
 * @returns from a number, 0 to 1, to red, green and blue, 0 to 255
 */
export function colourScale(scale: unknown, reversed: unknown = false): (part: number) => Rgb {
  const stops = NAMED.get(textOf(scale).toLowerCase()) ?? ownStops(scale) ?? VIRIDIS;
  return (part) => between(stops, Math.min(1, Math.max(0, reversed === true ? 1 - part : part)));
}

export function hex(colour: Rgb): string {
  return `#${colour.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
}

/** Whether white can be read on it better than black. */
export function isDark([red, green, blue]: Rgb): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140; // how bright eyes find them (ITU-R BT.601)
}

function ownStops(scale: unknown): Stops | undefined {
  if (!Array.isArray(scale) || scale.length < 2) return undefined;
  const stops = scale.map((stop: unknown): readonly [number | undefined, Rgb | undefined] =>
    Array.isArray(stop) ? [numberOf(stop[0]), parsed(textOf(stop[1]))] : [undefined, undefined],
  );
  const known = (stop: (typeof stops)[number]): stop is readonly [number, Rgb] => !stop.includes(undefined);
  return stops.every(known) ? stops : undefined;
}

function parsed(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text)?.slice(1);
  const rgb = /^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)/i.exec(text)?.slice(1);
  return (hex?.map((pair) => Number.parseInt(pair, 16)) ?? rgb?.map(Number)) as Rgb | undefined;
}

/** Beyond the first and the last stop their colours go on. */
function between(stops: Stops, part: number): Rgb {
  const above = stops.findIndex(([at]) => at >= part);
  const next = above < 0 ? stops.length - 1 : Math.max(1, above);
  const [from, to] = [stops[next - 1]!, stops[next]!];
  const t = to[0] === from[0] ? 0 : Math.min(1, Math.max(0, (part - from[0]) / (to[0] - from[0])));
  return [0, 1, 2].map((c) => Math.round(from[1][c]! + t * (to[1][c]! - from[1][c]!))) as never;
}
