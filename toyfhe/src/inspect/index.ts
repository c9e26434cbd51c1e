export { check, type CheckOptions } from './check.ts';
export { type Comparison, cmp, describeComparison, together } from './cmp.ts';
export type { ObjectBytes } from './object-bytes.ts';
export { type BackendSizes, type SizeOptions, type Sizes, sizes } from './sizes.ts';
export { type Curve, curveFigure, type CurveOptions } from './figures/curve.ts';
export type { Figure, FigureOptions } from './figures/figure.ts';
export { modulusLadderFigure } from './figures/modulus-ladder.ts';
export { precisionFigure } from './figures/precision.ts';
export { slotsFigure, type SlotValues } from './figures/slots.ts';
