/**
 * Images from tensors, data sets and lists of pixels.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import { describe } from '../backend/print.ts';

/** Images of one size; as JSON, `application/vnd.toyfhe.images+json`. */
export interface Images {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green and blue planes. */
  readonly channels: 1 | 3;
  /** One list an image, channels × height × width, values from 0 to 1. */
  readonly pixels: readonly (readonly number[])[];
  /** A line under each image. */
  readonly captions?: readonly string[];
}

/** What can be shown as images. */
export type ImageSource =
  /** A tensor: `[images, 1 or 3, height, width]`, `[1 or 3, height, width]` or `[height, width]`. */
  | { readonly shape: readonly number[]; readonly data: ArrayLike<number> }
  /** A data set, as `loadMnist` gives it: labels become captions. */
  | {
      readonly images: ArrayLike<number>;
      readonly rows: number;
      readonly columns: number;
      readonly labels?: ArrayLike<number>;
    }
  /** Pixels of a square image, row by row, such as 784 for 28 × 28; or of several. */
  | ArrayLike<number>
  | readonly ArrayLike<number>[];

export interface ImageOptions {
  /** A line under each image. */
  readonly captions?: readonly (string | number)[];
  /** Shown at most; 16 unless told. */
  readonly most?: number;
}

const HINT = 'give a tensor [images, 1 or 3, height, width], what loadMnist gives, or lists of pixels of square images';
const MOST = 16;
const LONGEST_SIDE = 1024;

interface Raw {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: ArrayLike<number>;
  readonly labels?: ArrayLike<number> | undefined;
}

/**
 * The first images, values from the least to the greatest, at least from 0 to 1, made 0 … 1, in thousandths.
 * @throws FheError FORMAT for what is no images, SLOTS for none or for another number of captions
 */
export function imagesOf(source: ImageSource, options: ImageOptions = {}): Images {
  const { channels, height, width, data, labels } = rawOf(source);
  if (data.length === 0) throw refused('SLOTS', 'the number of images', 'at least 1', '0');
  const size = channels * height * width;
  const sides = [height, width].every((side) => Number.isInteger(side) && side >= 1 && side <= LONGEST_SIDE);
  if ((channels !== 1 && channels !== 3) || !sides || data.length % size !== 0) {
    throw refused('FORMAT', 'the shape', '[images, 1 or 3, height, width]', shapeText(channels, height, width, data));
  }
  const { most = MOST, captions } = options;
  const count = data.length / size;
  const shown = Math.min(count, most);
  if (captions !== undefined && captions.length < shown) {
    throw refused('SLOTS', 'the number of captions', `at least ${shown}`, String(captions.length));
  }
  const values = Array.from({ length: shown * size }, (_, i) => data[i]!);
  const wrong = values.findIndex((value) => typeof value !== 'number');
  if (wrong >= 0) throw refused('FORMAT', `pixel ${wrong}`, 'a number', describe(values[wrong]));
  const scale = scaling(values);
  const pixels = Array.from({ length: shown }, (_, i) => values.slice(i * size, (i + 1) * size).map(scale));
  const texts = captions ?? (labels === undefined ? undefined : Array.from(labels));
  return {
    width,
    height,
    channels,
    pixels,
    ...(texts === undefined ? {} : { captions: texts.slice(0, shown).map(String) }),
  };
}

function rawOf(source: ImageSource): Raw {
  if (typeof source !== 'object' || source === null) {
    throw refused('FORMAT', 'the images', 'pixels', describe(source));
  }
  if ('shape' in source) {
    const [width = 0, height = 0, channels = 1] = source.shape.toReversed();
    if (source.shape.length >= 2 && source.shape.length <= 4) return { channels, height, width, data: source.data };
    throw refused('FORMAT', 'the shape', '[images, 1 or 3, height, width]', `[${source.shape.join(', ')}]`);
  }
  if ('images' in source) {
    const { images: data, rows: height, columns: width, labels } = source;
    return { channels: 1, height, width, data, labels };
  }
  if (!('length' in source)) throw refused('FORMAT', 'the images', 'pixels', describe(source));
  const lists =
    typeof source[0] === 'number' ? [source as ArrayLike<number>] : (source as readonly ArrayLike<number>[]);
  const length = lists[0]?.length ?? 0;
  const side = Math.round(Math.sqrt(length));
  const other = lists.find((list) => list.length !== length);
  if (other !== undefined) throw refused('FORMAT', 'the pixels of each image', String(length), String(other.length));
  if (side * side !== length) throw refused('FORMAT', 'the pixels of an image', 'a square number', String(length));
  return { channels: 1, height: side, width: side, data: lists.flatMap((list) => Array.from(list)) };
}

/** Bytes, and normalised values below zero, are moved to 0 … 1; what is not finite is black. */
function scaling(values: readonly number[]): (value: number) => number {
  let [least, most] = [0, 1];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return (value) => (Number.isFinite(value) ? Math.round((1000 * (value - least)) / (most - least)) / 1000 : 0);
}

function shapeText(channels: number, height: number, width: number, data: ArrayLike<number>): string {
  return `${data.length} values for images of ${channels}×${height}×${width}`;
}

function refused(code: 'FORMAT' | 'SLOTS', field: string, should: string, is: string): FheError {
  return new FheError({ code, op: 'show images', field, should, is, hint: HINT });
}
