/**
 * What objects of a parameter set will take, before any of them is made.
 * @module
 */
import { asParameters, type ParameterSpec, type Parameters } from '../backend/parameters.ts';
import { inspect } from '../backend/print.ts';
import { humanBytes } from './heap.ts';
import { digitBounds, Ring } from './ring.ts';

/** Bytes in memory. */
export interface EngineSizes {
  /** One polynomial modulo one prime. */
  readonly limb: number;
  /** At the top level. A level less is two limbs less. */
  readonly ciphertext: number;
  readonly plaintext: number;
  readonly secretKey: number;
  readonly publicKey: number;
  /** One rotation, the conjugation, or the relinearization; a rotation has a permutation of 4·N bytes besides. */
  readonly evaluationKey: number;
  /** Digits of a key switch at the top level (dnum). */
  readonly digits: number;
}

/**
 * Sizes of the engine's objects: limbs of 8·N bytes and some padding; a key has 2·dnum polynomials modulo all primes.
 * @throws FheError as `parameters` does
 */
export function engineSizes(spec: ParameterSpec | Parameters): EngineSizes {
  const { ringDegree, primes, special } = asParameters(spec);
  const limb = Ring.strideOf(ringDegree);
  const all = primes.length + special.length;
  const digits = special.length === 0 ? 0 : digitBounds(primes, special).length;
  const sizes = {
    limb,
    ciphertext: 2 * primes.length * limb,
    plaintext: primes.length * limb,
    secretKey: all * limb,
    publicKey: 2 * primes.length * limb,
    evaluationKey: 2 * digits * all * limb,
    digits,
  };
  const print = (): string =>
    `ciphertext ${humanBytes(sizes.ciphertext)}, plaintext ${humanBytes(sizes.plaintext)}, ` +
    `evaluation key ${humanBytes(sizes.evaluationKey)} (${digits} digits)`;
  return Object.defineProperty(sizes, inspect, { value: print });
}
