/**
 * A session: what is typed goes in, the transcript and everything else there is to show comes out. It knows no terminal.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import type { Executed, Kernel } from '../kernel/kernel.ts';
import type { CompleteReply, InspectReply, IsCompleteReply, SessionSnapshot } from '../kernel/protocol.ts';
import { openNewestFigure } from './browse.ts';
import { type Command, type CommandContext, isCommand, splitCommand } from './command.ts';
import { completeCommand } from './complete-command.ts';
import type { History } from './history.ts';
import type { LessonRoom } from './lesson-room.ts';
import type { SessionView } from './session-view.ts';
import type { Entry, SessionState, ThemeName } from './state.ts';
import { entryOf, withEntry } from './transcript.ts';

export interface SessionOptions {
  readonly kernel: Kernel;
  readonly history: History;
  readonly commands: readonly Command[];
  readonly lessons: LessonRoom;
  readonly theme: ThemeName;
  /** The first lines, Markdown. */
  readonly welcome?: string;
}

export class Session implements SessionView {
  readonly #kernel: Kernel;
  readonly #history: History;
  readonly #commands: readonly Command[];
  readonly #lessons: LessonRoom;
  readonly #listeners = new Set<() => void>();
  readonly #ran: string[] = [];
  readonly #context: CommandContext;
  #state: SessionState;
  #last: Promise<void> = Promise.resolve();
  /** Raised by an interrupt: what waits is forgotten. */
  #generation = 0;
  #chosen: string | undefined;
  /** Why the kernel has ended, until that is mended. */
  #death: string | undefined;

  constructor({ kernel, history, commands, lessons, theme, welcome }: SessionOptions) {
    this.#kernel = kernel;
    this.#history = history;
    this.#commands = commands;
    this.#lessons = lessons;
    this.#state = {
      entries: welcome === undefined ? [] : [{ kind: 'prose', markdown: welcome }],
      activity: 'starting',
      queued: 0,
      progress: undefined,
      variables: [],
      details: undefined,
      status: undefined,
      lastMilliseconds: undefined,
      lesson: undefined,
      theme,
      ended: false,
    };
    this.#context = this.#makeContext();
    kernel.onDeath((why) => {
      this.#death = why;
      // While a cell runs, whoever waits for it sees to it; else nobody does.
      if (this.#state.activity !== 'busy')
        this.#last = this.#last.then(() => this.#recover(this.#state.variables.length));
    });
    kernel.ready.then(
      (snapshot) => this.#update({ ...shown(snapshot), activity: this.#state.queued > 0 ? 'busy' : 'idle' }),
      (error: unknown) => this.#complain(error),
    );
  }

  get state(): SessionState {
    return this.#state;
  }

