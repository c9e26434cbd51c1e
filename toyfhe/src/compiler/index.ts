/**
 * From a model to an encrypted program: record it, plan it, run it, or print it as TypeScript.
 * @module
 */
export { decryptOutputs, decryptValue, encryptInputs, type EncryptedValues } from './client.ts';
export { evaluateClear, measureRanges } from './clear.ts';
export { type CostModel, DEFAULT_COSTS, measureCosts } from './costs.ts';
export { emit, type EmitOptions, type EmitSource } from './emit.ts';
export { FILE_SOURCE } from './emit-helpers.ts';
export { bytes, chainText, describeStep, explain } from './explain.ts';
export { plan } from './plan.ts';
export { type Figure, planFigure } from './plan-figure.ts';
export { planToDot } from './plan-to-dot.ts';
export {
  inputCiphertexts,
  keysFor,
  outputNames,
  parametersFor,
  stepCount,
  valueOf,
  weightCount,
} from './plan-access.ts';
export * from './plan-types.ts';
export { type Operation, type OperationKind, Program, type ProgramText, type ValueId } from './program.ts';
export { type InputShapes, type Model, record, Recorded } from './record.ts';
export { readPlan } from './read-plan.ts';
export { images, run } from './run.ts';
export { type EvaluateHooks, prepare, type PreparedPlan } from './server.ts';
