/**
 * Images and trained weights for ToyFHE: MNIST where it is, a drawn stand-in where it is not.
 * @module
 */
export { type DataFolder, dataFolder } from './folder.ts';
export type { ImageSet, Split } from './image-set.ts';
export { type LoadOptions, loadMnist } from './mnist.ts';
export { listWeights, loadWeights, type StoredWeights } from './weights.ts';
export { readWeightsRecord, type WeightsRecord } from './weights-record.ts';
