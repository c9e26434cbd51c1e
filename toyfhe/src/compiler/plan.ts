/**
 * Planning: from a recorded program to everything that must be known before a key is made.
 * @module
 */
import { FheError, MAX_LOG_QP_128 } from '../backend/index.ts';
import { type Approximation, approximationOf, isApproximation } from './approximations.ts';
import { type Candidate, complete, type Rejected, StageMaps } from './candidate.ts';
import { canExplode, type LaidOut, largestBatch, layOut, operationOf } from './lay-out.ts';
import type { Plan, PlanOptions } from './plan-types.ts';
import { describeOperation, type Program, type ValueId } from './program.ts';
import { checkBounds, contentRanges, type Range } from './ranges.ts';
import { checkedRequest, refusedRequest, type Request } from './request.ts';
import { type NotFound, search } from './search.ts';
import { stagedProgram } from './staged-program.ts';
import type { Stage } from './stages.ts';
import { writePlan } from './write-plan.ts';

/**
 * Chooses arrangement, ring degree, scale, primes, levels, splits and keys for a program, by estimates from measured costs.
 * `explain(plan)` says why.
 * @throws FheError LEVEL_EXHAUSTED where no ring degree holds the program at this security and precision, with what it needs;
 *   RANGE for impossible options, or a relu or softmax whose bound is not known; SLOTS where an image fits no ring
 */
export function plan(program: Program, options: PlanOptions = {}): Plan {
  const request = checkedRequest(program, options);
  checkBounds(program, request.ranges);
  const staged = stagedProgram(program, request.ranges);
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
  const misses: NotFound[] = [];
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
      const linear = maps.of(laidOut);
      const contents = contentRanges(program, laidOut, linear, request.ranges);
      const approximations = approximationsOf(program, laidOut, request, contents);
      if (approximations instanceof FheError) {
        rejected.push({ kind, ringDegree, why: approximations.message });
        misses.push({ why: approximations.message });
        continue;
      }
      const amplification = (stage: Stage): Approximation => approximations.get(stage)!;
      const found = search(ringDegree, {
        ...request,
        orFewer: options.precisionBits === undefined,
        staged: laidOut,
        maps: linear,
        ranges: contents,
        amplification,
        describe: ({ to }) => {
          const o = operationOf(program, laidOut, to);
          return `${o.name} (${describeOperation(o)})`;
        },
      });
      if (!('chain' in found)) {
        rejected.push({ kind, ringDegree, why: found.why });
        misses.push(found);
        continue;
      }
      covered = batch;
      candidates.push(complete(kind, batch, laidOut, linear, contents, found, amplification, request));
    }
  }
  const [best, ...others] = candidates.sort((a, b) => a.ms - b.ms);
  if (best === undefined) throw nothingFits(misses, rejected, request);
  return writePlan(program, request, best, others, rejected);
}

/** @returns the error where a softmax's classes do not lie in one ciphertext, which they may in a larger ring */
function approximationsOf(
  program: Program,
  laidOut: LaidOut,
  { ranges }: Request,
  contents: ReadonlyMap<ValueId, Range>,
): Map<Stage, Approximation> | FheError {
  const { stages, layouts } = laidOut;
  const contentOf = (id: ValueId): number => contents.get(id)!.largest;
  try {
    return new Map(
      stages
        .filter(isApproximation)
        .map((s): [Stage, Approximation] => [s, approximationOf(program, s, ranges, layouts, contentOf)]),
    );
  } catch (error) {
    if (error instanceof FheError && error.code === 'SLOTS') return error;
    throw error;
  }
}

function nothingFits(misses: readonly NotFound[], rejected: readonly Rejected[], request: Request): FheError {
  const { securityBits, maxRingDegree, precisionBits } = request;
  const security =
    securityBits === 128 ? ` at 128 bit (log QP ≤ ${MAX_LOG_QP_128.get(maxRingDegree) ?? 'unknown'})` : '';
  // The last ring is the largest; where exactness is what lacks, the ring that comes nearest.
  const nearest = misses.reduce<NotFound | undefined>(
    (best, miss) => (best === undefined || (miss.bits ?? 0) >= (best.bits ?? 0) ? miss : best),
    undefined,
  );
  const last = misses.at(-1);
  const told = last?.bits === undefined ? last : nearest;
  return new FheError({
    code: misses.length > 0 ? 'LEVEL_EXHAUSTED' : 'SLOTS',
    op: 'plan the program',
    field: 'the best that was found',
    should: `${precisionBits} bits right at a ring degree of up to ${maxRingDegree}${security}`,
    is: `this: ${told?.why ?? rejected.at(-1)?.why ?? 'no ring degree was tried'}`,
    hint:
      'ask for fewer precisionBits, declare ranges (measureRanges), or take activations of fewer levels; where an ' +
      'approximation is what errs, higher degrees or a smaller bound',
  });
}
