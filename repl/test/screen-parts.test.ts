import { expect, test } from 'vitest';
import type { CiphertextDetails, Variable } from '../src/kernel/protocol.ts';
import { editorView } from '../src/screen/editor-view.ts';
import { cachedLines } from '../src/screen/entry-cache.ts';
import { fitted } from '../src/screen/fit.ts';
import { helpText } from '../src/screen/help-text.ts';
import { lastLines } from '../src/screen/last-lines.ts';
import { heightsOf, widthsOf } from '../src/screen/layout.ts';
import { listLines } from '../src/screen/list-lines.ts';
import { panelLines } from '../src/screen/panel-lines.ts';
import { statusText, timeText } from '../src/screen/status-text.ts';
import { bufferOf, moveTo } from '../src/screen/text-buffer.ts';
import type { Entry } from '../src/session/state.ts';
import { makeStyle } from '../src/show/theme.ts';
import { IDLE } from './fake-session.ts';

function style(columns: number, unicode = true) {
  return makeStyle({ columns, theme: 'dark', colours: 'none', unicode });
}

test('text is cut with an ellipsis', () => {
  expect(fitted('abcdef', 6, style(80))).toBe('abcdef');
  expect(fitted('abcdefg', 6, style(80))).toBe('abcde…');
  expect(fitted('abcdefg', 6, style(80, false))).toBe('abc...');
  expect(fitted('环环环', 5, style(80))).toBe('环环…');
});

test('the window is shared out: a panel from 100 columns on, nothing below 40×8', () => {
  expect(widthsOf({ columns: 100, rows: 24, panel: true })).toEqual({ main: 61, panel: 38 });
  expect(widthsOf({ columns: 99, rows: 24, panel: true })).toEqual({ main: 99, panel: 0 });
  expect(widthsOf({ columns: 200, rows: 24, panel: false })).toEqual({ main: 200, panel: 0 });
  expect(widthsOf({ columns: 39, rows: 24, panel: true })).toBeUndefined();
  expect(widthsOf({ columns: 80, rows: 7, panel: true })).toBeUndefined();
});

test('rows always add up, and the transcript keeps two', () => {
  expect(heightsOf(24, { list: 8, note: 1, editor: 1 })).toEqual({ transcript: 12, list: 8, note: 1, editor: 1 });
  expect(heightsOf(24, { list: 0, note: 0, editor: 50 })).toEqual({ transcript: 14, list: 0, note: 0, editor: 8 });
  expect(heightsOf(8, { list: 8, note: 1, editor: 5 })).toEqual({ transcript: 2, list: 2, note: 0, editor: 2 });
});

test('the editor shows lines behind prompts, and the cursor', () => {
  const { rows, cursor } = editorView(moveTo(bufferOf('f(\n  1)'), 4), { style: style(20), mostRows: 8 });
  expect(rows).toEqual(['> f(', '…   1)']);
  expect(cursor).toEqual({ x: 3, y: 1 });
});

test('a long line is broken, with room for the cursor at the end', () => {
  const text = 'abcdefghijklmnopqrstuvwxyz';
  const at = (cursor: number) => editorView({ text, cursor }, { style: style(13), mostRows: 8 });
  expect(at(26).rows).toEqual(['> abcdefghij', '… klmnopqrst', '… uvwxyz']);
  expect(at(26).cursor).toEqual({ x: 8, y: 2 });
  expect(at(10).cursor).toEqual({ x: 2, y: 1 });
  expect(at(9).cursor).toEqual({ x: 11, y: 0 });
});

test('wide characters take two columns', () => {
  const { rows, cursor } = editorView(bufferOf('环环环环'), { style: style(9), mostRows: 8 });
  expect(rows).toEqual(['> 环环环', '… 环']);
  expect(cursor).toEqual({ x: 4, y: 1 });
});

