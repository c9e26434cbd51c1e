import { inspect } from 'node:util';
import fc from 'fast-check';
import { complex } from 'mathjs';
import { describe, expect, test } from 'vitest';
import {
  CKKSEncoding,
  circshift,
  coefficientsByMatrix,
  coefficientsOf,
  conjugate,
  FixedRational,
  NegacyclicRing,
  RingElement,
  rotationElement,
  ScalarEncoding,
  SlotEncoding,
  slotExponents,
  slotsOf,
  zero,
} from '../src/toy/index.ts';
import { ratioToNumber, roundTimesRatio } from '../src/toy/integers.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

const R = NegacyclicRing(16, [40, 40]);
const T40 = FixedRational(2n ** 40n);

describe('exact fractions', () => {
  test('ratioToNumber is the nearest double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 1, max: 1000 }), (x, d) => {
        const scaled = roundTimesRatio(x, 2n ** 1074n, 1n); // every double is a multiple of 2^−1074
        expect(ratioToNumber(scaled * BigInt(d), 2n ** 1074n * BigInt(d))).toBe(x === 0 ? 0 : x);
      }),
    );
    expect(ratioToNumber(2n ** 80n, 2n ** 40n + 993n)).toBe(1099511626783);
    expect(ratioToNumber(2n ** 53n + 1n, 1n)).toBe(2 ** 53); // a tie goes to even
    expect(ratioToNumber(2n ** 120n + 2n ** 67n + 1n, 1n)).toBe(2 ** 120 + 2 ** 68); // just above a tie does not
  });

  test('roundTimesRatio rounds to nearest', () => {
    expect([0.5, 0.49, -0.51, 2.75, -7].map((x) => roundTimesRatio(x, 1n, 1n))).toEqual([1n, 0n, -1n, 3n, -7n]);
    expect(roundTimesRatio(1 / 3, 2n ** 100n, 1n)).toBe(0x15555555555555n << 46n); // all 53 bits of the double, no more
  });

  test('FixedRational prints integers in full and fractions as doubles, and stays exact', () => {
    expect(inspect(FixedRational(2n ** 80n))).toBe('FixedRational{1208925819614629174706176}');
    const shrunk = FixedRational(2n ** 80n).div(FixedRational(2n ** 40n + 993n));
    expect(inspect(shrunk)).toBe('FixedRational{1.099511626783e12}');
    expect(shrunk.mul(FixedRational(2n ** 40n + 993n)).equals(FixedRational(2n ** 80n))).toBe(true);
    expect(inspect(FixedRational(1, 4))).toBe('FixedRational{0.25}');
    for (const bad of [0n, -1n, 0.5, Number.NaN])
      expect(() => FixedRational(bad)).toThrow(/cannot make a FixedRational/);
  });
});

