/**
 * Writes tasks for the threads (kernels/tasks.ts) and has them run. One call of `run` is one phase: its tasks may run in
 * any order and at the same time, and all are done when it returns.
 * @module
 */
import type { Heap } from './heap.ts';

/** Task numbers of kernels/tasks.ts. The comment: arguments after the prime's index; f: doubles. */
export const OP = {
  forward: 1, // dst, src
  inverse: 2, // dst, src; f: constant/n, constant/n·ψ^(−n/2)
  add: 3, // d, a, b
  sub: 4,
  neg: 5, // d, a
  mul: 6, // d, a, b
  scale: 8, // d, a; f: w
  addConst: 9, // d, a; f: c
  subScale: 10, // d, a, b; f: w
  tensor: 11, // d0, d1, d2, a0, a1, b0, b1
  square: 12, // d0, d1, d2, a0, a1
  copy: 13, // d, a
  dot: 14, // d0, d1, table, count
  dotConst: 15, // d, table, weights, count
  switchLimb: 16, // job
  modDown: 17, // conversion, sum, out, more, table
  rescale: 18, // d, coefficients, limb; f: 1/q
  permute: 19, // d, a, table
  reduce: 20, // d, x
  uniform: 21, // d, seed, digit
  encryptPublic: 22, // c0, c1, v, e0, e1, b, a, message
  decrypt: 23, // d, c0, c1, c2, s
  keyLimb: 24, // digit, key, number, seed, e, s, s'; f: 1/P
  horner: 25, // d, digit
  encryptSecret: 26, // c0, c1, seed, e, s, message
  residues: 27, // d, coefficients, parts, table
} as const;

/** Bytes of a task. */
const TASK = 64;
/** Task slots, as in kernels/pool.ts. */
export const SLOTS = 4096;

/** Who runs what has been written. */
export interface Runner {
  /** Runs the tasks with numbers up to `limit` (modulo 2^32). */
  run(limit: number): void;
}

export class Tasks {
  readonly address: number;
  readonly #heap: Heap;
  readonly #runner: Runner;
  #count = 0;
  #limit = 0;

  constructor(heap: Heap, runner: (tasks: number) => Runner) {
    this.#heap = heap;
    this.address = heap.allocate(SLOTS * TASK, 'the task list');
    this.#runner = runner(this.address);
  }

  /** Adds a task: the operation, the index of its prime, its arguments, then its doubles. */
  add(op: number, prime: number, args: readonly number[], first: number = 0, second: number = 0): void {
    if (this.#count === SLOTS) this.run();
    const at = this.address + ((this.#limit + this.#count) % SLOTS) * TASK;
    const { u32, f64 } = this.#heap;
    u32[at / 4] = op;
    u32[at / 4 + 1] = prime;
    for (let i = 0; i < args.length; i++) u32[at / 4 + 2 + i] = args[i]!;
    f64[at / 8 + 6] = first;
    f64[at / 8 + 7] = second;
    this.#count++;
  }

  /** Runs all that has been added since the last call. */
  run(): void {
    if (this.#count === 0) return;
    this.#limit = (this.#limit + this.#count) >>> 0;
    this.#count = 0;
    this.#runner.run(this.#limit);
  }
}
