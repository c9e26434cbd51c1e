/**
 * The search for parameters: for one arrangement and ring degree, the smallest scale that is exact enough, the primes that
 * values need, and the special primes that make key switching cheapest.
 * @module
 */
import { FheError, MAX_LOG_QP_128, type Parameters, parameters, Scale } from '../backend/index.ts';
import type { AffineMap } from '../circuits/index.ts';
import { isApproximation } from './approximations.ts';
import { type CostModel, operationCosts } from './costs.ts';
import { type LevelRules, type Standing, standings } from './levels.ts';
import type { BackendLimits } from './plan-types.ts';
import { type Amplification, largestErrors } from './precision.ts';
import type { ValueId } from './program.ts';
import type { Range } from './ranges.ts';
import type { LinearStage, Stage, StagedProgram } from './stages.ts';

export interface SearchInputs {
  readonly staged: StagedProgram;
  readonly maps: ReadonlyMap<LinearStage, AffineMap>;
  readonly ranges: ReadonlyMap<ValueId, Range>;
  amplification(stage: Stage): Amplification & { readonly depth: number };
  readonly securityBits: 128 | 0;
  readonly precisionBits: number;
  /** Whether fewer bits will do where approximations allow no more. */
  readonly orFewer: boolean;
  /** A stage in words, for reasons. */
  describe(stage: Stage): string;
  readonly limits: BackendLimits;
  readonly costs: CostModel;
}

export interface FoundParameters {
  readonly parameters: Parameters;
  readonly scaleBits: number;
  readonly outputScaleBits: number;
  readonly chain: readonly number[];
  readonly special: readonly number[];
  /** Levels that the program takes. */
  readonly depth: number;
  /** Levels below the last result that only give its values room. */
  readonly room: number;
  readonly precisionBits: number;
  /** What was asked for, or as many as approximations allow. */
  readonly wantedBits: number;
  readonly errors: ReadonlyMap<ValueId, number>;
  readonly standings: ReadonlyMap<ValueId, Standing>;
}

/** Why a ring degree will not do. */
export interface NotFound {
  readonly why: string;
  /** Bits right that it allows, where that is the reason. */
  readonly bits?: number;
}

/**
 * Primes below the last result: values of 2^200 are no use to anyone. Ranges were not declared then, and the weights' bound is
 * far off.
 */
const MOST_ROOM = 5;

/** Levels that a program takes, whatever its primes. */
export function depthOf(staged: StagedProgram, depth: (stage: Stage) => number): number {
  const top = 1000; // any number that no program reaches: only differences count
  const found = standings(staged.stages, { ...symbolic(top, 40, 40), outputs: staged.outputs, depth });
  return top - Math.min(...[...found.values()].map(({ level }) => level));
}

/** Primes that are not there yet: distinct numbers of about the scale's size. */
function symbolic(maxLevel: number, scaleBits: number, outputScaleBits: number): Omit<LevelRules, 'outputs' | 'depth'> {
  return {
    maxLevel,
    scale: Scale.powerOfTwo(scaleBits),
    outputScale: Scale.powerOfTwo(outputScaleBits),
    primeScale: (level) => Scale.ofPrime(level, 2n ** BigInt(scaleBits) + BigInt(level + 2 * maxLevel)),
  };
}

