/**
 * What code prints becomes outputs of its cell, in order with all others. A flood is cut: nobody reads it, and it would
 * fill the memory of two processes.
 * @module
 */
import type { Output } from './protocol.ts';

/** Of one cell, in characters, where nobody asks for more. */
export const MOST_OUTPUT = 5_000_000;
/** So many pieces go out at once within a period, in milliseconds; those after them wait and go together. */
const AT_ONCE = 20;
const PERIOD = 30;
/** What waits is not longer than this, in characters. */
const FULL = 16_000;

export class Streams {
  #send: ((output: Output) => void) | undefined;
  #name: 'stdout' | 'stderr' = 'stdout';
  readonly #most: number;
  #waiting = '';
  #pieces = 0;
  #since = 0;
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param most characters of one cell */
  constructor(most: number) {
    this.#most = most;
    this.#capture('stdout');
    this.#capture('stderr');
  }

  /** From now on, what is printed belongs to this cell. */
  begin(send: (output: Output) => void): void {
    this.flush();
    this.#send = send;
    this.#sent = 0;
  }

  /** Sends what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting === '') return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#send?.({ type: 'stream', name: this.#name, text });
  }

  #capture(name: 'stdout' | 'stderr'): void {
    const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
      this.#add(name, typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString());
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(callback as () => void);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }

  #add(name: 'stdout' | 'stderr', text: string): void {
    if (name !== this.#name) this.flush();
    this.#name = name;
    if (this.#sent > this.#most) return;
    this.#sent += text.length;
    this.#waiting +=
      this.#sent > this.#most ? `${text.slice(0, FULL)}\n… (what else this cell prints is left out)\n` : text;
    // In a loop that never ends no timer gets its turn, so little waits for one.
    const now = performance.now();
    if (now - this.#since > PERIOD) [this.#since, this.#pieces] = [now, 0];
    if (this.#pieces++ < AT_ONCE || this.#waiting.length > FULL) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), PERIOD);
  }
}
