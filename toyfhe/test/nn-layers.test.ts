import { describe, expect, test } from 'vitest';
import { Polynomial } from '../src/circuits/index.ts';
import {
  articleNetwork,
  AveragePool2d,
  BatchNorm2d,
  Conv2d,
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
  twoConvNetwork,
} from '../src/nn/index.ts';

const random = new Random(7);
const filled = (shape: number[]): Tensor => {
  const t = new Tensor(shape);
  for (let i = 0; i < t.data.length; i++) t.data[i] = random.normal();
  return t;
};
const at = (t: Tensor, ...index: number[]): number =>
  t.data[index.reduce((offset, i, axis) => offset * t.shape[axis]! + i, 0)]!;
/** A pixel of an image; undefined in the padding around it. */
const pixel = (t: Tensor, b: number, c: number, y: number, x: number): number | undefined =>
  y >= 0 && y < t.shape[2]! && x >= 0 && x < t.shape[3]! ? at(t, b, c, y, x) : undefined;
const largestDifference = (a: Tensor, b: Tensor): number => {
  expect(a.shape).toEqual(b.shape);
  return Math.max(...a.data.map((x, i) => Math.abs(x - b.data[i]!)));
};

describe('conv2d against loops that follow the formula', () => {
  // Odd sizes on purpose: they reach every remainder of the 4×2 tiles in the matrix product.
  for (const [batch, inputs, outputs, height, width, kernel, stride, padding] of [
    [1, 1, 4, 28, 28, [7, 7], [3, 3], [0, 0, 0, 0]],
    [2, 3, 5, 8, 7, [3, 2], [2, 2], [0, 0, 0, 0]],
    [3, 2, 1, 5, 5, [1, 1], [1, 1], [0, 0, 0, 0]],
    [1, 1, 6, 4, 9, [4, 3], [5, 5], [0, 0, 0, 0]],
    [2, 2, 3, 6, 5, [3, 3], [1, 1], [1, 1, 1, 1]],
    [2, 2, 3, 7, 6, [2, 3], [1, 3], [0, 2, 1, 0]],
    [1, 1, 2, 2, 1, [4, 3], [2, 1], [3, 5, 1, 4]], // wider than the image, the kernel too
  ] as const) {
    test(`${batch}×${inputs}×${height}×${width}, kernel ${kernel.join('×')}, stride ${stride}, padding ${padding}`, () => {
      const conv = new Conv2d({ inputChannels: inputs, outputChannels: outputs, kernel, stride, padding });
      for (const { value } of conv.parameters) value.data.set(filled([...value.shape]).data);
      const input = filled([batch, inputs, height, width]);
      const output = conv.forward(input);
      const [top, left, bottom, right] = padding;
      const rows = Math.floor((top + height + bottom - kernel[0]) / stride[0]) + 1;
      const columns = Math.floor((left + width + right - kernel[1]) / stride[1]) + 1;
      expect(output.shape).toEqual([batch, outputs, rows, columns]);
      for (let b = 0; b < batch; b++) {
        for (let o = 0; o < outputs; o++) {
          for (let y = 0; y < rows; y++) {
            for (let x = 0; x < columns; x++) {
              let sum = conv.bias.value.data[o]!;
              for (let c = 0; c < inputs; c++) {
                for (let i = 0; i < kernel[0]; i++) {
                  for (let j = 0; j < kernel[1]; j++) {
                    const seen = pixel(input, b, c, y * stride[0] + i - top, x * stride[1] + j - left);
                    sum += at(conv.weight.value, o, c, i, j) * (seen ?? 0);
                  }
                }
              }
              expect(Math.abs(at(output, b, o, y, x) - sum)).toBeLessThan(1e-12);
            }
          }
        }
      }
      // Images of another size after it, and the same again: no border is left over from the image before.
      conv.forward(filled([1, inputs, height + 3, width + 2]));
      expect(conv.forward(input.copy())).toEqual(input.conv2d(conv.weight.value, conv.bias.value, { stride, padding }));
      expect(largestDifference(conv.forward(input), output.copy())).toBe(0);
    });
  }

  test('options written in each way', () => {
    const [weight, input] = [filled([2, 1, 3, 3]), filled([1, 1, 7, 7])];
    const full = input.conv2d(weight, undefined, { stride: [2, 2], padding: [1, 1, 1, 1] });
    expect(input.conv2d(weight, undefined, { stride: 2, padding: 1 })).toEqual(full);
    expect(input.conv2d(weight, new Tensor([2]), { stride: 2, padding: [1, 1] })).toEqual(full);
    expect(input.conv2d(weight)).toEqual(input.conv2d(weight, undefined, { stride: 1, padding: 0 }));
  });

  test('does not flip the kernel', () => {
    const conv = new Conv2d({ inputChannels: 1, outputChannels: 1, kernel: [1, 2] });
    conv.weight.value.data.set([1, 10]);
    expect([...conv.forward(new Tensor([1, 1, 1, 3], Float64Array.of(1, 2, 3))).data]).toEqual([21, 32]);
  });
});

