/**
 * A session for tests of the screen: no kernel, answers by the test, and a record of what was asked.
 * @module
 */
import type { CompleteReply, InspectReply, IsCompleteReply } from '../src/kernel/protocol.ts';
import type { SessionView } from '../src/session/session-view.ts';
import type { Entry, SessionState } from '../src/session/state.ts';

export const IDLE: SessionState = {
  entries: [],
  activity: 'idle',
  queued: 0,
  progress: undefined,
  variables: [],
  details: undefined,
  status: { memoryBytes: 95_000_000 },
  lastMilliseconds: undefined,
  lesson: undefined,
  theme: 'dark',
  ended: false,
};

export const NOTHING_KNOWN: InspectReply = { found: false, type: '', documentation: '' };

export class FakeSession implements SessionView {
  /** What was asked, in order: `submit 1 + 1`, `interrupt`, `choose 1`. */
  readonly asked: string[] = [];
  history: string[] = [];
  #state: SessionState;
  readonly #listeners = new Set<() => void>();

  constructor(state: Partial<SessionState> = {}) {
    this.#state = { ...IDLE, ...state };
  }

  get state(): SessionState {
    return this.#state;
  }

  update(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  add(...entries: readonly Entry[]): void {
    this.update({ entries: [...this.#state.entries, ...entries] });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be replaced by a test. */
  answer: {
    isComplete(text: string): IsCompleteReply | Promise<IsCompleteReply>;
    complete(text: string, cursor: number): CompleteReply | Promise<CompleteReply>;
    inspect(text: string, cursor: number): InspectReply | Promise<InspectReply>;
    submit(text: string): void | Promise<void>;
  } = {
    isComplete: () => ({ status: 'complete', indent: '' }),
    complete: (_text, cursor) => ({ matches: [], start: cursor, end: cursor }),
    inspect: () => NOTHING_KNOWN,
    submit: (text) => this.add({ kind: 'input', code: text }),
  };

  async submit(text: string): Promise<void> {
    this.asked.push(`submit ${text}`);
    if (text !== '') this.history.push(text);
    await this.answer.submit(text);
  }

  async isComplete(text: string): Promise<IsCompleteReply> {
    return this.answer.isComplete(text);
  }

  async complete(text: string, cursor: number): Promise<CompleteReply> {
    return this.answer.complete(text, cursor);
  }

  async inspect(text: string, cursor: number): Promise<InspectReply> {
    return this.answer.inspect(text, cursor);
  }

  async interrupt(): Promise<void> {
    this.asked.push('interrupt');
  }

  async chooseNext(step: 1 | -1): Promise<void> {
    this.asked.push(`choose ${step}`);
  }

  async openFigure(): Promise<void> {
    this.asked.push('figure');
  }

  async close(): Promise<void> {
    this.asked.push('close');
  }
}
