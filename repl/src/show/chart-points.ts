/**
 * Lines and marks on the canvas of a chart.
 * @module
 */
import type { Axis } from './chart-axis.ts';
import type { Canvas } from './chart-canvas.ts';
import type { PointTrace } from './chart-trace.ts';
import type { Role, Style } from './style.ts';

/** More marks than this would hide the line that joins them. */
const MOST_MARKS = 40;

export interface Look {
  readonly role: Role;
  /** Drawn in a cell for a mark, and for the line where dots cannot be told apart. */
  readonly glyph: string;
  /** Whether lines are drawn in dots. */
  readonly dots: boolean;
}

const ROLES: readonly Role[] = ['function', 'result', 'good', 'keyword', 'type', 'number'];

/** Series are told apart by colours; without them by their characters. */
export function lookOf(series: number, count: number, style: Style): Look {
  const coloured = style.colours !== 'none';
  const glyphs = style.unicode ? ['•', '×', '+', '○', '◆', '▲'] : ['*', 'x', '+', 'o', '#', '@'];
  const glyph = glyphs[coloured ? 0 : series % glyphs.length]!;
  return { role: ROLES[series % ROLES.length]!, glyph, dots: style.unicode && (coloured || count === 1) };
}

export function drawPoints(trace: PointTrace, look: Look, canvas: Canvas, x: Axis, y: Axis): void {
  const points = trace.y.map((value, i) => cellOf(x.place(trace.x[i]), y.place(value), canvas, x, y));
  if (trace.lines) {
    for (let i = 1; i < points.length; i++) {
      const [from, to] = [points[i - 1], points[i]];
      if (from === undefined || to === undefined) continue; // a gap
      for (const [a, b] of corners(from, to, trace.shape))
        canvas.line(a, b, look.role, look.dots ? undefined : look.glyph);
    }
  }
  const alone = !trace.lines || points.length === 1;
  if (!alone && (!trace.markers || points.length > MOST_MARKS)) return;
  for (const point of points) {
    if (point === undefined) continue;
    // A cloud is drawn in dots, single points as marks that can be seen.
    if (points.length > MOST_MARKS && look.dots) canvas.line(point, point, look.role);
    else canvas.put(Math.round(point[0]), Math.round(point[1]), look.glyph, look.role);
  }
}

type Point = readonly [x: number, y: number];

function corners(from: Point, to: Point, shape: string): readonly (readonly [Point, Point])[] {
  if (shape !== 'hv' && shape !== 'vh') return [[from, to]];
  const corner: Point = shape === 'hv' ? [to[0], from[1]] : [from[0], to[1]];
  return [
    [from, corner],
    [corner, to],
  ];
}

/** In units of cells, from the middle of the first one in the upper left. */
function cellOf(
  atX: number | undefined,
  atY: number | undefined,
  { width, height }: Canvas,
  x: Axis,
  y: Axis,
): Point | undefined {
  if (atX === undefined || atY === undefined) return undefined;
  return [columnOf(atX, x, width), (height - 1) * (1 - (atY - y.min) / (y.max - y.min))];
}

/** The column of a place, a fraction: 0 is the middle of the first one. */
export function columnOf(at: number, { min, max, edges }: Axis, width: number): number {
  const part = (at - min) / (max - min);
  return edges ? width * part - 0.5 : (width - 1) * part;
}
