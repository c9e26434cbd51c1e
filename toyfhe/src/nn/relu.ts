/**
 * The rectifier, max(x, 0). Exact in the clear; on ciphertexts, where only sums and products are possible, a polynomial
 * stands in for it, which the options describe.
 * @module
 */
import { type Layer, lastInput, type Parameter } from './layer.ts';
import type { ReluOptions, TensorOperations } from './operations.ts';
import { reuse, type Tensor } from './tensor.ts';

/** max(x, 0) element by element. @param into the output's place, used when its shape fits */
export function rectified(input: Tensor, into?: Tensor): Tensor {
  const output = reuse(into, input.shape);
  const x = input.data;
  for (let i = 0; i < x.length; i++) output.data[i] = Math.max(x[i]!, 0);
  return output;
}

/** max(x, 0) of every element; any shape. The derivative is 1 where x > 0, else 0. */
export class Relu implements Layer {
  readonly kind = 'relu';
  readonly parameters: readonly Parameter[] = [];
  /** For whoever computes it on ciphertexts. */
  readonly options: ReluOptions;
  #input: Tensor | undefined;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;

  constructor(options: ReluOptions = {}) {
    this.options = options;
  }

  outputShape(inputShape: readonly number[]): number[] {
    return [...inputShape];
  }

  forward(input: Tensor): Tensor {
    this.#output = rectified(input, this.#output);
    this.#input = input;
    return this.#output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    return x.relu(this.options);
  }

  backward(outputGradient: Tensor): Tensor {
    const x = lastInput('relu', this.#input).data;
    const inputGradient = reuse(this.#inputGradient, outputGradient.shape);
    for (let i = 0; i < x.length; i++) inputGradient.data[i] = x[i]! > 0 ? outputGradient.data[i]! : 0;
    this.#inputGradient = inputGradient;
    return inputGradient;
  }
}
