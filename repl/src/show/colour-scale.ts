/**
 * Colours for numbers from 0 to 1, as plotly names them.
 * @module
 */
import type { Rgb } from './colour-codes.ts';
import { numberOf, textOf } from './figure-reading.ts';

type Stops = readonly (readonly [at: number, colour: Rgb])[];

/** Viridis by van der Walt and Smith (CC0), every eighth: equally bright steps, also for colour-blind eyes. */
const VIRIDIS = evenly(
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
);

const NAMED: ReadonlyMap<string, Stops> = new Map([
  ['viridis', VIRIDIS],
  ['greys', evenly([0, 0, 0], [255, 255, 255])],
  ['blues', evenly([5, 10, 172], [106, 137, 247], [190, 190, 190], [220, 220, 220])],
  ['rdbu', evenly([5, 10, 172], [106, 137, 247], [190, 190, 190], [220, 170, 132], [178, 10, 28])],
  ['hot', evenly([0, 0, 0], [230, 0, 0], [255, 210, 0], [255, 255, 255])],
]);

/** @param scale plotly's `colorscale`: a name, or pairs of a place and a colour. Others give viridis. */
export function colourScale(scale: unknown, reversed: boolean): (part: number) => Rgb {
  const stops = NAMED.get(textOf(scale).toLowerCase()) ?? ownStops(scale) ?? VIRIDIS;
  return (part) => between(stops, Math.min(1, Math.max(0, reversed ? 1 - part : part)));
}

function evenly(...colours: readonly Rgb[]): Stops {
  return colours.map((colour, i) => [i / (colours.length - 1), colour]);
}

function between(stops: Stops, part: number): Rgb {
  const next = Math.max(
    1,
    stops.findIndex(([at]) => at >= part),
  );
  const [from, to] = [stops[next - 1]!, stops[next] ?? stops[next - 1]!];
  const t = to[0] === from[0] ? 0 : (part - from[0]) / (to[0] - from[0]);
  return [0, 1, 2].map((c) => Math.round(from[1][c]! + t * (to[1][c]! - from[1][c]!))) as [number, number, number];
}

function ownStops(scale: unknown): Stops | undefined {
  if (!Array.isArray(scale) || scale.length < 2) return undefined;
  const stops = scale.map((pair: unknown): readonly [number | undefined, Rgb | undefined] =>
    Array.isArray(pair) ? [numberOf(pair[0]), parsed(textOf(pair[1]))] : [undefined, undefined],
  );
  return stops.every((stop): stop is readonly [number, Rgb] => stop[0] !== undefined && stop[1] !== undefined)
    ? stops
    : undefined;
}

/** `#ff8800` and `rgb(255, 136, 0)`. */
function parsed(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i
    .exec(text)
    ?.slice(1)
    .map((digits) => Number.parseInt(digits, 16));
  const rgb = /^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)/i.exec(text)?.slice(1).map(Number);
  const [r, g, b] = hex ?? rgb ?? [];
  return r === undefined || g === undefined || b === undefined ? undefined : [r, g, b];
}
