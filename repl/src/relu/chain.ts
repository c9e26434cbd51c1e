/**
 * The chain of primes for a ReLU: as many levels as the composite takes, with primes as large as the bound of its inputs asks.
 * @module
 */
import { FheError, MAX_LOG_QP_128, type ParameterSpec } from 'toyfhe/backend';
import type { Relu } from 'toyfhe/circuits';
import type { BackendName } from '../backends.ts';

/** 40-bit levels: noise near 2^-27 at degree 32768, of which a composite of 13 bits notices nothing. */
const LEVEL_BITS = 40;

/** Noise of fresh and of rescaled values, in units of a ciphertext: about 2^13 at degree 32768. */
const NOISE_BITS = 13;

/** Bits right of x/B: two more than the composite's margin, 2^-20, beyond which it leaves the range that it is made for. */
const EXACT_BITS = 22;

/**
 * The least ring degree that is secure with so many levels; a small insecure one for the toy.
 * @throws FheError RANGE for a bound that no prime suits, and for more levels than fit the largest ring
 */
export function specFor(name: BackendName, { depth, bound }: Pick<Relu, 'depth' | 'bound'>): ParameterSpec {
  // The engine's primes are below 2^50; the last bit is for the special primes, which have to be a little larger.
  const [bottom, most] = name === 'engine' ? [50, 49] : [60, 60];
  const levelBits = levelBitsFor(bound, most);
  // A result of up to B, or 1, at that scale has to fit what is left, with a sign and a bit to spare.
  const result = Math.max(0, Math.ceil(Math.log2(bound))) + levelBits + 2;
  const levels = depth + Math.max(0, Math.ceil((result - bottom) / levelBits));
  const chain = [bottom, ...Array.from({ length: levels }, () => levelBits)];
  const spec = { chain, special: name === 'engine' ? specialPrimes(bottom, levelBits, depth) : [60] };
  if (name === 'toy') return { ...spec, ringDegree: 128, scaleBits: levelBits, insecure: true };
  const bits = [...spec.chain, ...spec.special].reduce((a, b) => a + b, 0);
  const fitting = [...MAX_LOG_QP_128].find(([ringDegree, limit]) => ringDegree >= 8192 && bits <= limit);
  if (fitting !== undefined) return { ...spec, ringDegree: fitting[0], scaleBits: levelBits };
  const is = `${levels}, which take a modulus of ${bits} bits`;
  throw refused('levels', 'few enough for ring degree 65536 at 128-bit security', is, 'take fewer or lower degrees');
}

/**
 * Bits of the primes, and of the scale. Inputs are multiplied by 1/B, which is encoded at the scale of a prime: B times
 * that rounding, and the inputs' noise divided by B, both have to stay below 2^-22. A bound of 1 asks for neither.
 */
function levelBitsFor(bound: number, most: number): number {
  if (bound === 1) return LEVEL_BITS;
  const log = Math.log2(bound);
  const bits = Math.max(LEVEL_BITS, Math.ceil(log) + EXACT_BITS, Math.ceil(-log) + EXACT_BITS + NOISE_BITS);
  if (bits <= most) return bits;
  const [from, to] = [EXACT_BITS + NOISE_BITS - most, most - EXACT_BITS];
  const hint = 'divide the inputs by a power of two: ReLU(x) = B·ReLU(x/B)';
  throw refused('bound', `from 2^${from} to 2^${to}, for primes of up to ${most} bits`, String(bound), hint);
}

/** Special primes hold a digit each of as many primes of the chain, the bottom one among them. */
function specialPrimes(bottom: number, levelBits: number, depth: number): number[] {
  const count = depth < 10 ? 3 : 5;
  const bits = Math.ceil((bottom + (count - 1) * levelBits + 1) / count);
  return Array.from({ length: count }, () => bits);
}

function refused(field: string, should: string, is: string, hint: string): FheError {
  return new FheError({ code: 'RANGE', op: 'evaluate ReLU', field, should, is, hint });
}
