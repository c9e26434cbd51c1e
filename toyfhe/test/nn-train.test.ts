import { describe, expect, test } from 'vitest';
import {
  Adam,
  Augmenter,
  clipGradients,
  Dense,
  evaluate,
  Flatten,
  type LabelledImages,
  oneCycle,
  type Parameter,
  Random,
  Sequential,
  Square,
  Tensor,
  type TrainOptions,
  type TrainProgress,
  train,
} from '../src/nn/index.ts';

function parameter(name: string, value: number, gradient: number): Parameter {
  return { name, value: new Tensor([1], Float64Array.of(value)), gradient: new Tensor([1], Float64Array.of(gradient)) };
}

describe('Adam', () => {
  test('the first step is the rate, whatever the gradient’s size', () => {
    const p = parameter('weight', 1, 1e-3);
    new Adam([p]).step(0.1);
    expect(p.value.data[0]).toBeCloseTo(0.9, 5);
  });

  test('two steps by hand', () => {
    const p = parameter('weight', 0, 1);
    const adam = new Adam([p], { epsilon: 0 });
    adam.step(1); // mean 0.1/0.1 = 1, square 0.001/0.001 = 1: moves by 1
    p.gradient.data[0] = 0;
    adam.step(1); // mean 0.09/0.19, square 0.000999/0.001999
    expect(p.value.data[0]).toBeCloseTo(-1 - 0.09 / 0.19 / Math.sqrt(0.000999 / 0.001999), 12);
  });

  test('weight decay shrinks weights and leaves biases', () => {
    const [weight, bias] = [parameter('weight', 2, 0), parameter('bias', 2, 0)];
    new Adam([weight, bias], { weightDecay: 0.5 }).step(0.1);
    expect(weight.value.data[0]).toBeCloseTo(1.9, 12);
    expect(bias.value.data[0]).toBe(2);
  });
});

test('gradients are clipped together, and only when they are too long', () => {
  const parameters = [parameter('a', 0, 3), parameter('b', 0, 4)];
  expect(clipGradients(parameters, 10)).toBe(5);
  expect(parameters.map(({ gradient }) => gradient.data[0])).toEqual([3, 4]);
  expect(clipGradients(parameters, 1)).toBe(5);
  expect(parameters[0]!.gradient.data[0]).toBeCloseTo(0.6, 12);
  expect(parameters[1]!.gradient.data[0]).toBeCloseTo(0.8, 12);
});

test('one cycle: up from peak/25 to the peak at 30 %, down to peak/2500', () => {
  const rates = Array.from({ length: 101 }, (_, step) => oneCycle(step, 101, 1));
  expect(rates[0]).toBeCloseTo(1 / 25, 12);
  expect(rates[30]).toBeCloseTo(1, 12);
  expect(rates[100]).toBeCloseTo(1 / 2500, 12);
  expect(rates[15]).toBeCloseTo((1 + 1 / 25) / 2, 12); // half-way up, half-way between
  for (let step = 1; step <= 100; step++) {
    expect(Math.sign(rates[step]! - rates[step - 1]!)).toBe(step <= 30 ? 1 : -1);
  }
  expect(oneCycle(0, 1, 1)).toBeGreaterThan(0); // a run of one step
});

describe('random numbers', () => {
  test('same seed, same numbers; neighbouring seeds, others', () => {
    const draw = (seed: number): number[] => {
      const random = new Random(seed);
      return Array.from({ length: 8 }, () => random.bits());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1).filter((x) => draw(2).includes(x))).toEqual([]);
  });

  test('are those of xoshiro128**, computed again in BigInt', () => {
    const random = new Random(0);
    const state = stateOf(0);
    expect(Array.from({ length: 5 }, () => random.bits())).toEqual(Array.from({ length: 5 }, () => xoshiro(state)));
  });

  test('normal numbers have mean 0, deviation 1 and a 4th moment of 3', () => {
    const random = new Random(3);
    const n = 100_000;
    const x = Array.from({ length: n }, () => random.normal());
    const moment = (k: number): number => x.reduce((sum, v) => sum + v ** k, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(0.02); // 6 deviations of the estimate
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
  });

  test('a shuffle keeps every element and favours no place', () => {
    const random = new Random(5);
    const counts = new Array(4).fill(0);
    for (let run = 0; run < 4000; run++) {
      const list = Uint32Array.of(0, 1, 2, 3);
      random.shuffle(list);
      expect([...list].sort()).toEqual([0, 1, 2, 3]);
      counts[list.indexOf(0)]++;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(165); // 6 deviations
  });
});

/** The definition of Blackman and Vigna, in BigInt. */
function xoshiro(s: bigint[]): number {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  const result = (rotl((s[1]! * 5n) & mask, 7n) * 9n) & mask;
  const t = (s[1]! << 9n) & mask;
  s[2]! ^= s[0]!;
  s[3]! ^= s[1]!;
  s[1]! ^= s[2]!;
  s[0]! ^= s[3]!;
  s[2]! ^= t;
  s[3] = rotl(s[3]!, 11n);
  return Number(result);
}

/** The state that `Random` fills from a seed: four outputs of SplitMix with MurmurHash3's mixer, in BigInt. */
function stateOf(seed: number): bigint[] {
  const mask = 0xffffffffn;
  return [1n, 2n, 3n, 4n].map((i) => {
    let z = (BigInt(seed) + i * 0x9e3779b9n) & mask;
    z = ((z ^ (z >> 16n)) * 0x85ebca6bn) & mask;
    z = ((z ^ (z >> 13n)) * 0xc2b2ae35n) & mask;
    return z ^ (z >> 16n);
  });
}

describe('augmentation', () => {
  const image = Float32Array.from({ length: 16 }, (_, i) => i + 1); // 4×4

  test('without shift and noise copies', () => {
    const out = new Float64Array(16);
    new Augmenter({ shift: 0, noise: 0 }, new Random(1)).copy(image, 0, [1, 4, 4], out, 0);
    expect([...out]).toEqual([...image]);
  });

  test('shifts by whole pixels, all nine ways, and fills with zeros', () => {
    const augmenter = new Augmenter({ shift: 1, noise: 0 }, new Random(1));
    const seen = new Set<string>();
    for (let run = 0; run < 200; run++) {
      const out = new Float64Array(16);
      augmenter.copy(image, 0, [1, 4, 4], out, 0);
      seen.add(out.join());
    }
    const expected = new Set<string>();
    for (const down of [-1, 0, 1]) {
      for (const right of [-1, 0, 1]) {
        const moved = Array.from({ length: 16 }, (_, i) => {
          const [row, column] = [Math.floor(i / 4) - down, (i % 4) - right];
          return row >= 0 && row < 4 && column >= 0 && column < 4 ? image[4 * row + column] : 0;
        });
        expected.add(moved.join());
      }
    }
    expect(seen).toEqual(expected);
  });

  test('adds noise of the deviation that was asked for, to every pixel', () => {
    const pixels = 99 * 101; // odd: the last pixel has no partner
    const out = new Float64Array(pixels);
    new Augmenter({ shift: 0, noise: 0.1 }, new Random(2)).copy(new Float32Array(pixels), 0, [1, 99, 101], out, 0);
    const deviation = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0) / pixels);
    expect(Math.abs(deviation - 0.1)).toBeLessThan(0.005); // 7 deviations of the estimate
    expect(out.every((x) => x !== 0)).toBe(true);
  });
});

