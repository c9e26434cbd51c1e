import { expect, onTestFinished, test, vi } from 'vitest';
import type { CompleteReply, InspectReply, IsCompleteReply } from '../src/kernel/protocol.ts';
import { Control } from '../src/screen/control.ts';
import type { Press } from '../src/screen/screen-state.ts';
import { FakeSession, NOTHING_KNOWN } from './fake-session.ts';

function open(session: FakeSession): Control {
  const control = new Control(session, { helpDelay: 0, unicode: true });
  onTestFinished(() => control.end());
  return control;
}

/** Types text and presses keys: `<enter>` is a key. */
function press(control: Control, script: string): void {
  for (const [part, key] of script.matchAll(/<([a-z0-9_-]+)>|[^<]/g)) {
    const pressed: Press = key === undefined ? { text: part } : { key };
    control.press(pressed);
  }
}

function textOf(control: Control): string {
  const { text, cursor } = control.state.editing.buffer;
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

/** Answers that are there have been used. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
}

/** A promise, and what fulfils it. */
function later<Value>(): { promise: Promise<Value>; answer: (value: Value) => void } {
  let answer: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => (answer = resolve));
  return { promise, answer };
}

test('Enter submits what is complete', async () => {
  const session = new FakeSession();
  const control = open(session);
  press(control, '1 + 1<enter>');
  await settled();
  expect(session.asked).toEqual(['submit 1 + 1']);
  expect(textOf(control)).toBe('|');
});

test('Enter begins a new line in what is incomplete', async () => {
  const session = new FakeSession();
  session.answer.isComplete = (text) => ({ status: text.includes('}') ? 'complete' : 'incomplete', indent: '  ' });
  const control = open(session);
  press(control, 'if (a) {<enter>b<enter>}');
  await settled();
  expect(textOf(control)).toBe('if (a) {\n  b\n}|');
  press(control, '<enter>');
  await settled();
  expect(session.asked).toEqual(['submit if (a) {\n  b\n}']);
});

test('keys that come before the answer wait for it', async () => {
  const session = new FakeSession();
  const first = later<IsCompleteReply>();
  session.answer.isComplete = () => first.promise;
  const control = open(session);
  press(control, 'one<enter>two');
  await settled();
  expect(textOf(control)).toBe('one|');
  first.answer({ status: 'complete', indent: '' });
  await settled();
  expect(session.asked).toEqual(['submit one']);
  expect(textOf(control)).toBe('two|');
});

test('Ctrl-C does not wait', async () => {
  const session = new FakeSession();
  const never = later<IsCompleteReply>();
  session.answer.isComplete = () => never.promise;
  const control = open(session);
  press(control, 'one<enter>two<ctrl-c>');
  expect(textOf(control)).toBe('|');
  never.answer({ status: 'complete', indent: '' });
  await settled();
  expect(session.asked).toEqual([]);
});

test('Alt-Enter is always a new line', () => {
  const control = open(new FakeSession());
  press(control, 'f(x)<alt-enter>g({<ctrl-j>a<ctrl-j>}');
  expect(textOf(control)).toBe('f(x)\ng({\n    a\n  }|');
});

test('commands and very long texts are submitted without a question', async () => {
  const session = new FakeSession();
  session.answer.isComplete = () => ({ status: 'incomplete', indent: '' });
  const control = open(session);
  press(control, '.type (<enter>');
  control.press({ pasted: '('.repeat(100_001) });
  press(control, '<enter>');
  await settled();
  expect(session.asked).toEqual(['submit .type (', `submit ${'('.repeat(100_001)}`]);
});

test('what is typed ahead of a busy kernel is judged by its brackets', async () => {
  const session = new FakeSession({ activity: 'busy' });
  session.answer.isComplete = () => {
    throw new Error('asked while busy');
  };
  const control = open(session);
  press(control, 'f({<enter>a<enter>})<enter>');
  await settled();
  expect(session.asked).toEqual(['submit f({\n    a\n  })']);
  expect(control.state.hint).toBeUndefined();
});

test('an empty line runs the next cell of a lesson, else nothing', () => {
  const session = new FakeSession();
  press(open(session), '  <enter>');
  expect(session.asked).toEqual([]);
  session.update({ lesson: { number: 0, title: 'Walk', done: 3, total: 23, next: 'const N = 8', enter: 'runs' } });
  press(open(session), '<enter>');
  expect(session.asked).toEqual(['submit ']);
});

