/**
 * What a plan is asked for: the options, checked, with their defaults.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { describe } from '../backend/print.ts';
import { isPlainName } from './check-program.ts';
import { type CostModel, DEFAULT_COSTS } from './costs.ts';
import { type BackendLimits, COMMON_LIMITS, type PlanOptions } from './plan-types.ts';
import type { Program } from './program.ts';
import { checkRanges } from './ranges.ts';

/** What `plan` works with: the options with their defaults. */
export type Request = Required<Omit<PlanOptions, 'layout'>> & Pick<PlanOptions, 'layout'>;

/** The names that an option can have. */
const OPTIONS: readonly string[] = [
  'securityBits',
  'precisionBits',
  'ranges',
  'maxRingDegree',
  'batch',
  'layout',
  'limits',
  'costs',
] satisfies readonly (keyof PlanOptions)[];

/**
 * An option that is undefined counts as left out.
 * @throws FheError RANGE
 */
export function checkedRequest(program: Program, options: PlanOptions): Request {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as PlanOptions;
  const request: Request = {
    securityBits: 128,
    precisionBits: 16,
    ranges: {},
    maxRingDegree: 65536,
    batch: 1,
    limits: COMMON_LIMITS,
    costs: DEFAULT_COSTS,
    ...given,
  };
  for (const key of Object.keys(given)) {
    if (OPTIONS.includes(key)) continue;
    throw refusedRequest('option', `one of ${OPTIONS.join(', ')}`, key, 'mend its name: it would have no effect');
  }
  const { securityBits, precisionBits, maxRingDegree, batch, layout, limits, costs } = request;
  if (securityBits !== 128 && securityBits !== 0)
    throw refusedRequest('securityBits', '128, or 0 to learn', String(securityBits));
  if (!(precisionBits >= 1 && precisionBits <= 45)) {
    throw refusedRequest('precisionBits', 'from 1 to 45, what doubles and primes have room for', String(precisionBits));
  }
  if (!Number.isInteger(Math.log2(maxRingDegree)) || maxRingDegree < 16 || maxRingDegree > 131072) {
    throw refusedRequest('maxRingDegree', 'a power of two from 16 to 131072', String(maxRingDegree));
  }
  if (!Number.isSafeInteger(batch) || batch < 1) throw refusedRequest('batch', 'an integer ≥ 1', String(batch));
  if (layout !== undefined && layout !== 'patches' && layout !== 'packed') {
    throw refusedRequest('layout', "'patches' or 'packed'", describe(layout), 'leave it out for what is faster');
  }
  checkLimits(limits);
  checkCosts(costs);
  for (const { name } of program.operations) {
    if (isPlainName(name)) continue;
    throw refusedRequest('name of an operation', 'none that every object has', name, 'rename the input or layer');
  }
  checkRanges(program, request.ranges);
  return request;
}

function checkLimits({ primeBits, specialPrimes }: BackendLimits): void {
  if (!Number.isInteger(primeBits) || primeBits < 25 || primeBits > 60) {
    throw refusedRequest('limits.primeBits', 'an integer from 25 to 60', describe(primeBits));
  }
  if (specialPrimes === 'one' || specialPrimes === 'many') return;
  throw refusedRequest('limits.specialPrimes', "'one' or 'many'", describe(specialPrimes));
}

/** With times that are missing or below zero, no way to run a program is the fastest. */
function checkCosts(costs: CostModel): void {
  const hint = 'take measureCosts(backend), or leave them out';
  if (typeof costs.about !== 'string') {
    throw refusedRequest('costs.about', 'a text: where the figures come from', describe(costs.about), hint);
  }
  for (const name of ['transform', 'product', 'keySwitch', 'encode'] as const) {
    if (Number.isFinite(costs[name]) && costs[name] >= 0) continue;
    throw refusedRequest(`costs.${name}`, 'a number ≥ 0', describe(costs[name]), hint);
  }
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
