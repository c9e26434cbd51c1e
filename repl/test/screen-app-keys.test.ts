import { expect, test, vi } from 'vitest';
import type { Entry } from '../src/session/state.ts';
import { FakeSession } from './fake-session.ts';
import { KEYS, openScreen } from './screen-terminal.ts';

const STATUS = 'no backend yet · 95 MB    F1 help · Tab completes · Ctrl-R search · PgUp scrolls';
const RULE = '─'.repeat(80);

function lines(name: string, count: number): Entry {
  return { kind: 'stream', name: 'stdout', text: Array.from({ length: count }, (_, i) => `${name}${i}`).join('\n') };
}

test('lines typed faster than they are answered are submitted one after the other', async () => {
  const session = new FakeSession();
  const screen = await openScreen(session);
  screen.type('const a = 1\ra + 1\r');
  await screen.shows(`
> const a = 1

> a + 1
${RULE}
>
${STATUS}`);
  expect(session.asked).toEqual(['submit const a = 1', 'submit a + 1']);
});

test('incomplete input goes on, in the lines below', async () => {
  const session = new FakeSession();
  session.answer.isComplete = (text) => ({ status: text.endsWith('}') ? 'complete' : 'incomplete', indent: '  ' });
  const screen = await openScreen(session);
  screen.type('function f() {\r', 'return 1;\r', '}');
  await screen.ends(`
${RULE}
> function f() {
…   return 1;
… }
${STATUS}`);
  screen.type(KEYS.up, KEYS.end, ' // one');
  await screen.ends(`
> function f() {
…   return 1; // one
… }
${STATUS}`);
});

test('pasted lines are not run', async () => {
  const session = new FakeSession();
  const screen = await openScreen(session);
  screen.type(KEYS.paste('const a = 1;\r\nconst b = \x1b[31m2;\r\n'));
  await screen.ends(`
${RULE}
> const a = 1;
… const b = ␛[31m2;
${STATUS}`);
  expect(session.asked).toEqual([]);
});

test('a paste of megabytes is folded, and submitted whole', async () => {
  const session = new FakeSession();
  const screen = await openScreen(session);
  screen.type(KEYS.paste('x'.repeat(10_000_000)));
  await screen.ends(`
${RULE}
> ⟨pasted 10.0 MB, 1 line⟩
${STATUS}`);
  screen.type(KEYS.enter);
  await screen.ends(`
${RULE}
>
${STATUS}`);
  expect(session.asked.map((asked) => asked.length)).toEqual(['submit '.length + 10_000_000]);
});

test('one line up and down, the beginning, the end', async () => {
  const screen = await openScreen(new FakeSession({ entries: [lines('a', 50)] }), { rows: 8 });
  const more = `${'─'.repeat(66)} PgDn ↓ more ─`;
  screen.type(KEYS.shiftUp);
  await screen.shows(`a44\na45\na46\na47\na48\n${more}\n>\n${STATUS}`);
  screen.type(KEYS.ctrlHome);
  await screen.shows(`a0\na1\na2\na3\na4\n${more}\n>\n${STATUS}`);
  screen.type(KEYS.ctrlEnd);
  await screen.shows(`a45\na46\na47\na48\na49\n${RULE}\n>\n${STATUS}`);
});

test('what is submitted brings back the end', async () => {
  const session = new FakeSession({ entries: [lines('a', 50)] });
  const screen = await openScreen(session, { rows: 8 });
  screen.type(KEYS.pageUp, 'x', KEYS.enter);
  await screen.shows(`a47\na48\na49\n\n> x\n${RULE}\n>\n${STATUS}`);
});

test('Ctrl-L clears the view; what was there can be scrolled to', async () => {
  const session = new FakeSession({ entries: [lines('a', 50)] });
  const screen = await openScreen(session, { rows: 8 });
  screen.type(KEYS.ctrl('l'));
  await screen.shows(`\n${RULE}\n>\n${STATUS}`.slice(1));
  session.add({ kind: 'input', code: 'b' });
  await screen.shows(`> b\n${RULE}\n>\n${STATUS}`);
  screen.type(KEYS.shiftUp);
  await screen.shows(`a47\na48\na49\n\n> b\n${RULE}\n>\n${STATUS}`);
});

test('output that comes fast is drawn, the last of it too', async () => {
  const session = new FakeSession();
  const screen = await openScreen(session, { rows: 8 });
  for (let i = 0; i < 1000; i++) session.add({ kind: 'notice', level: 'info', text: `line ${i}` });
  await screen.shows(`line 995\nline 996\nline 997\nline 998\nline 999\n${RULE}\n>\n${STATUS}`);
});

test('an entry that cannot be drawn leaves the rest', async () => {
  const broken = { kind: 'error', error: undefined } as unknown as Entry;
  const screen = await openScreen(new FakeSession({ entries: [broken, { kind: 'input', code: 'a' }] }));
  await vi.waitFor(() => expect(screen.frame()).toMatch(/^\(cannot show this error: TypeError: .*\n\n> a\n─/m));
});

test('the theme of the session is that of the screen', async () => {
  const session = new FakeSession({ entries: [{ kind: 'input', code: 'const a = 1' }] });
  const screen = await openScreen(session, { abilities: { colours: 'true' } });
  expect(screen.frame()).toContain('\x1b[');
  session.update({ theme: 'plain' });
  await vi.waitFor(() => expect(screen.frame()).not.toContain('\x1b['));
});

test('the screen goes when the session has ended', async () => {
  const session = new FakeSession();
  session.answer.submit = () => session.update({ ended: true });
  const screen = await openScreen(session);
  screen.type('.exit', KEYS.enter);
  await screen.goes();
});

test('the screen goes on Ctrl-D', async () => {
  const session = new FakeSession();
  const screen = await openScreen(session);
  screen.type(KEYS.ctrl('d'));
  await screen.goes();
  expect(session.asked).toEqual([]);
});

test('F1 asks for help, F3 and F4 choose a ciphertext', async () => {
  const session = new FakeSession();
  const screen = await openScreen(session);
  screen.type(KEYS.f1, KEYS.f3, KEYS.f4);
  await vi.waitFor(() => expect(session.asked).toEqual(['submit .help', 'choose -1', 'choose 1']));
});
