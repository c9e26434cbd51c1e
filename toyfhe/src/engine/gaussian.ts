/**
 * The table that errors are drawn from, computed in integers: the same on every machine.
 * @module
 */

/** Bits after the point in the fixed-point numbers below: 63 wanted, and room for the rounding of some 100 products. */
const POINT = 192n;
const ONE = 1n << POINT;

/** exp(−a/b) for 0 ≤ a/b ≤ 1, by its series, to within 2^-180. */
function expMinus(a: bigint, b: bigint): bigint {
  let sum = ONE;
  let term = ONE;
  for (let k = 1n; term !== 0n; k++) {
    term = (term * a) / (b * k);
    sum += k % 2n === 0n ? term : -term;
  }
  return sum;
}

/**
 * Thresholds of the discrete Gaussian, P(k) proportional to exp(−k²/2σ²), for the kernel `sampleGaussian`: entry 0 is
 * their number K, entry k is T_k = 2^63·P(|e| < k), rounded. A uniform u < 2^63 gives |e| = #{k : T_k ≤ u}.
 * The tail ends where T_k rounds to 2^63: beyond lies less than 2^-64, which 63 bits cannot show. K = 29 for σ = 3.2.
 * @param sigma 1 to 100.
 * @throws RangeError for another sigma: the caller has checked what users give.
 */
export function gaussianTable(sigma: number): BigUint64Array {
  if (!(sigma >= 1 && sigma <= 100)) throw new RangeError(`sigma must be from 1 to 100, not ${sigma}`);
  // σ·2^52 is an integer for every double σ ≥ 1.
  const scaled = BigInt(sigma * 2 ** 52);
  const q = expMinus(1n << 104n, 2n * scaled * scaled); // exp(−1/2σ²)
  const times = (a: bigint, b: bigint): bigint => (a * b) >> POINT;
  // exp(−k²/2σ²) = q^(k²), and (k + 1)² = k² + 2k + 1.
  const weights: bigint[] = [];
  for (let weight = ONE, step = q; weight !== 0n; weight = times(weight, step), step = times(times(step, q), q)) {
    weights.push(weights.length === 0 ? weight : 2n * weight); // both signs
  }
  const total = weights.reduce((a, b) => a + b);
  const thresholds: bigint[] = [];
  let below = 0n;
  for (const weight of weights) {
    below += weight;
    const threshold = ((below << 64n) / total + 1n) >> 1n;
    if (threshold >> 63n !== 0n) break;
    thresholds.push(threshold);
  }
  return BigUint64Array.of(BigInt(thresholds.length), ...thresholds);
}
