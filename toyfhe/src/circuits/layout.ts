/**
 * How a batch lies in the slots: feature f of image b at slot f·batch + b. Rotating by k·batch moves every image's
 * features by k at once, so one ciphertext computes for `batch` images in the time of one.
 * (The article's matrix, rows = features, stored row by row.)
 * @module
 */
import { FheError } from '../backend/index.ts';

export interface BatchLayout {
  /** Features in one ciphertext, a power of two. */
  readonly features: number;
  /** Images side by side: slots / features. */
  readonly batch: number;
}

/**
 * The layout that fills `slots` slots.
 * @throws FheError SLOTS where the features do not fit, RANGE where they are not a power of two
 */
export function batchLayout(slots: number, features: number): BatchLayout {
  if (!(features >= 1) || !Number.isInteger(Math.log2(features))) {
    throw new FheError({
      code: 'RANGE',
      op: 'lay out a batch',
      field: 'features',
      should: 'a power of two',
      is: String(features),
      hint: 'pad with zeros: rotations go around all slots',
    });
  }
  if (features > slots) {
    throw new FheError({
      code: 'SLOTS',
      op: 'lay out a batch',
      field: 'features',
      should: `at most ${slots}`,
      is: String(features),
      hint: `take a ring degree of at least ${2 * features}`,
    });
  }
  return { features, batch: slots / features };
}

/**
 * A layout fits one number of slots only: rotations by its batch would mix features elsewhere.
 * @throws FheError SLOTS
 */
export function checkLayout(op: string, slots: number, { features, batch }: BatchLayout): void {
  if (features * batch === slots) return;
  throw new FheError({
    code: 'SLOTS',
    op,
    field: 'slots of the layout',
    should: `${slots}, as many as the backend has`,
    is: `${features * batch} = ${features} features × ${batch}`,
    hint: `prepare it with batchLayout(${slots}, ${features})`,
  });
}

/**
 * One value a feature, the same for every image of the batch; missing features are zero.
 * @throws FheError SLOTS for more values than features
 */
export function repeated(values: ArrayLike<number>, { features, batch }: BatchLayout): Float64Array {
  if (values.length > features) {
    throw new FheError({
      code: 'SLOTS',
      op: 'repeat values',
      field: 'number of values',
      should: `at most ${features}, one a feature`,
      is: String(values.length),
      hint: 'take a layout with more features, or split the values',
    });
  }
  const slots = new Float64Array(features * batch);
  for (let f = 0; f < values.length; f++) slots.fill(values[f]!, f * batch, (f + 1) * batch);
  return slots;
}

/** Feature f of image b out of decoded slots, as `[batch, features]` rows. */
export function unpacked(slots: Float64Array, { features, batch }: BatchLayout): Float64Array[] {
  return Array.from({ length: batch }, (_, b) =>
    Float64Array.from({ length: features }, (_, f) => slots[f * batch + b]!),
  );
}
