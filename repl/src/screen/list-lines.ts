/**
 * The completion list as lines.
 * @module
 */
import type { Style } from '../show/style.ts';
import type { CompletionList } from './completion-list.ts';
import { fitted, oneLine, padded } from './fit.ts';
import { columnsOf } from './graphemes.ts';
import { marksOf } from './marks.ts';

export const MOST_LIST_ROWS = 8;
/** Columns that names take at most. */
const LONGEST_NAME = 40;

/** Rows that the list would take; 0 where none is open. */
export function listRows(list: CompletionList | undefined): number {
  return Math.min(list?.matches.length ?? 0, MOST_LIST_ROWS);
}

/** At most `rows` lines, with the chosen match among them; the last one says how many there are where not all are seen. */
export function listLines({ matches, chosen }: CompletionList, style: Style, rows: number): readonly string[] {
  if (rows <= 0) return [];
  const all = matches.length <= rows;
  const seen = all ? rows : Math.max(1, rows - 1);
  const first = Math.max(0, Math.min((chosen ?? 0) - Math.floor(seen / 2), matches.length - seen));
  const shown = matches.slice(first, first + seen);
  const names = Math.min(LONGEST_NAME, Math.max(...shown.map(({ text }) => columnsOf(text))));
  const lines = shown.map(({ text, kind }, i) => {
    const isChosen = first + i === chosen;
    const name = padded(oneLine(text, style), names, style);
    const mark = isChosen ? style.paint('prompt', marksOf(style).chosen) : ' ';
    const line = `${mark} ${isChosen ? style.paint('bold', name) : name}  ${style.paint('dim', oneLine(kind, style))}`;
    return fitted(line, style.columns, style);
  });
  if (all || rows === 1) return lines;
  const place = chosen === undefined ? '' : `${chosen + 1} of `;
  return [...lines, style.paint('dim', `  ${place}${matches.length.toLocaleString('en')}`)];
}
