/**
 * Where a layer's output goes in the slots, given where its input lies: one rule for encrypted tensors and the compiler.
 * @module
 */
import { imageLayout, powerOfTwoFrom, type SlotLayout, vectorLayout } from '../circuits/index.ts';
import { sizeOf } from './tensor.ts';

/**
 * The first layout of an input.
 * @param shape of one image, without the batch
 * @throws FheError SLOTS where it does not fit
 */
export function inputLayout(slots: number, shape: readonly number[], batch: number): SlotLayout {
  if (shape.length !== 3) return vectorLayout(slots, sizeOf(shape), { batch });
  const [channels, height, width] = shape as [number, number, number];
  return imageLayout(slots, { channels, height, width }, { batch });
}

/**
 * The layout of exploded patches: a ciphertext a position of the kernel, a feature a window.
 * @throws FheError SLOTS where the windows do not fit
 */
export function patchesLayout(slots: number, taps: number, windows: number, batch: number): SlotLayout {
  return vectorLayout(slots, taps * windows, { batch, perBlock: windows });
}

/**
 * The layout of a linear layer's output.
 * - Channels of one ciphertext each (after exploded patches) stay so; their vectors go into one ciphertext.
 * - An image keeps its grid: after a stride of s its pixels lie s times as far apart, with as many more channels between them
 *   as there is room for. So every window of the layer is moved by the same few steps.
 * - A vector lies at the first positions.
 * @param shape of the output, without the batch
 * @param stride of the layer: input pixels from one window to the next
 * @throws FheError SLOTS where it does not fit
 */
export function layoutAfter(from: SlotLayout, shape: readonly number[], stride: number = 1): SlotLayout {
  const { slots, batch, arrangement } = from;
  const size = sizeOf(shape);
  if (shape.length !== 3) {
    const fits = powerOfTwoFrom(size) * batch <= slots;
    return vectorLayout(slots, size, { batch, ...(!fits && { perBlock: slots / batch }) });
  }
  const [channels, height, width] = shape as [number, number, number];
  if (arrangement.kind === 'image') {
    const [rows, columns] = arrangement.grid;
    const gap = Math.min(arrangement.gap * stride, Math.floor(rows / height), Math.floor(columns / width));
    if (gap >= 1) return imageLayout(slots, { channels, height, width }, { batch, gap, grid: [rows, columns] });
  }
  if (from.blocks > 1) return vectorLayout(slots, size, { batch, perBlock: height * width });
  return imageLayout(slots, { channels, height, width }, { batch });
}

/** Whether two values lie alike, feature by feature. */
export function sameLayout(a: SlotLayout, b: SlotLayout): boolean {
  return JSON.stringify(a) === JSON.stringify(b); // plain data, made by the same functions, so keys are in the same order
}
