/** Sign, ReLU, maximum, division and softmax on ciphertexts. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Backend, Scale, shadowed, twin } from '../src/backend/index.ts';
import { Abs, Division, Max, Relu, Sign, Softmax } from '../src/circuits/index.ts';
import { engine } from '../src/engine/index.ts';
import { toy } from '../src/toy/index.ts';

const levels = (n: number): number[] => Array.from({ length: n }, () => 40);
const spec = (depth: number, ringDegree = 128) =>
  ({ ringDegree, chain: [60, ...levels(depth)], special: [60], insecure: true }) as const;
const engineSpec = (depth: number, ringDegree = 128) =>
  ({ ...spec(depth, ringDegree), chain: [50, ...levels(depth)], special: [44, 44, 44] }) as const;

/** Noise of some hundreds over 2^40; the composite's slopes near 0 (up to 2^10 for the sign) make more of it there. */
const NOISE = 2 ** -20;

describe('what comparisons cost', () => {
  it.each([
    [[7, 7], 7, 11],
    [[7, 15], 8, 14],
    [[15, 15], 9, 17],
    [[15, 31], 10, 21],
    [[7, 7, 27], 12, 21],
    [[15, 15, 27], 14, 27],
    [[15, 27, 29], 15, 30],
  ])('ReLU by %j: %i levels, %i products', (degrees, depth, products) => {
    const relu = new Relu({ degrees });
    expect([relu.depth, relu.multiplications]).toEqual([depth, products]);
    const sign = new Sign({ degrees });
    expect([sign.depth, sign.multiplications]).toEqual([depth - 1, products - 1]);
  });

  it('a bound takes a level, unless the inputs come divided by it', () => {
    expect(new Relu({ bound: 40 }).depth).toBe(15);
    expect(new Relu({ bound: 40, normalised: true }).depth).toBe(14);
    expect(inspect(new Relu())).toBe('ReLU by degrees 15, 15, 27 on [-1, 1] (14 levels, 27 products, 13.17 bits)');
    expect(() => new Relu({ bound: 0 })).toThrow(/bound should be positive but is 0/);
  });
});

