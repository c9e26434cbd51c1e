/**
 * An image's windows as features, for a convolution whose windows the client takes apart.
 * @module
 */
import { copyWindows, padImage } from './patches.ts';
import { windowShape, type Windows } from './windows.ts';

/**
 * The number of windows on an image.
 * @param shape `[channels, height, width]`
 */
export function windowCount(shape: readonly number[], windows: Windows): number {
  const { outputHeight, outputWidth } = windowShape('conv2d', [1, ...shape], windows, undefined);
  return outputHeight * outputWidth;
}

/**
 * Features (tap, window), a tap being (channel, row, column) of the kernel: what `explodedConvolutionMap` wants.
 * @param image `[channels, height, width]`, flat
 */
export function explodeImage(image: Float64Array, shape: readonly number[], windows: Windows): Float64Array {
  const where = windowShape('conv2d', [1, ...shape], windows, undefined);
  const positions = where.outputHeight * where.outputWidth;
  const features = new Float64Array(where.channels * where.kernelHeight * where.kernelWidth * positions);
  const padded = new Float64Array(where.channels * where.height * where.width);
  padImage(image, 0, where, padded);
  copyWindows(padded, 0, where, features, 1, positions);
  return features;
}
