/**
 * A batch of images, rearranged into a convolution's windows (the article's `ExplodedConvArray`): the convolution is then
 * sums of multiples of what is stored, with no pixel moved. To a model it looks like the batch itself.
 * @module
 */
import { inspect } from '../backend/index.ts';
import { applyMap, explodedConvolutionMap, powerOfTwoFrom, type SlotLayout } from '../circuits/index.ts';
import type { Conv2d } from './conv2d.ts';
import { checkWindows, ConvolutionOnly } from './convolution-only.ts';
import { explodeImage, windowCount } from './explode-image.ts';
import type { WindowOptions } from './operations.ts';
import { patchesLayout } from './placement.ts';
import { printShape, sizeOf, Tensor } from './tensor.ts';
import { windowShape, type Windows } from './windows.ts';

/** Which convolution: its layer, or its windows. */
export type ConvolutionWindows = Pick<Conv2d, 'windows'> | Windows;

export class ExplodedConvArray extends ConvolutionOnly<Tensor> {
  /** Of the batch: `[batch, channels, height, width]`. */
  readonly shape: readonly number[];
  readonly windows: Windows;
  /** Positions of the kernel, times channels: ciphertexts, once they are encrypted. */
  readonly taps: number;
  /** Windows on one image. */
  readonly positions: number;
  /** For each image, `taps × positions` pixels: what tap t covers in window w, at t·positions + w. */
  readonly patches: readonly Float64Array[];

  /**
   * @param images `[batch, channels, height, width]`
   * @throws FheError FORMAT for other shapes, or images without room for one window
   */
  constructor(images: Tensor, convolution: ConvolutionWindows) {
    super();
    const windows = 'windows' in convolution ? convolution.windows : convolution;
    windowShape('conv2d', images.shape, windows, undefined); // for its checks
    const [batch, ...shape] = images.shape as [number, ...number[]];
    const size = sizeOf(shape);
    this.shape = images.shape;
    this.windows = windows;
    this.taps = shape[0]! * windows.kernel[0] * windows.kernel[1];
    this.positions = windowCount(shape, windows);
    this.patches = Array.from({ length: batch }, (_, i) =>
      explodeImage(images.data.subarray(i * size, (i + 1) * size), shape, windows),
    );
  }

  /**
   * Each output is a weighted sum over taps. The same as on the batch itself.
   * @throws FheError FORMAT for another convolution than the one that the windows are of, or a bias of another shape
   */
  conv2d(weight: Tensor, bias?: Tensor, options: WindowOptions = {}): Tensor {
    checkWindows(this, weight, bias, options);
    const { outputHeight, outputWidth } = windowShape('conv2d', this.shape, this.windows, undefined);
    const map = explodedConvolutionMap(this.taps, this.positions, weight.data, bias?.data);
    const result = new Tensor([this.shape[0]!, weight.shape[0]!, outputHeight, outputWidth]);
    this.patches.forEach((patches, i) => result.data.set(applyMap(map, patches), i * map.outputs));
    return result;
  }

  /**
   * The layout with the most images: every slot is used.
   * @throws FheError SLOTS where one image's windows do not fit
   */
  layout(slots: number): SlotLayout {
    const batch = Math.max(1, slots / powerOfTwoFrom(this.positions));
    return patchesLayout(slots, this.taps, this.positions, batch);
  }

  /** `ExplodedConvArray of 64×1×28×28: 49 taps × 64 windows`. */
  [inspect](): string {
    return `ExplodedConvArray of ${printShape(this.shape)}: ${this.taps} taps × ${this.positions} windows`;
  }
}