describe('ReLU', () => {
  const GRID = Array.from({ length: 64 }, (_, i) => (2 * i) / 63 - 1);

  it('in the clear is within bound·2^-alpha', () => {
    for (const [degrees, bound] of [
      [[7, 7], 1],
      [[15, 15, 27], 40],
    ] as const) {
      for (const normalised of [false, true]) {
        const relu = new Relu({ degrees, bound, normalised });
        for (let i = 0; i <= 4000; i++) {
          const x = bound * (i / 2000 - 1);
          expect(Math.abs(relu.at(x) - Math.max(0, x))).toBeLessThanOrEqual(bound * 2 ** -relu.alpha * (1 + 1e-4));
        }
      }
    }
  });

  it.each([
    ['twin', [15, 15, 27], 1, false],
    ['twin', [7, 7], 8, false],
    ['toy', [7, 7], 8, true],
    ['toy', [7, 7, 13], 1, false],
    ['engine', [7, 7], 8, false],
    ['engine', [15, 15, 27], 8, true],
  ] as const)(
    'the same, encrypted: on the %s, degrees %j, bound %d, normalised %s',
    async (name, degrees, bound, normalised) => {
      // prettier-ignore
      const relu = new Relu({ degrees, bound, normalised });
      const depth = relu.depth + 1; // a level to spare: the result's level is no accident
      const b =
        name === 'engine'
          ? await engine(engineSpec(depth), { threads: 1 })
          : (name === 'toy' ? toy : twin)(spec(depth));
      b.scope(() => {
        const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
        const xs = GRID.map((u) => bound * u);
        const c = publicKey.encrypt(b.encode(normalised ? GRID : xs));
        for (const scale of [undefined, Scale.powerOfTwo(42)]) {
          const before = b.live;
          let steps = 0;
          const y = relu.apply(b, ev, c, { ...(scale && { scale }), onStep: () => steps++ });
          expect([y.level, steps, b.live]).toEqual([1, relu.multiplications, before + 1]);
          expect(String(y.scale)).toBe(String(scale ?? c.scale));
          const got = b.decode(secretKeys.decrypt(y));
          xs.forEach((x, i) => {
            expect(Math.abs(got[i]! - relu.at(x))).toBeLessThan(name === 'twin' ? 1e-12 * bound : NOISE * bound);
            expect(Math.abs(got[i]! - Math.max(0, x))).toBeLessThan(bound * 2 ** -(relu.alpha - 0.01));
          });
        }
      });
      expect(b.live).toBe(0);
      b.dispose();
    },
  );

  it('on a shadow at full depth: the ledger sees no loss', () => {
    const relu = new Relu({ degrees: [7, 7] });
    const b = shadowed(toy(spec(relu.depth, 64)));
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen();
      relu.apply(b, ev, publicKey.encrypt(b.encode([-1, -0.1, 0.2, 1])));
      expect(b.ledger.last!.bitsRight).toBeGreaterThan(20);
      expect([...b.ledger].every((line) => line.warning === '')).toBe(true);
    });
  });

  it('refuses too few levels, and inputs beyond the bound, before anything is computed', () => {
    const relu = new Relu({ degrees: [7, 7], bound: 8 });
    const run = (b: Backend, x: number, range?: readonly [number, number]): void =>
      b.scope(() => {
        const { publicKey, evaluationKeys: ev } = b.keygen();
        const c = publicKey.encrypt(b.encode(x));
        const before = b.live;
        let made = 0;
        try {
          relu.apply(b, ev, c, range === undefined ? {} : { range });
          made = 1;
        } finally {
          expect(b.live).toBe(before + made);
        }
      });
    expect(() => run(twin(spec(7)), 1)).toThrow(/this needs 8 levels, the input has 7/);
    expect(() => run(twin(spec(8)), 9.5)).toThrow(/cannot take the ReLU: .* input 9.5 is outside \[-8, 8\]/);
    expect(() => run(toy(spec(8, 32)), 1, [-9, 1])).toThrow(/input -9 is outside \[-8, 8\]/);
    expect(() => run(twin(spec(8)), 7)).not.toThrow();
  });
});

describe('sign, absolute value, maximum', () => {
  it.each(['twin', 'toy', 'engine'])('on the %s', async (name) => {
    const degrees = [7, 15];
    const [sign, abs, max] = [new Sign({ degrees, bound: 2 }), new Abs({ degrees, bound: 2 }), new Max({ degrees, bound: 2 })]; // prettier-ignore
    expect([sign.depth, abs.depth, max.depth]).toEqual([8, 9, 9]);
    const b = name === 'engine' ? await engine(engineSpec(9), { threads: 1 }) : (name === 'toy' ? toy : twin)(spec(9));
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
      const xs = [-2, -1, -0.5, -0.2, 0, 0.2, 0.5, 1, 2];
      const zs = [0, 0.9, -1, 0.1, 0.3, -0.3, 0.5, 0.9, 0.1];
      const [x, z] = [xs, zs].map((values) => publicKey.encrypt(b.encode(values)));
      const before = b.live;
      const results = [
        sign.apply(b, ev, x!),
        abs.apply(b, ev, x!),
        max.apply(b, ev, x!, z!),
        max.apply(b, ev, x!, z!, { scale: Scale.powerOfTwo(41) }),
      ];
      expect(b.live).toBe(before + 4);
      expect(results.map((c) => [c.level, String(c.scale)])).toEqual([
        [1, '2^40'],
        [0, '2^40'],
        [0, '2^40'],
        [0, '2^41'],
      ]);
      const [signs, sizes, larger, again] = results.map((c) => b.decode(secretKeys.decrypt(c)));
      xs.forEach((v, i) => {
        expect(Math.abs(signs![i]! - sign.at(v))).toBeLessThan(NOISE);
        if (Math.abs(v) >= 2 * sign.composite.from) {
          expect(Math.abs(signs![i]! - Math.sign(v))).toBeLessThan(sign.composite.signError + NOISE);
        }
        expect(Math.abs(sizes![i]! - Math.abs(v))).toBeLessThan(2 ** (2.01 - abs.alpha));
        expect(Math.abs(larger![i]! - max.at(v, zs[i]!))).toBeLessThan(NOISE);
        expect(Math.abs(larger![i]! - Math.max(v, zs[i]!))).toBeLessThan(2 ** (1.01 - abs.alpha));
        expect(Math.abs(again![i]! - larger![i]!)).toBeLessThan(NOISE);
      });
    });
    expect(b.live).toBe(0);
    b.dispose();
  });
});