test('dense: rows of the weight are outputs', () => {
  const dense = new Dense(3, 2);
  dense.weight.value.data.set([1, 2, 3, 4, 5, 6]);
  dense.bias.value.data.set([0.5, -0.5]);
  const output = dense.forward(new Tensor([2, 3], Float64Array.of(1, 0, 0, 1, 1, 1)));
  expect([...output.data]).toEqual([1.5, 3.5, 6.5, 14.5]);
});

test('square and flatten', () => {
  const input = new Tensor([1, 2, 1, 2], Float64Array.of(1, -2, 3, -4));
  expect([...new Square().forward(input).data]).toEqual([1, 4, 9, 16]);
  const flat = new Flatten().forward(input);
  expect(flat.shape).toEqual([1, 4]);
  expect([...flat.data]).toEqual([1, -2, 3, -4]); // order channel, row, column
});

describe('pools', () => {
  for (const [kernel, stride, padding, countPadding] of [
    [[2, 2], undefined, [0, 0, 0, 0], undefined],
    [[3, 2], [1, 2], [2, 0, 1, 1], true],
    [[3, 2], [2, 1], [2, 1, 0, 1], false],
    [[1, 3], [3, 1], [0, 2, 0, 2], undefined],
  ] as const) {
    test(`average: kernel ${kernel}, stride ${stride}, padding ${padding}, counted: ${countPadding ?? 'default'}`, () => {
      const options = {
        kernel,
        padding,
        ...(stride && { stride }),
        ...(countPadding !== undefined && { countPadding }),
      };
      const layer = new AveragePool2d(options);
      const input = filled([2, 3, 5, 6]);
      const [down, right] = stride ?? kernel; // as in PyTorch
      const output = layer.forward(input);
      expect(output.shape).toEqual(layer.outputShape(input.shape));
      for (let i = 0; i < output.data.length; i++) {
        const [, channels, rows, columns] = output.shape as [number, number, number, number];
        const [x, y] = [i % columns, Math.floor(i / columns) % rows];
        const [c, b] = [Math.floor(i / columns / rows) % channels, Math.floor(i / columns / rows / channels)];
        const window = Array.from({ length: kernel[0] * kernel[1] }, (_, k) =>
          pixel(
            input,
            b,
            c,
            y * down - padding[0] + Math.floor(k / kernel[1]),
            x * right - padding[1] + (k % kernel[1]),
          ),
        );
        const seen = window.filter((p) => p !== undefined);
        const mean = seen.reduce((sum, p) => sum + p, 0) / (countPadding === false ? seen.length : window.length);
        expect(Math.abs(output.data[i]! - mean)).toBeLessThan(1e-14);
      }
      expect(input.averagePool(options)).toEqual(output);
    });
  }

  test('global average', () => {
    const input = new Tensor([1, 2, 2, 2], Float64Array.of(1, 2, 3, 6, -1, -1, -1, 0));
    expect(new GlobalAveragePool().forward(input)).toEqual(new Tensor([1, 2, 1, 1], Float64Array.of(3, -0.75)));
  });
});

