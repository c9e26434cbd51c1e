/**
 * Axes around a drawing. simple-ascii-chart sets up the frame with its ticks; what stands inside is drawn by us, finer than
 * one point a character.
 * @module
 */
import plot from 'simple-ascii-chart';
import stringWidth from 'string-width';
import type { Style } from './style.ts';

/** A label at a column or a row of the drawing. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The characters of a row, with colours; rows count from above. */
  row(y: number): readonly string[];
  readonly xMarks: readonly Mark[];
  readonly yMarks: readonly Mark[];
}

const UNICODE_AXES = { n: '│', ns: '│', y: '┤', nse: '└', x: '┬', we: '─', e: '─' };
const ASCII_AXES = { n: '|', ns: '|', y: '+', nse: '+', x: '+', we: '-', e: '-' };

/** Columns that labels and axis take to the left of a drawing. */
export function frameMargin(yMarks: readonly Mark[]): number {
  return Math.max(0, ...yMarks.map(({ label }) => stringWidth(label))) + 1;
}

/** The drawing with its axes: `height` lines, the axis below, and the labels below that. */
export function frameLines({ width, height, row, xMarks, yMarks }: Frame, style: Style): readonly string[] {
  const labels = new Map(yMarks.map(({ at, label }) => [height - 1 - at, label]));
  const widest = frameMargin(yMarks) - 1;
  const cells = Array.from({ length: height }, (_, y) =>
    row(y).map((symbol, x) => ({ x: x + 1, y: y + 1, symbol })),
  ).flat();
  const text = plot(
    [
      [0, 0],
      [width - 1, height - 1],
    ],
    {
      width,
      height,
      yRange: [0, height - 1],
      customXAxisTicks: xMarks.map(({ at }) => at),
      customYAxisTicks: [...labels.keys()],
      // The library cuts labels that are longer than those of the data: all get the same width. Below the axis it writes nothing.
      formatter: (value, { axis }) => (axis === 'x' ? ' ' : padStart(labels.get(value) ?? '', widest)),
      lineFormatter: ({ index }) => (index === 0 ? cells : []),
      symbols: { axis: style.unicode ? UNICODE_AXES : ASCII_AXES },
    },
  );
  // Its first line holds the tip of the axis, which has none here.
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .slice(1, height + 2);
  const margin = lines.at(-1)!.indexOf(style.unicode ? '└' : '+') + 1;
  const drawn = lines.map(
    (line, y) =>
      style.paint('dim', y === height ? line.slice(0, margin + width) : line.slice(0, margin)) +
      (y === height ? '' : line.slice(margin).trimEnd()),
  );
  return [...drawn, ...labelLine(xMarks, margin, width, style)];
}

/** Labels centred under their ticks; those that would touch the one before are left out. */
function labelLine(marks: readonly Mark[], margin: number, width: number, style: Style): readonly string[] {
  let line = '';
  for (const { at, label } of marks.toSorted((a, b) => a.at - b.at)) {
    const wide = stringWidth(label);
    const start = Math.max(0, Math.min(margin + at - Math.floor((wide - 1) / 2), margin + width - wide));
    if (line !== '' && start <= stringWidth(line)) continue;
    line += ' '.repeat(start - stringWidth(line)) + label;
  }
  return line === '' ? [] : [style.paint('dim', line)];
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}
