/**
 * What `toyfhe bench` measures at: parameters, the same for the engine and for node-seal, and what the engine should reach.
 * @module
 */
import type { ParameterSpec } from 'toyfhe/backend';

/** What the engine should reach on an operation. */
export interface Target {
  /** Times faster than node-seal, on one thread. */
  readonly factor?: number;
  /** At most so many milliseconds, by number of threads. */
  readonly ms?: Readonly<Record<number, number>>;
}

export interface BenchSet {
  readonly engine: ParameterSpec;
  /** The same chain with the one special prime that node-seal takes; absent where node-seal has no such ring. */
  readonly seal?: ParameterSpec;
  /** Rotations of one ciphertext in `rotateMany` and `rotateSum`. */
  readonly rotations: number;
  /** By operation. */
  readonly targets: Readonly<Record<string, Target>>;
}

export const RINGS = [8192, 16384, 32768, 65536] as const;
/** Without 65536, where node-seal has nothing to compare with. */
export const DEFAULT_RINGS: readonly number[] = [8192, 16384, 32768];

/** Bits of the primes, from the bottom up. */
const CHAIN: Readonly<Record<number, readonly number[]>> = {
  8192: [50, ...Array<number>(2).fill(40)],
  16384: [50, ...Array<number>(6).fill(40)],
  32768: [50, ...Array<number>(16).fill(40)],
  65536: Array<number>(29).fill(40),
};

/**
 * The engine's special primes. More of them make fewer, larger digits of the chain: less work in key switching, more to
 * divide by at its end. They count for security as the chain does (log QP at most 218, 438, 881, 1747), and only key
 * switching knows them: ciphertexts, their modulus and their levels are the same as node-seal's.
 */
const ENGINE_SPECIAL: Readonly<Record<number, readonly number[]>> = {
  8192: [50],
  16384: [44, 44, 44],
  32768: [43, 43, 43, 43],
  65536: Array<number>(9).fill(45),
};

/** node-seal takes exactly one. */
const SEAL_SPECIAL = [50];

/** Factors at 8192, 16384 and 32768. */
const FACTORS: Readonly<Record<string, readonly [number, number, number]>> = {
  ntt: [4.5, 4.5, 4.5],
  encode: [2.5, 3, 3],
  encrypt: [4, 5, 5],
  'decrypt+decode': [4, 5, 5],
  multiply: [8, 8, 8],
  multiply_plain: [8, 8, 8],
  relinearize: [6, 8, 11],
  rescale: [5, 5, 5],
  rotate: [6, 8, 11],
  'rotateMany(16)': [8, 12, 15],
};

export function benchSet(ringDegree: number): BenchSet {
  const chain = CHAIN[ringDegree]!;
  const engine = { ringDegree, chain, special: ENGINE_SPECIAL[ringDegree]! };
  const compared = DEFAULT_RINGS.indexOf(ringDegree);
  if (compared < 0) {
    // A key has 122 MiB: eight of them, and one for relinearization, in each of two engines.
    return {
      engine,
      rotations: 8,
      targets: { relinearize: { ms: { 1: 95, 2: 52 } }, 'lazy rotation': { ms: { 1: 17 } } },
    };
  }
  const targets = Object.entries(FACTORS).map(([op, factors]) => [op, { factor: factors[compared]! }] as const);
  const seal = { ringDegree, chain, special: SEAL_SPECIAL };
  return { engine, seal, rotations: 16, targets: Object.fromEntries(targets) };
}
