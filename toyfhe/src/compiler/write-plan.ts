/**
 * A plan out of what was chosen: plain data, with sizes and times.
 * @module
 */
import type { SlotLayout } from '../circuits/index.ts';
import type { Candidate, Rejected } from './candidate.ts';
import { operationCosts } from './costs.ts';
import { operationOf } from './lay-out.ts';
import { PLAN_VERSION, type Plan, type PlannedValue } from './plan-types.ts';
import type { Program, ValueId } from './program.ts';
import { reasons } from './reasons.ts';
import type { Request } from './request.ts';

export function writePlan(
  program: Program,
  request: Request,
  best: Candidate,
  others: readonly Candidate[],
  rejected: readonly Rejected[],
): Plan {
  const { laidOut, contents, found, steps, ringDegree } = best;
  const { operations, outputs, constantShapes } = program;
  const values = laidOut.stages.map(({ to }): PlannedValue => {
    const { name, shape } = operationOf(program, laidOut, to);
    const { level, scale } = found.standings.get(to)!;
    return {
      id: to,
      name,
      shape,
      level,
      scaleBits: scale.log2,
      layout: laidOut.layouts.get(to)!,
      range: contents.get(to)!.largest,
      error: found.errors.get(to)!,
    };
  });
  const layout = (id: ValueId): SlotLayout => laidOut.layouts.get(id)!;
  const relinearize = steps.some(({ kind }) => kind !== 'linear' && kind !== 'add');
  const limbs = found.chain.length;
  const digits = Math.ceil(limbs / found.special.length);
  const polynomial = 8 * ringDegree; // a residue is a 64-bit number
  const keys = best.rotations.length + (relinearize ? 1 : 0);
  const levelOf = (id: ValueId): number => found.standings.get(id)!.level;
  const weights = steps.filter(({ kind }) => kind === 'linear');
  const encode = (level: number): number =>
    operationCosts(request.costs, { ringDegree, level, special: found.special.length }).encode;
  const plan: Omit<Plan, 'reasons'> = {
    format: 'toyfhe-plan',
    version: PLAN_VERSION,
    program: { operations, outputs, constantShapes },
    parameters: {
      ringDegree,
      chain: found.chain,
      special: found.special,
      scaleBits: found.scaleBits,
      ...(request.securityBits === 0 && { insecure: true }),
    },
    outputScaleBits: found.outputScaleBits,
    securityBits: found.parameters.securityBits,
    batch: best.batch,
    layout: best.kind,
    inputs: laidOut.inputs,
    outputs: laidOut.outputs,
    values,
    steps,
    ranges: request.ranges,
    rotations: best.rotations,
    relinearize,
    estimates: {
      precisionBits: found.precisionBits,
      logQP: found.parameters.logQP,
      evaluateSeconds: steps.reduce((sum, { ms }) => sum + ms, 0) / 1000,
      prepareSeconds: weights.reduce((sum, { products, x }) => sum + products * encode(levelOf(x)), 0) / 1000,
      keyBytes: keys * 2 * digits * (limbs + found.special.length) * polynomial,
      inputBytes: laidOut.inputs.reduce((sum, { id }) => sum + layout(id).blocks * 2 * limbs * polynomial, 0),
      outputBytes: laidOut.outputs.reduce((sum, id) => sum + layout(id).blocks * 2 * (levelOf(id) + 1) * polynomial, 0),
      weightBytes: weights.reduce((sum, { products, x }) => sum + products * (levelOf(x) + 1) * polynomial, 0),
      rotations: steps.reduce((sum, { rotations }) => sum + rotations, 0),
      costs: request.costs.about,
    },
  };
  return { ...plan, reasons: reasons(plan, request, best, others, rejected) };
}