describe('activations', () => {
  test('relu', () => {
    const input = new Tensor([1, 5], Float64Array.of(-2, -0, 0, 1e-300, 3));
    expect([...new Relu().forward(input).data]).toEqual([0, 0, 0, 1e-300, 3]);
  });

  test('softmax: shares of 1, the same when all logits move, without overflow', () => {
    const layer = new Softmax();
    const even = layer.forward(new Tensor([2, 2], Float64Array.of(0, Math.log(3), 7, 7))).copy();
    expect(largestDifference(even, new Tensor([2, 2], Float64Array.of(0.25, 0.75, 0.5, 0.5)))).toBeLessThan(1e-15);
    const moved = layer.forward(new Tensor([1, 2], Float64Array.of(1000, 1000 + Math.log(3))));
    expect(moved.data[0]).toBeCloseTo(0.25, 12); // log 3 has fewer digits beside 1000
    expect([...layer.forward(new Tensor([1, 2], Float64Array.of(-1e300, 1e300))).data]).toEqual([0, 1]);
  });

  test.each([
    ['monomials', new Polynomial([1, -2, 0, 4]), (x: number) => 1 - 2 * x + 4 * x ** 3],
    [
      'Chebyshev polynomials on [−2, 4]',
      new Polynomial([1, 0, 3], { basis: 'chebyshev', interval: [-2, 4] }),
      (x: number) => 1 + 3 * (2 * ((x - 1) / 3) ** 2 - 1),
    ],
  ])('a polynomial in %s', (_, polynomial, expected) => {
    const layer = new PolynomialActivation(polynomial);
    const input = filled([3, 4]);
    const output = layer.forward(input);
    for (const [i, x] of input.data.entries()) expect(output.data[i]).toBeCloseTo(expected(x), 12);
    expect(layer.parameters).toEqual([]);
    expect(layer.polynomial).toBe(polynomial);
  });

  test('a degree to train up to: coefficients that begin at zero are there', () => {
    const start = new Polynomial([0, 1, 0, 0], { basis: 'chebyshev', interval: [-2, 2] }); // its zeros are left out
    const layer = new PolynomialActivation(start, { trainable: true, degree: 3 });
    const [coefficients] = layer.parameters;
    expect([...coefficients!.value.data]).toEqual([0, 1, 0, 0]);
    const input = new Tensor([1, 1], Float64Array.of(1));
    expect([...layer.forward(input).data]).toEqual([0.5]); // T₁(½)
    layer.backward(new Tensor([1, 1], Float64Array.of(1)));
    expect([...coefficients!.gradient.data]).toEqual([1, 0.5, -0.5, -1]); // Tₖ(½)
    coefficients!.value.data[3] = 2;
    expect([...layer.forward(input).data]).toEqual([-1.5]); // T₁ + 2·T₃
    expect(layer.polynomial.degree).toBe(3);
    expect(() => new PolynomialActivation(start, { trainable: true, degree: 0 })).toThrow(
      /degree should be an integer from 1, the polynomial's but is 0/,
    );
    expect(() => new PolynomialActivation(start, { trainable: true, degree: 1.5 })).toThrow(/but is 1.5/);
    expect(() => new PolynomialActivation(start, { degree: 3 })).toThrow(
      /degree should be 1, the polynomial's but is 3/,
    );
  });

  test('trained coefficients are a parameter, which the polynomial follows', () => {
    const start = new Polynomial([1, 2], { basis: 'chebyshev', interval: [-2, 2] });
    const model = new Sequential({ act: new PolynomialActivation(start, { trainable: true }), square: new Square() });
    const [[name, coefficients]] = model.namedParameters() as [[string, Tensor]];
    expect([name, ...coefficients.data]).toEqual(['act.coefficients', 1, 2]);
    coefficients.data.set([0.5, -4]);
    expect([...model.forward(new Tensor([1, 1], Float64Array.of(1))).data]).toEqual([2.25]); // (0.5 − 4·½)²
    expect([...start.coefficients]).toEqual([1, 2]);
    model.initialize(new Random(1));
    expect([...coefficients.data]).toEqual([1, 2]); // as they began
  });
});

