/** The transcript, entry by entry. */
import { describe, expect, it } from 'vitest';
import type { Entry } from '../src/session/state.ts';
import { entryLines } from '../src/show/entry.ts';
import { makeStyle } from '../src/show/theme.ts';

const plain = makeStyle({ columns: 20, theme: 'plain', colours: 'none', unicode: true });
const ascii = { ...plain, unicode: false };
const dark = makeStyle({ columns: 40, theme: 'dark', colours: '16', unicode: true });

describe('entryLines', () => {
  it('input: behind prompts, with a blank line before', () => {
    const entry: Entry = { kind: 'input', code: 'if (a) {\n\tb\n}' };
    expect(entryLines(entry, plain)).toEqual(['', '> if (a) {', '…   b', '… }']);
    expect(entryLines(entry, ascii)).toEqual(['', '> if (a) {', '.   b', '. }']);
    expect(entryLines({ kind: 'input', code: 'const a = 1' }, dark)).toEqual([
      '',
      '\x1b[1;32m> \x1b[0m\x1b[95mconst\x1b[0m a = \x1b[33m1\x1b[0m',
    ]);
  });

  it('input that is too long for a line goes on under the code', () => {
    expect(entryLines({ kind: 'input', code: 'x'.repeat(40) }, plain)).toEqual([
      '',
      `> ${'x'.repeat(18)}`,
      `  ${'x'.repeat(18)}`,
      '  xxxx',
    ]);
  });

  it('what operators became', () => {
    expect(entryLines({ kind: 'rewritten', code: 'server.mul(c, c)' }, plain)).toEqual(['↳ server.mul(c, c)']);
    expect(entryLines({ kind: 'rewritten', code: 'c.mul(c)' }, ascii)).toEqual(['-> c.mul(c)']);
    expect(entryLines({ kind: 'rewritten', code: 'c.mul(c)' }, dark)).toEqual(['\x1b[2m↳ c.mul(c)\x1b[0m']);
  });

  it('what the code prints, without the newline at its end; stderr in a colour', () => {
    expect(entryLines({ kind: 'stream', name: 'stdout', text: 'a\n\nb\n' }, plain)).toEqual(['a', '', 'b']);
    expect(entryLines({ kind: 'stream', name: 'stdout', text: 'a' }, dark)).toEqual(['a']);
    expect(entryLines({ kind: 'stream', name: 'stderr', text: 'a\nb\n' }, dark)).toEqual([
      '\x1b[33ma\x1b[0m',
      '\x1b[33mb\x1b[0m',
    ]);
    expect(entryLines({ kind: 'stream', name: 'stderr', text: '\x1b[31ma\n' }, dark)).toEqual(['\x1b[31ma\x1b[0m']);
  });

  it('values, errors, details, prose and notices', () => {
    const data = { 'text/plain': '42' };
    expect(entryLines({ kind: 'value', how: 'result', data }, plain)).toEqual(['42']);
    const error = { name: 'Error', message: 'no', problems: [], stack: [] };
    expect(entryLines({ kind: 'error', error, code: '' }, plain)).toEqual(['Error: no']);
    const details = {
      name: 'c',
      summary: 's',
      chainBits: [],
      level: 1,
      scale: '2^40',
      scaleBits: 40,
      length: 2,
      bytes: 1000,
      operations: [],
    };
    expect(entryLines({ kind: 'details', details }, plain).slice(0, 2)).toEqual(['c', 's']);
    expect(entryLines({ kind: 'prose', markdown: '# Help' }, plain)).toEqual(['', 'Help', '════']);
    expect(entryLines({ kind: 'notice', level: 'info', text: 'the kernel was restarted' }, plain)).toEqual([
      'the kernel was',
      'restarted',
    ]);
    expect(entryLines({ kind: 'notice', level: 'warning', text: 'lost: c' }, dark)).toEqual([
      '\x1b[91m! lost: c\x1b[0m',
    ]);
  });

  it('lets no entry do anything to the terminal', () => {
    const text = 'a\x1b[2J\x1b]0;title\x07\u202eb';
    const entries: Entry[] = [
      { kind: 'input', code: text },
      { kind: 'rewritten', code: text },
      { kind: 'stream', name: 'stdout', text },
      { kind: 'value', how: 'shown', data: { 'text/plain': text } },
      { kind: 'value', how: 'shown', data: { 'text/plain': '', 'text/markdown': text } },
      { kind: 'error', error: { name: text, message: text, problems: [], stack: [text] }, code: text },
      { kind: 'prose', markdown: text },
      { kind: 'notice', level: 'info', text },
    ];
    for (const entry of entries) {
      // eslint-disable-next-line no-control-regex -- that is what must not be there
      for (const line of entryLines(entry, plain)) expect(line).not.toMatch(/[\0-\x1f\u202e]/);
    }
  });

  it('an entry of ten million characters is cut, and says so', () => {
    for (const text of ['x'.repeat(10_000_000), 'x\n'.repeat(5_000_000)]) {
      const entries: Entry[] = [
        { kind: 'input', code: text },
        { kind: 'rewritten', code: text },
        { kind: 'stream', name: 'stdout', text },
        { kind: 'value', how: 'result', data: { 'text/plain': text } },
        { kind: 'error', error: { name: 'Error', message: text, problems: [], stack: [] }, code: '' },
        { kind: 'prose', markdown: text },
        { kind: 'notice', level: 'info', text },
      ];
      for (const entry of entries) {
        const lines = entryLines(entry, { ...plain, columns: 80 });
        expect(lines.length).toBeLessThan(4100);
        expect(lines.slice(-3).join(' ')).toMatch(/more (characters|lines)/);
      }
    }
  });
});
