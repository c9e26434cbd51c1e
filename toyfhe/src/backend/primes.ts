/**
 * The number theory under every backend: powers, inverses, primes and roots of unity, on bigint.
 * Nothing here is constant-time: it computes public parameters only.
 * @module
 */

import { FheError } from './errors.ts';

/** base^exponent mod modulus, by square and multiply. `exponent` ≥ 0; the result lies in [0, modulus). */
export function powMod(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  let square = ((base % modulus) + modulus) % modulus;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/**
 * The x in [0, modulus) with a·x ≡ 1, by the extended Euclidean algorithm.
 * @throws FheError RANGE when a and the modulus share a factor.
 */
export function inverseMod(a: bigint, modulus: bigint): bigint {
  // Invariant: r ≡ x·a (mod modulus), in both columns.
  let [r, nextR] = [modulus, ((a % modulus) + modulus) % modulus];
  let [x, nextX] = [0n, 1n];
  while (nextR > 0n) {
    const quotient = r / nextR;
    [r, nextR] = [nextR, r - quotient * nextR];
    [x, nextX] = [nextX, x - quotient * nextX];
  }
  if (r !== 1n) {
    throw new FheError({
      code: 'RANGE',
      op: 'invert',
      field: `gcd(${a}, ${modulus})`,
      should: '1',
      is: String(r),
      hint: 'choose numbers without a common factor',
    });
  }
  return (x + modulus) % modulus; // |x| < modulus throughout the algorithm
}

/**
 * The first 13 primes. As Miller–Rabin bases they decide every n < 3317044064679887385961981 (> 2^81), hence every
 * n < 2^64: J. Sorenson and J. Webster, "Strong pseudoprimes to twelve prime bases", Math. Comp. 86 (2017).
 */
const WITNESSES: readonly bigint[] = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n];
const DECIDED_BELOW = 3317044064679887385961981n;

/**
 * Whether n is prime, by Miller–Rabin with a base set that is proved to decide.
 * @throws FheError RANGE for n ≥ 3317044064679887385961981 (about 2^81.5), where these bases prove nothing.
 */
export function isPrime(n: bigint): boolean {
  if (n < 2n) return false;
  for (const p of WITNESSES) if (n % p === 0n) return n === p;
  if (n >= DECIDED_BELOW) {
    throw new FheError({
      code: 'RANGE',
      op: 'test for a prime',
      field: 'the number',
      should: `below ${DECIDED_BELOW}`,
      is: String(n),
      hint: 'use several smaller primes',
    });
  }
  let odd = n - 1n;
  let twos = 0;
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  return WITNESSES.every((witness) => {
    let x = powMod(witness, odd, n);
    if (x === 1n || x === n - 1n) return true;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % n;
      if (x === n - 1n) return true;
    }
    return false;
  });
}

/** The next prime ≡ 1 (mod `step`) after (or, with a negative step, before) `start` ≡ 1 that is not in `skip`. */
function nextPrime(start: bigint, step: bigint, skip: ReadonlySet<bigint>): bigint {
  for (let p = start + step; p > 1n; p += step) if (!skip.has(p) && isPrime(p)) return p;
  throw new FheError({
    code: 'RANGE',
    op: 'find a prime',
    field: 'the number of primes below the start',
    should: 'large enough',
    is: 'used up',
    hint: 'ask for larger or fewer primes',
  });
}

/**
 * The first `count` primes above 2^bits that are ≡ 1 (mod m), ascending, leaving out those in `skip`.
 * They have bits + 1 bits: "40" gives 2^40 + 97 and so on, as in ToyFHE.jl.
 */
export function primesAbove(bits: number, m: bigint, count: number, skip: Iterable<bigint> = []): bigint[] {
  const used = new Set(skip);
  const found: bigint[] = [];
  const target = 1n << BigInt(bits);
  let p = target - ((target - 1n) % m); // the largest number ≤ 2^bits that is ≡ 1 (mod m)
  while (found.length < count) {
    p = nextPrime(p, m, used);
    found.push(p);
  }
  return found;
}

/**
 * `count` distinct primes ≡ 1 (mod m) around 2^bits: the nearest one above, the nearest one below, the next above, and
 * so on by turns, leaving out those in `skip`. Taking sides by turns keeps a product of k of them close to 2^(k·bits).
 */
export function primesNear(bits: number, m: bigint, count: number, skip: Iterable<bigint> = []): bigint[] {
  const used = new Set(skip);
  const found: bigint[] = [];
  const target = 1n << BigInt(bits);
  let above = target - ((target - 1n) % m);
  let below = above + m;
  while (found.length < count) {
    const p = found.length % 2 === 0 ? nextPrime(above, m, used) : nextPrime(below, -m, used);
    if (p > target) above = p;
    else below = p;
    found.push(p);
  }
  return found;
}

/**
 * An element of order exactly `order` modulo the prime p, the same one on every call.
 * @throws FheError RANGE unless `order` divides p − 1.
 */
export function primitiveRootOfUnity(order: bigint, p: bigint): bigint {
  if ((p - 1n) % order !== 0n) {
    throw new FheError({
      code: 'RANGE',
      op: 'find a root of unity',
      field: `${p} mod ${order}`,
      should: '1',
      is: String(p % order),
      hint: 'choose a prime that is 1 modulo the order',
    });
  }
  const factors = primeFactors(order);
  for (let candidate = 2n; ; candidate++) {
    const root = powMod(candidate, (p - 1n) / order, p);
    // root^order = 1 by Fermat; its order is smaller only if it already divides order / f for a prime f.
    if (factors.every((f) => powMod(root, order / f, p) !== 1n)) return root;
  }
}

function primeFactors(n: bigint): bigint[] {
  const factors: bigint[] = [];
  let rest = n;
  for (let f = 2n; f * f <= rest; f++) {
    if (rest % f !== 0n) continue;
    factors.push(f);
    while (rest % f === 0n) rest /= f;
  }
  return rest > 1n ? [...factors, rest] : factors;
}
