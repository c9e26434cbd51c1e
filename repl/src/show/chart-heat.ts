/**
 * Heat maps: squares of half-blocks in a scale of colours, or shades where there are none.
 * @module
 */
import stringWidth from 'string-width';
import { colourScale } from 'toyfhe/notebook';
import { frameLines, frameMargin, type Mark } from './chart-frame.ts';
import type { HeatTrace } from './chart-trace.ts';
import { cleanText } from './clean.ts';
import type { Rgb } from './colour-codes.ts';
import { heatValues } from './heat-values.ts';
import { hasHalfBlocks, pictureLines } from './picture.ts';
import type { Style } from './style.ts';
import { truncate } from './wrap-lines.ts';

/** Columns of the scale at most. */
const SCALE = 24;
/** Pixels on a side of a value's square, at most. */
const LARGEST = 8;

/** @param rows lines that the map may take, without its axis */
export function heatLines(trace: HeatTrace, columns: number, rows: number, style: Style): readonly string[] {
  const values = heatValues(trace);
  if (values === undefined) return [style.paint('dim', '(no values)')];
  const { width, height } = values;
  const name = (value: unknown): string => truncate(cleanText(String(value), style).replaceAll('\n', ' '), 12, '');
  const columnNames = trace.x.slice(0, width).map(name);
  const rowNames = trace.y.slice(0, height).map(name); // from below
  const room = columns - frameMargin(rowNames.map((label) => ({ at: 0, label })));
  const { across, down } = pixelsOf(width, height, room, 2 * rows, hasHalfBlocks(style) ? 1 : 2);
  const colour = painter(trace, style);
  const [dx, dy] = [width / across, height / down];
  const at = (x: number, y: number): Rgb => {
    const part = values.part(x * dx, (x + 1) * dx, y * dy, (y + 1) * dy);
    return part === undefined ? [0, 0, 0] : colour(part);
  };
  const lines = pictureLines({ width: across, height: down, at }, style);
  const widest = columnNames.reduce((most, label) => Math.max(most, stringWidth(label)), 0);
  const yMarks = spread(rowNames, lines.length, 1).map((mark) => ({ ...mark, at: lines.length - 1 - mark.at }));
  return frameLines(
    {
      width: across,
      height: lines.length,
      row: (y) => cellsOf(lines[y]!),
      xMarks: spread(columnNames, across, widest + 1),
      yMarks,
    },
    style,
  );
}

/** `0 ▀▀▀▀ 90`: which colours stand for the least value and the greatest. */
export function heatScale(trace: HeatTrace, columns: number, style: Style): readonly string[] {
  const values = heatValues(trace);
  if (values === undefined) return [];
  const colour = painter(trace, style);
  const ends = [values.min, values.max].map((value) => Number(value.toPrecision(4)));
  const [long, short] = [ends.map(String), ends.map((end) => end.toExponential().replace('e+', 'e'))];
  const room = (labels: readonly string[]): number => columns - labels.join('').length - 2;
  const [least, most] = room(long) < 2 ? short : long;
  const width = Math.min(SCALE, room([least!, most!]));
  if (width < 2) return []; // half of a number would be another one
  const [line] = pictureLines({ width, height: 2, at: (x) => colour(x / (width - 1)) }, style);
  return [`${least} ${line} ${most}`];
}

/**
 * Whole squares where they fit, the same number of pixels for each value; else as many pixels as there is room for.
 * @param step of the squares' sides: 2 where a character is one pixel, twice as high as wide
 */
function pixelsOf(
  width: number,
  height: number,
  across: number,
  down: number,
  step: number,
): { across: number; down: number } {
  const side = step * Math.floor(Math.min(LARGEST, across / width, down / height) / step);
  if (side >= 1) return { across: width * side, down: height * side };
  return { across: Math.max(1, Math.min(width, across)), down: Math.max(1, Math.min(height, down)) };
}

function painter(trace: HeatTrace, style: Style): (part: number) => Rgb {
  if (!hasHalfBlocks(style)) return (part) => [part, part, part];
  const scale = colourScale(trace.colours, trace.reversed);
  return (part) => scale(part).map((value) => value / 255) as [number, number, number];
}

/**
 * Labels in the middle of their parts, from the first on every second, fifth, tenth, … where there is no room for all.
 * @param each cells that a label needs
 */
function spread(names: readonly string[], length: number, each: number): readonly Mark[] {
  const least = (names.length * each) / length;
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => step >= least) ?? Math.ceil(least);
  return names.flatMap((label, i) => {
    const at = Math.min(length - 1, Math.floor(((i + 0.5) * length) / names.length));
    return i % every === 0 ? [{ at, label }] : [];
  });
}

/** Splits a drawn line into characters, each with its colours. */
function cellsOf(line: string): readonly string[] {
  let code = '';
  const cells: string[] = [];
  // eslint-disable-next-line no-control-regex -- colours
  for (const [, colour, character] of line.matchAll(/(\x1b\[[0-9;]*m)|([^\x1b])/gu)) {
    if (colour !== undefined) code = colour;
    else cells.push(code === '' ? character! : `${code}${character}\x1b[0m`);
  }
  return cells;
}