describe('the canonical embedding', () => {
  test('slot i is the value at ζ^(3^(i+1))', () => {
    expect(slotExponents(16)).toEqual([3, 9, 27, 17, 19, 25, 11, 1]);
    const { re, im } = slotsOf([0, 1, ...Array<number>(14).fill(0)]); // the polynomial x
    slotExponents(16).forEach((e, i) => {
      expect(re[i]).toBeCloseTo(Math.cos((Math.PI * e) / 16), 14);
      expect(im[i]).toBeCloseTo(Math.sin((Math.PI * e) / 16), 14);
    });
  });

  test('the tables compute what the matrix formula says', () => {
    const re = Float64Array.from([1, -2, 3, 0.5]);
    const im = Float64Array.from([0, 1, -1, 2]);
    const byMatrix = coefficientsByMatrix(
      [...re].map((x, i) => complex(x, im[i]!)),
      8,
    );
    coefficientsOf({ re, im }).forEach((x, j) => {
      expect(x).toBeCloseTo(byMatrix[j]!, 14);
    });
  });

  test.each([2, 16, 256])('there and back on degree %i', (degree) => {
    const coefficients = Array.from({ length: degree }, (_, j) => Math.cos(j * j));
    coefficientsOf(slotsOf(coefficients)).forEach((x, j) => {
      expect(x).toBeCloseTo(coefficients[j]!, 12);
    });
  });

  test('rotating slots is the automorphism of the rotation’s element', () => {
    expect([1, 2, -1, 8, 0].map((steps) => rotationElement(steps, 16))).toEqual([11, 25, 3, 1, 1]);
    const plain = CKKSEncoding(T40, zero(R)).assign([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const steps of [1, 2, -1, 3]) {
      const turned = RingElement.lift(R, plain.coefficients()).automorphism(rotationElement(steps, 16));
      const want = circshift(plain, steps);
      CKKSEncoding(T40, turned)
        .toArray()
        .forEach((z, i) => {
          expect(z.re, `steps ${steps}, slot ${i}`).toBeCloseTo(want.re[i]!, 10);
        });
    }
    expect(() => rotationElement(0.5, 16)).toThrow(expect.objectContaining({ code: 'RANGE' }));
  });
});

describe('CKKSEncoding', () => {
  test('any slots, at any scale and level, come back', () => {
    const value = fc.double({ min: -1000, max: 1000, noNaN: true });
    const scale = fc.tuple(fc.bigInt(2n ** 30n, 2n ** 60n), fc.bigInt(1n, 2n ** 10n));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }), scale, (slots, [n, d]) => {
        const ring = NegacyclicRing(16, [40, 40]).take(n / d < 2n ** 28n ? 1 : 2);
        const plain = CKKSEncoding(FixedRational(n, d), zero(ring)).assign(slots.map(([re, im]) => ({ re, im })));
        const back = CKKSEncoding(FixedRational(n, d), RingElement.lift(ring, plain.coefficients()));
        // Each of 16 coefficients is wrong by at most 1/2 in units of the scale: 8 in a slot, plus double rounding.
        const bound = 8 / FixedRational(n, d).toNumber() + 1e-11;
        slots.forEach(([re, im], i) => {
          expect(Math.hypot(back.re[i]! - re, back.im[i]! - im)).toBeLessThan(bound);
        });
      }),
    );
  });

  test('reads like an array', () => {
    const plain = CKKSEncoding(T40, zero(R));
    expect(plain.length).toBe(8);
    expect(plain.set(2, { re: 1, im: -2 }).get(2)).toEqual(complex(1, -2));
    expect([...plain].map((z) => z.re)).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(plain.toArray()).toHaveLength(8);
    expect(conjugate(plain).get(2)).toEqual(complex(1, 2));
    expect(circshift(plain, -3).get(7)).toEqual(complex(1, -2));
    expect(
      plain
        .assign([5])
        .toArray()
        .map((z) => [z.re, z.im]),
    ).toEqual([[5, 0], ...Array(7).fill([0, 0])]);
  });

  test('prints a header and aligned slots, long vectors cut in the middle', () => {
    const plain = CKKSEncoding(T40, zero(NegacyclicRing(4, [50]))).assign([-10.25, { re: 1e-9, im: -2 }]);
    expect(inspect(plain)).toBe(
      '2-element CKKSEncoding{FixedRational{1099511627776}} with indices 0:1:\n -10.25 + 0.0im\n   1e-9 - 2.0im',
    );
    const long = inspect(CKKSEncoding(T40, zero(NegacyclicRing(128, [50])))).split('\n');
    expect(long).toHaveLength(34);
    expect(long[17]).toBe(' ⋮');
  });

  test('refuses what it cannot hold, and changes nothing', () => {
    const plain = CKKSEncoding(T40, zero(R)).assign([7]);
    const refusals: [() => unknown, string][] = [
      [() => plain.set(8, 1), 'RANGE'],
      [() => plain.get(-1), 'RANGE'],
      [() => plain.set(0.5, 1), 'RANGE'],
      [() => plain.set(0, Number.NaN), 'RANGE'],
      [() => plain.set(0, { re: 0, im: Number.POSITIVE_INFINITY }), 'RANGE'],
      [() => plain.assign([1, Number.NaN]), 'RANGE'],
      [() => plain.assign([]), 'SLOTS'],
      [() => plain.assign([1, 2, 3, 4, 5, 6, 7, 8, 9]), 'SLOTS'],
      [() => circshift(plain, 1.5), 'RANGE'],
    ];
    for (const [act, code] of refusals) expect(act).toThrow(expect.objectContaining({ code }));
    expect(plain.get(0).re).toBe(7);
  });

  test('an encode that would wrap around the modulus is refused', () => {
    const one = NegacyclicRing(16, [40]);
    expect(
      CKKSEncoding(FixedRational(2n ** 38n), zero(one))
        .assign([1, 1, 1, 1, 1, 1, 1, 1])
        .coefficients()[0],
    ).toBe(2n ** 38n);
    const tooLarge = CKKSEncoding(T40, zero(one)).assign([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(() => tooLarge.coefficients()).toThrow(
      expect.objectContaining({
        code: 'RANGE',
        message: expect.stringMatching(/below 2\^39\.0 but is about 2\^40\.0; use smaller/),
      }),
    );
    tooLarge.re[0] = Number.NaN; // past `set`, straight into the array
    expect(() => tooLarge.coefficients()).toThrow(expect.objectContaining({ code: 'RANGE' }));
  });
});

