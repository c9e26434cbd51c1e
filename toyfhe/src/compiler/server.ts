/**
 * The server's part of a plan: it encodes the weights once and evaluates, knowing the weights and no secret.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, type Owned, Scale } from '../backend/index.ts';
import { addMatched, LinearTransform, mulMatched, type PreparedTransform } from '../circuits/index.ts';
import { owning } from '../circuits/owning.ts';
import { printShape, sameShape, sizeOf, type Weights } from '../nn/index.ts';
import { type Approximation, approximationOf, isApproximation } from './approximations.ts';
import type { EncryptedValues } from './client.ts';
import { type Standing, standings } from './levels.ts';
import { stageMap } from './linear-stage.ts';
import { checkBackend, outputNames, refused, valueOf } from './plan-access.ts';
import type { Plan, PlannedValue, Step } from './plan-types.ts';
import type { ValueId } from './program.ts';
import { type Stage, stageOperands } from './stages.ts';

export interface EvaluateHooks {
  /** A product is done (with a diagonal, or of two ciphertexts); there are `stepCount(plan)` of them at most. */
  readonly onStep?: () => void;
  /** A value is there: look at its ciphertexts, do not keep them. */
  readonly onValue?: (value: PlannedValue, ciphertexts: readonly Ciphertext[]) => void;
}

/** A plan with its weights encoded, for many batches. Owns the plaintexts. */
export interface PreparedPlan extends Owned {
  /** What it owns, as a scope that returns it must find it. */
  readonly transforms: readonly PreparedTransform[];
  /**
   * Server: the encrypted outputs.
   * @throws FheError FORMAT for missing inputs; LEVEL_MISMATCH, SCALE_MISMATCH, SLOTS for inputs of another plan; KEY_MISSING
   */
  evaluate(ev: EvaluationKeys, inputs: EncryptedValues, hooks?: EvaluateHooks): Record<string, Ciphertext[]>;
}

/**
 * Server: encodes the weights.
 * @param constants by name, as `Program.constants` or a weights file has them
 * @param onStep called for each encoded diagonal: `weightCount(plan)` times
 * @throws FheError FORMAT for constants that are missing or have other shapes; SLOTS for a backend of another ring; RANGE for
 *   one of other primes
 */
export function prepare(plan: Plan, backend: Backend, constants: Weights, onStep: () => void = () => {}): PreparedPlan {
  checkBackend('prepare a plan', plan, backend);
  checkConstants(plan, constants);
  const runner = new Runner(plan, backend);
  return backend.scope(() => {
    const transforms = new Map<Step, PreparedTransform>();
    for (const step of plan.steps) {
      if (step.kind === 'linear') transforms.set(step, runner.transform(step, constants, onStep));
    }
    const evaluate: PreparedPlan['evaluate'] = (ev, inputs, hooks) => runner.evaluate(ev, inputs, transforms, hooks);
    const owned = [...transforms.values()];
    return owning({ transforms: owned, evaluate }, owned);
  });
}

class Runner {
  readonly #plan: Plan;
  readonly #backend: Backend;
  readonly #stages: readonly Stage[];
  readonly #standings: ReadonlyMap<ValueId, Standing>;
  readonly #approximations: ReadonlyMap<Stage, Approximation>;
  readonly #lastUse: ReadonlyMap<ValueId, number>;

