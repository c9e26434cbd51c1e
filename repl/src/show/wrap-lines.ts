/**
 * Long text in lines that fit.
 * @module
 */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { ActiveColours } from './active-colours.ts';

/** Characters that take one column each, whatever stands beside them: ASCII, Latin, Greek, signs of mathematics, frames, dots. */
const NARROW =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u03ff\u2010-\u2027\u2030-\u205e\u2070-\u209c\u2100-\u214f\u2190-\u22ff\u2400-\u2426\u2500-\u25ef\u2800-\u28ff]*$/;

/**
 * Lines of at most `columns` columns, broken anywhere, as a terminal breaks them. Of escape codes only colours may occur;
 * each line opens and closes its own. `cutText` comes first where the text may be long.
 * @param columns at least 1; a character of two columns may stand in a line of one
 */
export function wrapLines(text: string, columns: number): readonly string[] {
  const lines = text.split('\n');
  if (!text.includes('\x1b')) return lines.flatMap((line) => hardWrap(line, columns));
  return selfContained(lines, (line) => hardWrap(line, columns));
}

/** Broken between words where that is possible; longer words anywhere. Otherwise as `wrapLines`. */
export function wrapWords(text: string, columns: number): readonly string[] {
  return selfContained(text.split('\n'), (line) => wrapAnsi(line, columns, { hard: true }).split('\n'));
}

/** The beginning of a line that is wider than `columns`, and a mark that it goes on. No colours. */
export function truncate(line: string, columns: number, mark: string): string {
  if (stringWidth(line) <= columns) return line;
  return (hardWrap(line, Math.max(1, columns - stringWidth(mark)))[0] ?? '') + mark;
}

function hardWrap(line: string, columns: number): readonly string[] {
  if (!NARROW.test(line)) return wrapAnsi(line, columns, { hard: true, trim: false, wordWrap: false }).split('\n');
  if (line.length <= columns) return [line];
  return Array.from({ length: Math.ceil(line.length / columns) }, (_, i) => line.slice(i * columns, (i + 1) * columns));
}

/** Wraps each line; colours that go on over the end of one are closed there and opened again in the next. */
function selfContained(lines: readonly string[], wrap: (line: string) => readonly string[]): readonly string[] {
  const colours = new ActiveColours();
  return lines.flatMap((line) => {
    const wrapped = wrap(colours.opening + line);
    colours.read(line);
    return colours.opening === '' ? wrapped : [...wrapped.slice(0, -1), `${wrapped.at(-1)}\x1b[0m`];
  });
}
