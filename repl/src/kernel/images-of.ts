/**
 * Recognises images: tensors of them, and loaded data sets.
 * @module
 */
import { types } from 'node:util';
import { isNumbers, plainFields } from './plain-fields.ts';
import type { Images } from './protocol.ts';

/** Images of one value that are shown. */
const MOST = 16;
/** Pixels on a side: fewer are features of a network, more do not fit a terminal. */
const [LEAST_SIDE, MOST_SIDE] = [8, 128];

/** The first 16 images of a tensor `[n, 1 or 3, height, width]` or `[1 or 3, height, width]`, or of a loaded set. */
export function imagesOf(value: unknown): Images | undefined {
  return ofTensor(value) ?? ofSet(value);
}

/** What there is in a tensor; it is known by its fields, for the library may be loaded twice. */
export function tensorParts(value: unknown): { shape: readonly number[]; data: Float64Array } | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || prototype.constructor.name !== 'Tensor') return undefined;
  const { shape, data } = value as { readonly shape?: unknown; readonly data?: unknown };
  if (!isNumbers(shape) || !types.isFloat64Array(data)) return undefined;
  const extents = Array.from(shape);
  return extents.reduce((product, extent) => product * extent, 1) === data.length
    ? { shape: extents, data }
    : undefined;
}

function ofTensor(value: unknown): Images | undefined {
  const tensor = tensorParts(value);
  if (tensor === undefined) return undefined;
  const [count, channels, height, width] = tensor.shape.length === 3 ? [1, ...tensor.shape] : tensor.shape;
  if (count === undefined || width === undefined || tensor.shape.length > 4) return undefined;
  return images({ count, channels: channels!, height: height!, width, data: tensor.data });
}

/** A data set: `images`, `count`, `rows`, `columns`, and `labels` for the captions. */
function ofSet(value: unknown): Images | undefined {
  const { images: data, count, rows, columns, labels } = plainFields(value) ?? {};
  if (typeof count !== 'number' || typeof rows !== 'number' || typeof columns !== 'number') return undefined;
  if (!isNumbers(data) || data.length % (count * rows * columns) !== 0) return undefined;
  const made = images({ count, channels: data.length / (count * rows * columns), height: rows, width: columns, data });
  if (made === undefined || !isNumbers(labels) || labels.length < count) return made;
  return { ...made, captions: made.pixels.map((_, i) => String(labels[i])) };
}

interface Raw {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: ArrayLike<number>;
}

function images({ count, channels, height, width, data }: Raw): Images | undefined {
  if (count < 1 || (channels !== 1 && channels !== 3)) return undefined;
  if (Math.min(height, width) < LEAST_SIDE || Math.max(height, width) > MOST_SIDE) return undefined;
  const size = channels * height * width;
  const shown = Array.from({ length: Math.min(count, MOST) * size }, (_, i) => data[i]!);
  const scale = scaling(shown);
  const pixels = Array.from({ length: shown.length / size }, (_, i) =>
    shown.slice(i * size, (i + 1) * size).map(scale),
  );
  return { width, height, channels, pixels };
}

/** To 0 … 1, in thousandths: values beyond, such as bytes, or normalised ones below zero, are moved there. */
function scaling(values: readonly number[]): (value: number) => number {
  const known = values.filter(Number.isFinite);
  const [least, most] = known.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [0, 1]);
  const span = most - least;
  return (value) => (Number.isFinite(value) ? Math.round((1000 * (value - least)) / span) / 1000 : 0);
}
