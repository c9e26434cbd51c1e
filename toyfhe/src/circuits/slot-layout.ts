/**
 * Where features lie in ciphertexts. A layout is plain data (JSON), so that a client and a server can agree on it.
 *
 * Slot (copy·period + position)·batch + image holds the feature at `position`: images of a batch lie side by side, and the
 * whole repeats every `period` positions, so that a rotation by k·batch is a rotation of every image by k positions,
 * around the period. Positions that hold no feature are zero; linear transforms keep that so.
 *
 * Multiplexing (Lee et al., Low-Complexity Deep Convolutional Neural Networks on FHE Using Multiplexed Parallel
 * Convolutions, ICML 2022): after a stride of s, pixels would lie s slots apart with nothing between them. With
 * gap k, k×k channels share one such grid, a "plane".
 * @module
 */
import { blockCount, checkSizes, checkSlotLayout } from './check-layout.ts';
import type { ImageShape } from './image-maps.ts';

/** The order of features within the positions. */
export type Arrangement =
  | {
      readonly kind: 'vector';
      readonly length: number;
      /** Features in one ciphertext: feature f lies in block ⌊f/perBlock⌋ at position f mod perBlock. */
      readonly perBlock: number;
    }
  | {
      readonly kind: 'image';
      readonly channels: number;
      readonly height: number;
      readonly width: number;
      /** Rows and columns of the grid that one plane occupies: at least height·gap and width·gap. */
      readonly grid: readonly [number, number];
      /**
       * k×k channels in one plane: channel c = hi·k² + dy·k + dx has its pixel (y, x) in plane hi at row y·k + dy and
       * column x·k + dx. Planes lie one after the other, as many in a block as the period holds.
       */
      readonly gap: number;
    };

export interface SlotLayout {
  readonly slots: number;
  /** Images side by side. */
  readonly batch: number;
  /** Positions after which all repeats: a power of two; slots / batch is a multiple. */
  readonly period: number;
  /** Ciphertexts. */
  readonly blocks: number;
  readonly arrangement: Arrangement;
}

export interface VectorLayoutOptions {
  /** Default: 1. */
  readonly batch?: number;
  /** Default: all features, or as many as one ciphertext holds. */
  readonly perBlock?: number;
  /** Default: the least power of two that holds a block. */
  readonly period?: number;
}

export interface ImageLayoutOptions {
  /** Default: 1. */
  readonly batch?: number;
  /** Default: 1, one channel a plane. */
  readonly gap?: number;
  /** Default: the least powers of two that hold height·gap and width·gap. */
  readonly grid?: readonly [number, number];
  /** Default: the least power of two that holds all planes, or as many as one ciphertext holds. */
  readonly period?: number;
}

/**
 * Features one after the other.
 * @throws FheError RANGE for sizes that are no whole numbers or no powers of two where they should be, SLOTS where a block
 *   does not fit
 */
export function vectorLayout(slots: number, length: number, options: VectorLayoutOptions = {}): SlotLayout {
  const { batch = 1 } = options;
  checkSizes('lay out a vector', slots, batch, { length, perBlock: options.perBlock });
  const perBlock = options.perBlock ?? Math.min(length, Math.floor(slots / batch));
  const period = options.period ?? powerOfTwoFrom(perBlock);
  return laidOut('lay out a vector', { slots, batch, period, arrangement: { kind: 'vector', length, perBlock } });
}

/**
 * Channels as planes, `gap`² of them interleaved in one.
 * @throws FheError as `vectorLayout`
 */
export function imageLayout(slots: number, shape: ImageShape, options: ImageLayoutOptions = {}): SlotLayout {
  const { batch = 1, gap = 1 } = options;
  const { channels, height, width } = shape;
  checkSizes('lay out an image', slots, batch, { channels, height, width, gap, grid: options.grid });
  const grid = options.grid ?? [powerOfTwoFrom(height * gap), powerOfTwoFrom(width * gap)];
  const planes = Math.ceil(channels / gap ** 2);
  const plane = grid[0] * grid[1];
  const period = options.period ?? Math.min(powerOfTwoFrom(planes * plane), Math.floor(slots / batch));
  const arrangement = { kind: 'image', channels, height, width, grid: [grid[0], grid[1]], gap } as const;
  return laidOut('lay out an image', { slots, batch, period, arrangement });
}

function laidOut(op: string, { slots, batch, period, arrangement }: Omit<SlotLayout, 'blocks'>): SlotLayout {
  const layout = { slots, batch, period, blocks: blockCount({ slots, batch, period, arrangement }), arrangement };
  checkSlotLayout(op, layout);
  return layout;
}

/** Features of one image. */
export function featureCount({ arrangement }: SlotLayout): number {
  if (arrangement.kind === 'vector') return arrangement.length;
  return arrangement.channels * arrangement.height * arrangement.width;
}

/** The block of each feature, and its position there, by feature. */
export function placeOf(layout: SlotLayout): { block: Int32Array; position: Int32Array } {
  const { arrangement, period } = layout;
  const count = featureCount(layout);
  const [block, position] = [new Int32Array(count), new Int32Array(count)];
  if (arrangement.kind === 'vector') {
    for (let f = 0; f < count; f++) {
      block[f] = Math.floor(f / arrangement.perBlock);
      position[f] = f % arrangement.perBlock;
    }
    return { block, position };
  }
  const { height, width, gap, grid } = arrangement;
  const plane = grid[0] * grid[1];
  const planesPerBlock = Math.floor(period / plane);
  for (let f = 0; f < count; f++) {
    const [c, y, x] = [Math.floor(f / (height * width)), Math.floor(f / width) % height, f % width];
    const [hi, dy, dx] = [Math.floor(c / gap ** 2), Math.floor(c / gap) % gap, c % gap];
    block[f] = Math.floor(hi / planesPerBlock);
    position[f] = (hi % planesPerBlock) * plane + (y * gap + dy) * grid[1] + x * gap + dx;
  }
  return { block, position };
}

/** The least power of two that is at least n, n > 0. */
export function powerOfTwoFrom(n: number): number {
  return 2 ** Math.ceil(Math.log2(n));
}
