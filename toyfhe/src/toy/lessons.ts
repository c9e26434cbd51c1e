/**
 * Experiments that a lesson can repeat, on the article's ring and vector. Each returns numbers and prints nothing.
 * @module
 */

import { type RandomSource, systemRandom } from '../backend/random.ts';
import { CKKSParams } from './ckks.ts';
import { CKKSEncoding } from './ckks-encoding.ts';
import { decrypt, encrypt } from './encryption.ts';
import { FixedRational } from './fixed-rational.ts';
import { circshift } from './galois.ts';
import { InsecureDebug } from './insecure-debug.ts';
import { mod } from './integers.ts';
import { keygen } from './keygen.ts';
import { EvalMultKey, GaloisKey } from './keys.ts';
import { keyswitch } from './keyswitch.ts';
import { modswitch, type Residue } from './modswitch.ts';
import { ModulusRaised } from './modulus-raised.ts';
import type { RlweParams } from './params.ts';
import { NegacyclicRing } from './ring.ts';
import { zero } from './ring-element.ts';

const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8];
const ROTATED = circshift(NUMBERS, 2);
const SQUARES = NUMBERS.map((x) => x * x);

/** Largest distance |got − want| over the slots, as complex numbers. */
export function worstSlot(got: CKKSEncoding, want: readonly number[]): number {
  return Math.max(...want.map((x, i) => Math.hypot(got.re[i]! - x, got.im[i]!)));
}

/** The worst slot after each decrypting step of the walk-through. */
export interface ArticleErrors {
  /** A11: decrypt a fresh encryption of 1 … 8. */
  readonly fresh: number;
  /** A14: decrypt its square, length 3, scale 2^80. */
  readonly squared: number;
  /** A18: after keyswitch and modswitch. */
  readonly rescaled: number;
  /** A22: the fresh ciphertext rotated by 2. */
  readonly rotated: number;
}

/** Steps A10 to A22 on parameters of ring degree 16, at scale 2^40. `residue` chooses how modswitch rounds. */
export function articleErrors(
  params: RlweParams,
  random: RandomSource = systemRandom,
  residue?: Residue,
): ArticleErrors {
  const plain = CKKSEncoding(FixedRational(2n ** 40n), zero(params.ring)).assign(NUMBERS);
  const kp = keygen(params, random);
  const c = encrypt(kp.pub, plain, random);
  const squared = c.mul(c);
  const rescaled = modswitch(keyswitch(keygen(EvalMultKey, kp.priv, random), squared), residue);
  const rotated = circshift(c, keygen(GaloisKey, kp.priv, { steps: 2 }, random));
  return {
    fresh: worstSlot(decrypt(kp.priv, c), NUMBERS),
    squared: worstSlot(decrypt(kp.priv, squared), SQUARES),
    rescaled: worstSlot(decrypt(kp.priv, rescaled), SQUARES),
    rotated: worstSlot(decrypt(kp.priv, rotated), ROTATED),
  };
}

/**
 * Why there is a special prime. Rotating a fresh ciphertext at scale 2^40 with RNS digits multiplies the noise of the
 * key by digits of 40 bits: the error is as large as the scale, and the slots are garbage (an error of about 35 on
 * numbers up to 8). One-bit digits or a special prime that divides it away bring it back below 1e-8.
 */
export function rotationLesson(random: RandomSource = systemRandom): {
  readonly rnsDigits: number;
  readonly oneBitDigits: number;
  readonly specialPrime: number;
} {
  const R = NegacyclicRing(16, [40, 40, 40]);
  const raised = NegacyclicRing(16, [40, 40, 40, 40]); // the fourth prime is the special one: ciphertexts live in R
  return {
    rnsDigits: articleErrors(CKKSParams(R), random).rotated,
    oneBitDigits: articleErrors(CKKSParams(R, { relinWindow: 1 }), random).rotated,
    specialPrime: articleErrors(ModulusRaised(CKKSParams(raised)), random).rotated,
  };
}

/** The uncentred residue: subtracting it before a division rounds down, as ToyFHE.jl's modswitch does. */
export const floorResidue: Residue = (r, q) => mod(r, q);

/** Worst-slot errors over several runs. */
export interface ErrorSummary {
  readonly mean: number;
  readonly max: number;
}

/**
 * Why modswitch centres the residue. Rounding down is wrong by ½ on average, always in the same direction, and c₁'s
 * share of that is multiplied by the secret. With noise off nothing hides it: the worst slot of A18 over `runs` key
 * pairs is about twice as large as with rounding to the nearest.
 */
export function roundingLesson(
  random: RandomSource = systemRandom,
  runs: number = 50,
): { readonly nearest: ErrorSummary; readonly floor: ErrorSummary } {
  const params = InsecureDebug(CKKSParams(NegacyclicRing(16, [40, 40, 40])));
  const summary = (residue?: Residue): ErrorSummary => {
    const errors = Array.from({ length: runs }, () => articleErrors(params, random, residue).rescaled);
    return {
      mean: errors.reduce((sum, error) => sum + error) / runs,
      max: Math.max(...errors),
    };
  };
  return { nearest: summary(), floor: summary(floorResidue) };
}
