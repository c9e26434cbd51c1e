import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inverseNtt, NegacyclicRing, ntt, nttTable, RingElement, schoolbookProduct, zero } from '../src/toy/index.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

const R = NegacyclicRing(8, [10, 12, 97n]);
const element = fc
  .array(fc.bigInt(-(2n ** 40n), 2n ** 40n), { minLength: 8, maxLength: 8 })
  .map((a) => RingElement.lift(R, a));
const same = (a: RingElement, b: RingElement): void => {
  expect(a.centred()).toEqual(b.centred());
};

describe('the transform', () => {
  const table = nttTable(97n, 8);
  const psi = table.twist[1]!;

  test('entry k is the value at ψ^(2k+1)', () => {
    const a = [3n, 1n, 4n, 1n, 5n, 9n, 2n, 6n];
    const at = (x: bigint): bigint => a.reduceRight((sum, c) => (sum * x + c) % 97n, 0n);
    const expected = a.map((_, k) => at(psi ** BigInt(2 * k + 1) % 97n));
    expect(ntt(table, a)).toEqual(expected);
    expect(inverseNtt(table, expected)).toEqual(a);
  });

  test.each([2, 4, 64, 256])('there and back on degree %i', (degree) => {
    const t = nttTable(NegacyclicRing(degree, [40]).primes[0]!, degree);
    const a = Array.from({ length: degree }, (_, j) => BigInt(j * j + 1));
    expect(inverseNtt(t, ntt(t, a))).toEqual(a);
    expect(ntt(t, a)).not.toEqual(a);
  });
});

describe('ring laws', () => {
  test('x^d = −1', () => {
    const x = RingElement.lift(R, [0n, 1n]);
    const power = Array.from({ length: 8 }, () => x).reduce((a, b) => a.mul(b));
    expect(power.centred()).toEqual([-1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });

  test('the transform’s product is the schoolbook product', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        same(a.mul(b), schoolbookProduct(a, b));
      }),
    );
  });

  test('commutative, associative, distributive, with 0, 1 and negatives', () => {
    const one = RingElement.lift(R, [1n]);
    fc.assert(
      fc.property(element, element, element, (a, b, c) => {
        same(a.add(b), b.add(a));
        same(a.mul(b), b.mul(a));
        same(a.add(b).add(c), a.add(b.add(c)));
        same(a.mul(b).mul(c), a.mul(b.mul(c)));
        same(a.mul(b.add(c)), a.mul(b).add(a.mul(c)));
        same(a.mul(one), a);
        same(a.add(zero(R)), a);
        same(a.add(a.neg()), zero(R));
        same(a.sub(b), a.add(b.neg()));
        same(a.scale(-5n), zero(R).sub(a.add(a).add(a).add(a).add(a)));
      }),
    );
  });

  test('automorphisms are ring maps, and compose by multiplying their exponents', () => {
    const odd = fc.integer({ min: 0, max: 7 }).map((k) => 2 * k + 1);
    fc.assert(
      fc.property(element, element, odd, odd, (a, b, g, h) => {
        same(a.mul(b).automorphism(g), a.automorphism(g).mul(b.automorphism(g)));
        same(a.add(b).automorphism(g), a.automorphism(g).add(b.automorphism(g)));
        same(a.automorphism(g).automorphism(h), a.automorphism((g * h) % 16));
      }),
    );
    expect(RingElement.lift(R, [0n, 1n]).automorphism(11).centred()).toEqual([0n, 0n, 0n, -1n, 0n, 0n, 0n, 0n]); // x^11 = −x³
  });

  test('centred coefficients are in (−Q/2, Q/2] and the same residues', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(-(R.modulus - 1n) / 2n, R.modulus / 2n), {
          minLength: 8,
          maxLength: 8,
        }),
        (a) => {
          expect(RingElement.lift(R, a).centred()).toEqual(a);
          expect(
            RingElement.lift(
              R,
              a.map((x) => x + 3n * R.modulus),
            ).centred(),
          ).toEqual(a);
        },
      ),
    );
  });

  test('restricting to fewer primes is a ring map', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        const small = R.take(2);
        same(a.mul(b).restrict(small), a.restrict(small).mul(b.restrict(small)));
        same(a.restrict(small), RingElement.lift(small, a.centred()));
      }),
    );
  });
});

describe('making a ring', () => {
  test('bit sizes mean the first primes above', () => {
    const article = NegacyclicRing(16, [40, 40, 40]);
    expect(article.primes).toEqual([1099511627873n, 1099511628161n, 1099511628769n]);
    expect(article.modulus).toBe(1329227997568081457402701207104248257n);
    expect(article.equals(NegacyclicRing(16, [1099511627873n, 40, 1099511628769n]))).toBe(true);
    expect(NegacyclicRing(16, [40, 1099511627873n]).primes[0]).toBe(1099511628161n); // a prime written out is taken
  });

  test('prints as the article’s', () => {
    expect(inspect(NegacyclicRing(16, [97n]))).toBe('ℤ₉₇/(x¹⁶ + 1)');
    expect(inspect(RingElement.lift(NegacyclicRing(16, [97n]), [1n, -2n, 0n, 3n]))).toBe(
      '1 + -2x + 3x³ in ℤ₉₇/(x¹⁶ + 1)',
    );
    expect(inspect(zero(NegacyclicRing(16, [97n])))).toBe('0 in ℤ₉₇/(x¹⁶ + 1)');
  });

  test.each([
    [12, [40], /the degree should be a power of two, 2 or more but is 12/],
    [1, [40], /the degree/],
    [16, [], /the number of moduli/],
    [16, [99n], /each modulus should be prime but is 99/],
    [16, [101n], /each modulus mod 32 should be 1 but is 5/],
    [16, [97n, 97n], /given once/],
    [16, [81], /from 1 to 80/],
    [16, [0.5], /from 1 to 80/],
  ] as [number, (number | bigint)[], RegExp][])('NegacyclicRing(%s, %s) is refused', (degree, moduli, message) => {
    expect(() => NegacyclicRing(degree, moduli)).toThrow(
      expect.objectContaining({
        code: 'RANGE',
        message: expect.stringMatching(message),
      }),
    );
  });

  test('elements of different rings do not mix', () => {
    expect(() => zero(R).add(zero(R.take(2)))).toThrow(expect.objectContaining({ code: 'LEVEL_MISMATCH' }));
    expect(() => zero(R).mul(zero(R.take(2)))).toThrow(expect.objectContaining({ code: 'LEVEL_MISMATCH' }));
  });
});
