/**
 * Flattening: one row per image, in the order channel, row, column.
 * @module
 */
import { type Layer, lastInput, type Parameter, wrongInput } from './layer.ts';
import type { Tensor } from './tensor.ts';

/** `[batch, …]` → `[batch, everything else]`; moves no data. */
export class Flatten implements Layer {
  readonly kind = 'flatten';
  readonly parameters: readonly Parameter[] = [];
  #input: Tensor | undefined;

  outputShape(inputShape: readonly number[]): number[] {
    const [batch, ...rest] = inputShape;
    if (batch === undefined) throw wrongInput('flatten', 'batch×…', inputShape);
    return [batch, rest.reduce((product, extent) => product * extent, 1)];
  }

  forward(input: Tensor): Tensor {
    this.#input = input;
    return input.reshape(this.outputShape(input.shape));
  }

  backward(outputGradient: Tensor): Tensor {
    return outputGradient.reshape(lastInput('flatten', this.#input).shape);
  }
}