  get history(): readonly string[] {
    return this.#history.inputs;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  submit(text: string): Promise<void> {
    const generation = this.#generation;
    this.#update({ queued: this.#state.queued + 1 });
    const turn = this.#last.then(async () => {
      if (generation !== this.#generation || this.#state.ended) return;
      this.#update({ queued: Math.max(0, this.#state.queued - 1) });
      try {
        await this.#enter(text);
      } catch (error) {
        this.#complain(error);
      }
    });
    this.#last = turn;
    return turn;
  }

  async isComplete(text: string): Promise<IsCompleteReply> {
    if (isCommand(text) || text.trim() === '') return { status: 'complete', indent: '' };
    // A kernel at work cannot be asked: what is typed meanwhile waits as it is, and is judged when its turn comes.
    if (this.#state.activity === 'busy') return { status: 'complete', indent: '' };
    return this.#kernel.isComplete(text);
  }

  async complete(text: string, cursor: number): Promise<CompleteReply> {
    if (isCommand(text) || /^\s*\.$/.test(text)) return completeCommand(text, cursor, this.#commands, this.#context);
    if (this.#state.activity !== 'idle') return { matches: [], start: cursor, end: cursor };
    // A compiler that trips over half a line is no reason to bother the one who types it.
    return this.#kernel.complete(text, cursor).catch(() => ({ matches: [], start: cursor, end: cursor }));
  }

  async inspect(text: string, cursor: number): Promise<InspectReply> {
    if (isCommand(text) || this.#state.activity !== 'idle') return NOTHING_KNOWN;
    return this.#kernel.inspect(text, cursor).catch(() => NOTHING_KNOWN);
  }

  async interrupt(): Promise<void> {
    this.#generation++; // what waits was meant to follow what is stopped
    if (this.#state.activity !== 'busy') return this.#update({ queued: 0 });
    const lost = this.#state.variables.length;
    const outcome = await this.#kernel.interrupt();
    this.#update({ queued: 0, progress: undefined });
    if (outcome === 'restarted') {
      this.add(notice('warning', `The kernel did not stop, so it was restarted: ${variablesAreLost(lost)}.`));
      this.#started(await this.#kernel.ready);
    }
  }

  async chooseNext(step: 1 | -1): Promise<void> {
    const names = this.#state.variables.filter(({ ciphertext }) => ciphertext).map(({ name }) => name);
    if (names.length === 0 || this.#state.activity !== 'idle') return;
    const at = this.#chosen === undefined ? -1 : names.indexOf(this.#chosen);
    const next = at < 0 ? names.length - 1 : (at + step + names.length) % names.length;
    await this.#choose(names[next]!);
  }

  async openFigure(): Promise<void> {
    this.add(await openNewestFigure(this.#state.entries));
  }

  async close(): Promise<void> {
    this.#update({ ended: true });
    await this.#kernel.close();
  }

  async #enter(text: string): Promise<void> {
    if (text.trim() === '') return this.#runNextCell();
    this.#history.add(text);
    this.add({ kind: 'input', code: text });
    if (isCommand(text)) return this.#command(text);
    const { status } = await this.#run(text);
    this.#lessons.typed(status === 'ok');
    this.#update({ lesson: this.#lessons.state });
  }

  async #runNextCell(): Promise<void> {
    await this.#lessons.next(
      (code) => this.#run(code, true),
      (entry) => this.add(entry),
    );
    this.#update({ lesson: this.#lessons.state });
  }

  async #command(text: string): Promise<void> {
    const { name, args } = splitCommand(text);
    const exact = this.#commands.find((command) => command.name === name);
    const starting = this.#commands.filter((command) => command.name.startsWith(name));
    const command = exact ?? (starting.length === 1 ? starting[0] : undefined);
    if (command === undefined) {
      throw new FheError({
        code: 'RANGE',
        op: `do .${name}`,
        field: 'command',
        should: starting.length > 1 ? `one of ${starting.map((c) => `.${c.name}`).join(', ')}` : 'one that there is',
        is: `.${name}`,
        hint: '.help lists them',
      });
    }
    await command.run(args, this.#context);
  }

  async #run(code: string, asInput = false): Promise<Executed> {
    if (asInput) this.add({ kind: 'input', code });
    await this.#kernel.ready;
    this.#update({ activity: 'busy' });
    let running = code;
    const before = this.#state.variables;
    const executed = await this.#kernel.execute(code, (output) => {
      if (output.type === 'rewritten') running = output.code;
      if (output.type === 'progress') return this.#update({ progress: output.progress });
      const entry = entryOf(output, running);
      if (entry !== undefined) this.add(entry);
    });
    const { status, snapshot, milliseconds } = executed;
    if (status === 'ok') this.#ran.push(code);
    if (status === 'interrupted') this.add(notice('info', 'Stopped. Variables are as they were.'));
    this.#update({ progress: undefined, lastMilliseconds: milliseconds });
    if (snapshot === undefined) await this.#recover(before.length);
    else {
      this.#started(snapshot);
      await this.#chooseNewest(before.map(({ name, summary }) => `${name} ${summary}`));
    }
    return executed;
  }

  /** After the kernel's death. One that was ended by us, to interrupt or to reset, has been replaced already. */
  async #recover(lost: number): Promise<void> {
    const why = this.#death;
    if (why === undefined) return;
    this.#death = undefined;
    this.add(notice('warning', `The kernel has ended: ${why}. A new one is started; ${variablesAreLost(lost)}.`));
    this.#update({ activity: 'starting', variables: [], details: undefined });
    await this.#kernel.restart();
    this.#started(await this.#kernel.ready);
  }

  #started(snapshot: SessionSnapshot): void {
    this.#update({ ...shown(snapshot), activity: 'idle' });
  }

  /** The ciphertext that has just been made is the one to look at. */
  async #chooseNewest(before: readonly string[]): Promise<void> {
    const ciphertexts = this.#state.variables.filter(({ ciphertext }) => ciphertext);
    const made = ciphertexts.findLast(({ name, summary }) => !before.includes(`${name} ${summary}`));
    const still = ciphertexts.find(({ name }) => name === this.#chosen);
    const choice = (made ?? still ?? ciphertexts.at(-1))?.name;
    if (choice !== undefined) return this.#choose(choice);
    this.#chosen = undefined;
    this.#update({ details: undefined });
  }

  async #choose(name: string): Promise<void> {
    this.#chosen = name;
    this.#update({ details: await this.#kernel.details(name) });
  }

  #makeContext(): CommandContext {
    const state = (): SessionState => this.#state;
    return {
      kernel: this.#kernel,
      commands: this.#commands,
      lessons: this.#lessons,
      get state() {
        return state();
      },
      ran: this.#ran,
      add: (entry) => this.add(entry),
      update: (change) => this.#update(change),
      run: (code, asInput = false) => this.#run(code, asInput),
      nextCell: () => this.#runNextCell(),
      reset: async (why) => {
        const lost = this.#state.variables.length;
        this.#update({ activity: 'starting', variables: [], details: undefined });
        await this.#kernel.restart();
        this.#ran.length = 0;
        this.#started(await this.#kernel.ready);
        this.add(notice('info', lost === 0 ? `${why}.` : `${why}; ${variablesAreLost(lost)}.`));
      },
      command: (text) => this.#command(text),
    };
  }

  #complain(error: unknown): void {
    const known = error instanceof FheError;
    const { name, message } = error as Error;
    this.add({
      kind: 'error',
      code: '',
      error: {
        name,
        message,
        problems: [],
        stack: known ? [] : ((error as Error).stack ?? '').split('\n').slice(1, 4),
        ...(known ? { code: error.code, hint: error.hint } : {}),
      },
    });
    if (this.#state.activity === 'busy') this.#update({ activity: 'idle' });
  }

  /** Puts something into the transcript. */
  add(entry: Entry): void {
    this.#update({ entries: withEntry(this.#state.entries, entry) });
  }

  #update(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const NOTHING_KNOWN: InspectReply = { found: false, type: '', documentation: '' };

function shown({ variables, status }: SessionSnapshot): Pick<SessionState, 'variables' | 'status'> {
  return { variables, status };
}

export function notice(level: 'info' | 'warning', text: string): Entry {
  return { kind: 'notice', level, text };
}

function variablesAreLost(count: number): string {
  if (count === 0) return 'there were no variables to lose';
  return count === 1 ? 'its variable is lost' : `its ${count} variables are lost`;
}