test('Tab takes the cell of a lesson to change it', () => {
  const lesson = { number: 0, title: 'Walk', done: 3, total: 23, next: 'const N = 8', enter: 'runs' } as const;
  const control = open(new FakeSession({ lesson }));
  press(control, '<tab>');
  expect(textOf(control)).toBe('const N = 8|');
});

test('Ctrl-C stops what runs, and what was typed stays', () => {
  const session = new FakeSession({ activity: 'busy' });
  const control = open(session);
  press(control, 'abc<ctrl-c>');
  expect(session.asked).toEqual(['interrupt']);
  expect(textOf(control)).toBe('abc|');
});

test('where nothing runs Ctrl-C clears the line; then it says how to leave', () => {
  const control = open(new FakeSession());
  press(control, 'abc<ctrl-c>');
  expect([textOf(control), control.state.hint]).toEqual(['|', undefined]);
  press(control, '<ctrl-c>');
  expect(control.state.hint).toBe('press Ctrl-D or type .exit to leave');
  press(control, 'x');
  expect(control.state.hint).toBeUndefined();
  press(control, '<backspace><ctrl-_><ctrl-_><ctrl-_>');
  expect(textOf(control)).toBe('abc|');
});

test('Ctrl-D erases, and on an empty line leaves', () => {
  const control = open(new FakeSession());
  press(control, 'ab<ctrl-a><ctrl-d><ctrl-d>');
  expect([textOf(control), control.state.left]).toEqual(['|', false]);
  press(control, '<ctrl-d>');
  expect(control.state.left).toBe(true);
});

test('up and down move in the text, then in the history', () => {
  const session = new FakeSession();
  session.history = ['one', 'f(\n  x)', 'two'];
  const control = open(session);
  press(control, '<up><up>');
  expect(textOf(control)).toBe('f(\n  x)|');
  press(control, '<up>');
  expect(textOf(control)).toBe('f(|\n  x)');
  press(control, '<up>');
  expect(textOf(control)).toBe('one|');
  press(control, '<down>');
  expect(textOf(control)).toBe('f(|\n  x)');
  press(control, '<down><down><down>');
  expect(textOf(control)).toBe('|');
});

test('Ctrl-P and Ctrl-N walk the history from any line', () => {
  const session = new FakeSession();
  session.history = ['one', 'f(\n  x)', 'two'];
  const control = open(session);
  press(control, '<ctrl-p><ctrl-p><ctrl-p>');
  expect(textOf(control)).toBe('one|');
  press(control, '<ctrl-n><ctrl-n>');
  expect(textOf(control)).toBe('two|');
});

test('Ctrl-R searches; Enter runs what is found', async () => {
  const session = new FakeSession();
  session.history = ['const a = 1', 'a + 1', 'a + 2'];
  const control = open(session);
  press(control, 'x<ctrl-r>a +<ctrl-r><enter>');
  await settled();
  expect(session.asked).toEqual(['submit a + 1']);
});

test('an arrow takes what is found to change it; Esc takes nothing', () => {
  const session = new FakeSession();
  session.history = ['const a = 1', 'a + 1'];
  const control = open(session);
  press(control, 'x<ctrl-r>const<left>');
  expect(textOf(control)).toBe('const a = |1');
  press(control, '<ctrl-c>x<ctrl-r>a<escape>');
  expect([textOf(control), control.state.search]).toEqual(['x|', undefined]);
});

function completing(session: FakeSession, ...names: readonly string[]): void {
  session.answer.complete = (text, cursor): CompleteReply => {
    const start = text.slice(0, cursor).search(/\w*$/);
    const matches = names.filter((name) => name.startsWith(text.slice(start, cursor)));
    return { matches: matches.map((name) => ({ text: name, kind: 'method' })), start, end: cursor };
  };
}

test('Tab completes what is typed, and what comes after waits', async () => {
  const session = new FakeSession();
  completing(session, 'rotate', 'square');
  const control = open(session);
  press(control, 's.sq<tab>(c)');
  await settled();
  expect(textOf(control)).toBe('s.square(c)|');
});

