/**
 * What a session has beside the library: functions that show something on the screen. They are imported by name into
 * every session, and do nothing useful elsewhere.
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DisplayBundle } from 'toyfhe/notebook';
import { bundleOf } from './bundle.ts';
import type { Output } from './protocol.ts';

/** Where the outputs of the running cell go. */
type Send = (output: Output) => void;
const running = new AsyncLocalStorage<Send>();

/** Milliseconds between two messages about progress: faster than the eye follows. */
const PERIOD = 80;

let look = { colour: false, columns: 80 };

/** @internal For the kernel: runs a cell whose outputs go to `send`. */
export function withOutputs<T>(send: Send, run: () => T): T {
  return running.run(send, run);
}

/** @internal For the kernel: how values are printed. */
export function setLook(value: { readonly colour: boolean; readonly columns: number }): void {
  look = value;
}

/** Shows values now, as the result of a cell is shown: vectors aligned, images and figures drawn. */
export function display(...values: readonly unknown[]): void {
  for (const value of values) running.getStore()?.({ type: 'display_data', data: bundleOf(value, look) });
}

/** @internal For the kernel: what `show` of toyfhe/notebook shows. The screen has no use for its HTML. */
export function displayShown({ 'text/html': _html, ...data }: DisplayBundle): void {
  running.getStore()?.({ type: 'display_data', data });
}

/** Long work that is under way. */
export interface ProgressBar {
  /** `steps` more are done; 1 unless told. */
  step(steps?: number): void;
  /** Takes the bar away. */
  end(): void;
}

/**
 * A progress bar: `const bar = progress('images', 100); …; bar.step(); …; bar.end()`.
 * @param total how many steps there are in all
 */
export function progress(title: string, total: number): ProgressBar {
  const send = running.getStore();
  const start = performance.now();
  let done = 0;
  let told = Number.NEGATIVE_INFINITY;
  const tell = (): void => {
    const now = performance.now();
    if (now - told < PERIOD && done < total) return;
    told = now;
    send?.({
      type: 'progress',
      progress: { title, done: Math.min(done, total), total, seconds: (now - start) / 1000 },
    });
  };
  tell();
  return {
    step: (steps = 1) => {
      done += steps;
      tell();
    },
    end: () => send?.({ type: 'progress', progress: undefined }),
  };
}

/**
 * What functions with an option `onProgress` want: `backend.keygen({ rotations, onProgress: showProgress('keys') })`.
 */
export function showProgress(title: string): (done: number, total: number) => void {
  let bar: ProgressBar | undefined;
  let before = 0;
  return (done, total) => {
    bar ??= progress(title, total);
    bar.step(done - before);
    before = done;
    if (done >= total) bar.end();
  };
}

/**
 * Goes through something of known length with a progress bar: `for (const x of tracked(xs)) …`, also over generators such
 * as `train`, whose number of steps has to be told.
 */
export function* tracked<T>(
  items: Iterable<T>,
  title: string = 'steps',
  total?: number,
): Generator<T, void, undefined> {
  const known = total ?? lengthOf(items);
  const bar = progress(title, known);
  try {
    for (const item of items) {
      yield item;
      bar.step();
    }
  } finally {
    bar.end();
  }
}

function lengthOf(items: Iterable<unknown>): number {
  if ('length' in items && typeof items.length === 'number') return items.length;
  if ('size' in items && typeof items.size === 'number') return items.size;
  throw new RangeError("cannot track: total should be given but is missing; write tracked(items, 'steps', 100)");
}
