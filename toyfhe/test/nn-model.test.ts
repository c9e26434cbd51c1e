import { readFileSync } from 'node:fs';
import { inspect as nodeInspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { inspect } from '../src/backend/index.ts';
import { Polynomial } from '../src/circuits/index.ts';
import {
  articleNetwork,
  AveragePool2d,
  BatchNorm2d,
  CallableModel,
  Conv2d,
  Dense,
  Flatten,
  GlobalAveragePool,
  importOnnx,
  type PoolOptions,
  PolynomialActivation,
  Random,
  Relu,
  type ReluOptions,
  Residual,
  Sequential,
  Softmax,
  type SoftmaxOptions,
  Tensor,
  type TensorOperations,
  train,
  type WindowOptions,
} from '../src/nn/index.ts';

/** A tensor that computes nothing and notes what it is asked, in a list that all tensors made from it share. */
class Noted implements TensorOperations<Noted> {
  readonly calls: unknown[][];
  readonly shape: readonly number[];

  constructor(shape: readonly number[], calls: unknown[][] = []) {
    this.shape = shape;
    this.calls = calls;
  }

  conv2d = (weight: Tensor, bias?: Tensor, options?: WindowOptions): Noted =>
    this.#note('conv2d', weight, bias, options);
  dense = (weight: Tensor, bias?: Tensor): Noted => this.#note('dense', weight, bias);
  channelAffine = (factor: Tensor, offset: Tensor): Noted => this.#note('channelAffine', factor, offset);
  averagePool = (options: PoolOptions): Noted => this.#note('averagePool', options);
  globalAveragePool = (): Noted => this.#note('globalAveragePool');
  reshape = (shape: readonly number[]): Noted => this.#note('reshape', shape);
  flatten = (): Noted => this.#note('flatten');
  add = (other: Noted | Tensor): Noted => this.#note('add', other instanceof Tensor ? other : 'a value');
  mul = (other: Noted | Tensor): Noted => this.#note('mul', other instanceof Tensor ? other : 'a value');
  square = (): Noted => this.#note('square');
  polynomial = (polynomial: Polynomial): Noted => this.#note('polynomial', polynomial);
  relu = (options?: ReluOptions): Noted => this.#note('relu', options);
  softmax = (options?: SoftmaxOptions): Noted => this.#note('softmax', options);

  #note(...call: unknown[]): Noted {
    this.calls.push(call);
    return new Noted(this.shape, this.calls);
  }
}

const random = new Random(17);
const filled = (shape: readonly number[]): Tensor =>
  new Tensor(
    shape,
    new Tensor(shape).data.map(() => random.normal()),
  );

/** The article's network, drawn. */
function drawn(): Sequential {
  const model = articleNetwork();
  model.initialize(random);
  return model;
}

/** A network with each of the other layers, drawn; a batch norm that has seen something. */
function mixed(): Sequential {
  const norm = new BatchNorm2d(3);
  const model = new Sequential({
    conv: new Conv2d({ inputChannels: 2, outputChannels: 3, kernel: 3, stride: [1, 2], padding: 1 }),
    norm,
    block: new Residual(
      new Sequential({ relu: new Relu({ degrees: [7, 7], bound: 8 }) }),
      new Sequential({ cubic: new PolynomialActivation(new Polynomial([0, 1, 0, 0.1])) }),
    ),
    pool: new AveragePool2d({ kernel: 2 }),
    mean: new GlobalAveragePool(),
    flatten: new Flatten(),
    fc: new Dense(3, 4),
    softmax: new Softmax({ bound: 20 }),
  });
  model.initialize(random);
  norm.runningMean.data.set([0.1, -0.2, 0.3]);
  norm.runningVariance.data.set([0.5, 1, 2]);
  return model;
}

