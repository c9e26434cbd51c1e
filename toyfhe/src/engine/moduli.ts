/**
 * One record a prime: constants of its reductions and transforms, twiddle tables, accumulators (kernels/layout.ts).
 * @module
 */
import { inverseMod, powMod, primitiveRootOfUnity } from '../backend/primes.ts';
import type { Heap } from './heap.ts';
import type { Kernels } from './wasm.ts';

/** A prime of the ring. */
export interface Modulus {
  readonly prime: bigint;
  readonly p: number;
  readonly pinv: number;
  /** 1/n and 1/n·ψ^(−n/2) modulo p: what the inverse transform's last pass multiplies by. */
  readonly scale: bigint;
  readonly scaleRoot: bigint;
}

/** x mod p as a double in [−p/2, p/2]. */
export function centred(x: bigint, p: bigint): number {
  const r = ((x % p) + p) % p;
  return Number(r > p / 2n ? r - p : r);
}

/**
 * The magic accumulator (kernels/dot.ts) for products of at most `term` each modulo p: how many of them it takes exactly,
 * and its start 1.5·2^e. Conditions: Σ < 2^(e−1), and terms·3/4·2^(e−52) + 2·p ≤ 2^53.
 */
export function magicAccumulator(term: number, p: number): { magic: number; terms: number } {
  const exponent = (terms: number): number => Math.floor(Math.log2(terms * term)) + 2;
  const fits = (terms: number): boolean => terms * 0.75 * 2 ** (exponent(terms) - 52) + 2 * p <= 2 ** 53;
  let terms = 1;
  while (terms < MOST_TERMS && fits(terms + 1)) terms++;
  return { magic: 1.5 * 2 ** exponent(terms), terms };
}

/** More terms at a time gain nothing: the reduction after them is a few percent of their work by then. */
const MOST_TERMS = 64;

/** What every kernel takes and gives: |x| ≤ 3/4·p. */
export const RESIDUE_BOUND = 0.75;

/** Bytes of a modulus record. */
export const MODULUS_BYTES = 64;

/** Above it, a sum's reduction leaves more than 3/4·p and is done twice (kernels/dot.ts, `fold`). */
const WIDE = 2n ** 47n;

/** Writes the record of one prime at `record` and its two tables at `roots` and `inverseRoots`, 8·n bytes each. */
export function makeModulus(
  heap: Heap,
  kernels: Kernels,
  prime: bigint,
  n: number,
  record: number,
  roots: number,
  inverseRoots: number,
): Modulus {
  const p = Number(prime);
  const pinv = 1 / p;
  const psi = primitiveRootOfUnity(2n * BigInt(n), prime);
  const inverse = inverseMod(psi, prime);
  fillRoots(heap, kernels, roots, n, psi, prime);
  fillRoots(heap, kernels, inverseRoots, n, inverse, prime);
  const scale = inverseMod(BigInt(n), prime);
  const scaleRoot = (scale * powMod(inverse, BigInt(n / 2), prime)) % prime;
  const { magic, terms } = magicAccumulator((RESIDUE_BOUND * p) ** 2, p);

  heap.f64.set([p, pinv, centred(scale, prime), centred(scaleRoot, prime), magic], record / 8);
  heap.u32.set([terms, prime > WIDE ? 1 : 0, prime < 2n ** 48n ? 1 : 0, everyPasses(prime), roots, inverseRoots], record / 4 + 10);
  return { prime, p, pinv, scale, scaleRoot };
}

/** In how many radix-4 passes an inverse transform may leave its sums alone (kernels/ntt.ts, `inverse`). */
function everyPasses(prime: bigint): number {
  if (prime < 2n ** 44n) return 4;
  if (prime < 2n ** 46n) return 3;
  return prime < 2n ** 48n ? 2 : 1;
}

/**
 * table[j] = ψ^bitreverse(j), centred: for m = 2^k, bitreverse(m + i) = bitreverse(i) + n/(2m), so each power of two of
 * entries is the entries before times ψ^(n/(2m)).
 */
function fillRoots(heap: Heap, kernels: Kernels, table: number, n: number, psi: bigint, prime: bigint): void {
  const p = Number(prime);
  const power = (m: number): number => centred(powMod(psi, BigInt(n / (2 * m)), prime), prime);
  heap.f64[table / 8] = 1;
  heap.f64[table / 8 + 1] = power(1);
  for (let m = 2; m < n; m *= 2) kernels.scale(table + 8 * m, table, m, power(m), p, 1 / p);
  kernels.reduceAll(table, table, n, p, 1 / p);
}
