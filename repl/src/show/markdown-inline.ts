/**
 * Markdown inside a paragraph: emphasis, code, links, images, formulas.
 * @module
 */
import type { MarkedToken, Token } from 'marked';
import { readableFormula } from './latex.ts';
import { isFormula } from './markdown-lexer.ts';
import type { Style } from './style.ts';
import { OFF } from './theme.ts';

/** The text of inline tokens with its colours; it may hold newlines where the author broke the line. */
export function inlineText(tokens: readonly Token[], style: Style): string {
  return tokens.map((token) => inlineToken(token, style)).join('');
}

/** A formula as it can be read, or its source where it cannot, or where only ASCII can be shown. */
export function formulaText(latex: string, style: Style): string {
  return (style.unicode ? readableFormula(latex) : undefined) ?? `$${latex}$`;
}

function inlineToken(token: Token, style: Style): string {
  if (isFormula(token)) return formulaText(token.text, style);
  const known = token as MarkedToken; // marked's own kinds: ours is dealt with
  switch (known.type) {
    case 'text':
      return known.tokens === undefined ? flowing(known.text) : inlineText(known.tokens, style);
    case 'escape':
      return known.text;
    case 'strong':
      return style.paint('bold', inlineText(known.tokens, style));
    case 'em':
      return emphasis(inlineText(known.tokens, style), style);
    case 'del':
      return `~~${inlineText(known.tokens, style)}~~`;
    case 'codespan':
      return style.colours === 'none' ? `\`${known.text}\`` : style.paint('type', known.text);
    case 'br':
      return '\n';
    case 'link':
      return link(inlineText(known.tokens, style), known.href, style);
    case 'image':
      return link(`[image: ${known.text}]`, known.href, style);
    case 'html':
      return /^<br\s*\/?>/i.test(known.text) ? '\n' : '';
    default:
      return known.raw;
  }
}

/** Slanted where the terminal has colours; between stars elsewhere, as it was written. */
function emphasis(text: string, style: Style): string {
  // What is painted inside ends with everything off.
  return style.colours === 'none' ? `*${text}*` : `\x1b[3m${text.replaceAll(OFF, `${OFF}\x1b[3m`)}\x1b[23m`;
}

/** The address follows where it says more than the text: not for anchors, nor for data put into the address. */
function link(text: string, address: string, style: Style): string {
  const shown = style.paint('link', text);
  return address === text || /^(#|data:|attachment:|$)/.test(address)
    ? shown
    : `${shown} ${style.paint('dim', `(${address})`)}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
};

/** Source lines flow together; the commonest entities become characters. */
function flowing(text: string): string {
  return text.replaceAll('\n', ' ').replace(/&([a-z]+|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
