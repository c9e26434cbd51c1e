/**
 * For benchmarks: the engine's number-theoretic transform alone, which the contract has no verb for.
 * @module
 */
import { CheckedBackend } from '../backend/checked.ts';
import type { Backend } from '../backend/contract.ts';
import { FheError } from '../backend/errors.ts';
import { EngineArithmetic } from './arithmetic.ts';
import { OP } from './tasks.ts';

/** A forward and an inverse transform of some limbs, ready to be repeated. */
export interface NttBenchmark {
  /** Bits of each limb's prime. */
  readonly bits: number;
  /** Limbs that one `run` transforms there and back. */
  readonly limbs: number;
  run(): void;
  dispose(): void;
}

/**
 * Transforms modulo one prime; a limb for each thread at a time, since one limb is one thread's work.
 * @param prime its index in the chain
 * @throws FheError RANGE where `backend` is not the engine, MEMORY
 */
export function engineNttBenchmark(backend: Backend, prime: number = 0): NttBenchmark {
  const { machine } = arithmeticOf(backend);
  const { ring, tasks, threads } = machine;
  const from = machine.limbs(threads.count, 'a benchmark');
  const to = machine.limbs(threads.count, 'a benchmark');
  for (const limb of from) machine.view(limb).forEach((_, i, values) => (values[i] = i));
  const [scale, scaleRoot] = ring.fold(prime, 1n);
  return {
    bits: Math.round(Math.log2(ring.moduli[prime]!.p)),
    limbs: threads.count,
    run: () => {
      from.forEach((limb, i) => tasks.add(OP.forward, prime, [to[i]!, limb]));
      tasks.run();
      to.forEach((limb, i) => tasks.add(OP.inverse, prime, [from[i]!, limb], scale, scaleRoot));
      tasks.run();
    },
    dispose: () => machine.free([...from, ...to]),
  };
}

function arithmeticOf(backend: Backend): EngineArithmetic {
  if (backend instanceof CheckedBackend && backend.arithmetic instanceof EngineArithmetic) return backend.arithmetic;
  throw new FheError({
    code: 'RANGE',
    op: 'measure the transform',
    field: 'backend',
    should: 'the engine',
    is: backend.name,
    hint: 'pass what engine(…) returns',
  });
}
