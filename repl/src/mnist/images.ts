/**
 * The images that a command asks for, or a sentence about why they are not there.
 * @module
 */
import { dataFolder, type ImageSet, loadMnist } from '@toyfhe/datasets';
import { FheError } from 'toyfhe/backend';
import { Tensor } from 'toyfhe/nn';

export interface ImageOptions {
  /** Default: as many as fit one batch. */
  readonly images?: number;
  readonly dataset: 'auto' | 'mnist' | 'stand-in';
}

/**
 * Test images.
 * @param batch how many where `images` is left out
 * @throws FheError FORMAT for damaged or missing data, RANGE for more images than there are
 */
export async function loadImages({ images, dataset }: ImageOptions, batch: number): Promise<ImageSet> {
  // Who names a folder and asks for images means MNIST: `auto` would pass over a mistake in the name.
  const meant = images !== undefined && dataFolder().from === 'TOYFHE_DATA';
  const source = meant && dataset === 'auto' ? 'mnist' : dataset;
  const data = await loadMnist({ split: 'test', limit: images ?? batch, source });
  if (images === undefined || images <= data.count) return data;
  throw new FheError({
    code: 'RANGE',
    op: 'classify digits',
    field: 'number of images',
    should: `at most ${data.count}, which is all there are (${data.name})`,
    is: String(images),
    hint:
      data.name === 'stand-in-test' && dataset === 'auto'
        ? 'MNIST is not there, so drawn digits stand in: `npm run data` gets it, or set TOYFHE_DATA to the folder that holds mnist/'
        : 'ask for fewer',
  });
}

/** Images `from` to `to` as a network takes them: `[count, ...shape]`; default: `[count, 1, rows, columns]`. */
export function imageTensor(
  { images, rows, columns }: ImageSet,
  from: number,
  to: number,
  shape: readonly number[] = [1, rows, columns],
): Tensor {
  const size = rows * columns;
  return new Tensor([to - from, ...shape], Float64Array.from(images.subarray(from * size, to * size)));
}