test('of many lines those around the cursor are seen', () => {
  const text = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n');
  const at = (cursor: number) => editorView({ text, cursor }, { style: style(20), mostRows: 3 });
  expect(at(0)).toEqual({ rows: ['> line 0', '… line 1', '… line 2'], cursor: { x: 2, y: 0 } });
  expect(at(text.indexOf('50'))).toEqual({ rows: ['… line 49', '… line 50', '… line 51'], cursor: { x: 7, y: 1 } });
  expect(at(text.length)).toEqual({ rows: ['… line 97', '… line 98', '… line 99'], cursor: { x: 9, y: 2 } });
});

test('a very long text is a note of its length', () => {
  const view = (text: string) => editorView(bufferOf(text), { style: style(80), mostRows: 8 });
  expect(view('x'.repeat(10_000_000)).rows).toEqual(['> ⟨pasted 10.0 MB, 1 line⟩']);
  expect(view('x\n'.repeat(100_000)).rows).toEqual(['> ⟨pasted 200 kB, 100,001 lines⟩']);
});

test('the cell of a lesson stands where one would type it', () => {
  const view = editorView(bufferOf(''), { style: style(20), mostRows: 3, placeholder: 'a\nb\nc\nd' });
  expect(view).toEqual({ rows: ['> a', '… b', '… (2 more lines)'], cursor: { x: 2, y: 0 } });
});

const METHODS = ['rotate', 'rotateMany', 'relinearize', 'rescale'].map((text) => ({ text, kind: 'method' }));

test('the list marks the chosen match, and counts those that are not seen', () => {
  const list = { matches: METHODS, start: 0, end: 1, typed: bufferOf('r'), chosen: 1 };
  expect(listLines(list, style(40), 8)).toEqual([
    '  rotate       method',
    '▸ rotateMany   method',
    '  relinearize  method',
    '  rescale      method',
  ]);
  expect(listLines({ ...list, chosen: 3 }, style(40), 3)).toEqual([
    '  relinearize  method',
    '▸ rescale      method',
    '  4 of 4',
  ]);
  expect(listLines({ ...list, chosen: undefined }, style(40, false), 2)).toEqual(['  rotate  method', '  4']);
});

const ROTATE = 'rotate(c: Ciphertext, steps: number): Ciphertext';

test('signature help marks the parameter that is typed', () => {
  const signature = { text: ROTATE, active: { start: 22, length: 13 }, documentation: 'Slots to the right.' };
  const reply = { found: true, type: '', documentation: '', signature };
  expect(helpText(reply, style(80), 80)).toEqual({
    line: 'rotate(c: Ciphertext, *steps: number*): Ciphertext',
    note: '   Slots to the right.',
  });
  expect(helpText(reply, style(34), 34).line).toBe('…Ciphertext, *steps: number*): Ci…');
  const coloured = makeStyle({ columns: 80, theme: 'dark', colours: '16', unicode: true });
  expect(helpText(reply, coloured, 80).line).toBe(`${ROTATE.slice(0, 22)}\x1b[1;32msteps: number\x1b[0m): Ciphertext`);
});

test('a hover shows the type, then the words', () => {
  const reply = { found: true, type: 'const c:\n  Ciphertext', documentation: 'What is encrypted.' };
  expect(helpText(reply, style(80), 80)).toEqual({ line: 'const c:   Ciphertext  What is encrypted.', note: '' });
});

const VARIABLES: readonly Variable[] = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({
  name,
  type: name === 'c' ? 'Map<string, readonly number[]>' : 'Ciphertext',
  summary: '',
  ciphertext: name !== 'c',
}));

const DETAILS: CiphertextDetails = {
  name: 'b',
  summary: 'CKKS ciphertext',
  chainBits: [50, 40],
  level: 1,
  scale: '2^40',
  scaleBits: 40,
  length: 2,
  bytes: 1024,
  operations: [{ op: 'encrypt', level: 1, scale: '2^40' }],
};

test('the panel lists variables, the newest last', () => {
  expect(panelLines({ variables: [], details: undefined }, style(24), 10)).toEqual(['Variables', 'none yet']);
  expect(panelLines({ variables: VARIABLES.slice(0, 3), details: undefined }, style(24), 10)).toEqual([
    'Variables',
    '  a Ciphertext',
    '  b Ciphertext',
    '  c Map<string, readonl…',
  ]);
});

