/**
 * Errors as lines: what went wrong, what to do about it, and where.
 * @module
 */
import type { KernelError } from '../kernel/protocol.ts';
import { cleanText } from './clean.ts';
import { cutText } from './cut.ts';
import { hanging, hintLines, problemLines } from './problem-lines.ts';
import type { Style } from './style.ts';
import { wrapWords } from './wrap-lines.ts';

/**
 * The compiler's refusals with the code underlined; an `FheError` with its hint on a line of its own and the operations that
 * led to it; anything else with the lines of the user's code it came through.
 * @param code what was run, for the places of its problems
 */
export function errorLines(error: KernelError, code: string, style: Style): readonly string[] {
  if (error.problems.length > 0) return problemLines(error.problems, cutText(code), style);
  const clean = (text: string): string => cleanText(cutText(text), style);
  const { sentence, hint, behind } = partsOf(error);
  const name = [error.name, ...(error.code === undefined ? [] : [error.code])].map(clean).join(' ');
  const label = style.paint('error', sentence === '' ? name : `${name}:`);
  const dim = (line: string): readonly string[] =>
    hanging('  ', clean(line), style).map((text) => style.paint('dim', text));
  return [
    ...wrapWords(sentence === '' ? label : `${label} ${clean(sentence)}`, style.columns),
    ...(hint === undefined ? [] : hintLines(clean(hint), style)),
    ...(behind === '' ? [] : wrapWords(clean(behind), style.columns)),
    ...error.stack.flatMap(dim),
    ...(error.ledger === undefined || error.ledger.length === 0
      ? []
      : [style.paint('dim', 'how it came to be:'), ...error.ledger.flatMap(dim)]),
  ];
}

/** `cannot add: …; rescale first`, then perhaps lines about causes: the hint is taken out of its sentence. */
function partsOf({ message, hint }: KernelError): { sentence: string; hint: string | undefined; behind: string } {
  const at = hint === undefined || hint === '' ? -1 : message.indexOf(`; ${hint}`);
  if (hint === undefined || hint === '') return { sentence: message, hint: undefined, behind: '' };
  if (at < 0) return { sentence: message, hint, behind: '' };
  return { sentence: message.slice(0, at), hint, behind: message.slice(at + 2 + hint.length).trim() };
}
