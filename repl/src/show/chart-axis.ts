/**
 * Axes of charts: where a value stands, and which values are written beside.
 * @module
 */
import { logTicks, niceStep, stepTicks, type Tick } from './chart-ticks.ts';
import { fieldsOf, type Fields, listOf, numberOf, textOf } from './figure-reading.ts';

export interface Axis {
  readonly min: number;
  /** Above `min`. */
  readonly max: number;
  /** From `min` to `max`, ascending. */
  readonly ticks: readonly Tick[];
  /** Whether `min` is the left edge of the first column, as under bars, and not its middle. */
  readonly edges: boolean;
  /** Where a value stands, log₁₀ of it on logarithmic axes; undefined for what has no place, such as 0 on those. */
  place(value: unknown): number | undefined;
}

export interface AxisOptions {
  /** Of the layout: `type`, `range`, `rangemode`, `tickvals`, `ticktext`. */
  readonly layout: unknown;
  /** About how many ticks. */
  readonly ticks: number;
  /** Whether zero has to be on it: under bars. Logarithmic axes have none: they begin a power of ten below the bars. */
  readonly zero?: boolean;
  /** Added at both ends, in the axis' unit: half the distance of bars. */
  readonly margin?: number;
  /** Whether the ends are moved out to ticks. */
  readonly round?: boolean;
  /** Whether labels may be drawn in Unicode. */
  readonly unicode: boolean;
}

/** Numbers in order, powers of ten, or, where not all values are numbers, names side by side. */
export function axisOf(values: readonly unknown[], options: AxisOptions): Axis {
  const layout = fieldsOf(options.layout);
  const type = textOf(layout['type']);
  const known = values.filter((value) => value !== null && value !== undefined && !Number.isNaN(value));
  const named =
    type === 'category' || known.some((value) => typeof value === 'string' && numberOf(value) === undefined);
  if (named) return namedAxis(known.map(String), options);
  const place = type === 'log' ? placeLog : numberOf;
  const places = known.map(place).filter((at) => at !== undefined);
  return numericAxis(places, place, layout, options);
}

function placeLog(value: unknown): number | undefined {
  const n = numberOf(value);
  return n !== undefined && n > 0 ? Math.log10(n) : undefined;
}

function namedAxis(names: readonly string[], { margin = 0 }: AxisOptions): Axis {
  const places = new Map([...new Set(names)].map((name, i) => [name, i]));
  return {
    min: -margin,
    max: Math.max(places.size - 1 + margin, -margin + 1),
    edges: margin > 0,
    ticks: [...places].map(([label, at]) => ({ at, label })),
    place: (value) => places.get(String(value)),
  };
}

function numericAxis(
  places: readonly number[],
  place: Axis['place'],
  layout: Fields,
  { ticks: wanted, zero = false, margin = 0, round = false, unicode }: AxisOptions,
): Axis {
  const log = place === placeLog;
  const given = listOf(layout['range']).map(numberOf); // of logarithmic axes: exponents
  const fromZero = !log && (zero || layout['rangemode'] === 'tozero');
  let [min, max] = extent(fromZero ? [...places, 0] : places);
  [min, max] = [min - margin, max + margin];
  if (round) [min, max] = rounded(min, max, log ? 1 : stepFor(places, layout, (max - min) / wanted));
  if (log && zero) min = Math.ceil(min - 1 - 1e-9); // so that the least bar has a length
  if (given[0] !== undefined && given[1] !== undefined && given[0] !== given[1]) {
    [min, max] = [Math.min(given[0], given[1]), Math.max(given[0], given[1])];
  }
  const ticks =
    ownTicks(layout, place) ??
    (log ? logTicks(min, max, wanted, unicode) : stepTicks(min, max, stepFor(places, layout, (max - min) / wanted)));
  const slack = 1e-9 * (max - min);
  return {
    min,
    max,
    edges: margin > 0,
    ticks: ticks.filter(({ at }) => at >= min - slack && at <= max + slack),
    place,
  };
}

/** One value alone stands in the middle of something. */
function extent(places: readonly number[]): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const at of places) {
    if (at < min) min = at;
    if (at > max) max = at;
  }
  if (min > max) return [0, 1];
  const around = min === 0 ? 0.5 : Math.abs(min) / 2;
  return min === max ? [min - around, max + around] : [min, max];
}

/** The layout's own distance of ticks, where it leaves room for them; whole numbers have no ticks between them. */
function stepFor(places: readonly number[], layout: Fields, least: number): number {
  const own = numberOf(layout['dtick']);
  if (own !== undefined && own >= least / 3) return own;
  const step = niceStep(least);
  return step < 1 && places.every(Number.isInteger) ? 1 : step;
}

function rounded(min: number, max: number, step: number): [number, number] {
  return [Math.floor(min / step + 1e-9) * step, Math.ceil(max / step - 1e-9) * step];
}

function ownTicks(layout: Fields, place: Axis['place']): readonly Tick[] | undefined {
  const texts = listOf(layout['ticktext']);
  if (!Array.isArray(layout['tickvals'])) return undefined;
  return layout['tickvals'].flatMap((value, i) => {
    const at = place(value);
    return at === undefined ? [] : [{ at, label: String(texts[i] ?? value) }];
  });
}
