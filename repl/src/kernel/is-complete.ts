/**
 * Whether a cell can run as it is, or goes on in the next line.
 * @module
 */
import { asExpression, parse, parseProblems } from './cell-source.ts';
import { typescript } from './compiler.ts';
import type { IsCompleteReply } from './protocol.ts';

/** A template or a comment without its end. (1002 is a string without its end: a new line does not help it.) */
const UNENDED: ReadonlySet<number> = new Set([1160, 1010]);
const STEP = '  ';

export function isComplete(code: string): IsCompleteReply {
  const source = parse(asExpression(code));
  const problems = parseProblems(source);
  if (problems.length === 0) return { status: 'complete', indent: '' };
  const end = source.text.trimEnd().length;
  const goesOn = problems.some(({ start, code: number }) => UNENDED.has(number) || (start >= end && number !== 1002));
  // An error before the end does not go away with further lines.
  const broken = problems.some(({ start, code: number }) => !UNENDED.has(number) && start < end);
  if (!goesOn || broken) return { status: 'invalid', indent: '' };
  const unended = problems.some(({ code: number }) => UNENDED.has(number));
  return { status: 'incomplete', indent: unended ? '' : STEP.repeat(openBrackets(code)) };
}

/** Brackets that are open at the end. */
function openBrackets(code: string): number {
  const scanner = typescript.createScanner(typescript.ScriptTarget.ES2022, true, undefined, code);
  let open = 0;
  for (let token = scanner.scan(); token !== typescript.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (OPENING.has(token)) open++;
    else if (CLOSING.has(token)) open--;
  }
  return Math.max(0, open);
}

const { SyntaxKind } = typescript;
const OPENING: ReadonlySet<number> = new Set([
  SyntaxKind.OpenBraceToken,
  SyntaxKind.OpenParenToken,
  SyntaxKind.OpenBracketToken,
]);
const CLOSING: ReadonlySet<number> = new Set([
  SyntaxKind.CloseBraceToken,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
]);
