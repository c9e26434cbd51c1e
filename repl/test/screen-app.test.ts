import { expect, test, vi } from 'vitest';
import type { InspectReply } from '../src/kernel/protocol.ts';
import type { Entry } from '../src/session/state.ts';
import { FakeSession } from './fake-session.ts';
import { KEYS, openScreen } from './screen-terminal.ts';

const SUM: readonly Entry[] = [
  { kind: 'input', code: '1 + 1' },
  { kind: 'value', how: 'result', data: { 'text/plain': '2' } },
];
const STATUS = {
  memoryBytes: 143_000_000,
  backend: { name: 'shadowed engine', ringDegree: 16384, securityBits: 128, threads: 2, live: 5 },
};
const NUMBERS: Entry = {
  kind: 'stream',
  name: 'stdout',
  text: Array.from({ length: 100 }, (_, i) => i).join('\n'),
};

test('an empty window', async () => {
  const screen = await openScreen(new FakeSession());
  await screen.shows(`
────────────────────────────────────────────────────────────────────────────────
>
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
  expect(screen.frame().split('\n')).toHaveLength(24);
});

test('before the kernel is there', async () => {
  const session = new FakeSession({ activity: 'starting', status: undefined, queued: 1 });
  const screen = await openScreen(session);
  await screen.shows(`
── starting · 1 waiting ────────────────────────────────────────────────────────
>
starting the kernel       F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
});

test('after a result', async () => {
  const session = new FakeSession();
  session.answer.submit = () => session.update({ entries: SUM, status: STATUS, lastMilliseconds: 0.8 });
  const screen = await openScreen(session);
  screen.type('1 + 1', KEYS.enter);
  await screen.shows(`
> 1 + 1
2
────────────────────────────────────────────────────────────────────────────────
>
shadowed engine · N 16384 · 128-bit · 5 live · 143 MB · 0.8 ms           F1 help`);
});

test('a type error', async () => {
  const code = "const n: number = 'one'";
  const message = "Type 'string' is not assignable to type 'number'.";
  const error = {
    name: 'Type error',
    message: '',
    problems: [{ line: 0, column: 6, length: 1, code: 2322, message }],
    stack: [],
  };
  const session = new FakeSession({
    entries: [
      { kind: 'input', code },
      { kind: 'error', code, error },
    ],
  });
  const screen = await openScreen(session);
  await screen.shows(`
> const n: number = 'one'
  const n: number = 'one'
        ^
error TS2322: Type 'string' is not assignable to type 'number'.
────────────────────────────────────────────────────────────────────────────────
>
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
});

test('the completion list', async () => {
  const session = new FakeSession({ entries: SUM });
  const matches = ['rotate', 'rotateMany', 'relinearize', 'rescale'].map((text) => ({ text, kind: 'method' }));
  session.answer.complete = () => ({ matches, start: 7, end: 8 });
  const screen = await openScreen(session);
  screen.type('server.r', KEYS.tab, KEYS.tab, KEYS.tab);
  await screen.shows(`
> 1 + 1
2
────────────────────────────────────────────────────────────────────────────────
  rotate       method
▸ rotateMany   method
  relinearize  method
  rescale      method
> server.rotateMany
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
});

test('signature help', async () => {
  const session = new FakeSession({ entries: SUM });
  const signature = {
    text: 'rotate(c: Ciphertext, steps: number): Ciphertext',
    active: { start: 22, length: 13 },
    documentation: 'Slots to the right; negative: to the left.',
  };
  session.answer.inspect = (): InspectReply => ({ found: true, type: '', documentation: '', signature });
  const screen = await openScreen(session);
  screen.type('server.rotate(c, 1');
  await screen.shows(`
> 1 + 1
2
── rotate(c: Ciphertext, *steps: number*): Ciphertext ──────────────────────────
   Slots to the right; negative: to the left.
> server.rotate(c, 1
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
});

test('the type of what the cursor is at', async () => {
  const session = new FakeSession();
  session.answer.inspect = () => ({ found: true, type: 'const c: Ciphertext', documentation: 'What is encrypted.' });
  const screen = await openScreen(session);
  screen.type('c');
  await screen.shows(`
── const c: Ciphertext  What is encrypted. ─────────────────────────────────────
> c
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
});

const CIPHERTEXT = new FakeSession({
  entries: SUM,
  status: STATUS,
  variables: [
    { name: 'c', type: 'Ciphertext', summary: '', ciphertext: true },
    { name: 'names', type: 'Map<string, readonly string[]>', summary: '', ciphertext: false },
  ],
  details: {
    name: 'c',
    summary: 'CKKS ciphertext (engine, length 2, level 2, scale 2^80/q₃, 8192 slots)',
    chainBits: [50, 40, 40, 40],
    level: 2,
    scale: '2^80/q₃',
    scaleBits: 40,
    length: 2,
    bytes: 786_432,
    bitsRight: 21.5,
    noiseBits: 18.5,
    operations: [
      { op: 'encrypt', level: 3, scale: '2^40' },
      { op: 'rescale', level: 2, scale: '2^80/q₃' },
    ],
  },
}).state;

const WITH_PANEL = `
                                                                        │ Variables
                                                                        │ ▸ c     Ciphertext
                                                                        │   names Map<string, readonly string…
                                                                        │
                                                                        │ c
                                                                        │ CKKS ciphertext (engine, length 2,
                                                                        │ level 2, scale 2^80/q₃, 8192 slots)
                                                                        │
                                                                        │ modulus    130 of 170 bits
                                                                        │ q₃ ░░░░░░░░░░░░░    40 used
                                                                        │ q₂ █████████████    40 ← level 2
                                                                        │ q₁ █████████████    40
                                                                        │ q₀ ████████████████ 50
                                                                        │
                                                                        │ level      2 of 3
                                                                        │ scale      2^80/q₃ ≈ 2^40.0
                                                                        │ bits right 21.5
                                                                        │ noise bits 18.5
                                                                        │ length     2 polynomials
> 1 + 1                                                                 │ size       786 kB
2                                                                       │
─────────────────────────────────────────────────────────────────────── │ operation  level  scale
>                                                                       │ (2 more lines)
shadowed engine · N 16384 · 128-bit · 2 threads · 5 live · 143 MB      F1 help · Tab completes · Ctrl-R search`;

test('the side panel: variables, and the ledger of a ciphertext', async () => {
  const screen = await openScreen(new FakeSession(CIPHERTEXT), { columns: 110 });
  await screen.shows(WITH_PANEL);
});

const WITHOUT_PANEL = `
> 1 + 1
2
${'─'.repeat(110)}
>
shadowed engine · N 16384 · 128-bit · 2 threads · 5 live · 143 MB      F1 help · Tab completes · Ctrl-R search`;

test('F2 puts the panel away and brings it back', async () => {
  const screen = await openScreen(new FakeSession(CIPHERTEXT), { columns: 110 });
  screen.type(KEYS.f2);
  await screen.shows(WITHOUT_PANEL);
  screen.type(KEYS.f2);
  await screen.shows(WITH_PANEL);
});

test('the panel hides below 100 columns, and everything finds its place again', async () => {
  const screen = await openScreen(new FakeSession(CIPHERTEXT), { columns: 110 });
  screen.resize(80, 10);
  await screen.shows(`
> 1 + 1
2
────────────────────────────────────────────────────────────────────────────────
>
shadowed engine · N 16384 · 128-bit · 2 threads · 5 live · 143 MB        F1 help`);
  screen.resize(110, 24);
  await screen.shows(WITH_PANEL);
});

test('long work, and what waits for it', async () => {
  const session = new FakeSession({ entries: SUM, activity: 'busy', queued: 2 });
  const screen = await openScreen(session);
  await screen.ends(`
── running · Ctrl-C stops it · 2 waiting ───────────────────────────────────────
>
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
  session.update({ progress: { title: 'training', done: 17, total: 49, seconds: 4 } });
  screen.type('typed ahead');
  await screen.ends(`
training  ━━━━━━━━──────────────── 17/49, 34%, 4.3/s, 8 s left
> typed ahead
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
});

const LESSON = {
  number: 0,
  title: 'Walk',
  done: 3,
  total: 23,
  next: 'const R = NegacyclicRing(2 * N, [40, 40]);\nR;',
  enter: 'runs',
} as const;

test('at an exercise one types; then Enter checks', async () => {
  const session = new FakeSession({
    entries: SUM,
    lesson: { ...LESSON, next: 'const x = 0; // TODO', enter: 'waits' },
  });
  const screen = await openScreen(session);
  await screen.ends(`
── Lesson 0 · 3/23 · type your own code · Tab edits it ─────────────────────────
> const x = 0; // TODO
no backend yet · 95 MB · lesson 0 3/23   F1 help · Tab completes · Ctrl-R search`);
  session.update({ lesson: { ...LESSON, next: "check('x', x === 4)", enter: 'checks' } });
  await screen.ends(`
── Lesson 0 · 3/23 · Enter checks it ───────────────────────────────────────────
> check('x', x === 4)
no backend yet · 95 MB · lesson 0 3/23   F1 help · Tab completes · Ctrl-R search`);
});

test('the next cell of a lesson stands where one types', async () => {
  const session = new FakeSession({ entries: SUM, lesson: LESSON });
  const screen = await openScreen(session);
  await screen.ends(`
── Lesson 0 · 3/23 · Enter runs it · Tab edits it ──────────────────────────────
> const R = NegacyclicRing(2 * N, [40, 40]);
… R;
no backend yet · 95 MB · lesson 0 3/23   F1 help · Tab completes · Ctrl-R search`);
  screen.type('N');
  await screen.ends(`
── Lesson 0 · 3/23 · next: const R = NegacyclicRing(2 * N, [40, 40]); … ────────
> N
no backend yet · 95 MB · lesson 0 3/23   F1 help · Tab completes · Ctrl-R search`);
});

test('a search of the history', async () => {
  const session = new FakeSession({ entries: SUM });
  session.history = ['const a = 1', 'function f() {\n  return 1;\n}'];
  const screen = await openScreen(session);
  screen.type(KEYS.ctrl('r'), 'ret');
  await screen.ends(`
────────────────────────────────────────────────────────────────────────────────
(search) ret
> function f() {
…   return 1;
… }
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
  screen.type('x');
  await screen.ends(`
(search: not found) retx
> function f() {
…   return 1;
… }
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
});

test('scrolling up shows that there is more below, until the end is reached', async () => {
  const session = new FakeSession({ entries: [NUMBERS] });
  const screen = await openScreen(session, { rows: 8 });
  screen.type(KEYS.pageUp);
  await screen.shows(`91
92
93
94
95
────────────────────────────────────────────────────────────────── PgDn ↓ more ─
>
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
  session.add(...SUM);
  screen.type(KEYS.pageDown, KEYS.pageDown);
  await screen.shows(`98
99

> 1 + 1
2
────────────────────────────────────────────────────────────────────────────────
>
no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls`);
});

test('the smallest window, and one that is too small', async () => {
  const screen = await openScreen(new FakeSession({ entries: [NUMBERS], status: STATUS }), { columns: 40, rows: 8 });
  await screen.shows(`95
96
97
98
99
────────────────────────────────────────
>
shadowed engine · 128-bit        F1 help`);
  screen.resize(39, 7);
  await screen.ends(`window too small: 39×7, needs 40×8${'\n'.repeat(6)}`);
});

test('in ASCII', async () => {
  const session = new FakeSession({ ...CIPHERTEXT, lesson: LESSON });
  const screen = await openScreen(session, { columns: 110, rows: 12, abilities: { unicode: false } });
  await screen.ends(`
-- Lesson 0 | 3/23 | Enter runs it | Tab edits it --------------------- | modulus    130 of 170 bits
> const R = NegacyclicRing(2 * N, [40, 40]);                            | q3 .............    40 used
. R;                                                                    | (14 more lines)
shadowed engine | N 16384 | 128-bit | 2 threads | 5 live | 143 MB | lesson 0 3/23      F1 help | Tab completes`);
  // Values keep their characters; what the screen draws itself is ASCII.

  expect([...new Set(screen.frame().match(/[^\0-\x7f]/g))]).toEqual(['₃']);
});

test('with colours what is seen is the same', async () => {
  const session = new FakeSession(CIPHERTEXT);
  const screen = await openScreen(session, { columns: 110, abilities: { colours: '256' } });
  // eslint-disable-next-line no-control-regex -- colours
  await vi.waitFor(() => expect(screen.frame().replace(/\x1b\[[0-9;]*m/g, '')).toBe(WITH_PANEL.slice(1)));
  expect(screen.frame()).toContain('\x1b[38;5;');
});

test('a hint takes the place of everything else', async () => {
  const screen = await openScreen(new FakeSession({ lesson: { ...LESSON, next: undefined } }));
  await screen.ends(`
── Lesson 0 · 3/23 · done ──────────────────────────────────────────────────────
>
no backend yet · 95 MB · lesson 0 3/23   F1 help · Tab completes · Ctrl-R search`);
  screen.type(KEYS.ctrl('c'));
  await screen.ends(`
── press Ctrl-D or type .exit to leave ─────────────────────────────────────────
>
no backend yet · 95 MB · lesson 0 3/23   F1 help · Tab completes · Ctrl-R search`);
});
