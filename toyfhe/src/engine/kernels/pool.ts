/**
 * Fork and join over shared memory. The main thread publishes tasks and works on them like everyone else; workers spin a
 * while, then sleep. Spinning makes a fork and join some tenths of a microsecond, sleeping makes an idle pool free.
 *
 * Tasks are numbered from 0 on for ever (modulo 2^32): task i lies in slot i mod SLOTS. `limit` is how many have been
 * published, `next` the first that nobody has claimed, `done` how many are finished. Numbers never go back, so a thread
 * that was late in one operation can only claim a valid task of the next one.
 */
import { execute } from './tasks';

/** The control block, u32 each. */
export namespace Control {
  export const LIMIT: usize = 0;
  export const NEXT: usize = 64; // apart, each on a cache line of its own
  export const DONE: usize = 128;
  /** Which keys outside this memory a worker must know to take part; workers that do not return to learn of them. */
  export const GENERATION: usize = 192;
  /** Set when a worker's task has trapped. */
  export const FAILED: usize = 196;
  /** Workers asleep. */
  export const ASLEEP: usize = 256;
}

/** Records of 64 bytes from here on; a power of two of them. */
const TASK: usize = 64;
export const SLOTS: u32 = 4096;

/** Loads before a thread goes to sleep: some 50 µs, longer than the main thread needs between two operations. */
const SPINS: u32 = 100000;

/**
 * Claims and runs tasks until none is left, or the generation has changed. In this order of loads: who sees the limit of a
 * new generation sees the generation.
 */
function drain(control: usize, tasks: usize, ring: usize, thread: u32, generation: u32): void {
  while (true) {
    const next = atomic.load<u32>(control + Control.NEXT);
    const limit = atomic.load<u32>(control + Control.LIMIT);
    if (next == limit || atomic.load<u32>(control + Control.GENERATION) != generation) return;
    if (atomic.cmpxchg<u32>(control + Control.NEXT, next, next + 1) != next) continue;
    execute(ring, thread, tasks + <usize>(next & (SLOTS - 1)) * TASK);
    if (atomic.add<u32>(control + Control.DONE, 1) + 1 == limit) atomic.notify(control + Control.DONE, 1);
  }
}

/** A worker's life: works until the generation changes, then returns. */
export function work(control: usize, tasks: usize, ring: usize, thread: u32, generation: u32): void {
  while (true) {
    if (atomic.load<u32>(control + Control.GENERATION) != generation) return;
    drain(control, tasks, ring, thread, generation);
    const seen = atomic.load<u32>(control + Control.LIMIT);
    let spins: u32 = 0;
    while (atomic.load<u32>(control + Control.LIMIT) == seen && spins < SPINS) {
      if (atomic.load<u32>(control + Control.GENERATION) != generation) return;
      spins++;
    }
    if (spins < SPINS) continue;
    atomic.add<u32>(control + Control.ASLEEP, 1);
    // Returns at once where the limit has changed meanwhile. A generation that changes between these two lines is learnt of at
    // the next publication: until then this thread is missing, no more.
    if (atomic.load<u32>(control + Control.GENERATION) == generation) {
      atomic.wait<u32>(control + Control.LIMIT, seen, -1);
    }
    atomic.sub<u32>(control + Control.ASLEEP, 1);
  }
}

/** Publishes the tasks up to `limit` and works on them until none is left to claim. */
export function publish(control: usize, tasks: usize, ring: usize, limit: u32): void {
  atomic.store<u32>(control + Control.LIMIT, limit);
  if (atomic.load<u32>(control + Control.ASLEEP) != 0) atomic.notify(control + Control.LIMIT, -1);
  drain(control, tasks, ring, 0, atomic.load<u32>(control + Control.GENERATION));
}

/**
 * Waits until all published tasks are done: spinning, then asleep for at most `milliseconds` where `sleep` is set (a
 * browser's main thread may not). 1: all done. 0: not yet; whoever calls again and again sees by `done` whether others
 * still make progress. 2: a task has trapped.
 */
export function join(control: usize, sleep: u32, milliseconds: u32): u32 {
  const limit = atomic.load<u32>(control + Control.LIMIT);
  for (let spins: u32 = 0; spins < SPINS; spins++) {
    if (atomic.load<u32>(control + Control.DONE) == limit) return 1;
    if (atomic.load<u32>(control + Control.FAILED)) return 2;
  }
  const done = atomic.load<u32>(control + Control.DONE);
  if (done == limit) return 1;
  if (sleep) atomic.wait<u32>(control + Control.DONE, done, <i64>milliseconds * 1000000);
  if (atomic.load<u32>(control + Control.FAILED)) return 2;
  return atomic.load<u32>(control + Control.DONE) == limit ? 1 : 0;
}
