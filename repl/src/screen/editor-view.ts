/**
 * The editor's text as rows, and where the cursor is in them.
 * @module
 */
import sliceAnsi from 'slice-ansi';
import { highlight } from '../show/highlight.ts';
import type { Style } from '../show/style.ts';
import { fitted } from './fit.ts';
import { columnsOf, graphemeAfter, unitsWithin } from './graphemes.ts';
import { marksOf } from './marks.ts';
import type { TextBuffer } from './text-buffer.ts';

export interface EditorView {
  readonly rows: readonly string[];
  /** From the editor's first row and column, from 0. */
  readonly cursor: { readonly x: number; readonly y: number };
}

/** Longer text is not shown: a line says how much there is. In UTF-16 units. */
export const LONGEST_SHOWN = 100_000;

export interface EditorViewOptions {
  readonly style: Style;
  /** At least 1. */
  readonly mostRows: number;
  /** Shown dimmed while nothing is typed. */
  readonly placeholder?: string | undefined;
}

export function editorView(buffer: TextBuffer, options: EditorViewOptions): EditorView {
  const { style, placeholder } = options;
  const { text } = buffer;
  if (text === '' && placeholder !== undefined) return placeholderView(placeholder, options);
  if (text.length > LONGEST_SHOWN) return foldedView(text, style);
  return textView(buffer, options);
}

/** `⟨pasted 10.0 MB, 1 line⟩` */
function foldedView(text: string, style: Style): EditorView {
  const { prompt, open, close } = marksOf(style);
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  const size = text.length >= 1e6 ? `${(text.length / 1e6).toFixed(1)} MB` : `${Math.round(text.length / 1e3)} kB`;
  const shown = `${open}pasted ${size}, ${lines.toLocaleString('en')} line${lines === 1 ? '' : 's'}${close}`;
  const row = style.paint('prompt', prompt) + style.paint('notice', shown);
  return { rows: [fitted(row, style.columns, style)], cursor: { x: prompt.length + columnsOf(shown), y: 0 } };
}

function placeholderView(code: string, { style, mostRows }: EditorViewOptions): EditorView {
  const { prompt, continued } = marksOf(style);
  const lines = code.split('\n');
  const shown = lines.length > mostRows ? lines.slice(0, Math.max(1, mostRows - 1)) : lines;
  const rows = shown.map((line, i) => style.paint('prompt', i === 0 ? prompt : continued) + style.paint('dim', line));
  const hidden = lines.length - shown.length;
  if (hidden > 0 && mostRows > 1) rows.push(style.paint('dim', `${continued}(${hidden} more lines)`));
  return { rows: rows.map((row) => fitted(row, style.columns, style)), cursor: { x: prompt.length, y: 0 } };
}

function textView({ text, cursor }: TextBuffer, { style, mostRows }: EditorViewOptions): EditorView {
  const { prompt, continued } = marksOf(style);
  // One column is kept for the cursor behind the last character.
  const columns = style.columns - prompt.length - 1;
  const plain = text.split('\n');
  const coloured = highlight(text, style).split('\n');
  const place = placeOf(text, cursor);

  const rowsOf = (line: number): readonly string[] =>
    pieces(plain[line] ?? '', columns).map(({ from, to }, i) => {
      const start = line === 0 && i === 0 ? prompt : continued;
      return style.paint('prompt', start) + sliceAnsi(coloured[line] ?? '', from, to);
    });

  const own = rowsOf(place.line);
  const inOwn = pieces(plain[place.line] ?? '', columns);
  const at = columnsOf((plain[place.line] ?? '').slice(0, place.units));
  const row = Math.max(
    0,
    inOwn.findLastIndex(({ from }) => from <= at),
  );
  const above = around(mostRows, row, place.line - 1, -1, rowsOf);
  const below = around(mostRows, own.length - row, place.line + 1, 1, rowsOf, plain.length);
  const all = [...above, ...own, ...below];
  const y = above.length + row;
  // The cursor's row in the middle, where there are more rows than fit.
  const first = Math.max(0, Math.min(y - Math.floor(mostRows / 2), all.length - mostRows));
  return {
    rows: all.slice(first, first + mostRows),
    cursor: { x: prompt.length + at - (inOwn[row]?.from ?? 0), y: y - first },
  };
}

/** Rows of the lines above or below the cursor's, as many as can be seen. */
function around(
  mostRows: number,
  have: number,
  from: number,
  step: 1 | -1,
  rowsOf: (line: number) => readonly string[],
  lines = Infinity,
): readonly string[] {
  let rows: readonly string[] = [];
  for (let line = from; line >= 0 && line < lines && rows.length + have < mostRows; line += step) {
    rows = step < 0 ? [...rowsOf(line), ...rows] : [...rows, ...rowsOf(line)];
  }
  return rows;
}

function placeOf(text: string, cursor: number): { readonly line: number; readonly units: number } {
  const ahead = text.slice(0, cursor);
  const start = ahead.lastIndexOf('\n') + 1;
  return { line: ahead.split('\n').length - 1, units: cursor - start };
}

/** Where a line is broken, in columns. */
function pieces(line: string, columns: number): readonly { readonly from: number; readonly to: number }[] {
  const found: { readonly from: number; readonly to: number }[] = [];
  let from = 0;
  let rest = line;
  do {
    // A character that is wider than the window stands alone.
    const units = Math.max(unitsWithin(rest, columns), Math.min(rest.length, graphemeAfter(rest, 0)));
    const to = from + columnsOf(rest.slice(0, units));
    found.push({ from, to });
    from = to;
    rest = rest.slice(units);
  } while (rest !== '');
  return found;
}
