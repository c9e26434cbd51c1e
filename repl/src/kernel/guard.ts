/**
 * A thread beside the kernel's own, which hears the screen when that one cannot: it stops cells, and ends the process when the
 * screen is gone. Signals would do for code that never waits and for code that only waits, not for loops after an `await`; and
 * between two cells they end the process.
 * @module
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** The pipe by which the screen reaches it: file descriptor of the kernel. */
export const GUARD_FD = 4;
/** What the screen writes to it. */
export const STOP = 'stop\n';
/** Milliseconds between two signs of life of the kernel's own thread, which it gives whenever code lets it. */
export const BEAT = 50;

/** What the two threads share: i32 each. */
export const BEATS = 0;
/** 1 while a cell's code runs or is waited for: only then may what runs be ended. */
export const RUNNING = 1;

export class Guard {
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  #stop: (() => void) | undefined;

  constructor() {
    process.on('SIGINT', () => undefined); // Ctrl-C in a terminal reaches all processes; the screen's says what it means
    const file = fileURLToPath(import.meta.url);
    const thread = file.replace(/guard\.[jt]s$/, `guard-thread${extname(file)}`);
    const worker = new Worker(thread, { execArgv: [], workerData: this.#shared });
    worker.on('message', () => this.#stop?.());
    worker.unref();
    setInterval(() => Atomics.add(this.#shared, BEATS, 1), BEAT).unref();
  }

  /** What `code` returns. @throws Interrupted where it is stopped; whatever of it still runs then is not waited for */
  async watch<T>(code: () => T): Promise<Awaited<T>> {
    const stopped = new Promise<never>((_, reject) => {
      this.#stop = () => reject(new Interrupted());
    });
    // In a microtask of its own: code that is ended takes with it whatever has called it.
    const running = (async () => {
      await null;
      return await code();
    })();
    Atomics.store(this.#shared, RUNNING, 1);
    try {
      return await Promise.race([running, stopped]);
    } finally {
      this.#stop = undefined;
      Atomics.store(this.#shared, RUNNING, 0);
    }
  }
}

/** Thrown by a cell that was stopped. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
  constructor() {
    super('interrupted');
  }
}
