/**
 * Brackets, strings and comments that are still open: how far to indent, and whether code typed ahead of a busy kernel is
 * whole. Without a parser: regular expressions are not known as such.
 * @module
 */

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** Of one thing: a comment, a string in quotes up to its end or its line's, a character. */
const TOKEN = /\/\/[^\n]*|\/\*[^]*?\*\/|\/\*|'(?:[^'\\\n]|\\[^])*'?|"(?:[^"\\\n]|\\[^])*"?|[^]/g;
const TEMPLATE = /\\[^]|\$\{|`|[^]/g;

/** What would close them, innermost last: `)`, `]`, `}`, a backtick or the end of a comment. */
export function openBrackets(code: string): readonly string[] {
  const open: string[] = [];
  let at = 0;
  while (at < code.length) {
    const inTemplate = open.at(-1) === '`';
    const pattern = inTemplate ? TEMPLATE : TOKEN;
    pattern.lastIndex = at;
    const token = pattern.exec(code)?.[0] ?? '';
    at += token.length;
    if (inTemplate) {
      if (token === '`') open.pop();
      if (token === '${') open.push('}');
    } else if (token === '/*' || token === '`') {
      open.push(token === '`' ? '`' : '*/');
      if (token === '/*') return open;
    } else if (CLOSING[token] !== undefined) {
      open.push(CLOSING[token]);
    } else if (token === open.at(-1)) {
      open.pop();
    }
  }
  return open;
}

const STEP = '  ';

/** What a line begins with that comes after `code`. */
export function indentAfter(code: string): string {
  const open = openBrackets(code);
  return open.at(-1) === '`' ? '' : STEP.repeat(open.length);
}