/** Two by two pixels; the class is whether the diagonals' products differ in sign, which only a square can see. */
function exclusiveOr(count: number, seed: number): LabelledImages {
  const random = new Random(seed);
  const images = Float32Array.from({ length: 4 * count }, () => 2 * random.uniform() - 1);
  const labels = Uint8Array.from({ length: count }, (_, i) => (images[4 * i]! * images[4 * i + 3]! > 0 ? 1 : 0));
  return { images, labels, shape: [1, 2, 2] };
}

const network = (): Sequential =>
  new Sequential({ flatten: new Flatten(), fc1: new Dense(4, 8), square: new Square(), fc2: new Dense(8, 2) });

const OPTIONS: TrainOptions = {
  epochs: 10,
  batch: 32,
  peakRate: 0.05,
  clip: 1,
  shift: 0,
  noise: 0,
  weightDecay: 0,
  seed: 1,
};

function trained(options: TrainOptions): { model: Sequential; steps: TrainProgress[] } {
  const model = network();
  return { model, steps: [...train(model, exclusiveOr(1000, 1), options)] };
}

describe('training', () => {
  test('learns what no linear network can', () => {
    const { model, steps } = trained(OPTIONS);
    const result = evaluate(model, exclusiveOr(1001, 2)); // one more than full batches
    expect(result.count).toBe(1001);
    expect(result.accuracy).toBeGreaterThan(0.95);
    expect(result.correct).toBe(Math.round(result.accuracy * 1001));
    expect([...result.largest.keys()]).toEqual(['flatten', 'fc1', 'square', 'fc2']);
    expect(result.largest.get('square')).toBeCloseTo(result.largest.get('fc1')! ** 2, 9);
    expect(steps.length).toBe(10 * 31); // 1000 images make 31 batches of 32
    expect(steps.at(-1)).toMatchObject({ epoch: 9, step: 31, stepsPerEpoch: 31 });
    expect(steps.at(-1)!.loss).toBeLessThan(steps[30]!.loss / 2);
  });

  test('the same seed gives the same weights, bit for bit; another seed others', () => {
    const options = { ...OPTIONS, epochs: 2, noise: 0.1, shift: 1 };
    const weights = trained(options).model.weights();
    expect(trained(options).model.weights()).toEqual(weights);
    expect(trained({ ...options, seed: 2 }).model.weights()).not.toEqual(weights);
  });

  test('stops where the caller stops', () => {
    const model = network();
    for (const { step } of train(model, exclusiveOr(1000, 1), OPTIONS)) if (step === 3) break;
    expect(
      model
        .weights()
        .get('fc1.bias')!
        .data.some((x) => x !== 0),
    ).toBe(true);
  });

  test.each([
    [{ epochs: 0 }, /epochs should be an integer from 1/],
    [{ batch: 1001 }, /batch should be an integer from 1 to the 1000 images but is 1001/],
    [{ peakRate: Number.NaN }, /peakRate should be a positive number but is NaN/],
    [{ clip: 0 }, /clip/],
    [{ shift: 0.5 }, /shift/],
    [{ noise: -1 }, /noise/],
    [{ weightDecay: -1 }, /weightDecay/],
    [{ seed: -1 }, /seed/],
  ])('refuses %o', (wrong, message) => {
    expect(() => trained({ ...OPTIONS, ...wrong })).toThrow(message);
  });

  test('refuses images that do not fit their labels', () => {
    const data = { ...exclusiveOr(10, 1), labels: new Uint8Array(9) };
    expect(() => evaluate(network(), data)).toThrow(/cannot evaluate: images should be 9 images of 1×2×2/);
    expect(() => evaluate(network(), { ...data, labels: new Uint8Array(0) })).toThrow(/at least one image/);
  });
});
