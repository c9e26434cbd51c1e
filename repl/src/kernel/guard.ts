/**
 * A thread beside the kernel's own, for when that one does not listen: it ends code that loops after an `await`, where no
 * signal reaches it, and ends the process when the screen is gone.
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

export function startGuard(): void {
  const file = fileURLToPath(import.meta.url);
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const thread = file.replace(/guard\.[jt]s$/, `guard-thread${extname(file)}`);
  new Worker(thread, { execArgv: [], workerData: beats }).unref();
  setInterval(() => Atomics.add(beats, 0, 1), BEAT).unref();
}
