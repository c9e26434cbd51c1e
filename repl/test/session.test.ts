/** The session, on a kernel that says what it is told: what goes into the transcript, and what becomes of the state. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { afterAll, describe, expect, it } from 'vitest';
import { progressStore } from '../src/lessons/progress-store.ts';
import { commands } from '../src/session/commands/index.ts';
import { shortHistory } from '../src/session/history.ts';
import { LessonRoom } from '../src/session/lesson-room.ts';
import { Session } from '../src/session/session.ts';
import type { Entry } from '../src/session/state.ts';
import { FakeKernel, variable } from './fake-kernel.ts';

const folder = mkdtempSync(join(tmpdir(), 'toyfhe-session-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Room {
  readonly session: Session;
  readonly kernel: FakeKernel;
  /** Entries, each in a few words. */
  entries(): string[];
}

function open(kernel = new FakeKernel()): Room {
  const lessons = new LessonRoom(
    progressStore(join(folder, `state-${Math.floor(performance.now() * 1e6)}`), () => undefined),
  );
  const session = new Session({ kernel, history: shortHistory(), commands, lessons, theme: 'dark' });
  return { session, kernel, entries: () => session.state.entries.map(brief) };
}

function brief(entry: Entry): string {
  switch (entry.kind) {
    case 'input':
    case 'rewritten':
      return `${entry.kind} ${entry.code}`;
    case 'stream':
      return `${entry.name} ${entry.text}`;
    case 'value':
      return `${entry.how} ${entry.data['text/plain']}`;
    case 'error':
      return `error ${entry.error.message} in ${entry.code}`;
    case 'prose':
      return `prose ${entry.markdown.trim().split('\n')[0]}`;
    case 'notice':
      return `${entry.level} ${entry.text}`;
    case 'details':
      return `details ${entry.details.name}`;
  }
}

