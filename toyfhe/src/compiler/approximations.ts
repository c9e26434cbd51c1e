/**
 * Stages that are polynomials in earnest: activation polynomials, relu, softmax. What they cost, what they do to errors,
 * and how they run.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError, type Scale } from '../backend/index.ts';
import { evaluateOnLayout, Polynomial, Relu, type SlotLayout, Softmax } from '../circuits/index.ts';
import { sizeOf } from '../nn/index.ts';
import type { Amplification } from './precision.ts';
import type { OperationOf, ProgramText, ValueId } from './program.ts';
import { boundOf, type Ranges } from './ranges.ts';
import type { BoundedOperation, Stage } from './stages.ts';

/** A function that is computed by sums and products, slot by slot. */
export interface Approximation extends Amplification {
  /** Levels. */
  readonly depth: number;
  /** Rotations that keys are needed for. */
  readonly rotations: readonly number[];
  /**
   * The result at `c.level − depth` and exactly `scale`.
   * @param block which block of its layout `c` is
   * @param onStep called for each product of two ciphertexts, or at least once
   */
  apply(
    backend: Backend,
    ev: EvaluationKeys,
    c: Ciphertext,
    block: number,
    scale: Scale,
    onStep: () => void,
  ): Ciphertext;
}

/** A stage that is one. */
export type ApproximationStage = Extract<Stage, { kind: 'polynomial' | 'relu' | 'softmax' }>;

export function isApproximation<S extends Stage>(stage: S): stage is S & ApproximationStage {
  return stage.kind === 'polynomial' || stage.kind === 'relu' || stage.kind === 'softmax';
}

/**
 * @param contentOf the largest |value| of a stage's input, for slopes
 * @throws FheError RANGE where a bound is not known or out of range, SLOTS where a softmax's classes do not lie together
 */
export function approximationOf(
  program: ProgramText,
  stage: ApproximationStage,
  ranges: Ranges,
  layouts: ReadonlyMap<ValueId, SlotLayout>,
  contentOf: (id: ValueId) => number,
): Approximation {
  const operation = program.operations[stage.to]!;
  if (stage.kind === 'polynomial') {
    return polynomialOf(operation as OperationOf<'polynomial'>, contentOf(stage.x), layouts.get(stage.x)!);
  }
  const bound = boundOf(program, ranges, operation as BoundedOperation);
  if (stage.kind === 'relu') return reluOf(operation as OperationOf<'relu'>, bound, stage.normalised);
  return softmaxOf(operation as OperationOf<'softmax'>, bound, stage.normalised, layouts.get(stage.x)!);
}

function reluOf({ degrees }: OperationOf<'relu'>, bound: number, normalised: boolean): Approximation {
  const relu = new Relu({ degrees, bound, normalised });
  return {
    depth: relu.depth,
    rotations: [],
    // x·(1 + p(x))/2: the slope is (1 + p)/2 + x·p'/2, and p rises from −1 to 1 where |x| is as small as p' is large.
    slope: 2 * (normalised ? bound : 1),
    products: relu.multiplications,
    gain: 2 * bound,
    approximation: bound * 2 ** -relu.alpha,
    apply: (backend, ev, c, _block, scale, onStep) => relu.apply(backend, ev, c, { scale, onStep }),
  };
}

function softmaxOf(
  { shape, least, bits = 12 }: OperationOf<'softmax'>, // probabilities are at most 1: twelve bits are three digits
  bound: number,
  normalised: boolean,
  layout: SlotLayout,
): Approximation {
  if (layout.blocks !== 1 || layout.arrangement.kind !== 'vector') {
    throw new FheError({
      code: 'SLOTS',
      op: 'plan a softmax',
      field: 'its input',
      should: 'a vector in one ciphertext',
      is: `${layout.blocks} ciphertexts, arranged as ${layout.arrangement.kind}`,
      hint: 'put a dense layer before it',
    });
  }
  const { batch, period } = layout;
  const lowest = least === undefined ? {} : { least };
  const softmax = new Softmax({ classes: sizeOf(shape), bound, normalised, batch, period, bits, ...lowest });
  return {
    depth: softmax.depth,
    rotations: softmax.rotations,
    slope: (normalised ? bound : 1) / 2, // |∂pᵢ/∂xⱼ| summed over j is 2·pᵢ·(1 − pᵢ), at most 1/2
    products: softmax.multiplications,
    gain: softmax.gain,
    approximation: 2 ** -bits,
    apply: (backend, ev, c, _block, scale, onStep) => {
      const result = softmax.apply(backend, ev, c, scale);
      onStep();
      return result;
    },
  };
}

/** Points at which a slope is looked at: between neighbours, that of a polynomial of degree 31 changes by a tenth. */
const SAMPLES = 256;

function polynomialOf(o: OperationOf<'polynomial'>, range: number, layout: SlotLayout): Approximation {
  const polynomial = new Polynomial(o.coefficients, o);
  const [low, high] = o.interval ?? [-range, range];
  let slope = 0;
  const step = (high - low) / SAMPLES;
  for (let i = 0; i < SAMPLES; i++) {
    const x = low + i * step;
    slope = Math.max(slope, Math.abs(polynomial.at(x + step) - polynomial.at(x)) / step);
  }
  return {
    depth: polynomial.depth,
    rotations: [],
    slope,
    products: polynomial.multiplications,
    gain: Math.max(1, slope),
    approximation: 0,
    apply: (backend, ev, c, block, scale, onStep) =>
      evaluateOnLayout(backend, ev, c, polynomial, layout, { block, scale, onStep }),
  };
}
