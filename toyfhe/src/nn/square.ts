/**
 * The square, x → x²: the cheapest non-linear function under encryption, one multiplication deep.
 * @module
 */
import { type Layer, lastInput, type Parameter } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import { reuse, type Tensor } from './tensor.ts';

/** x² element by element. @param into the output's place, used when its shape fits */
export function squares(input: Tensor, into?: Tensor): Tensor {
  const output = reuse(into, input.shape);
  const x = input.data;
  for (let i = 0; i < x.length; i++) output.data[i] = x[i]! * x[i]!;
  return output;
}

/** Squares every element; any shape. The derivative is 2x. */
export class Square implements Layer {
  readonly kind = 'square';
  readonly parameters: readonly Parameter[] = [];
  #input: Tensor | undefined;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;

  outputShape(inputShape: readonly number[]): number[] {
    return [...inputShape];
  }

  forward(input: Tensor): Tensor {
    this.#output = squares(input, this.#output);
    this.#input = input;
    return this.#output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    return x.square();
  }

  backward(outputGradient: Tensor): Tensor {
    const x = lastInput('square', this.#input).data;
    const inputGradient = reuse(this.#inputGradient, outputGradient.shape);
    for (let i = 0; i < x.length; i++) inputGradient.data[i] = 2 * x[i]! * outputGradient.data[i]!;
    this.#inputGradient = inputGradient;
    return inputGradient;
  }
}
