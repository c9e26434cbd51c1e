/**
 * The end of a transcript, for the terminal's own scrollback.
 * @module
 */
import type { Entry } from '../session/state.ts';
import type { LinesOf } from './scroll.ts';

/** The last lines of the entries, at most `most`. */
export function lastLines(entries: readonly Entry[], most: number, linesOf: LinesOf): readonly string[] {
  const parts: (readonly string[])[] = [];
  let left = most;
  for (let i = entries.length - 1; i >= 0 && left > 0; i--) {
    const entry = entries[i];
    const lines = entry === undefined ? [] : linesOf(entry).slice(-left);
    left -= lines.length;
    parts.unshift(lines);
  }
  return parts.flat();
}
