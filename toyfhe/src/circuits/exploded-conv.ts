/**
 * Convolution as exploded patches (the article, "Convolution"): the client takes each position (i, j) of all
 * convolution windows apart into a ciphertext of its own; the convolution is then a weighted sum of ciphertexts, with
 * no rotation and no key. Possible for a first layer only: the client prepares it, knowing no weights.
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  FheError,
  type Owned,
  type Plaintext,
} from '../backend/index.ts';
import { owning } from './owning.ts';
import { packSlots } from './pack-slots.ts';
import { featureCount, type SlotLayout } from './slot-layout.ts';
import { zeroWeights } from './zero-weights.ts';

export interface PatchShape {
  /** Image height and width. */
  readonly size: number;
  /** Kernel height and width. */
  readonly kernel: number;
  readonly stride: number;
}

/** Windows along one side: ⌊(size − kernel) / stride⌋ + 1. */
export function windows({ size, kernel, stride }: PatchShape): number {
  return Math.floor((size - kernel) / stride) + 1;
}

/**
 * Client side. One vector of slots a kernel position, row by row: feature p (window p, row by row) of image b is the
 * pixel that this position of the kernel covers in window p.
 * @param images count × size × size pixels; at most `batch` images, missing ones count as black
 * @param layout of one such vector: a feature a window, in one block
 * @throws FheError SLOTS for more images than the batch, parts of an image, or a layout of other features
 */
export function explodePatches(images: ArrayLike<number>, shape: PatchShape, layout: SlotLayout): Float64Array[] {
  const { size, kernel, stride } = shape;
  const side = windows(shape);
  const count = images.length / size ** 2;
  if (!Number.isInteger(count) || count > layout.batch) {
    throw wrongCount(
      'explode images',
      'number of images',
      `a whole number up to ${layout.batch}`,
      count,
      `of ${size}×${size} pixels`,
    );
  }
  if (featureCount(layout) !== side * side || layout.blocks !== 1) {
    const is = `in ${layout.blocks} block${layout.blocks === 1 ? '' : 's'}`;
    const should = `${side * side}, one a window, in 1 block`;
    throw wrongCount('explode images', 'features of the layout', should, featureCount(layout), is);
  }
  return Array.from({ length: kernel ** 2 }, (_, tap) => {
    const [i, j] = [Math.floor(tap / kernel), tap % kernel];
    const covered = Array.from({ length: count }, (__, b) =>
      Float64Array.from({ length: side * side }, (___, p) => {
        const [y, x] = [Math.floor(p / side) * stride + i, (p % side) * stride + j];
        return images[b * size ** 2 + y * size + x]!;
      }),
    );
    return packSlots(layout, covered)[0]!;
  });
}

/** A convolution's weights encoded once for many images of one level and scale. Owns its plaintexts. */
export interface PreparedConvolution extends Owned {
  /** One row of kernel² weights an output channel. */
  readonly weights: readonly (readonly Plaintext[])[];
  /** One a channel. */
  readonly bias: readonly Plaintext[];
  /**
   * As `convolvePatches`, without encoding anything.
   * @throws FheError LEVEL_MISMATCH, SCALE_MISMATCH for patches of another level or scale
   */
  apply(ev: EvaluationKeys, patches: readonly Ciphertext[], onStep?: () => void): Ciphertext[];
}

/**
 * Encodes weights and biases for patches at `level` and `scale`.
 * @param weights one row of kernel² weights an output channel, row by row (one input channel)
 * @param onStep called for each encoded weight: channels × kernel² times
 * @throws FheError SLOTS for another number of biases than rows; LEVEL_EXHAUSTED for level 0
 */
export function prepareConvolution(
  backend: Backend,
  weights: readonly ArrayLike<number>[],
  bias: ArrayLike<number>,
  { level, scale }: Pick<Ciphertext, 'level' | 'scale'>,
  onStep: () => void = () => {},
): PreparedConvolution {
  checkCounts(weights, bias);
  if (level === 0) {
    throw new FheError({
      code: 'LEVEL_EXHAUSTED',
      op: 'convolve',
      field: 'level of the patches',
      should: 'at least 1, for the rescale',
      is: '0',
      hint: 'add a prime to the chain',
    });
  }
  const primeScale = backend.parameters.primeScale(level); // what `rescale` divides by: the patches' scale comes back
  return backend.scope(() => {
    const encoded = weights.map((row) =>
      Array.from(row, (w) => {
        const plain = backend.encode(w, { level, scale: primeScale });
        onStep();
        return plain;
      }),
    );
    const biases = Array.from(bias, (b) => backend.encode(b, { level: level - 1, scale }));
    const apply: PreparedConvolution['apply'] = (ev, patches, onProduct) =>
      convolve(backend, ev, patches, encoded, biases, onProduct);
    return owning({ weights: encoded, bias: biases, apply }, [...encoded.flat(), ...biases]);
  });
}

/**
 * Server side. Each output channel is Σ weight(channel, i, j) · patch(i, j) + bias(channel). One level; the scale comes
 * back exactly, because the weights are encoded at the scale of the prime that `rescale` divides by.
 * `prepareConvolution` encodes them once for many images.
 * @param weights one row of kernel² weights an output channel, row by row (one input channel)
 * @param onStep called for each product: channels × kernel² times
 * @throws FheError SLOTS for numbers of patches, weights and biases that do not belong together
 */
export function convolvePatches(
  backend: Backend,
  ev: EvaluationKeys,
  patches: readonly Ciphertext[],
  weights: readonly ArrayLike<number>[],
  bias: ArrayLike<number>,
  onStep?: () => void,
): Ciphertext[] {
  checkCounts(weights, bias, patches);
  return backend.scope(() => prepareConvolution(backend, weights, bias, patches[0]!).apply(ev, patches, onStep));
}

function convolve(
  backend: Backend,
  ev: EvaluationKeys,
  patches: readonly Ciphertext[],
  weights: readonly (readonly Plaintext[])[],
  bias: readonly Plaintext[],
  onStep: () => void = () => {},
): Ciphertext[] {
  checkCounts(weights, bias, patches);
  return backend.scope(() =>
    weights.map((row, channel) => {
      if (row.every((w) => w.isZero)) throw zeroWeights('convolve', `channel ${channel}`);
      const sum = backend.scope(() => ev.addPlain(ev.rescale(ev.dotPlain(patches, row)), bias[channel]!));
      row.forEach(() => onStep());
      return sum;
    }),
  );
}

/** @throws FheError SLOTS unless there is a bias a channel and, in each channel, a weight a patch. */
function checkCounts(
  weights: readonly ArrayLike<unknown>[],
  bias: ArrayLike<unknown>,
  patches?: readonly Ciphertext[],
): void {
  if (weights.length !== bias.length) {
    throw wrongCount('convolve', 'number of biases', `${weights.length}, one a channel`, bias.length, 'given');
  }
  if (patches === undefined) return;
  for (const { length } of weights) {
    if (length === patches.length && length > 0) continue;
    throw wrongCount('convolve', 'number of patches', `${length}, one a weight`, patches.length, 'given');
  }
}

function wrongCount(op: string, field: string, should: string, is: number, of: string): FheError {
  return new FheError({ code: 'SLOTS', op, field, should, is: `${is} ${of}`, hint: 'check the shapes' });
}
