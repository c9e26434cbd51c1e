/**
 * One-line comparisons, checks of exercises, sizes of objects, and figures as plain plotly JSON.
 * @module
 */
export { check, type CheckOptions } from './check.ts';
export { type Comparison, cmp, describeComparison, together } from './cmp.ts';
export type { ObjectBytes } from './object-bytes.ts';
export { type BackendSizes, type SizeOptions, type Sizes, sizes } from './sizes.ts';
export { confusionFigure, type ConfusionOptions } from './figures/confusion.ts';
export { type Curve, curveFigure, type CurveOptions } from './figures/curve.ts';
export type { Figure, FigureOptions } from './figures/figure.ts';
export { heatMapFigure, type HeatMapOptions, type HeatRows } from './figures/heat-map.ts';
export { linesFigure, type LinesOptions } from './figures/lines.ts';
export { modulusLadderFigure } from './figures/modulus-ladder.ts';
export { precisionFigure } from './figures/precision.ts';
export { rootsFigure, type RootsOptions } from './figures/roots.ts';
export type { SlotValues } from './figures/slot-values.ts';
export { slotsFigure, type SlotsFigureOptions } from './figures/slots.ts';
export { type Milliseconds, timingFigure, type TimingOptions } from './figures/timing.ts';
