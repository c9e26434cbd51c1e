/**
 * Takes the samples: every operation on every backend once a round, in turn, so that a slow minute of the machine slows
 * them all. Medians over the rounds.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from './contenders.ts';
import type { Operation } from './operations.ts';

export interface Measured {
  readonly op: string;
  readonly backend: string;
  readonly threads: number;
  /** Wall time, milliseconds. */
  readonly ms: number;
  /** CPU time of all threads, milliseconds. */
  readonly cpuMs: number;
  readonly bitsPerLimb?: number;
  /** The operation that was timed in its place. */
  readonly measuredAs?: string;
}

export interface MeasureOptions {
  readonly rounds: number;
  /** Milliseconds that a sample repeats its operation for, at least. */
  readonly sampleMs: number;
  /** Called after each sample. */
  readonly onSample?: () => void;
}

/** Milliseconds after several threads' work: their idle workers spin for some 50 µs, then sleep. */
const REST = 2;

/** Samples that `measure` will take: a round more than are counted. */
export function samples(contenders: readonly Contender[], rounds: number): number {
  return (rounds + 1) * contenders.reduce((sum, { operations }) => sum + operations.length, 0);
}

export async function measure(contenders: readonly Contender[], options: MeasureOptions): Promise<Measured[]> {
  const runs = contenders.flatMap((contender) =>
    contender.operations.map((operation) => ({ contender, operation, wall: [] as number[], cpu: [] as number[] })),
  );
  const names = [...new Set(runs.map(({ operation }) => operation.name))];
  // Operation by operation: the backends' samples of one lie next to each other. Sorting keeps the contenders' order.
  runs.sort((a, b) => names.indexOf(a.operation.name) - names.indexOf(b.operation.name));
  for (let round = -1; round < options.rounds; round++) {
    for (const { contender, operation, wall, cpu } of runs) {
      const taken = sample(operation, options.sampleMs);
      if (round >= 0) {
        // Round −1 warms up: the compilers have seen everything, and memory has grown.
        wall.push(taken.ms);
        cpu.push(taken.cpuMs);
      }
      if (contender.threads > 1) await pause(REST);
      options.onSample?.();
    }
  }
  const measured = runs.map(({ contender, operation: { name, bitsPerLimb }, wall, cpu }) => ({
    op: name,
    backend: contender.backend,
    threads: contender.threads,
    ms: median(wall),
    cpuMs: median(cpu),
    ...(bitsPerLimb === undefined ? {} : { bitsPerLimb }),
  }));
  return measured.flatMap((m) => withDerived(m, measured));
}

function sample({ run, per }: Operation, least: number): { ms: number; cpuMs: number } {
  const before = process.cpuUsage();
  const start = performance.now();
  let count = 0;
  let ms: number;
  do {
    run();
    count++;
    ms = performance.now() - start;
  } while (ms < least);
  const { user, system } = process.cpuUsage(before);
  return { ms: ms / count / per, cpuMs: (user + system) / 1000 / count / per };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/**
 * `lazy rotation` in place of the half sum: what one more rotation costs in a sum of them, (t(2n) − t(n))/n. A backend that
 * rotates one at a time gets the same lines with its `rotate`.
 */
function withDerived(m: Measured, all: readonly Measured[]): Measured[] {
  const sums = all.filter(({ op }) => op.startsWith('rotateSum'));
  const [whole, half] = sums.filter((s) => s.backend === m.backend && s.threads === m.threads);
  if (m.op === 'rotate' && whole === undefined) {
    const names = all.map(({ op }) => op).filter((op) => op.startsWith('rotateMany') || op === sums[0]?.op);
    const same = [...new Set(names), 'lazy rotation'].map((op) => ({ ...m, op, measuredAs: 'rotate' }));
    return [m, ...same];
  }
  if (m !== half) return [m];
  // Times are per rotation: (2n·whole − n·half)/n.
  const marginal = (field: 'ms' | 'cpuMs'): number => 2 * whole![field] - half![field];
  return [{ ...m, op: 'lazy rotation', ms: marginal('ms'), cpuMs: marginal('cpuMs') }];
}
