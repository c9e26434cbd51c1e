/**
 * The ring ℤ_Q[x]/(x^d + 1), with Q a product of distinct primes (a residue number system, RNS).
 * Toy sizes: nothing here is secure.
 * @module
 */

import type { FheError } from '../backend/errors.ts';
import { inverseMod, isPrime, primesAbove } from '../backend/primes.ts';
import { inspect, subscript, superscript } from '../backend/print.ts';
import { need, refused, show } from './checks.ts';
import { type NttTable, nttTable } from './ntt.ts';

/** A negacyclic ring. Two rings with the same degree and primes are the same ring, whichever object holds them. */
export class Ring {
  /** The degree d of x^d + 1, a power of two. */
  readonly degree: number;
  /** The prime factors of Q, in order; `modswitch` drops the last. */
  readonly primes: readonly bigint[];
  /** Q. */
  readonly modulus: bigint;
  /** Equal for equal rings. */
  readonly key: string;
  /** One transform table a prime. */
  readonly tables: readonly NttTable[];
  /** The element of ℤ_Q that is 1 modulo primes[i] and 0 modulo the others (Chinese remainder theorem). */
  readonly idempotents: readonly bigint[];

  constructor(degree: number, primes: readonly bigint[]) {
    this.degree = degree;
    this.primes = primes;
    this.modulus = primes.reduce((product, p) => product * p, 1n);
    this.key = `${degree}:${primes.join(',')}`;
    this.tables = primes.map((p) => nttTable(p, degree));
    this.idempotents = primes.map((p) => {
      const others = this.modulus / p;
      return others * inverseMod(others, p);
    });
  }

  /** The ring of the first `count` primes: `count` − 1 rescalings are left in it. */
  take(count: number): Ring {
    return new Ring(this.degree, this.primes.slice(0, count));
  }

  /** The same ring with one more prime at the end. */
  extend(prime: bigint): Ring {
    return new Ring(this.degree, [...this.primes, prime]);
  }

  equals(other: Ring): boolean {
    return this.key === other.key;
  }

  toString(): string {
    return `ℤ${subscript(this.modulus)}/(x${superscript(this.degree)} + 1)`;
  }

  [inspect](): string {
    return this.toString();
  }
}

/** See the function of the same name. */
export type NegacyclicRing = Ring;

/**
 * ℤ_Q[x]/(x^degree + 1). Each entry of `moduli` is a prime written out (bigint), or a number of bits (number): then
 * the first prime above 2^bits that is 1 modulo 2·degree and not yet in use, so that the transform exists.
 * `NegacyclicRing(16, [40, 40, 40])` has Q = (2^40 + 97)(2^40 + 385)(2^40 + 993). A toy: not secure at these sizes.
 * @throws FheError RANGE for a degree that is no power of two ≥ 2, no moduli, a bit size outside 1..80, a number that
 *   is not prime or not 1 modulo 2·degree, or a prime given twice.
 */
export function NegacyclicRing(degree: number, moduli: readonly (number | bigint)[]): Ring {
  if (!Number.isSafeInteger(degree) || degree < 2 || 2 ** Math.round(Math.log2(degree)) !== degree) {
    throw wrong('the degree', 'a power of two, 2 or more', show(degree), 'choose e.g. 16');
  }
  if (!Array.isArray(moduli)) throw wrong('the moduli', 'an array', show(moduli), 'give e.g. [40, 40, 40]');
  if (moduli.length === 0) throw wrong('the number of moduli', '1 or more', '0', 'give e.g. [40, 40, 40]');
  const m = 2n * BigInt(degree);
  const primes: bigint[] = [];
  const explicit = moduli.filter((entry): entry is bigint => typeof entry === 'bigint');
  for (const entry of moduli) {
    const prime = typeof entry === 'bigint' ? entry : firstPrimeAbove(entry, m, [...primes, ...explicit]);
    if (!isPrime(prime)) throw wrong('each modulus', 'prime', String(prime), 'choose another');
    if (prime % m !== 1n) throw wrong(`each modulus mod ${m}`, '1', `${prime % m} (${prime})`, 'choose another prime');
    if (primes.includes(prime)) throw wrong('each modulus', 'given once', `${prime} twice`, 'leave one out');
    primes.push(prime);
  }
  return new Ring(degree, primes);
}

function firstPrimeAbove(bits: number, m: bigint, taken: readonly bigint[]): bigint {
  // 80: the primality test decides below 2^81.
  if (!Number.isInteger(bits) || bits < 1 || bits > 80) {
    throw wrong('a modulus in bits', 'a whole number from 1 to 80', show(bits), 'write primes as bigints, 97n');
  }
  return primesAbove(bits, m, 1, taken)[0]!;
}

function wrong(field: string, should: string, is: string, hint: string): FheError {
  return refused('RANGE', 'make a ring', field, should, is, hint);
}

/** @throws FheError FORMAT for anything but a ring. */
export function needRing(op: string, ring: unknown): asserts ring is Ring {
  need(ring, Ring, {
    op,
    field: 'the ring',
    should: 'a NegacyclicRing',
    hint: 'write e.g. NegacyclicRing(16, [40, 40, 40])',
  });
}
