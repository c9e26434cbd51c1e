/**
 * How windows lie on images: kernel, stride and padding of convolutions and pools, checked once.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { fourSides, type Pair, pair, type PoolOptions, type WindowOptions } from './operations.ts';
import { wrongInput } from './layer.ts';
import type { WindowShape } from './patches.ts';
import { printShape } from './tensor.ts';

/** Windows in one form: both directions and all four sides written out. */
export interface Windows {
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [top: number, left: number, bottom: number, right: number];
}

/**
 * @param op for the error, e.g. `make a conv2d`
 * @throws FheError RANGE when the kernel or the stride is not an integer ≥ 1, or the padding not an integer ≥ 0
 */
export function windowsOf(op: string, kernel: Pair, options: WindowOptions, defaultStride: Pair = 1): Windows {
  const [height, width] = pair(kernel);
  const [vertical, horizontal] = pair(options.stride ?? defaultStride);
  const [top, left, bottom, right] = fourSides(options.padding ?? 0);
  checkCounts(op, 1, {
    'kernel height': height,
    'kernel width': width,
    'vertical stride': vertical,
    'horizontal stride': horizontal,
  });
  checkCounts(op, 0, { 'top padding': top, 'left padding': left, 'bottom padding': bottom, 'right padding': right });
  return { kernel: [height, width], stride: [vertical, horizontal], padding: [top, left, bottom, right] };
}

/**
 * The windows of a pool; its stride is the kernel when left out. A padding as wide as the kernel would give windows without
 * a single pixel.
 * @throws FheError RANGE as `windowsOf`, and for such a padding
 */
export function poolWindows(op: string, options: PoolOptions): Windows {
  const windows = windowsOf(op, options.kernel, options, options.kernel);
  const [height, width] = windows.kernel;
  const most = [height, width, height, width].map((extent) => extent - 1);
  if (windows.padding.some((side, i) => side > most[i]!)) {
    const should = `at most ${most.join(', ')} (one less than the kernel)`;
    const parts = { field: 'padding', should, is: windows.padding.join(', '), hint: 'pad less' };
    throw new FheError({ code: 'RANGE', op, ...parts });
  }
  return windows;
}

/** @throws FheError RANGE, naming the field, unless all are integers ≥ least */
export function checkCounts(op: string, least: 0 | 1, counts: Readonly<Record<string, number>>): void {
  for (const [field, value] of Object.entries(counts)) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    const parts = { field, should: `an integer ≥ ${least}`, is: String(value), hint: 'give another size' };
    throw new FheError({ code: 'RANGE', op, ...parts });
  }
}

/**
 * The windows on images `[batch, channels, height, width]`.
 * @param channels how many the layer takes; undefined for any
 * @throws FheError FORMAT unless the input has four axes, that many channels, and room for one window with the padding
 */
export function windowShape(
  layer: string,
  inputShape: readonly number[],
  windows: Windows,
  channels: number | undefined,
): WindowShape {
  const { kernel, stride, padding } = windows;
  const [, inputChannels, innerHeight, innerWidth] = inputShape as [number, number, number, number];
  const [top, left, bottom, right] = padding;
  const height = innerHeight + top + bottom;
  const width = innerWidth + left + right;
  const fits = height >= kernel[0] && width >= kernel[1];
  if (inputShape.length !== 4 || (channels ?? inputChannels) !== inputChannels || !fits) {
    const around = padding.some((side) => side > 0) ? ', padding included' : '';
    const should = `batch×${channels ?? 'channels'}×height×width, at least ${printShape(kernel)} pixels${around}`;
    throw wrongInput(layer, should, inputShape);
  }
  return {
    channels: inputChannels,
    height,
    width,
    padding,
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    stride,
    outputHeight: Math.floor((height - kernel[0]) / stride[0]) + 1,
    outputWidth: Math.floor((width - kernel[1]) / stride[1]) + 1,
  };
}