describe('a network is a function', () => {
  test('and an object: it prints, knows its class, and keeps its members', () => {
    const model = drawn();
    expect(typeof model).toBe('function');
    expect(model).toBeInstanceOf(Sequential);
    expect(model).toBeInstanceOf(CallableModel);
    const print = 'Sequential conv → square1 → flatten → fc1 → square2 → fc2 (17,298 parameters)';
    expect([model[inspect](), nodeInspect(model)]).toEqual([print, print]);
    expect(model.parameters).toHaveLength(6);
    expect(model.kind).toBe('sequential');
  });

  test('of plain tensors: the forward pass, in tensors of their own, for any batch', () => {
    for (const [model, shape] of [
      [drawn(), [1, 28, 28]],
      [mixed(), [2, 6, 6]],
    ] as const) {
      const input = filled([3, ...shape]);
      const output = model(input);
      expect(output).toEqual(model.forward(input));
      expect(output.shape).toEqual(model.outputShape(input.shape));
      const kept = output.copy();
      const pixels = input.data.length / 3;
      expect(model(new Tensor([1, ...shape], input.data.slice(0, pixels))).data[0]).toBeCloseTo(output.data[0]!, 12);
      expect(model(new Tensor([0, ...shape])).shape).toEqual(model.outputShape([0, ...shape]));
      expect(output).toEqual(kept); // later calls leave it alone
    }
  });

  test('of plain tensors, by their operations: the same numbers', () => {
    const model = mixed();
    const input = filled([2, 2, 6, 6]);
    expect(model.on(input)).toEqual(model(input));
  });

  test('the fluent form is the same network', () => {
    const model = drawn();
    const [w, b, w1, b1, w2, b2] = model.namedParameters().map(([, value]) => value) as Tensor[];
    const fluent = <T extends TensorOperations<T>>(x: T): T =>
      x.conv2d(w!, b, { stride: 3 }).square().flatten().dense(w1!, b1).square().dense(w2!, b2);
    const input = filled([2, 1, 28, 28]);
    expect(fluent(input)).toEqual(model(input));
  });

  test('of any other tensor: asks it for the layers’ operations, in order, with their weights themselves', () => {
    const model = drawn();
    const x = new Noted([1, 1, 28, 28]);
    const y: Noted = model(x);
    expect(y).toBeInstanceOf(Noted);
    const weights = new Map(model.namedParameters());
    const of = (layer: string): unknown[] => [weights.get(`${layer}.weight`), weights.get(`${layer}.bias`)];
    expect(x.calls).toEqual([
      ['conv2d', ...of('conv'), { stride: [3, 3], padding: [0, 0, 0, 0] }],
      ['square'],
      ['flatten'],
      ['dense', ...of('fc1')],
      ['square'],
      ['dense', ...of('fc2')],
    ]);
    expect(x.calls[0]![1]).toBe(weights.get('conv.weight')); // not a copy
  });

  test('hands options on, and batch norm as factors and offsets', () => {
    const model = mixed();
    const x = new Noted([1, 2, 6, 6]);
    model(x);
    expect(x.calls.map(([verb]) => verb)).toEqual([
      'conv2d',
      'channelAffine',
      'relu',
      'polynomial',
      'add',
      'averagePool',
      'globalAveragePool',
      'flatten',
      'dense',
      'softmax',
    ]);
    const [factor, offset] = x.calls[1]!.slice(1) as [Tensor, Tensor];
    expect(factor.data[0]).toBeCloseTo(1 / Math.sqrt(0.5 + 1e-5), 12);
    expect(offset.data[0]).toBeCloseTo(-0.1 / Math.sqrt(0.5 + 1e-5), 12);
    expect(x.calls[2]).toEqual(['relu', { degrees: [7, 7], bound: 8 }]);
    expect(x.calls[4]).toEqual(['add', 'a value']);
    expect(x.calls[5]).toEqual(['averagePool', { kernel: 2 }]);
    expect(x.calls[9]).toEqual(['softmax', { bound: 20 }]);
  });

  test('an imported graph asks for the same operations', () => {
    const bytes = readFileSync(new URL('./onnx/article.onnx', import.meta.url));
    const { model } = importOnnx(bytes);
    const ours = articleNetwork(model.weights());
    const [theirs, own] = [new Noted([1, 1, 28, 28]), new Noted([1, 1, 28, 28])];
    model(theirs);
    ours(own);
    expect(theirs.calls).toEqual(own.calls);
    expect(theirs.calls).toHaveLength(6);
    expect(typeof model).toBe('function');
  });

  test('types: what goes in comes out', () => {
    const model = drawn();
    const noted: Noted = model(new Noted([1, 1, 28, 28]));
    const tensor: Tensor = model(filled([1, 1, 28, 28]));
    // @ts-expect-error a tensor does not turn into something else
    const wrong: Noted = model(
      tensor
        .reshape([1, 10])
        .dense(new Tensor([784, 10]))
        .reshape([1, 1, 28, 28]),
    );
    expect([noted.shape, tensor.shape, wrong.shape]).toEqual([
      [1, 1, 28, 28],
      [1, 10],
      [1, 10],
    ]);
  });
});