  constructor(plan: Plan, backend: Backend) {
    const { parameters } = backend;
    this.#plan = plan;
    this.#backend = backend;
    const layouts = new Map(plan.values.map(({ id, layout }) => [id, layout]));
    const rangeOf = (id: ValueId): number => valueOf(plan, id).range;
    this.#approximations = new Map(
      plan.steps
        .filter(isApproximation)
        .map((step): [Stage, Approximation] => [
          step,
          approximationOf(plan.program, step, plan.ranges, layouts, rangeOf),
        ]),
    );
    this.#stages = [...plan.inputs.map(({ id }): Stage => ({ kind: 'input', to: id })), ...plan.steps];
    this.#standings = standings(this.#stages, {
      maxLevel: parameters.maxLevel,
      scale: parameters.scale,
      outputScale: Scale.powerOfTwo(plan.outputScaleBits),
      outputs: plan.outputs,
      primeScale: (level) => parameters.primeScale(level),
      depth: (stage) => this.#approximations.get(stage)!.depth,
    });
    const lastUse = new Map<ValueId, number>();
    plan.steps.forEach((step, i) => {
      for (const x of stageOperands(step)) lastUse.set(x, i);
    });
    for (const id of plan.outputs) lastUse.set(id, plan.steps.length);
    this.#lastUse = lastUse;
  }

  transform(step: Step & { kind: 'linear' }, constants: Weights, onStep: () => void): PreparedTransform {
    const { program, inputs, values } = this.#plan;
    const patches = inputs.some((input) => input.id === step.x && input.patches !== undefined);
    const from = valueOf(this.#plan, step.x);
    const map = stageMap(program, constants, step, patches, sizeOf(from.shape));
    const to = values.find(({ id }) => id === step.to)!.layout;
    const split = step.split === undefined ? {} : { split: step.split };
    const { level, scale } = this.#standings.get(step.x)!;
    const target = this.#standings.get(step.to)!.scale;
    return new LinearTransform(map, from.layout, to, split).prepare(this.#backend, { level, scale, target, onStep });
  }

  evaluate(
    ev: EvaluationKeys,
    inputs: EncryptedValues,
    transforms: ReadonlyMap<Step, PreparedTransform>,
    hooks: EvaluateHooks = {},
  ): Record<string, Ciphertext[]> {
    const { onStep, onValue = () => {} } = hooks;
    const plan = this.#plan;
    return this.#backend.scope(() => {
      const values = new Map<ValueId, readonly Ciphertext[]>();
      const given = new Set<Ciphertext>();
      for (const { id, name } of plan.inputs) {
        const { blocks } = valueOf(plan, id).layout;
        const ciphertexts = inputs[name];
        if (ciphertexts?.length !== blocks) {
          const is = ciphertexts === undefined ? 'missing' : `${ciphertexts.length} ciphertexts`;
          const hint = 'encrypt it with encryptInputs(plan, …)';
          throw refused('FORMAT', 'evaluate the plan', `input ${name}`, `${blocks} ciphertexts`, is, hint);
        }
        values.set(id, ciphertexts);
        for (const c of ciphertexts) given.add(c);
      }
      plan.steps.forEach((step, i) => {
        const result = this.#backend.scope(() => this.#step(ev, step, values, transforms, onStep));
        values.set(step.to, result);
        onValue(valueOf(plan, step.to), result);
        for (const x of new Set(stageOperands(step))) {
          if (this.#lastUse.get(x) !== i) continue;
          for (const c of values.get(x)!) if (!given.has(c)) c.dispose();
          values.delete(x);
        }
      });
      return Object.fromEntries(outputNames(plan).map((name, i) => [name, [...values.get(plan.outputs[i]!)!]]));
    });
  }

  #step(
    ev: EvaluationKeys,
    step: Step,
    values: ReadonlyMap<ValueId, readonly Ciphertext[]>,
    transforms: ReadonlyMap<Step, PreparedTransform>,
    onStep: () => void = () => {},
  ): Ciphertext[] {
    const backend = this.#backend;
    const x = values.get(step.x)!;
    const done = (c: Ciphertext): Ciphertext => {
      onStep();
      return c;
    };
    switch (step.kind) {
      case 'linear':
        return transforms.get(step)!.apply(ev, x, onStep);
      case 'square':
        return x.map((c) => done(ev.rescale(ev.relinearize(ev.square(c)))));
      case 'mul': {
        const y = values.get(step.y)!;
        return x.map((a, i) => done(mulMatched(backend, ev, a, y[i]!)));
      }
      case 'add': {
        const y = values.get(step.y)!;
        return x.map((a, i) => addMatched(backend, ev, a, y[i]!));
      }
      default: {
        const { scale } = this.#standings.get(step.to)!;
        const approximation = this.#approximations.get(step)!;
        return x.map((c, block) => approximation.apply(backend, ev, c, block, scale, onStep));
      }
    }
  }
}

function checkConstants({ program }: Plan, constants: Weights): void {
  for (const [name, shape] of Object.entries(program.constantShapes)) {
    const given = constants.get(name);
    if (given !== undefined && sameShape(given.shape, shape)) continue;
    const is = given === undefined ? 'missing' : printShape(given.shape);
    const hint = 'give the weights that the program was recorded with: program.constants';
    throw refused('FORMAT', 'prepare a plan', `constant ${name}`, printShape(shape), is, hint);
  }
}
