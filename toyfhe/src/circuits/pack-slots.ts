/**
 * Images into slots and back: the client's side of a layout.
 * @module
 */
import { layoutError } from './check-layout.ts';
import { featureCount, placeOf, type SlotLayout } from './slot-layout.ts';

/**
 * A batch of images as slots, one vector a block; every copy is filled, missing images are zero.
 * @throws FheError SLOTS for more images than the batch, or an image with another number of features
 */
export function packSlots(layout: SlotLayout, images: readonly ArrayLike<number>[]): Float64Array[] {
  const { slots, batch, period, blocks } = layout;
  const count = featureCount(layout);
  if (images.length > batch)
    throw layoutError('pack images', 'number of images', `at most ${batch}`, images.length, 'pack the rest apart');
  const { block, position } = placeOf(layout);
  const packed = Array.from({ length: blocks }, () => new Float64Array(slots));
  images.forEach((image, i) => {
    if (image.length !== count)
      throw layoutError('pack images', `features of image ${i}`, String(count), image.length, 'check the shapes');
    for (let f = 0; f < count; f++) {
      const into = packed[block[f]!]!;
      for (let slot = position[f]! * batch + i; slot < slots; slot += period * batch) into[slot] = image[f]!;
    }
  });
  return packed;
}

/**
 * The features out of decoded slots, a row an image of the batch, read from the first copy.
 * @throws FheError SLOTS for another number of blocks or slots
 */
export function unpackSlots(layout: SlotLayout, blocks: readonly ArrayLike<number>[]): Float64Array[] {
  if (blocks.length !== layout.blocks)
    throw layoutError('unpack slots', 'number of blocks', String(layout.blocks), blocks.length, 'give all');
  for (const { length } of blocks) {
    if (length !== layout.slots)
      throw layoutError('unpack slots', 'number of slots', String(layout.slots), length, 'give whole blocks');
  }
  const { block, position } = placeOf(layout);
  return Array.from({ length: layout.batch }, (_, i) =>
    Float64Array.from(position, (p, f) => blocks[block[f]!]![p * layout.batch + i]!),
  );
}
