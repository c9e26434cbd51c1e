/**
 * Whether a plan from outside says what follows from its program, its ranges and its parameters. All that can be made
 * again without the weights is made again, and compared: whoever changes a level, a layout or the number behind
 * "128-bit security" is found out, and what is left to believe (splits, estimates, reasons) can only be slow or wrong in words.
 * @module
 */
import { type Parameters, parameters, Scale } from '../backend/index.ts';
import { type Approximation, approximationOf, isApproximation } from './approximations.ts';
import { explained } from './check-program.ts';
import { refusePlan } from './json-checks.ts';
import { canExplode, type LaidOut, layOut, operationOf } from './lay-out.ts';
import { type Standing, standings } from './levels.ts';
import { parametersFor, valueOf } from './plan-access.ts';
import type { Plan, PlannedValue, Step } from './plan-types.ts';
import type { ValueId } from './program.ts';
import { stagedProgram } from './staged-program.ts';
import type { Stage } from './stages.ts';

/** Logarithms may differ in their last bits from one JavaScript engine to the next. */
const LOG_SLACK = 1e-6;

/**
 * @param plan of the right form, its program checked
 * @returns the plan, its derived parts as they were made here: fields in the order that the compiler writes them in
 * @throws FheError FORMAT
 */
export function checkPlan(plan: Plan): Plan {
  const made = explained('parameters', () => parameters(parametersFor(plan)));
  checkSecurity(plan, made);
  checkNumbers(plan, made);
  const { program, layout, batch, ranges } = plan;
  const staged = explained('program', () => stagedProgram(program, ranges));
  if (layout === 'patches' && !canExplode(program, staged)) {
    refusePlan('layout', 'packed: no input can come as patches', layout);
  }
  const laidOut = explained('program', () => layOut(program, staged, layout, made.slots, batch));
  compare('inputs', laidOut.inputs, plan.inputs);
  compare('outputs', laidOut.outputs, plan.outputs);
  const stages = laidOut.stages.filter(isStep);
  compareLists('steps', stages, plan.steps.map(stageOf));
  compareLists(
    'values',
    laidOut.stages.map(({ to }) => describedValue(laidOut, plan, to)),
    plan.values.map(({ id, name, shape, layout: own }) => ({ id, name, shape, layout: own })),
  );
  checkStandings(plan, made, laidOut);
  return {
    ...plan,
    inputs: laidOut.inputs,
    steps: stages.map((stage, i) => ({ ...stage, ...decided(plan.steps[i]!) })),
    values: plan.values.map((value) => ({ ...value, layout: laidOut.layouts.get(value.id)! })),
  };
}

/** A server could otherwise have a client encrypt in a ring that anybody can break, and call it secure. */
function checkSecurity({ securityBits, estimates }: Plan, made: Parameters): void {
  if (securityBits !== made.securityBits) {
    refusePlan('securityBits', `${made.securityBits}, what its parameters give`, String(securityBits));
  }
  if (Math.abs(estimates.logQP - made.logQP) > LOG_SLACK) {
    refusePlan('estimates.logQP', `${made.logQP}, what its parameters give`, String(estimates.logQP));
  }
}

/** What nothing else depends on, but backends and transforms refuse. */
function checkNumbers(plan: Plan, { slots }: Parameters): void {
  const { program, outputScaleBits, parameters: own, rotations, relinearize, steps, ranges } = plan;
  if (outputScaleBits > own.scaleBits) {
    refusePlan('outputScaleBits', `at most scaleBits, ${own.scaleBits}`, String(outputScaleBits));
  }
  const names = new Set(program.operations.map(({ name }) => name));
  for (const name of Object.keys(ranges)) if (!names.has(name)) refusePlan('ranges', 'of operations', `of ${name}`);
  const far = rotations.find((k) => k >= slots);
  if (far !== undefined) refusePlan('rotations', `below ${slots}, the slots`, String(far));
  if (new Set(rotations).size !== rotations.length) refusePlan('rotations', 'there once each', rotations.join(', '));
  const products = steps.some(({ kind }) => kind === 'square' || kind === 'mul' || kind === 'relu');
  if (products && !relinearize) refusePlan('relinearize', 'true, for products of ciphertexts', 'false');
  for (const [i, { split }] of steps.entries()) {
    if (split === undefined) continue;
    const { modulus, babies, giants, folds } = split;
    if (steps[i]!.kind !== 'linear') refusePlan(`steps[${i}].split`, 'left out: it is no matrix', 'there');
    if (modulus > slots) refusePlan(`steps[${i}].split.modulus`, `at most ${slots}, the slots`, String(modulus));
    const wide = [...babies, ...giants, ...folds].find((k) => Math.abs(k) >= slots);
    if (wide !== undefined) refusePlan(`steps[${i}].split`, `below ${slots}, the slots`, String(wide));
  }
}

function checkStandings(plan: Plan, made: Parameters, { stages, layouts, outputs }: LaidOut): void {
  const { program, ranges, outputScaleBits, values } = plan;
  const contentOf = (id: ValueId): number => valueOf(plan, id).range;
  const found = explained('program', () => {
    const depths = new Map(
      stages
        .filter(isApproximation)
        .map((s): [Stage, Approximation] => [s, approximationOf(program, s, ranges, layouts, contentOf)]),
    );
    return standings(stages, {
      maxLevel: made.maxLevel,
      scale: made.scale,
      outputScale: Scale.powerOfTwo(outputScaleBits),
      outputs,
      primeScale: (level) => made.primeScale(Math.max(level, 0)), // levels below zero are refused beneath
      depth: (stage) => depths.get(stage)!.depth,
    });
  });
  values.forEach((value, i) => checkStanding(`values[${i}]`, value, found.get(value.id)!));
}

function checkStanding(at: string, value: PlannedValue, { level, scale }: Standing): void {
  if (level < 0) refusePlan('parameters.chain', 'longer', `too short for ${value.name} by ${-level}`);
  if (value.level !== level) refusePlan(`${at}.level`, String(level), String(value.level));
  if (Math.abs(value.scaleBits - scale.log2) > LOG_SLACK) {
    refusePlan(`${at}.scaleBits`, String(scale.log2), String(value.scaleBits));
  }
}

type StepStage = Exclude<Stage, { kind: 'input' }>;

function isStep(stage: Stage): stage is StepStage {
  return stage.kind !== 'input';
}

/** A step without what was decided for it. */
function stageOf({ split: _split, rotations: _rotations, products: _products, ms: _ms, ...stage }: Step): object {
  return stage;
}

function decided({ split, rotations, products, ms }: Step): Pick<Step, 'split' | 'rotations' | 'products' | 'ms'> {
  return { ...(split !== undefined && { split }), rotations, products, ms };
}

function describedValue(laidOut: LaidOut, { program }: Plan, id: ValueId): object {
  const { name, shape } = operationOf(program, laidOut, id);
  return { id, name, shape, layout: laidOut.layouts.get(id)! };
}

function compareLists(field: string, should: readonly unknown[], is: readonly unknown[]): void {
  if (should.length !== is.length) refusePlan(field, `${should.length} entries`, String(is.length));
  should.forEach((entry, i) => compare(`${field}[${i}]`, entry, is[i]));
}

function compare(field: string, should: unknown, is: unknown): void {
  const [a, b] = [canonical(should), canonical(is)];
  if (a !== b) refusePlan(field, `${a}, which follows from the program`, b);
}

/** JSON with fields in order: equal texts are equal values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}
