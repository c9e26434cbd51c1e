/**
 * One chart: the traces of one pair of axes with their titles and legend.
 * @module
 */
import stringWidth from 'string-width';
import { axisOf, type Axis } from './chart-axis.ts';
import { type BarLook, barLook, barSpacing, drawBars, lyingBars } from './chart-bars.ts';
import { Canvas } from './chart-canvas.ts';
import { frameLines, frameMargin, type Mark } from './chart-frame.ts';
import { heatLines, heatScale } from './chart-heat.ts';
import { columnOf, drawPoints, lookOf } from './chart-points.ts';
import type { BarTrace, HeatTrace, PointTrace, Trace } from './chart-trace.ts';
import { cleanText } from './clean.ts';
import { type Fields, titleOf } from './figure-reading.ts';
import type { Style } from './style.ts';
import { truncate, wrapWords } from './wrap-lines.ts';

/** Columns of a chart at most: wider ones are hard to read across. */
const WIDEST = 100;
/** More lines for heat maps: their rows need them. */
const LINES_OF_HEAT = 4;

/** The traces on the same pair of axes, and the layouts of those. */
export interface Chart {
  readonly traces: readonly Trace[];
  readonly x: Fields;
  readonly y: Fields;
}

/** @param plain without a legend */
export function drawChart({ traces, x, y }: Chart, lines: number, plain: boolean, style: Style): readonly string[] {
  const columns = Math.min(style.columns, WIDEST);
  const [xTitle, yTitle] = [x, y].map((axis) => oneLine(titleOf(axis['title']), style)) as [string, string];
  const points = traces.filter((trace): trace is PointTrace => trace.kind === 'points');
  const bars = traces.filter((trace): trace is BarTrace => trace.kind === 'bars');
  const heat = traces.find((trace): trace is HeatTrace => trace.kind === 'heat');
  const barLooks = bars.map((_, i) => barLook(i, lookOf(i, 1, style).role, style));
  const legend = plain ? [] : legendLine(points, bars, barLooks, columns, style);
  const room = Math.max(5, lines - legend.length - 2 - (xTitle === '' ? 0 : 1) - (yTitle === '' ? 0 : 1));
  const lying = bars[0]?.horizontal === true;
  const drawn =
    heat !== undefined
      ? heatLines(heat, columns, room + LINES_OF_HEAT, style)
      : lying
        ? lyingBars(bars, barLooks, x, columns, style)
        : cartesian(points, bars, barLooks, x, y, columns, room, style);
  const wide = Math.max(...drawn.map((line) => stringWidth(line)));
  const centred = ' '.repeat(Math.max(0, Math.floor((wide - stringWidth(xTitle)) / 2))) + xTitle;
  return [
    ...(yTitle === '' ? [] : [style.paint('dim', yTitle)]),
    ...drawn,
    ...(xTitle === '' ? [] : [style.paint('dim', centred)]),
    ...(heat === undefined ? legend : heatScale(heat, columns, style)),
  ];
}

function cartesian(
  points: readonly PointTrace[],
  bars: readonly BarTrace[],
  barLooks: readonly BarLook[],
  x: Fields,
  y: Fields,
  columns: number,
  height: number,
  style: Style,
): readonly string[] {
  const { unicode } = style;
  const xs = [...points.flatMap((trace) => trace.x), ...bars.flatMap((trace) => trace.at)];
  const ys = [...points.flatMap((trace) => trace.y), ...bars.flatMap((trace) => trace.value)];
  const yAxis = axisOf(ys, {
    layout: y,
    ticks: Math.max(2, Math.floor(height / 3)),
    zero: bars.length > 0,
    round: true,
    unicode,
  });
  const yMarks = yAxis.ticks.map(({ at, label }) => ({
    at: rowOf(at, yAxis, height),
    label: oneLine(label, style).slice(0, 14),
  }));
  const room = columns - frameMargin(yMarks);
  const ticks = Math.max(2, Math.floor(room / 10));
  const rough = axisOf(xs, { layout: x, ticks, unicode });
  const margin = bars.length > 0 ? barSpacing(bars, rough.place) / 2 : 0;
  const xAxis = axisOf(xs, { layout: x, ticks, margin, unicode });
  const width = margin === 0 ? room : evenWidth(room, (xAxis.max - xAxis.min) / (2 * margin));
  const canvas = new Canvas(width, height, style);
  drawBars(bars, barLooks, canvas, xAxis, yAxis, style);
  points.forEach((trace, i) => drawPoints(trace, lookOf(bars.length + i, points.length, style), canvas, xAxis, yAxis));
  const xMarks = xAxis.ticks.map(({ at, label }): Mark => ({
    at: Math.round(columnOf(at, xAxis, width)),
    label: oneLine(label, style),
  }));
  return frameLines({ width, height, row: (row) => canvas.row(row), xMarks, yMarks }, style);
}

/** All bars get as many columns, where there is one for each. */
function evenWidth(room: number, bars: number): number {
  return bars >= 1 && bars <= room ? Math.floor(Math.floor(room / bars) * bars + 1e-9) : room;
}

function rowOf(at: number, axis: Axis, height: number): number {
  return Math.round((height - 1) * (1 - (at - axis.min) / (axis.max - axis.min)));
}

/** Which series is which, where there are several, or one with a name. */
function legendLine(
  points: readonly PointTrace[],
  bars: readonly BarTrace[],
  barLooks: readonly BarLook[],
  columns: number,
  style: Style,
): readonly string[] {
  const names = [...bars, ...points].map(({ name }, i) => oneLine(name, style) || `trace ${i}`);
  if (names.length === 0 || (names.length === 1 && names[0] === 'trace 0')) return [];
  const entries = names.map((name, i) => {
    const look = lookOf(i, points.length, style);
    const mark = i < bars.length ? barLooks[i]!.full : points[i - bars.length]!.lines && look.dots ? '⠒⠒' : look.glyph;
    return `${style.paint(look.role, mark)} ${truncate(name, 30, '')}`;
  });
  return wrapWords(entries.join('   '), columns);
}

/** Labels have no line breaks and no control characters. */
export function oneLine(text: string, style: Style): string {
  return cleanText(text, style).replaceAll('\n', ' ');
}
