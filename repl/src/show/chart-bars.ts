/**
 * Bars: upright on the canvas of a chart, in eighths of a character; lying ones as lines of their own.
 * @module
 */
import stringWidth from 'string-width';
import { type Axis, axisOf } from './chart-axis.ts';
import type { Canvas } from './chart-canvas.ts';
import { columnOf } from './chart-points.ts';
import type { BarTrace } from './chart-trace.ts';
import { cleanText } from './clean.ts';
import { numberOf } from './figure-reading.ts';
import type { Role, Style } from './style.ts';
import { truncate } from './wrap-lines.ts';

const UPRIGHT = '▁▂▃▄▅▆▇█';
const LYING = '▏▎▍▌▋▊▉█';
/** Lying bars that are drawn. */
const MOST_BARS = 40;

export interface BarLook {
  readonly role: Role;
  readonly full: string;
}

/** Series are told apart by colours; without them by how dense they are. */
export function barLook(series: number, role: Role, style: Style): BarLook {
  if (style.colours !== 'none') return { role, full: style.unicode ? '█' : '#' };
  const fills = style.unicode ? '█▒░' : '#=.';
  return { role, full: fills[series % fills.length]! };
}

/** The smallest distance of two bars, in the axis' unit; 1 where there are no two. */
export function barSpacing(traces: readonly BarTrace[], place: Axis['place']): number {
  const places = [...new Set(traces.flatMap(({ at }) => at.map(place)))]
    .filter((at) => at !== undefined)
    .sort((a, b) => a - b);
  const gaps = places.slice(1).map((at, i) => at - places[i]!);
  return gaps.length === 0 ? 1 : Math.min(...gaps);
}

/** Bars of several traces stand side by side. */
export function drawBars(
  traces: readonly BarTrace[],
  looks: readonly BarLook[],
  canvas: Canvas,
  x: Axis,
  y: Axis,
  style: Style,
): void {
  const slot = (canvas.width * barSpacing(traces, x.place)) / (x.max - x.min);
  const wide = Math.min(canvas.width, Math.max(1, Math.floor((0.8 * slot) / traces.length)));
  traces.forEach((trace, series) => {
    trace.at.forEach((where, i) => {
      const [atX, atY] = [x.place(where), y.place(trace.value[i])];
      if (atX === undefined || atY === undefined) return;
      const left = Math.floor(columnOf(atX, x, canvas.width) + 0.5 - (wide * traces.length) / 2) + series * wide;
      for (let column = left; column < left + wide; column++) upright(column, atY, looks[series]!, canvas, y, style);
    });
  });
}

/** From zero, or from the lower end of an axis that has none, to a value. */
function upright(column: number, value: number, look: BarLook, canvas: Canvas, y: Axis, style: Style): void {
  const zero = y.place(0) ?? y.min;
  if (value === zero) return;
  // In cells from below, cut at the ends; the lowest one begins half a cell under the axis' end, and bars fill that too.
  const height = (at: number): number => {
    const cells = ((canvas.height - 1) * (at - y.min)) / (y.max - y.min) + 0.5;
    return at <= y.min ? 0 : Math.min(cells, canvas.height);
  };
  const [from, to] = [height(Math.min(zero, value)), height(Math.max(zero, value))];
  for (let cell = Math.floor(from); cell < to; cell++) {
    const glyph = partOfCell(Math.max(0, from - cell), Math.min(1, to - cell), look.full, style);
    if (glyph !== undefined) canvas.put(column, canvas.height - 1 - cell, glyph, look.role);
  }
}

/** Filled from below there are eighths; what hangs from above comes in halves. */
function partOfCell(from: number, to: number, full: string, { unicode }: Style): string | undefined {
  if (!unicode || full !== '█') return to - from >= 0.5 ? full : undefined;
  if (from < 0.25) return UPRIGHT[Math.round(8 * to) - 1];
  return from < 0.75 ? '▀' : undefined;
}

/** One line a bar: its name, the bar, its value; negative ones look like positive ones but for the value. */
export function lyingBars(
  traces: readonly BarTrace[],
  looks: readonly BarLook[],
  layout: unknown,
  columns: number,
  style: Style,
): readonly string[] {
  const rows = rowsOf(traces);
  if (rows.length === 0) return [style.paint('dim', '(no values)')];
  const axis = axisOf(
    rows.map(({ value }) => Math.abs(value)),
    { layout, ticks: 4, zero: true, unicode: style.unicode },
  );
  const longest = Math.min(20, Math.floor(columns / 3));
  const named = rows.map((row) => ({
    ...row,
    name: truncate(cleanText(row.name, style).replaceAll('\n', ' '), longest, ''),
  }));
  const widest = Math.max(0, ...named.map(({ name }) => stringWidth(name)));
  const texts = rows.map(({ value }) => String(Number(value.toPrecision(4))));
  const room = Math.max(4, columns - widest - 3 - Math.max(0, ...texts.map((text) => text.length)));
  const lines = named.slice(0, MOST_BARS).map(({ name, value, series }, i) => {
    const part = Math.min(
      1,
      Math.max(0, ((axis.place(Math.abs(value)) ?? axis.min) - axis.min) / (axis.max - axis.min)),
    );
    const label = ' '.repeat(widest - stringWidth(name)) + name;
    const edge = style.paint('dim', `${label} ${style.unicode ? '│' : '|'}`);
    return `${edge}${style.paint(looks[series]!.role, lying(part * room, looks[series]!, style))} ${texts[i]}`;
  });
  const more = named.length - lines.length;
  return more > 0 ? [...lines, style.paint('dim', `and ${more} more bars`)] : lines;
}

interface Row {
  readonly name: string;
  readonly value: number;
  readonly series: number;
}

/** Plotly draws from below; what comes last stands on top. */
function rowsOf(traces: readonly BarTrace[]): readonly Row[] {
  const names = [...new Set(traces.flatMap(({ at }) => at.map(String)))].reverse();
  return names.flatMap((name) =>
    traces.flatMap(({ at, value }, series) =>
      at.flatMap((where, i) => {
        const length = numberOf(value[i]);
        return String(where) === name && length !== undefined ? [{ name, value: length, series }] : [];
      }),
    ),
  );
}

function lying(cells: number, { full }: BarLook, style: Style): string {
  if (!style.unicode || full !== '█') return full.repeat(Math.round(cells));
  const eighths = Math.round(8 * cells);
  return full.repeat(Math.floor(eighths / 8)) + (eighths % 8 === 0 ? '' : LYING[(eighths % 8) - 1]!);
}
