export { DiagonalMatrix } from './diagonals.ts';
export { convolvePatches, explodePatches, type PatchShape, windows } from './exploded-conv.ts';
export { type BatchLayout, batchLayout, checkLayout, repeated, unpacked } from './layout.ts';
export { matchScale } from './match-scale.ts';
