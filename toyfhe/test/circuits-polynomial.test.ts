/** Polynomials in the clear and, exactly at level and scale, on ciphertexts. */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Backend, FheError, Scale, seededRandom, shadowed, twin } from '../src/backend/index.ts';
import { type Basis, evaluatePolynomial, type EvaluateOptions, Polynomial } from '../src/circuits/index.ts';
import { engine } from '../src/engine/index.ts';
import { toy } from '../src/toy/index.ts';

const SPEC = { ringDegree: 64, chain: [60, 40, 40, 40, 40, 40, 40], special: [60], insecure: true } as const;
const ENGINE = { ...SPEC, chain: [50, 40, 40, 40, 40, 40, 40], special: [44, 44, 44] } as const;
const GRID = Array.from({ length: 32 }, (_, i) => (2 * i) / 31 - 1);

function uniform(seed: string, n: number): number[] {
  const view = new DataView(seededRandom(seed).bytes(4 * n).buffer);
  return Array.from({ length: n }, (_, i) => view.getUint32(4 * i) / 2 ** 31 - 1);
}

/** p on the ciphertext of xs, decrypted; level, scale, steps and what is left behind are looked at on the way. */
function evaluated(b: Backend, p: Polynomial, xs: readonly number[], options: EvaluateOptions = {}): Float64Array {
  return b.scope(() => {
    const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
    const c = publicKey.encrypt(b.encode(xs));
    const before = b.live;
    let steps = 0;
    const y = evaluatePolynomial(b, ev, c, p, { ...options, onStep: () => steps++ });
    expect([b.live, y.level, y.length]).toEqual([before + 1, c.level - p.depth, 2]);
    expect(String(y.scale)).toBe(String(options.scale ?? c.scale));
    expect(steps).toBe(p.multiplications);
    return b.decode(secretKeys.decrypt(y));
  });
}

describe('a polynomial in the clear', () => {
  it('is summed in either basis', () => {
    expect(new Polynomial([1, 2, 3]).at(2)).toBe(17);
    // T₂ = 2x² − 1, T₃ = 4x³ − 3x.
    const p = new Polynomial([1, 0, 2, 3], { basis: 'chebyshev' });
    for (const x of GRID) expect(p.at(x)).toBeCloseTo(1 + 2 * (2 * x * x - 1) + 3 * (4 * x ** 3 - 3 * x), 12);
    expect(p.scaled(2, 1).at(0.3)).toBeCloseTo(2 * p.at(0.3) + 1, 12);
    expect(new Polynomial([1, 2, 0, 0]).degree).toBe(1);
  });

  it('approximates a function on its interval', () => {
    const p = Polynomial.chebyshev(Math.exp, 10, [-2, 3]);
    // The error of interpolation: (5/4)^11·2·e³/11! = 1.2e-5.
    for (const u of GRID) expect(Math.abs(p.at(0.5 + 2.5 * u) - Math.exp(0.5 + 2.5 * u))).toBeLessThan(1.2e-5);
    expect(Polynomial.chebyshev(() => 3, 4).degree).toBe(0);
    // An odd function has odd coefficients only: the even ones would be rounding, and cost powers.
    const odd = Polynomial.chebyshev(Math.sin, 7).coefficients;
    expect([...odd].map((c) => c !== 0)).toEqual([false, true, false, true, false, true, false, true]);
  });

  it.each([
    [1, 1, 0],
    [2, 2, 1],
    [3, 2, 2],
    [5, 3, 4],
    [7, 3, 5],
    [9, 4, 6],
    [13, 4, 7],
    [15, 4, 8],
    [17, 5, 9],
    [27, 5, 10],
    [29, 5, 11],
    [31, 5, 12],
  ])('of degree %i, odd or even, takes %i levels and %i products', (degree, depth, products) => {
    const p = new Polynomial(
      Array.from({ length: degree + 1 }, (_, i) => ((degree - i) % 2 === 0 ? 1 / (i + 1) : 0)),
      { basis: 'chebyshev' },
    );
    expect([p.depth, p.multiplications]).toEqual([depth, products]);
  });

  it('says what it is', () => {
    expect(inspect(Polynomial.chebyshev(Math.tanh, 7, [-3, 3]))).toBe(
      'Polynomial of degree 7, chebyshev basis on [-3, 3] (4 levels, 5 products)', // one level to move the inputs
    );
    expect(inspect(new Polynomial([1, 2, 3]))).toBe('Polynomial of degree 2, monomial basis (2 levels, 1 products)');
  });

  it('refuses what is none', () => {
    expect(() => new Polynomial([])).toThrow(/number of coefficients should be at least 1/);
    expect(() => new Polynomial([1, Number.NaN])).toThrow(/coefficient 1 should be finite but is NaN/);
    expect(() => new Polynomial([1], { interval: [1, 1] })).toThrow(/interval should be two finite numbers/);
    expect(() => new Polynomial([1], { basis: 'legendre' as Basis })).toThrow(/basis should be 'monomial'/);
    expect(() => Polynomial.chebyshev(Math.log, 4)).toThrow(/coefficient 0 should be finite/);
    expect(() => Polynomial.chebyshev(Math.exp, 1.5)).toThrow(/degree should be an integer/);
  });
});