describe('batch normalisation', () => {
  const input = filled([3, 2, 2, 2]);
  for (let i = 0; i < input.data.length; i++) input.data[i] = 100 + 5 * input.data[i]!;
  /** All values of a channel. */
  const channel = (t: Tensor, c: number): number[] =>
    [...t.data].filter((_, i) => Math.floor(i / 4) % 2 === c); /* 4 pixels, 2 channels */
  const mean = (x: readonly number[]): number => x.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = (x: readonly number[]): number => mean(x.map((v) => (v - mean(x)) ** 2));

  test('in training: mean 0 and variance 1 in each channel, then weight and bias', () => {
    const layer = new BatchNorm2d(2);
    layer.training = true;
    layer.weight.value.data.set([1, -3]);
    layer.bias.value.data.set([0, 0.5]);
    const output = layer.forward(input);
    for (const [c, [deviation, center]] of [
      [1, 0],
      [3, 0.5],
    ].entries()) {
      expect(mean(channel(output, c))).toBeCloseTo(center!, 10);
      expect(Math.sqrt(variance(channel(output, c)))).toBeCloseTo(deviation!, 5); // but for ε
    }
    expect(Math.sign(output.data[4]! - 0.5)).toBe(-Math.sign(input.data[4]! - mean(channel(input, 1)))); // weight −3
  });

  test('running averages move by the momentum; outside training they are what counts', () => {
    const layer = new BatchNorm2d(2, { momentum: 0.25 });
    layer.training = true;
    layer.forward(input);
    const statistics = [0, 1].map((c) => [mean(channel(input, c)), variance(channel(input, c))] as const);
    for (const [c, [m, v]] of statistics.entries()) {
      expect(layer.runningMean.data[c]).toBeCloseTo(0.25 * m, 10);
      expect(layer.runningVariance.data[c]).toBeCloseTo(0.75 + (0.25 * v * 12) / 11, 10); // divisor n − 1, n = 12
    }
    layer.training = false;
    const before = layer.runningMean.copy();
    const output = layer.forward(input);
    expect(layer.runningMean).toEqual(before);
    const { runningMean, runningVariance, epsilon } = layer;
    for (const i of [0, 4, 23]) {
      const c = Math.floor(i / 4) % 2;
      const expected = (input.data[i]! - runningMean.data[c]!) / Math.sqrt(runningVariance.data[c]! + epsilon);
      expect(output.data[i]).toBeCloseTo(expected, 10);
    }
    expect(epsilon).toBe(1e-5);
  });

  /** A norm that has seen something. */
  const seasoned = (channels: number): BatchNorm2d => {
    const layer = new BatchNorm2d(channels);
    for (const { value } of [...layer.parameters, ...layer.buffers]) value.data.set(filled([channels]).data);
    layer.runningVariance.data.forEach((v, c, data) => (data[c] = Math.abs(v) + 0.1));
    return layer;
  };

  test('folded into a convolution, and into a dense layer: the same function without the norm', () => {
    const conv = new Conv2d({
      inputChannels: 2,
      outputChannels: 3,
      kernel: [3, 2],
      stride: [2, 1],
      padding: [1, 0, 2, 3],
    });
    const dense = new Dense(4, 5);
    for (const [before, x] of [
      [conv, filled([2, 2, 5, 4])],
      [dense, filled([3, 4])],
    ] as const) {
      for (const { value } of before.parameters) value.data.set(filled([...value.shape]).data);
      const weight = before.weight.value.copy();
      const norm = seasoned(before.bias.value.data.length);
      const folded = norm.folded(before);
      expect(folded.kind).toBe(before.kind);
      // Sums of some twenty numbers of size 1, in another order.
      expect(largestDifference(folded.forward(x), norm.forward(before.forward(x)))).toBeLessThan(1e-13);
      expect(before.weight.value).toEqual(weight);
    }
    expect(() => new BatchNorm2d(4).folded(conv)).toThrow(/batch×4×… but is 3/);
  });

  test('is saved with its running averages, under PyTorch’s names; initialize clears them', () => {
    const model = new Sequential({ norm: seasoned(2) });
    expect([...model.weights().keys()]).toEqual(['norm.weight', 'norm.bias', 'norm.running_mean', 'norm.running_var']);
    const other = new Sequential({ norm: new BatchNorm2d(2) });
    other.load(model.weights());
    expect(other.forward(input)).toEqual(model.forward(input));
    other.initialize(new Random(1));
    expect([...other.weights().values()].map(({ data }) => [...data])).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
    expect(model.parameters.map(({ name }) => name)).toEqual(['weight', 'bias']); // what training moves
  });
});

