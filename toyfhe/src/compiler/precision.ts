/**
 * How exact the result will be: noise followed from stage to stage. An estimate of the largest error, not a bound: errors
 * count as independent, those of approximations too. A product makes an error as much larger as the value is that it is
 * multiplied by: in the worst slot the range says how large that is, but a matrix that comes after mixes many slots, and
 * there the typical value counts.
 * @module
 */
import {
  ERROR_SIGMA,
  encodingNoise,
  freshPublicNoise,
  largestError,
  rescaleNoise,
  slotNoise,
  together,
} from '../backend/noise.ts';
import type { AffineMap } from '../circuits/index.ts';
import type { Standing } from './levels.ts';
import type { ValueId } from './program.ts';
import type { Range } from './ranges.ts';
import type { LinearStage, Stage, StagedProgram } from './stages.ts';

/** What noise depends on, beside the program. */
export interface NoisePlace {
  readonly ringDegree: number;
  /** log₂ of the chain's primes, from the bottom up, and of the special primes. */
  readonly chain: readonly number[];
  readonly special: readonly number[];
}

/** What a polynomial, relu or softmax does to errors. */
export interface Amplification {
  /** Largest |slope|: an error comes out times this. */
  readonly slope: number;
  /** Products of ciphertexts on the way: each one adds a rescale's noise. */
  readonly products: number;
  /** What that noise comes out times. */
  readonly gain: number;
  /** Largest difference between what is computed and what is meant: an approximation's own error. */
  readonly approximation: number;
}

export interface PrecisionInputs {
  readonly maps: ReadonlyMap<LinearStage, AffineMap>;
  readonly ranges: ReadonlyMap<ValueId, Range>;
  readonly standings: ReadonlyMap<ValueId, Standing>;
  amplification(stage: Stage): Amplification;
}

/** An error: deviations, which add up like noise. */
interface ErrorSize {
  /** Over all slots. */
  readonly noise: number;
  /** In the worst slot. */
  readonly worst: number;
  /** Of a fresh ciphertext. */
  readonly fresh?: boolean;
}

/**
 * How much worse the worst slot of a fresh ciphertext is: its noise is mostly a product with the public key's error, which is
 * the same for all ciphertexts and some three times as large in some slots as in others. (Measured: 1.5 to 2.7.)
 */
const FRESH_WORST = 2;

/**
 * The largest error to expect in the slots of each value, in units of the value.
 * @returns by value
 */
export function largestErrors(
  program: StagedProgram,
  place: NoisePlace,
  inputs: PrecisionInputs,
): Map<ValueId, number> {
  const { ringDegree } = place;
  const errors = new Map<ValueId, ErrorSize>();
  for (const stage of program.stages) errors.set(stage.to, errorOf(stage, errors, place, inputs));
  const result = new Map<ValueId, number>();
  for (const [id, { worst }] of errors) result.set(id, largestError(ringDegree / 2, worst, 1));
  return result;
}

function errorOf(
  stage: Stage,
  errors: ReadonlyMap<ValueId, ErrorSize>,
  place: NoisePlace,
  { maps, ranges, standings, amplification }: PrecisionInputs,
): ErrorSize {
  const { ringDegree: N, chain } = place;
  const scale = (id: ValueId): number => 2 ** standings.get(id)!.scale.log2;
  const rounding = slotNoise(N, rescaleNoise(N)) / scale(stage.to);
  if (stage.kind === 'input') {
    const noise = slotNoise(N, together(freshPublicNoise(N), encodingNoise())) / scale(stage.to);
    return { noise, worst: FRESH_WORST * noise, fresh: true };
  }
  const x = errors.get(stage.x)!;
  const { largest: range, typical } = ranges.get(stage.x)!;
  switch (stage.kind) {
    case 'linear': {
      const { squares, terms } = rowSizes(maps.get(stage)!);
      // Rotating the input first adds a key switch's noise; what is rotated after the product is a prime larger, and exact.
      const rotated = slotNoise(N, keySwitchNoise(place)) / scale(stage.x);
      // Weights are encoded at the scale that makes the result's: q·to/from.
      const encoded = (2 ** chain[standings.get(stage.x)!.level]! * scale(stage.to)) / scale(stage.x);
      const weights = slotNoise(N, encodingNoise()) / encoded;
      const times = (noise: number): number =>
        together(Math.sqrt(squares) * together(noise, rotated), Math.sqrt(terms) * weights * typical, rounding);
      // What is fresh may not be rotated at all (exploded patches): bad slots then stay bad.
      return { noise: times(x.noise), worst: times(x.fresh === true ? x.worst : x.noise) };
    }
    case 'square': {
      const times = (factor: number, noise: number): number => together(2 * factor * noise, rounding);
      return { noise: times(typical, x.noise), worst: times(range, x.worst) };
    }
    case 'mul': {
      const y = errors.get(stage.y)!;
      const other = ranges.get(stage.y)!;
      return {
        noise: together(other.typical * x.noise, typical * y.noise, rounding),
        worst: together(other.largest * x.worst, range * y.worst, rounding),
      };
    }
    case 'add': {
      const y = errors.get(stage.y)!;
      // Both may come from one value, whose error then counts twice.
      return { noise: together(x.noise + y.noise, rounding), worst: together(x.worst + y.worst, rounding) };
    }
    default: {
      const { slope, products, gain, approximation } = amplification(stage);
      const times = (noise: number): number => together(slope * noise, gain * Math.sqrt(products) * rounding);
      // A minimax error swings between its largest values: over all slots that is 1/√2 of them. In the worst slot it is the
      // whole: what `largestError` makes of so many deviations.
      return {
        noise: together(times(x.noise), approximation / Math.SQRT2),
        worst: together(times(x.worst), approximation / largestError(N / 2, 1, 1)),
      };
    }
  }
}

/**
 * What a rotation adds, at the most of levels: the digits' errors, divided by P, and the rounding of that division. Digits of
 * as many primes as there are special ones (Han and Ki, CT-RSA 2020, section 3), not centred: variance 1/3 where it could be
 * 1/12. Exact formulas differ by backend; this one is for the noisiest.
 */
function keySwitchNoise({ ringDegree, chain, special }: NoisePlace): number {
  const sum = (list: readonly number[]): number => list.reduce((total, bits) => total + bits, 0);
  let digits = 0;
  for (let from = 0; from < chain.length; from += special.length) {
    digits += 4 ** (sum(chain.slice(from, from + special.length)) - sum(special)) / 3;
  }
  const errors = ERROR_SIGMA * Math.sqrt(ringDegree * special.length * digits);
  return together(errors, Math.sqrt(special.length) * rescaleNoise(ringDegree));
}

/** Of the rows of a map, the largest Σw² and number of entries. */
function rowSizes({ outputs, starts, weights }: AffineMap): { squares: number; terms: number } {
  const most = { squares: 0, terms: 0 };
  for (let r = 0; r < outputs; r++) {
    let squares = 0;
    for (let e = starts[r]!; e < starts[r + 1]!; e++) squares += weights[e]! ** 2;
    most.squares = Math.max(most.squares, squares);
    most.terms = Math.max(most.terms, starts[r + 1]! - starts[r]!);
  }
  return most;
}
