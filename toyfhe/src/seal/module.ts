/**
 * node-seal's WebAssembly module: loaded once a process, its errors translated, its objects counted.
 * @module
 */
import type { ClassHandle, MainModule } from 'node-seal';
import { FheError, transparentResult } from '../backend/errors.ts';
import { importSeal } from './bridge.cjs';

export type Seal = MainModule;

let loading: Promise<Seal> | undefined;

/**
 * Loads node-seal.
 * @throws FheError FORMAT where this Node cannot run it (older than 22).
 */
export function loadSeal(): Promise<Seal> {
  loading ??= importSeal()
    .then((module) => module.default() as Promise<Seal>)
    .catch((cause: unknown) => {
      loading = undefined;
      throw new FheError({
        code: 'FORMAT',
        op: 'load node-seal',
        field: 'Node.js',
        should: 'version 22 or newer (WebAssembly exceptions with exnref)',
        is: process.version,
        hint: 'run it through this project: npm start, npm test or npx toyfhe bring their own Node 24',
        cause,
      });
    });
  return loading;
}

let live = 0;

/** SEAL objects made by `own` and not yet given to `release`, in the whole process. */
export function liveSealObjects(): number {
  return live;
}

/** Counts a new SEAL object. */
export function own<T extends ClassHandle>(object: T): T {
  live++;
  return object;
}

/** Deletes SEAL objects. */
export function release(...objects: (ClassHandle | undefined)[]): void {
  for (const object of objects) {
    if (object === undefined) continue;
    object.delete();
    live--;
  }
}

/** Runs `f` with a new SEAL object to write to; deletes the object if `f` throws. */
export function into<T extends ClassHandle>(make: () => T, op: string, f: (out: T) => void): T {
  const out = own(make());
  try {
    calling(op, () => f(out));
    return out;
  } catch (error) {
    release(out);
    throw error;
  }
}

/** Calls SEAL and turns what it throws, which is not an `Error`, into an `FheError`. */
export function calling<T>(op: string, f: () => T): T {
  try {
    return f();
  } catch (cause) {
    if (cause instanceof FheError) throw cause;
    // node-seal 7 throws objects whose message is ['std::logic_error', 'result ciphertext is transparent'].
    const message: unknown = typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : cause;
    const text = Array.isArray(message) ? String(message.at(-1)) : String(message);
    if (/transparent/.test(text)) throw transparentResult(op, 'transparent (its second polynomial is zero)', { cause });
    const memory = /alloc|memory|OOM/i.test(text);
    throw new FheError({
      code: memory ? 'RANGE' : 'FORMAT',
      op,
      field: memory ? 'memory needed' : 'call to SEAL',
      should: memory ? 'within the 4 GiB of a WebAssembly module' : 'accepted',
      is: `refused: ${text}`,
      hint: memory
        ? 'dispose what is no longer used, make fewer keys, or take a smaller ring'
        : 'please report it with the program',
      cause,
    });
  }
}
