/**
 * Small neural networks in the clear: tensors, layers, training, evaluation and weights files.
 * @module
 */
export * from './adam.ts';
export * from './article.ts';
export * from './augment.ts';
export * from './conv2d.ts';
export * from './dense.ts';
export * from './encrypted-article.ts';
export { argmax, type Evaluation, evaluate, type LabelledImages } from './evaluate.ts';
export * from './flatten.ts';
export type { Layer, Parameter } from './layer.ts';
export * from './loss.ts';
export * from './one-cycle.ts';
export * from './patches.ts';
export * from './random.ts';
export * from './safetensors.ts';
export * from './sequential.ts';
export * from './square.ts';
export { printShape, sameShape, sizeOf, Tensor } from './tensor.ts';
export * from './train.ts';
