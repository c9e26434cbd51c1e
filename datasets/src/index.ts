/**
 * Images and trained weights for ToyFHE: MNIST where it is, a drawn stand-in where it is not.
 * @module
 */
export * from './download.ts';
export type { DownloadProgress } from './fetch-part.ts';
export { type DataFolder, dataFolder } from './folder.ts';
export * from './idx.ts';
export * from './image-set.ts';
export { hasMnist, type LoadOptions, loadMnist } from './mnist.ts';
export * from './mnist-files.ts';
export type { RemoteFile } from './remote-file.ts';
export { drawStandIn } from './stand-in.ts';
export * from './weights.ts';
