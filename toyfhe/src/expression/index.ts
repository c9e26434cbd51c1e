export { evaluate, type NumberValue } from './evaluate.ts';
export type { ExpressionTools } from './on-contract.ts';
