/**
 * The records that kernels read and the engine writes (moduli.ts, ring.ts and key-switch.ts). All fields u32 unless marked f64.
 */

// @ts-ignore: decorator
@inline
export function field(record: usize, offset: usize): usize {
  return <usize>i32.load(record + offset);
}

/** The ring: one record, shared by all tasks. */
export namespace Ring {
  export const DEGREE: usize = 0;
  /** Bytes from one limb to the next: 8·degree + 320. Never a power of two, or limbs would fall on the same cache lines. */
  export const STRIDE: usize = 4;
  /** All primes: the chain's, then the special ones. */
  export const PRIMES: usize = 8;
  /** Primes of the chain. */
  export const CHAIN: usize = 12;
  /** Modulus records, one a prime. */
  export const MODULI: usize = 16;
  /** Scratch of thread 0; the others follow. */
  export const SCRATCH: usize = 20;
  export const SCRATCH_BYTES: usize = 24;
  /** Most digits of a key switch. */
  export const DIGITS: usize = 28;
}

/** One prime. */
export namespace Modulus {
  export const SIZE: usize = 48;
  /** f64 p, 1/p. */
  export const PRIME: usize = 0;
  export const INVERSE: usize = 8;
  /** f64 of `dot`. */
  export const MAGIC: usize = 16;
  export const TERMS: usize = 24;
  export const WIDE: usize = 28;
  /** Of `forward` and `inverse`. */
  export const LAZY: usize = 32;
  export const EVERY: usize = 36;
  /** Twiddle tables. */
  export const ROOTS: usize = 40;
  export const INVERSE_ROOTS: usize = 44;
}

/** A base conversion: of a digit to all primes of the ring, or from the special primes to the chain. */
export namespace Conversion {
  /** count doubles a target. */
  export const WEIGHTS: usize = 0;
  /** 32 bytes a target (convert.ts). */
  export const TARGETS: usize = 4;
  /** Limbs it reads. */
  export const COUNT: usize = 8;
}

/** One key switch. */
export namespace Switch {
  /** Digits, and for each one 16 bytes: conversion, first limb, limb after the last, unused. */
  export const DIGITS: usize = 0;
  export const DIGIT_COUNT: usize = 4;
  /** The polynomial to switch: addresses of its transformed limbs. */
  export const INPUT: usize = 8;
  /** Its coefficients, premultiplied for the conversions: limb i at + i·stride. */
  export const COEFFICIENTS: usize = 12;
  /** Chain limbs in use: level + 1. */
  export const LIMBS: usize = 16;
  /** Where converted digits are kept for several rotations: digit i, prime j at + (i·primes + j)·stride; 0 for nowhere. */
  export const KEPT: usize = 20;
  /** 1 where they are there already. */
  export const READY: usize = 24;
  /** Accumulators modulo all primes: prime j at + j·stride. */
  export const SUM0: usize = 28;
  export const SUM1: usize = 32;
  /** What to multiply by (Term). */
  export const TERMS: usize = 36;
  export const TERM_COUNT: usize = 40;
}

/** One key, and what to do with its product. */
export namespace Term {
  export const SIZE: usize = 16;
  /** The key in memory: digit i, polynomial c, prime j at + ((2·i + c)·primes + j)·stride; 0 where it is elsewhere. */
  export const KEY: usize = 0;
  /** Its number, where it lies outside this memory. */
  export const KEY_NUMBER: usize = 4;
  /** A permutation: the result is permuted and added to the accumulators. 0: it is stored there. */
  export const TABLE: usize = 8;
  /** With a permutation: addresses of chain limbs to add to the first result before. */
  export const ADD: usize = 12;
}
