/**
 * What someone who writes a backend writes: the verbs on the backend's own objects. `CheckedBackend` puts the rules,
 * the metadata, the errors and the memory book-keeping around it, the same for all.
 * @module
 */
import type { Meta } from './contract.ts';
import type { Parameters } from './parameters.ts';
import type { Slots } from './slots.ts';

/** A backend's own types. */
export interface Handles {
  plain: unknown;
  cipher: unknown;
  secret: unknown;
  public: unknown;
  evaluation: unknown;
}

/** Evaluation keys to make: rotation steps are normalised to 1 … slots − 1, distinct and ascending. */
export interface KeyRequest {
  readonly rotations: readonly number[];
  readonly conjugate: boolean;
  readonly relinearize: boolean;
}

/**
 * Every call comes with operands that the rules allow and, as `out`, the metadata of its result.
 * Operands are never changed. Rotation steps are in 0 … slots − 1; 0 is a copy, the others have a key.
 */
export interface Arithmetic<H extends Handles> {
  readonly name: string;
  /** Whether anything is hidden: `no` in the clear, `toy` never securely, `yes` as far as the parameters go. */
  readonly hides: 'no' | 'toy' | 'yes';
  readonly parameters: Parameters;

  encode(values: Slots, out: Meta): H['plain'];
  /** Whether every coefficient has been rounded to zero. */
  isZero(p: H['plain'], meta: Meta): boolean;
  decode(p: H['plain'], meta: Meta): Slots;
  /** The real parts alone, which may be cheaper. */
  decodeReal(p: H['plain'], meta: Meta): Float64Array;

  keygen(): { secret: H['secret']; public: H['public'] };
  /** @param onKey to be called after each key made; where it throws, keys made so far are given back */
  evaluationKeys(secret: H['secret'], request: KeyRequest, onKey: () => void): H['evaluation'];
  encrypt(key: H['public'], p: H['plain'], out: Meta): H['cipher'];
  /** Fresh like `encrypt`, by the secret key. */
  encryptSecret(key: H['secret'], p: H['plain'], out: Meta): H['cipher'];
  decrypt(key: H['secret'], c: H['cipher'], out: Meta): H['plain'];

  add(a: H['cipher'], b: H['cipher'], out: Meta): H['cipher'];
  sub(a: H['cipher'], b: H['cipher'], out: Meta): H['cipher'];
  neg(c: H['cipher'], out: Meta): H['cipher'];
  addPlain(c: H['cipher'], p: H['plain'], out: Meta): H['cipher'];
  mulPlain(c: H['cipher'], p: H['plain'], out: Meta): H['cipher'];
  mul(a: H['cipher'], b: H['cipher'], out: Meta): H['cipher'];
  square(c: H['cipher'], out: Meta): H['cipher'];
  relinearize(keys: H['evaluation'], c: H['cipher'], out: Meta): H['cipher'];
  rescale(c: H['cipher'], out: Meta): H['cipher'];
  dropLevel(c: H['cipher'], out: Meta): H['cipher'];
  rotateMany(keys: H['evaluation'], c: H['cipher'], steps: readonly number[], out: Meta): H['cipher'][];
  conjugate(keys: H['evaluation'], c: H['cipher'], out: Meta): H['cipher'];

  /**
   * Σᵢ rotate(cᵢ, stepsᵢ), at least one; the same ciphertext may stand there several times. Left out: rotations one by
   * one, and additions (`sums.ts`).
   */
  rotateSum?(keys: H['evaluation'], cs: readonly H['cipher'][], steps: readonly number[], out: Meta): H['cipher'];
  /** Σᵢ cᵢ·pᵢ, at least one, no pᵢ zero. Left out: products one by one, and additions. */
  dotPlain?(cs: readonly H['cipher'][], ps: readonly H['plain'][], out: Meta): H['cipher'];

  /**
   * Whether all that goes with the secret is zero, so that anybody can read it: such results are refused. Left out: nothing is
   * hidden, or the backend refuses them itself.
   */
  isTransparent?(c: H['cipher']): boolean;

  /** The values that a ciphertext should hold, without a key and without noise. Left out: not known. */
  peek?(c: H['cipher']): Slots;

  /** Size in memory. */
  bytes(c: H['cipher']): number;
  /** Gives an object's memory back. */
  free(handle: H[keyof Handles]): void;
  /** Gives back whatever the backend itself holds. */
  close(): void;
}
