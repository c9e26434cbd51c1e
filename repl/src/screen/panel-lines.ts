/**
 * The side panel: variables with their types, and the ledger of the chosen ciphertext.
 * @module
 */
import type { CiphertextDetails, Variable } from '../kernel/protocol.ts';
import { detailsLines } from '../show/details.ts';
import type { Style } from '../show/style.ts';
import { linesOrWhyNot } from './entry-cache.ts';
import { fitted, oneLine, padded } from './fit.ts';
import { marksOf } from './marks.ts';

/** Rows that the variables keep beside a long ledger, with their heading. */
const LEAST_VARIABLES = 5;
/** Columns that names take at most. */
const LONGEST_NAME = 14;

export interface Shown {
  /** Oldest first. */
  readonly variables: readonly Variable[];
  readonly details: CiphertextDetails | undefined;
}

/** At most `rows` lines, each at most `style.columns` wide. */
export function panelLines({ variables, details }: Shown, style: Style, rows: number): readonly string[] {
  const ledger =
    details === undefined ? [] : ['', ...linesOrWhyNot(details.name, style, () => detailsLines(details, style))];
  const variableRows = Math.min(variables.length + 1, Math.max(rows - ledger.length, Math.min(LEAST_VARIABLES, rows)));
  const above = variableLines(variables, details?.name, style, variableRows);
  return [...above, ...cutBelow(ledger, style, rows - above.length)].map((line) => fitted(line, style.columns, style));
}

function variableLines(
  variables: readonly Variable[],
  chosen: string | undefined,
  style: Style,
  rows: number,
): readonly string[] {
  const heading = style.paint('heading', 'Variables');
  if (variables.length === 0) return [heading, style.paint('dim', 'none yet')];
  const seen = rows > 1 ? variables.slice(1 - rows) : [];
  const hidden = variables.length - seen.length;
  const names = Math.min(LONGEST_NAME, Math.max(0, ...seen.map(({ name }) => name.length)));
  return [
    hidden === 0 ? heading : heading + style.paint('dim', ` (${hidden} older not shown)`),
    ...seen.map(({ name, type }) => {
      const mark = name === chosen ? style.paint('prompt', marksOf(style).chosen) : ' ';
      const shownName = padded(oneLine(name, style), names, style);
      return `${mark} ${shownName} ${style.paint('type', oneLine(type, style))}`;
    }),
  ];
}

function cutBelow(lines: readonly string[], style: Style, rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  if (rows <= 1) return [];
  return [...lines.slice(0, rows - 1), style.paint('dim', `(${lines.length - rows + 1} more lines)`)];
}
