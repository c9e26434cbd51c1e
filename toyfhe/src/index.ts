/**
 * ToyFHE for TypeScript: CKKS on a readable toy ring and on production backends behind one contract.
 * Everything of `toyfhe/backend`, `toyfhe/engine`, `toyfhe/seal` and `toyfhe/toy`, and `evaluate`; networks are in
 * `toyfhe/nn`, circuits in `toyfhe/circuits`.
 * @module
 */
export * from './backend/index.ts';
// Both the contract and the toy have these names; here they mean the contract's.
export type { Ciphertext, PublicKey } from './backend/index.ts';
export * from './engine/index.ts';
export { evaluate } from './expression/index.ts';
export * from './seal/index.ts';
export * from './toy/index.ts';
