/**
 * Markdown taken apart by marked, with formulas between dollars as tokens of their own.
 * @module
 */
import { Marked, type Token, type TokensList } from 'marked';

/** Pandoc's rule: no space inside the dollars, no digit after them. */
const INLINE = /^\$(?=\S)((?:\\[^]|[^\\$\n])+?)(?<=\S)\$(?!\d)/;
const DISPLAY = /^\$\$([^]+?)\$\$/;

const marked = new Marked({
  extensions: [
    {
      name: 'display formula',
      level: 'block',
      start: (source) => source.indexOf('$$'),
      tokenizer: (source) => formula(DISPLAY.exec(source)),
    },
    {
      name: 'formula',
      level: 'inline',
      start: (source) => source.indexOf('$'),
      tokenizer: (source) => formula(DISPLAY.exec(source) ?? INLINE.exec(source)),
    },
  ],
});

/** A formula's token. */
export interface Formula {
  readonly type: 'formula';
  readonly raw: string;
  readonly text: string;
}

export function isFormula(token: Token): token is Token & Formula {
  return token.type === 'formula';
}

export function tokensOf(markdown: string): TokensList {
  return marked.lexer(markdown);
}

function formula(match: RegExpExecArray | null): Formula | undefined {
  return match === null ? undefined : { type: 'formula', raw: match[0], text: match[1]!.trim() };
}