describe('division', () => {
  const xs = Array.from({ length: 64 }, (_, i) => 0.25 + (3.75 * i) / 63);

  it('in the clear has the bits that were asked for', () => {
    for (const bits of [4, 12, 30]) {
      const division = new Division({ range: [0.25, 4], bits });
      for (const x of xs) expect(Math.abs(division.at(3, x) / (3 / x) - 1)).toBeLessThanOrEqual(2 ** -bits);
    }
    expect(new Division({ range: [1, 2], bits: 8 }).factors).toBe(3); // ρ = 1/3: 3^-8 = 2^-12.7, 3^-4 = 2^-6.3
    expect(() => new Division({ range: [0, 1] })).toThrow(/range should be 0 < low < high but is 0, 1|\[0, 1\]/);
  });

  it.each(['twin', 'toy', 'engine'])('the same, encrypted: on the %s', async (name) => {
    const division = new Division({ range: [0.25, 4] });
    expect(division.depth).toBe(8); // ρ = 15/17: 2^7 times log2(17/15) is 23 bits, 2^6 times 11.6
    const b = name === 'engine' ? await engine(engineSpec(9), { threads: 1 }) : (name === 'toy' ? toy : twin)(spec(9));
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
      const numerators = xs.map(Math.sin);
      const [a, c] = [numerators, xs].map((values) => publicKey.encrypt(b.encode(values)));
      const before = b.live;
      const results = [division.apply(b, ev, a!, c!), division.inverse(b, ev, c!, Scale.powerOfTwo(38))];
      expect(b.live).toBe(before + 2);
      expect(results.map((r) => [r.level, String(r.scale)])).toEqual([
        [1, '2^40'], // exact, after eight levels of squares
        [1, '2^38'],
      ]);
      const [quotients, inverses] = results.map((r) => b.decode(secretKeys.decrypt(r)));
      xs.forEach((x, i) => {
        expect(Math.abs(quotients![i]! - division.at(numerators[i]!, x))).toBeLessThan(NOISE);
        expect(Math.abs(quotients![i]! - numerators[i]! / x)).toBeLessThan(2 ** -12 * 4);
        expect(Math.abs(inverses![i]! - division.at(1, x))).toBeLessThan(NOISE);
      });
      if (name === 'twin') {
        const zero = publicKey.encrypt(b.encode(0.1));
        expect(() => division.inverse(b, ev, zero)).toThrow(/cannot divide: .* input 0.1 is outside \[0.25, 4\]/);
      }
    });
    expect(b.live).toBe(0);
    b.dispose();
  });

  it('of one factor', () => {
    const division = new Division({ range: [0.99, 1.01], bits: 12 });
    expect(division.depth).toBe(2);
    const b = toy(spec(2, 64));
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
      const c = publicKey.encrypt(b.encode(1.005));
      for (const y of [division.inverse(b, ev, c), division.apply(b, ev, c, c)]) {
        expect([y.level, String(y.scale)]).toEqual([0, '2^40']);
      }
      expect(b.decode(secretKeys.decrypt(division.inverse(b, ev, c)))[3]).toBeCloseTo(1 / 1.005, 4);
    });
  });
});

