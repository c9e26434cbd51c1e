/**
 * The loss of a classifier.
 * @module
 */
import { FheError } from '../backend/index.ts';
import type { Tensor } from './tensor.ts';

/**
 * Mean cross-entropy, in nats, of the softmax of `logits` against the labels. The network itself has no softmax: it
 * would be dear under encryption, and the largest logit is the same digit.
 * Computed as log Σ exp(zⱼ − max) + max − z_label, which cannot overflow.
 * @param logits `[batch, classes]`
 * @param labels one class per row, in [0, classes)
 * @param gradient when given, `[batch, classes]`: overwritten with the gradient in the logits, (softmax − one-hot)/batch
 * @throws FheError RANGE when a label is no class
 */
export function crossEntropy(logits: Tensor, labels: Uint8Array, gradient?: Tensor): number {
  const [batch, classes] = logits.shape as [number, number];
  let loss = 0;
  for (let b = 0; b < batch; b++) {
    const row = b * classes;
    const label = labels[b] ?? Number.NaN;
    if (!(label < classes)) {
      const parts = { field: `label ${b}`, should: `below ${classes}`, is: String(label), hint: 'check the labels' };
      throw new FheError({ code: 'RANGE', op: 'compute the cross-entropy', ...parts });
    }
    let max = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) max = Math.max(max, logits.data[row + j]!);
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += Math.exp(logits.data[row + j]! - max);
    loss += Math.log(sum) + max - logits.data[row + label]!;
    if (gradient === undefined) continue;
    for (let j = 0; j < classes; j++) {
      const probability = Math.exp(logits.data[row + j]! - max) / sum;
      gradient.data[row + j] = (probability - (j === label ? 1 : 0)) / batch;
    }
  }
  return loss / batch;
}