describe('code', () => {
  it('its outputs are entries, in order', async () => {
    const { session, kernel, entries } = open();
    kernel.answers.set('c * c', {
      outputs: [
        { type: 'rewritten', code: 'c.mul(c)' },
        { type: 'stream', name: 'stdout', text: 'a' },
        { type: 'stream', name: 'stdout', text: 'b' },
        { type: 'stream', name: 'stderr', text: 'c' },
        { type: 'execute_result', data: { 'text/plain': 'ciphertext' } },
      ],
      variables: [variable('c', 'one', true)],
    });
    await session.submit('c * c');
    expect(entries()).toEqual(['input c * c', 'rewritten c.mul(c)', 'stdout ab', 'stderr c', 'result ciphertext']);
    expect(session.state).toMatchObject({ activity: 'idle', queued: 0, lastMilliseconds: 1, details: { name: 'c' } });
    expect(session.history).toEqual(['c * c']);
  });

  it('an error is shown against what ran', async () => {
    const { session, kernel, entries } = open();
    const error = { name: 'Type error', message: 'no', problems: [], stack: [] };
    kernel.answers.set('c ** 2', {
      status: 'error',
      outputs: [
        { type: 'rewritten', code: 'c.mul(c)' },
        { type: 'error', error },
      ],
    });
    await session.submit('c ** 2');
    expect(entries().at(-1)).toBe('error no in c.mul(c)');
  });

  it('several wait for each other', async () => {
    const { session, kernel } = open();
    let go: () => void = () => undefined;
    kernel.answers.set('slow', { until: new Promise<void>((resolve) => (go = resolve)) });
    const all = [session.submit('slow'), session.submit('next')];
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(kernel.executed).toEqual(['slow']);
    expect(session.state).toMatchObject({ activity: 'busy', queued: 1 });
    expect(await session.isComplete('for {')).toEqual({ status: 'complete', indent: '' }); // nobody can be asked now
    expect((await session.complete('a', 1)).matches).toEqual([]);
    go();
    await Promise.all(all);
    expect(kernel.executed).toEqual(['slow', 'next']);
    expect(session.state).toMatchObject({ activity: 'idle', queued: 0 });
  });

  it('an interrupt forgets what waits', async () => {
    const { session, kernel, entries } = open();
    let go: () => void = () => undefined;
    kernel.answers.set('slow', { status: 'interrupted', until: new Promise<void>((resolve) => (go = resolve)) });
    kernel.onInterrupt = () => go();
    const all = [session.submit('slow'), session.submit('next')];
    await new Promise((resolve) => setTimeout(resolve, 5));
    await session.interrupt();
    await Promise.all(all);
    expect(kernel.executed).toEqual(['slow']);
    expect(entries()).toContain('info Stopped. Variables are as they were.');
    await session.submit('after');
    expect(kernel.executed).toEqual(['slow', 'after']);
  });

  it('a kernel that has to be restarted says what is lost', async () => {
    const { session, kernel, entries } = open();
    kernel.answers.set('a', { variables: [variable('a', '1'), variable('b', '2')] });
    await session.submit('a');
    let go: () => void = () => undefined;
    kernel.answers.set('slow', { status: 'died', until: new Promise<void>((resolve) => (go = resolve)) });
    kernel.onInterrupt = () => go();
    kernel.outcome = 'restarted';
    const running = session.submit('slow');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await session.interrupt();
    await running;
    expect(entries().at(-1)).toBe('warning The kernel did not stop, so it was restarted: its 2 variables are lost.');
    expect(session.state).toMatchObject({ activity: 'idle', variables: [] });
  });

  it('a kernel that dies is replaced, whether it was at work or not', async () => {
    const { session, kernel, entries } = open();
    kernel.answers.set('bad', { status: 'died' });
    kernel.answers.set('a', { variables: [variable('a', '1')] });
    await session.submit('a');
    const dying = session.submit('bad');
    await Promise.resolve().then(() => kernel.die('it ran out of memory'));
    await dying;
    expect(entries().at(-1)).toBe(
      'warning The kernel has ended: it ran out of memory. A new one is started; its variable is lost.',
    );
    kernel.die('it ended with exit code 1');
    await session.submit('b');
    expect(kernel.restarts).toBe(2);
    expect(session.state.activity).toBe('idle');
  });

  it('a kernel that cannot start is an error in the transcript', async () => {
    const kernel = new FakeKernel();
    kernel.ready = Promise.reject(
      new FheError({ code: 'WORKER', op: 'start', field: 'x', should: 'y', is: 'z', hint: 'h' }),
    );
    const { session, entries } = open(kernel);
    await session.submit('1');
    expect(entries()).toContain('error cannot start: x should be y but is z; h in ');
  });

  it('the newest ciphertext is the one to look at; others can be chosen', async () => {
    const { session, kernel } = open();
    const all = [variable('a', 'one', true), variable('n', '1'), variable('b', 'two', true)];
    kernel.answers.set('1', { variables: all.slice(0, 2) });
    kernel.answers.set('2', { variables: all });
    kernel.answers.set('3', { variables: [variable('a', 'changed', true), ...all.slice(1)] });
    for (const [code, name] of [
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'a'],
    ] as const) {
      await session.submit(code);
      expect(session.state.details?.name, code).toBe(name);
    }
    await session.chooseNext(1);
    expect(session.state.details?.name).toBe('b');
    await session.chooseNext(1);
    expect(session.state.details?.name).toBe('a');
    await session.submit('nothing');
    expect(session.state.details).toBeUndefined();
  });
});

