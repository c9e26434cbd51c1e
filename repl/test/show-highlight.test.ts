/** Syntax colours: what is seen stays the same. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../src/show/clean.ts';
import { highlight, LONGEST_CODE } from '../src/show/highlight.ts';
import type { Role, Style } from '../src/show/style.ts';
import { makeStyle } from '../src/show/theme.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

/** Writes the role of each piece where a terminal would show its colour. */
const roles: Style = {
  columns: 80,
  colours: '16',
  unicode: true,
  paint: (role: Role, text: string) => (role === 'plain' ? text : `<${role}:${text}>`),
};
const dark = makeStyle({ columns: 80, theme: 'dark', colours: 'true', unicode: true });

describe('highlight', () => {
  it('finds keywords, types, functions, strings, numbers and comments', () => {
    expect(highlight('const c: Ciphertext = server.mul(a, 2n) // product', roles)).toBe(
      '<keyword:const> c: <type:Ciphertext> = server.<function:mul>(a, <number:2n>) <comment:// product>',
    );
    expect(highlight("await load('x', /a+/g, true)", roles)).toBe(
      "<keyword:await> <function:load>(<string:'x'>, <string:/a+/g>, <number:true>)",
    );
  });

  it('looks into templates', () => {
    expect(highlight('`level ${c.level + 1}!`', roles)).toBe('<string:`level >${c.level + <number:1>}<string:!`>');
  });

  it('colours what is not finished, as it is while one types', () => {
    expect(highlight("const s = 'abc", roles)).toBe("<keyword:const> s = <string:'abc>");
    expect(highlight('if (', roles)).toBe('<keyword:if> (');
  });

  it('gives each line its own colours', () => {
    expect(highlight('/* a\nb */', dark)).toBe('\x1b[38;2;148;148;148m/* a\x1b[0m\n\x1b[38;2;148;148;148mb */\x1b[0m');
  });

  it('leaves code alone without colours, and where it is too long', () => {
    expect(highlight('const a = 1', makeStyle({ ...dark, theme: 'plain' }))).toBe('const a = 1');
    const long = 'const a = 1;\n'.repeat(LONGEST_CODE / 10);
    expect(highlight(long, dark)).toBe(long);
    const wide = '1_'.repeat(5000);
    expect(highlight(wide, dark)).toBe(wide);
  });

  it('never changes what is seen', () => {
    const word = fc.constantFrom(
      'const',
      'a',
      '`',
      '${',
      '}',
      '"',
      "'",
      '/*',
      '*/',
      '//',
      '\n',
      '<',
      '>',
      '/',
      '(',
      ') =>',
      '1',
      ' ',
      '@x',
      'class A',
      '&lt;',
    );
    const code = fc.oneof(
      fc.string({ unit: word, maxLength: 40 }),
      fc.string({ unit: 'grapheme' }).map((t) => cleanText(t)),
    );
    fc.assert(
      fc.property(code, (text) => {
        expect(stripVTControlCharacters(highlight(text, dark))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
