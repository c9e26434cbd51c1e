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

/** A sum's accumulator (kernels/dot.ts). */
export interface Accumulator {
  /** 1.5·2^e. */
  readonly magic: number;
  /** Products at a time. */
  readonly terms: number;
  /** Whether their sum's reduction can leave more than 3/4·p. */
  readonly wide: boolean;
}

/**
 * The magic accumulator for products of at most `term` each modulo p. Exact where Σ < 2^(e−1) and
 * terms·3/4·2^(e−52) + 2·p ≤ 2^53; not wide where 3·2^-53·Σ/p ≤ 1/4 (`fold`). As many terms as are both, if they are at least
 * a few; else as many as are exact.
 */
export function magicAccumulator(term: number, p: number): Accumulator {
  const exponent = (terms: number): number => Math.floor(Math.log2(terms * term)) + 2;
  const exact = (terms: number): boolean => terms * 0.75 * 2 ** (exponent(terms) - 52) + 2 * p <= 2 ** 53;
  const narrow = Math.floor(2 ** 53 / 12 / (term / p));
  const most = narrow >= FEW_TERMS ? Math.min(narrow, MOST_TERMS) : MOST_TERMS;
  let terms = 1;
  while (terms < most && exact(terms + 1)) terms++;
  return { magic: 1.5 * 2 ** exponent(terms), terms, wide: terms > narrow };
}

/** More terms at a time gain nothing: the reduction after them is a few percent of their work by then. */
const MOST_TERMS = 64;
/** With fewer than these a second reduction after more terms is cheaper. */
const FEW_TERMS = 6;

/** What every kernel takes and gives: |x| ≤ 3/4·p. */
export const RESIDUE_BOUND = 0.75;

/** Below: transforms without reductions between passes, and without any (kernels/ntt.ts, `forward`). */
const LAZY_BELOW = (5n * 2n ** 47n) / 4n;
const RAW_BELOW = (5n * 2n ** 44n) / 4n;
/** Of an unreduced transform's values. */
const RAW_BOUND = 11;

/** Bytes of a modulus record. */
export const MODULUS_BYTES = 48;

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
  const lazy = prime < RAW_BELOW ? 2 : prime < LAZY_BELOW ? 1 : 0;
  const factor = lazy === 2 ? RAW_BOUND : RESIDUE_BOUND; // one of a product's factors may be a transform's raw value
  const { magic, terms, wide } = magicAccumulator(factor * p * RESIDUE_BOUND * p, p);

  heap.f64.set([p, pinv, magic], record / 8);
  heap.u32.set([terms, wide ? 1 : 0, lazy, everyPasses(prime), roots, inverseRoots], record / 4 + 6);
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
