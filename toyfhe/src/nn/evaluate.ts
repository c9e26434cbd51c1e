/**
 * How good a network is, and how large its numbers get.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { crossEntropy } from './loss.ts';
import type { Sequential } from './sequential.ts';
import { printShape, reuse, sizeOf, type Tensor } from './tensor.ts';

/** Images with their classes. */
export interface LabelledImages {
  /** All images one after the other, each of `shape`, values as the network wants them (0…1 for MNIST). */
  readonly images: Float32Array;
  /** One class per image. */
  readonly labels: Uint8Array;
  /** `[channels, height, width]` of one image. */
  readonly shape: readonly [channels: number, height: number, width: number];
}

export interface Evaluation {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** Correct answers. */
  readonly correct: number;
  /** Images looked at. */
  readonly count: number;
  /** correct / count. */
  readonly accuracy: number;
  /** Largest |value| after each layer over all images, by layer name: what an encrypted evaluation must have room for. */
  readonly largest: ReadonlyMap<string, number>;
}

/** Images per forward pass: large enough that the loops run long, small enough to stay in the cache. */
const BATCH = 100;

/** The index of the largest entry of row `row` of a `[batch, classes]` tensor; the first one when several are equal. */
export function argmax(logits: Tensor, row: number): number {
  const classes = logits.shape[1]!;
  let best = 0;
  for (let j = 1; j < classes; j++) {
    if (logits.data[row * classes + j]! > logits.data[row * classes + best]!) best = j;
  }
  return best;
}

/** @throws FheError FORMAT when images, labels and shape do not fit together, or there is no image */
export function checkImages(op: string, data: LabelledImages): number {
  const pixels = sizeOf(data.shape);
  const count = data.labels.length;
  if (count > 0 && data.images.length === count * pixels) return count;
  throw new FheError({
    code: 'FORMAT',
    op,
    field: 'images',
    should: `${count === 0 ? 'at least one image' : `${count} images`} of ${printShape(data.shape)}, one per label`,
    is: `${data.images.length} values`,
    hint: 'give one label per image',
  });
}

/**
 * Runs the network on all images.
 * @throws FheError FORMAT when the images do not fit together or do not fit the network
 */
export function evaluate(model: Sequential, data: LabelledImages): Evaluation {
  const count = checkImages('evaluate', data);
  const pixels = sizeOf(data.shape);
  const largest = new Map<string, number>();
  let batch: Tensor | undefined;
  let loss = 0;
  let correct = 0;
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    batch = reuse(batch, [size, ...data.shape]);
    batch.data.set(data.images.subarray(start * pixels, (start + size) * pixels));
    let x: Tensor = batch;
    for (const { name, layer } of model.layers) {
      x = layer.forward(x);
      largest.set(name, Math.max(largest.get(name) ?? 0, maxAbs(x)));
    }
    const labels = data.labels.subarray(start, start + size);
    loss += crossEntropy(x, labels) * size;
    for (let row = 0; row < size; row++) {
      if (argmax(x, row) === labels[row]) correct++;
    }
  }
  return { loss: loss / count, correct, count, accuracy: correct / count, largest };
}

function maxAbs(tensor: Tensor): number {
  let max = 0;
  for (const x of tensor.data) max = Math.max(max, Math.abs(x));
  return max;
}
