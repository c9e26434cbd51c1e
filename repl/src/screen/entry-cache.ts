/**
 * Entries as lines, made once for a style.
 * @module
 */
import { entryLines } from '../show/entry.ts';
import type { Style } from '../show/style.ts';
import { fitted, oneLine } from './fit.ts';
import type { LinesOf } from './scroll.ts';

export function cachedLines(style: Style, make: typeof entryLines = entryLines): LinesOf {
  const known = new WeakMap<object, readonly string[]>();
  return (entry) => {
    const made = known.get(entry) ?? linesOrWhyNot(`this ${entry.kind}`, style, () => make(entry, style));
    known.set(entry, made);
    return made;
  };
}

/** What cannot be drawn becomes one line that says so: the screen goes on. */
export function linesOrWhyNot(what: string, style: Style, make: () => readonly string[]): readonly string[] {
  try {
    return make();
  } catch (error) {
    return [
      style.paint('bad', fitted(`(cannot show ${what}: ${oneLine(String(error), style)})`, style.columns, style)),
    ];
  }
}
