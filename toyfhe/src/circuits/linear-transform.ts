/**
 * Any affine map between any two layouts, on ciphertexts: a sum over diagonals (`map-diagonals.ts`) with baby steps, giant
 * steps and folds (`rotation-split.ts`). Baby rotations of one ciphertext share their work (`rotateMany`, hoisting); several
 * blocks of input share the giant steps, several blocks of output the baby steps.
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  FheError,
  type Owned,
  type Plaintext,
  type Scale,
} from '../backend/index.ts';
import { type AffineMap, checkMap } from './affine-map.ts';
import { checkSlotLayout } from './check-layout.ts';
import { checkInputs, diagonalProduct, type DiagonalSource, encodingSource } from './diagonal-product.ts';
import { MapDiagonals } from './map-diagonals.ts';
import { owning } from './owning.ts';
import { ENGINE_COSTS, type RotationCosts } from './rotation-costs.ts';
import { allSplits, cheapestSplit, type Split, type SplitCost } from './rotation-split.ts';
import type { SlotLayout } from './slot-layout.ts';
import { planSteps, type StepPlan } from './step-plan.ts';
import { type TransformScales, transformScales, type TransformScaling } from './transform-scales.ts';
import { zeroBlock } from './zero-weights.ts';

const OP = 'apply a linear transform';

export interface LinearTransformOptions {
  /** Default: the cheapest. */
  readonly split?: Split;
  /** By which splits are compared. Default: `ENGINE_COSTS`. */
  readonly costs?: RotationCosts;
}

export interface PrepareTransformOptions extends TransformScaling {
  /** A diagonal is encoded; there are `productCount` of them. */
  readonly onStep?: () => void;
}

/** A transform encoded once for many inputs of one level and scale. Owns its plaintexts. */
export interface PreparedTransform extends Owned {
  /** The level of the inputs. */
  readonly level: number;
  /** The scale of the inputs. */
  readonly scale: Scale;
  /** By block of output, giant step and product. */
  readonly weights: readonly (readonly (readonly Plaintext[])[])[];
  /** By block of output; undefined where it is zero. */
  readonly biases: readonly (Plaintext | undefined)[];
  /**
   * W·x + b, without encoding anything: one ciphertext a block of the output layout.
   * @param xs one a block of the input layout
   * @param onStep called for each product with a diagonal: `productCount` times
   * @throws FheError SLOTS, LEVEL_MISMATCH, SCALE_MISMATCH for inputs it is not made for; KEY_MISSING
   */
  apply(ev: EvaluationKeys, xs: readonly Ciphertext[], onStep?: () => void): Ciphertext[];
}

/** A map prepared for two layouts. The rotations it needs are known before any key exists. */
export class LinearTransform {
  readonly from: SlotLayout;
  readonly to: SlotLayout;
  readonly split: Split;
  readonly #diagonals: MapDiagonals;
  readonly #plan: StepPlan;
  readonly #costs: RotationCosts;

