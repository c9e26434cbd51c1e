/**
 * The scales of a polynomial's evaluation, worked out before anything is computed: from the wanted scale downwards to
 * the coefficients, which are encoded at whatever makes each sum exact.
 * @module
 */
import { type Ciphertext, FheError, type Parameters, type Scale } from '../backend/index.ts';
import { halves, type Plan, type PlanNode, powerDepth } from './polynomial-plan.ts';

/** The scale of T₁ and of each power of the plan: s_a·s_b/q, q the prime of the level where they are multiplied. */
export function powerScales(
  parameters: Parameters,
  plan: Plan,
  input: Pick<Ciphertext, 'level' | 'scale'>,
): ReadonlyMap<number, Scale> {
  const scales = new Map([[1, input.scale]]);
  for (const power of plan.powers) {
    const [a, b] = halves(power);
    const level = input.level - powerDepth(power) + 1;
    scales.set(power, scales.get(a)!.times(scales.get(b)!).over(parameters.primeScale(level)));
  }
  return scales;
}

/** The scale, before its rescale at `level` + 1, of the factor whose product with T_power has `scale` at `level`. */
export function factorScale(parameters: Parameters, power: Scale, level: number, scale: Scale): Scale {
  return scale.over(power).times(parameters.primeScale(level + 1));
}

/** Coefficients encoded at 2^10 keep three decimal digits; below, the result would silently be another polynomial's. */
const LEAST_SCALE_BITS = 10;

/**
 * Refuses a node whose coefficients would be encoded too coarsely.
 * @throws FheError SCALE_UNDERFLOW
 */
export function checkScales(
  parameters: Parameters,
  node: PlanNode,
  level: number,
  scale: Scale,
  scales: ReadonlyMap<number, Scale>,
  c: Ciphertext,
): void {
  for (const { power } of node.terms) {
    const bits = scale.over(scales.get(power)!).log2;
    if (bits >= LEAST_SCALE_BITS) continue;
    throw new FheError({
      code: 'SCALE_UNDERFLOW',
      op: 'evaluate a polynomial',
      field: `log2(scale) of the coefficient of power ${power}`,
      should: `at least ${LEAST_SCALE_BITS}`,
      is: bits.toFixed(1),
      hint: 'ask for a larger scale of the result; scales of inputs should be about as large as the primes of the chain',
      ledger: c.trace,
    });
  }
  for (const { power, factor } of node.products) {
    const before = factorScale(parameters, scales.get(power)!, level, scale);
    checkScales(parameters, factor, level + 1, before, scales, c);
  }
}
