/**
 * Tensors whose only operation is a convolution: exploded patches, in the clear and encrypted.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { checkConstant } from './layer.ts';
import type { TensorOperations, WindowOptions } from './operations.ts';
import type { Tensor } from './tensor.ts';
import { type Windows, windowsOf } from './windows.ts';

/** @typeParam T what the convolution gives */
export abstract class ConvolutionOnly<T> implements TensorOperations<T> {
  abstract readonly shape: readonly number[];
  abstract conv2d(weight: Tensor, bias?: Tensor, options?: WindowOptions): T;

  dense(): T {
    throw notYet('dense');
  }
  channelAffine(): T {
    throw notYet('channelAffine');
  }
  averagePool(): T {
    throw notYet('averagePool');
  }
  globalAveragePool(): T {
    throw notYet('globalAveragePool');
  }
  reshape(): T {
    throw notYet('reshape');
  }
  flatten(): T {
    throw notYet('flatten');
  }
  add(): T {
    throw notYet('add');
  }
  mul(): T {
    throw notYet('mul');
  }
  square(): T {
    throw notYet('square');
  }
  polynomial(): T {
    throw notYet('polynomial');
  }
  relu(): T {
    throw notYet('relu');
  }
  softmax(): T {
    throw notYet('softmax');
  }
}

function notYet(op: string): FheError {
  return new FheError({
    code: 'FORMAT',
    op: `run ${op}`,
    field: 'the first operation on exploded patches',
    should: 'the convolution that they were taken apart for',
    is: op,
    hint: 'give the model plain images, or begin it with that convolution',
  });
}

/**
 * @param x exploded patches of `[batch, channels, height, width]`
 * @throws FheError FORMAT for another convolution than the one that they were taken apart for, or a bias of another shape
 */
export function checkWindows(
  x: { readonly shape: readonly number[]; readonly windows: Windows },
  weight: Tensor,
  bias: Tensor | undefined,
  options: WindowOptions,
): void {
  const [, channels, height, width] = weight.shape as [number, number, number, number];
  const asked = windowsOf('run conv2d', [height, width], options);
  if (weight.shape.length === 4 && channels === x.shape[1] && print(asked) === print(x.windows)) {
    if (bias !== undefined) checkConstant('conv2d', 'bias', [weight.shape[0]!], bias);
    return;
  }
  throw new FheError({
    code: 'FORMAT',
    op: 'run conv2d on exploded patches',
    field: 'convolution',
    should: `the one that they were taken apart for: ${print(x.windows)}, ${x.shape[1]} channels`,
    is: `${print(asked)}, ${channels} channels`,
    hint: 'explode the images for this convolution',
  });
}

function print({ kernel, stride, padding }: Windows): string {
  return `kernel ${kernel.join('×')}, stride ${stride.join('×')}, padding ${padding.join(' ')}`;
}
