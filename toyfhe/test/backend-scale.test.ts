import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parameters, Scale } from '../src/backend/index.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

const params = parameters({ ringDegree: 16384, chain: [60, 40, 40, 40], special: [60] });
const q = (i: number): Scale => params.primeScale(i);
const two = (a: number): Scale => Scale.powerOfTwo(a);

describe('Scale', () => {
  it('prints as the monomial that it is', () => {
    expect(String(two(40))).toBe('2^40');
    expect(String(two(0))).toBe('1');
    expect(String(two(80).over(q(2)))).toBe('2^80/q₂');
    expect(
      String(
        two(120)
          .over(q(2).times(q(2)))
          .over(q(1)),
      ),
    ).toBe('2^120/(q₁·q₂²)');
    expect(String(q(3))).toBe('q₃');
    expect(String(two(0).over(q(1)))).toBe('1/q₁');
  });

  it('tells scales apart that print as the same double to five digits', () => {
    const rescaled = two(80).over(q(2));
    expect(rescaled.equals(two(40))).toBe(false);
    expect(rescaled.value / 2 ** 40).toBeCloseTo(1, 5);
    expect(rescaled.times(q(2)).equals(two(80))).toBe(true);
  });

  it('has the value of the exact fraction', () => {
    const rescaled = two(160).over(q(2)).over(q(1)).over(q(1));
    const { numerator, denominator } = rescaled.fraction;
    const exact = Number((numerator * 2n ** 60n) / denominator) / 2 ** 60;
    expect(Math.abs(rescaled.value / exact - 1)).toBeLessThan(1e-14); // a few roundings of 2^-53
    expect(rescaled.log2).toBeCloseTo(Math.log2(exact), 10);
  });

  it('has a value after many squarings, where exponents are in the thousands', () => {
    // (q₁·q₂/q₃)^8192·q₃^-8191: powers of primes next to 2^40 on both sides of it.
    const primes = [1099511627689n, 1099511627791n, 1099511627803n];
    const factors = primes.map((prime, i) => ({ index: i + 1, prime, power: [8192, 8192, -16383][i]! }));
    const scale = Scale.monomial(0, factors);
    expect(scale.log2).toBeCloseTo(40, 5);
    expect(Math.log2(scale.value)).toBeCloseTo(scale.log2, 8); // 2^14 roundings of 2^-53 are 2^-39
  });

  it('refuses an exponent that is not an integer', () => {
    expect(() => two(0.5)).toThrow(/integer/);
  });

  // Exponents from -3 to 3 over four primes and two: the group ℤ^5.
  const scale = fc
    .tuple(fc.integer({ min: -99, max: 99 }), fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 }))
    .map(([twos, powers]) =>
      powers.reduce((s, power, i) => {
        for (let k = 0; k < Math.abs(power); k++) s = power > 0 ? s.times(q(i)) : s.over(q(i));
        return s;
      }, two(twos)),
    );

  it('is an abelian group (fast-check prints its seed on failure)', () => {
    fc.assert(
      fc.property(scale, scale, scale, (a, b, c) => {
        expect(a.times(b).equals(b.times(a))).toBe(true);
        expect(
          a
            .times(b)
            .times(c)
            .equals(a.times(b.times(c))),
        ).toBe(true);
        expect(a.times(b).over(b).equals(a)).toBe(true);
        expect(String(a.over(a))).toBe('1');
        expect(a.equals(b)).toBe(String(a) === String(b));
        expect(a.times(b).log2).toBeCloseTo(a.log2 + b.log2, 8);
      }),
      { numRuns: 300 },
    );
  });
});
