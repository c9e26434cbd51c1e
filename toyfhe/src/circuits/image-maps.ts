/**
 * The linear layers of image networks as affine maps: convolution, average pooling, batch normalisation. Features are
 * `[channel, row, column]`, flattened in that order, on both sides.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { type AffineMap, diagonalMap } from './affine-map.ts';
import { checkLength } from './check-length.ts';
import { MapBuilder } from './map-builder.ts';

/** An image, or what a layer makes of it. */
export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Which pixels a layer's windows cover. */
export interface Windows {
  /** Height and width of a window. */
  readonly kernel: readonly [number, number];
  /** Rows and columns from one window to the next. */
  readonly stride: readonly [number, number];
  /** Rows and columns of zeros around the image: top, left, bottom, right. */
  readonly padding: readonly [number, number, number, number];
  /** Rows and columns from one tap of a window to the next. Default: [1, 1]. */
  readonly dilation?: readonly [number, number];
}

export interface ConvolutionOptions extends Windows {
  readonly outputChannels: number;
}

export interface PoolOptions extends Windows {
  /** Whether zeros of the padding count as pixels of the average. */
  readonly countPadding: boolean;
}

/**
 * The shape after a layer: ⌊(height + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1 rows, and columns alike.
 * Channels stay where no output channels are given.
 * @throws FheError RANGE for sizes that are no whole numbers, or where not one window fits
 */