describe('softmax', () => {
  const classes = 10;
  const logit = (image: number, k: number): number => 0.98 * Math.sin(5 * image + 3 * k); // times the bound
  const clear = (x: readonly number[]): number[] => {
    const e = x.map(Math.exp);
    const sum = e.reduce((a, b) => a + b, 0);
    return e.map((v) => v / sum);
  };

  it.each([
    ['twin', { classes, bound: 4 }, 8, 16],
    ['toy', { classes: 3, bound: 2, normalised: true, bits: 8 }, 4, 4],
    ['engine', { classes, bound: 4, least: 0 }, 2, 64],
    ['engine', { classes, bound: 4 }, 8, 16],
  ] as const)('on the %s with %j, %i images side by side, repeated after %i', async (name, options, batch, period) => {
    const softmax = new Softmax({ batch, period, ...options });
    const b =
      name === 'engine'
        ? await engine(engineSpec(softmax.depth, 256), { threads: 1 })
        : (name === 'toy' ? toy : twin)(spec(softmax.depth, name === 'toy' ? 128 : 256));
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: softmax.rotations });
      const { slots } = b.parameters;
      const x = new Float64Array(slots);
      for (let slot = 0; slot < slots; slot++) {
        const k = Math.floor(slot / batch) % period;
        if (k < softmax.classes) x[slot] = logit(slot % batch, k) * (softmax.normalised ? 1 : softmax.bound);
      }
      const c = publicKey.encrypt(b.encode(x));
      const before = b.live;
      const y = softmax.apply(b, ev, c);
      expect([y.level, String(y.scale), b.live]).toEqual([0, '2^40', before + 1]);
      const got = b.decode(secretKeys.decrypt(y));
      for (let image = 0; image < batch; image++) {
        const logits = Array.from({ length: softmax.classes }, (_, k) => softmax.bound * logit(image, k));
        const at = softmax.at(logits);
        clear(logits).forEach((want, k) => {
          const value = got[k * batch + image]!;
          expect(Math.abs(value - at[k]!)).toBeLessThan(NOISE);
          expect(Math.abs(value - want)).toBeLessThan(2 ** -softmax.division.bits); // sums near 1 divide best
        });
      }
    });
    expect(b.live).toBe(0);
    b.dispose();
  });

  it('knows its rotations and its depth beforehand', () => {
    const softmax = new Softmax({ classes, bound: 4, batch: 8 });
    expect(softmax.rotations).toEqual([8, 16, 32, 64]);
    expect(new Softmax({ classes, bound: 4, period: 64 }).rotations).toEqual([1, 2, 4, 8, -16]);
    // exp: 3 levels for degree 7, 1 to move the inputs, 2 squarings; the division of sums that differ by e^8.
    expect([softmax.exponential.depth, softmax.squarings, softmax.division.depth]).toEqual([4, 2, 15]);
    expect(softmax.depth).toBe(21);
    expect(new Softmax({ classes, bound: 4, least: 1 }).depth).toBe(17);
    expect(inspect(softmax)).toBe('Softmax of 10 classes on [-4, 4] (21 levels, 34 products)');
  });

  it('refuses what does not fit', () => {
    const b = twin(spec(21));
    const softmax = new Softmax({ classes, bound: 4, batch: 8 });
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen();
      const c = publicKey.encrypt(b.encode([1]));
      expect(() => softmax.apply(b, ev, c)).toThrow(/batch × period should be a divisor of 64/);
      const small = new Softmax({ classes, bound: 4, batch: 4 });
      expect(() => small.apply(b, ev, ev.dropLevel(c, 9))).toThrow(/needs 21 levels, the input has 9/);
      expect(() => small.apply(b, ev, c)).toThrow(/rotation by 4/);
      expect(() => small.apply(b, ev, publicKey.encrypt(b.encode([5])))).toThrow(/input 5 is outside \[-4, 4\]/);
    });
    expect(b.live).toBe(0);
    expect(() => new Softmax({ classes: 1, bound: 4 })).toThrow(/classes/);
    expect(() => new Softmax({ classes, bound: 40 })).toThrow(/bound should be above 0, up to 16/);
    expect(() => new Softmax({ classes, bound: 4, least: 5 })).toThrow(/least/);
    expect(() => new Softmax({ classes, bound: 4, period: 24 })).toThrow(
      /period should be 16, or a power of two from 32/,
    );
  });
});
