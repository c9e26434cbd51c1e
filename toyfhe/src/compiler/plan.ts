/**
 * Planning: from a recorded program to everything that must be known before a key is made.
 * @module
 */
import { FheError, MAX_LOG_QP_128 } from '../backend/index.ts';
import { type Approximation, approximationOf, isApproximation } from './approximations.ts';
import { type Candidate, complete, type Rejected, StageMaps } from './candidate.ts';
import { canExplode, largestBatch, layOut } from './lay-out.ts';
import type { Plan, PlanOptions } from './plan-types.ts';
import type { Program } from './program.ts';
import { boundOf, contentRanges } from './ranges.ts';
import { checkedRequest, refusedRequest, type Request } from './request.ts';
import { search } from './search.ts';
import { type Stage, toStages } from './stages.ts';
import { writePlan } from './write-plan.ts';

/**
 * Chooses arrangement, ring degree, scale, primes, levels, splits and keys for a program, by estimates from measured costs.
 * `explain(plan)` says why.
 * @throws FheError LEVEL_EXHAUSTED where no ring degree holds the program at this security and precision, with what it needs;
 *   RANGE for impossible options, or a relu or softmax whose bound is not known; SLOTS where an image fits no ring
 */
export function plan(program: Program, options: PlanOptions = {}): Plan {
  const request = checkedRequest(program, options);
  const staged = toStages(program, (o) => boundOf(program, request.ranges, o));
  const kinds = (['patches', 'packed'] as const).filter(
    (kind) => (request.layout ?? kind) === kind && (kind === 'packed' || canExplode(program, staged)),
  );
  if (kinds.length === 0) {
    throw refusedRequest(
      'layout',
      "'packed': no input is read by one convolution only",
      String(request.layout),
      'leave it out',
    );
  }
  const candidates: Candidate[] = [];
  const rejected: Rejected[] = [];
  const needs: string[] = [];
  const maps = new StageMaps(program);
  for (const kind of kinds) {
    // Larger rings are tried as long as they hold more of the images that are asked for.
    let covered = 0;
    for (
      let ringDegree = request.securityBits === 0 ? 16 : 1024;
      ringDegree <= request.maxRingDegree;
      ringDegree *= 2
    ) {
      if (covered >= request.batch) break;
      const batch = largestBatch(program, staged, kind, ringDegree / 2, request.batch);
      if (batch === undefined) {
        rejected.push({ kind, ringDegree, why: 'the values do not fit the slots' });
        continue;
      }
      if (batch <= covered) continue;
      const laidOut = layOut(program, staged, kind, ringDegree / 2, batch);
      const approximations = new Map(
        laidOut.stages
          .filter(isApproximation)
          .map((s): [Stage, Approximation] => [s, approximationOf(program, s, request.ranges, laidOut.layouts)]),
      );
      const amplification = (stage: Stage): Approximation => approximations.get(stage)!;
      const linear = maps.of(laidOut);
      const found = search(ringDegree, {
        ...request,
        staged: laidOut,
        maps: linear,
        ranges: contentRanges(program, laidOut, linear, request.ranges),
        amplification,
      });
      if (!('chain' in found)) {
        rejected.push({ kind, ringDegree, why: found.why });
        needs.push(found.why);
        continue;
      }
      covered = batch;
      candidates.push(complete(kind, batch, laidOut, linear, found, amplification, request));
    }
  }
  const [best, ...others] = candidates.sort((a, b) => a.ms - b.ms);
  if (best === undefined) throw nothingFits(needs, rejected, request);
  return writePlan(program, request, best, others, rejected, maps.of(best.laidOut));
}

function nothingFits(needs: readonly string[], rejected: readonly Rejected[], request: Request): FheError {
  const { securityBits, maxRingDegree, precisionBits } = request;
  const security =
    securityBits === 128 ? ` at 128 bit (log QP ≤ ${MAX_LOG_QP_128.get(maxRingDegree) ?? 'unknown'})` : '';
  return new FheError({
    code: needs.length > 0 ? 'LEVEL_EXHAUSTED' : 'SLOTS',
    op: 'plan the program',
    field: 'the best that was found',
    should: `${precisionBits} bits right at a ring degree of up to ${maxRingDegree}${security}`,
    is: `this: ${needs.at(-1) ?? rejected.at(-1)?.why ?? 'no ring degree was tried'}`,
    hint:
      'ask for fewer precisionBits, declare ranges (measureRanges), take activations of fewer levels, or a larger ' +
      'maxRingDegree',
  });
}
