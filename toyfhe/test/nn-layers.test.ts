import { describe, expect, test } from 'vitest';
import { articleNetwork, Conv2d, Dense, Flatten, Random, Sequential, Square, Tensor } from '../src/nn/index.ts';

const random = new Random(7);
const filled = (shape: number[]): Tensor => {
  const t = new Tensor(shape);
  for (let i = 0; i < t.data.length; i++) t.data[i] = random.normal();
  return t;
};
const at = (t: Tensor, ...index: number[]): number =>
  t.data[index.reduce((offset, i, axis) => offset * t.shape[axis]! + i, 0)]!;

describe('conv2d against loops that follow the formula', () => {
  // Odd sizes on purpose: they reach every remainder of the 4×2 tiles in the matrix product.
  for (const [batch, inputs, outputs, height, width, kernel, stride] of [
    [1, 1, 4, 28, 28, [7, 7], 3],
    [2, 3, 5, 8, 7, [3, 2], 2],
    [3, 2, 1, 5, 5, [1, 1], 1],
    [1, 1, 6, 4, 9, [4, 3], 5],
  ] as const) {
    test(`${batch}×${inputs}×${height}×${width}, kernel ${kernel.join('×')}, stride ${stride}`, () => {
      const conv = new Conv2d({ inputChannels: inputs, outputChannels: outputs, kernel, stride });
      for (const { value } of conv.parameters) value.data.set(filled([...value.shape]).data);
      const input = filled([batch, inputs, height, width]);
      const output = conv.forward(input);
      const rows = Math.floor((height - kernel[0]) / stride) + 1;
      const columns = Math.floor((width - kernel[1]) / stride) + 1;
      expect(output.shape).toEqual([batch, outputs, rows, columns]);
      for (let b = 0; b < batch; b++) {
        for (let o = 0; o < outputs; o++) {
          for (let y = 0; y < rows; y++) {
            for (let x = 0; x < columns; x++) {
              let sum = conv.bias.value.data[o]!;
              for (let c = 0; c < inputs; c++) {
                for (let i = 0; i < kernel[0]; i++) {
                  for (let j = 0; j < kernel[1]; j++) {
                    sum += at(conv.weight.value, o, c, i, j) * at(input, b, c, y * stride + i, x * stride + j);
                  }
                }
              }
              expect(Math.abs(at(output, b, o, y, x) - sum)).toBeLessThan(1e-12);
            }
          }
        }
      }
    });
  }

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
    ['half an output', () => new Dense(1, 1.5), /outputs should be an integer ≥ 1 but is 1.5/],
    ['a number as name', () => new Sequential({ 1: new Square() }), /layer name/],
    ['shape', () => new Tensor([-1]), /cannot make a tensor: shape/],
    ['data', () => new Tensor([2, 2], new Float64Array(3)), /4 values for the shape 2×2 but is 3 values/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
