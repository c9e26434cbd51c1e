/**
 * The best polynomial approximation of a function on one interval or several: the exchange algorithm (Remez, 1934; on
 * unions of intervals as in Lee, Lee, Lee, No, Kim, EUROCRYPT 2021, section 3; the exchange of many points at a time:
 * Pachón and Trefethen, BIT 49, 2009).
 *
 * A polynomial of n coefficients is the best where its weighted error takes the largest value E with alternating
 * sign at n + 1 points (Chebyshev). So: guess the points; solve for the polynomial whose error is ±E there; move each point
 * to the extremum of the error that it has found; again, until no error is larger than E.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { solve } from './linear-solve.ts';
import { checkInterval, type Interval, Polynomial } from './polynomial.ts';

export interface RemezOptions {
  /**
   * `odd` or `even`: only such powers, for a function with that symmetry; intervals lie from 0 on and stand for their
   * mirror images too. Default: neither.
   */
  readonly parity?: 'odd' | 'even';
  /** What the error counts at x, positive. Default: 1 everywhere. */
  readonly weight?: (x: number) => number;
}

export interface BestApproximation {
  /** In Chebyshev basis, on the interval from the lowest to the highest point (with parity, mirrored). */
  readonly polynomial: Polynomial;
  /** The largest weighted error. */
  readonly error: number;
  /** Where the error is that large, with alternating sign, ascending; fewer or none where `f` is hit but for rounding. */
  readonly extrema: readonly number[];
  /** Exchanges made. */
  readonly iterations: number;
}

/** Points where the error is looked at, for each coefficient: a wave of the error has about one coefficient's share. */
const GRID = 24;
/** Far more exchanges than ever seen (some ten). */
const MOST_ITERATIONS = 60;
/** Converged where no error exceeds that at the points by more than this part. */
const TOLERANCE = 1e-9;

/**
 * @param f finite on the intervals
 * @param degree of the polynomial, from 0 on
 * @param intervals apart from each other, ascending
 * @throws FheError RANGE for impossible input, and where the exchange does not settle: near the precision of doubles
 */
export function remez(
  f: (x: number) => number,
  degree: number,
  intervals: readonly Interval[],
  options: RemezOptions = {},
): BestApproximation {
  const { parity, weight = () => 1 } = options;
  checkArguments(degree, intervals, parity);
  const high = intervals.at(-1)![1];
  const low = parity === undefined ? intervals[0]![0] : -high;
  const step = parity === undefined ? 1 : 2;
  const powers: number[] = [];
  for (let k = parity === 'odd' ? 1 : 0; k <= degree; k += step) powers.push(k);

  const basis = (x: number): number[] => {
    const u = (2 * x - (low + high)) / (high - low);
    const all = [1, u];
    for (let k = 2; k <= degree; k++) all.push(2 * u * all[k - 1]! - all[k - 2]!);
    return powers.map((k) => all[k]!);
  };
  const grid = intervals.map((interval) => points(interval, GRID * (powers.length + 1), parity));
  let reference = spread(grid.flat(), powers.length + 1);

  for (let iterations = 1; iterations <= MOST_ITERATIONS; iterations++) {
    const rows = reference.map((x, i) => [...basis(x), (i % 2 === 0 ? 1 : -1) / weight(x)]);
    const solution = solve(rows, reference.map(f));
    const coefficients = new Float64Array(degree + 1);
    for (const [i, k] of powers.entries()) coefficients[k] = solution[i]!;
    const polynomial = new Polynomial(coefficients, { basis: 'chebyshev', interval: [low, high] });
    const error = (x: number): number => weight(x) * (f(x) - polynomial.at(x));

    const [at, largest] = exchange(error, grid, reference);
    const level = Math.abs(solution.at(-1)!);
    // Where E nears the rounding of f and of the sum of the polynomial's terms, the extrema are noise: as good as it gets.
    const terms = coefficients.reduce((sum, c) => sum + Math.abs(c), 0);
    const rounding = (degree + 1) * 2 ** -49 * Math.max(...reference.map((x) => (Math.abs(f(x)) + terms) * weight(x)));
    if (largest <= level * (1 + TOLERANCE) + rounding) {
      const heaviest = Math.max(...grid.flat().map(weight));
      const negligible = Math.max((TOLERANCE * largest) / heaviest, 2 ** -52 * terms) / (degree + 1);
      return { polynomial: withoutNegligible(polynomial, negligible), error: largest, extrema: at, iterations };
    }
    if (at.length < reference.length) break; // E = 0: the points tell nothing
    reference = at;
  }
  throw new FheError({
    code: 'RANGE',
    op: 'find the best approximation',
    field: 'exchange of points',
    should: `settled after ${MOST_ITERATIONS} rounds`,
    is: 'still moving',
    hint: 'take a lower degree or intervals further apart: the error may be below what doubles can tell',
  });
}