/** @returns parameters, or why there are none at this ring degree */
export function search(ringDegree: number, inputs: SearchInputs): FoundParameters | NotFound {
  const { staged, limits, securityBits } = inputs;
  const depth = depthOf(staged, (stage) => inputs.amplification(stage).depth);
  const limit = securityBits === 128 ? MAX_LOG_QP_128.get(ringDegree) : Number.POSITIVE_INFINITY;
  if (limit === undefined) return { why: `no 128-bit limit is known for degree ${ringDegree}` };
  const levelled = (rules: Omit<LevelRules, 'outputs' | 'depth'>): Map<ValueId, Standing> =>
    standings(staged.stages, {
      ...rules,
      outputs: staged.outputs,
      depth: (stage) => inputs.amplification(stage).depth,
    });
  const ceiling = bitsWithoutNoise(ringDegree, depth, inputs, levelled);
  if (ceiling < inputs.precisionBits && !inputs.orFewer) return tooCoarse(ceiling, inputs);
  const precisionBits = Math.min(inputs.precisionBits, Math.max(1, Math.floor(ceiling) - 1));
  let held = false; // the values, by some chain
  let best = 0; // bits right, of the chains that are secure
  let long: NotFound | undefined;
  // A prime more costs more than a few bits in every prime: chains without room to spare come first.
  for (let room = 0; room <= MOST_ROOM; room++) {
    // Four bits above log₂N: encryption at a lower scale leaves no bit of a value near 1.
    for (let scaleBits = Math.max(20, Math.log2(ringDegree) + 4); scaleBits <= limits.primeBits; scaleBits++) {
      const chosen = chainFor(scaleBits, depth + room, inputs, levelled);
      if (chosen === undefined) continue;
      held = true;
      const { chain, outputScaleBits } = chosen;
      const logQ = chain.reduce((sum, bits) => sum + bits, 0);
      const special = specialFor(ringDegree, chain, limit - logQ, inputs);
      if (special === undefined) {
        long ??= tooLong(ringDegree, chain, scaleBits, room, limit, limits);
        break; // more bits are longer still
      }
      const rough = levelled(symbolic(chain.length - 1, scaleBits, outputScaleBits));
      const place = { ringDegree, chain, special };
      const precise = bitsRight(staged, largestErrors(staged, place, { ...inputs, standings: rough }));
      best = Math.max(best, precise);
      if (precise < precisionBits) continue;
      const made = make(ringDegree, chain, special, scaleBits, securityBits);
      if (made === undefined) continue; // not enough primes of this size
      const found = levelled({
        maxLevel: made.maxLevel,
        scale: made.scale,
        outputScale: Scale.powerOfTwo(outputScaleBits),
        primeScale: (level) => made.primeScale(level),
      });
      const errors = largestErrors(staged, place, { ...inputs, standings: found });
      return {
        parameters: made,
        scaleBits,
        outputScaleBits,
        chain,
        special,
        depth,
        room,
        precisionBits: bitsRight(staged, errors),
        wantedBits: precisionBits,
        errors,
        standings: found,
      };
    }
  }
  if (!held) {
    const largest = Math.log2(Math.max(...[...inputs.ranges.values()].map((r) => r.largest))).toFixed(0);
    const why = `values of up to 2^${largest} fit no chain: ranges that are not declared are bounded by the weights`;
    return { why };
  }
  if (long !== undefined) {
    return best === 0 ? long : { why: `${best.toFixed(1)} bits right are the most that fit: ${long.why}`, bits: best };
  }
  const why = `${best.toFixed(1)} bits right are the most that primes of up to ${limits.primeBits} bits give at degree ${ringDegree}`;
  return { why, bits: best };
}

/** How exact the program would be with scales without end: what its approximations leave. */
function bitsWithoutNoise(
  ringDegree: number,
  depth: number,
  inputs: SearchInputs,
  levelled: (rules: Omit<LevelRules, 'outputs' | 'depth'>) => Map<ValueId, Standing>,
): number {
  const bits = 400; // far above any noise, and 2^400 is still a double
  const place = { ringDegree, chain: Array.from({ length: depth + 1 }, () => bits), special: [bits] };
  const errors = largestErrors(inputs.staged, place, { ...inputs, standings: levelled(symbolic(depth, bits, bits)) });
  return bitsRight(inputs.staged, errors);
}

function tooCoarse(ceiling: number, { staged, amplification, describe }: SearchInputs): NotFound {
  const coarse = staged.stages
    .map((stage) => ({ stage, error: isApproximation(stage) ? amplification(stage).approximation : 0 }))
    .filter(({ error }) => error > 0)
    .map(({ stage, error }) => `${describe(stage)} is good to ${(-Math.log2(error)).toFixed(1)} bits`);
  const why = `${ceiling.toFixed(1)} bits right at any scale: ${coarse.join(', ')}, before what follows magnifies it`;
  return { why, bits: ceiling };
}

