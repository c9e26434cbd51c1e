/**
 * How weights came about, written beside them.
 * @module
 */
import type { Evaluation } from 'toyfhe/nn';
import type { ImageSet } from '../src/image-set.ts';

/** One epoch of the curve. Losses in nats. */
export interface Epoch {
  readonly epoch: number;
  /** On augmented training images, while learning. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** On the validation images, after the epoch. */
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

/** An evaluation as it stands in the record. */
export function summary({ name }: ImageSet, { accuracy, correct, count, loss }: Evaluation): Record<string, unknown> {
  return { images: name, count, correct, accuracy: round(accuracy), loss: round(loss) };
}

/** Six digits: enough to compare runs by. */
export function round(value: number): number {
  return Number(value.toPrecision(6));
}

/** `0.9908` → `99.08 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
