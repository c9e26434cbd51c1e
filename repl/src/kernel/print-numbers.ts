/**
 * Vectors and matrices in columns: the place at the beginning of each row, long ones with their middle left out.
 * @module
 */
import { numberFormat } from './number-format.ts';

/** Numbers that can be written one at a time. */
export interface Cells {
  readonly length: number;
  /** As it stands in its column. */
  text(i: number): string;
}

export interface GridOptions {
  readonly colour: boolean;
  readonly columns: number;
}

export function realCells(values: ArrayLike<number>): Cells {
  const format = numberFormat(values);
  return { length: values.length, text: (i) => format(values[i]!) };
}

/** `1.5 - 0.25i`, points under points. */
export function complexCells(re: ArrayLike<number>, im: ArrayLike<number>): Cells {
  const [formatRe, formatIm] = [numberFormat(re), numberFormat(im)];
  const width = widest(im.length, (i) => formatIm(Math.abs(im[i]!)));
  return {
    length: re.length,
    text: (i) => {
      const size = formatIm(Math.abs(im[i]!));
      const sign = im[i]! < 0 && Number(size) !== 0 ? '-' : '+';
      return `${formatRe(re[i]!)} ${sign} ${size.padStart(width)}i`;
    },
  };
}

/** Splits the cells of a matrix, row after row, into its rows. */
export function rowsOf(cells: Cells, width: number): readonly Cells[] {
  return Array.from({ length: cells.length / width }, (_, row) => ({
    length: width,
    text: (i) => cells.text(row * width + i),
  }));
}

/** Longer vectors show their first rows and their last ones. */
const LONGEST_WHOLE = 64;
const [FIRST_ROWS, LAST_ROWS] = [4, 2];
/** Numbers a row: what is counted easily, and fits. */
const PER_ROW = [20, 16, 10, 8, 5, 4, 2, 1];

/** `head`, then rows such as `[8]  0.25  0.50`. */
export function printVector(head: string, cells: Cells, options: GridOptions): string {
  const { length } = cells;
  const place = `[${length - 1}]`.length;
  const wide = widest(length, (i) => cells.text(i));
  const perRow = PER_ROW.find((n) => 2 + place + n * (wide + 2) <= options.columns) ?? 1;
  const rows = Array.from({ length: Math.ceil(length / perRow) }, (_, row) => row);
  const draw = (row: number): string => {
    const indices = Array.from({ length: Math.min(perRow, length - row * perRow) }, (_, i) => row * perRow + i);
    const numbers = indices.map((i) => `  ${cells.text(i).padStart(wide)}`).join('');
    return `  ${dim(`[${row * perRow}]`.padStart(place), options)}${number(numbers, options)}`;
  };
  if (length <= LONGEST_WHOLE || rows.length <= FIRST_ROWS + LAST_ROWS) return [head, ...rows.map(draw)].join('\n');
  const gap = `  ${dim('⋮'.padStart(place), options)}`;
  return [head, ...rows.slice(0, FIRST_ROWS).map(draw), gap, ...rows.slice(-LAST_ROWS).map(draw)].join('\n');
}

/** Rows of a matrix that are shown whole, and else its first and last ones. */
const MOST_ROWS = 16;
const [FIRST_OF_MATRIX, LAST_OF_MATRIX] = [10, 3];

/** @param rows at least one, all of one length */
export function printMatrix(head: string, rows: readonly Cells[], options: GridOptions): string {
  const shown = rows.length <= MOST_ROWS ? rows : [...rows.slice(0, FIRST_OF_MATRIX), ...rows.slice(-LAST_OF_MATRIX)];
  const all = Array.from({ length: rows[0]!.length }, (_, i) => i);
  const widths = new Map(all.map((column) => [column, Math.max(...shown.map((row) => row.text(column).length))]));
  const columns = fitting(all, widths, options.columns);
  const lines = shown.map((row) => {
    const cells = columns.map((i) => (i === undefined ? '  ⋯' : `  ${row.text(i).padStart(widths.get(i)!)}`));
    return number(cells.join(''), options);
  });
  if (shown.length === rows.length) return [head, ...lines].join('\n');
  return [head, ...lines.slice(0, FIRST_OF_MATRIX), `  ${dim('⋮', options)}`, ...lines.slice(FIRST_OF_MATRIX)].join(
    '\n',
  );
}

/** All columns, or the first ones, a gap (undefined), and the last one. */
function fitting(
  all: readonly number[],
  widths: ReadonlyMap<number, number>,
  room: number,
): readonly (number | undefined)[] {
  const wide = (column: number): number => 2 + widths.get(column)!;
  if (all.reduce((sum, column) => sum + wide(column), 0) <= room) return all;
  let left = room - 3 - wide(all.length - 1);
  const first = all.slice(0, -1).filter((column) => (left -= wide(column)) >= 0);
  return [...first, undefined, all.length - 1];
}

/** At the ends of a long list, where it is shown: more than all rows there hold. */
const AT_ENDS = 120;

function widest(length: number, text: (i: number) => string): number {
  let wide = 0;
  for (let i = 0; i < length; i++) {
    if (i === AT_ENDS && length > 2 * AT_ENDS) i = length - AT_ENDS;
    wide = Math.max(wide, text(i).length);
  }
  return wide;
}

/** In the colours of Node's own print. */
function number(text: string, { colour }: GridOptions): string {
  return colour ? `\x1b[33m${text}\x1b[39m` : text;
}

function dim(text: string, { colour }: GridOptions): string {
  return colour ? `\x1b[90m${text}\x1b[39m` : text;
}
