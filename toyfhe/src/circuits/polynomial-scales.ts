/**
 * The scales of a polynomial's evaluation, worked out before anything is computed: from the wanted scale downwards to
 * the coefficients, which are encoded at whatever makes each sum exact.
 * @module
 */
import { type Ciphertext, FheError, type Parameters, type Scale } from '../backend/index.ts';
import type { LevelAndScale } from './match-scale.ts';
import type { Polynomial } from './polynomial.ts';
import { fewestProducts, halves, type Plan, type PlanNode, powerDepth } from './polynomial-plan.ts';

/** The scale of T₁ and of each power of the plan: s_a·s_b/q, q the prime of the level where they are multiplied. */
function powerScales(
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
 * Refuses a constant that would be encoded too coarsely.
 * @param bits log₂ of the scale, or of the scale times the constant where that is known
 * @throws FheError SCALE_UNDERFLOW
 */
export function checkEncodingScale(op: string, field: string, bits: number, c?: Pick<Ciphertext, 'trace'>): void {
  if (bits >= LEAST_SCALE_BITS) return;
  throw new FheError({
    code: 'SCALE_UNDERFLOW',
    op,
    field,
    should: `at least ${LEAST_SCALE_BITS}`,
    is: bits.toFixed(1),
    hint: 'ask for a larger scale of the result; scales of inputs should be about as large as the primes of the chain',
    ...(c && { ledger: c.trace }),
  });
}

/** All that an evaluation needs to know before it begins. */
export interface PolynomialScales {
  readonly plan: Plan;
  /** Of T₁ and of each power of the plan. */
  readonly powers: ReadonlyMap<number, Scale>;
  /** Where the last sum stands, before its rescale. */
  readonly last: LevelAndScale;
}

/**
 * The scales of an evaluation, checked. Without a ciphertext: also for what evaluates several polynomials in a row.
 * @param wanted the scale of the result
 * @param c what all begins with, for the error
 * @throws FheError SCALE_UNDERFLOW
 */
export function polynomialScales(
  parameters: Parameters,
  polynomial: Polynomial,
  input: LevelAndScale,
  wanted: Scale,
  c?: Ciphertext,
): PolynomialScales {
  const plan = fewestProducts(polynomial);
  const end = input.level - polynomial.depth; // where the result stands
  const powers = powerScales(parameters, plan, { level: end + plan.depth, scale: input.scale });
  const last = { level: end + 1, scale: wanted.times(parameters.primeScale(end + 1)) };
  checkScales(parameters, plan.top, last.level, last.scale, powers, c);
  return { plan, powers, last };
}

/**
 * Refuses a node whose coefficients would be encoded too coarsely.
 * @throws FheError SCALE_UNDERFLOW
 */
function checkScales(
  parameters: Parameters,
  node: PlanNode,
  level: number,
  scale: Scale,
  scales: ReadonlyMap<number, Scale>,
  c?: Ciphertext,
): void {
  for (const { power } of node.terms) {
    const bits = scale.over(scales.get(power)!).log2;
    checkEncodingScale('evaluate a polynomial', `log2(scale) of the coefficient of power ${power}`, bits, c);
  }
  for (const { power, factor } of node.products) {
    const before = factorScale(parameters, scales.get(power)!, level, scale);
    checkScales(parameters, factor, level + 1, before, scales, c);
  }
}
