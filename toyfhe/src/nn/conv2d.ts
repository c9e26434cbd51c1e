/**
 * Two-dimensional convolution in PyTorch's sense: the kernel is not flipped (a cross-correlation).
 * @module
 */
import { multiplyAddTransposed, transpose } from './gemm.ts';
import { checkConstant, type Layer, lastInput, type Parameter, parameter } from './layer.ts';
import { type Pair, pair, type TensorOperations, type WindowOptions } from './operations.ts';
import { addUnpadded, addWindows, copyWindows, innerPixels, padImage, type WindowShape } from './patches.ts';
import { reuse, type Tensor } from './tensor.ts';
import { checkCounts, type Windows, windowShape, windowsOf } from './windows.ts';

export interface Conv2dOptions extends WindowOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Height and width of the kernel; one number for a square one. */
  readonly kernel: Pair;
}

/** What a convolution writes in: kept by a layer from one call to the next. */
interface Buffers {
  output?: Tensor;
  /** The windows of one image. */
  windows?: Tensor;
  /** One image with zeros around it. */
  padded?: Tensor;
}

/**
 * `out[b, o, y, x] = bias[o] + Σ weight[o, c, i, j] · in[b, c, y·stride + i − top, x·stride + j − left]`, where pixels
 * outside the image are 0.
 * @param input `[batch, in, height, width]`
 * @param weight `[out, in, kernelHeight, kernelWidth]`
 * @param bias `[out]`; zeros when left out
 * @param buffers the output is in them, if given, until the next call; else it is a fresh tensor
 * @throws FheError FORMAT when shapes do not fit, RANGE for an impossible stride or padding
 */
export function convolve(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options: WindowOptions = {},
  buffers: Buffers = {},
): Tensor {
  const [outputs, inputs, kernelHeight, kernelWidth] = weight.shape as [number, number, number, number];
  const windows = windowsOf('run conv2d', [kernelHeight, kernelWidth], options);
  const shape = windowShape('conv2d', input.shape, windows, inputs);
  checkConstant('conv2d', 'weight', [outputs, inputs, kernelHeight, kernelWidth], weight);
  if (bias !== undefined) checkConstant('conv2d', 'bias', [outputs], bias);
  const batch = input.shape[0]!;
  const positions = shape.outputHeight * shape.outputWidth;
  const taps = inputs * kernelHeight * kernelWidth;
  const output = reuse(buffers.output, [batch, outputs, shape.outputHeight, shape.outputWidth]);
  const patches = reuse(buffers.windows, batch === 0 ? [0] : [positions, taps]); // no images, no room for one
  for (let b = 0; b < batch; b++) {
    const start = b * outputs * positions;
    for (let o = 0; o < outputs; o++) {
      output.data.fill(bias?.data[o] ?? 0, start + o * positions, start + (o + 1) * positions);
    }
    copyPaddedWindows(input, b, shape, buffers, patches.data, taps, 1);
    multiplyAddTransposed(outputs, positions, taps, weight.data, 0, patches.data, 0, output.data, start);
  }
  buffers.windows = patches;
  buffers.output = output;
  return output;
}

/** `copyWindows` of image `b`, by way of a copy with zeros around it where there is padding. */
function copyPaddedWindows(
  input: Tensor,
  b: number,
  shape: WindowShape,
  buffers: Buffers,
  out: Float64Array,
  positionStep: number,
  tapStep: number,
): void {
  const start = b * innerPixels(shape);
  if (shape.padding.every((side) => side === 0)) {
    copyWindows(input.data, start, shape, out, positionStep, tapStep);
    return;
  }
  // Only its middle is ever written here, so that the borders stay zero from one image to the next.
  buffers.padded = reuse(buffers.padded, [shape.channels, shape.height, shape.width]);
  padImage(input.data, start, shape, buffers.padded.data);
  copyWindows(buffers.padded.data, 0, shape, out, positionStep, tapStep);
}

/** A convolution with its weights, as `convolve` computes it. Weights start at zero: see `initialize`. */
export class Conv2d implements Layer {
  readonly kind = 'conv2d';
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [top: number, left: number, bottom: number, right: number];
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  /** Kernel, stride and padding. */
  readonly windows: Windows;
  readonly #buffers: Buffers = {};
  #input: Tensor | undefined;
  #inputGradient: Tensor | undefined;
  /** The gradient of one image with its padding. */
  #paddedGradient: Tensor | undefined;
  /** One image's output gradient, one position a row. */
  #positions: Tensor | undefined;
  #flatWeight: Tensor | undefined;

  /** @throws FheError RANGE when a size is not an integer ≥ 1, or a padding not one ≥ 0 */
  constructor(options: Conv2dOptions) {
    const { inputChannels, outputChannels, kernel } = options;
    checkCounts('make a conv2d', 1, { inputChannels, outputChannels });
    this.windows = windowsOf('make a conv2d', kernel, options);
    this.stride = this.windows.stride;
    this.padding = this.windows.padding;
    this.weight = parameter('weight', [outputChannels, inputChannels, ...pair(kernel)]);
    this.bias = parameter('bias', [outputChannels]);
    this.parameters = [this.weight, this.bias];
  }

  outputShape(inputShape: readonly number[]): number[] {
    const { outputHeight, outputWidth } = this.#windowShape(inputShape);
    return [inputShape[0]!, this.weight.value.shape[0]!, outputHeight, outputWidth];
  }

  forward(input: Tensor): Tensor {
    const output = convolve(input, this.weight.value, this.bias.value, this.windows, this.#buffers);
    this.#input = input;
    return output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    const { stride, padding } = this;
    return x.conv2d(this.weight.value, this.bias.value, { stride, padding });
  }

  backward(outputGradient: Tensor, wantInput = true): Tensor | undefined {
    const input = lastInput('conv2d', this.#input);
    const shape = this.#windowShape(input.shape);
    const [batch, channels, outputHeight, outputWidth] = outputGradient.shape as [number, number, number, number];
    const positions = outputHeight * outputWidth;
    const taps = this.weight.value.data.length / channels;
    const windows = this.#buffers.windows!.data;
    const gradient = outputGradient.data;
    for (let b = 0; b < batch; b++) {
      const start = b * channels * positions;
      for (let o = 0; o < channels; o++) {
        let sum = 0;
        for (let p = 0; p < positions; p++) sum += gradient[start + o * positions + p]!;
        this.bias.gradient.data[o]! += sum;
      }
      // One window a column now: the weight's gradient sums over positions, which must run fastest.
      copyPaddedWindows(input, b, shape, this.#buffers, windows, 1, positions);
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
    const padded = reuse(this.#paddedGradient, [shape.channels, shape.height, shape.width]);
    const windows = this.#buffers.windows!.data;
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
      padded.data.fill(0);
      addWindows(windows, shape, padded.data, 0);
      addUnpadded(padded.data, shape, inputGradient.data, b * innerPixels(shape));
    }
    this.#flatWeight = flatWeight;
    this.#positions = byPosition;
    this.#paddedGradient = padded;
    this.#inputGradient = inputGradient;
    return inputGradient;
  }

  #windowShape(inputShape: readonly number[]): WindowShape {
    return windowShape('conv2d', inputShape, this.windows, this.weight.value.shape[1]!);
  }
}
