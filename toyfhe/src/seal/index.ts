/**
 * Microsoft SEAL (node-seal) behind the contract.
 * @module
 */
export { seal } from './backend.ts';
export { liveSealObjects } from './module.ts';
export { type SealNttBenchmark, sealNttBenchmark } from './ntt-benchmark.ts';

/** What parameters node-seal takes: `plan(program, { limits: SEAL_LIMITS })` of `toyfhe/compiler`. */
export const SEAL_LIMITS: { readonly primeBits: 60; readonly specialPrimes: 'one' } = {
  primeBits: 60,
  specialPrimes: 'one',
};