function tooLong(
  ringDegree: number,
  chain: readonly number[],
  scaleBits: number,
  room: number,
  limit: number,
  limits: BackendLimits,
): NotFound {
  const least = leastSpecial(chain, limits);
  const logQP = chain.reduce((sum, bits) => sum + bits, least);
  const levels = Math.max(0, Math.floor((limit - least - chain[0]!) / scaleBits));
  const count = chain.length - 1;
  const needed =
    room === 0
      ? `${count} levels`
      : `primes of more than ${limits.primeBits} bits are not to be had, and ${count - room} levels and ${room} to spare`;
  const why =
    `${needed} of ${scaleBits} bits need log QP ${logQP}; ` +
    `degree ${ringDegree} allows ${limit} at 128 bit, which is ${levels} levels`;
  return { why };
}

function bitsRight({ outputs }: StagedProgram, errors: ReadonlyMap<ValueId, number>): number {
  return -Math.log2(Math.max(...outputs.map((id) => errors.get(id)!)));
}

/**
 * A chain that holds every value with a sign and a bit to spare: a bottom prime, and a prime of the scale's size a level.
 * Where large results do not fit, a smaller scale of the output makes room, up to ten bits.
 * @returns undefined where the values are larger than that
 */
function chainFor(
  scaleBits: number,
  levels: number,
  { ranges, limits }: SearchInputs,
  levelled: (rules: Omit<LevelRules, 'outputs' | 'depth'>) => Map<ValueId, Standing>,
): { chain: number[]; outputScaleBits: number } | undefined {
  for (let less = 0; less <= 10; less++) {
    let bottom = scaleBits;
    for (const [id, { level, scale }] of levelled(symbolic(levels, scaleBits, scaleBits - less))) {
      const bits = Math.log2(Math.max(ranges.get(id)!.largest, 1)) + scale.log2 + 2;
      bottom = Math.max(bottom, Math.ceil(bits - level * scaleBits));
    }
    if (bottom > limits.primeBits) continue;
    return { chain: [bottom, ...Array.from({ length: levels }, () => scaleBits)], outputScaleBits: scaleBits - less };
  }
  return undefined;
}

/** Bits of the special primes at the least: as many as the largest prime of the chain. */
function leastSpecial(chain: readonly number[], limits: BackendLimits): number {
  return limits.specialPrimes === 'one' ? limits.primeBits : Math.max(...chain);
}

/**
 * Special primes: one, as large as can be; or as many as make a key switch at the top cheapest, their product above every
 * digit of as many primes of the chain.
 * @param room bits left below the security limit
 */
function specialFor(
  ringDegree: number,
  chain: readonly number[],
  room: number,
  { limits, costs }: SearchInputs,
): number[] | undefined {
  if (limits.specialPrimes === 'one') return limits.primeBits <= room ? [limits.primeBits] : undefined;
  let best: number[] | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let count = 1; count <= chain.length; count++) {
    const digit = chain.slice(0, count).reduce((sum, bits) => sum + bits, 0); // the first is the largest: it has q₀
    const bits = Math.max(Math.ceil((digit + 1) / count), Math.log2(ringDegree) + 4);
    if (bits > limits.primeBits && count > 1) continue;
    const special = Array.from({ length: count }, () => Math.min(bits, limits.primeBits));
    if (special.reduce((sum, b) => sum + b, 0) > room) continue;
    const { relinearize } = operationCosts(costs, { ringDegree, level: chain.length - 1, special: count });
    if (relinearize >= least) continue;
    [best, least] = [special, relinearize];
  }
  return best;
}

function make(
  ringDegree: number,
  chain: readonly number[],
  special: readonly number[],
  scaleBits: number,
  securityBits: 128 | 0,
): Parameters | undefined {
  try {
    return parameters({ ringDegree, chain, special, scaleBits, ...(securityBits === 0 && { insecure: true }) });
  } catch (error) {
    // Primes ≡ 1 mod 2N of this size may run out, or lie a little above 2^bits and so above the limit.
    if (error instanceof FheError && (error.code === 'RANGE' || error.code === 'INSECURE')) return undefined;
    throw error;
  }
}
