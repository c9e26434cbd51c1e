/**
 * The contract that every backend meets, its rules and errors, the cleartext twin, and `shadowed`, which watches a backend.
 * @module
 */
export type { Arithmetic, Handles, KeyRequest } from './arithmetic.ts';
export { CheckedBackend } from './checked.ts';
export { type Candidate, type ConformanceCase, conformanceCases } from './conformance.ts';
export type * from './contract.ts';
export { FheError, type FheErrorCode, type FheErrorParts, type TraceLine, transparentResult } from './errors.ts';
export { onEveryOperation } from './interrupt.ts';
export { Ledger, type LedgerLine } from './ledger.ts';
export { CAUTIOUS_LOG_QP_128, MAX_LOG_QP_128, type ParameterSpec, type Parameters, parameters } from './parameters.ts';
export { inspect } from './print.ts';
export { type RandomSource, seededRandom, systemRandom } from './random.ts';
export { Scale } from './scale.ts';
export { type ShadowedBackend, shadowed } from './shadow.ts';
export { type Complex, maxAbs, maxDifference, type Slots, type Values } from './slots.ts';
export { twin } from './twin.ts';
