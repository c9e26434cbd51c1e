/**
 * Flattening: one row per image, in the order channel, row, column.
 * @module
 */
import { type Layer, lastInput, type Parameter, wrongInput } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import { sizeOf, type Tensor } from './tensor.ts';

/** `[2, 4, 8, 8]` → `[2, 256]`. @throws FheError FORMAT for a scalar */
export function flatShape(inputShape: readonly number[]): number[] {
  const [batch, ...rest] = inputShape;
  if (batch === undefined) throw wrongInput('flatten', 'batch×…', inputShape);
  return [batch, sizeOf(rest)];
}

/** `[batch, …]` → `[batch, everything else]`; moves no data. */
export class Flatten implements Layer {
  readonly kind = 'flatten';
  readonly parameters: readonly Parameter[] = [];
  #input: Tensor | undefined;

  outputShape(inputShape: readonly number[]): number[] {
    return flatShape(inputShape);
  }

  forward(input: Tensor): Tensor {
    this.#input = input;
    return input.reshape(flatShape(input.shape));
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    return x.flatten();
  }

  backward(outputGradient: Tensor): Tensor {
    return outputGradient.reshape(lastInput('flatten', this.#input).shape);
  }
}
