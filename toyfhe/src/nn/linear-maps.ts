/**
 * Layers that are linear, as sparse maps over the features of one image: what encrypted tensors and the compiler turn into
 * diagonals. Shapes are without the batch; what does not fit is refused as it is in the clear.
 * @module
 */
import {
  type AffineMap,
  averagePoolMap,
  channelMap,
  convolutionMap,
  denseMap,
  diagonalMap,
  globalAveragePoolMap,
  identityMap,
  type ImageShape,
} from '../circuits/index.ts';
import { checkConstant, wrongInput } from './layer.ts';
import { fourSides, pair, type PoolOptions, type WindowOptions } from './operations.ts';
import { sameShape, type Tensor } from './tensor.ts';
import { poolWindows } from './windows.ts';

/** @throws FheError FORMAT unless the shape has channels, height and width */
export function imageShape(layer: string, shape: readonly number[]): ImageShape {
  const [channels, height, width] = shape;
  if (shape.length === 3) return { channels: channels!, height: height!, width: width! };
  throw wrongInput(layer, 'channels×height×width', shape);
}

export function conv2dAsMap(
  shape: readonly number[],
  weight: Tensor,
  bias: Tensor | undefined,
  options: WindowOptions = {},
): AffineMap {
  const image = imageShape('conv2d', shape);
  const [outputChannels, channels, height, width] = weight.shape;
  if (weight.shape.length !== 4 || channels !== image.channels)
    throw wrongInput('conv2d', `${channels} channels`, shape);
  if (bias !== undefined) checkConstant('conv2d', 'bias', [outputChannels!], bias);
  return convolutionMap(image, weight.data, bias?.data, {
    outputChannels: outputChannels!,
    kernel: [height!, width!],
    stride: pair(options.stride ?? 1),
    padding: fourSides(options.padding ?? 0),
  });
}

export function denseAsMap(shape: readonly number[], weight: Tensor, bias: Tensor | undefined): AffineMap {
  const [outputs, inputs] = weight.shape;
  if (!sameShape(shape, [inputs!])) throw wrongInput('dense', String(inputs), shape);
  checkConstant('dense', 'weight', [outputs!, inputs!], weight);
  if (bias !== undefined) checkConstant('dense', 'bias', [outputs!], bias);
  return denseMap(weight.data, outputs!, inputs!, bias?.data);
}

/** @param factor one a channel; a vector's features are channels of one pixel */
export function channelAffineAsMap(shape: readonly number[], factor: Tensor, offset: Tensor): AffineMap {
  const [channels = 1, height = 1, width = 1] = shape;
  checkConstant('channelAffine', 'factor', [channels], factor);
  checkConstant('channelAffine', 'offset', [channels], offset);
  return channelMap({ channels, height, width }, factor.data, offset.data);
}

export function averagePoolAsMap(shape: readonly number[], options: PoolOptions): AffineMap {
  const windows = poolWindows('run averagePool', options);
  return averagePoolMap(imageShape('averagePool', shape), { ...windows, countPadding: options.countPadding ?? true });
}

export function globalAveragePoolAsMap(shape: readonly number[]): AffineMap {
  return globalAveragePoolMap(imageShape('globalAveragePool', shape));
}

/** x + constant, element by element. */
export function addConstantAsMap(constant: Tensor): AffineMap {
  return { ...identityMap(constant.data.length), bias: constant.data };
}

/** x · constant, element by element. */
export function mulConstantAsMap(constant: Tensor): AffineMap {
  return diagonalMap(constant.data);
}
