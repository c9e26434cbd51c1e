/**
 * The mean of each channel over the whole image.
 * @module
 */
import { type Layer, lastInput, type Parameter, wrongInput } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import { reuse, type Tensor } from './tensor.ts';

/** `[2, 64, 8, 8]` → `[2, 64, 1, 1]`. @throws FheError FORMAT unless there are four axes and a pixel */
function pooledShape(inputShape: readonly number[]): number[] {
  const [batch, channels, height, width] = inputShape as [number, number, number, number];
  if (inputShape.length === 4 && height >= 1 && width >= 1) return [batch, channels, 1, 1];
  throw wrongInput('globalAveragePool', 'batch×channels×height×width', inputShape);
}

/**
 * @param input `[batch, channels, height, width]`
 * @param into the output's place, used when its shape fits
 * @returns `[batch, channels, 1, 1]`
 * @throws FheError FORMAT for another shape
 */
export function channelMeans(input: Tensor, into?: Tensor): Tensor {
  const output = reuse(into, pooledShape(input.shape));
  const pixels = input.shape[2]! * input.shape[3]!;
  for (let plane = 0; plane < output.data.length; plane++) {
    let sum = 0;
    for (let i = plane * pixels; i < (plane + 1) * pixels; i++) sum += input.data[i]!;
    output.data[plane] = sum / pixels;
  }
  return output;
}

/** The mean of each channel, `[batch, channels, height, width]` → `[batch, channels, 1, 1]`. */
export class GlobalAveragePool implements Layer {
  readonly kind = 'globalAveragePool';
  readonly parameters: readonly Parameter[] = [];
  #input: Tensor | undefined;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;

  outputShape(inputShape: readonly number[]): number[] {
    return pooledShape(inputShape);
  }

  forward(input: Tensor): Tensor {
    this.#output = channelMeans(input, this.#output);
    this.#input = input;
    return this.#output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    return x.globalAveragePool();
  }

  backward(outputGradient: Tensor): Tensor {
    const { shape } = lastInput('globalAveragePool', this.#input);
    const inputGradient = reuse(this.#inputGradient, shape);
    const pixels = shape[2]! * shape[3]!;
    for (const [plane, gradient] of outputGradient.data.entries()) {
      inputGradient.data.fill(gradient / pixels, plane * pixels, (plane + 1) * pixels);
    }
    this.#inputGradient = inputGradient;
    return inputGradient;
  }
}
