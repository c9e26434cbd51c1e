/**
 * What a model may do with a tensor. The same model runs on whatever offers these operations: plain tensors compute in the
 * clear, encrypted tensors compute on ciphertexts, the compiler's recorder writes down what was asked (the article,
 * "Making it nicer": there Cassette intercepts the calls, here the tensor itself answers them).
 *
 * A model is a function that is generic in its tensor:
 * `const model = <T extends TensorOperations<T>>(x: T): T => x.conv2d(w, b, { stride: 3 }).square().flatten().dense(w1, b1)`
 * @module
 */
import type { Polynomial } from '../circuits/index.ts';
import type { Tensor } from './tensor.ts';

/** One number for both directions, or one each. */
export type Pair = number | readonly [vertical: number, horizontal: number];

export interface WindowOptions {
  /** Pixels from one window to the next; default 1 (for pools: the kernel). */
  readonly stride?: Pair;
  /** Zeros around the image, on both sides of each direction, or [top, left, bottom, right]; default 0. */
  readonly padding?: Pair | readonly [top: number, left: number, bottom: number, right: number];
}

export interface PoolOptions extends WindowOptions {
  readonly kernel: Pair;
  /** Whether zeros of the padding count in the mean, as in PyTorch; default true. */
  readonly countPadding?: boolean;
}

/** How max(x, 0) is computed where only sums and products are possible; in the clear it is exact. */
export interface ReluOptions {
  /** Degrees of the minimax composite; default [15, 15, 27], good to 2^−13 of the bound. */
  readonly degrees?: readonly number[];
  /** Largest |input|; outside it the composite explodes. Default: the range that is declared to the compiler. */
  readonly bound?: number;
}

/** How softmax is computed where only sums and products are possible; in the clear it is exact. */
export interface SoftmaxOptions {
  /** Largest |input|. Default: the range that is declared to the compiler. */
  readonly bound?: number;
  /** What the largest input of each row is known to reach; the more, the fewer levels. Default: −bound, that is nothing. */
  readonly least?: number;
  /** Bits that shall be right: relative error at most some 2^-bits. Default: 12. */
  readonly bits?: number;
}

/**
 * Tensors have the batch first: images are `[batch, channels, height, width]`, vectors `[batch, features]`. Constants are
 * plain tensors, known in the clear.
 * @throws FheError FORMAT, all of them, for shapes that do not fit
 */
export interface TensorOperations<T> {
  readonly shape: readonly number[];
  /** Cross-correlation. @param weight `[out, in, height, width]` @param bias `[out]` */
  conv2d(weight: Tensor, bias?: Tensor, options?: WindowOptions): T;
  /** weight · x + bias for each row. @param weight `[out, in]` @param bias `[out]` */
  dense(weight: Tensor, bias?: Tensor): T;
  /** factor · x + offset with one factor and offset a channel (a feature, for vectors): batch norm, folded. */
  channelAffine(factor: Tensor, offset: Tensor): T;
  averagePool(options: PoolOptions): T;
  /** `[batch, channels, height, width]` → `[batch, channels, 1, 1]`. */
  globalAveragePool(): T;
  /** The same elements in the same order; the batch stays. */
  reshape(shape: readonly number[]): T;
  /** `[batch, …]` → `[batch, everything else]`. */
  flatten(): T;
  /** Element by element; a constant may lack the batch, and is then added to every row. */
  add(other: T | Tensor): T;
  /** Element by element; a constant may lack the batch. */
  mul(other: T | Tensor): T;
  square(): T;
  polynomial(polynomial: Polynomial): T;
  /** max(x, 0). */
  relu(options?: ReluOptions): T;
  /** exp(xᵢ)/Σ exp(xⱼ) for each row of `[batch, classes]`. */
  softmax(options?: SoftmaxOptions): T;
}

/** A pair written out: `3` → `[3, 3]`. */
export function pair(value: Pair): readonly [vertical: number, horizontal: number] {
  return typeof value === 'number' ? [value, value] : value;
}

/** Padding written out, as `[top, left, bottom, right]`. */
export function fourSides(
  padding: NonNullable<WindowOptions['padding']>,
): readonly [top: number, left: number, bottom: number, right: number] {
  if (typeof padding !== 'number' && padding.length === 4) return padding;
  const [vertical, horizontal] = pair(padding);
  return [vertical, horizontal, vertical, horizontal];
}
