/**
 * The walk-through on a terminal: prose, what is typed, what it prints.
 * @module
 */
import { styleText } from 'node:util';
import { playWalkthrough, type WalkthroughOptions } from './walkthrough.ts';
import { wrap } from './wrap.ts';

/** Words wrap here at the latest: longer lines are hard to read. */
const WIDEST = 100;

/** Makes a piece of text bold, dim or green. */
export type Style = (format: 'bold' | 'dim' | 'green', text: string) => string;

/** Plays all steps to stdout, in colour where it is a terminal. */
export function printWalkthrough(options: WalkthroughOptions): void {
  const style: Style = (format, text) => styleText(format, text, { stream: process.stdout });
  for (const text of walkthroughText(options, process.stdout.columns ?? 80, style)) console.log(text);
}

/**
 * Title, then step by step the prose, what is typed and what it prints. Words and code break only at spaces, so a line
 * is longer than `columns` where a word is; what a step prints is left as it is.
 */
export function* walkthroughText(
  options: WalkthroughOptions,
  columns: number,
  style: Style = (_, text) => text,
): Generator<string, void, undefined> {
  const width = Math.min(columns, WIDEST);
  yield style('bold', wrap('Eight numbers, encrypted: the article step by step, on a small readable ring', width));
  const digits = options.noise
    ? 'with noise: digits differ from run to run'
    : 'without noise: the digits of the article';
  yield `${wrap(`${digits}; the parameters are not secure`, width)}\n`;
  for (const { id, prose, input, output } of playWalkthrough(options)) {
    yield style('dim', wrap(`${id}  ${prose}`, width));
    yield `${style('green', '>')} ${wrapCode(input, width)}`;
    if (output !== '') yield output;
    yield '';
  }
}

/** Long lines of code go on indented below the prompt. */
function wrapCode(code: string, width: number): string {
  return code
    .split('\n')
    .map((line) => wrap(line, width - 2).replaceAll('\n', '\n  '))
    .join('\n  ');
}
