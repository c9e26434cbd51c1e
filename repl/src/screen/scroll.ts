/**
 * Which lines of the transcript are seen. Entries become lines only where they are looked at, so that a long transcript costs
 * nothing.
 * @module
 */
import type { Entry } from '../session/state.ts';

export type LinesOf = (entry: Entry) => readonly string[];

/** The end, which follows what is new; or a line that stays at the top. */
export type Position =
  /**
   * `after`: the view was cleared when this was the last entry. `seen`: so was the end when this was: prose that comes later
   * is shown from its beginning where it is longer than the view.
   */
  | { readonly at: 'end'; readonly after?: Entry | undefined; readonly seen?: Entry | undefined }
  /** `index`: where the entry was, should it be replaced by a longer one. */
  | { readonly at: 'line'; readonly entry: Entry; readonly index: number; readonly line: number };

export const AT_END: Position = { at: 'end' };

export interface View {
  /** At most as many as there are rows. */
  readonly lines: readonly string[];
  /** Whether there is something below. */
  readonly more: boolean;
}

/** A line of an entry: entries count from 0, and lines in them. */
interface Place {
  readonly index: number;
  readonly line: number;
}

export function viewOf(entries: readonly Entry[], position: Position, rows: number, linesOf: LinesOf): View {
  const top = topOf(entries, position, rows, linesOf);
  const lines: string[] = [];
  for (let { index, line } = top; index < entries.length; index++, line = 0) {
    const all = linesAt(entries, index, linesOf);
    const taken = all.slice(line, line + rows - lines.length);
    lines.push(...taken);
    if (lines.length === rows) return { lines, more: line + taken.length < all.length || index + 1 < entries.length };
  }
  return { lines, more: false };
}

/** `by` lines further down; up where it is negative. */
export function scrolled(
  entries: readonly Entry[],
  position: Position,
  by: number,
  rows: number,
  linesOf: LinesOf,
): Position {
  const top = topOf(entries, position, rows, linesOf);
  const target = by < 0 ? up(entries, top, -by, linesOf) : down(entries, top, by, linesOf);
  const last = up(entries, { index: entries.length, line: 0 }, rows, linesOf);
  const entry = entries[target.index];
  if (entry === undefined || !isBefore(target, last)) return { at: 'end', seen: entries.at(-1) };
  return { at: 'line', entry, ...target };
}

function topOf(entries: readonly Entry[], position: Position, rows: number, linesOf: LinesOf): Place {
  const last = up(entries, { index: entries.length, line: 0 }, rows, linesOf);
  if (position.at === 'end') {
    const cleared = lastIndexOf(entries, position.after);
    const first = { index: cleared + 1, line: 0 };
    if (isBefore(last, first)) return first;
    return proseTop(entries, Math.max(cleared, lastIndexOf(entries, position.seen)), rows, linesOf) ?? last;
  }
  const found = entries[position.index] === position.entry ? position.index : entries.indexOf(position.entry);
  const index = found >= 0 ? found : Math.min(position.index, entries.length - 1);
  const line = Math.max(0, Math.min(position.line, linesAt(entries, index, linesOf).length - 1));
  return isBefore(last, { index, line }) ? last : { index, line };
}

/**
 * Where prose after the entry `seen` is read from, if it is at the end and longer than the view: its beginning, below some
 * lines of what came before it.
 */
function proseTop(entries: readonly Entry[], seen: number, rows: number, linesOf: LinesOf): Place | undefined {
  let index = entries.length;
  let lines = 0;
  while (index - 1 > seen && entries[index - 1]?.kind === 'prose') lines += linesAt(entries, --index, linesOf).length;
  if (lines <= rows) return undefined;
  const before = up(entries, { index, line: 0 }, Math.floor(rows / 2), linesOf);
  return before.index > seen ? before : { index: seen + 1, line: 0 };
}

function lastIndexOf(entries: readonly Entry[], entry: Entry | undefined): number {
  return entry === undefined ? -1 : entries.lastIndexOf(entry);
}

function up(entries: readonly Entry[], { index, line }: Place, by: number, linesOf: LinesOf): Place {
  if (by === Infinity) return { index: 0, line: 0 };
  let left = by;
  let at = index;
  let inEntry = line;
  while (left > inEntry && at > 0) {
    left -= inEntry;
    at--;
    inEntry = linesAt(entries, at, linesOf).length;
  }
  return { index: at, line: Math.max(0, inEntry - left) };
}

function down(entries: readonly Entry[], { index, line }: Place, by: number, linesOf: LinesOf): Place {
  let at = index;
  let inEntry = line + by;
  while (at < entries.length && inEntry >= linesAt(entries, at, linesOf).length) {
    inEntry -= linesAt(entries, at, linesOf).length;
    at++;
  }
  return { index: at, line: inEntry };
}

function linesAt(entries: readonly Entry[], index: number, linesOf: LinesOf): readonly string[] {
  const entry = entries[index];
  return entry === undefined ? [] : linesOf(entry);
}

function isBefore(a: Place, b: Place): boolean {
  return a.index < b.index || (a.index === b.index && a.line < b.line);
}
