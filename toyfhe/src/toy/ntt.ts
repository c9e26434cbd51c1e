/**
 * The number-theoretic transform: a polynomial modulo x^d + 1 and a prime p, seen through its values at the d roots of
 * x^d + 1. Products become pointwise there. Source: Cooley–Tukey's transform. The negacyclic twist is a step of its own here, to
 * be seen; Longa–Naehrig, eprint 2016/504, merge it into the butterflies, which saves d products.
 * @module
 */

import { inverseMod, primitiveRootOfUnity } from '../backend/primes.ts';

/** The powers of ψ that one prime and one degree need. */
export interface NttTable {
  readonly p: bigint;
  readonly degree: number;
  /** ψ^j for j < d, where ψ has order 2d, so that the roots of x^d + 1 are the odd powers of ψ. */
  readonly twist: readonly bigint[];
  /** ψ^−j / d: undoes the twist and the factor d of an inverse transform in one product. */
  readonly untwist: readonly bigint[];
  /** ω^j for j < d/2, where ω = ψ². */
  readonly omega: readonly bigint[];
  readonly omegaInverse: readonly bigint[];
}

const tables = new Map<string, NttTable>();

/** The table for a prime p ≡ 1 (mod 2·degree), built once and kept. `degree` is a power of two. */
export function nttTable(p: bigint, degree: number): NttTable {
  const key = `${p}:${degree}`;
  const known = tables.get(key);
  if (known) return known;
  const psi = primitiveRootOfUnity(2n * BigInt(degree), p);
  const psiInverse = inverseMod(psi, p);
  const table: NttTable = {
    p,
    degree,
    twist: powers(psi, degree, p, 1n),
    untwist: powers(psiInverse, degree, p, inverseMod(BigInt(degree), p)),
    omega: powers((psi * psi) % p, degree / 2, p, 1n),
    omegaInverse: powers((psiInverse * psiInverse) % p, degree / 2, p, 1n),
  };
  tables.set(key, table);
  return table;
}

/** Coefficients in [0, p) → values: entry k of the result is the polynomial's value at ψ^(2k+1), in [0, p). */
export function ntt(table: NttTable, coefficients: readonly bigint[]): bigint[] {
  const { p, twist, omega } = table;
  // a(ψ^(2k+1)) = Σ (aⱼ·ψ^j)·ω^(jk): after the twist it is an ordinary cyclic transform.
  return cyclic(
    coefficients.map((a, j) => (a * twist[j]!) % p),
    omega,
    p,
  );
}

/** The inverse of {@link ntt}. */
export function inverseNtt(table: NttTable, values: readonly bigint[]): bigint[] {
  const { p, untwist, omegaInverse } = table;
  return cyclic(values, omegaInverse, p).map((a, j) => (a * untwist[j]!) % p);
}

/** Σⱼ aⱼ·ω^(jk) for every k, radix 2, decimation in time. `omega` holds ω^j for j < d/2. */
function cyclic(input: readonly bigint[], omega: readonly bigint[], p: bigint): bigint[] {
  const d = input.length;
  const a = bitReversed(input);
  for (let half = 1; half < d; half *= 2) {
    const stride = d / (2 * half); // the roots of order 2·half are every stride-th power of ω
    for (let start = 0; start < d; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const even = a[start + i]!;
        const odd = (a[start + i + half]! * omega[i * stride]!) % p;
        const sum = even + odd;
        const difference = even - odd;
        a[start + i] = sum >= p ? sum - p : sum;
        a[start + i + half] = difference < 0n ? difference + p : difference;
      }
    }
  }
  return a;
}

/** Entry i of the result is the entry whose index is i with its binary digits read backwards. */
function bitReversed(input: readonly bigint[]): bigint[] {
  const d = input.length;
  const out = input.slice();
  for (let i = 1, j = 0; i < d; i++) {
    let bit = d >> 1;
    for (; j & bit; bit >>= 1) j ^= bit; // adding 1 from the top: carry to the right
    j |= bit;
    out[j] = input[i]!;
  }
  return out;
}

/** first·base^j mod p for j < count. */
function powers(base: bigint, count: number, p: bigint, first: bigint): bigint[] {
  const out: bigint[] = [];
  for (let j = 0, power = first; j < count; j++, power = (power * base) % p) out.push(power);
  return out;
}
