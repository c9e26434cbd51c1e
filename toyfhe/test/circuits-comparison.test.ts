/** Sign, ReLU, maximum, division and softmax on ciphertexts. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  parameters,
  Scale,
  seededRandom,
  shadowed,
  twin,
} from '../src/backend/index.ts';
import {
  Abs,
  Division,
  Max,
  packSlots,
  Relu,
  Sign,
  Softmax,
  unpackSlots,
  vectorLayout,
} from '../src/circuits/index.ts';
import { steadyScale } from '../src/circuits/steady-scale.ts';
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
          ? await engine(engineSpec(depth), { threads: 1, random: seededRandom('circuits-comparison') })
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
    const b = shadowed(toy(spec(relu.depth, 64), seededRandom('circuits-comparison')));
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
    expect(() => run(toy(spec(8, 32), seededRandom('circuits-comparison')), 1, [-9, 1])).toThrow(
      /input -9 is outside \[-8, 8\]/,
    );
    expect(() => run(twin(spec(8)), 7)).not.toThrow();
  });
});

describe('sign, absolute value, maximum', () => {
  it.each(['twin', 'toy', 'engine'])('on the %s', async (name) => {
    const degrees = [7, 15];
    const [sign, abs, max] = [new Sign({ degrees, bound: 2 }), new Abs({ degrees, bound: 2 }), new Max({ degrees, bound: 2 })]; // prettier-ignore
    expect([sign.depth, abs.depth, max.depth]).toEqual([8, 9, 9]);
    const b =
      name === 'engine'
        ? await engine(engineSpec(9), { threads: 1, random: seededRandom('circuits-comparison') })
        : name === 'toy'
          ? toy(spec(9), seededRandom('circuits-comparison'))
          : twin(spec(9));
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

describe('inputs that come divided by the bound', () => {
  const options = { degrees: [7, 15], bound: 4, normalised: true };
  const xs = [-4, -2, -1, 1, 2, 4];

  it('give the sign, not the bound times it; ReLU and |x| of x itself', () => {
    const [sign, relu, abs] = [new Sign(options), new Relu(options), new Abs(options)];
    expect([sign.depth, abs.depth]).toEqual([7, 8]);
    const b = twin(spec(8));
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
      const c = publicKey.encrypt(b.encode(xs.map((x) => x / 4)));
      const [signs, positives, sizes] = [sign, relu, abs].map((f) => b.decode(secretKeys.decrypt(f.apply(b, ev, c))));
      xs.forEach((x, i) => {
        // Within what the composite promises: of the sign itself, of the bound for the others.
        expect(Math.abs(sign.at(x) - Math.sign(x))).toBeLessThan(sign.composite.signError + NOISE);
        expect(Math.abs(signs![i]! - Math.sign(x))).toBeLessThan(sign.composite.signError + NOISE);
        expect(Math.abs(positives![i]! - Math.max(x, 0))).toBeLessThan(4 * 2 ** (0.01 - relu.alpha));
        expect(Math.abs(sizes![i]! - Math.abs(x))).toBeLessThan(4 * 2 ** (1.01 - abs.alpha));
      });
    });
    expect(b.live).toBe(0);
  });
});

describe('scales that cannot be had are refused before anything is computed', () => {
  const division = new Division({ range: [0.5, 2] });
  const softmax = new Softmax({ classes: 4, bound: 1 });
  const depth = softmax.depth;
  type Apply = (b: Backend, ev: EvaluationKeys, c: Ciphertext, scale: Scale, onStep: () => void) => Ciphertext;

  it.each<[string, number, Apply]>([
    [
      'ReLU',
      2,
      (b, ev, c, scale, onStep) => new Relu({ degrees: [7, 7], bound: 2 }).apply(b, ev, c, { scale, onStep }),
    ],
    ['sign', 2, (b, ev, c, scale, onStep) => new Sign({ degrees: [7, 7, 7] }).apply(b, ev, c, { scale, onStep })],
    ['a quotient', 1, (b, ev, c, scale) => division.apply(b, ev, c, c, scale)],
    ['an inverse', 1, (b, ev, c, scale) => division.inverse(b, ev, c, scale)],
    ['softmax', 1, (b, ev, c, scale) => softmax.apply(b, ev, c, scale)],
  ])('%s', (_, bound, apply) => {
    const b = twin(spec(depth));
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys } = b.keygen({ rotations: softmax.rotations });
      const none = secretKeys.evaluationKeys({ relinearize: false }); // the first product would say so
      const c = publicKey.encrypt(b.encode(1 / bound));
      const before = b.live;
      let steps = 0;
      const run = (ev: EvaluationKeys, bits: number): Ciphertext =>
        apply(b, ev, c, Scale.powerOfTwo(bits), () => steps++);
      // Above the noise of a rescale, 2^7, but constants would have 2^8 too: fewer than three digits.
      expect(() => run(none, 8)).toThrow(expect.objectContaining({ code: 'SCALE_UNDERFLOW' }) as Error);
      expect([b.live, steps]).toEqual([before, 0]);
      expect(() => run(none, 40)).toThrow(expect.objectContaining({ code: 'KEY_MISSING' }) as Error);
      expect(String(run(evaluationKeys, 40).scale)).toBe('2^40');
      expect(b.live).toBe(before + 1);
    });
    expect(b.live).toBe(0);
  });
});

describe('a steady scale', () => {
  // Twenty-bit differences, no two alike: what is left of them shows every wrong prime, and every wrong order of primes.
  const uneven = parameters({ ringDegree: 64, chain: [60, 33, 49, 38, 46, 35, 52, 41, 30, 44, 47], insecure: true });
  const even = parameters({ ringDegree: 64, chain: [60, ...levels(10)], insecure: true });

  /** Bits between a scale, squared and rescaled n times from a level down, and the prime that it meets next. */
  const missed = ({ primes }: typeof even, start: Scale, level: number, n: number): number => {
    let scale = start;
    for (let i = 0; i < n; i++) scale = scale.times(scale).over(Scale.ofPrime(level - i, primes[level - i]!));
    return Math.abs(scale.log2 - Math.log2(Number(primes[Math.max(1, level - n)]!)));
  };

  it.each([
    ['uneven', 10, 1],
    ['uneven', 10, 4],
    ['uneven', 7, 7],
    ['even', 10, 8],
    ['even', 5, 3],
  ] as const)('on %s primes: from level %i, after %i squares, the nearest of all qᵢ·qⱼ/qₖ', (kind, level, n) => {
    const p = kind === 'even' ? even : uneven;
    const found = missed(p, steadyScale(p, level, n), level, n);
    let best = Number.POSITIVE_INFINITY;
    const prime = (i: number): Scale => Scale.ofPrime(i, p.primes[i]!);
    for (let i = 1; i <= level; i++) {
      for (let j = 1; j <= level; j++) {
        for (let k = 1; k <= level; k++) {
          best = Math.min(best, missed(p, prime(i).times(prime(j)).over(prime(k)), level, n));
        }
      }
    }
    expect(found).toBeLessThanOrEqual(best + 1e-9);
    // The obvious start, the first prime that divides, ends further off: differences of primes double with each square.
    expect(missed(p, prime(level), level, n)).toBeGreaterThan(2 * found);
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
    const far = /range should be of ends at most a factor 2\^48 apart but is \[/;
    expect(() => new Division({ range: [1e-20, 1] })).toThrow(far);
    expect(() => new Division({ range: [1e-300, 1e300] })).toThrow(far);
    expect(new Division({ range: [2 ** -48, 1] }).depth).toBe(55); // 2^51 times log2 of 1 + 2^-47 is 16·1.44 bits: 51 + 1, and 3 fresh scales
    const squares = /range should be of numbers whose squares are numbers/; // t² is 10^400, or 0
    expect(() => new Division({ range: [1e-200, 2e-200] })).toThrow(squares);
    expect(() => new Division({ range: [1e200, 2e200] })).toThrow(squares);
    expect(() => new Division({ range: [1e308, 1.5e308] })).toThrow(squares);
  });

  it.each(['twin', 'toy', 'engine'])('the same, encrypted: on the %s', async (name) => {
    const division = new Division({ range: [0.25, 4] });
    expect(division.depth).toBe(8); // ρ = 15/17: 2^7 times log2(17/15) is 23 bits, 2^6 times 11.6
    const b =
      name === 'engine'
        ? await engine(engineSpec(9), { threads: 1, random: seededRandom('circuits-comparison') })
        : name === 'toy'
          ? toy(spec(9), seededRandom('circuits-comparison'))
          : twin(spec(9));
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

  it('wants both at one level, and says so before it works', () => {
    const division = new Division({ range: [0.5, 2] });
    const b = twin(spec(8));
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen();
      const c = publicKey.encrypt(b.encode(1));
      const lower = ev.dropLevel(c, 7);
      const before = b.live;
      const message =
        /level of the numerator should be 7, that of the denominator but is 8; dropLevel the higher one to 7/;
      expect(() => division.apply(b, ev, c, lower)).toThrow(message);
      expect(() => division.apply(b, ev, lower, c)).toThrow(/should be 8, .* but is 7; dropLevel the higher one to 7/);
      expect(b.live).toBe(before);
    });
    expect(b.live).toBe(0);
  });

  it('of one factor', () => {
    const division = new Division({ range: [0.99, 1.01], bits: 12 });
    expect(division.depth).toBe(2);
    const b = toy(spec(2, 64), seededRandom('circuits-comparison'));
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
        ? await engine(engineSpec(softmax.depth, 256), { threads: 1, random: seededRandom('circuits-comparison') })
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

  it('where slots of no class see only some of them: their sums too are in the range of the division', () => {
    // Slot 8 sees positions −7 + 8 … 8 + 8, so not class 0; the twin refuses sums outside, wherever they stand.
    const options = { classes: 5, bound: 4, least: 3, batch: 2, period: 64 };
    const softmax = new Softmax(options);
    const images = [
      [3, -4, -4, -4, -4],
      [-4, -4, 3.5, 4, 4],
    ];
    const b = twin(spec(softmax.depth, 256));
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: softmax.rotations });
      const layout = vectorLayout(b.parameters.slots, 5, options);
      const c = publicKey.encrypt(b.encode(packSlots(layout, images)[0]!));
      const got = unpackSlots(layout, [b.decode(secretKeys.decrypt(softmax.apply(b, ev, c)))]);
      images.forEach((logits, i) =>
        clear(logits).forEach((want, k) => expect(Math.abs(got[i]![k]! - want)).toBeLessThan(2 ** -12)),
      );
    });
    expect(b.live).toBe(0);
    expect(new Softmax({ ...options, period: 8 }).depth).toBe(softmax.depth - 5); // there all slots see all classes
  });

  it('leaves room around the sums that can be: for what exp is off by, and noise', () => {
    for (const options of [
      { classes: 2, bound: 1 },
      { classes: 5, bound: 4, least: 3 },
      { classes: 10, bound: 4, normalised: true },
      { classes: 16, bound: 8, least: -2 },
    ]) {
      const softmax = new Softmax(options);
      const { classes, bound, least = -bound } = { least: undefined, ...options };
      const [low, high] = softmax.division.range;
      const unit = softmax.normalised ? bound : 1;
      const exp = (x: number): number => softmax.exponential.at(x / unit) ** (2 ** softmax.squarings);
      const smallest = exp(least) + (classes - 1) * exp(-bound);
      const largest = classes * exp(bound);
      // Sums have noise of some 2^-20; a thousandth of them is far more, and costs no level.
      expect(smallest * (1 - 2 ** -11)).toBeGreaterThan(low);
      expect(largest * (1 + 2 ** -11)).toBeLessThan(high);
      expect(smallest * (1 - 2 ** -9)).toBeLessThan(low);
    }
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
