/**
 * `toyfhe bench`: the engine against node-seal, ring by ring.
 * @module
 */
import { availableParallelism } from 'node:os';
import { Progress } from '../progress.ts';
import { contenders } from './contenders.ts';
import { measure, samples } from './measure.ts';
import type { RingResult } from './report.ts';
import { benchSet, type BenchSet, DEFAULT_RINGS } from './sets.ts';

export interface BenchOptions {
  /** Ring degrees; default: those that node-seal has too. */
  readonly ring?: readonly number[];
  /** Of the engine's second column; default: all cores. */
  readonly threads?: number;
  /** Three rounds in place of seven. */
  readonly quick?: boolean;
}

/** Milliseconds of a sample: long against the clock's grain, a thread's wake-up, and caches that the one before has filled. */
const SAMPLE = 50;

/** @throws FheError for threads that the engine does not start, or too little memory */
export async function* bench(options: BenchOptions): AsyncGenerator<RingResult> {
  const { ring = DEFAULT_RINGS, threads = availableParallelism(), quick = false } = options;
  for (const degree of ring) {
    yield await benchRing(benchSet(degree), { threads, rounds: quick ? 3 : 7, sampleMs: SAMPLE });
  }
}

export async function benchRing(
  set: BenchSet,
  options: { readonly threads: number; readonly rounds: number; readonly sampleMs: number },
): Promise<RingResult> {
  const title = `ring ${set.engine.ringDegree}`;
  const starting = new Progress(`${title}: keys`, 1);
  const made = await contenders(set, options.threads);
  starting.end();
  const progress = new Progress(title, samples(made, options.rounds));
  try {
    const measured = await measure(made, { ...options, onSample: () => progress.step() });
    return { set, contenders: made, measured };
  } finally {
    progress.end();
    for (const contender of made) contender.dispose();
  }
}
