/**
 * Who is measured: the engine on one thread, node-seal, the engine on several threads.
 * @module
 */
import type { Backend, Parameters, ParameterSpec } from 'toyfhe/backend';
import { engine, engineNttBenchmark, type NttBenchmark } from 'toyfhe/engine';
import { seal, sealNttBenchmark } from 'toyfhe/seal';
import { type Operation, operations, transform } from './operations.ts';
import type { BenchSet } from './sets.ts';

export interface Contender {
  /** `engine` or `seal`. */
  readonly backend: string;
  readonly threads: number;
  readonly parameters: Parameters;
  readonly operations: readonly Operation[];
  dispose(): void;
}

/**
 * In the order in which they are sampled. The engine's workers spin for some 50 µs after each operation before they sleep,
 * which would count as CPU time of whoever comes next: so several threads come last, and a pause after them.
 * @throws FheError INSECURE, MEMORY, RANGE, WORKER
 */
export async function contenders(set: BenchSet, threads: number): Promise<Contender[]> {
  const made: Contender[] = [];
  try {
    made.push(await engineContender(set, 1));
    if (set.seal !== undefined) made.push(await sealContender(set.seal));
    if (threads > 1) made.push(await engineContender(set, threads));
    return made;
  } catch (error) {
    for (const contender of made) contender.dispose();
    throw error;
  }
}

/** Transforms: `ntt` modulo the chain's first prime on both, `ntt_widest` modulo the widest that each backend takes. */
async function engineContender(set: BenchSet, threads: number): Promise<Contender> {
  const backend = await engine(set.engine, { threads });
  try {
    const ntt = engineNttBenchmark(backend, 0);
    // The chain's first prime has 50 bits, the most that the engine takes.
    const widest = set.seal === undefined ? {} : { ntt_widest: engineNttBenchmark(backend, 0) };
    return contender(backend, threads, { ntt, ...widest }, set.rotations);
  } catch (error) {
    backend.dispose();
    throw error;
  }
}

/** Rotations one at a time: node-seal shares nothing between them, and has no memory for 16 large keys. */
async function sealContender(spec: ParameterSpec): Promise<Contender> {
  const backend = await seal(spec);
  try {
    const ntt = await sealNttBenchmark(spec.ringDegree, 50);
    const widest = await sealNttBenchmark(spec.ringDegree, 60);
    return contender(backend, 1, { ntt, ntt_widest: widest }, 0);
  } catch (error) {
    backend.dispose();
    throw error;
  }
}

function contender(
  backend: Backend,
  threads: number,
  ntts: Readonly<Record<string, NttBenchmark>>,
  rotations: number,
): Contender {
  const { list, dispose } = operations(backend, rotations);
  return {
    backend: backend.name,
    threads,
    parameters: backend.parameters,
    operations: [...Object.entries(ntts).map(([name, ntt]) => transform(name, ntt)), ...list],
    dispose: () => {
      dispose();
      for (const ntt of Object.values(ntts)) ntt.dispose();
      backend.dispose();
    },
  };
}
