/**
 * Reading a plan: what a backend and its keys must be, what a value is, how much there is to do.
 * @module
 */
import { type Backend, FheError, type KeyOptions, type ParameterSpec } from '../backend/index.ts';
import type { Plan, PlannedValue } from './plan-types.ts';
import type { ValueId } from './program.ts';

/** What `keygen` must get for a plan. */
export function keysFor(plan: Plan): KeyOptions {
  return { rotations: plan.rotations, relinearize: plan.relinearize };
}

/** The parameters that a backend must have for a plan. */
export function parametersFor(plan: Plan): ParameterSpec {
  return plan.parameters;
}

/** Ciphertexts that one batch of inputs is. */
export function inputCiphertexts(plan: Plan): number {
  return plan.inputs.reduce((sum, { id }) => sum + valueOf(plan, id).layout.blocks, 0);
}

/** The names of the outputs, in the program's order. */
export function outputNames(plan: Plan): string[] {
  return plan.program.outputs.map((id) => plan.program.operations[id]!.name);
}

/** Products in one evaluation: what progress is counted in. */
export function stepCount(plan: Plan): number {
  return plan.steps.reduce((sum, { products }) => sum + products, 0);
}

/** Products with weights: what `prepare`'s progress is counted in. */
export function weightCount(plan: Plan): number {
  return plan.steps.reduce((sum, step) => sum + (step.kind === 'linear' ? step.products : 0), 0);
}

/** @throws FheError FORMAT for a value that is not in the plan */
export function valueOf(plan: Pick<Plan, 'values'>, id: ValueId): PlannedValue {
  const value = plan.values.find((v) => v.id === id);
  if (value !== undefined) return value;
  throw refused('FORMAT', 'read a plan', 'value', `one of the plan's`, String(id));
}

/** @internal The same ring and the same primes in number and size: a plan's levels and scales mean nothing elsewhere. */
export function checkBackend(op: string, plan: Plan, { parameters }: Backend): void {
  const { ringDegree, chain, scaleBits } = plan.parameters;
  if (parameters.ringDegree !== ringDegree) {
    throw refused('SLOTS', op, 'ring degree of the backend', String(ringDegree), String(parameters.ringDegree));
  }
  const bits = parameters.primes.map((q) => Math.round(Math.log2(Number(q))));
  const same =
    bits.length === chain.length && bits.every((b, i) => b === chain[i]) && parameters.scale.log2 === scaleBits;
  if (same) return;
  const is = `${bits.join(', ')} at scale ${parameters.scale}`;
  throw refused('RANGE', op, 'primes of the backend', `${chain.join(', ')} at scale 2^${scaleBits}`, is);
}

/** @internal */
export function refused(
  code: 'FORMAT' | 'SLOTS' | 'RANGE',
  op: string,
  field: string,
  should: string,
  is: string,
  hint: string = 'make the backend with parametersFor(plan), keys with keysFor(plan)',
): FheError {
  return new FheError({ code, op, field, should, is, hint });
}
