/**
 * Convolution as exploded patches (the article, "Convolution"): the client takes each position (i, j) of all
 * convolution windows apart into a ciphertext of its own; the convolution is then a weighted sum of ciphertexts, with
 * no rotation and no key. Possible for a first layer only: the client prepares it, knowing no weights.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError } from '../backend/index.ts';
import type { BatchLayout } from './layout.ts';
import { zeroWeights } from './zero-weights.ts';

export interface PatchShape {
  /** Image height and width. */
  readonly size: number;
  /** Kernel height and width. */
  readonly kernel: number;
  readonly stride: number;
}

/** Windows along one side: ⌊(size − kernel) / stride⌋ + 1. */
export function windows({ size, kernel, stride }: PatchShape): number {
  return Math.floor((size - kernel) / stride) + 1;
}

/**
 * Client side. One vector of slots a kernel position, row by row: feature p (window p, row by row) of image b is the
 * pixel that this position of the kernel covers in window p.
 * @param images count × size × size pixels; at most `batch` images, missing ones count as black
 * @throws FheError SLOTS for more images than the batch, parts of an image, or more windows than features
 */
export function explodePatches(images: ArrayLike<number>, shape: PatchShape, layout: BatchLayout): Float64Array[] {
  const { size, kernel, stride } = shape;
  const { features, batch } = layout;
  const side = windows(shape);
  const count = images.length / size ** 2;
  if (!Number.isInteger(count) || count > batch) {
    throw wrongCount(
      'explode images',
      'number of images',
      `a whole number up to ${batch}`,
      count,
      `of ${size}×${size} pixels`,
    );
  }
  if (side * side > features) {
    throw wrongCount(
      'explode images',
      'number of windows',
      `at most ${features}, one a feature`,
      side * side,
      'in the layout',
    );
  }
  const patches: Float64Array[] = [];
  for (let i = 0; i < kernel; i++) {
    for (let j = 0; j < kernel; j++) {
      const slots = new Float64Array(features * batch);
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const pixel = (y * stride + i) * size + x * stride + j;
          for (let b = 0; b < count; b++) slots[(y * side + x) * batch + b] = images[b * size ** 2 + pixel]!;
        }
      }
      patches.push(slots);
    }
  }
  return patches;
}

/**
 * Server side. Each output channel is Σ weight(channel, i, j) · patch(i, j) + bias(channel). One level; the scale comes
 * back exactly, because the weights are encoded at the scale of the prime that `rescale` divides by.
 * @param weights one row of kernel² weights an output channel, row by row (one input channel)
 * @param onStep called after each product: channels × kernel² times
 */
export function convolvePatches(
  backend: Backend,
  ev: EvaluationKeys,
  patches: readonly Ciphertext[],
  weights: readonly ArrayLike<number>[],
  bias: ArrayLike<number>,
  onStep: () => void = () => {},
): Ciphertext[] {
  if (weights.length !== bias.length) {
    throw wrongCount('convolve', 'number of biases', `${weights.length}, one a channel`, bias.length, 'given');
  }
  for (const { length } of weights) {
    if (length !== patches.length || length === 0) {
      throw wrongCount('convolve', 'number of patches', `${length}, one a weight`, patches.length, 'given');
    }
  }
  const { level } = patches[0]!;
  const scale = backend.parameters.primeScale(level);
  return weights.map((row, channel) =>
    backend.scope(() => {
      let sum: Ciphertext | undefined;
      for (const [k, patch] of patches.entries()) {
        sum = backend.scope(() => {
          const weight = backend.encode(row[k]!, { level, scale });
          if (weight.isZero) return sum; // it adds nothing, and its product would be transparent
          const product = ev.mulPlain(patch, weight);
          return sum === undefined ? product : ev.add(sum, product);
        });
        onStep();
      }
      if (sum === undefined) throw zeroWeights('convolve', `channel ${channel}`);
      const rescaled = ev.rescale(sum);
      return ev.addPlain(rescaled, backend.encode(bias[channel]!, { level: rescaled.level, scale: rescaled.scale }));
    }),
  );
}

function wrongCount(op: string, field: string, should: string, is: number, of: string): FheError {
  return new FheError({ code: 'SLOTS', op, field, should, is: `${is} ${of}`, hint: 'check the shapes' });
}
