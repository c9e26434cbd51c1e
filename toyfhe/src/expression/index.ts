/**
 * Expressions such as `x^2 + 3x + 1` on ciphertexts.
 * @module
 */
export { evaluate, type NumberValue } from './evaluate.ts';
export type { ExpressionTools } from './on-contract.ts';
