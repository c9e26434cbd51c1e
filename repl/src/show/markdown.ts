/**
 * Markdown as lines for a terminal.
 * @module
 */
import type { MarkedToken, Token, Tokens } from 'marked';
import stringWidth from 'string-width';
import { cleanText } from './clean.ts';
import { cutText } from './cut.ts';
import { highlight } from './highlight.ts';
import { formulaText, inlineText } from './markdown-inline.ts';
import { isFormula, tokensOf } from './markdown-lexer.ts';
import { tableLines } from './markdown-table.ts';
import type { Style } from './style.ts';
import { wrapLines, wrapWords } from './wrap-lines.ts';

/** Columns of prose: wider lines tire the eye. */
const WIDEST = 88;
/** Languages that are highlighted: TypeScript's colours serve JavaScript. */
const TYPESCRIPT = /^(ts|typescript|js|javascript|tsx|jsx)\b/;

/** Markdown at most 88 columns wide, blocks apart by a blank line, none at the ends. */
export function markdownLines(markdown: string, style: Style): readonly string[] {
  const text = cleanText(cutText(markdown).replaceAll('\t', '    '), style);
  return blockLines(tokensOf(text), Math.max(1, Math.min(style.columns, WIDEST)), style);
}

function blockLines(tokens: readonly Token[], columns: number, style: Style): readonly string[] {
  return tokens
    .map((token) => oneBlock(token, columns, style))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

function oneBlock(token: Token, columns: number, style: Style): readonly string[] {
  if (isFormula(token)) return indented(wrapWords(formulaText(token.text, style), columns - 2), '  ', '  ');
  const known = token as MarkedToken; // marked's own kinds: ours is dealt with
  switch (known.type) {
    case 'heading':
      return heading(known, columns, style);
    case 'paragraph':
    case 'text':
      return wrapWords(inlineText(known.tokens ?? [known], style), columns);
    case 'code':
      return indented(codeLines(known, columns - 2, style), '  ', '  ');
    case 'list':
      return listLines(known, columns, style);
    case 'blockquote':
      return quoteLines(known, columns, style);
    case 'table':
      return tableLines(known, columns, style);
    case 'hr':
      return [style.paint('dim', (style.unicode ? '─' : '-').repeat(columns))];
    case 'html':
      return htmlLines(known.text, columns);
    default: // blank lines and link definitions show nothing
      return [];
  }
}

/** The first two depths are underlined: without colours they would not be seen. */
function heading({ tokens, depth }: Tokens.Heading, columns: number, style: Style): readonly string[] {
  const lines = wrapWords(inlineText(tokens, style), columns);
  const under = style.unicode ? ['═', '─'][depth - 1] : ['=', '-'][depth - 1];
  const width = Math.max(...lines.map((line) => stringWidth(line)));
  return [...lines, ...(under === undefined ? [] : [under.repeat(width)])].map((line) => style.paint('heading', line));
}

function codeLines({ text, lang }: Tokens.Code, columns: number, style: Style): readonly string[] {
  return wrapLines(TYPESCRIPT.test(lang ?? '') ? highlight(text, style) : text, Math.max(1, columns));
}

function listLines({ items, ordered, start, loose }: Tokens.List, columns: number, style: Style): readonly string[] {
  const last = String(Number(start) + items.length - 1).length;
  return items.flatMap((item, i) => {
    const bullet = ordered ? `${String(Number(start) + i).padStart(last)}. ` : style.unicode ? '• ' : '- ';
    const box = item.task ? (item.checked ? '[x] ' : '[ ] ') : '';
    const mark = bullet + box;
    const inner = Math.max(1, columns - mark.length);
    // The blocks of a tight item stand close: its text, and the list below it.
    const lines = loose
      ? blockLines(
          item.tokens.filter(({ type }) => type !== 'checkbox'),
          inner,
          style,
        )
      : item.tokens.flatMap((token) => (token.type === 'checkbox' ? [] : oneBlock(token, inner, style)));
    const block = indented(lines.length === 0 ? [''] : lines, mark, ' '.repeat(mark.length));
    return loose && i > 0 ? ['', ...block] : block;
  });
}

/** GitHub's alerts begin with `[!NOTE]`, `[!WARNING]`, …: the word becomes a heading. */
function quoteLines({ tokens, text }: Tokens.Blockquote, columns: number, style: Style): readonly string[] {
  const bar = style.paint('hint', style.unicode ? '┃ ' : '| ');
  const inner = Math.max(1, columns - 2);
  const alert = /^\[!([A-Za-z]+)\][ ]*\n?/.exec(text);
  if (alert === null) return indented(blockLines(tokens, inner, style), bar, bar);
  const word = alert[1]![0]!.toUpperCase() + alert[1]!.slice(1).toLowerCase();
  const rest = blockLines(tokensOf(text.slice(alert[0].length)), inner, style);
  return indented([style.paint('hint', word), ...rest], bar, bar);
}

/** Comments and tags vanish, the text between them stays. */
function htmlLines(html: string, columns: number): readonly string[] {
  const text = html
    .replace(/<!--[^]*?(?:-->|$)/g, '')
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .trim();
  return text === '' ? [] : wrapWords(text, columns);
}

function indented(lines: readonly string[], first: string, next: string): readonly string[] {
  return lines.map((line, i) => ((i === 0 ? first : next) + line).trimEnd());
}
