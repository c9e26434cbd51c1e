/**
 * The transcript: each entry as lines.
 * @module
 */
import type { Entry } from '../session/state.ts';
import { bundleLines, outputLines } from './bundle.ts';
import { cleanText } from './clean.ts';
import { cutText } from './cut.ts';
import { detailsLines } from './details.ts';
import { errorLines } from './error.ts';
import { highlight } from './highlight.ts';
import { markdownLines } from './markdown.ts';
import { hanging } from './problem-lines.ts';
import type { Role, Style } from './style.ts';
import { wrapLines } from './wrap-lines.ts';

/**
 * An entry as lines of at most `style.columns` columns. A blank line stands before what was typed and before prose, so that
 * an input and its results are one block.
 */
export function entryLines(entry: Entry, style: Style): readonly string[] {
  switch (entry.kind) {
    case 'input':
      return ['', ...inputLines(entry.code, style)];
    case 'rewritten':
      return marked(style.unicode ? '↳ ' : '-> ', entry.code, 'dim', style);
    case 'stream':
      return streamLines(entry.name, entry.text, style);
    case 'value':
      return bundleLines(entry.data, style);
    case 'error':
      return errorLines(entry.error, entry.code, style);
    case 'details':
      return detailsLines(entry.details, style);
    case 'prose':
      return ['', ...markdownLines(entry.markdown, style)];
    case 'notice':
      return entry.level === 'warning'
        ? marked('! ', entry.text, 'bad', style)
        : marked('', entry.text, 'notice', style);
  }
}

/** What was typed, behind its prompts; what is broken at the end of a line goes on under the code. */
export function inputLines(code: string, style: Style): readonly string[] {
  const inner = Math.max(1, style.columns - 2);
  return highlight(cleanText(cutText(code), style), style)
    .split('\n')
    .flatMap((line, i) => wrapLines(line, inner).map((piece, j) => prompt(i === 0, j === 0, style) + piece));
}

function prompt(firstLine: boolean, begins: boolean, style: Style): string {
  if (!begins) return '  ';
  return style.paint('prompt', firstLine ? '> ' : style.unicode ? '… ' : '. ');
}

/** The newline at the end is the cell's own; warnings and the like stand out, unless they bring their colours. */
function streamLines(name: 'stdout' | 'stderr', text: string, style: Style): readonly string[] {
  const lines = outputLines(text.replace(/\r?\n$/, ''), style);
  const plain = name === 'stdout' || text.includes('\x1b');
  return plain ? lines : lines.map((line) => style.paint('hint', line));
}

function marked(mark: string, text: string, role: Role, style: Style): readonly string[] {
  return hanging(mark, cleanText(cutText(text), style), style).map((line) => style.paint(role, line));
}
