/**
 * Prints `toyfhe bench` as it goes: a ring at a time.
 * @module
 */
import { availableParallelism, cpus } from 'node:os';
import { wrap } from '../wrap.ts';
import { bench, type BenchOptions } from './job.ts';
import { benchLines, benchTable } from './report.ts';

/** @throws FheError for threads that the engine does not start, or too little memory */
export async function printBench(options: BenchOptions, json: boolean): Promise<void> {
  const width = process.stdout.columns || 80; // some terminals say 0
  let first = true;
  for await (const result of bench(options)) {
    if (json) {
      for (const line of benchLines(result)) console.log(JSON.stringify(line));
      continue;
    }
    if (first) console.log(wrap(preface(options.quick ? 3 : 7), width));
    first = false;
    console.log(`\n${benchTable(result)}`);
  }
}

function preface(rounds: number): string {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
  return (
    `Node ${process.versions.node}, ${cpu}, ${availableParallelism()} cores. Medians of ${rounds} rounds, wall time (CPU time: --json).` +
    " ntt: there and back, per 60 bits of modulus, modulo the chain's first prime; ntt_widest: engine 50 bits, node-seal 60." +
    ' rotateMany and rotateSum: per rotation; lazy rotation: one more in such a sum; against them,' +
    ' node-seal rotates one at a time. keygen: one rotation key.' +
    " ✓/✗: this project's own goals, in parentheses, one thread; noisy on a busy machine."
  );
}