describe('residual blocks', () => {
  const doubled = (): Dense => {
    const layer = new Dense(2, 2);
    layer.weight.value.data.set([2, 0, 0, 2]);
    return layer;
  };
  const input = new Tensor([1, 2], Float64Array.of(3, -4));

  test('add what came in, or the shortcut’s result', () => {
    const body = (): Sequential => new Sequential({ square: new Square() });
    expect([...new Residual(body()).forward(input).data]).toEqual([12, 12]);
    expect([...new Residual(body(), new Sequential({ fc: doubled() })).forward(input).data]).toEqual([15, 8]);
  });

  test('name their weights by where they are', () => {
    const inner = new Residual(new Sequential({ fc: doubled() }), new Sequential({ fc: doubled() }));
    const model = new Sequential({ block: new Residual(new Sequential({ inner })), head: doubled() });
    const names = [...model.weights().keys()];
    expect(names).toEqual([
      'block.body.inner.body.fc.weight',
      'block.body.inner.body.fc.bias',
      'block.body.inner.shortcut.fc.weight',
      'block.body.inner.shortcut.fc.bias',
      'head.weight',
      'head.bias',
    ]);
    expect(model.parameters).toHaveLength(6);
    const weights = model.weights();
    weights.get('block.body.inner.body.fc.bias')!.data.set([1, 1]);
    model.load(weights);
    expect([...model.forward(input).data]).toEqual([2 * (4 * 3 + 1 + 3), 2 * (4 * -4 + 1 - 4)]);
  });

  test('tell every norm inside whether it is training', () => {
    const norm = new BatchNorm2d(1);
    const model = new Sequential({ block: new Residual(new Sequential({ norm })), square: new Square() });
    model.training = true;
    expect([norm.training, 'training' in model.layers[1]!.layer]).toEqual([true, false]);
    model.training = false;
    expect(norm.training).toBe(false);
  });
});

test('layers keep their buffers, networks give tensors of their own', () => {
  const model = new Sequential({ square: new Square() });
  const first = model.forward(new Tensor([1, 1], Float64Array.of(3)));
  const second = model.forward(new Tensor([1, 1], Float64Array.of(4)));
  expect([first.data[0], second.data[0]]).toEqual([9, 16]);
});

