/**
 * A progress bar on stderr. It draws itself inside `step`, because the work between two steps is synchronous and
 * leaves timers no turn.
 * @module
 */
import { createLogUpdate } from 'log-update';

const WIDTH = 24;
/** Milliseconds between two drawings: faster than the eye follows, slow enough to cost nothing. */
const PERIOD = 80;

// With the cursor shown: hiding it would catch Ctrl-C to bring it back, and synchronous work never gets to the catcher.
const line = createLogUpdate(process.stderr, { showCursor: true });

export class Progress {
  readonly #title: string;
  readonly #total: number;
  readonly #start: number = performance.now();
  readonly #shown: boolean;
  readonly #of: number;
  #done = 0;
  #drawn = 0;

  /** Draws only where stderr is a terminal. `of`: what the numbers count, where that is not the steps. */
  constructor(title: string, total: number, options: { readonly of?: number } = {}) {
    this.#title = title;
    this.#total = total;
    this.#of = options.of ?? total;
    this.#shown = process.stderr.isTTY === true;
    this.#draw();
  }

  step(): void {
    this.#done++;
    if (performance.now() - this.#drawn >= PERIOD) this.#draw();
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#shown) line.clear();
  }

  #draw(): void {
    if (!this.#shown) return;
    this.#drawn = performance.now();
    line(bar(this.#title, this.#done, this.#total, (this.#drawn - this.#start) / 1000, this.#of));
  }
}

/** `encrypt   ━━━━━━━━────────────────  17/49, 3 s left`; the numbers count to `of`, in step with `total`. */
export function bar(title: string, done: number, total: number, seconds: number, of: number = total): string {
  const full = Math.round((WIDTH * done) / total);
  const left = done === 0 ? '' : `, ${Math.ceil((seconds * (total - done)) / done)} s left`;
  return `${title.padEnd(9)} ${'━'.repeat(full)}${'─'.repeat(WIDTH - full)} ${Math.floor((of * done) / total)}/${of}${left}`;
}
