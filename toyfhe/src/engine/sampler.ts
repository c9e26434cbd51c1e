/**
 * Seeds and what grows from them: secrets, errors, and the uniform halves of keys and ciphertexts. Each seed is 32 bytes
 * from the operating system, used once; the kernels expand it by ChaCha20.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import { ERROR_SIGMA } from '../backend/noise.ts';
import type { RandomSource } from '../backend/random.ts';
import { gaussianTable } from './gaussian.ts';
import { SEED_BYTES } from './handles.ts';
import type { Machine } from './machine.ts';

export class Sampler {
  readonly #machine: Machine;
  readonly #random: RandomSource;
  readonly #table: number;
  readonly #seed: number;
  readonly #nonce: number;
  readonly #scratch: number;

  constructor(machine: Machine, random: RandomSource) {
    this.#machine = machine;
    this.#random = random;
    const { heap } = machine;
    const table = gaussianTable(ERROR_SIGMA);
    this.#table = heap.allocate(table.byteLength, 'the sampler');
    heap.u8.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), this.#table);
    this.#seed = heap.allocate(SEED_BYTES, 'the sampler');
    this.#nonce = heap.allocate(12, 'the sampler');
    this.#scratch = heap.allocate(machine.kernels.sampleScratch(), 'the sampler');
  }

  /** A fresh seed. @throws FheError RANGE where the source of randomness gives less than was asked */
  seed(): Uint8Array {
    const seed = this.#random.bytes(SEED_BYTES);
    if (seed instanceof Uint8Array && seed.length === SEED_BYTES) return seed;
    throw new FheError({
      code: 'RANGE',
      op: 'draw a seed',
      field: 'bytes of the option random',
      should: String(SEED_BYTES),
      is: String(seed?.length),
      hint: 'give as many as bytes(n) asks for, or leave the option out',
    });
  }

  /** Calls `f` with functions that draw coefficients from one secret seed, each call from a stream of its own. */
  secretly<T>(f: (draw: { ternary(limb: number): void; error(limb: number): void }) => T): T {
    const { heap, kernels, ring } = this.#machine;
    const seed = this.seed();
    let stream = 0;
    const next = (): void => {
      heap.u8.set(seed, this.#seed);
      heap.u32.set([1, stream++, 0], this.#nonce / 4); // 1: the kernels' own draws have 0 here
    };
    try {
      return f({
        ternary: (limb) => {
          next();
          kernels.sampleTernary(limb, ring.degree, this.#seed, this.#nonce, this.#scratch);
        },
        error: (limb) => {
          next();
          kernels.sampleGaussian(limb, ring.degree, this.#seed, this.#nonce, this.#scratch, this.#table);
        },
      });
    } finally {
      seed.fill(0);
      heap.u8.fill(0, this.#seed, this.#seed + SEED_BYTES);
    }
  }

  /** Calls `f` with the address of a seed in the kernels' memory. */
  withSeed<T>(seed: Uint8Array, f: (address: number) => T): T {
    return this.#machine.borrowBytes(SEED_BYTES, 'a seed', (address) => {
      this.#machine.heap.u8.set(seed, address);
      return f(address);
    });
  }
}
