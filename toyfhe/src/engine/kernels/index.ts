/** What JavaScript calls. The rest runs as tasks (tasks.ts). */
export { isExact, rounder } from './fma';
export { galoisTable, permute } from './automorphism';
export { convert } from './convert';
export { dot, dotConst } from './dot';
export { forward, forwardAdd, forwardSub, inverse } from './ntt';
export { add, anyNonZero, mul, mulAdd, neg, reduceAll, scale, square, sub, subScale, tensor } from './pointwise';
export { join, publish, work } from './pool';
export { fftForward, fftInverse, loadCoefficients, roundScaled, toResidues } from './fft';
export { chacha20, sampleGaussian, sampleScratch, sampleTernary, sampleUniform } from './sample';