/** As many points as the reference has, alternating, the largest error among them; and that error. */
function exchange(
  error: (x: number) => number,
  grid: readonly (readonly number[])[],
  reference: readonly number[],
): readonly [points: number[], largest: number] {
  // The largest error of each run of one sign. The reference alternates, so there are at least as many runs as points.
  const runs: { x: number; e: number }[] = [];
  const offer = (x: number, e: number): void => {
    const last = runs.at(-1);
    if (last === undefined || Math.sign(last.e) !== Math.sign(e)) runs.push({ x, e });
    else if (Math.abs(e) > Math.abs(last.e)) runs[runs.length - 1] = { x, e };
  };
  for (const inside of grid) {
    const mine = reference.filter((x) => x >= inside[0]! && x <= inside.at(-1)!);
    const xs = [...new Set([...inside, ...mine])].sort((a, b) => a - b);
    const es = xs.map(error);
    xs.forEach((x, i) => {
      const size = Math.abs(es[i]!);
      const peak = size >= Math.abs(es[i - 1] ?? 0) && size >= Math.abs(es[i + 1] ?? 0);
      if (es[i] === 0) return;
      if (!peak) return offer(x, es[i]!);
      const top = climb(error, xs[i - 1] ?? x, x, xs[i + 1] ?? x);
      offer(top, error(top));
    });
  }
  while (runs.length > reference.length) {
    // At the ends alternation survives a loss: the smaller end goes.
    if (Math.abs(runs[0]!.e) < Math.abs(runs.at(-1)!.e)) runs.shift();
    else runs.pop();
  }
  return [runs.map((run) => run.x), Math.max(0, ...runs.map((run) => Math.abs(run.e)))];
}

/** The maximum of |error| between two neighbours of a grid point, by golden sections. */
function climb(error: (x: number) => number, low: number, middle: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  const sign = Math.sign(error(middle));
  const value = (x: number): number => sign * error(x);
  let [a, b] = [low, high];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [vc, vd] = [value(c), value(d)];
  // 24 steps narrow the bracket to 10^-5 of a grid step: the error is flat there, and exact to ten digits.
  for (let i = 0; i < 24; i++) {
    if (vc > vd) {
      [b, d, vd] = [d, c, vc];
      c = b - golden * (b - a);
      vc = value(c);
    } else {
      [a, c, vc] = [c, d, vd];
      d = a + golden * (b - a);
      vd = value(d);
    }
  }
  const best = (a + b) / 2;
  return value(best) > value(middle) ? best : middle;
}

/**
 * Points of an interval, ends included, as dense as extrema are: like Chebyshev's, and with parity those in x², in which
 * an even polynomial has half the degree. (Towards a lower end near 0 they are then not denser: no end is there.)
 */
function points([low, high]: Interval, count: number, parity: RemezOptions['parity']): number[] {
  const [from, to] = parity === undefined ? [low, high] : [low ** 2, high ** 2];
  const all = Array.from({ length: count }, (_, i) => {
    const x = from + ((to - from) * (1 - Math.cos((Math.PI * i) / (count - 1)))) / 2;
    return parity === undefined ? x : Math.sqrt(x);
  });
  [all[0], all[count - 1]] = [low, high]; // exactly
  return parity === 'odd' ? all.filter((x) => x > 0) : all; // an odd polynomial has no say at 0
}

/** Not symmetric: for a symmetric function a symmetric start can have E = 0, from which no exchange leads on. */
function spread(all: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => all[Math.round(((i + 0.3) * (all.length - 1)) / count)]!);
}

function checkArguments(degree: number, intervals: readonly Interval[], parity: RemezOptions['parity']): void {
  const refuse = (field: string, should: string, is: string, hint: string): never => {
    throw new FheError({ code: 'RANGE', op: 'find the best approximation', field, should, is, hint });
  };
  const least = parity === 'odd' ? 1 : 0;
  if (!Number.isInteger(degree) || degree < least) {
    refuse('degree', `an integer from ${least} on`, String(degree), 'take 7 or 15 for a start');
  }
  if (parity !== undefined && degree % 2 !== least) {
    refuse('degree', parity, String(degree), 'a power of the other parity would have the coefficient 0');
  }
  if (intervals.length === 0) refuse('intervals', 'at least one', 'none', 'write for example [[0.1, 1]]');
  for (const [i, interval] of intervals.entries()) {
    checkInterval('find the best approximation', interval);
    const from = i === 0 ? (parity === undefined ? Number.NEGATIVE_INFINITY : 0) : intervals[i - 1]![1];
    if (interval[0] >= from) continue;
    refuse(`interval ${i}`, `from ${from} on`, `[${interval.join(', ')}]`, 'sort them; with parity, give x ≥ 0 only');
  }
}

/**
 * Where f is odd or even, and nobody has said so, every other coefficient is zero but for rounding, and would cost products of
 * its own. All of them together change the error by less than it is known.
 */
function withoutNegligible({ coefficients, basis, interval }: Polynomial, negligible: number): Polynomial {
  const kept = coefficients.map((c) => (Math.abs(c) <= negligible ? 0 : c));
  return new Polynomial(kept, { basis, ...(interval === undefined ? {} : { interval }) });
}
