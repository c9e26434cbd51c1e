/**
 * A known model, planned for a backend.
 * @module
 */
import { bytes, chainText, type Plan, plan } from 'toyfhe/compiler';
import { type BackendName, PLANNING } from '../backends.ts';
import type { LoadedModel } from '../loaded-model.ts';

export interface PlanModelOptions {
  readonly backend: BackendName;
  /** Bits right of every logit. Default: the model's own. */
  readonly precision?: number;
  /** Images at once. Default: the model's own; on the toy 1. */
  readonly batch?: number;
}

/** @throws FheError RANGE for impossible options, LEVEL_EXHAUSTED where no ring holds the program */
export function planModel(model: LoadedModel, { backend, precision = model.precision, batch }: PlanModelOptions): Plan {
  return plan(model.program, {
    ...PLANNING[backend],
    ranges: model.ranges,
    ...(precision !== undefined && { precisionBits: precision }),
    batch: batch ?? (backend === 'toy' ? 1 : model.batch),
  });
}

/** What the planner decided, for `--json`. */
export interface Chosen {
  readonly ringDegree: number;
  /** Times that a fresh ciphertext can be rescaled. */
  readonly levels: number;
  /** In one evaluation. */
  readonly rotations: number;
  /** Keys that they are made with. */
  readonly rotationKeys: number;
  readonly layout: 'patches' | 'packed';
  readonly batch: number;
  /** Bits right that it expects. */
  readonly precisionBits: number;
}

export function chosenBy({ parameters, estimates, layout, batch, rotations }: Plan): Chosen {
  return {
    ringDegree: parameters.ringDegree,
    levels: parameters.chain.length - 1,
    rotations: estimates.rotations,
    rotationKeys: rotations.length,
    layout,
    batch,
    precisionBits: Number(estimates.precisionBits.toFixed(1)),
  };
}

/** The same in a sentence. */
export function describeChoice({ parameters, estimates, layout, batch, rotations }: Plan): string {
  return (
    `planned: ${layout}, ${batch === 1 ? 'one image' : `${batch} images`} an evaluation; chain ${chainText(parameters.chain)},` +
    ` special ${chainText(parameters.special)}, scale 2^${parameters.scaleBits}; ${estimates.rotations} rotations` +
    ` by ${rotations.length} keys; keys of ${bytes(estimates.keyBytes)}; ${estimates.precisionBits.toFixed(1)} bits right expected`
  );
}
