/**
 * Average pooling: each channel's mean over windows. Linear, so under encryption it costs what a convolution costs.
 * @module
 */
import { type Layer, lastInput, type Parameter } from './layer.ts';
import type { PoolOptions, TensorOperations } from './operations.ts';
import type { WindowShape } from './patches.ts';
import { reuse, type Tensor } from './tensor.ts';
import { poolWindows, type Windows, windowShape } from './windows.ts';

/**
 * `out[b, c, y, x]` = mean of `in[b, c, ·, ·]` over the window at (y, x). The stride is the kernel when left out.
 * @param input `[batch, channels, height, width]`
 * @param into the output's place, used when its shape fits
 * @throws FheError FORMAT when no window fits, RANGE for an impossible kernel, stride or padding
 */
export function averagePooled(input: Tensor, options: PoolOptions, into?: Tensor): Tensor {
  const shape = windowShape('averagePool', input.shape, poolWindows('run averagePool', options), undefined);
  const output = reuse(into, [input.shape[0]!, shape.channels, shape.outputHeight, shape.outputWidth]);
  output.data.fill(0);
  forTaps(input.shape[0]!, shape, options.countPadding ?? true, (to, from, weight) => {
    output.data[to]! += weight * input.data[from]!;
  });
  return output;
}

/** For each pixel in each window: its place in the output, its place in the input, and its weight in the mean. */
function forTaps(
  batch: number,
  shape: WindowShape,
  countPadding: boolean,
  visit: (output: number, input: number, weight: number) => void,
): void {
  const { kernelHeight, kernelWidth, outputHeight, outputWidth, stride, padding } = shape;
  const rows = shape.height - padding[0] - padding[2];
  const columns = shape.width - padding[1] - padding[3];
  for (let plane = 0; plane < batch * shape.channels; plane++) {
    for (let y = 0; y < outputHeight; y++) {
      const top = y * stride[0] - padding[0];
      const [firstRow, endRow] = [Math.max(top, 0), Math.min(top + kernelHeight, rows)];
      for (let x = 0; x < outputWidth; x++) {
        const left = x * stride[1] - padding[1];
        const [firstColumn, endColumn] = [Math.max(left, 0), Math.min(left + kernelWidth, columns)];
        const inside = (endRow - firstRow) * (endColumn - firstColumn);
        const weight = 1 / (countPadding ? kernelHeight * kernelWidth : inside);
        const to = (plane * outputHeight + y) * outputWidth + x;
        for (let i = firstRow; i < endRow; i++) {
          for (let j = firstColumn; j < endColumn; j++) visit(to, (plane * rows + i) * columns + j, weight);
        }
      }
    }
  }
}

/** Average pooling with PyTorch's meaning of every option. */
export class AveragePool2d implements Layer {
  readonly kind = 'averagePool';
  readonly parameters: readonly Parameter[] = [];
  readonly options: PoolOptions;
  readonly #windows: Windows;
  #input: Tensor | undefined;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;

  /** @throws FheError RANGE for an impossible kernel, stride or padding */
  constructor(options: PoolOptions) {
    this.#windows = poolWindows('make an average pool', options);
    this.options = options;
  }

  outputShape(inputShape: readonly number[]): number[] {
    const { channels, outputHeight, outputWidth } = windowShape('averagePool', inputShape, this.#windows, undefined);
    return [inputShape[0]!, channels, outputHeight, outputWidth];
  }

  forward(input: Tensor): Tensor {
    this.#output = averagePooled(input, this.options, this.#output);
    this.#input = input;
    return this.#output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    return x.averagePool(this.options);
  }

  backward(outputGradient: Tensor): Tensor {
    const { shape } = lastInput('averagePool', this.#input);
    const inputGradient = reuse(this.#inputGradient, shape);
    inputGradient.data.fill(0);
    const windows = windowShape('averagePool', shape, this.#windows, undefined);
    forTaps(shape[0]!, windows, this.options.countPadding ?? true, (from, to, weight) => {
      inputGradient.data[to]! += weight * outputGradient.data[from]!;
    });
    this.#inputGradient = inputGradient;
    return inputGradient;
  }
}