describe('commands', () => {
  /** The last entry after a command. */
  async function after(room: Room, text: string): Promise<string> {
    await room.session.submit(text);
    return room.entries().at(-1)!;
  }

  it('are known by their beginning; unknown ones are refused', async () => {
    const room = open();
    expect(await after(room, '.he')).toMatch(/^prose Type TypeScript/);
    expect(await after(room, '.sav')).toMatch(/^error cannot save: file name should be given/);
    expect(await after(room, '.nonsense')).toMatch(/^error cannot do \.nonsense: .*\.help lists them/);
    expect(await after(room, '.s x')).toMatch(/one of \.skip, \.sizes, \.save/);
    expect(room.kernel.executed).toEqual([]);
    await room.session.submit('.5 + 1'); // no command
    expect(room.kernel.executed).toEqual(['.5 + 1']);
  });

  it('.help has a row for each, and a page for each', async () => {
    const room = open();
    await room.session.submit('.help');
    const page = room.session.state.entries.at(-1) as Extract<Entry, { kind: 'prose' }>;
    for (const { name } of commands) {
      expect(page.markdown).toContain(`\`.${name}`);
      expect(await after(room, `.help ${name}`)).toContain(`.${name}`);
    }
    expect(await after(room, '.help nonsense')).toMatch(/^error cannot help/);
  });

  it('.backend types out what it does, and stops where it fails', async () => {
    const room = open();
    await room.session.submit('.backend toy');
    expect(room.kernel.executed).toHaveLength(3);
    expect(room.entries()[1]).toMatch(/^input const backend = shadowed\(toy\(\{ ringDegree: 16/);
    room.kernel.answers.set(room.kernel.executed[0]!, { status: 'error' });
    await room.session.submit('.backend toy');
    expect(room.kernel.executed).toHaveLength(4);
    expect(await after(room, '.backend gpu')).toMatch(
      /^error cannot make a backend: name should be engine, seal, toy, twin/,
    );
    expect(await after(room, '.backend')).toMatch(/^prose There is no backend yet/);
  });

  it('.type, .plot, .time, .sizes, .report', async () => {
    const room = open();
    expect(await after(room, '.type 1')).toBe('prose ```ts');
    expect(await after(room, '.type const a = 1')).toMatch(/^error .* should be an expression/);
    await room.session.submit('.plot [1, 2]');
    expect(room.kernel.executed).toEqual(['plot([1, 2])']);
    expect(await after(room, '.plot')).toMatch(/^error cannot plot: expression should be given/);
    expect(await after(room, '.time 1')).toBe('info It took 1.00 ms, compiling included.');
    await room.session.submit('.sizes');
    expect(room.kernel.executed.at(-1)).toMatch(/^sizes\(\{ ringDegree/);
    expect(await after(room, '.report')).toMatch(/^error cannot report: .*none yet/);
    expect(await after(room, '.report c')).toBe('details c');
    expect(await after(room, '.report none')).toMatch(/^error cannot report/);
  });

  it('.save and .load', async () => {
    const room = open();
    const file = join(folder, 'session.ts');
    expect(await after(room, `.save ${file}`)).toMatch(/^error cannot save: session should be something that ran/);
    room.kernel.answers.set('wrong', { status: 'error' });
    for (const code of ['const a = 1', 'wrong', 'a + 1']) await room.session.submit(code);
    expect(await after(room, `.save ${file}`)).toBe(`info 2 inputs are in ${file}.`);
    expect(readFileSync(file, 'utf8')).toMatch(/^\/\/ A session of toyfhe.*\nconst a = 1\na \+ 1\n$/);
    expect(await after(room, `.save ${file}`)).toMatch(/which exists; choose another name/);
    writeFileSync(file, '#!/usr/bin/env toyfhe\n2 + 2');
    await room.session.submit(`.load ${file}`);
    expect(room.kernel.executed.at(-1)).toBe('\n2 + 2');
    expect(await after(room, '.load no-such-file.ts')).toMatch(/^error cannot load: file should be readable/);
  });

  it('.theme, .plain-ts, .reset, .exit', async () => {
    const room = open();
    await room.session.submit('.theme light');
    expect(room.session.state.theme).toBe('light');
    expect(await after(room, '.theme pink')).toMatch(/^error .* should be dark, light, plain/);
    expect(await after(room, '.plain-ts on')).toBe('info Operators on ciphertexts are refused now.');
    expect(await after(room, '.reset')).toBe('info A new kernel is ready.');
    expect(room.kernel.restarts).toBe(1);
    await room.session.submit('.exit');
    expect(room.session.state.ended).toBe(true);
    await room.session.close();
    expect(room.kernel.closed).toBe(true);
  });

  it('complete: names, arguments, code', async () => {
    const room = open();
    await room.session.submit('1'); // the kernel is there
    const texts = async (text: string): Promise<string[]> =>
      (await room.session.complete(text, text.length)).matches.map((match) => match.text);
    expect(await texts('.le')).toEqual(['.lessons', '.lesson']);
    expect(await texts('.backend t')).toEqual(['toy', 'twin']);
    expect(await texts('.lesson ')).toContain('0');
    expect(await room.session.complete('.type ab', 8)).toEqual({
      matches: [{ text: 'after  ab', kind: 'const' }],
      start: 5,
      end: 8,
    });
    expect(await room.session.inspect('x', 1)).toMatchObject({ found: false }); // although the compiler has tripped
  });
});

describe('lessons', () => {
  it('.lesson 0 starts one, Enter runs its cells, what is typed between is free', async () => {
    const { session, kernel, entries } = open();
    await session.submit(''); // nothing to go on with
    expect(entries()).toEqual([]);
    await session.submit('.lesson 0');
    const { lesson } = session.state;
    expect(lesson).toMatchObject({ number: 0, done: 0 });
    await session.submit('');
    expect(kernel.executed).toEqual([lesson!.next]);
    expect(session.state.lesson).toMatchObject({ done: 1 });
    await session.submit('1 + 1');
    expect(session.state.lesson).toMatchObject({ done: 1 });
    await session.submit('.back');
    expect(session.state.lesson!.next).toBe(lesson!.next);
    await session.submit('.skip');
    await session.submit('.next');
    expect(kernel.executed).toHaveLength(3);
    await session.submit('.restart');
    expect(session.state.lesson).toMatchObject({ done: 0 });
  });

  it('.lessons lists them; without one, moving is refused', async () => {
    const { session, entries } = open();
    await session.submit('.lessons');
    expect((session.state.entries.at(-1) as Extract<Entry, { kind: 'prose' }>).markdown).toMatch(/\| 0 +\| /);
    for (const command of ['.next', '.back', '.skip', '.restart']) {
      await session.submit(command);
      expect(entries().at(-1)).toMatch(/lesson should be one that is being played but is none/);
    }
    await session.submit('.lesson 99');
    expect(entries().at(-1)).toMatch(/^error cannot play a lesson/);
    await session.submit('.lesson x');
    expect(entries().at(-1)).toMatch(/^error cannot start a lesson/);
  });

  it('.tour begins with a word about the keys', async () => {
    const { session, entries } = open();
    await session.submit('.tour');
    expect(entries()[1]).toMatch(/^prose \*\*A tour\.\*\*/);
    expect(session.state.lesson).toMatchObject({ number: 0 });
  });
});

describe('figures', () => {
  it('the newest one is opened, or its page is named', async () => {
    const { session, kernel, entries } = open();
    await session.openFigure();
    expect(entries()).toEqual(['info There is no figure yet. Try .plot [1, 4, 9, 16].']);
    const figure = { data: [{ type: 'bar', y: [1, 2] }] };
    const data = { 'text/plain': 'figure', 'application/vnd.plotly.v1+json': figure };
    kernel.answers.set('plot', { outputs: [{ type: 'display_data', data }] });
    await session.submit('plot');
    await session.openFigure();
    const [, path] = /: (\S+\.html)$/.exec(entries().at(-1)!)!;
    expect(readFileSync(path!, 'utf8')).toContain('"type":"bar"');
    rmSync(path!);
  });
});
