/**
 * A thread beside the kernel's own, which hears the screen when that one cannot: it stops cells, and ends the process when the
 * screen is gone. Signals would do for code that never waits and for code that only waits, not for loops after an `await`; and
 * between two cells they end the process.
 * @module
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { onEveryOperation } from 'toyfhe/backend';
import { BEAT, BEATS, RUNNING, STOPPING } from './guard-numbers.ts';

export class Guard {
  readonly #shared = new Int32Array(new SharedArrayBuffer(12));
  #stop: (() => void) | undefined;

  constructor() {
    process.on('SIGINT', () => undefined); // Ctrl-C in a terminal reaches all processes; the screen's says what it means
    const file = fileURLToPath(import.meta.url);
    const thread = file.replace(/guard\.[jt]s$/, `guard-thread${extname(file)}`);
    const worker = new Worker(thread, { execArgv: [], workerData: this.#shared });
    worker.on('message', () => this.#stop?.());
    worker.unref();
    // Between two operations of a backend, code can be stopped by an exception: then nothing is left half done.
    onEveryOperation(() => {
      if (Atomics.load(this.#shared, STOPPING) === 1) throw new Interrupted();
    });
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
    Atomics.store(this.#shared, STOPPING, 0);
    Atomics.store(this.#shared, RUNNING, 1);
    try {
      return await Promise.race([running, stopped]);
    } finally {
      this.#stop = undefined;
      Atomics.store(this.#shared, RUNNING, 0);
      Atomics.store(this.#shared, STOPPING, 0);
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