test('beside a ledger the newest variables are seen, and nothing is too much', () => {
  const lines = panelLines({ variables: VARIABLES, details: DETAILS }, style(36), 12);
  expect(lines).toHaveLength(12);
  expect(lines.slice(0, 6)).toEqual([
    'Variables (2 older not shown)',
    '  c Map<string, readonly number[]>',
    '  d Ciphertext',
    '  e Ciphertext',
    '  f Ciphertext',
    '',
  ]);
  expect(lines.at(-1)).toMatch(/^\(\d+ more lines\)$/);
  for (const rows of [1, 2, 3, 5, 40]) {
    expect(panelLines({ variables: VARIABLES, details: DETAILS }, style(36), rows).length).toBeLessThanOrEqual(rows);
  }
});

test('the chosen ciphertext is marked', () => {
  expect(panelLines({ variables: VARIABLES, details: DETAILS }, style(36), 60)).toContain('▸ b Ciphertext');
});

const BACKEND = { name: 'shadowed engine', ringDegree: 16384, securityBits: 128, threads: 2, live: 5 };

test('the status line says what there is, and the keys where they fit', () => {
  const state = { ...IDLE, lastMilliseconds: 12.3, status: { memoryBytes: 143_000_000, backend: BACKEND } };
  expect(statusText(state, style(120))).toBe(
    `shadowed engine · N 16384 · 128-bit · 2 threads · 5 live · 143 MB · 12 ms${' '.repeat(8)}F1 help · Tab completes · Ctrl-R search`,
  );
  expect(statusText(state, style(80))).toBe(
    `shadowed engine · N 16384 · 128-bit · 5 live · 143 MB · 12 ms${' '.repeat(12)}F1 help`,
  );
  expect(statusText(state, style(40))).toBe('shadowed engine · 128-bit        F1 help');
});

test('insecure parameters are called so', () => {
  const toy = {
    ...IDLE,
    status: { memoryBytes: 2.25e9, backend: { name: 'toy', ringDegree: 16, securityBits: 0, live: 1 } },
  };
  expect(statusText(toy, style(60))).toBe(`toy · N 16 · INSECURE · 1 live · 2.3 GB${' '.repeat(14)}F1 help`);
});

test('without a backend or a kernel the status line says that', () => {
  expect(statusText(IDLE, style(40))).toBe(`no backend yet · 95 MB${' '.repeat(11)}F1 help`);
  expect(statusText({ ...IDLE, status: undefined, activity: 'starting' }, style(40))).toBe(
    `starting the kernel${' '.repeat(14)}F1 help`,
  );
});

test('times are short', () => {
  expect([0.42, 9.96, 12.3, 999.4, 999.6, 3210, 59_960, 125_000].map(timeText)).toEqual([
    '0.4 ms',
    '10 ms',
    '12 ms',
    '999 ms',
    '1.0 s',
    '3.2 s',
    '1:00 min',
    '2:05 min',
  ]);
});

test('an entry that cannot be drawn is a line that says so', () => {
  const linesOf = cachedLines(style(60), () => {
    throw new Error('no\nidea');
  });
  expect(linesOf({ kind: 'prose', markdown: '' })).toEqual(['(cannot show this prose: Error: no idea)']);
});

test('entries are drawn once', () => {
  let drawn = 0;
  const linesOf = cachedLines(style(60), () => [`drawn ${++drawn}`]);
  const entry: Entry = { kind: 'prose', markdown: '' };
  expect([linesOf(entry), linesOf(entry), linesOf({ ...entry })]).toEqual([['drawn 1'], ['drawn 1'], ['drawn 2']]);
});

test('the last lines of a transcript', () => {
  const entries: readonly Entry[] = ['a b', 'c d e', 'f'].map((text) => ({ kind: 'stream', name: 'stdout', text }));
  const linesOf = (entry: Entry) => (entry.kind === 'stream' ? entry.text.split(' ') : []);
  expect(lastLines(entries, 3, linesOf)).toEqual(['d', 'e', 'f']);
  expect(lastLines(entries, 99, linesOf)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(lastLines([], 3, linesOf)).toEqual([]);
});
