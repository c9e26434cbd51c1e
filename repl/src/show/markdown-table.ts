/**
 * Tables of Markdown: columns aligned, cells broken where the table would be too wide.
 * @module
 */
import type { Tokens } from 'marked';
import stringWidth from 'string-width';
import { inlineText } from './markdown-inline.ts';
import type { Style } from './style.ts';
import { wrapWords } from './wrap-lines.ts';

type Align = 'center' | 'left' | 'right' | null;

/** At most `columns` wide, where each column can have three. */
export function tableLines(table: Tokens.Table, columns: number, style: Style): readonly string[] {
  const header = table.header.map(({ tokens }) => style.paint('bold', inlineText(tokens, style)));
  const rows = table.rows.map((row) => row.map(({ tokens }) => inlineText(tokens, style)));
  const between = style.unicode ? ' │ ' : ' | ';
  const widths = fit(naturalWidths([header, ...rows]), columns - 3 * (header.length - 1));
  const line = style.unicode ? '─' : '-';
  const rule = widths.map((width) => line.repeat(width)).join(style.unicode ? '─┼─' : '-+-');
  const draw = (row: readonly string[]): readonly string[] =>
    rowLines(row, widths, table.align, style.paint('dim', between));
  return [...draw(header), style.paint('dim', rule), ...rows.flatMap(draw)];
}

function naturalWidths(rows: readonly (readonly string[])[]): readonly number[] {
  return rows[0]!.map((_, column) =>
    Math.max(1, ...rows.map((row) => Math.max(...(row[column] ?? '').split('\n').map((text) => stringWidth(text))))),
  );
}

/** The widest columns give way first, down to three. */
function fit(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  for (; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= 3) break;
    widths[widest]!--;
  }
  return widths;
}

function rowLines(
  row: readonly string[],
  widths: readonly number[],
  aligns: readonly Align[],
  between: string,
): readonly string[] {
  const cells = widths.map((width, i) => wrapWords(row[i] ?? '', width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) =>
    cells
      .map((lines, i) => aligned(lines[y] ?? '', widths[i]!, aligns[i] ?? null))
      .join(between)
      .trimEnd(),
  );
}

function aligned(text: string, width: number, align: Align): string {
  const room = Math.max(0, width - stringWidth(text));
  const before = align === 'right' ? room : align === 'center' ? Math.floor(room / 2) : 0;
  return ' '.repeat(before) + text + ' '.repeat(room - before);
}
