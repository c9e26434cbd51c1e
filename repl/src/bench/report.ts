/**
 * What a person and what a program read of a measurement.
 * @module
 */
import { MAX_LOG_QP_128, type Parameters } from 'toyfhe/backend';
import type { Contender } from './contenders.ts';
import type { Measured } from './measure.ts';
import type { BenchSet } from './sets.ts';

/** A line of `--json`. */
export interface BenchLine {
  readonly op: string;
  readonly ringDegree: number;
  readonly logQ: number;
  readonly logQP: number;
  /** Bits of the special primes. */
  readonly special: readonly number[];
  readonly backend: string;
  readonly threads: number;
  readonly ms: number;
  readonly cpuMs: number;
  /** How many times faster than node-seal, in wall time; absent on node-seal's own lines and where it was not measured. */
  readonly vsNodeSeal?: number;
  /** The factor that one thread should reach, or the milliseconds. */
  readonly target?: number;
  readonly targetMs?: number;
  readonly bitsPerLimb?: number;
  /** The operation that was timed in its place. */
  readonly measuredAs?: string;
}

export interface RingResult {
  readonly set: BenchSet;
  readonly contenders: readonly Pick<Contender, 'backend' | 'threads' | 'parameters'>[];
  readonly measured: readonly Measured[];
}

const rounded = (x: number, digits: number): number => Number(x.toPrecision(digits));
const bits = (p: bigint): number => Math.round(Math.log2(Number(p)));

export function benchLines({ set, contenders, measured }: RingResult): BenchLine[] {
  return measured.map(({ op, backend, threads, ms, cpuMs, ...rest }) => {
    const { parameters } = contenders.find((c) => c.backend === backend && c.threads === threads)!;
    const reference = backend === 'seal' ? undefined : measured.find((m) => m.backend === 'seal' && m.op === op);
    const { factor, ms: atMost } = set.targets[op] ?? {};
    const targetMs = atMost?.[threads];
    return {
      op,
      ringDegree: parameters.ringDegree,
      logQ: rounded(parameters.logQ(parameters.maxLevel), 4),
      logQP: rounded(parameters.logQP, 4),
      special: parameters.special.map(bits),
      backend,
      threads,
      ms: rounded(ms, 4),
      cpuMs: rounded(cpuMs, 4),
      ...(reference === undefined ? {} : { vsNodeSeal: rounded(reference.ms / ms, 3) }),
      ...(reference === undefined || threads > 1 || factor === undefined ? {} : { target: factor }),
      ...(targetMs === undefined ? {} : { targetMs }),
      ...rest,
    };
  });
}

/** Column widths: 79 characters with the two spaces between columns. */
const WIDTHS = [16, 9, 9, 9, 14, 8];

export function benchTable(result: RingResult): string {
  const { contenders } = result;
  const lines = benchLines(result);
  const threads = Math.max(...contenders.map((c) => c.threads));
  const seal = contenders.find((c) => c.backend === 'seal');
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]!) : cell.padStart(WIDTHS[i]!)))
      .join('  ')
      .trimEnd();
  const many = threads === 1 ? '' : `${threads} threads`;
  const ops = [...new Set(lines.map(({ op }) => op))];
  const body = ops.map((op) => {
    const of = (backend: string, n: number): BenchLine | undefined =>
      lines.find((l) => l.op === op && l.backend === backend && l.threads === n);
    const [one, all, other] = [of('engine', 1), threads === 1 ? undefined : of('engine', threads), of('seal', 1)];
    const verdicts = [one, all].map((line) => (line === undefined ? '' : verdict(line)));
    return row([op, time(one?.ms), time(all?.ms), time(other?.ms), ...verdicts]);
  });
  return [
    `ring degree ${contenders[0]!.parameters.ringDegree}, chain ${primes(contenders[0]!.parameters.primes)}`,
    `  engine     ${security(contenders[0]!.parameters)}`,
    ...(seal === undefined ? [] : [`  node-seal  ${security(seal.parameters)}`]),
    '',
    row([
      'wall time, ms',
      'engine',
      many && 'engine',
      seal ? 'node-seal' : '',
      seal ? '1 thread' : '',
      seal ? many : '',
    ]),
    row(['', '1 thread', many, '', seal ? 'factor (target)' : 'target', seal ? 'factor' : '']),
    ...body,
  ].join('\n');
}

/** `11.2 ✓ (8)`, `✓ < 95`, or the factor alone where nothing is asked of it; targets of one width, to stand in line. */
function verdict({ vsNodeSeal, target, targetMs, ms }: BenchLine): string {
  const mark = (reached: boolean): string => (reached ? '✓' : '✗');
  const factor = vsNodeSeal === undefined ? '' : vsNodeSeal.toFixed(1);
  if (target !== undefined) return `${factor} ${mark(vsNodeSeal! >= target)} ${`(${target})`.padEnd(5)}`;
  if (targetMs !== undefined) return `${mark(ms < targetMs)} < ${targetMs}`;
  return factor;
}

function time(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms >= 100 ? ms.toFixed(0) : ms.toFixed(ms >= 10 ? 1 : ms >= 1 ? 2 : 3);
}

/** `50, 40×6`. */
function primes(list: readonly bigint[]): string {
  const groups: { bits: number; count: number }[] = [];
  for (const size of list.map(bits)) {
    const last = groups.at(-1);
    if (last?.bits === size) last.count++;
    else groups.push({ bits: size, count: 1 });
  }
  return groups.map(({ bits, count }) => (count === 1 ? String(bits) : `${bits}×${count}`)).join(', ');
}

function security({ special, logQP, ringDegree, securityBits }: Parameters): string {
  const limit = MAX_LOG_QP_128.get(ringDegree);
  const of = limit === undefined ? '' : ` of ${limit}`;
  return `special ${primes(special)}, log QP ${logQP.toFixed(0)}${of}${securityBits === 128 ? '' : ' INSECURE'}`;
}
