/** Lines that fit, and too long text cut before it costs time. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cleanOutput } from '../src/show/clean.ts';
import { cutText, LONGEST_LINE, MOST_LINES } from '../src/show/cut.ts';
import { truncate, wrapLines, wrapWords } from '../src/show/wrap-lines.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

describe('wrapLines', () => {
  it('breaks anywhere, as a terminal does, and keeps spaces', () => {
    expect(wrapLines('abcdef\n\n  g  h', 4)).toEqual(['abcd', 'ef', '', '  g ', ' h']);
    expect(wrapLines('', 4)).toEqual(['']);
  });

  it('counts columns, not characters', () => {
    expect(wrapLines('漢字漢字', 5)).toEqual(['漢字', '漢字']);
    expect(wrapLines('e\u0301e\u0301e\u0301', 2)).toEqual(['éé', 'é']);
    expect(wrapLines('2^80/q₃ ℤ₁₃', 8)).toEqual(['2^80/q₃ ', 'ℤ₁₃']);
  });

  it('lets each line open and close its own colours', () => {
    expect(wrapLines('\x1b[31mabcde\nf\x1b[39mg', 4)).toEqual([
      '\x1b[31mabcd\x1b[39m',
      '\x1b[31me\x1b[0m',
      '\x1b[31mf\x1b[39mg',
    ]);
    expect(wrapLines('\x1b[1;38;5;9ma\nb\x1b[22mc\nd', 4)).toEqual([
      '\x1b[1;38;5;9ma\x1b[0m',
      '\x1b[1;38;5;9mb\x1b[22mc\x1b[0m',
      '\x1b[38;5;9md\x1b[0m',
    ]);
  });

  it('loses nothing and fits, whatever the text', () => {
    const unit = fc.constantFrom('a', ' ', '漢', 'é', 'ℤ', '\n', '\x1b[31m', '\x1b[0m', '\x1b[48;2;1;2;3m', '\x1b[1m');
    fc.assert(
      fc.property(fc.string({ unit }), fc.integer({ min: 2, max: 9 }), (text, columns) => {
        const lines = wrapLines(text, columns);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        const seen = stripVTControlCharacters(text).replaceAll('\n', '');
        expect(lines.map((line) => stripVTControlCharacters(line)).join('')).toBe(seen);
      }),
    );
  });
});

describe('wrapWords', () => {
  it('breaks between words, and longer words anywhere', () => {
    expect(wrapWords('the quick brown', 9)).toEqual(['the quick', 'brown']);
    expect(wrapWords('abcdefgh ij', 5)).toEqual(['abcde', 'fgh', 'ij']);
  });
});

describe('truncate', () => {
  it('cuts what is wider, with a mark', () => {
    expect(truncate('abcdef', 6, '…')).toBe('abcdef');
    expect(truncate('abcdefg', 6, '…')).toBe('abcde…');
    expect(truncate('漢字漢字', 6, '..')).toBe('漢字..');
  });
});

describe('cutText', () => {
  it('leaves what is short as it is', () => {
    const text = `${'x'.repeat(LONGEST_LINE)}`;
    expect(cutText(text)).toBe(text);
    expect(cutText('a\n'.repeat(MOST_LINES - 1))).toBe('a\n'.repeat(MOST_LINES - 1));
  });

  it('says how much of a line it leaves out', () => {
    expect(cutText('x'.repeat(LONGEST_LINE + 1))).toBe(`${'x'.repeat(LONGEST_LINE)}... 1 more character`);
    expect(cutText(`${'x'.repeat(1_000_000)}\nnext`)).toBe(
      `${'x'.repeat(LONGEST_LINE)}... 980,000 more characters\nnext`,
    );
  });

  it('says how many lines it leaves out', () => {
    expect(cutText('a\n'.repeat(MOST_LINES))).toBe(`${'a\n'.repeat(MOST_LINES)}... 1 more line`);
    expect(cutText('a\n'.repeat(5000)).split('\n').at(-1)).toBe('... 3,001 more lines');
  });

  it('cuts neither an escape code nor a character in two', () => {
    const start = 'x'.repeat(LONGEST_LINE - 3);
    expect(cutText(`${start}\x1b[38;5;9mred`)).toBe(`${start}... 12 more characters`);
    expect(cutText(`${start}xx👍!`)).toBe(`${start}xx... 3 more characters`);
  });

  it('many long lines too: what is kept is bounded', () => {
    const text = `${'x'.repeat(LONGEST_LINE)}\n`.repeat(100);
    expect(cutText(text).length).toBeLessThan(200_000);
    expect(cutText(text).endsWith('\n... 93 more lines')).toBe(true);
  });

  it('after it, ten million characters are as quick as a few', () => {
    for (const unit of ['x', 'é', '\x1b[31mab\x1b[39m', '\x1b]0;', 'a\t', 'a\r', '👍', '\n']) {
      const text = cleanOutput(cutText(unit.repeat(10_000_000 / unit.length)));
      expect(text.length).toBeLessThan(100_000);
      expect(wrapLines(text, 80).length).toBeLessThanOrEqual(MOST_LINES + 1);
    }
  });
});
