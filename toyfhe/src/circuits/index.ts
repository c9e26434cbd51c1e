/**
 * Algorithms on the contract alone: linear maps by diagonals, convolutions, polynomials, comparison, division.
 * @module
 */
export { type AffineMap, applyMap, composeMaps, denseMap, diagonalMap, identityMap, scaledMap } from './affine-map.ts';
export { checkSlotLayout } from './check-layout.ts';
export { addConstant, mulConstant } from './constants.ts';
export { drawLayout } from './draw-layout.ts';
export {
  averagePoolMap,
  channelMap,
  type ConvolutionOptions,
  convolutionMap,
  explodedConvolutionMap,
  globalAveragePoolMap,
  type ImageShape,
  outputImage,
  type PoolOptions,
  type Windows,
} from './image-maps.ts';
export {
  LinearTransform,
  type LinearTransformOptions,
  type PreparedTransform,
  type PrepareTransformOptions,
} from './linear-transform.ts';
export { addMatched, type LevelAndScale, matchScale, meetingPoint, mulMatched } from './match-scale.ts';
export { packSlots, unpackSlots } from './pack-slots.ts';
export { ENGINE_COSTS, FEWEST_ROTATIONS, type RotationCosts } from './rotation-costs.ts';
export type { Split, SplitCost } from './rotation-split.ts';
export { fillRotations, fillSlots, keepSlots, sumRotations, sumSlots } from './slot-sums.ts';
export {
  type Arrangement,
  featureCount,
  type ImageLayoutOptions,
  imageLayout,
  placeOf,
  powerOfTwoFrom,
  type SlotLayout,
  type VectorLayoutOptions,
  vectorLayout,
} from './slot-layout.ts';
export { Abs, type ComparisonOptions, Max, Relu, Sign } from './comparison.ts';
export { Division, type DivisionOptions } from './division.ts';
export { type MinimaxComposite, type MinimaxOptions, minimaxComposite } from './minimax.ts';
export { type Basis, type Interval, Polynomial, type PolynomialOptions } from './polynomial.ts';
export { type EvaluateOptions, evaluatePolynomial } from './polynomial-evaluation.ts';
export { power } from './power.ts';
export { evaluateOnLayout, hasEmptySlots, placeholder } from './polynomial-on-layout.ts';
export { type BestApproximation, type RemezOptions, remez } from './remez.ts';
export { Softmax, type SoftmaxOptions } from './softmax.ts';
