/**
 * Hybrid key switching (Han–Ki, CT-RSA 2020): a polynomial under a key s' to a ciphertext under s.
 *   1. take the limbs back to coefficients, digit by digit (inverse transforms, constants folded in);
 *   2. convert each digit to all primes, transform, multiply by the key, limb by limb while everything is in the cache;
 *   3. divide the sum by P: special limbs back to coefficients, converted down, transformed, added.
 * Phases are separated by barriers; within one, every task writes limbs of its own, so the result is the same for any
 * number of threads.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import type { Heap } from './heap.ts';
import type { StoredKey } from './key-store.ts';
import type { Ring } from './ring.ts';
import { OP, type Tasks } from './tasks.ts';

/** Addresses of a polynomial's transformed limbs, from q₀ up. */
export type Limbs = readonly number[];

/** One product with a key. */
export interface Term {
  readonly key: StoredKey;
  /** What to add to the first result: of a rotation c₀, of a relinearization d₀. */
  readonly add0: Limbs;
  /** What to add to the second one: of a relinearization d₁. */
  readonly add1?: Limbs;
  /** The permutation of a rotation, which comes last; 0 for none. */
  readonly table: number;
}

const SWITCH_BYTES = 64;
const TERM_BYTES = 16;

export class KeySwitch {
  readonly #ring: Ring;
  readonly #heap: Heap;
  readonly #tasks: Tasks;
  readonly #job: number;
  readonly #digits: number;
  readonly #input: number;
  readonly #coefficients: number;
  readonly #sums: readonly [number, number];
  /** Room for the converted digits of one polynomial, made when first needed. */
  #kept = 0;
  #terms: { address: number; count: number } = { address: 0, count: 0 };

  constructor(ring: Ring, heap: Heap, tasks: Tasks) {
    this.#ring = ring;
    this.#heap = heap;
    this.#tasks = tasks;
    const { chain, stride } = ring;
    const primes = ring.moduli.length;
    this.#job = heap.allocate(SWITCH_BYTES, 'key switching');
    this.#digits = heap.allocate(16 * ring.digits.length, 'key switching');
    this.#input = heap.allocate(4 * chain, 'key switching');
    this.#coefficients = heap.allocate(chain * stride, 'key switching');
    this.#sums = [heap.allocate(primes * stride, 'key switching'), heap.allocate(primes * stride, 'key switching')];
  }

  /** out = (add0, add1) + the switched `input`, permuted. */
  switch(input: Limbs, term: Term, out: readonly [Limbs, Limbs]): void {
    this.#describe(input);
    this.#toCoefficients(input);
    this.#writeTerms([{ ...term, table: 0 }]);
    this.#products(input.length, { kept: false, ready: false });
    this.#modDown(out, term);
  }

  /** Prepares the digits of `input` for several calls of `switchPrepared`; false where there is no room for them. */
  prepare(input: Limbs): boolean {
    const bytes = this.#ring.digits.length * this.#ring.moduli.length * this.#ring.stride;
    try {
      this.#kept ||= this.#heap.allocate(bytes, 'hoisting');
    } catch (error) {
      if (error instanceof FheError && error.code === 'MEMORY') return false;
      throw error;
    }
    this.#describe(input);
    this.#toCoefficients(input);
    this.#writeTerms([]);
    this.#products(input.length, { kept: true, ready: false });
    return true;
  }

  switchPrepared(input: Limbs, term: Term, out: readonly [Limbs, Limbs]): void {
    this.#writeTerms([{ ...term, table: 0 }]);
    this.#products(input.length, { kept: true, ready: true });
    this.#modDown(out, term);
  }

