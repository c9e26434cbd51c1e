/** Lessons and help as lines. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { markdownLines } from '../src/show/markdown.ts';
import { makeStyle } from '../src/show/theme.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

const plain = makeStyle({ columns: 40, theme: 'plain', colours: 'none', unicode: true });
const ascii = { ...plain, unicode: false };
const dark = makeStyle({ columns: 40, theme: 'dark', colours: '16', unicode: true });
const show = (markdown: string, style = plain): string => markdownLines(markdown, style).join('\n');

describe('markdownLines', () => {
  it('headings: the first two depths are underlined', () => {
    expect(show('# Levels\n## Why\n### Small')).toBe('Levels\n══════\n\nWhy\n───\n\nSmall');
    expect(show('# Levels', ascii)).toBe('Levels\n======');
    expect(show('# Levels', dark)).toBe('\x1b[1;96mLevels\x1b[0m\n\x1b[1;96m══════\x1b[0m');
  });

  it('paragraphs: lines flow together and break at the width', () => {
    expect(show('A fresh ciphertext has all\nof its levels, and each product takes one.\n\nThat is all.')).toBe(
      'A fresh ciphertext has all of its\nlevels, and each product takes one.\n\nThat is all.',
    );
    expect(show('one  \ntwo<br>three')).toBe('one\ntwo\nthree');
  });

  it('at most 88 columns, however wide the terminal', () => {
    const lines = markdownLines('word '.repeat(100), { ...plain, columns: 200 });
    expect(Math.max(...lines.map((line) => line.length))).toBe(84); // 17 words
  });

  it('emphasis, code and links, with their marks where there are no colours', () => {
    expect(show('*a* **b** `c` ~~d~~ [e](https://x.org) <https://x.org> [f](#g)')).toBe(
      '*a* b `c` ~~d~~ e (https://x.org)\nhttps://x.org f',
    );
    expect(show('*a `b` c*', dark)).toBe('\x1b[3ma \x1b[36mb\x1b[0m\x1b[3m c\x1b[23m');
    expect(show('**a** [e](x)', dark)).toBe('\x1b[1ma\x1b[0m \x1b[4;94me\x1b[0m \x1b[2m(x)\x1b[0m');
  });

  it('lists, nested, numbered and with boxes', () => {
    expect(
      show('- one\n- two\n  with more text than fits in one line\n  - deep\n\n9. nine\n10. ten\n\n* [ ] a\n* [x] b'),
    ).toBe(
      [
        '• one',
        '• two with more text than fits in one',
        '  line',
        '  • deep',
        '',
        ' 9. nine',
        '10. ten',
        '',
        '• [ ] a',
        '• [x] b',
      ].join('\n'),
    );
    expect(show('- a\n\n- b\n\n  c')).toBe('• a\n\n• b\n\n  c');
    expect(show('- a', ascii)).toBe('- a');
  });

  it('code: indented, TypeScript in colours, broken anywhere', () => {
    expect(show('```ts\nconst a = 1;\n```\n\n```\nplain\n```')).toBe('  const a = 1;\n\n  plain');
    expect(show('```ts\nconst a = 1;\n```', dark)).toBe('  \x1b[95mconst\x1b[0m a = \x1b[33m1\x1b[0m;');
    expect(show('```\nconst a = 1;\n```', dark)).toBe('  const a = 1;');
    expect(show(`\`\`\`\n${'x'.repeat(50)}\n\`\`\``)).toBe(`  ${'x'.repeat(38)}\n  ${'x'.repeat(12)}`);
  });

  it('quotes, and alerts with their word', () => {
    expect(show('> A level is **not** a bit.\n>\n> Really.')).toBe('┃ A level is not a bit.\n┃\n┃ Really.');
    expect(show('> [!WARNING]\n> Misconception: `c` is not *x*.')).toBe('┃ Warning\n┃ Misconception: `c` is not *x*.');
    expect(show('> a', ascii)).toBe('| a');
  });

  it('tables: aligned, and broken where they are too wide', () => {
    const table =
      '| name | what it is | level |\n|:-|:-:|-:|\n| `a` | short | 3 |\n| b | a long description of something | 12 |';
    expect(show(table)).toBe(
      [
        'name │        what it is         │ level',
        '─────┼───────────────────────────┼──────',
        '`a`  │           short           │     3',
        'b    │   a long description of   │    12',
        '     │         something         │',
      ].join('\n'),
    );
    expect(show('| a | b |\n|-|-|\n| 1 | 2 |', ascii)).toBe('a | b\n--+--\n1 | 2');
  });

  it('formulas between dollars, also with what Markdown would take for its own', () => {
    expect(show('$q_0 \\cdot q_1$ and $a*b*c$, $\\{1\\}$')).toBe('q₀ · q₁ and a*b*c, {1}');
    expect(show('$$\\frac{a}{b}$$\n\ntext')).toBe('  a/b\n\ntext');
    expect(show('it costs $5 and $6')).toBe('it costs $5 and $6');
    expect(show('`$x_1$` and $\\begin{x}$')).toBe('`$x_1$` and $\\begin{x}$');
    expect(show('$q_0$', ascii)).toBe('$q_0$');
  });

  it('images by their text and path, rules, entities; comments vanish', () => {
    expect(show('![A plot](a.png) ![](data:image/png;base64,AAAA)')).toBe('[image: A plot] (a.png) [image: ]');
    expect(show('<!-- hidden\n\nstill -->\n\na &amp; b\n\n---')).toBe(`a & b\n\n${'─'.repeat(40)}`);
    expect(show('<details>\n<summary>More</summary>\ntext\n</details>')).toBe('More\ntext');
  });

  it('makes control characters visible', () => {
    expect(show('a\x1b[31mb')).toBe('a␛[31mb');
  });

  it('fits, whatever the text and the width', () => {
    const unit = fc.constantFrom(
      '# ',
      '- ',
      '1. ',
      '> ',
      '| ',
      '|-|\n',
      '`',
      '```\n',
      '$',
      '*',
      '\n',
      'word ',
      '漢',
      '[a](b)',
      '<!--',
      '    ',
      '\\frac{',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 24, max: 60 }), (text, columns) => {
        for (const style of [plain, dark]) {
          for (const line of markdownLines(text, { ...style, columns })) {
            expect(line).not.toContain('\n');
            // Deep nesting leaves no room at some point.
            if (text.match(/> |- |1\. |\| /g) === null) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('colours change nothing of the text but the marks of emphasis', () => {
    const text = '# A\n\n- b **c**\n\n> d\n\n| e | f |\n|-|-|\n| g | h |';
    expect(stripVTControlCharacters(show(text, dark))).toBe(show(text));
  });
});
