/**
 * What a plan is asked for: the options, checked, with their defaults.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { DEFAULT_COSTS } from './costs.ts';
import { COMMON_LIMITS, type PlanOptions } from './plan-types.ts';
import type { Program } from './program.ts';
import { checkRanges } from './ranges.ts';

/** What `plan` works with: the options with their defaults. */
export type Request = Required<Omit<PlanOptions, 'layout'>> & Pick<PlanOptions, 'layout'>;

/** @throws FheError RANGE */
export function checkedRequest(program: Program, options: PlanOptions): Request {
  const request: Request = {
    securityBits: 128,
    precisionBits: 16,
    ranges: {},
    maxRingDegree: 65536,
    batch: 1,
    limits: COMMON_LIMITS,
    costs: DEFAULT_COSTS,
    ...options,
  };
  const { securityBits, precisionBits, maxRingDegree, batch, limits } = request;
  if (securityBits !== 128 && securityBits !== 0)
    throw refusedRequest('securityBits', '128, or 0 to learn', String(securityBits));
  if (!(precisionBits >= 1 && precisionBits <= 45)) {
    throw refusedRequest('precisionBits', 'from 1 to 45, what doubles and primes have room for', String(precisionBits));
  }
  if (!Number.isInteger(Math.log2(maxRingDegree)) || maxRingDegree < 16 || maxRingDegree > 131072) {
    throw refusedRequest('maxRingDegree', 'a power of two from 16 to 131072', String(maxRingDegree));
  }
  if (!Number.isSafeInteger(batch) || batch < 1) throw refusedRequest('batch', 'an integer ≥ 1', String(batch));
  if (!Number.isInteger(limits.primeBits) || limits.primeBits < 25 || limits.primeBits > 60) {
    throw refusedRequest('limits.primeBits', 'an integer from 25 to 60', String(limits.primeBits));
  }
  checkRanges(program, request.ranges);
  return request;
}

/** @internal */
export function refusedRequest(
  field: string,
  should: string,
  is: string,
  hint: string = 'give another value',
): FheError {
  return new FheError({ code: 'RANGE', op: 'plan', field, should, is, hint });
}
