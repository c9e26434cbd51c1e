/**
 * Too long text, cut before it costs time.
 * @module
 */

/** UTF-16 units of one line that are shown. */
export const LONGEST_LINE = 20_000;
/** Lines of one text that are shown. */
export const MOST_LINES = 2_000;
/** UTF-16 units of one text that are shown: 80 for each line. */
const MOST_TEXT = 80 * MOST_LINES;

/** The beginning of a text that is too long, with notes of how much was left out. */
export function cutText(text: string): string {
  if (text.length <= LONGEST_LINE && text.split('\n', MOST_LINES + 1).length <= MOST_LINES) return text;
  const lines: string[] = [];
  let from = 0;
  let kept = 0;
  while (from <= text.length && lines.length < MOST_LINES && kept < MOST_TEXT) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    lines.push(cutLine(text, from, end));
    kept += Math.min(end - from, LONGEST_LINE);
    from = end + 1;
  }
  return from > text.length
    ? lines.join('\n')
    : [...lines, `... ${counted(countLines(text, from), 'line')}`].join('\n');
}

function cutLine(text: string, from: number, end: number): string {
  if (end - from <= LONGEST_LINE) return text.slice(from, end);
  // Neither an escape code nor a character is cut in two.
  // eslint-disable-next-line no-control-regex -- escape codes
  const kept = text.slice(from, from + LONGEST_LINE).replace(/\x1b[^a-zA-Z]{0,30}$|[\ud800-\udbff]$/, '');
  return `${kept}... ${counted(end - from - kept.length, 'character')}`;
}

function countLines(text: string, from: number): number {
  let count = 1;
  for (let i = from; i < text.length; i++) if (text.charCodeAt(i) === 10) count++;
  return count;
}

function counted(n: number, what: string): string {
  return `${n.toLocaleString('en-US')} more ${what}${n === 1 ? '' : 's'}`;
}
