/**
 * Presses one after the other: those that come while an answer is awaited wait for it, so that fast typing means the same as
 * slow typing.
 * @module
 */
import type { Press } from './screen-state.ts';

export interface Hold<Answer> {
  readonly use: (answer: Answer) => void;
  readonly failed: (error: unknown) => void;
  /** Milliseconds after which presses go on without the answer; it is then still used. Undefined: they wait for it. */
  readonly atMost?: number;
}

export class PressQueue {
  readonly #handle: (press: Press) => void;
  #waiting: Press[] = [];
  /** The question whose answer is awaited. */
  #question: object | undefined;

  constructor(handle: (press: Press) => void) {
    this.#handle = handle;
  }

  push(press: Press): void {
    this.#waiting.push(press);
    this.#run();
  }

  /** Forgets what waits, and the answer that it waits for. */
  clear(): void {
    this.#waiting = [];
    this.#question = undefined;
  }

  hold<Answer>(answer: Promise<Answer>, { use, failed, atMost }: Hold<Answer>): void {
    const question = {};
    this.#question = question;
    let patient = true;
    const timer = atMost === undefined ? undefined : setTimeout(() => go(false), atMost);
    const go = (answered: boolean): void => {
      patient = answered;
      if (this.#question !== question) return;
      this.#question = undefined;
      this.#run();
    };
    const wanted = (): boolean => this.#question === question || !patient;
    answer
      .then(
        (value) => wanted() && use(value),
        (error: unknown) => wanted() && failed(error),
      )
      .finally(() => {
        clearTimeout(timer);
        go(true);
      });
  }

  #run(): void {
    while (this.#question === undefined) {
      const press = this.#waiting.shift();
      if (press === undefined) return;
      this.#handle(press);
    }
  }
}
