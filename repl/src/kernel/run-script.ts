/**
 * Runs a cell's script in the global scope, so that Ctrl-C stops it and leaves the variables alone.
 * @module
 */
import { Script } from 'node:vm';
import type { CellScript } from './cell-script.ts';

/** Thrown by a cell that was stopped. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
  constructor() {
    super('interrupted');
  }
}

/** Rejects what waits when SIGINT comes. Code that never waits is stopped by `breakOnSigint` instead. */
export class InterruptSignal {
  #waiting: ((reason: Interrupted) => void) | undefined;

  constructor() {
    // Also keeps the signal from ending the process.
    process.on('SIGINT', () => this.#waiting?.(new Interrupted()));
  }

  async race<T>(promise: Promise<T>): Promise<T> {
    const interrupted = new Promise<never>((_, reject) => {
      this.#waiting = reject;
    });
    try {
      return await Promise.race([promise, interrupted]);
    } finally {
      this.#waiting = undefined;
    }
  }
}

/** @param filename what its stack frames are called */
export async function runScript(
  { code, asynchronous }: CellScript,
  filename: string,
  signal: InterruptSignal,
): Promise<void> {
  const script = new Script(code, { filename });
  let promise: unknown;
  try {
    promise = script.runInThisContext({ breakOnSigint: true, displayErrors: false });
  } catch (error) {
    throw isInterrupt(error) ? new Interrupted() : error;
  }
  if (asynchronous) await signal.race(promise as Promise<unknown>);
}

function isInterrupt(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
}
