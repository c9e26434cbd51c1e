export { DiagonalMatrix } from './diagonals.ts';
export { convolvePatches, explodePatches, type PatchShape, windows } from './exploded-conv.ts';
export { type BatchLayout, batchLayout, repeated, unpacked } from './layout.ts';