  /**
   * @throws FheError as `checkMap`; SLOTS where the map does not fit the layouts, or the layouts have other slots or
   *   batches; TRANSPARENT where a block of output has no entries; RANGE for a split that leaves diagonals out
   */
  constructor(map: AffineMap, from: SlotLayout, to: SlotLayout, options: LinearTransformOptions = {}) {
    checkMap('make a linear transform', map);
    checkSlotLayout('make a linear transform', from);
    checkSlotLayout('make a linear transform', to, from.slots);
    if (from.batch !== to.batch) {
      throw new FheError({
        code: 'SLOTS',
        op: 'make a linear transform',
        field: 'batch of the output layout',
        should: `${from.batch}, as the input has`,
        is: String(to.batch),
        hint: 'a transform moves features, not images',
      });
    }
    this.from = from;
    this.to = to;
    this.#costs = options.costs ?? ENGINE_COSTS;
    this.#diagonals = new MapDiagonals(map, from, to);
    const filled = new Set(this.#diagonals.terms.map(({ output }) => output));
    for (let output = 0; output < to.blocks; output++) {
      if (!filled.has(output)) throw zeroBlock('make a linear transform', to, output);
    }
    this.split = options.split ?? cheapestSplit(this.#diagonals, this.#costs);
    this.#plan = planSteps(this.#diagonals, this.split);
  }

  /** The slots by which `apply` rotates, distinct and ascending: what `keygen({ rotations })` must get. */
  get rotations(): number[] {
    const { slots, batch } = this.from;
    const { babies, outputs } = this.#plan;
    const positions = [...babies.flat(), ...outputs.flat().map(({ giant }) => giant), ...this.split.folds];
    const steps = new Set(positions.map((k) => (((k * batch) % slots) + slots) % slots));
    steps.delete(0);
    return [...steps].sort((a, b) => a - b);
  }

  /** Rotations that one `apply` makes. */
  get rotationCount(): number {
    const { babies, giants, folds } = this.#counts;
    return babies + giants + folds;
  }

  /** What one `apply` costs, in the unit of the costs that it was made with; without its rescales. */
  get cost(): number {
    const { babies, giants, folds } = this.#counts;
    const { product, baby, giant, fold } = this.#costs;
    return this.productCount * product + babies * baby + giants * giant + folds * fold;
  }

  /** Rotations of each kind; steps of 0 are none. */
  get #counts(): { babies: number; giants: number; folds: number } {
    const { babies, outputs } = this.#plan;
    const moves = (steps: readonly number[]): number => steps.filter((k) => k !== 0).length;
    return {
      babies: moves(babies.flat()),
      giants: moves(outputs.flat().map(({ giant }) => giant)),
      folds: outputs.length * this.split.folds.length,
    };
  }

  /** Distinct diagonals that have entries. */
  get diagonalCount(): number {
    return this.#plan.diagonalCount;
  }

  /** Products with plaintexts, and so calls of `onStep`, that one `apply` or one `prepare` makes. */
  get productCount(): number {
    return this.#plan.outputs.flat().reduce((count, { terms }) => count + terms.length, 0);
  }

  /** Every split that was compared, the cheapest first, with its rotations in one `apply`. */
  splits(): readonly SplitCost[] {
    return allSplits(this.#diagonals, this.#costs);
  }

  /**
   * Encodes the map for inputs at a level and scale.
   * @throws FheError SLOTS for a backend with another number of slots; RANGE for no such level; LEVEL_EXHAUSTED,
   *   SCALE_UNDERFLOW, SCALE_OVERFLOW where the scale cannot be had; TRANSPARENT where all weights of a block round to zero
   */
  prepare(backend: Backend, options: PrepareTransformOptions): PreparedTransform {
    checkSlotLayout('prepare a linear transform', this.from, backend.parameters.slots);
    const { level, scale, rescale = true, onStep = () => {} } = options;
    const source = this.#source(backend, transformScales(backend, options));
    return backend.scope(() => {
      const weights = this.#plan.outputs.map((steps, output) => {
        const encoded = steps.map((_, step) => source.weights(output, step, onStep));
        if (encoded.every((ps) => ps.every((p) => p.isZero))) throw zeroBlock(OP, this.to, output);
        return encoded;
      });
      const biases = weights.map((_, output) => source.bias(output));
      const made: DiagonalSource = { weights: (o, step) => weights[o]![step]!, bias: (o) => biases[o] };
      const apply: PreparedTransform['apply'] = (ev, xs, onProduct) => {
        checkInputs(OP, xs, this.from.blocks, { level, scale });
        return this.#run(backend, ev, xs, made, { rescale, ...(onProduct && { onStep: onProduct }) });
      };
      const owned = [...weights.flat(2), ...biases.filter((p) => p !== undefined)];
      return owning({ level, scale, weights, biases, apply }, owned);
    });
  }

  /**
   * W·x + b for one input: encodes the diagonals of a giant step at a time and keeps none, where `prepare` would take the
   * memory of all.
   * @param options as for `prepare`; level and scale are those of the inputs
   * @throws FheError as `prepare` and `PreparedTransform.apply`
   */
  applyOnce(
    backend: Backend,
    ev: EvaluationKeys,
    xs: readonly Ciphertext[],
    options: Pick<PrepareTransformOptions, 'target' | 'rescale' | 'onStep'> = {},
  ): Ciphertext[] {
    checkSlotLayout(OP, this.from, backend.parameters.slots);
    checkInputs(OP, xs, this.from.blocks, xs[0]);
    const { level, scale } = xs[0]!;
    const source = this.#source(backend, transformScales(backend, { ...options, level, scale }));
    return this.#run(backend, ev, xs, source, options);
  }

  #source(backend: Backend, at: TransformScales): DiagonalSource {
    return encodingSource(backend, this.#diagonals, this.#plan, this.from.batch, at);
  }

  #run(
    backend: Backend,
    ev: EvaluationKeys,
    xs: readonly Ciphertext[],
    source: DiagonalSource,
    { rescale = true, onStep = () => {} }: { readonly rescale?: boolean; readonly onStep?: () => void },
  ): Ciphertext[] {
    const rotations = { plan: this.#plan, folds: this.split.folds, to: this.to };
    return diagonalProduct(backend, ev, xs, rotations, source, rescale, onStep);
  }
}