test('Tab walks the list; Enter takes a match, Esc what was typed', async () => {
  const session = new FakeSession();
  completing(session, 'rotate', 'relinearize', 'rescale');
  const control = open(session);
  press(control, 's.r<tab><tab><tab>');
  await settled();
  expect(textOf(control)).toBe('s.relinearize|');
  press(control, '<escape>');
  expect([textOf(control), control.state.list]).toEqual(['s.r|', undefined]);
  press(control, '<tab><down><up><shift-tab><enter>');
  await settled();
  expect([textOf(control), control.state.list]).toEqual(['s.rescale|', undefined]);
  expect(session.asked).toEqual([]);
  press(control, '<ctrl-_>');
  expect(textOf(control)).toBe('s.r|');
});

test('with no match chosen Enter runs the line', async () => {
  const session = new FakeSession();
  completing(session, 'rotate', 'rotateMany');
  const control = open(session);
  press(control, 's.ro<tab><enter>');
  await settled();
  expect(session.asked).toEqual(['submit s.rotate']);
});

test('typing on refreshes the list', async () => {
  const session = new FakeSession();
  completing(session, 'rotate', 'relinearize', 'rescale');
  const control = open(session);
  press(control, 's.r<tab>es');
  await settled();
  expect(control.state.list!.matches).toEqual([{ text: 'rescale', kind: 'method' }]);
  press(control, '<backspace>');
  await settled();
  expect(control.state.list!.matches).toHaveLength(2);
});

test('where nothing fits a hint says so', async () => {
  const control = open(new FakeSession());
  press(control, 'zzz<tab>');
  await settled();
  expect(control.state.hint).toBe('no completions here');
});

test('in an indentation Tab steps in', () => {
  const control = open(new FakeSession());
  press(control, 'f(<alt-enter><tab>x');
  expect(textOf(control)).toBe('f(\n    x|');
});

const SIGNATURE: InspectReply = {
  found: true,
  type: '',
  documentation: '',
  signature: { text: 'f(x: number): void', documentation: '' },
};

test('help for the place of the cursor comes once typing pauses', async () => {
  const session = new FakeSession();
  const seen: string[] = [];
  session.answer.inspect = (text, cursor) => {
    seen.push(`${text} ${cursor}`);
    return text === 'f(' ? SIGNATURE : NOTHING_KNOWN;
  };
  const control = open(session);
  press(control, 'f(');
  await vi.waitFor(() => expect(control.state.help).toBe(SIGNATURE));
  expect(seen).toEqual(['f( 2']);
  press(control, '1)');
  await vi.waitFor(() => expect(control.state.help).toBeUndefined());
  expect(seen).toEqual(['f( 2', 'f(1) 4']);
});

test('help that comes too late is dropped', async () => {
  const session = new FakeSession();
  const slow = later<InspectReply>();
  const asked = vi.fn(() => slow.promise);
  session.answer.inspect = asked;
  const control = open(session);
  press(control, 'f(');
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
  press(control, '<ctrl-c>');
  slow.answer(SIGNATURE);
  await settled();
  expect(control.state.help).toBeUndefined();
});

test('no help is asked for while busy, of commands, of very long text', async () => {
  const session = new FakeSession({ activity: 'busy' });
  const asked = vi.fn((_text: string, _cursor: number) => NOTHING_KNOWN);
  session.answer.inspect = asked;
  press(open(session), 'f(');
  session.update({ activity: 'idle' });
  press(open(session), '.type f(');
  open(session).press({ pasted: 'x'.repeat(20_001) });
  press(open(session), 'g(');
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  expect(asked.mock.calls).toEqual([['g(', 2]]);
});

test('pasted text is text: newlines stay, tabs become spaces, control characters are seen', () => {
  const control = open(new FakeSession());
  control.press({ pasted: 'a\r\n\tb\x1b[31m\r\n' });
  expect(textOf(control)).toBe('a\n  b␛[31m|');
});

test('function keys and their like ask the session', () => {
  const session = new FakeSession();
  const control = open(session);
  press(control, '<f1><f3><f4><alt-up><alt-down><ctrl-o>');
  expect(session.asked).toEqual(['submit .help', 'choose -1', 'choose 1', 'choose -1', 'choose 1', 'figure']);
  press(control, '<f2>');
  expect(control.state.panel).toBe(false);
});

test('what the session cannot do is said', async () => {
  const session = new FakeSession();
  session.answer.submit = () => {
    throw new Error('the kernel is gone');
  };
  const control = open(session);
  press(control, 'x<enter>');
  await vi.waitFor(() => expect(control.state.hint).toBe('the kernel is gone'));
});
