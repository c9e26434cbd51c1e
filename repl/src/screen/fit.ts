/**
 * Text made to fit into columns.
 * @module
 */
import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import { cleanText } from '../show/clean.ts';
import type { Style } from '../show/style.ts';

/** One line, coloured or not, cut with an ellipsis where it is too long. */
export function fitted(line: string, columns: number, { unicode }: Style): string {
  if (stringWidth(line) <= columns) return line;
  const ellipsis = unicode ? '…' : '...';
  return columns <= ellipsis.length
    ? sliceAnsi(line, 0, Math.max(0, columns))
    : sliceAnsi(line, 0, columns - ellipsis.length) + ellipsis;
}

/** A line of exactly so many columns. */
export function padded(line: string, columns: number, style: Style): string {
  const cut = fitted(line, columns, style);
  return cut + ' '.repeat(Math.max(0, columns - stringWidth(cut)));
}

/** Text from elsewhere in one line; as many UTF-16 units where it holds no other control characters than newlines. */
export function oneLine(text: string, { unicode }: Style): string {
  return cleanText(text.replace(/[\n\t]/g, ' '), { unicode });
}
