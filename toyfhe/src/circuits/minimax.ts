/**
 * The sign of x as a composite of minimax polynomials of low degree: where more than some ten bits are wanted, fewer products
 * than one polynomial of the same precision, for about as many levels (Lee, Lee, No, Kim, IEEE TDSC 2021, "Minimax
 * approximation of sign function by composite polynomial for homomorphic comparison"; for ReLU in Lee et al., IEEE Access
 * 2022).
 *
 * p₁ is the best odd polynomial for the sign on [a, 1]; its values lie in [1 − E₁, 1 + E₁], where p₂ is the best again, and
 * so on: the last error E_n remains. On [0, a] the composite only rises from 0 to 1. ReLU(x) is about x·(1 + p(x))/2, its
 * error |x·(1 − p(x))/2|: about a/2 below a, and E_n/2 above it. The best a makes the two equal.
 * @module
 */
import { FheError } from '../backend/index.ts';
import type { Polynomial } from './polynomial.ts';
import { remez } from './remez.ts';

export interface MinimaxComposite {
  readonly degrees: readonly number[];
  /** p₁, …, p_n, odd, in Chebyshev basis on [−1, 1], each but the last divided by the top of its range. */
  readonly factors: readonly Polynomial[];
  /** Where the sign is approximated from: inputs with a ≤ |x| ≤ 1. */
  readonly from: number;
  /** max |sign(x) − p(x)| there. */
  readonly signError: number;
  /** −log₂ of max |x·(1 − p(x))/2| over [0, 1]: bits right of ReLU, of what its inputs are divided by. */
  readonly alpha: number;
  /** The composite in the clear, for |x| ≤ 1. */
  at(x: number): number;
}

export interface MinimaxOptions {
  /**
   * How far noise may move what one factor gives to the next without leaving where that one was fitted. Default: 2^-20,
   * a few bits above the noise of scale 2^40 at ring degree 65536, and too little to be seen in α.
   */
  readonly margin?: number;
}

const made = new Map<string, MinimaxComposite>();

/**
 * The composite of these degrees, the same object at each call (it is deterministic, and takes some tenths of a second).
 * @param degrees first to last, odd, from 3 on; {15, 15, 27} is that of the encrypted ResNet of Lee et al.: α = 13.15
 * @throws FheError RANGE for other degrees, above 63, or a margin below 0 or above 2^-4; and where the composite is better
 *   than doubles can tell (α above 28 or so)
 */
export function minimaxComposite(degrees: readonly number[], options: MinimaxOptions = {}): MinimaxComposite {
  const { margin = 2 ** -20 } = options;
  check(degrees, margin);
  const key = `${degrees.join(',')} ${margin}`;
  const before = made.get(key);
  if (before !== undefined) return before;
  const composite = bestComposite(degrees, margin);
  made.set(key, composite);
  return composite;
}

/** Halvings of the bracket of log₂ a, from 30 bits: to 10^-7 of a bit. */
const HALVINGS = 28;

function bestComposite(degrees: readonly number[], margin: number): MinimaxComposite {
  let [low, high] = [-30, -0.1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    const { below, above } = compositeFrom(degrees, 2 ** middle, margin);
    if (below > above) high = middle;
    else low = middle;
  }
  // The side where the error above a is the smaller one: nearly equal.
  const { factors, from, signError, below, above } = compositeFrom(degrees, 2 ** high, margin);
  if (signError < LEAST_ERROR) {
    const [is, hint] = [degrees.join(', '), 'take fewer or lower degrees'];
    refuse('degrees', 'low enough for an error of the sign that doubles can tell, 2^-30', is, hint);
  }
  const at = (x: number): number => factors.reduce((y, p) => p.at(y), x);
  return { degrees: [...degrees], factors, from, signError, alpha: -Math.log2(Math.max(below, above)), at };
}

/** Below, an interval [1 − E, 1 + E] has too few doubles to fit a polynomial to. */
const LEAST_ERROR = 2 ** -30;

interface Attempt {
  readonly factors: readonly Polynomial[];
  readonly from: number;
  readonly signError: number;
  /** max |x·(1 − p(x))/2| over [0, a] and over [a, 1]. */
  readonly below: number;
  readonly above: number;
}

function compositeFrom(degrees: readonly number[], from: number, margin: number): Attempt {
  const factors: Polynomial[] = [];
  let interval: readonly [number, number] = [from, 1];
  let signError = 0;
  for (const [i, degree] of degrees.entries()) {
    const { polynomial, error } = remez(() => 1, degree, [interval], { parity: 'odd' });
    signError = error;
    if (error < LEAST_ERROR) return { factors, from, signError, below: from, above: 0 }; // far better above than below
    const top = i === degrees.length - 1 ? 1 : 1 + error + margin;
    factors.push(polynomial.scaled(1 / top));
    // Where E₁ is nearly 1, most of the margin at the lower end is not there to be had.
    interval = [Math.max((1 - error) / 2, 1 - error - margin) / top, 1];
  }
  let below = 0;
  // A fall from a/2·0 up and down again, one smooth arch: 256 points find its top to 10^-4 of itself.
  for (let i = 1; i <= 256; i++) {
    const x = (from * i) / 256;
    below = Math.max(below, Math.abs(x * (1 - factors.reduce((y, p) => p.at(y), x))) / 2);
  }
  // At x = 1 the factor x is largest, and the error is an extremum of each factor.
  return { factors, from, signError, below, above: signError / 2 };
}

function refuse(field: string, should: string, is: string, hint: string): never {
  throw new FheError({ code: 'RANGE', op: 'compose a sign', field, should, is, hint });
}

function check(degrees: readonly number[], margin: number): void {
  if (degrees.length === 0) refuse('degrees', 'at least one', 'none', 'write for example [7, 7]');
  for (const d of degrees) {
    if (Number.isInteger(d) && d >= 3 && d <= 63 && d % 2 === 1) continue;
    refuse('degrees', 'odd, from 3 to 63', String(d), 'the sign is odd; 15, 15, 27 is the usual choice');
  }
  if (!(margin >= 0 && margin <= 2 ** -4)) {
    refuse('margin', '0 to 2^-4', String(margin), 'take some bits more than the noise');
  }
}
