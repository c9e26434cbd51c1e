import { describe, expect, test } from 'vitest';
import { Polynomial } from '../src/circuits/index.ts';
import {
  AveragePool2d,
  BatchNorm2d,
  Conv2d,
  crossEntropy,
  Dense,
  Flatten,
  GlobalAveragePool,
  PolynomialActivation,
  Random,
  Relu,
  Residual,
  Sequential,
  Softmax,
  Square,
  Tensor,
} from '../src/nn/index.ts';

interface Case {
  readonly model: Sequential;
  readonly input: Tensor;
  readonly labels: Uint8Array;
}

/** The layers of the article's network: two channels, an oblong kernel, and a batch. */
function squares(): Case {
  return prepared({
    conv: new Conv2d({ inputChannels: 2, outputChannels: 3, kernel: [3, 2], stride: 2 }),
    square1: new Square(),
    conv2: new Conv2d({ inputChannels: 3, outputChannels: 2, kernel: [1, 2] }),
    flatten: new Flatten(),
    fc1: new Dense(8, 5),
    square2: new Square(),
    fc2: new Dense(5, 4),
  });
}

/** All other layers: a padded convolution and its norm, residual blocks with both kinds of shortcuts, both pools. */
function residuals(): Case {
  const norm = new BatchNorm2d(2);
  for (const [i, value] of [norm.runningMean, norm.runningVariance].entries()) value.data.set([0.3 + i, 0.6 + i]);
  return prepared({
    conv: new Conv2d({ inputChannels: 2, outputChannels: 3, kernel: [3, 2], stride: [1, 2], padding: [2, 1, 0, 2] }),
    norm: new BatchNorm2d(3),
    block: new Residual(
      new Sequential({
        relu: new Relu(),
        conv: new Conv2d({ inputChannels: 3, outputChannels: 3, kernel: 3, padding: 1 }),
        inner: new Residual(new Sequential({ cubic: new PolynomialActivation(new Polynomial([0.1, 0.5, -0.2, 0.3])) })),
      }),
    ),
    pool: new AveragePool2d({ kernel: [3, 2], stride: 2, padding: [1, 1, 1, 0], countPadding: false }),
    strided: new Residual(
      new Sequential({
        conv: new Conv2d({ inputChannels: 3, outputChannels: 2, kernel: 3, stride: 2, padding: 1 }),
        norm,
      }),
      new Sequential({ conv: new Conv2d({ inputChannels: 3, outputChannels: 2, kernel: 1, stride: 2 }) }),
    ),
    trained: new PolynomialActivation(new Polynomial([0.2, 0.5, 0.3, 0.1], { basis: 'chebyshev', interval: [-4, 3] }), {
      trainable: true,
    }),
    counted: new AveragePool2d({ kernel: 2, stride: 1, padding: 1 }),
    mean: new GlobalAveragePool(),
    flatten: new Flatten(),
    fc: new Dense(2, 4),
    softmax: new Softmax(),
  });
}

function prepared(layers: ConstructorParameters<typeof Sequential>[0]): Case {
  const random = new Random(11);
  const model = new Sequential(layers);
  model.initialize(random);
  for (const { value } of model.parameters) {
    for (let i = 0; i < value.data.length; i++) value.data[i]! += 0.1 * random.normal(); // biases too
  }
  const input = new Tensor([3, 2, 5, 6]);
  for (let i = 0; i < input.data.length; i++) input.data[i] = random.normal();
  return { model, input, labels: Uint8Array.of(0, 3, 1) };
}

/** The loss's slope as x moves, by central differences. */
function slope(loss: () => number, data: Float64Array, i: number): number {
  const step = 1e-5; // truncation ~step² and rounding ~1e-16/step are both about 1e-10 here
  const kept = data[i]!;
  data[i] = kept + step;
  const up = loss();
  data[i] = kept - step;
  const down = loss();
  data[i] = kept;
  return (up - down) / (2 * step);
}

describe.each<[string, () => Case, boolean]>([
  ['the article’s layers', squares, false],
  ['the other layers, in training', residuals, true],
  ['the other layers, outside training', residuals, false],
])('gradients against finite differences: %s', (_, make, training) => {
  const { model, input, labels } = make();
  model.training = training;
  const loss = (): number => crossEntropy(model.forward(input), labels);
  const outputGradient = new Tensor([3, 4]);
  crossEntropy(model.forward(input), labels, outputGradient);
  model.zeroGradients();
  const inputGradient = model.backward(outputGradient, true)!;
  const gradients = new Map(model.parameters.map(({ value, gradient }) => [value, gradient.copy()]));
  const trained = model.namedParameters().filter(([, value]) => gradients.has(value)); // running means are not

  test('every parameter is there', () => {
    expect(trained).toHaveLength(model.parameters.length);
    expect(trained.length).toBeGreaterThan(5);
  });

  for (const [name, tensor, gradient] of [
    ...trained.map(([n, value]) => [n, value, gradients.get(value)!] as const),
    ['input', input, inputGradient] as const,
  ]) {
    test(`${name}: ${tensor.data.length} numbers`, () => {
      expect(gradient.shape).toEqual(tensor.shape);
      // Not a comparison of zeros; but what is added before a norm moves nothing, which is as it should be.
      const idle = training && ['conv.bias', 'strided.body.conv.bias'].includes(name);
      if (!idle) expect(Math.max(...gradient.data.map(Math.abs))).toBeGreaterThan(1e-4);
      for (let i = 0; i < tensor.data.length; i++) {
        expect(Math.abs(gradient.data[i]! - slope(loss, tensor.data, i))).toBeLessThan(1e-7);
      }
    });
  }

  test('backward adds to what is there', () => {
    const { model: m, input: x } = make();
    m.training = training;
    const again = (): Tensor[] => {
      m.forward(x);
      m.backward(outputGradient);
      return m.parameters.map(({ gradient }) => gradient.copy());
    };
    m.zeroGradients();
    const once = again();
    for (const [p, { data }] of again().entries()) {
      for (let i = 0; i < data.length; i++) expect(data[i]!).toBeCloseTo(2 * once[p]!.data[i]!, 12);
    }
  });

  test('without the input’s gradient, the parameters’ are the same', () => {
    model.zeroGradients();
    model.forward(input);
    expect(model.backward(outputGradient)).toBeUndefined();
    for (const { value, gradient } of model.parameters) expect(gradient).toEqual(gradients.get(value));
  });
});

describe('cross-entropy', () => {
  test('of equal logits is the logarithm of the number of classes', () => {
    expect(crossEntropy(new Tensor([2, 10]), Uint8Array.of(3, 9))).toBeCloseTo(Math.log(10), 12);
  });

  test('of huge logits is finite', () => {
    const gradient = new Tensor([1, 2]);
    expect(crossEntropy(new Tensor([1, 2], Float64Array.of(5000, 0)), Uint8Array.of(1), gradient)).toBe(5000);
    expect([...gradient.data]).toEqual([1, -1]);
  });

  test('refuses a label that is no class, and a missing one', () => {
    expect(() => crossEntropy(new Tensor([1, 2]), Uint8Array.of(2))).toThrow(/label 0 should be below 2 but is 2/);
    expect(() => crossEntropy(new Tensor([2, 2]), Uint8Array.of(1))).toThrow(/label 1 should be below 2 but is NaN/);
  });
});
