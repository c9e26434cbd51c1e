/** Best approximations, and the composite for the sign: nothing is encrypted here. */
import { describe, expect, it } from 'vitest';
import { type Interval, minimaxComposite, remez } from '../src/circuits/index.ts';

/** The error at 2001 points of each interval. */
function errors(f: (x: number) => number, p: { at(x: number): number }, intervals: readonly Interval[]): number[] {
  return intervals.flatMap(([low, high]) =>
    Array.from({ length: 2001 }, (_, i) => {
      const x = low + ((high - low) * i) / 2000;
      return f(x) - p.at(x);
    }),
  );
}

describe('remez', () => {
  it('sees by itself that a function is even: no coefficient is only rounding', () => {
    const said = remez(Math.abs, 14, [[0, 1]], { parity: 'even' });
    const seen = remez(Math.abs, 15, [[-1, 1]]);
    expect(seen.polynomial.degree).toBe(14);
    expect(seen.polynomial.coefficients.filter((_, k) => k % 2 === 1)).toEqual(new Float64Array(7));
    expect(seen.error).toBeCloseTo(said.error, 9);
  });

  it('finds what is known: |x| by x² + 1/8, xⁿ by the Chebyshev polynomial', () => {
    const abs = remez(Math.abs, 2, [[-1, 1]]);
    expect(abs.error).toBeCloseTo(1 / 8, 9);
    for (const x of [-1, -0.3, 0, 0.7]) expect(abs.polynomial.at(x)).toBeCloseTo(x * x + 1 / 8, 8);
    // x⁵ − T₅/16 has degree 3: the best approximation of degree 4 or 3, with error 1/16.
    expect(remez((x) => x ** 5, 4, [[-1, 1]]).error).toBeCloseTo(1 / 16, 9);
    expect(remez((x) => x ** 5, 3, [[0, 1]], { parity: 'odd' }).error).toBeCloseTo(1 / 16, 9);
  });

  it.each([
    ['exp', Math.exp, 6, [[-1, 2]], undefined],
    ['a step over a gap, two intervals', (x: number) => (x < 1 ? 0 : 1), 8, [[0, 0.9], [1.1, 2]], undefined], // prettier-ignore
    ['three intervals', (x: number) => Math.sin(9 * x), 9, [[-2, -1], [0, 0.5], [1, 1.2]], undefined], // prettier-ignore
    ['the sign, odd', () => 1, 15, [[0.01, 1]], 'odd'],
    ['cos, even', (x: number) => Math.cos(3 * x), 8, [[0, 1]], 'even'],
  ] as const)('the error of %s takes its largest value with alternating sign', (_, f, degree, intervals, parity) => {
    const { polynomial, error, extrema } = remez(f, degree, intervals, parity === undefined ? {} : { parity });
    const unknowns = parity === undefined ? degree + 1 : parity === 'odd' ? (degree + 1) / 2 : degree / 2 + 1;
    expect(extrema).toHaveLength(unknowns + 1);
    const signed = extrema.map((x) => f(x) - polynomial.at(x));
    signed.forEach((e, i) => {
      expect(Math.abs(e)).toBeCloseTo(error, 8);
      if (i > 0) expect(Math.sign(e)).toBe(-Math.sign(signed[i - 1]!));
    });
    // Nowhere larger; so, by Chebyshev's theorem, no polynomial of this degree is better.
    expect(Math.max(...errors(f, polynomial, intervals).map(Math.abs))).toBeLessThanOrEqual(error * (1 + 1e-8));
    if (parity === 'odd') expect(polynomial.at(-0.5)).toBeCloseTo(-polynomial.at(0.5), 12);
  });

  it('weighs errors', () => {
    const weight = (x: number): number => 1 / x; // relative error of x ↦ x on [1, 4] by a constant c: |1 − c/x|
    const { polynomial, error } = remez((x) => x, 0, [[1, 4]], { weight });
    expect([polynomial.at(2), error]).toEqual([expect.closeTo(8 / 5, 8), expect.closeTo(3 / 5, 8)]);
  });

  it('hits a polynomial exactly, but for rounding', () => {
    for (const [f, degree, intervals, parity] of [
      [(x: number) => 2 * x + 1, 3, [[-1, 1]], undefined],
      [(x: number) => 2 * x + 1, 1, [[-3, -2], [0, 5]], undefined], // prettier-ignore
      [() => 1, 0, [[-1, 1]], undefined],
      [() => 0, 2, [[-1, 1]], undefined],
      [(x: number) => x, 1, [[0.5, 1]], 'odd'],
      [(x: number) => x * x, 4, [[0, 1]], 'even'],
    ] as const) {
      const { polynomial, error, extrema } = remez(f, degree, intervals, parity === undefined ? {} : { parity });
      expect(error).toBeGreaterThanOrEqual(0);
      expect(error).toBeLessThan(1e-12);
      expect(Math.max(...errors(f, polynomial, intervals).map(Math.abs))).toBeLessThan(1e-12);
      expect(extrema.every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses impossible tasks', () => {
    expect(() => remez(Math.exp, -1, [[0, 1]])).toThrow(/degree should be an integer from 0 on/);
    expect(() => remez(Math.sin, 4, [[0, 1]], { parity: 'odd' })).toThrow(/degree should be odd but is 4/);
    expect(() => remez(Math.sin, 5, [[-1, 1]], { parity: 'odd' })).toThrow(/interval 0 should be from 0 on/);
    expect(() => remez(Math.exp, 3, [[0, 1], [0.5, 2]])).toThrow(/interval 1 should be from 1 on/); // prettier-ignore
    expect(() => remez(Math.exp, 3, [])).toThrow(/intervals should be at least one/);
    expect(() => remez(Math.exp, 3, [[1, 0]])).toThrow(/interval should be two finite numbers/);
  });
});

describe('the composite for the sign', () => {
  // α of these degrees as published tables and independent programs have it, to within their choice of a: ours is the best
  // one, some hundredths of a bit better.
  it.each([
    [[7, 7], 7.02],
    [[7, 15], 8.01],
    [[15, 15], 8.98],
    [[15, 31], 9.95],
    [[7, 7, 13], 10.08],
    [[7, 7, 27], 11.13],
    [[7, 15, 15], 11.3],
    [[7, 15, 27], 12.11],
    [[15, 15, 15], 12.31],
    [[15, 15, 27], 13.15],
    [[15, 27, 29], 14.0],
  ])('%j has α = %d', (degrees, alpha) => {
    const composite = minimaxComposite(degrees);
    expect(composite.alpha).toBeGreaterThanOrEqual(alpha);
    expect(composite.alpha).toBeLessThan(alpha + 0.06);
    // The definition, at 20000 points: finer near 0, where ReLU bends.
    let [relu, sign] = [0, 0];
    for (let i = 0; i <= 20000; i++) {
      const x = (i / 20000) ** 2;
      const error = Math.abs(1 - composite.at(x));
      relu = Math.max(relu, (x * error) / 2);
      if (x >= composite.from) sign = Math.max(sign, error);
    }
    expect(-Math.log2(relu)).toBeCloseTo(composite.alpha, 3);
    expect(sign).toBeLessThanOrEqual(composite.signError * (1 + 1e-6));
  });

  it('hands each factor what it was fitted for: values stay within [-1, 1] until the last', () => {
    const { factors, from, at } = minimaxComposite([15, 15, 27]);
    for (let i = 0; i <= 5000; i++) {
      let x = from + ((1 - from) * i) / 5000;
      for (const p of factors.slice(0, -1)) {
        x = p.at(x);
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(1); // with a margin for noise
      }
    }
    expect(at(-0.5)).toBeCloseTo(-at(0.5), 12);
    for (const p of factors) expect(p.interval).toEqual([-1, 1]);
  });

  it('is computed once', () => {
    expect(minimaxComposite([7, 7])).toBe(minimaxComposite([7, 7]));
    expect(minimaxComposite([7, 7], { margin: 2 ** -10 })).not.toBe(minimaxComposite([7, 7]));
  });

  it('loses little to a margin for more noise', () => {
    const wide = minimaxComposite([7, 15, 15], { margin: 2 ** -12 });
    expect(wide.alpha).toBeGreaterThan(11.2);
    expect(wide.alpha).toBeLessThan(minimaxComposite([7, 15, 15]).alpha);
  });

  it('refuses other degrees', () => {
    expect(() => minimaxComposite([])).toThrow(/degrees should be at least one/);
    expect(() => minimaxComposite(Array.from({ length: 11 }, () => 15))).toThrow(/that doubles can tell/);
    expect(() => minimaxComposite([7, 8])).toThrow(/degrees should be odd, from 3 to 63 but is 8/);
    expect(() => minimaxComposite([7], { margin: 1 })).toThrow(/margin should be 0 to 2\^-4/);
  });
});
