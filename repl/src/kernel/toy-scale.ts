/**
 * The toy's scale, a fraction, as the monomial that it is: `2^80/q₂`.
 * @module
 */

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/**
 * @param scale `a` or `a/b`, integers
 * @param primes of the whole chain, q₀ first
 * @returns undefined for a scale that is made of anything but two and these primes
 */
export function asMonomial(scale: string, primes: readonly bigint[]): string | undefined {
  let [top, bottom] = scale.split('/').map(BigInt) as [bigint, bigint | undefined];
  bottom ??= 1n;
  const over: string[] = [];
  const under: string[] = [];
  for (const [i, prime] of primes.entries()) {
    const name = `q${String(i).replace(/\d/g, (d) => SUBSCRIPTS[Number(d)]!)}`;
    for (; top % prime === 0n; top /= prime) over.push(name);
    for (; bottom % prime === 0n; bottom /= prime) under.push(name);
  }
  if (!isPowerOfTwo(top) || !isPowerOfTwo(bottom)) return undefined;
  const bits = top.toString(2).length - bottom.toString(2).length;
  return [`2^${bits}`, ...over].join('·') + under.map((name) => `/${name}`).join('');
}

function isPowerOfTwo(n: bigint): boolean {
  return n > 0n && (n & (n - 1n)) === 0n;
}