  /** Starts a sum of rotations modulo P·q₀…q_level. */
  beginSum(limbs: number): void {
    for (const sum of this.#sums) {
      for (const j of this.#primesInUse(limbs)) {
        const at = (sum + j * this.#ring.stride) / 8;
        this.#heap.f64.fill(0, at, at + this.#ring.degree);
      }
    }
  }

  /** Adds the products of `input` with every term's key, each permuted by its table. */
  accumulate(input: Limbs, terms: readonly Term[]): void {
    this.#describe(input);
    this.#toCoefficients(input);
    this.#writeTerms(terms);
    this.#products(input.length, { kept: false, ready: false });
  }

  /** Adds a ciphertext as it is: a rotation by nothing. */
  accumulateUnchanged(c: readonly Limbs[]): void {
    for (const [i, sum] of this.#sums.entries()) {
      c[i]!.forEach((limb, j) => {
        const at = sum + j * this.#ring.stride;
        this.#tasks.add(OP.add, j, [at, at, limb]);
      });
    }
    this.#tasks.run();
  }

  /** Ends the sum: one division by P for all its terms. */
  endSum(out: readonly [Limbs, Limbs]): void {
    this.#modDown(out, undefined);
  }

  #primesInUse(limbs: number): number[] {
    const { chain, moduli } = this.#ring;
    return [...Array(limbs).keys(), ...Array.from({ length: moduli.length - chain }, (_, i) => chain + i)];
  }

  /** The job's record and its digits, cut off at the limbs in use. */
  #describe(input: Limbs): void {
    const { u32 } = this.#heap;
    u32.set(input, this.#input / 4);
    let count = 0;
    for (const { from, to, conversions } of this.#ring.digits) {
      if (from >= input.length) break;
      const end = Math.min(to, input.length);
      u32.set([conversions[end - from - 1]!.record, from, end], this.#digits / 4 + 4 * count);
      count++;
    }
    const record = [this.#digits, count, this.#input, this.#coefficients, input.length, 0, 0, ...this.#sums];
    u32.set(record, this.#job / 4);
  }

  #toCoefficients(input: Limbs): void {
    for (const { from, to, conversions } of this.#ring.digits) {
      const end = Math.min(to, input.length);
      for (let i = from; i < end; i++) {
        const [scale, scaleRoot] = conversions[end - from - 1]!.folds[i - from]!;
        this.#tasks.add(OP.inverse, i, [this.#coefficients + i * this.#ring.stride, input[i]!], scale, scaleRoot);
      }
    }
    this.#tasks.run();
  }

  #writeTerms(terms: readonly Term[]): void {
    if (terms.length > this.#terms.count) {
      const larger = this.#heap.allocate(this.#termBytes(terms.length), 'key switching');
      if (this.#terms.address !== 0) this.#heap.release(this.#terms.address, this.#termBytes(this.#terms.count));
      this.#terms = { address: larger, count: terms.length };
    }
    const { u32 } = this.#heap;
    const { address, count } = this.#terms;
    const lists = address + TERM_BYTES * count;
    for (const [k, { key, add0, table }] of terms.entries()) {
      const list = lists + k * 4 * this.#ring.chain;
      if (table !== 0) u32.set(add0, list / 4);
      u32.set([key.address, key.number, table, list], (address + TERM_BYTES * k) / 4);
    }
    u32.set([address, terms.length], this.#job / 4 + 9);
  }

  #termBytes(count: number): number {
    return count * (TERM_BYTES + 4 * this.#ring.chain);
  }

  #products(limbs: number, { kept, ready }: { kept: boolean; ready: boolean }): void {
    this.#heap.u32.set([kept ? this.#kept : 0, ready ? 1 : 0], this.#job / 4 + 5);
    for (const j of this.#primesInUse(limbs)) this.#tasks.add(OP.switchLimb, j, [this.#job]);
    this.#tasks.run();
  }

  /** out = sums/P, plus what the term adds, permuted by it. */
  #modDown(out: readonly [Limbs, Limbs], term: Term | undefined): void {
    const { chain, moduli, stride } = this.#ring;
    const { record, folds } = this.#ring.down!;
    for (const sum of this.#sums) {
      for (let j = chain; j < moduli.length; j++) {
        const at = sum + j * stride;
        this.#tasks.add(OP.inverse, j, [at, at], ...folds[j - chain]!);
      }
    }
    this.#tasks.run();
    for (const [i, sum] of this.#sums.entries()) {
      const added = i === 0 ? term?.add0 : term?.add1;
      out[i]!.forEach((limb, j) => {
        this.#tasks.add(OP.modDown, j, [record, sum, limb, added?.[j] ?? 0, term?.table ?? 0]);
      });
    }
    this.#tasks.run();
  }
}
