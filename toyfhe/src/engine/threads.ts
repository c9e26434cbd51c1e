/**
 * The engine's threads: workers over the kernels' shared memory, in Node and in browsers. A worker lives inside one call of
 * the kernels' `work` and comes out only to learn of keys that lie outside the memory.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import type { Heap } from './heap.ts';
import type { KeyStore } from './key-store.ts';
import type { Runner } from './tasks.ts';
import type { Kernels, WasmModule } from './wasm.ts';

/** Control block, u32 each, at these bytes (kernels/pool.ts). */
const GENERATION = 192;
const FAILED = 196;
const LIMIT = 0;
const DONE = 128;
const CONTROL_BYTES = 320;

/** How long `join` sleeps at a time. */
const NAP = 100; // milliseconds
/**
 * Naps without a single task finished before a worker counts as dead. The longest task there is takes some 50 ms; naps are
 * counted, not time, so that a computer that was asleep meanwhile does not count as a death.
 */
const PATIENCE = 100;

/** What a worker is told: first everything, then keys. */
type Message =
  | {
      readonly module: WasmModule;
      readonly memory: object;
      readonly control: number;
      readonly tasks: number;
      readonly ring: number;
      readonly thread: number;
      readonly degree: number;
    }
  | { readonly generation: number; readonly key?: number; readonly limbs?: Float64Array | null };

/** The worker's program, as text: a library file has no address that holds in every bundle, kernel and browser. */
const WORKER = `
const node = typeof process === 'object' && process.getBuiltinModule;
const port = node ? process.getBuiltinModule('node:worker_threads').parentPort : self;
const keys = new Map();
let start, exports;
const receive = (message) => {
  if (message.module) {
    start = message;
    const { memory, degree } = message;
    let view = new Float64Array(memory.buffer);
    const heap = (end) => (end > view.length ? (view = new Float64Array(memory.buffer)) : view);
    const limb = (key, part) => keys.get(key).subarray(part * degree, (part + 1) * degree);
    const env = {
      memory,
      abort: () => { throw new Error('a kernel has aborted'); },
      fetchKey: (key, part, to) => heap((to >>> 3) + degree).set(limb(key, part), to >>> 3),
      storeKey: (key, part, from) => limb(key, part).set(heap((from >>> 3) + degree).subarray(from >>> 3, (from >>> 3) + degree)),
    };
    exports = new WebAssembly.Instance(message.module, { env }).exports;
    port.postMessage('ready');
    return;
  }
  if (message.limbs) keys.set(message.key, message.limbs);
  else if (message.key !== undefined) keys.delete(message.key);
  try {
    exports.work(start.control, start.tasks, start.ring, start.thread, message.generation);
  } catch (error) {
    const control = new Int32Array(start.memory.buffer, start.control, ${CONTROL_BYTES / 4});
    Atomics.store(control, ${FAILED / 4}, 1);
    Atomics.notify(control, ${DONE / 4});
    throw error;
  }
};
if (node) port.on('message', receive);
else self.onmessage = ({ data }) => receive(data);
`;

/** The parts of node:worker_threads and of the browser's Worker that are used. */
interface AnyWorker {
  postMessage(message: Message): void;
  terminate(): unknown;
}
interface NodeWorker extends AnyWorker {
  on(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): void;
  unref(): void;
}
interface BrowserWorker extends AnyWorker {
  onmessage: (() => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}
interface Browser {
  Worker?: new (url: string) => BrowserWorker;
  URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
  Blob: new (parts: string[], options: { type: string }) => object;
  /** Browsers: whether memory may be shared between threads. */
  crossOriginIsolated?: boolean;
  document?: object;
  navigator?: { hardwareConcurrency?: number };
}

const browser = globalThis as unknown as Browser;
const inNode = typeof process === 'object' && typeof process.getBuiltinModule === 'function';

/** More than any machine that this was tried on: each thread costs scratch memory. */
export const MOST_THREADS = 256;

/** Threads that can run here: the cores in Node, and in browsers that isolate the page; else 1. */
export function availableThreads(): number {
  if (!inNode && (browser.crossOriginIsolated !== true || browser.Worker === undefined)) return 1;
  return Math.min(MOST_THREADS, Math.max(1, browser.navigator?.hardwareConcurrency ?? 1));
}

export class Threads implements Runner {
  /** The calling thread included. */
  readonly count: number;
  readonly #heap: Heap;
  readonly #kernels: Kernels;
  readonly #control: number;
  readonly #tasks: number;
  readonly #ring: number;
  readonly #workers: AnyWorker[] = [];
  readonly #patience: number;
  #generation = 1;
  /** Why no further operation is possible. */
  #broken: string | undefined;
  #closed = false;

