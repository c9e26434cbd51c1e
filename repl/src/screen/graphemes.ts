/**
 * What a reader takes for one character: where it begins and ends, and how many columns it takes.
 * @module
 */
import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** UTF-16 units that are looked at: longer than any character, and short beside a line of megabytes. */
const WINDOW = 256;
const ASCII = /^[ -~]*$/;

/** Where the character begins that ends at `at`; 0 at the beginning. */
export function graphemeBefore(text: string, at: number): number {
  if (at <= 1 || ASCII.test(text.slice(at - 1, at + 1))) return Math.max(0, at - 1);
  const from = Math.max(0, at - WINDOW);
  let start = from;
  for (const { index } of segmenter.segment(text.slice(from, at))) start = from + index;
  return start;
}

/** Where the character ends that begins at `at`; the length of the text at its end. */
export function graphemeAfter(text: string, at: number): number {
  if (at >= text.length - 1 || ASCII.test(text.slice(at, at + 2))) return Math.min(text.length, at + 1);
  const [first] = segmenter.segment(text.slice(at, at + WINDOW));
  return at + (first?.segment.length ?? 1);
}

/** Columns that a text without newlines takes. */
export function columnsOf(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/** The longest beginning of a line that takes at most `columns` columns, in UTF-16 units. */
export function unitsWithin(line: string, columns: number): number {
  // One more unit, because a mark may follow.
  if (ASCII.test(line.slice(0, columns + 1))) return Math.min(line.length, columns);
  let at = 0;
  for (let taken = 0; at < line.length;) {
    const end = graphemeAfter(line, at);
    taken += columnsOf(line.slice(at, end));
    if (taken > columns) break;
    at = end;
  }
  return at;
}
