/**
 * What rotations and products cost, for choosing between baby steps, giant steps and folds.
 * @module
 */

/** The cost of each part of one evaluation, in any unit: only their ratios count. Encoding and keys are not in it. */
export interface RotationCosts {
  /** A product with a diagonal, and its addition (`dotPlain`). */
  readonly product: number;
  /** One more rotation of the same ciphertext (`rotateMany`). */
  readonly baby: number;
  /** One more rotation in a sum of rotations (`rotateSum`). */
  readonly giant: number;
  /** A rotation alone, and an addition. */
  readonly fold: number;
}

/**
 * Milliseconds on the engine at ring degree 16384 and level 3: chain [50, 40, 40, 40, 40, 40], special primes [50, 50], two
 * threads on two cores, medians of nine; the differences between 16 and 4 terms, divided by 12. From level 2 to level 5
 * the figures double, and their ratios stay (giant/baby 1.0 to 1.6, fold/baby 1.6 to 2.2). For a transform that is made by
 * hand; the compiler works them out for each level and ring (compiler/costs.ts).
 */
export const ENGINE_COSTS: RotationCosts = { product: 0.1, baby: 1.1, giant: 1.3, fold: 2 };

/** Rotations count, whatever they cost. */
export const FEWEST_ROTATIONS: RotationCosts = { product: 0, baby: 1, giant: 1, fold: 1 };
