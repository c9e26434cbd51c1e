export { DiagonalMatrix, type PreparedMatrix } from './diagonals.ts';
export {
  convolvePatches,
  explodePatches,
  type PatchShape,
  type PreparedConvolution,
  prepareConvolution,
  windows,
} from './exploded-conv.ts';
export { type BatchLayout, batchLayout, checkLayout, repeated, unpacked } from './layout.ts';
export { matchScale } from './match-scale.ts';