describe('the same, encrypted', () => {
  it.each(['monomial', 'chebyshev'] as const)('on the twin: every degree to 31, %s basis', (basis) => {
    const b = twin(SPEC);
    for (let degree = 1; degree <= 31; degree++) {
      const p = new Polynomial(uniform(`polynomial ${degree}`, degree + 1), { basis });
      // Doubles in another order: 32 terms below 1 each, and products of up to 2^5 of them.
      const got = evaluated(b, p, GRID);
      GRID.forEach((x, i) => expect(got[i]).toBeCloseTo(p.at(x), 11));
    }
    expect(b.live).toBe(0);
  });

  it('any coefficients, zeros among them (fast-check prints its seed on failure)', () => {
    const b = twin(SPEC);
    const coefficient = fc.oneof(fc.constant(0), fc.double({ min: -4, max: 4, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(coefficient, { minLength: 1, maxLength: 40 }),
        fc.constantFrom('monomial' as const, 'chebyshev' as const),
        (most, basis) => {
          const p = new Polynomial([...most, 1], { basis });
          const got = evaluated(b, p, GRID);
          // Coefficients below 2^-41 vanish when they are encoded.
          GRID.forEach((x, i) => expect(Math.abs(got[i]! - p.at(x))).toBeLessThan(1e-9));
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([2, 3, 7, 12, 15, 31])('degree %i, on the engine and on the toy', async (degree) => {
    const p = new Polynomial(uniform(`encrypted ${degree}`, degree + 1), { basis: 'chebyshev' });
    const m = new Polynomial([...p.coefficients], { basis: 'monomial' });
    for (const b of [
      await engine(ENGINE, { threads: 1, random: seededRandom('circuits-polynomial') }),
      toy(SPEC, seededRandom('circuits-polynomial')),
    ]) {
      for (const q of [p, m]) {
        const got = evaluated(b, q, GRID);
        // Noise over the scale 2^40 is 2^-30 (the toy's 2^-29); a polynomial of degree d has slopes up to Σ k²·|cₖ|, some 2^11
        // for 31. On the toy errors over 60 keys had the median 2^-20.3 and the maximum 2^-18.2: a rare key would exceed.
        GRID.forEach((x, i) => expect(Math.abs(got[i]! - q.at(x))).toBeLessThan(2 ** -18));
      }
      expect(b.live).toBe(0);
      b.dispose();
    }
  });

  it('at any scale of the result', () => {
    const p = Polynomial.chebyshev(Math.cos, 6);
    const b = toy(SPEC, seededRandom('circuits-polynomial'));
    for (const scale of [Scale.powerOfTwo(35), Scale.powerOfTwo(44), b.parameters.primeScale(2)]) {
      const got = evaluated(b, p, GRID, { scale });
      GRID.forEach((x, i) => expect(Math.abs(got[i]! - p.at(x))).toBeLessThan(2 ** -22)); // 2^-35 and some noise
    }
  });

  it('on another interval: one level more, and none where only the middle moves', () => {
    const wide = Polynomial.chebyshev(Math.tanh, 7, [-4, 2]);
    const moved = Polynomial.chebyshev(Math.sqrt, 7, [0.5, 2.5]);
    expect([wide.depth, moved.depth]).toEqual([4, 3]);
    for (const b of [twin(SPEC), toy(SPEC, seededRandom('circuits-polynomial'))]) {
      for (const p of [wide, moved]) {
        const [low, high] = p.interval!;
        const xs = GRID.map((u) => (low + high + (high - low) * u) / 2);
        const got = evaluated(b, p, xs, { range: p.interval! });
        xs.forEach((x, i) => expect(Math.abs(got[i]! - p.at(x))).toBeLessThan(2 ** -22));
      }
    }
  });

  it('of degree 31 on the engine: no worse than its noise allows, live count back to zero', async () => {
    const b = await engine(ENGINE, { threads: 1, random: seededRandom('circuits-polynomial') });
    const p = Polynomial.chebyshev((x) => 1 / (1 + 25 * x * x), 30); // Runge's function: even, slow to converge
    const got = evaluated(b, p, GRID);
    GRID.forEach((x, i) => expect(Math.abs(got[i]! - p.at(x))).toBeLessThan(2 ** -22));
    // (1 + √26)/5 to the power −30 is what approximation theory promises.
    GRID.forEach((x, i) => expect(Math.abs(got[i]! - 1 / (1 + 25 * x * x))).toBeLessThan(5e-3));
    expect(b.live).toBe(0);
    b.dispose();
  });
});

describe('refused before anything is computed', () => {
  const run = (b: Backend, p: Polynomial, value: number, level: number, options?: EvaluateOptions): void =>
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen();
      const c = publicKey.encrypt(b.encode([value], { level }));
      const before = b.live;
      let made = 0;
      try {
        evaluatePolynomial(b, ev, c, p, options);
        made = 1;
      } finally {
        expect(b.live).toBe(before + made);
      }
    });
  const degree15 = Polynomial.chebyshev(Math.exp, 15);

  it('too few levels', () => {
    expect(() => run(twin(SPEC), degree15, 0, 2)).toThrow(
      /level of the input should be at least 4 but is 2; this needs 4 levels, the input has 2/,
    );
    try {
      run(toy(SPEC, seededRandom('circuits-polynomial')), degree15, 0, 3);
      expect.unreachable();
    } catch (error) {
      expect((error as FheError).code).toBe('LEVEL_EXHAUSTED');
    }
  });

  it('a declared range that leaves the interval, on every backend', () => {
    for (const b of [twin(SPEC), toy(SPEC, seededRandom('circuits-polynomial'))]) {
      expect(() => run(b, degree15, 0, 5, { range: [-1, 7.8] })).toThrow(/input 7.8 is outside \[-1, 1\]/);
      expect(() => run(b, degree15, 0, 5, { range: [1, -1] })).toThrow(/interval should be two finite numbers/);
    }
  });

  it('inputs that are seen outside: by the twin and by a shadow, which know them', () => {
    const seen = /input of slot 0 should be in \[-1, 1\] but is 7.8; input 7.8 is outside \[-1, 1\]/;
    for (const b of [twin(SPEC), shadowed(toy(SPEC, seededRandom('circuits-polynomial')))])
      expect(() => run(b, degree15, 7.8, 5)).toThrow(seen);
    // Zeros in the slots left over count too: one slot that overflows spoils all.
    const log = Polynomial.chebyshev(Math.log, 3, [1, 3]);
    expect(() => run(twin(SPEC), log, 2, 5)).toThrow(/input of slot 1 should be in \[1, 3\] but is 0/);
    // A real backend sees nothing, and noise at the end of the interval is no reason to refuse.
    expect(() => run(toy(SPEC, seededRandom('circuits-polynomial')), degree15, 1.5, 5)).not.toThrow();
    expect(() => run(twin(SPEC), degree15, 1 + 1e-7, 5)).not.toThrow();
    expect(() => run(twin(SPEC), new Polynomial([0, 1, 1]), 7.8, 5)).not.toThrow(); // monomials: any input
  });

  it('constants, and scales that would round the coefficients away', () => {
    expect(() => run(twin(SPEC), new Polynomial([3]), 0, 5)).toThrow(/degree 0/);
    expect(() => run(twin(SPEC), new Polynomial([3, 1e-20]), 0, 5)).toThrow(/round to zero/);
    const scale = Scale.powerOfTwo(5);
    expect(() => run(twin(SPEC), degree15, 0, 5, { scale })).toThrow(/log2\(scale\) of the coefficient/);
  });
});

describe('peek', () => {
  it('gives the values where the backend knows them, and nothing elsewhere', () => {
    for (const [b, knows] of [
      [twin(SPEC), true],
      [shadowed(toy(SPEC, seededRandom('circuits-polynomial'))), true],
      [toy(SPEC, seededRandom('circuits-polynomial')), false],
    ] as const) {
      b.scope(() => {
        const { publicKey, evaluationKeys: ev } = b.keygen();
        const c = ev.neg(publicKey.encrypt(b.encode([1, 2])));
        const before = b.live;
        const seen = b.peek!(c);
        expect(seen === undefined ? undefined : [...seen.re.slice(0, 2)]).toEqual(knows ? [-1, -2] : undefined);
        seen?.re.fill(7); // a copy: the ciphertext keeps its values
        expect(b.peek!(c)?.re[0]).toBe(knows ? -1 : undefined);
        expect(b.live).toBe(before);
        c.dispose();
        expect(() => b.peek!(c)).toThrow(/disposed/);
      });
    }
  });
});
