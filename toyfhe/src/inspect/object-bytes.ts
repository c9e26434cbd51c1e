/**
 * Bytes in memory of one object of each kind, by the formulas of the backends.
 * @module
 */
import type { Parameters } from '../backend/parameters.ts';

/** Of ciphertexts and plaintexts at the highest level; a level less is a residue less for each coefficient. */
export interface ObjectBytes {
  /** One polynomial. (The engine keeps a vector of equal real numbers in almost nothing.) */
  readonly plaintext: number;
  /** Two polynomials. */
  readonly ciphertext: number;
  readonly secretKey: number;
  readonly publicKey: number;
  readonly relinearizationKey: number;
  /** One rotation, or the conjugation. */
  readonly rotationKey: number;
  /** Digits of a key switch (dnum): a key has two polynomials for each, modulo all primes. */
  readonly digits: number;
}

/** The engine takes primes below it: doubles hold their residues exactly. */
const ENGINE_PRIME = 2n ** 50n;
/** Bytes between limbs, so that the same coefficient of all limbs does not fall on the same lines of the cache. */
const ENGINE_PADDING = 320;

/** Undefined where the engine does not take the parameters. Without special primes there are no evaluation keys: 0. */
export function engineBytes({ ringDegree, primes, special }: Parameters): ObjectBytes | undefined {
  if (ringDegree < 16 || [...primes, ...special].some((p) => p >= ENGINE_PRIME)) return undefined;
  const limb = 8 * ringDegree + ENGINE_PADDING;
  const digits = special.length === 0 ? 0 : digitCount(primes, special);
  const key = 2 * digits * (primes.length + special.length) * limb;
  return {
    plaintext: primes.length * limb,
    ciphertext: 2 * primes.length * limb,
    secretKey: (primes.length + special.length) * limb,
    publicKey: 2 * primes.length * limb,
    relinearizationKey: key,
    rotationKey: key === 0 ? 0 : key + 4 * ringDegree, // its permutation of coefficients
    digits,
  };
}

/** Consecutive primes of the chain make a digit, as many as the special primes' product holds (Han–Ki, CT-RSA 2020). */
function digitCount(chain: readonly bigint[], special: readonly bigint[]): number {
  const log2 = (p: bigint): number => Math.log2(Number(p));
  const room = special.reduce((sum, p) => sum + log2(p), 0) + 0.5; // half a bit: primes lie on both sides of 2^bits
  let digits = 0;
  let used = Number.POSITIVE_INFINITY;
  for (const q of chain) {
    used += log2(q);
    if (used <= room) continue;
    digits++;
    used = log2(q);
  }
  return digits;
}

/** Undefined where node-seal does not take the parameters. Its keys are modulo all primes, one digit a prime (SEAL issue 285). */
export function sealBytes({ ringDegree, primes, special }: Parameters): ObjectBytes | undefined {
  if (special.length !== 1) return undefined;
  const limb = 8 * ringDegree;
  const all = primes.length + 1;
  const key = primes.length * 2 * all * limb; // 16·n·k·(k − 1), k = all
  return {
    plaintext: primes.length * limb,
    ciphertext: 2 * primes.length * limb,
    secretKey: all * limb,
    publicKey: 2 * all * limb,
    relinearizationKey: key,
    rotationKey: key,
    digits: primes.length,
  };
}
