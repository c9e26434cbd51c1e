/**
 * Axes: where a value stands along one, from which number to which.
 * @module
 */
import { fieldsOf, type Fields, listOf, numberOf, textOf } from './figure-fields.ts';
import { linearTicks, logTicks, niceStep, type Tick } from './svg-ticks.ts';

/** What a trace wants of an axis. */
export interface Demand {
  readonly values: readonly unknown[];
  /** Bars stand on zero. */
  readonly zero?: boolean;
  /** Half of what stands there is this wide, in the axis' unit: bars, squares of a heat map. */
  readonly half?: number;
  /** Room beyond the outermost values, in parts of the whole. */
  readonly room?: number;
}

export interface Axis {
  readonly kind: 'linear' | 'log' | 'names';
  readonly min: number;
  /** Above `min`. */
  readonly max: number;
  /** Log₁₀ of the value on logarithmic axes; undefined for what has no place. */
  place(value: unknown): number | undefined;
  readonly layout: Fields;
}

/** @param layout the figure's, for this axis: `type`, `range`, `rangemode`, … */
export function axisOf(demands: readonly Demand[], layout: Fields): Axis {
  const type = textOf(layout['type']);
  const values = demands.flatMap((demand) => demand.values).filter((value) => value !== null && value !== undefined);
  if (type === 'category' || (type !== 'log' && values.some((value) => typeof value === 'string'))) {
    return namesAxis(values, demands, layout);
  }
  const place = type === 'log' ? placeLog : numberOf;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const fromZero = layout['rangemode'] === 'tozero';
  for (const demand of demands) {
    const [low, high] = extent(demand, place, type !== 'log' && (demand.zero === true || fromZero));
    [min, max] = [Math.min(min, low), Math.max(max, high)];
  }
  if (min > max) [min, max] = [0, 1];
  if (min === max) [min, max] = min === 0 ? [-0.5, 0.5] : [min - Math.abs(min) / 2, max + Math.abs(max) / 2];
  const [from, to] = listOf(layout['range']).map(numberOf); // of logarithmic axes: exponents
  if (from !== undefined && to !== undefined && from !== to) [min, max] = [Math.min(from, to), Math.max(from, to)];
  return { kind: type === 'log' ? 'log' : 'linear', min, max, place, layout };
}

function placeLog(value: unknown): number | undefined {
  const n = numberOf(value);
  return n !== undefined && n > 0 ? Math.log10(n) : undefined;
}

function namesAxis(values: readonly unknown[], demands: readonly Demand[], layout: Fields): Axis {
  const places = new Map([...new Set(values.map(String))].map((name, i) => [name, i]));
  const half = Math.max(0.1, ...demands.map((demand) => demand.half ?? 0));
  const place = (value: unknown): number | undefined => places.get(String(value));
  return { kind: 'names', min: -half, max: Math.max(places.size - 1, 0) + half, place, layout };
}

function extent(demand: Demand, place: Axis['place'], fromZero: boolean): [number, number] {
  const { values, half = 0, room = 0 } = demand;
  let [min, max] = fromZero ? [0, 0] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    const at = place(value);
    if (at === undefined) continue;
    if (at < min) min = at;
    if (at > max) max = at;
  }
  const space = (max - min) * room;
  // Beyond zero, where bars and such begin, there is nothing to make room for.
  return [min - half - (fromZero && min === 0 ? 0 : space), max + half + (fromZero && max === 0 ? 0 : space)];
}

/** The same axis, longer at both ends, by a factor. */
export function stretched(axis: Axis, factor: number): Axis {
  const more = ((axis.max - axis.min) * (factor - 1)) / 2;
  return { ...axis, min: axis.min - more, max: axis.max + more };
}

/**
 * @param values all that stand along the axis
 * @param count about how many there is room for; names are all there
 */
export function ticksOf(axis: Axis, values: readonly unknown[], count: number): readonly Tick[] {
  const { kind, layout, min, max } = axis;
  if (layout['showticklabels'] === false) return [];
  const texts = listOf(layout['ticktext']);
  const given = Array.isArray(layout['tickvals']) ? listOf(layout['tickvals']) : undefined;
  const written = given ?? (kind === 'names' ? [...new Set(values)] : undefined);
  if (written !== undefined) {
    return written.flatMap((value, i) => {
      const at = axis.place(value);
      return at === undefined ? [] : [{ at, label: String((given === undefined ? undefined : texts[i]) ?? value) }];
    });
  }
  if (kind === 'log') return logTicks(min, max, count);
  const own = numberOf(layout['dtick']);
  if (own !== undefined && own > 0 && (max - min) / own <= 3 * count) return linearTicks(min, max, own);
  const step = niceStep(min, max, count);
  const whole = values.length > 0 && values.every(Number.isInteger); // between slots 1 and 2 there is no slot 1.5
  return linearTicks(min, max, whole ? Math.max(1, step) : step);
}

/** `x2` → the layout's `xaxis2`. */
export function axisLayout(layout: Fields, name: string): Fields {
  return fieldsOf(layout[`${name[0]}axis${name.slice(1)}`]);
}
