/**
 * A plan for people: what it is, what it costs, and why.
 * @module
 */
import { MAX_LOG_QP_128 } from '../backend/index.ts';
import type { Plan, PlannedValue, Step } from './plan-types.ts';
import { describeOperation } from './program.ts';

/** Several paragraphs of text; lines of the tables are up to 90 characters wide. */
export function explain(plan: Plan): string {
  const { parameters, estimates, batch } = plan;
  const limit = MAX_LOG_QP_128.get(parameters.ringDegree);
  const security = plan.securityBits === 128 ? '128-bit security' : 'INSECURE';
  const images = batch === 1 ? '1 image' : `${batch} images`;
  const of = limit === undefined ? '' : ` of ${limit}`;
  const sizes = [
    `keys ${bytes(estimates.keyBytes)}`,
    `encrypted input ${bytes(estimates.inputBytes)}`,
    `result ${bytes(estimates.outputBytes)}`,
    `encoded weights ${bytes(estimates.weightBytes)}`,
  ];
  return [
    `ring degree ${parameters.ringDegree}, chain ${chainText(parameters.chain)}, special ${chainText(parameters.special)}, ` +
      `scale 2^${parameters.scaleBits}, log QP ${estimates.logQP.toFixed(0)}${of}, ${security}`,
    '',
    ...table(plan),
    '',
    `expected: ${estimates.precisionBits.toFixed(1)} bits right (errors below ${(2 ** -estimates.precisionBits).toExponential(1)}); ` +
      `${duration(1000 * estimates.evaluateSeconds)} for ${images}, and ${duration(1000 * estimates.prepareSeconds)} once to encode the weights`,
    `sizes:    ${sizes.join(', ')}`,
    `measured: ${estimates.costs}`,
    '',
    'why:',
    ...plan.reasons.map(({ choice, why }) => `- ${choice}: ${why}`),
  ].join('\n');
}

/** `50, 40×5`. */
export function chainText(bits: readonly number[]): string {
  const runs: [bits: number, count: number][] = [];
  for (const b of bits) {
    const last = runs.at(-1);
    if (last?.[0] === b) last[1]++;
    else runs.push([b, 1]);
  }
  return runs.map(([b, count]) => (count === 1 ? String(b) : `${b}×${count}`)).join(', ');
}

/** `7.0 GiB`. */
export function bytes(n: number): string {
  const units = ['B', 'kiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(n, 1)) / 10));
  return `${(n / 1024 ** unit).toPrecision(3)} ${units[unit]}`;
}

/** `4.7 ms`, `230 ms`, `5.7 s`, `12 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${milliseconds(ms)} ms`;
  return ms < 120_000
    ? `${ms < 10_000 ? (ms / 1000).toFixed(1) : (ms / 1000).toFixed(0)} s`
    : `${(ms / 60_000).toFixed(0)} min`;
}

function milliseconds(ms: number): string {
  return ms < 10 ? ms.toPrecision(2) : ms.toFixed(0);
}

/** What a step does, in a few words. */
export function describeStep(plan: Pick<Plan, 'program'>, step: Step): string {
  if (step.kind !== 'linear') {
    const operation = plan.program.operations[step.to];
    return operation === undefined || step.kind === 'square' ? step.kind : describeOperation(operation);
  }
  const names = step.operations.map((id) => describeOperation(plan.program.operations[id]!));
  return names.length === 0 ? 'scale' : names.join('; ');
}

function table(plan: Plan): string[] {
  const rows = [['', 'level', 'scale', 'cts', 'rotations', 'products', 'ms', 'largest', 'error']];
  const valueOf = (id: number): PlannedValue => plan.values.find((v) => v.id === id)!;
  for (const { id, name } of plan.inputs) rows.push(line(name, valueOf(id), undefined));
  for (const step of plan.steps) rows.push(line(valueOf(step.to).name, valueOf(step.to), step));
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

function line(name: string, value: PlannedValue, step: Step | undefined): string[] {
  return [
    name,
    String(value.level),
    `2^${value.scaleBits.toFixed(1).replace(/\.0$/, '')}`,
    String(value.layout.blocks),
    step === undefined ? '' : String(step.rotations),
    step === undefined ? '' : String(step.products),
    step === undefined ? '' : milliseconds(step.ms),
    value.range.toPrecision(3),
    value.error.toExponential(1),
  ];
}