  /** @param patience naps without progress before a worker counts as dead; for tests */
  constructor(
    heap: Heap,
    kernels: Kernels,
    keys: KeyStore,
    addresses: { readonly tasks: number; readonly ring: number },
    count: number,
    patience: number = PATIENCE,
  ) {
    this.#heap = heap;
    this.#kernels = kernels;
    this.#tasks = addresses.tasks;
    this.#ring = addresses.ring;
    this.count = count;
    this.#patience = patience;
    this.#control = heap.allocate(CONTROL_BYTES, 'the thread pool');
    heap.u32.fill(0, this.#control / 4, (this.#control + CONTROL_BYTES) / 4);
    heap.u32[(this.#control + GENERATION) / 4] = this.#generation;
    keys.onChange = (key, limbs) => this.#announce(key, limbs);
  }

  /** Starts the workers. @throws FheError WORKER where one cannot be started */
  async start(module: WasmModule, degree: number): Promise<void> {
    try {
      await Promise.all(this.#startWorkers(module, degree));
    } catch (cause) {
      this.close();
      throw dead('start the engine', String(cause), cause);
    }
    for (const worker of this.#workers) {
      worker.postMessage({ generation: this.#generation });
      if (inNode) (worker as NodeWorker).unref(); // an idle pool keeps no program alive
    }
  }

  #startWorkers(module: WasmModule, degree: number): Promise<void>[] {
    const ready: Promise<void>[] = [];
    for (let thread = 1; thread < this.count; thread++) {
      const { worker, started } = inNode ? this.#nodeWorker() : this.#browserWorker();
      this.#workers.push(worker);
      ready.push(started);
      const { memory } = this.#heap;
      worker.postMessage({
        module,
        memory,
        control: this.#control,
        tasks: this.#tasks,
        ring: this.#ring,
        thread,
        degree,
      });
    }
    return ready;
  }

  run(limit: number): void {
    if (this.#broken !== undefined) throw dead('compute', this.#broken);
    try {
      this.#kernels.publish(this.#control, this.#tasks, this.#ring, limit);
    } catch (error) {
      this.#broken = `a task has failed: ${String(error)}`;
      throw dead('compute', this.#broken, error);
    }
    const sleeping = this.#maySleep;
    let naps = 0;
    let since = performance.now();
    let done = -1;
    for (;;) {
      const state = this.#kernels.join(this.#control, sleeping ? 1 : 0, NAP);
      if (state === 1) return;
      if (state === 2) this.#break('a task has failed in a worker');
      const now = Atomics.load(this.#heap.u32, (this.#control + DONE) / 4);
      if (now !== done) {
        done = now;
        naps = 0;
        since = performance.now();
      } else if (sleeping ? ++naps >= this.#patience : performance.now() - since > this.#patience * NAP) {
        this.#break('stopped: its task does not end');
      }
    }
  }

  /** Ends the workers. */
  close(): void {
    this.#closed = true;
    this.#broken ??= 'the backend is disposed';
    for (const worker of this.#workers) void worker.terminate();
    this.#workers.length = 0;
  }

  /** @internal For tests: kills a worker as if the system had. */
  kill(): void {
    void this.#workers[0]?.terminate();
  }

  /** A browser's main thread may not sleep: it spins. */
  get #maySleep(): boolean {
    return inNode || browser.document === undefined;
  }

  #break(why: string): never {
    this.#broken = why;
    throw dead('compute', why);
  }

  /** Tells the workers of a key outside the memory, or that it is gone; those that have not heard take no part. */
  #announce(key: number, limbs: Float64Array | null): void {
    if (this.#workers.length === 0) return;
    this.#generation++;
    for (const worker of this.#workers) worker.postMessage({ generation: this.#generation, key, limbs });
    const control = new Int32Array(this.#heap.memory.buffer, this.#control, CONTROL_BYTES / 4);
    Atomics.store(control, GENERATION / 4, this.#generation);
    Atomics.notify(control, LIMIT / 4);
  }

  #nodeWorker(): { worker: AnyWorker; started: Promise<void> } {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const worker: NodeWorker = new Worker(WORKER, { eval: true, execArgv: [], stdout: false, stderr: false });
    const started = new Promise<void>((resolve, reject) => {
      worker.on('message', () => resolve());
      worker.on('error', (error) => {
        this.#broken ??= `a worker thread has failed: ${String(error)}`;
        reject(error);
      });
      worker.on('exit', () => {
        if (!this.#closed) this.#broken ??= 'a worker thread has ended';
        reject(new Error('it ended at once'));
      });
    });
    return { worker, started };
  }

  #browserWorker(): { worker: AnyWorker; started: Promise<void> } {
    const url = browser.URL.createObjectURL(new browser.Blob([WORKER], { type: 'text/javascript' }));
    const worker = new browser.Worker!(url);
    const started = new Promise<void>((resolve, reject) => {
      worker.onmessage = () => {
        browser.URL.revokeObjectURL(url);
        resolve();
      };
      worker.onerror = ({ message }) => {
        this.#broken ??= `a worker thread has failed: ${message ?? 'unknown'}`;
        reject(new Error(message));
      };
    });
    return { worker, started };
  }
}

function dead(op: string, is: string, cause?: unknown): FheError {
  return new FheError({
    code: 'WORKER',
    op,
    field: 'worker threads',
    should: 'alive',
    is,
    hint: 'create the engine again; threads: 1 does without workers',
    cause,
  });
}
