/**
 * Neural networks: tensors, layers, training and weights files; ONNX import; and the same models on encrypted tensors.
 * @module
 */
export * from './adam.ts';
export * from './article.ts';
export * from './augment.ts';
export * from './average-pool.ts';
export * from './batch-norm.ts';
export { CallableModel } from './callable-model.ts';
export * from './conv2d.ts';
export * from './dense.ts';
export * from './encrypted.ts';
export * from './encrypted-article.ts';
export {
  type BatchPlaces,
  decryptTensor,
  type EncryptedBatch,
  encryptRows,
  encryptTensor,
  placesOf,
  rowsOf,
} from './encrypted-batch.ts';
export { type EncryptedContext, EncryptedPatches, EncryptedTensor } from './encrypted-tensor.ts';
export { argmax, type Evaluation, evaluate, type LabelledImages } from './evaluate.ts';
export * from './explode-image.ts';
export { type ConvolutionWindows, ExplodedConvArray } from './exploded-conv-array.ts';
export * from './flatten.ts';
export * from './global-average-pool.ts';
export { Graph, type GraphParts, type GraphStep } from './graph.ts';
export type { Layer, Parameter, State } from './layer.ts';
export * from './linear-maps.ts';
export * from './loss.ts';
export * from './one-cycle.ts';
export { importOnnx, type OnnxModel } from './onnx/import.ts';
export * from './operations.ts';
export * from './patches.ts';
export * from './placement.ts';
export * from './polynomial-activation.ts';
export * from './random.ts';
export * from './relu.ts';
export * from './residual.ts';
export * from './safetensors.ts';
export * from './sequential.ts';
export * from './softmax.ts';
export * from './square.ts';
export { printShape, sameShape, sizeOf, Tensor } from './tensor.ts';
export * from './train.ts';
export * from './two-conv.ts';
