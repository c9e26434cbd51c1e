/**
 * Softmax: logits to probabilities. A classifier that only says its best class does not need it, and its loss brings its
 * own (`crossEntropy`).
 * @module
 */
import { type Layer, lastInput, type Parameter, wrongInput } from './layer.ts';
import type { SoftmaxOptions, TensorOperations } from './operations.ts';
import { reuse, type Tensor } from './tensor.ts';

/**
 * exp(xᵢ)/Σ exp(xⱼ) for each row; the row's maximum is subtracted before, so that nothing overflows.
 * @param input `[batch, classes]`, at least one class
 * @param into the output's place, used when its shape fits
 * @throws FheError FORMAT for another shape
 */
export function softmaxRows(input: Tensor, into?: Tensor): Tensor {
  const [batch, classes] = input.shape as [number, number];
  if (input.shape.length !== 2 || classes < 1) throw wrongInput('softmax', 'batch×classes', input.shape);
  const output = reuse(into, input.shape);
  for (let b = 0; b < batch; b++) {
    const row = output.data.subarray(b * classes, (b + 1) * classes);
    row.set(input.data.subarray(b * classes, (b + 1) * classes));
    let max = Number.NEGATIVE_INFINITY;
    for (const x of row) max = Math.max(max, x);
    let sum = 0;
    for (let j = 0; j < classes; j++) {
      row[j] = Math.exp(row[j]! - max);
      sum += row[j]!;
    }
    for (let j = 0; j < classes; j++) row[j]! /= sum;
  }
  return output;
}

/** Softmax of each row of `[batch, classes]`. */
export class Softmax implements Layer {
  readonly kind = 'softmax';
  readonly parameters: readonly Parameter[] = [];
  /** For whoever computes it on ciphertexts. */
  readonly options: SoftmaxOptions;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;

  constructor(options: SoftmaxOptions = {}) {
    this.options = options;
  }

  outputShape(inputShape: readonly number[]): number[] {
    if (inputShape.length !== 2) throw wrongInput('softmax', 'batch×classes', inputShape);
    return [...inputShape];
  }

  forward(input: Tensor): Tensor {
    this.#output = softmaxRows(input, this.#output);
    return this.#output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    return x.softmax(this.options);
  }

  /** With s the output and g its gradient: s·(g − Σ g·s), row by row. */
  backward(outputGradient: Tensor): Tensor {
    const s = lastInput('softmax', this.#output).data;
    const g = outputGradient.data;
    const [batch, classes] = outputGradient.shape as [number, number];
    const inputGradient = reuse(this.#inputGradient, outputGradient.shape);
    for (let b = 0; b < batch; b++) {
      let mean = 0;
      for (let i = b * classes; i < (b + 1) * classes; i++) mean += g[i]! * s[i]!;
      for (let i = b * classes; i < (b + 1) * classes; i++) inputGradient.data[i] = s[i]! * (g[i]! - mean);
    }
    this.#inputGradient = inputGradient;
    return inputGradient;
  }
}
