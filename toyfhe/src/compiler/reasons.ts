/**
 * Why a plan is as it is, in sentences.
 * @module
 */
import { MAX_LOG_QP_128 } from '../backend/index.ts';
import type { Candidate, Rejected } from './candidate.ts';
import { duration } from './explain.ts';
import type { Plan, Reason, Step } from './plan-types.ts';
import type { Request } from './request.ts';

export function reasons(
  plan: Omit<Plan, 'reasons'>,
  request: Request,
  best: Candidate,
  others: readonly Candidate[],
  rejected: readonly Rejected[],
): Reason[] {
  const { parameters, estimates } = plan;
  const { depth, room, scaleBits, chain, special } = best.found;
  const limit = MAX_LOG_QP_128.get(parameters.ringDegree);
  const images = request.batch === 1 ? 'one image' : `${request.batch} images`;
  const list: Reason[] = [];
  const say = (about: Reason['about'], choice: string, ...why: string[]): void =>
    void list.push({ about, choice, why: joined(why) });

  const arrangements = {
    patches: 'the client takes the first convolution’s windows apart, so it needs no rotation and every slot is used',
    packed: 'each image lies in one ciphertext',
  };
  say(
    'layout',
    `layout ${plan.layout}, ${plan.batch === 1 ? 'one image' : `${plan.batch} images`} an evaluation`,
    arrangements[plan.layout],
    ...others.map(
      (o) =>
        `${o.kind} at degree ${o.ringDegree} would take ${duration(o.ms)} for ${images}, encryption included, instead of ${duration(best.ms)}`,
    ),
  );
  say(
    'parameters',
    `${chain.length - 1} levels`,
    `the longest way through the program takes ${depth}`,
    room === 0 ? '' : `${room} more below the result give its values room: they are up to 2^${largestBits(plan)}`,
  );
  say(
    'parameters',
    `scale 2^${scaleBits}`,
    `the smallest for which ${best.found.wantedBits} bits are expected to be right (${estimates.precisionBits.toFixed(1)} are)`,
    best.found.wantedBits < request.precisionBits ? 'approximations allow no more' : '',
    'every level’s prime has that size, so that a rescale brings the scale back',
  );
  if (plan.outputScaleBits < scaleBits) {
    const why = 'the last matrix’s weights are encoded so, which gives large results room below the bottom prime';
    say('output scale', `scale 2^${plan.outputScaleBits} of the result`, why);
  }
  const outputs = plan.values.filter(({ id }) => plan.outputs.includes(id));
  const bottom = Math.max(0, ...outputs.map(({ range }) => Math.log2(range)));
  say(
    'parameters',
    `bottom prime of ${chain[0]} bits`,
    `its scale, results of up to 2^${bottom.toFixed(1)}, a sign, and a bit to spare have to fit below it`,
  );
  say(
    'parameters',
    `${count(special.length, 'special prime')} of ${special[0]} bits`,
    request.limits.specialPrimes === 'one'
      ? 'every backend takes exactly one; the engine is faster with more (limits: { specialPrimes: "many" })'
      : `a key switch then has ${count(Math.ceil(chain.length / special.length), 'digit')}, the cheapest of what the security limit allows`,
  );
  const smaller = rejected.filter((r) => r.kind === best.kind && r.ringDegree < best.ringDegree).at(-1);
  const security =
    plan.securityBits === 128
      ? `log QP ${estimates.logQP.toFixed(0)} of the ${limit} that degree ${parameters.ringDegree} allows at 128 bit`
      : 'NOT SECURE, as asked for: the smallest ring that holds the values';
  say(
    'parameters',
    `ring degree ${parameters.ringDegree}`,
    security,
    smaller === undefined ? '' : `degree ${smaller.ringDegree}: ${smaller.why}`,
  );
  for (const step of plan.steps) {
    if (step.kind !== 'linear') continue;
    const choice = `${nameOf(plan, step)} as one matrix`;
    list.push({ about: 'matrix', value: step.to, choice, why: joined(matrixReasons(plan, step)) });
  }
  say(
    'keys',
    count(plan.rotations.length, 'rotation key'),
    'exactly those that are used',
    plan.relinearize ? 'and one for products' : '',
  );
  return list;
}

function joined(why: readonly string[]): string {
  return why.filter((part) => part !== '').join('; ');
}

/** `1 product`, `2 products`. */
function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}

function nameOf(plan: Pick<Plan, 'values'>, step: Step): string {
  return plan.values.find(({ id }) => id === step.to)!.name;
}

function largestBits(plan: Omit<Plan, 'reasons'>): string {
  return Math.log2(Math.max(...plan.values.map(({ range }) => range))).toFixed(0);
}

function matrixReasons(plan: Omit<Plan, 'reasons'>, step: Step & { kind: 'linear' }): string[] {
  const { split } = step;
  const names = step.operations.map((id) => plan.program.operations[id]!.name);
  const why = [
    names.length > 1
      ? `${names.join(', ')} are linear and follow one another: one level instead of ${names.length}`
      : '',
    step.before === undefined
      ? ''
      : `with the factor ${step.before.factor.toPrecision(4)} left over from the activation before`,
    step.after === undefined ? '' : 'with what the activation after it wants folded in',
  ];
  if (split === undefined) return why;
  const { babies, giants, folds } = split;
  const rotations = step.rotations === 0 ? 'no rotation' : count(step.rotations, 'rotation');
  const folded = folds.length === 0 ? '' : `, ${count(folds.length, 'fold')}`;
  const steps = `${count(babies.length, 'baby step')} × ${count(giants.length, 'giant step')}${folded}`;
  why.push(`${count(step.products, 'product')} and ${rotations} (${steps}), the cheapest split`);
  return why;
}
