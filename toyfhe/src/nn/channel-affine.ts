/**
 * One factor and one offset a channel: what is left of batch normalisation once its statistics are known.
 * @module
 */
import { checkConstant, wrongInput } from './layer.ts';
import { reuse, type Tensor } from './tensor.ts';

/** Batch, channels and elements a channel of `[batch, channels, …]`. @throws FheError FORMAT for fewer than two axes */
export function channelsOf(layer: string, shape: readonly number[]): [batch: number, channels: number, pixels: number] {
  const [batch, channels, ...pixels] = shape;
  if (batch === undefined || channels === undefined) throw wrongInput(layer, 'batch×channels×…', shape);
  return [batch, channels, pixels.reduce((count, extent) => count * extent, 1)];
}

/**
 * `out[b, c, …] = factor[c] · in[b, c, …] + offset[c]`.
 * @param input `[batch, channels, …]`; a vector's features are its channels
 * @param into the output's place, used when its shape fits
 * @throws FheError FORMAT unless factor and offset are `[channels]`
 */
export function channelwise(input: Tensor, factor: Tensor, offset: Tensor, into?: Tensor): Tensor {
  const [, channels, pixels] = channelsOf('channelAffine', input.shape);
  checkConstant('channelAffine', 'factor', [channels], factor);
  checkConstant('channelAffine', 'offset', [channels], offset);
  const output = reuse(into, input.shape);
  for (let start = 0, plane = 0; start < input.data.length; start += pixels, plane++) {
    const a = factor.data[plane % channels]!;
    const b = offset.data[plane % channels]!;
    for (let i = start; i < start + pixels; i++) output.data[i] = a * input.data[i]! + b;
  }
  return output;
}
