/**
 * Tensors: numbers and a shape, nothing more. Everything in `nn` computes in doubles, so that a seeded training run
 * gives the same weights on every machine.
 * @module
 */
import { FheError, inspect } from '../backend/index.ts';
import type { Polynomial } from '../circuits/index.ts';
import { averagePooled } from './average-pool.ts';
import { channelwise } from './channel-affine.ts';
import { convolve } from './conv2d.ts';
import { denseProduct } from './dense.ts';
import { product, sum } from './elementwise.ts';
import { flatShape } from './flatten.ts';
import { channelMeans } from './global-average-pool.ts';
import type { PoolOptions, ReluOptions, SoftmaxOptions, TensorOperations, WindowOptions } from './operations.ts';
import { polynomialOf } from './polynomial-activation.ts';
import { rectified } from './relu.ts';
import { softmaxRows } from './softmax.ts';
import { squares } from './square.ts';

/** The number of elements that a shape holds; the empty shape holds one (a scalar). */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** `[64, 4, 8, 8]` → `64×4×8×8`; the empty shape prints as `scalar`. */
export function printShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

/** True when both shapes have the same extents in the same order. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/**
 * A dense array of doubles in row-major order: the last index runs fastest. Image tensors are
 * `[batch, channel, height, width]`, as in PyTorch. The operations give fresh tensors, but for `reshape` and `flatten`,
 * which share the memory; each stands in the file of the layer that it belongs to.
 */
export class Tensor implements TensorOperations<Tensor> {
  /** Extents, each an integer ≥ 0. */
  readonly shape: readonly number[];
  /** The elements, `sizeOf(shape)` of them; shared with the caller, not copied. */
  readonly data: Float64Array;

  /**
   * @param shape extents, integers ≥ 0
   * @param data the elements in row-major order; zeros when left out. Kept, not copied.
   * @throws FheError FORMAT when the shape is not made of such integers or does not fit the data
   */
  constructor(shape: readonly number[], data?: Float64Array) {
    if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
      throw new FheError({
        code: 'FORMAT',
        op: 'make a tensor',
        field: 'shape',
        should: 'a list of integers ≥ 0',
        is: JSON.stringify(shape),
        hint: 'give each extent as a whole number',
      });
    }
    const size = sizeOf(shape);
    if (data !== undefined && data.length !== size) {
      throw new FheError({
        code: 'FORMAT',
        op: 'make a tensor',
        field: 'data',
        should: `${size} values for the shape ${printShape(shape)}`,
        is: `${data.length} values`,
        hint: 'give a shape that fits the data',
      });
    }
    this.shape = [...shape];
    this.data = data ?? new Float64Array(size);
  }

  /** The same elements under another shape of the same size; shares the memory. */
  reshape(shape: readonly number[]): Tensor {
    return new Tensor(shape, this.data);
  }

  conv2d(weight: Tensor, bias?: Tensor, options?: WindowOptions): Tensor {
    return convolve(this, weight, bias, options);
  }

  dense(weight: Tensor, bias?: Tensor): Tensor {
    return denseProduct(this, weight, bias);
  }

  channelAffine(factor: Tensor, offset: Tensor): Tensor {
    return channelwise(this, factor, offset);
  }

  averagePool(options: PoolOptions): Tensor {
    return averagePooled(this, options);
  }

  globalAveragePool(): Tensor {
    return channelMeans(this);
  }

  /** `[batch, …]` → `[batch, everything else]`; shares the memory. */
  flatten(): Tensor {
    return this.reshape(flatShape(this.shape));
  }

  add(other: Tensor): Tensor {
    return sum(this, other);
  }

  mul(other: Tensor): Tensor {
    return product(this, other);
  }

  square(): Tensor {
    return squares(this);
  }

  polynomial(polynomial: Polynomial): Tensor {
    return polynomialOf(this, polynomial);
  }

  /** max(x, 0), exactly: the options are for tensors that cannot. */
  relu(_options?: ReluOptions): Tensor {
    return rectified(this);
  }

  softmax(_options?: SoftmaxOptions): Tensor {
    return softmaxRows(this);
  }

  /** An independent copy. */
  copy(): Tensor {
    return new Tensor(this.shape, this.data.slice());
  }

  /** `Tensor 4×1×7×7 (−0.41 … 0.53)`. */
  [inspect](): string {
    if (this.data.length === 0) return `Tensor ${printShape(this.shape)} (empty)`;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const x of this.data) {
      if (x < low) low = x;
      if (x > high) high = x;
    }
    const print = (x: number): string => x.toPrecision(3).replace('-', '−');
    return `Tensor ${printShape(this.shape)} (${print(low)} … ${print(high)})`;
  }
}

/**
 * A buffer that is made once and used again while the shape stays the same: layers keep their outputs in such buffers,
 * so that a training step allocates nothing.
 * @returns `buffer` itself when its shape is `shape` (its old contents still in it), else a new tensor of zeros
 */
export function reuse(buffer: Tensor | undefined, shape: readonly number[]): Tensor {
  return buffer !== undefined && sameShape(buffer.shape, shape) ? buffer : new Tensor(shape);
}
