import type { Parameters, Scale } from '../backend/index.ts';

/**
 * A scale that survives being squared and rescaled many times. Each squaring doubles a scale's distance from the primes,
 * in bits: after twenty, the millionth part by which primes miss a power of two is a bit. So start from just the right scale:
 * of all qᵢ·qⱼ/qₖ below the level, the one that ends nearest to the prime it would meet next. No level is spent.
 * @param level of the first square; the level, less the squarings, is at least 0
 */
export function steadyScale(parameters: Parameters, level: number, squarings: number): Scale {
  const bits = parameters.primes.map((q) => Math.log2(Number(q)));
  // s ↦ s²/q, n times: log s ends at 2ⁿ·log s − Σ 2^(n−1−i)·log q. Where it should end at log q, log s is this:
  let wanted = bits[Math.max(1, level - squarings)]!;
  for (let i = squarings - 1; i >= 0; i--) wanted = (wanted + bits[level - i]!) / 2;
  let best = { i: level, j: level, k: level, miss: Number.POSITIVE_INFINITY };
  for (let i = 1; i <= level; i++) {
    for (let j = i; j <= level; j++) {
      for (let k = 1; k <= level; k++) {
        const miss = Math.abs(bits[i]! + bits[j]! - bits[k]! - wanted);
        if (miss < best.miss) best = { i, j, k, miss };
      }
    }
  }
  const prime = (index: number): Scale => parameters.primeScale(index);
  return prime(best.i).times(prime(best.j)).over(prime(best.k));
}
