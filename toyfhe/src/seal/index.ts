export { seal } from './backend.ts';
export { liveSealObjects } from './module.ts';
export { type SealNttBenchmark, sealNttBenchmark } from './ntt-benchmark.ts';