describe('operations of plain tensors', () => {
  test('give fresh tensors and leave their operands alone', () => {
    const x = filled([2, 4]);
    const kept = x.copy();
    const cubic = new Polynomial([0, 0, 0, 1]);
    const [two, row] = [filled([2, 4]), filled([4])];
    for (const [result, expected] of [
      [x.add(two), (i: number) => x.data[i]! + two.data[i]!],
      [x.add(row), (i: number) => x.data[i]! + row.data[i % 4]!],
      [x.mul(two), (i: number) => x.data[i]! * two.data[i]!],
      [x.mul(row), (i: number) => x.data[i]! * row.data[i % 4]!],
      [x.square(), (i: number) => x.data[i]! ** 2],
      [x.relu({ bound: 1 }), (i: number) => Math.max(x.data[i]!, 0)],
      [x.polynomial(cubic), (i: number) => x.data[i]! * x.data[i]! * x.data[i]!],
      [x.channelAffine(row, row), (i: number) => row.data[i % 4]! * x.data[i]! + row.data[i % 4]!],
    ] as const) {
      expect(result.shape).toEqual([2, 4]);
      for (let i = 0; i < 8; i++) expect(result.data[i]).toBeCloseTo(expected(i), 14);
      expect(result.data).not.toBe(x.data);
    }
    expect(x).toEqual(kept);
  });

  test('a dense product without a bias begins at zero', () => {
    const x = new Tensor([2, 1], Float64Array.of(2, 3));
    expect([...x.dense(new Tensor([2, 1], Float64Array.of(1, -1))).data]).toEqual([2, -2, 3, -3]);
  });
});

test('training: the network trains while the trainer runs, and not after, also when stopped', () => {
  const norm = new BatchNorm2d(1);
  const model = new Sequential({ norm, flatten: new Flatten(), fc: new Dense(4, 2) });
  const images = Float32Array.from({ length: 4 * 64 }, () => 5 + random.normal());
  const labels = Uint8Array.from({ length: 64 }, (_, i) => (images[4 * i]! > 5 ? 1 : 0));
  const rest = { peakRate: 0.05, clip: 1, shift: 0, noise: 0, weightDecay: 0, seed: 1 };
  const data = { images, labels, shape: [1, 2, 2] } as const;
  for (const { step } of train(model, data, { epochs: 1, batch: 16, ...rest })) {
    expect([model.training, norm.training]).toEqual([true, true]);
    if (step === 2) break;
  }
  expect([model.training, norm.training]).toEqual([false, false]);
  const steps = [...train(model, data, { epochs: 20, batch: 16, ...rest })];
  expect(model.training).toBe(false);
  expect(steps.at(-1)!.accuracy).toBeGreaterThan(0.9);
  expect(norm.runningMean.data[0]).toBeCloseTo(5, 0); // the images' mean
});
