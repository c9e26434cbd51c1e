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
      const old = Number(process.versions.node.split('.')[0]) < 22; // its WebAssembly exceptions (exnref) came with 22
      throw new FheError({
        code: 'FORMAT',
        op: 'load node-seal',
        field: old ? 'Node.js' : 'the package node-seal',
        should: old ? 'version 22 or newer' : 'installed and loadable',
        is: old ? process.version : `not: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: old ? 'npm start, npm test and npx toyfhe bring their own Node 24' : 'install it again: npm ci',
        cause,
      });
    });
  return loading;
}

let live = 0;

/**
 * SEAL's memory pool keeps its lock when an allocation fails inside it: the next call, even one that frees, would wait
 * for ever. After that this process must not call SEAL again.
 */
let outOfMemory = false;

/** SEAL objects made by `own` and not yet given to `release`, in the whole process. */
export function liveSealObjects(): number {
  return live;
}

/** Counts a new SEAL object. */
export function own<T extends ClassHandle>(object: T): T {
  live++;
  return object;
}

/** Deletes SEAL objects: the only place that does, because after `outOfMemory` nobody may. */
export function release(...objects: (ClassHandle | undefined)[]): void {
  for (const object of objects) {
    if (object === undefined) continue;
    if (!outOfMemory) object.delete();
    live--;
  }
}

/** Runs `f` with a new SEAL object to write to; deletes the object if `f` throws. */
export function into<T extends ClassHandle>(make: () => T, op: string, f: (out: T) => void): T {
  const out = own(calling(op, make));
  try {
    calling(op, () => f(out));
    return out;
  } catch (error) {
    release(out);
    throw error;
  }
}

/**
 * Makes several SEAL objects, in order; each maker gets those made before. Deletes them all if one of them fails.
 */
export function ownAll(op: string, makers: readonly ((...made: ClassHandle[]) => ClassHandle)[]): ClassHandle[] {
  const made: ClassHandle[] = [];
  try {
    for (const make of makers) made.push(own(calling(op, () => make(...made))));
    return made;
  } catch (error) {
    release(...made);
    throw error;
  }
}

/** Calls SEAL and turns what it throws, which is not an `Error`, into an `FheError`. */
export function calling<T>(op: string, f: () => T): T {
  if (outOfMemory) throw memoryError(op, 'all used up by an earlier call');
  try {
    return f();
  } catch (cause) {
    if (cause instanceof FheError) throw cause;
    // node-seal 7 throws objects whose message is ['std::logic_error', 'result ciphertext is transparent'].
    const message: unknown = typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : cause;
    const text = Array.isArray(message) ? String(message.at(-1)) : String(message);
    if (/transparent/.test(text)) throw transparentResult(op, undefined, { cause });
    if (/alloc|memory|OOM/i.test(text)) {
      outOfMemory = true;
      throw memoryError(op, `more: ${text}`, cause);
    }
    throw new FheError({
      code: 'FORMAT',
      op,
      field: 'call to SEAL',
      should: 'accepted',
      is: `refused: ${text}`,
      hint: 'please report it with the program',
      cause,
    });
  }
}

function memoryError(op: string, is: string, cause?: unknown): FheError {
  return new FheError({
    code: 'MEMORY',
    op,
    field: 'memory needed',
    should: 'within the 4 GiB of a WebAssembly module',
    is,
    hint: 'start the process again, and dispose what is no longer used (scope), make fewer keys or take a smaller ring',
    cause,
  });
}