describe('the article’s network', () => {
  test('has the article’s shapes', () => {
    const model = articleNetwork();
    const shapes = [...model.activations(new Tensor([2, 1, 28, 28]))].map(([name, { shape }]) => [name, shape]);
    expect(shapes).toEqual([
      ['conv', [2, 4, 8, 8]],
      ['square1', [2, 4, 8, 8]],
      ['flatten', [2, 256]],
      ['fc1', [2, 64]],
      ['square2', [2, 64]],
      ['fc2', [2, 10]],
    ]);
    expect([...model.weights()].map(([name, { shape }]) => [name, shape])).toEqual([
      ['conv.weight', [4, 1, 7, 7]],
      ['conv.bias', [4]],
      ['fc1.weight', [64, 256]],
      ['fc1.bias', [64]],
      ['fc2.weight', [10, 64]],
      ['fc2.bias', [10]],
    ]);
  });

  test('takes weights over, and refuses those of another network without taking any', () => {
    const source = articleNetwork();
    source.initialize(new Random(1));
    const weights = source.weights();
    expect(articleNetwork(weights).weights()).toEqual(weights);
    const model = articleNetwork();
    const wrong: [string, (w: Map<string, Tensor>) => void, RegExp][] = [
      ['missing', (w) => w.delete('fc2.bias'), /fc2.bias should be present but is missing/],
      ['shape', (w) => w.set('fc2.bias', new Tensor([11])), /fc2.bias's shape should be 10 but is 11/],
      ['NaN', (w) => w.set('fc2.bias', new Tensor([10], new Float64Array(10).fill(Number.NaN))), /finite.*NaN/],
      ['too many', (w) => w.set('fc3.bias', new Tensor([1])), /one of conv.weight.*fc3.bias/],
    ];
    for (const [, spoil, message] of wrong) {
      const spoilt = new Map(weights);
      spoil(spoilt);
      expect(() => model.load(spoilt)).toThrow(message);
      expect(
        model
          .weights()
          .get('conv.weight')!
          .data.every((x) => x === 0),
      ).toBe(true);
    }
  });
});

test('the network of two convolutions has the shapes that its docstring says, and as many parameters', () => {
  const model = twoConvNetwork();
  const shapes = [...model.activations(new Tensor([2, 1, 28, 28]))].map(([name, { shape }]) => [name, shape]);
  expect(shapes).toEqual([
    ['conv1', [2, 4, 12, 12]],
    ['square1', [2, 4, 12, 12]],
    ['conv2', [2, 16, 4, 4]],
    ['square2', [2, 16, 4, 4]],
    ['flatten', [2, 256]],
    ['fc', [2, 10]],
  ]);
  expect(model.parameters.reduce((sum, { value }) => sum + value.data.length, 0)).toBe(4290);
  model.initialize(new Random(1));
  expect(twoConvNetwork(model.weights()).weights()).toEqual(model.weights());
  expect(() => twoConvNetwork(articleNetwork().weights())).toThrow(/conv1.weight should be present but is missing/);
});

describe('refuses, in one line', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['pixels', () => articleNetwork().forward(new Tensor([1, 1, 6, 28])), /^cannot run conv2d: input shape should be/],
    ['channels', () => articleNetwork().forward(new Tensor([1, 3, 28, 28])), /is 1×3×28×28; reshape/],
    ['no batch', () => articleNetwork().forward(new Tensor([28, 28])), /is 28×28; reshape/],
    ['length', () => new Dense(3, 1).forward(new Tensor([1, 4])), /input shape should be batch×3 but is 1×4/],
    ['scalar', () => new Flatten().forward(new Tensor([])), /is scalar/],
    ['no forward', () => new Dense(1, 1).backward(new Tensor([1, 1])), /cannot run dense backward/],
    [
      'no kernel',
      () => new Conv2d({ inputChannels: 1, outputChannels: 1, kernel: 0 }),
      /height should be an integer ≥ 1/,
    ],
    [
      'a kernel of no columns',
      () => new AveragePool2d({ kernel: [1, 0] }),
      /make an average pool: kernel width should be an integer ≥ 1 but is 0/,
    ],
    [
      'a negative padding',
      () => new Conv2d({ inputChannels: 1, outputChannels: 1, kernel: 1, padding: [0, 0, -1, 0] }),
      /bottom padding should be an integer ≥ 0 but is -1/,
    ],
    ['half a stride', () => new Tensor([1, 1, 4, 4]).averagePool({ kernel: 2, stride: 1.5 }), /vertical stride/],
    [
      'a padding that hides the image',
      () => new AveragePool2d({ kernel: 2, padding: [0, 2, 0, 0] }),
      /padding should be at most 1, 1, 1, 1 \(one less than the kernel\) but is 0, 2, 0, 0/,
    ],
    [
      'too few pixels, padded',
      () => new Tensor([1, 1, 2, 2]).averagePool({ kernel: 5, padding: 1 }),
      /at least 5×5 pixels, padding included but is 1×1×2×2/,
    ],
    [
      'a weight of another shape',
      () => new Tensor([1, 2]).dense(new Tensor([3, 2]), new Tensor([2])),
      /run dense: bias's shape should be 3 but is 2/,
    ],
    ['a flat weight', () => new Tensor([1, 2]).dense(new Tensor([2])), /cannot run dense/],
    ['a weight without a kernel', () => new Tensor([1, 2, 3, 3]).conv2d(new Tensor([1, 2])), /cannot run conv2d/],
    ['a sum', () => new Tensor([2, 3]).add(new Tensor([2])), /run add: input shape should be 2×3, or 3 for every row/],
    ['a product', () => new Tensor([2, 3]).mul(new Tensor([3, 2])), /run mul: .* but is 3×2/],
    [
      'a factor a channel',
      () => new Tensor([1, 2, 3]).channelAffine(new Tensor([3]), new Tensor([2])),
      /factor's shape should be 2 but is 3/,
    ],
    ['softmax of images', () => new Softmax().forward(new Tensor([1, 1, 2, 2])), /run softmax: .* batch×classes/],
    ['no channels', () => new BatchNorm2d(0), /channels should be an integer ≥ 1/],
    ['no ε', () => new BatchNorm2d(1, { epsilon: 0 }), /epsilon should be a positive number/],
    ['a momentum of 2', () => new BatchNorm2d(1, { momentum: 2 }), /momentum should be a number from 0 to 1/],
    [
      'one value to normalise',
      () => {
        const layer = new BatchNorm2d(1);
        layer.training = true;
        return layer.forward(new Tensor([1, 1]));
      },
      /at least two values a channel/,
    ],
    [
      'a body that changes the shape',
      () => new Residual(new Sequential({ fc: new Dense(2, 3) })).forward(new Tensor([1, 2])),
      /run residual: input shape should be .*1×3.* but is 1×2/,
    ],
    ['half an output', () => new Dense(1, 1.5), /outputs should be an integer ≥ 1 but is 1.5/],
    [
      'one layer at two places',
      () => {
        const fc = new Dense(2, 2);
        return new Sequential({ first: fc, square: new Square(), second: fc });
      },
      /make a network: layer second should be an object of its own but is the same one as first; make another one/,
    ],
    [
      'one without weights: its buffers are what counts',
      () => {
        const square = new Square();
        return new Sequential({ a: square, fc: new Dense(1, 1), b: square });
      },
      /layer b should be an object of its own but is the same one as a/,
    ],
    [
      'one in a block and beside it',
      () => {
        const norm = new BatchNorm2d(1);
        const block = new Residual(new Sequential({ norm }));
        return new Sequential({ block, inner: new Sequential({ again: norm }) });
      },
      /layer inner.again should be .* the same one as block.body.norm/,
    ],
    [
      'one network twice',
      () => {
        const inner = new Sequential({ square: new Square() });
        return new Sequential({ a: inner, b: inner });
      },
      /layer b should be .* the same one as a/,
    ],
    [
      'one in the body and the shortcut',
      () => {
        const fc = new Dense(1, 1);
        return new Residual(new Sequential({ fc }), new Sequential({ other: new Square(), fc }));
      },
      /make a residual: layer shortcut.fc should be .* the same one as body.fc/,
    ],
    ['a number as name', () => new Sequential({ 1: new Square() }), /layer name/],
    ['shape', () => new Tensor([-1]), /cannot make a tensor: shape/],
    ['data', () => new Tensor([2, 2], new Float64Array(3)), /4 values for the shape 2×2 but is 3 values/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
