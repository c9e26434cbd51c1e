/**
 * Between the keyboard and the session: presses in, a state to draw out.
 * @module
 */
import type { SessionView } from '../session/session-view.ts';
import { openList, refreshedList } from './completion-list.ts';
import { changed, emptied } from './editing.ts';
import { type EnterDecision, enterDecision } from './enter.ts';
import { HelpFinder } from './help-finder.ts';
import { editorPress, withNewline } from './press-editor.ts';
import { listPress } from './press-list.ts';
import { PressQueue } from './press-queue.ts';
import { screenPress } from './press-screen.ts';
import { searchPress } from './press-search.ts';
import { type Effect, FIRST_STATE, type Press, type ScreenState, type Surroundings } from './screen-state.ts';
import type { LinesOf } from './scroll.ts';
import { surroundings, type Viewport } from './surroundings.ts';
import { EMPTY } from './text-buffer.ts';

export interface ControlOptions {
  /** Milliseconds without a press before help is looked for. */
  readonly helpDelay: number;
  readonly unicode: boolean;
}

/** Milliseconds that presses wait for completions. */
const COMPLETION_WAIT = 500;
const HOW_TO_LEAVE = 'press Ctrl-D or type .exit to leave';
const HANDLERS = [searchPress, listPress, screenPress, editorPress];

export class Control {
  readonly #session: SessionView;
  readonly #queue = new PressQueue((press) => this.#handle(press));
  readonly #help: HelpFinder;
  readonly #around: Surroundings;
  readonly #listeners = new Set<() => void>();
  #state: ScreenState = FIRST_STATE;
  #viewport: Viewport = { rows: 1, linesOf: () => [] };

  constructor(session: SessionView, { helpDelay, unicode }: ControlOptions) {
    this.#session = session;
    this.#help = new HelpFinder(session, helpDelay, (help) => {
      if (help !== this.#state.help) this.#update({ help });
    });
    this.#around = surroundings(session, unicode, () => this.#viewport);
  }

  get state(): ScreenState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** How the transcript is seen: to be told whenever that changes. */
  view(rows: number, linesOf: LinesOf): void {
    this.#viewport = { rows, linesOf };
  }

  press(press: Press): void {
    if ('key' in press && press.key === 'ctrl-c') this.#cancel();
    else this.#queue.push(press);
  }

  /** Ends what waits for time to pass. */
  end(): void {
    this.#help.end();
  }

  #update(change: Partial<ScreenState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #handle(press: Press): void {
    let state: ScreenState = { ...this.#state, hint: undefined };
    let effect: Effect | undefined;
    for (const handler of HANDLERS) {
      const outcome = handler(state, press, this.#around);
      if (outcome === undefined) continue;
      ({ state, effect } = { effect: undefined, ...outcome });
      if (outcome.again !== true) break;
    }
    this.#update(state);
    if (effect !== undefined) this.#do(effect);
    this.#lookForHelp();
  }

  #lookForHelp(): void {
    const { editing, search, list } = this.#state;
    this.#help.look(search === undefined && list === undefined ? editing.buffer : EMPTY);
  }

  #do(effect: Effect): void {
    switch (effect) {
      case 'enter':
        return this.#enter();
      case 'complete':
        return this.#complete();
      case 'refresh':
        return void this.#refresh();
      case 'help':
        return this.#submit('.help');
      case 'figure':
        return this.#watch(this.#session.openFigure());
      case 'next':
        return this.#watch(this.#session.chooseNext(1));
      case 'previous':
        return this.#watch(this.#session.chooseNext(-1));
    }
  }

  #enter(): void {
    const decision = enterDecision(this.#state.editing.buffer.text, this.#session);
    if (!(decision instanceof Promise)) return this.#entered(decision);
    this.#queue.hold(decision, {
      use: (decided) => this.#entered(decided),
      failed: (error) => this.#complain(error),
    });
  }

  #entered(decision: EnterDecision): void {
    if (typeof decision === 'object') return this.#update(withNewline(this.#state, decision.indent));
    const { editing } = this.#state;
    this.#update({ editing: emptied(editing), walk: undefined });
    if (decision === 'submit') this.#submit(editing.buffer.text);
    else if (this.#session.state.lesson !== undefined) this.#submit('');
    this.#lookForHelp();
  }

  #submit(text: string): void {
    this.#update({ position: { at: 'end', seen: this.#session.state.entries.at(-1) } });
    this.#watch(this.#session.submit(text));
  }

  #complete(): void {
    const { buffer } = this.#state.editing;
    this.#queue.hold(this.#session.complete(buffer.text, buffer.cursor), {
      use: (reply) => {
        if (this.#state.editing.buffer !== buffer) return;
        const { buffer: next, list } = openList(reply, buffer);
        const hint = reply.matches.length === 0 ? 'no completions here' : undefined;
        this.#update({ editing: changed(this.#state.editing, next), list, hint });
        this.#lookForHelp();
      },
      failed: (error) => this.#complain(error),
      // A busy kernel answers late.
      atMost: this.#session.state.activity === 'idle' ? COMPLETION_WAIT : 0,
    });
  }

  /** Of the list that is open. */
  async #refresh(): Promise<void> {
    const { buffer } = this.#state.editing;
    const reply = await this.#session.complete(buffer.text, buffer.cursor).catch(() => undefined);
    if (reply !== undefined && this.#state.list?.typed === buffer && this.#state.editing.buffer === buffer) {
      this.#update({ list: refreshedList(reply, buffer) });
    }
  }

  /** Ctrl-C: never waits. */
  #cancel(): void {
    this.#queue.clear();
    const { editing, search, list } = this.#state;
    if (this.#session.state.activity === 'busy') this.#watch(this.#session.interrupt());
    else if (search !== undefined) this.#update({ search: undefined, hint: undefined });
    else if (list !== undefined) this.#update({ list: undefined, editing: { ...editing, buffer: list.typed } });
    else if (editing.buffer.text !== '') this.#update({ editing: changed(editing, EMPTY), walk: undefined });
    else this.#update({ hint: HOW_TO_LEAVE });
    this.#lookForHelp();
  }

  /** Lets the session work, and says where that fails. */
  #watch(work: Promise<void>): void {
    work.catch((error: unknown) => this.#complain(error));
  }

  #complain(error: unknown): void {
    this.#update({ hint: error instanceof Error ? error.message : String(error) });
  }
}
