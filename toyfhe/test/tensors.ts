/** Tensors for tests. */
import { expect } from 'vitest';
import { seededRandom } from '../src/backend/index.ts';
import { Random, type Sequential, Tensor } from '../src/nn/index.ts';

/** Uniform in [−1, 1), the same for the same seed. */
export function uniform(shape: readonly number[], seed: string): Tensor {
  const random = seededRandom(seed);
  const tensor = new Tensor(shape);
  for (let i = 0; i < tensor.data.length; i++) {
    tensor.data[i] = new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 31 - 1;
  }
  return tensor;
}

export function largestDifference(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return a.data.reduce((max, x, i) => Math.max(max, Math.abs(x - b.data[i]!)), 0);
}

/** The model, its weights drawn. */
export function initialized(model: Sequential, seed: number = 5): Sequential {
  model.initialize(new Random(seed));
  return model;
}
