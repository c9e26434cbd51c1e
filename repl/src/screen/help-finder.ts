/**
 * Asks what is known of the cursor's place once typing pauses; answers that come too late are dropped.
 * @module
 */
import type { InspectReply } from '../kernel/protocol.ts';
import type { SessionView } from '../session/session-view.ts';
import { EMPTY, type TextBuffer } from './text-buffer.ts';

/** UTF-16 units: nobody needs help in the midst of more. */
const LONGEST_ASKED = 20_000;

export class HelpFinder {
  readonly #session: SessionView;
  readonly #delay: number;
  readonly #found: (help: InspectReply | undefined) => void;
  #timer: NodeJS.Timeout | undefined;
  #asked: TextBuffer = EMPTY;

  /** @param delay milliseconds without a press before it asks */
  constructor(session: SessionView, delay: number, found: (help: InspectReply | undefined) => void) {
    this.#session = session;
    this.#delay = delay;
    this.#found = found;
  }

  /** After each press: the empty text where no help is wanted. What was found before stays until there is an answer. */
  look(buffer: TextBuffer): void {
    if (buffer.text === this.#asked.text && buffer.cursor === this.#asked.cursor) return;
    clearTimeout(this.#timer);
    this.#asked = buffer;
    if (!this.#helps(buffer)) return this.#found(undefined);
    this.#timer = setTimeout(() => void this.#ask(buffer), this.#delay);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#asked = EMPTY;
  }

  async #ask(buffer: TextBuffer): Promise<void> {
    if (this.#session.state.activity !== 'idle') return;
    const reply = await this.#session.inspect(buffer.text, buffer.cursor).catch(() => undefined);
    if (this.#asked === buffer) this.#found(reply?.found === true ? reply : undefined);
  }

  #helps({ text }: TextBuffer): boolean {
    return (
      this.#session.state.activity === 'idle' &&
      text.trim() !== '' &&
      text.length <= LONGEST_ASKED &&
      !text.trimStart().startsWith('.')
    );
  }
}
