/**
 * Plans from outside: checked before they are believed.
 * @module
 */
import { checkPlan } from './check-plan.ts';
import { checkProgram } from './check-program.ts';
import { checkFormat } from './plan-format.ts';
import type { Plan } from './plan-types.ts';

/**
 * A parsed plan. What follows from its program, ranges and parameters is made again and compared, so that a plan that is
 * accepted runs, and computes what its program says; what it says of its security is so. Not checked, because only the
 * weights could tell: whether the ranges hold, and what is estimated.
 * @param json what `JSON.parse` gave
 * @throws FheError FORMAT for anything that is no plan of this version, or one that does not follow from its program, with the
 *   place
 */
export function readPlan(json: unknown): Plan {
  checkFormat(json);
  checkProgram(json.program);
  return checkPlan(json);
}
