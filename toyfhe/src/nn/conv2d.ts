/**
 * Two-dimensional convolution, without padding, in PyTorch's sense: the kernel is not flipped (a cross-correlation).
 * @module
 */
import { FheError } from '../backend/index.ts';
import { multiplyAddTransposed, transpose } from './gemm.ts';
import { type Layer, lastInput, type Parameter, parameter, wrongInput } from './layer.ts';
import { addWindows, copyWindows, type WindowShape } from './patches.ts';
import { reuse, type Tensor } from './tensor.ts';

export interface Conv2dOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Height and width of the kernel; one number for a square one. */
  readonly kernel: number | readonly [height: number, width: number];
  /** Pixels from one window to the next, both ways; 1 when left out. */
  readonly stride?: number;
}

/**
 * `out[b, o, y, x] = bias[o] + Σ weight[o, c, i, j] · in[b, c, y·stride + i, x·stride + j]`;
 * weight is `[out, in, kernelHeight, kernelWidth]`, bias `[out]`. Weights start at zero: see `initialize`.
 */
export class Conv2d implements Layer {
  readonly kind = 'conv2d';
  readonly stride: number;
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  #input: Tensor | undefined;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;
  /** The windows of one image, and scratch of the same size. */
  #windows: Tensor | undefined;
  /** One image's output gradient, one position a row. */
  #positions: Tensor | undefined;
  #flatWeight: Tensor | undefined;

  /** @throws FheError RANGE when a size is not an integer ≥ 1 */
  constructor(options: Conv2dOptions) {
    const { inputChannels, outputChannels, kernel, stride = 1 } = options;
    const [height, width] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
    for (const [field, value] of Object.entries({ inputChannels, outputChannels, height, width, stride })) {
      if (Number.isSafeInteger(value) && value >= 1) continue;
      const parts = { field, should: 'an integer ≥ 1', is: String(value), hint: 'give another size' };
      throw new FheError({ code: 'RANGE', op: 'make a conv2d', ...parts });
    }
    this.stride = stride;
    this.weight = parameter('weight', [outputChannels, inputChannels, height, width]);
    this.bias = parameter('bias', [outputChannels]);
    this.parameters = [this.weight, this.bias];
  }

  outputShape(inputShape: readonly number[]): number[] {
    const [batch, , height, width] = inputShape;
    const shape = this.#windowShape(inputShape);
    if (batch === undefined || height === undefined || width === undefined || shape === undefined) {
      const [, channels, kernelHeight, kernelWidth] = this.weight.value.shape;
      const should = `batch×${channels}×height×width, at least ${kernelHeight}×${kernelWidth} pixels`;
      throw wrongInput('conv2d', should, inputShape);
    }
    return [batch, this.weight.value.shape[0]!, shape.outputHeight, shape.outputWidth];
  }

  forward(input: Tensor): Tensor {
    const output = reuse(this.#output, this.outputShape(input.shape));
    const shape = this.#windowShape(input.shape)!;
    const [batch, channels, outputHeight, outputWidth] = output.shape as [number, number, number, number];
    const positions = outputHeight * outputWidth;
    const taps = this.weight.value.data.length / channels;
    const windows = reuse(this.#windows, [positions, taps]);
    const pixels = input.data.length / batch;
    for (let b = 0; b < batch; b++) {
      const start = b * channels * positions;
      for (let o = 0; o < channels; o++) {
        output.data.fill(this.bias.value.data[o]!, start + o * positions, start + (o + 1) * positions);
      }
      copyWindows(input.data, b * pixels, shape, windows.data, taps, 1);
      const weight = this.weight.value.data;
      multiplyAddTransposed(channels, positions, taps, weight, 0, windows.data, 0, output.data, start);
    }
    this.#input = input;
    this.#windows = windows;
    this.#output = output;
    return output;
  }

  backward(outputGradient: Tensor, wantInput = true): Tensor | undefined {
    const input = lastInput('conv2d', this.#input);
    const shape = this.#windowShape(input.shape)!;
    const [batch, channels, outputHeight, outputWidth] = outputGradient.shape as [number, number, number, number];
    const positions = outputHeight * outputWidth;
    const taps = this.weight.value.data.length / channels;
    const pixels = input.data.length / batch;
    const windows = this.#windows!.data;
    const gradient = outputGradient.data;
    for (let b = 0; b < batch; b++) {
      const start = b * channels * positions;
      for (let o = 0; o < channels; o++) {
        let sum = 0;
        for (let p = 0; p < positions; p++) sum += gradient[start + o * positions + p]!;
        this.bias.gradient.data[o]! += sum;
      }
      // One window a column now: the weight's gradient sums over positions, which must run fastest.
      copyWindows(input.data, b * pixels, shape, windows, 1, positions);
      const weight = this.weight.gradient.data;
      multiplyAddTransposed(channels, taps, positions, gradient, start, windows, 0, weight, 0);
    }
    return wantInput ? this.#backwardInput(input, outputGradient, shape) : undefined;
  }

  /** Each window's gradient is Wᵀ times its output gradients; each pixel sums over the windows that see it. */
  #backwardInput(input: Tensor, outputGradient: Tensor, shape: WindowShape): Tensor {
    const inputGradient = reuse(this.#inputGradient, input.shape);
    inputGradient.data.fill(0);
    const batch = input.shape[0]!;
    const channels = this.weight.value.shape[0]!;
    const taps = this.weight.value.data.length / channels;
    const positions = shape.outputHeight * shape.outputWidth;
    const flatWeight = reuse(this.#flatWeight, [taps, channels]);
    const byPosition = reuse(this.#positions, [positions, channels]);
    const windows = this.#windows!.data;
    transpose(channels, taps, this.weight.value.data, flatWeight.data);
    for (let b = 0; b < batch; b++) {
      const start = b * channels * positions;
      transpose(
        channels,
        positions,
        outputGradient.data.subarray(start, start + channels * positions),
        byPosition.data,
      );
      windows.fill(0);
      multiplyAddTransposed(positions, taps, channels, byPosition.data, 0, flatWeight.data, 0, windows, 0);
      addWindows(windows, shape, inputGradient.data, b * (input.data.length / batch));
    }
    this.#flatWeight = flatWeight;
    this.#positions = byPosition;
    this.#inputGradient = inputGradient;
    return inputGradient;
  }

  /** How windows lie on an input of this shape; undefined when it is not an input of this layer. */
  #windowShape(inputShape: readonly number[]): WindowShape | undefined {
    const [, inputChannels, kernelHeight, kernelWidth] = this.weight.value.shape as [number, number, number, number];
    const [, channels, height, width] = inputShape;
    if (inputShape.length !== 4 || channels !== inputChannels) return undefined;
    if (height === undefined || width === undefined || height < kernelHeight || width < kernelWidth) return undefined;
    const stride = this.stride;
    const outputHeight = Math.floor((height - kernelHeight) / stride) + 1;
    const outputWidth = Math.floor((width - kernelWidth) / stride) + 1;
    return { channels, height, width, kernelHeight, kernelWidth, stride, outputHeight, outputWidth };
  }
}
