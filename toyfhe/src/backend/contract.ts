/**
 * The contract that every CKKS backend meets: the cleartext twin, the readable toy, node-seal, the engine.
 * The same verbs with the same meaning, the same metadata, the same errors.
 *
 * - **Roles are types.** `SecretKeys` decrypts, `PublicKey` encrypts, `EvaluationKeys` computes and has no `decrypt`.
 * - **Level**: rescalings left. **Scale**: exact. **Length**: polynomials in the ciphertext, 2 when fresh.
 * - **Rotation** by k moves slot i to slot i + k, around the end, over all slots.
 * - Each object owns memory: `dispose()` (or `using`, or `backend.scope(…)`) gives it back.
 * @module
 */
import type { TraceLine } from './errors.ts';
import type { Parameters } from './parameters.ts';
import type { Scale } from './scale.ts';
import type { Slots, Values } from './slots.ts';

declare global {
  // TypeScript before 5.2 does not know Symbol.dispose; the same declaration stands in its later libraries.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** Something that holds memory outside the JavaScript heap. */
export interface Owned {
  /** Gives the memory back; using the object afterwards is an error (DISPOSED). A second call does nothing. */
  dispose(): void;
  [Symbol.dispose](): void;
  readonly disposed: boolean;
}

/** What every operation checks before it works. */
export interface Meta {
  /** Rescalings left: the modulus is q₀·…·q_level. */
  readonly level: number;
  readonly scale: Scale;
  /** Number of polynomials: 2, or 3 between `mul` and `relinearize`. */
  readonly length: number;
}

/** Encoded values: a polynomial whose slots are the values times the scale. Not encrypted. */
export interface Plaintext extends Owned {
  readonly level: number;
  readonly scale: Scale;
  /** Whether all values were rounded to zero: `mulPlain` by it is refused, and `addPlain` changes nothing. */
  readonly isZero: boolean;
}

/** Encrypted values. */
export interface Ciphertext extends Owned, Meta {
  /** Size in memory. */
  readonly bytes: number;
  /** How it came to be: the last operations, oldest first. */
  readonly trace: readonly TraceLine[];
}

export interface EncodeOptions {
  /** Default: the highest level. */
  readonly level?: number;
  /** Default: the parameters' scale. */
  readonly scale?: Scale;
  /**
   * Repeat the n values, n a divisor of the number of slots, until all slots are full: the polynomial is then one in
   * X^(slots/n) (Cheon et al., eprint 2018/153, sparsely packed ciphertexts). Default: false, zeros after them.
   */
  readonly repeat?: boolean;
}

/** Which evaluation keys to make. */
export interface KeyOptions {
  /** Rotation steps, each in −slots < k < slots; one key a step. Default: none. */
  readonly rotations?: readonly number[];
  /** Default: false. */
  readonly conjugate?: boolean;
  /** The key for `relinearize`. Default: true. */
  readonly relinearize?: boolean;
  /**
   * Called after each evaluation key that was made; `done` counts from 1 to `total`. What it throws ends the work, and keys
   * made so far are given back.
   */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The client's: decrypts, encrypts for itself, and makes evaluation keys. Never leaves the client. */
export interface SecretKeys extends Owned {
  /** Which key pair this belongs to: a random name, not secret. */
  readonly keyId: string;
  decrypt(c: Ciphertext): Plaintext;
  /**
   * A fresh ciphertext as `PublicKey.encrypt` makes it, with less noise; a backend that saves ciphertexts saves it in half
   * the space, because its second polynomial grows from a seed.
   */
  encrypt(p: Plaintext): Ciphertext;
  /** Further evaluation keys of the same key pair. */
  evaluationKeys(options?: KeyOptions): EvaluationKeys;
}

/** Anyone's: encrypts. */
export interface PublicKey extends Owned {
  readonly keyId: string;
  /** A fresh ciphertext: length 2, the plaintext's level and scale, which must be above the noise. */
  encrypt(p: Plaintext): Ciphertext;
}

/** The server's: computes on ciphertexts. Results are new objects; operands stay as they are. */
export interface EvaluationKeys extends Owned {
  readonly keyId: string;
  /** The rotation steps that keys exist for, normalised to 1 … slots − 1, ascending. */
  readonly rotations: readonly number[];
  /** Same level and same scale; the longer length. */
  add(a: Ciphertext, b: Ciphertext): Ciphertext;
  /** Same level and same scale. `sub(c, c)` is refused: it would be transparent. */
  sub(a: Ciphertext, b: Ciphertext): Ciphertext;
  neg(c: Ciphertext): Ciphertext;
  /** Same level and same scale. */
  addPlain(c: Ciphertext, p: Plaintext): Ciphertext;
  /** Same level; scales multiply. A plaintext of zeros is refused: the result would be transparent. */
  mulPlain(c: Ciphertext, p: Plaintext): Ciphertext;
  /** Same level, both of length 2; scales multiply; the result has length 3. */
  mul(a: Ciphertext, b: Ciphertext): Ciphertext;
  square(c: Ciphertext): Ciphertext;
  /** Length 3 to length 2. */
  relinearize(c: Ciphertext): Ciphertext;
  /** Divides values' scale and modulus by q_level: one level down. */
  rescale(c: Ciphertext): Ciphertext;
  /** Down to `level` without dividing: the scale stays. */
  dropLevel(c: Ciphertext, level: number): Ciphertext;
  /** Moves slot i to slot i + steps (right for positive steps). Length 2. */
  rotate(c: Ciphertext, steps: number): Ciphertext;
  /** The same ciphertext rotated by several steps: a backend may share work between them. */
  rotateMany(c: Ciphertext, steps: readonly number[]): Ciphertext[];
  /**
   * Σᵢ rotate(cᵢ, stepsᵢ), at least one; step 0 needs no key. Same level and same scale, length 2. A backend may share
   * work between terms of the same ciphertext, and reduce the modulus once for the whole sum.
   */
  rotateSum(cs: readonly Ciphertext[], steps: readonly number[]): Ciphertext;
  /**
   * Σᵢ cᵢ·pᵢ, at least one; scales multiply. Ciphertexts of the same level, scale and length, plaintexts of that level and
   * of one scale. Plaintexts of zeros are skipped; where all are, the call is refused: the result would be transparent.
   * (That products cancel, as in c·1 + c·(−1), is not looked for.)
   */
  dotPlain(cs: readonly Ciphertext[], ps: readonly Plaintext[]): Ciphertext;
  /** The complex conjugate of every slot. Length 2. */
  conjugate(c: Ciphertext): Ciphertext;
}

export interface Keys {
  readonly secretKeys: SecretKeys;
  readonly publicKey: PublicKey;
  readonly evaluationKeys: EvaluationKeys;
}

export interface Backend extends Owned {
  /** `twin`, `toy`, `seal`, … */
  readonly name: string;
  readonly parameters: Parameters;
  /** 128 where the parameters are secure and this backend encrypts in earnest; 0 for the twin and the toy. */
  readonly securityBits: 128 | 0;
  /**
   * @throws FheError SLOTS (too many values, none, or a number to repeat that does not divide the slots), RANGE (not
   *   finite, too large for scale and level, no such level), SCALE_OVERFLOW.
   */
  encode(values: Values, options?: EncodeOptions): Plaintext;
  /** The real parts of all slots. */
  decode(p: Plaintext): Float64Array;
  decodeComplex(p: Plaintext): Slots;
  /** A new key pair from the operating system's randomness, with evaluation keys. */
  keygen(options?: KeyOptions): Keys;
  /**
   * The values that a ciphertext should hold, where the backend can know them: the twin, and `shadowed`. Undefined, or left
   * out, elsewhere. For checks that a real server cannot make, such as whether inputs are in range; never for results.
   */
  peek?(c: Ciphertext): Slots | undefined;
  /** Objects made and not yet disposed. */
  readonly live: number;
  /**
   * Runs `f` and disposes what was made in it, except what it returns (an object, or an array or record of them).
   * `f` must be synchronous.
   */
  scope<T>(f: () => T): T;
}
