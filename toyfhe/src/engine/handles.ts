/**
 * What the engine's objects consist of. A limb is an address in the kernels' memory: N residues of one prime, transformed.
 * @module
 */
import type { Limbs } from './key-switch.ts';
import type { StoredKey } from './key-store.ts';

/** Bytes of a seed: a ChaCha20 key. */
export const SEED_BYTES = 32;

/** A polynomial, or a constant: the same number in every slot needs no transform and no memory. */
export type EnginePlain = PolynomialPlain | ConstantPlain;

export interface PolynomialPlain {
  readonly kind: 'polynomial';
  readonly limbs: Limbs;
  readonly isZero: boolean;
}

export interface ConstantPlain {
  readonly kind: 'constant';
  /** The one coefficient: the value times the scale, rounded; an integer. */
  readonly coefficient: number;
  /** It modulo each prime in use, centred. */
  readonly residues: readonly number[];
}

export interface EngineCipher {
  readonly kind: 'cipher';
  /** Two polynomials, or three between product and relinearization. */
  readonly polynomials: readonly Limbs[];
  /** Fresh under the secret key: the second polynomial is the stream of this seed. */
  readonly seed?: Uint8Array;
}

export interface EngineSecret {
  readonly kind: 'secret';
  /** Modulo all primes, the special ones included. */
  readonly limbs: Limbs;
}

export interface EnginePublic {
  readonly kind: 'public';
  readonly b: Limbs;
  readonly a: Limbs;
  readonly seed: Uint8Array;
}

/** A key from s² (relinearization) or from s(X^g) to s. */
export interface EngineKey {
  readonly stored: StoredKey;
  readonly seed: Uint8Array;
  /** The permutation of X → X^g; 0 for relinearization. */
  readonly table: number;
}

export interface EngineEvaluation {
  readonly kind: 'evaluation';
  readonly relinearize: EngineKey | undefined;
  readonly conjugate: EngineKey | undefined;
  /** By steps, 1 … slots − 1. */
  readonly rotations: ReadonlyMap<number, EngineKey>;
}

export interface EngineHandles {
  plain: EnginePlain;
  cipher: EngineCipher;
  secret: EngineSecret;
  public: EnginePublic;
  evaluation: EngineEvaluation;
}
