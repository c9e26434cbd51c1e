/**
 * The sum over diagonals on ciphertexts: for each block of output
 *   y = fold( Σ_g rot( Σ_b rot(d_{g+b}, −g) ⊙ rot(x, b), g ) ),
 * rescaled, plus the bias.
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  FheError,
  type Plaintext,
  type Scale,
} from '../backend/index.ts';
import type { MapDiagonals } from './map-diagonals.ts';
import type { SlotLayout } from './slot-layout.ts';
import type { StepPlan } from './step-plan.ts';
import type { EncodeAt, TransformScales } from './transform-scales.ts';
import { zeroBlock } from './zero-weights.ts';

/** Where the plaintexts of a product come from: encoded before, or on the way. */
export interface DiagonalSource {
  /** Those of one giant step of a block of output, in the plan's order. */
  weights(output: number, step: number, onStep?: () => void): readonly Plaintext[];
  /** Undefined where it is zero. */
  bias(output: number): Plaintext | undefined;
}

/** Encodes what it is asked for, and keeps none of it. */
export function encodingSource(
  backend: Backend,
  diagonals: MapDiagonals,
  plan: StepPlan,
  batch: number,
  at: TransformScales,
): DiagonalSource {
  const encoded = (values: Float64Array | number, to: EncodeAt): Plaintext =>
    typeof values === 'number'
      ? backend.encode(values, to)
      : backend.encode(perImage(values, batch), { ...to, repeat: true });
  return {
    weights(output, step, onStep = () => {}) {
      const { giant, terms } = plan.outputs[output]![step]!;
      return terms.map(({ input, baby }) => {
        const plain = encoded(diagonals.values(output, input, giant + baby, giant), at.weights);
        onStep();
        return plain;
      });
    },
    bias(output) {
      const values = diagonals.bias(output);
      return values && encoded(values, at.bias);
    },
  };
}

/**
 * One ciphertext a block of output.
 * @param rotations the steps, in positions of `to.batch` slots
 * @param onStep called for each product
 * @throws FheError TRANSPARENT where all weights of a block encode to zero
 */
export function diagonalProduct(
  backend: Backend,
  ev: EvaluationKeys,
  xs: readonly Ciphertext[],
  { plan, folds, to }: { readonly plan: StepPlan; readonly folds: readonly number[]; readonly to: SlotLayout },
  source: DiagonalSource,
  rescale: boolean,
  onStep: () => void,
): Ciphertext[] {
  const { batch } = to;
  return backend.scope(() => {
    const rotated = xs.map((x, input) => rotations(ev, x, plan.babies[input]!, batch));
    return plan.outputs.map((steps, output) =>
      backend.scope(() => {
        const inner: Ciphertext[] = [];
        const giants: number[] = [];
        steps.forEach(({ giant, terms }, step) => {
          const sum = backend.scope(() => {
            const factors = source.weights(output, step);
            const values = terms.map(({ input, baby }) => rotated[input]!.get(baby)!);
            return factors.every((p) => p.isZero) ? undefined : ev.dotPlain(values, factors);
          });
          terms.forEach(() => onStep());
          if (sum === undefined) return; // all these diagonals round to zero
          inner.push(sum);
          giants.push(giant * batch);
        });
        if (inner.length === 0) throw zeroBlock('apply a linear transform', to, output);
        let sum = inner.length === 1 && giants[0] === 0 ? inner[0]! : ev.rotateSum(inner, giants);
        for (const fold of folds) sum = ev.add(sum, ev.rotate(sum, fold * batch));
        if (rescale) sum = ev.rescale(sum);
        const bias = source.bias(output);
        return bias === undefined ? sum : ev.addPlain(sum, bias);
      }),
    );
  });
}

/** A block of input by baby step; step 0 is itself. */
function rotations(
  ev: EvaluationKeys,
  x: Ciphertext,
  babies: readonly number[],
  batch: number,
): ReadonlyMap<number, Ciphertext> {
  const steps = babies.filter((k) => k !== 0);
  const slots = steps.map((k) => k * batch);
  const moved = slots.length === 0 ? [] : ev.rotateMany(x, slots);
  return new Map([[0, x], ...steps.map((k, i) => [k, moved[i]!] as const)]);
}

/** Each value for every image of the batch. */
function perImage(values: Float64Array, batch: number): Float64Array {
  if (batch === 1) return values;
  const slots = new Float64Array(values.length * batch);
  for (let p = 0; p < values.length; p++) slots.fill(values[p]!, p * batch, (p + 1) * batch);
  return slots;
}

/**
 * @param at the level and scale that all inputs are to have
 * @throws FheError SLOTS, LEVEL_MISMATCH, SCALE_MISMATCH
 */
export function checkInputs(
  op: string,
  xs: readonly Ciphertext[],
  blocks: number,
  at: { readonly level: number; readonly scale: Scale } | undefined,
): void {
  if (xs.length !== blocks) {
    throw new FheError({
      code: 'SLOTS',
      op,
      field: 'number of ciphertexts',
      should: String(blocks),
      is: String(xs.length),
      hint: 'give one a block of the input layout',
    });
  }
  for (const x of xs) {
    if (at === undefined) return;
    const same = x.level === at.level;
    if (same && x.scale.equals(at.scale)) continue;
    throw new FheError({
      code: same ? 'SCALE_MISMATCH' : 'LEVEL_MISMATCH',
      op,
      field: same ? 'scale' : 'level',
      should: String(same ? at.scale : at.level),
      is: String(same ? x.scale : x.level),
      hint: 'bring all inputs to the level and scale that it is prepared for',
      ledger: x.trace,
    });
  }
}
