import { describe, expect, test } from 'vitest';
import { Conv2d, crossEntropy, Dense, Flatten, Random, Sequential, Square, Tensor } from '../src/nn/index.ts';

/** A small network with every layer, two channels, an oblong kernel, and a batch. */
function small(): { model: Sequential; input: Tensor; labels: Uint8Array } {
  const random = new Random(11);
  const model = new Sequential({
    conv: new Conv2d({ inputChannels: 2, outputChannels: 3, kernel: [3, 2], stride: 2 }),
    square1: new Square(),
    conv2: new Conv2d({ inputChannels: 3, outputChannels: 2, kernel: [1, 2] }),
    flatten: new Flatten(),
    fc1: new Dense(8, 5),
    square2: new Square(),
    fc2: new Dense(5, 4),
  });
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

describe('gradients against finite differences', () => {
  const { model, input, labels } = small();
  const loss = (): number => crossEntropy(model.forward(input), labels);
  const outputGradient = new Tensor([3, 4]);
  crossEntropy(model.forward(input), labels, outputGradient);
  model.zeroGradients();
  const inputGradient = model.backward(outputGradient, true)!;
  const gradients = model.parameters.map(({ gradient }) => gradient.copy());

  for (const [name, tensor, gradient] of [
    ...[...model.weights().keys()].map((n, p) => [n, model.parameters[p]!.value, gradients[p]!] as const),
    ['input', input, inputGradient] as const,
  ]) {
    test(`${name}: ${tensor.data.length} numbers`, () => {
      expect(gradient.shape).toEqual(tensor.shape);
      expect(Math.max(...gradient.data.map(Math.abs))).toBeGreaterThan(1e-3); // not a comparison of zeros
      for (let i = 0; i < tensor.data.length; i++) {
        expect(Math.abs(gradient.data[i]! - slope(loss, tensor.data, i))).toBeLessThan(1e-7);
      }
    });
  }

  test('backward adds to what is there', () => {
    const { model: m, input: x } = small();
    m.forward(x);
    m.zeroGradients();
    m.backward(outputGradient);
    const once = m.parameters[0]!.gradient.copy();
    m.forward(x);
    m.backward(outputGradient);
    for (let i = 0; i < once.data.length; i++) {
      expect(m.parameters[0]!.gradient.data[i]!).toBeCloseTo(2 * once.data[i]!, 12);
    }
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
