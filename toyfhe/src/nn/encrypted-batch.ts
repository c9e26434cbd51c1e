/**
 * A batch of tensors as ciphertexts: what a client sends and gets back. It knows its shape and where features lie, and
 * cannot be computed on; `encrypted(backend, evaluationKeys)` is who can.
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  FheError,
  inspect,
  type Owned,
  type PublicKey,
  type SecretKeys,
} from '../backend/index.ts';
import { featureCount, packSlots, powerOfTwoFrom, type SlotLayout, unpackSlots } from '../circuits/index.ts';
import { owning } from '../circuits/owning.ts';
import { ExplodedConvArray } from './exploded-conv-array.ts';
import { inputLayout } from './placement.ts';
import { printShape, sizeOf, Tensor } from './tensor.ts';
import type { Windows } from './windows.ts';

/** Owns its ciphertexts. */
export interface EncryptedBatch extends Owned {
  /** Of the batch in the clear, `[batch, …]`. */
  readonly shape: readonly number[];
  readonly layout: SlotLayout;
  /** One a block of the layout. */
  readonly ciphertexts: readonly Ciphertext[];
  /** Where the windows of a convolution were taken apart: whose. */
  readonly windows?: Windows;
}

/** The shape and places of a batch before it is encrypted: what `rotationsFor` looks at. */
export type BatchPlaces = Pick<EncryptedBatch, 'shape' | 'layout' | 'windows'>;

/**
 * Where a batch will lie.
 * @param layout default: the closest that holds it; for exploded patches the one with the most images
 * @throws FheError SLOTS where it does not fit
 */
export function placesOf(batch: Tensor | ExplodedConvArray, slots: number, layout?: SlotLayout): BatchPlaces {
  const [count = 0, ...shape] = batch.shape;
  if (batch instanceof ExplodedConvArray) {
    return checked({ shape: batch.shape, layout: layout ?? batch.layout(slots), windows: batch.windows });
  }
  return checked({ shape: batch.shape, layout: layout ?? inputLayout(slots, shape, powerOfTwoFrom(count)) });
}

/**
 * Client: encrypts a batch at the highest level.
 * @param onStep called for each ciphertext
 * @throws FheError SLOTS where it does not fit
 */
export function encryptTensor(
  backend: Backend,
  key: PublicKey,
  batch: Tensor | ExplodedConvArray,
  layout?: SlotLayout,
  onStep: () => void = () => {},
): EncryptedBatch {
  const places = placesOf(batch, backend.parameters.slots, layout);
  const rows = batch instanceof ExplodedConvArray ? batch.patches : rowsOf(batch);
  return backend.scope(() => encryptedBatch(places, encryptRows(backend, key, places.layout, rows, onStep)));
}

/**
 * Rows of features, one an image, as ciphertexts. Places of images that are missing hold copies of the others: zeros could
 * leave the range of what follows (a bias, then a ReLU), and what explodes in one slot overflows in all.
 * @param onStep called for each ciphertext
 * @throws FheError SLOTS for more rows than the batch, or rows of another length
 */
export function encryptRows(
  backend: Backend,
  key: PublicKey,
  layout: SlotLayout,
  rows: readonly Float64Array[],
  onStep: () => void = () => {},
): Ciphertext[] {
  return packSlots(layout, filled(rows, layout.batch)).map((slots) => {
    const c = key.encrypt(backend.encode(slots));
    onStep();
    return c;
  });
}

/** @internal A row for every image of a batch: copies where there are fewer. */
export function filled(rows: readonly Float64Array[], batch: number): Float64Array[] {
  return Array.from({ length: Math.max(batch, rows.length) }, (_, i) => rows[i % rows.length]!);
}

/** Client: the tensor in the clear, of the batch's shape. */
export function decryptTensor(
  backend: Backend,
  keys: SecretKeys,
  batch: Pick<EncryptedBatch, 'shape' | 'layout' | 'ciphertexts'>,
): Tensor {
  const blocks = backend.scope(() => batch.ciphertexts.map((c) => backend.decode(keys.decrypt(c))));
  const tensor = new Tensor(batch.shape);
  const size = sizeOf(batch.shape.slice(1));
  unpackSlots(batch.layout, blocks).forEach((row, i) => {
    if (i < batch.shape[0]!) tensor.data.set(row, i * size);
  });
  return tensor;
}

/** @internal */
export function encryptedBatch(places: BatchPlaces, ciphertexts: readonly Ciphertext[]): EncryptedBatch {
  const batch = owning({ ...places, ciphertexts }, ciphertexts);
  const text = (): string => {
    const [c] = ciphertexts;
    const many = ciphertexts.length === 1 ? 'one ciphertext' : `${ciphertexts.length} ciphertexts`;
    return `EncryptedBatch ${printShape(batch.shape)} in ${many} (level ${c!.level}, scale ${c!.scale})`;
  };
  return Object.defineProperty(batch, inspect, { value: text, enumerable: false });
}

/** The images of a batch, one row each; views. */
export function rowsOf(tensor: Tensor): Float64Array[] {
  const [count = 0, ...shape] = tensor.shape;
  const size = sizeOf(shape);
  return Array.from({ length: count }, (_, i) => tensor.data.subarray(i * size, (i + 1) * size));
}

function checked(places: BatchPlaces): BatchPlaces {
  const { shape, layout, windows } = places;
  const [count = 0, ...rest] = shape;
  const size = sizeOf(rest);
  const misfit = windows === undefined && featureCount(layout) !== size;
  if (count >= 1 && count <= layout.batch && !misfit) return places;
  throw new FheError({
    code: 'SLOTS',
    op: 'encrypt a batch',
    field: misfit ? 'features of the layout' : 'number of images',
    should: misfit ? String(size) : `1 to ${layout.batch}, the layout's batch`,
    is: String(misfit ? featureCount(layout) : count),
    hint: 'make the layout for this shape, or split the batch',
  });
}
