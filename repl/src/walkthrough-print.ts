/**
 * The walk-through on a terminal: prose, what is typed, what it prints.
 * @module
 */
import { styleText } from 'node:util';
import { playWalkthrough, type WalkthroughOptions } from './walkthrough.ts';
import { wrap } from './wrap.ts';

/** Words wrap here at the latest: longer lines are hard to read. */
const WIDEST = 100;

/** Plays all steps to stdout, in colour where it is a terminal. */
export function printWalkthrough(options: WalkthroughOptions): void {
  const width = Math.min(process.stdout.columns ?? 80, WIDEST);
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    styleText(format, text, { stream: process.stdout });
  console.log(style('bold', 'Eight numbers, encrypted: the article step by step, on a small readable ring'));
  console.log(
    options.noise ? 'with noise: digits differ from run to run\n' : 'without noise: the digits of the article\n',
  );
  for (const { id, prose, input, output } of playWalkthrough(options)) {
    console.log(style('dim', wrap(`${id}  ${prose}`, width)));
    console.log(`${style('green', '>')} ${wrapCode(input, width)}`);
    if (output !== '') console.log(output);
    console.log();
  }
}

/** Long lines of code go on indented below the prompt. */
function wrapCode(code: string, width: number): string {
  return code
    .split('\n')
    .map((line) => wrap(line, width - 2).replaceAll('\n', '\n  '))
    .join('\n  ');
}
