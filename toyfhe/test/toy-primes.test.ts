import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inverseMod, isPrime, powMod, primesAbove, primesNear, primitiveRootOfUnity } from '../src/backend/primes.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

test('isPrime agrees with trial division up to 2000', () => {
  const byDivision = (n: number): boolean => {
    if (n < 2) return false;
    for (let f = 2; f * f <= n; f++) if (n % f === 0) return false;
    return true;
  };
  for (let n = 0; n <= 2000; n++) expect(isPrime(BigInt(n)), `n = ${n}`).toBe(byDivision(n));
});

test('isPrime is not fooled by strong pseudoprimes', () => {
  // 3215031751 passes bases 2, 3, 5 and 7; 3825123056546413051 passes 2 to 23 (Jaeschke 1993; Jiang and Deng 2014);
  // 318665857834031151167461 passes the first 12 primes (Sorenson and Webster 2017).
  for (const n of [561n, 2047n, 3215031751n, 3825123056546413051n, 318665857834031151167461n]) {
    expect(isPrime(n), String(n)).toBe(false);
  }
  expect(isPrime(2n ** 61n - 1n)).toBe(true);
  expect(isPrime(2n ** 64n - 59n)).toBe(true); // the largest prime below 2^64
});

test('isPrime refuses what its bases cannot decide', () => {
  expect(() => isPrime(2n ** 89n - 1n)).toThrow(/cannot test for a prime/);
});

test('powMod and inverseMod', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 2n ** 50n), fc.nat(200), (a, e) => {
      const p = 1099511627873n;
      expect(powMod(a, BigInt(e), p)).toBe(a ** BigInt(e) % p);
      if (a % p !== 0n) expect((inverseMod(a, p) * a) % p).toBe(1n);
      if (a % p !== 0n) expect((((inverseMod(-a, p) * -a) % p) + p) % p).toBe(1n);
    }),
  );
  expect(() => inverseMod(6n, 9n)).toThrow(/gcd\(6, 9\) should be 1 but is 3/);
});

describe('primes for a ring', () => {
  test('the article’s three primes come first above 2^40', () => {
    expect(primesAbove(40, 32n, 3)).toEqual([2n ** 40n + 97n, 2n ** 40n + 385n, 2n ** 40n + 993n]);
    expect(primesAbove(40, 32n, 2, [2n ** 40n + 97n])).toEqual([2n ** 40n + 385n, 2n ** 40n + 993n]);
  });

  test('above: prime, ≡ 1, ascending, and none left out', () => {
    const found = primesAbove(10, 16n, 5);
    const all: bigint[] = [];
    for (let n = 1025n; all.length < 5; n += 16n) if (isPrime(n)) all.push(n);
    expect(found).toEqual(all);
  });

  test('near: by turns above and below, each side without gaps', () => {
    const found = primesNear(30, 64n, 6, [primesNear(30, 64n, 1)[0]!]);
    const target = 2n ** 30n;
    expect(found.map((p) => p > target)).toEqual([true, false, true, false, true, false]);
    for (const p of found) expect([isPrime(p), p % 64n]).toEqual([true, 1n]);
    expect(new Set(found).size).toBe(6);
    const below = found.filter((p) => p < target);
    const all: bigint[] = [];
    for (let n = target - 63n; all.length < 3; n -= 64n) if (isPrime(n)) all.push(n);
    expect(below).toEqual(all);
  });

  test('asking for more small primes than there are is refused', () => {
    expect(() => primesNear(4, 8n, 6)).toThrow(/cannot find a prime/);
  });
});

test.each([
  [32n, 1099511627873n],
  [2n, 17n],
  [12n, 37n],
  [30n, 31n],
])('a root of order exactly %s modulo %s', (order, p) => {
  const root = primitiveRootOfUnity(order, p);
  const powers = new Set<bigint>();
  for (let x = 1n, i = 0n; i < order; i++, x = (x * root) % p) powers.add(x);
  expect(powers.size).toBe(Number(order));
  expect(powMod(root, order, p)).toBe(1n);
});

test('no root where the order does not divide p − 1', () => {
  expect(() => primitiveRootOfUnity(8n, 11n)).toThrow(/cannot find a root of unity/);
});
