/**
 * How long things take, as bars.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { describe } from '../../backend/print.ts';
import type { Figure, FigureOptions } from './figure.ts';

/** Milliseconds by name. */
export type Milliseconds = Readonly<Record<string, number>>;

export interface TimingOptions extends FigureOptions {
  /** Powers of ten along the axis: for what differs by far. */
  readonly log?: boolean;
}

/**
 * A lying bar for each name, the first at the top, with its time beside it. `timingFigure({ rotate: 2.1, square: 0.4 })`, or
 * several series to compare: `timingFigure({ engine: { rotate: 2.1 }, seal: { rotate: 3.7 } })`.
 * @throws FheError RANGE for no times, for what is no time, and on a log axis for none above zero
 */
export function timingFigure(
  times: Milliseconds | Readonly<Record<string, Milliseconds>>,
  options: TimingOptions = {},
): Figure {
  const entries = Object.entries(times);
  const several = entries.some(([, time]) => typeof time === 'object' && time !== null);
  const series = several ? (entries as readonly [string, Milliseconds][]) : [['time', times as Milliseconds] as const];
  const { title = 'time', log = false } = options;
  const bars = series.flatMap(([name, list]) => {
    if (typeof list !== 'object' || list === null)
      throw refused(`the times of ${name}`, 'times by name', describe(list));
    const named = Object.entries(list);
    for (const [of, time] of named) needTime(several ? `${name}, ${of}` : of, time, log);
    return named.length === 0 ? [] : [barsOf(name, named)];
  });
  if (bars.length === 0) throw refused('the number of times', 'at least 1', '0');
  const names = new Set(bars.flatMap(({ y }) => y)).size;
  const logs = bars.flatMap(({ x }) => x.map(Math.log10));
  const longest = Math.max(...bars.flatMap(({ x }) => x)) || 1;
  return {
    data: several ? sideBySide(bars) : bars,
    layout: {
      title: { text: title },
      height: 140 + 30 * names * bars.length,
      showlegend: several,
      xaxis: {
        title: { text: 'milliseconds' },
        ...(log ? { type: 'log', range: around(logs) } : { range: [0, 1.15 * longest] }),
      },
      yaxis: { type: 'category', automargin: true },
    },
  };
}

interface Bars extends Readonly<Record<string, unknown>> {
  readonly x: readonly number[];
  readonly y: readonly string[];
}

function barsOf(name: string, times: readonly (readonly [string, number])[]): Bars {
  const upwards = times.toReversed(); // plotly begins at the bottom
  return {
    type: 'bar',
    orientation: 'h',
    name,
    x: upwards.map(([, time]) => Number(time.toPrecision(4))), // what a clock can tell
    y: upwards.map(([of]) => of),
    text: upwards.map(([, time]) => duration(time)),
    textposition: 'outside',
    cliponaxis: false,
  };
}

/** Part of a place that its bars fill. */
const FILLED = 0.8;

/** The first series on top: left alone, plotly begins at the bottom here too. */
function sideBySide(bars: readonly Bars[]): readonly Bars[] {
  const width = FILLED / bars.length;
  return bars.map((series, i) => ({ ...series, width, offset: FILLED / 2 - (i + 1) * width }));
}

/** In powers of ten: also the shortest bar is one, and there is room for the text beside the longest. */
function around(logs: readonly number[]): readonly [number, number] {
  return [Math.floor(Math.min(...logs) - 0.3), Math.max(...logs) + 0.5];
}

/** `0.42 ms`, `17 ms`, `1.3 s`. */
function duration(milliseconds: number): string {
  const [value, unit] = milliseconds < 1000 ? [milliseconds, 'ms'] : [milliseconds / 1000, 's'];
  return `${value >= 100 ? value.toFixed(0) : Number(value.toPrecision(2))} ${unit}`;
}

function needTime(name: string, time: number, log: boolean): void {
  if (typeof time === 'number' && Number.isFinite(time) && (log ? time > 0 : time >= 0)) return;
  throw refused(`the time of ${name}`, `milliseconds ${log ? '> 0' : '≥ 0'}`, describe(time));
}

function refused(field: string, should: string, is: string): FheError {
  const hint = 'write for example timingFigure({ rotate: 2.1, square: 0.4 })';
  return new FheError({ code: 'RANGE', op: 'draw times', field, should, is, hint });
}