describe('integers modulo t', () => {
  test('slots multiply slot by slot: the polynomial product is pointwise there', () => {
    const value = fc.array(fc.bigInt(0n, 96n), {
      minLength: 16,
      maxLength: 16,
    });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const encode = (x: bigint[]): RingElement =>
          RingElement.lift(R, SlotEncoding(97n, zero(R)).assign(x).coefficients());
        const product = SlotEncoding(97n, encode(a).mul(encode(b)));
        expect(product.toArray()).toEqual(a.map((x, i) => (x * b[i]!) % 97n));
      }),
    );
  });

  test('rotating rows is the automorphism of the rotation’s element; conjugation swaps the rows', () => {
    const plain = SlotEncoding(97n, zero(R)).assign(Array.from({ length: 16 }, (_, i) => i));
    const turn = (g: number): bigint[] =>
      SlotEncoding(97n, RingElement.lift(R, plain.coefficients()).automorphism(g)).toArray();
    expect(turn(rotationElement(1, 16))).toEqual([7, 0, 1, 2, 3, 4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14].map(BigInt));
    expect(circshift(plain, 1).toArray()).toEqual(turn(rotationElement(1, 16)));
    expect(conjugate(plain).toArray()).toEqual(turn(31));
    expect(conjugate(plain).get(0)).toBe(8n);
  });

  test('prints, wraps modulo t, and refuses', () => {
    expect(inspect(ScalarEncoding(97n, zero(R)).set(0, -1))).toBe('ScalarEncoding{97}(96)');
    expect(inspect(SlotEncoding(5n, zero(NegacyclicRing(2, [40]))).assign([1, -1]))).toBe(
      '2-element SlotEncoding{5} with indices 0:1:\n 1\n 4',
    );
    expect(() => ScalarEncoding(97n, zero(R)).set(0, 0.5)).toThrow(expect.objectContaining({ code: 'RANGE' }));
    expect(() => ScalarEncoding(1n, zero(R))).toThrow(expect.objectContaining({ code: 'RANGE' }));
    expect(() => SlotEncoding(101n, zero(R))).toThrow(/a prime ≡ 1 mod 32 but is 101n; use e.g. 97n/);
    expect(() => SlotEncoding(97n, zero(R)).assign(Array(17).fill(1))).toThrow(
      expect.objectContaining({ code: 'SLOTS' }),
    );
  });
});
