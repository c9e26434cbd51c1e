/** Text from elsewhere does nothing to the terminal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanOutput, cleanText } from '../src/show/clean.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

describe('cleanText', () => {
  it('shows control characters, keeps newlines, turns tabs into two spaces', () => {
    expect(cleanText('a\tb\nc\0\x07\x1b[31m\r\x7f')).toBe('a  b\nc␀␇␛[31m␍␡');
  });

  it('with ASCII only, as carets', () => {
    expect(cleanText('\0\x07\x1b\x7f', { unicode: false })).toBe('^@^G^[^?');
  });

  it('shows what turns the direction of text, and what cannot be seen', () => {
    // Boucher and Anderson, Trojan Source (2021): the comment ends earlier than it seems.
    expect(cleanText('/*\u202e } \u2066if (admin)\u2069 */')).toBe('/*<U+202E> } <U+2066>if (admin)<U+2069> */');
    expect(cleanText('a\u200bb\ufeff\u009b\u2028')).toBe('a<U+200B>b<U+FEFF><U+009B><U+2028>');
  });

  it('leaves letters, signs and emoji as they are, but no half of one', () => {
    const text = 'ℤ₁₃₂/(x¹⁶ + 1) é שלום 👨‍👩‍👧 漢字';
    expect(cleanText(text)).toBe(text);
    expect(cleanText('a\ud83d')).toBe('a\ufffd');
  });

  it('gives the same in pieces as in one', () => {
    const pieces = fc.array(fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(pieces, (all) => {
        expect(all.map((t) => cleanText(t)).join('')).toBe(cleanText(all.join('')));
      }),
    );
  });

  it('leaves no control character of any text', () => {
    const text = fc.string({ unit: fc.integer({ min: 0, max: 0x2100 }).map((n) => String.fromCharCode(n)) });
    fc.assert(
      fc.property(text, (t) => {
        // eslint-disable-next-line no-control-regex -- that is what must not be there
        expect(cleanText(t)).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
      }),
    );
  });
});

describe('cleanOutput', () => {
  it('keeps colours, or takes them out', () => {
    expect(cleanOutput('\x1b[1;31mred\x1b[0m')).toBe('\x1b[1;31mred\x1b[0m');
    expect(cleanOutput('\x1b[38;5;9mred\x1b[0m', { colours: false })).toBe('red');
  });

  it('takes out movements, titles, links and other sequences', () => {
    expect(
      cleanOutput('a\x1b[2Jb\x1b[10;3Hc\x1b]0;title\x07d\x1b]8;;http://x\x1b\\e\x1b(Bf\x1bcg\x1b[?25lh\x1bPq\x1b\\i'),
    ).toBe('abcdefghi');
  });

  it('shows what is left of a sequence that does not end', () => {
    expect(cleanOutput('a\x1b]0;title')).toBe('a␛]0;title');
    expect(cleanOutput('a\x1b')).toBe('a␛');
    expect(cleanOutput('a\x1b', { unicode: false })).toBe('a^[');
  });

  it('shows of a line that was drawn again and again what came last', () => {
    expect(cleanOutput('10%\r50%\r100%\nnext\r\nlast\r')).toBe('100%\nnext\nlast');
  });

  it('goes to the tab stops of a terminal, whatever colours the text has', () => {
    expect(cleanOutput('a\tb\n1234567\tb\n12345678\tb\n漢\tb')).toBe(
      'a       b\n1234567 b\n12345678        b\n漢      b',
    );
    expect(cleanOutput('\x1b[31ma\x1b[0m\tb')).toBe('\x1b[31ma\x1b[0m       b');
  });

  it('leaves no other escape sequence of any text', () => {
    const unit = fc.constantFrom('\x1b', '[', ']', 'm', 'H', '3', ';', '\x07', '\\', 'a', '\x9b', '\r', '\t');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
        // eslint-disable-next-line no-control-regex -- that is what must not be there
        expect(cleanOutput(text).replace(/\x1b\[[0-9;:]*m/g, '')).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
      }),
      { numRuns: 2000 },
    );
  });
});