export function outputImage(shape: ImageShape, options: Windows & { readonly outputChannels?: number }): ImageShape {
  const { kernel, stride, padding, dilation = [1, 1] } = options;
  const channels = options.outputChannels ?? shape.channels;
  for (const [field, values, least] of [
    ['image shape', [shape.channels, shape.height, shape.width], 1],
    ['output channels', [channels], 1],
    ['kernel', kernel, 1],
    ['stride', stride, 1],
    ['padding', padding, 0],
    ['dilation', dilation, 1],
  ] as const) {
    if (values.every((v) => Number.isInteger(v) && v >= least)) continue;
    throw outOfRange(field, `whole numbers from ${least}`, values.join(', '), 'check the layer');
  }
  const along = (size: number, axis: 0 | 1): number =>
    Math.floor((size + padding[axis] + padding[axis + 2]! - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) +
    1;
  const [height, width] = [along(shape.height, 0), along(shape.width, 1)];
  if (height < 1 || width < 1) {
    const should = `within the image of ${shape.height}×${shape.width} with its padding`;
    throw outOfRange('kernel', should, kernel.join('×'), 'take a smaller kernel or more padding');
  }
  return { channels, height, width };
}

/**
 * Convolution as networks mean it (cross-correlation, as PyTorch's Conv2d).
 * @param weight `[outputChannels, channels, kernel height, kernel width]`, flat
 * @param bias one an output channel
 * @throws FheError SLOTS for another number of weights or biases, RANGE for impossible windows
 */
export function convolutionMap(
  shape: ImageShape,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
  options: ConvolutionOptions,
): AffineMap {
  const op = 'make a convolution';
  const out = outputImage(shape, options);
  const taps = options.kernel[0] * options.kernel[1];
  checkLength(op, 'number of weights', out.channels * shape.channels * taps, weight.length);
  if (bias !== undefined) checkLength(op, 'number of biases', out.channels, bias.length);
  const pixels = shape.height * shape.width;
  const positions = out.height * out.width;
  const built = new MapBuilder(op, shape.channels * pixels, positions * weight.length);
  for (let o = 0; o < out.channels; o++) {
    for (let p = 0; p < positions; p++) {
      const covered = coveredPixels(shape, options, Math.floor(p / out.width), p % out.width);
      for (let c = 0; c < shape.channels; c++) {
        const first = (o * shape.channels + c) * taps;
        for (const { tap, pixel } of covered) built.add(c * pixels + pixel, weight[first + tap]!);
      }
      built.endRow();
    }
  }
  return built.build(bias && perPixel(bias, positions));
}

/**
 * The mean of each window, channel by channel (PyTorch's AvgPool2d).
 * @throws FheError RANGE for impossible windows, or one that covers only padding and has nothing to count
 */
export function averagePoolMap(shape: ImageShape, options: PoolOptions): AffineMap {
  const out = outputImage(shape, options);
  const taps = options.kernel[0] * options.kernel[1];
  const pixels = shape.height * shape.width;
  const positions = out.height * out.width;
  const built = new MapBuilder('make an average pool', shape.channels * pixels, shape.channels * positions * taps);
  for (let c = 0; c < shape.channels; c++) {
    for (let p = 0; p < positions; p++) {
      const covered = coveredPixels(shape, options, Math.floor(p / out.width), p % out.width);
      if (covered.length === 0 && !options.countPadding) {
        throw outOfRange(
          'padding',
          'less than a window',
          options.padding.join(', '),
          'a mean of no pixels is no number',
        );
      }
      const share = 1 / (options.countPadding ? taps : covered.length);
      for (const { pixel } of covered) built.add(c * pixels + pixel, share);
      built.endRow();
    }
  }
  return built.build();
}

/** The mean of each channel: `channels` features come out. */
export function globalAveragePoolMap(shape: ImageShape): AffineMap {
  const { height, width } = shape;
  return averagePoolMap(shape, { kernel: [height, width], stride: [1, 1], padding: [0, 0, 0, 0], countPadding: false });
}

/**
 * A factor and a bias a channel: batch normalisation, once it is trained.
 * @throws FheError SLOTS unless there is one of each a channel
 */
export function channelMap(shape: ImageShape, factors: ArrayLike<number>, biases: ArrayLike<number>): AffineMap {
  checkLength('make a channel map', 'number of factors', shape.channels, factors.length);
  checkLength('make a channel map', 'number of biases', shape.channels, biases.length);
  const pixels = shape.height * shape.width;
  return diagonalMap(perPixel(factors, pixels), perPixel(biases, pixels));
}

/**
 * A convolution on exploded patches (the article, "Convolution"): feature (tap, window), at tap·windows + window, holds the
 * pixel that this position of the kernel covers in that window; out comes (channel, window). With a layout of `windows`
 * features a block, every diagonal is one constant and there are no rotations.
 * @param weight one row of `taps` weights an output channel
 * @param bias one a channel
 * @throws FheError SLOTS for numbers that do not belong together
 */
export function explodedConvolutionMap(
  taps: number,
  windows: number,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
): AffineMap {
  const op = 'make a convolution on patches';
  const channels = Math.max(1, Math.ceil(weight.length / taps));
  checkLength(op, 'number of weights', channels * taps, weight.length);
  if (bias !== undefined) checkLength(op, 'number of biases', channels, bias.length);
  const built = new MapBuilder(op, taps * windows, weight.length * windows);
  for (let o = 0; o < channels; o++) {
    for (let w = 0; w < windows; w++) {
      for (let t = 0; t < taps; t++) built.add(t * windows + w, weight[o * taps + t]!);
      built.endRow();
    }
  }
  return built.build(bias && perPixel(bias, windows));
}

/** The pixels of one channel under the window of output row y and column x, and which tap covers each. */
function coveredPixels(shape: ImageShape, options: Windows, y: number, x: number): { tap: number; pixel: number }[] {
  const { kernel, stride, padding, dilation = [1, 1] } = options;
  const covered: { tap: number; pixel: number }[] = [];
  for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
    const row = y * stride[0] - padding[0] + Math.floor(tap / kernel[1]) * dilation[0];
    const column = x * stride[1] - padding[1] + (tap % kernel[1]) * dilation[1];
    if (row < 0 || row >= shape.height || column < 0 || column >= shape.width) continue;
    covered.push({ tap, pixel: row * shape.width + column });
  }
  return covered;
}

/** Each value `pixels` times. */
function perPixel(values: ArrayLike<number>, pixels: number): Float64Array {
  return Float64Array.from({ length: values.length * pixels }, (_, i) => values[Math.floor(i / pixels)]!);
}

function outOfRange(field: string, should: string, is: string, hint: string): FheError {
  return new FheError({ code: 'RANGE', op: 'lay windows over an image', field, should, is, hint });
}
