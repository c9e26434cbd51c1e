/**
 * Ciphertexts and the arithmetic that needs no key.
 * @module
 */

import { FheError, type FheErrorCode } from '../backend/errors.ts';
import { inspect } from '../backend/print.ts';
import type { RlweParams } from './params.ts';
import type { Encoding, Plain } from './plain.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

/** A polynomial in the secret s, parts[k] going with s^k; it decrypts to a plaintext of type P. Immutable. */
export class Ciphertext<P extends Plain = Plain> {
  readonly params: RlweParams;
  readonly encoding: Encoding<P>;
  readonly parts: readonly RingElement[];

  constructor(params: RlweParams, encoding: Encoding<P>, parts: readonly RingElement[]) {
    this.params = params;
    this.encoding = encoding;
    this.parts = parts;
  }

  /** Number of ring elements: 2 when fresh, n + m − 1 after a product. */
  get length(): number {
    return this.parts.length;
  }

  /** The ring at this ciphertext's level. */
  get ring(): Ring {
    return this.parts[0]!.ring;
  }

  /**
   * The sum with a ciphertext (of any length) or a plaintext, slot by slot.
   * @throws FheError SCALE_MISMATCH, LEVEL_MISMATCH or FORMAT when the two do not belong together.
   */
  add(other: Ciphertext<P> | P): Ciphertext<P> {
    const theirs = this.#operand('add', other);
    const longer = Math.max(this.length, theirs.length);
    return this.with(
      Array.from({ length: longer }, (_, k) => {
        const [a, b] = [this.parts[k], theirs[k]];
        return a && b ? a.add(b) : (a ?? b)!;
      }),
    );
  }

  /** The difference; see {@link add}. */
  sub(other: Ciphertext<P> | P): Ciphertext<P> {
    const theirs = this.#operand('subtract', other);
    return this.add(
      new Ciphertext(
        this.params,
        this.encoding,
        theirs.map((part) => part.neg()),
      ),
    );
  }

  neg(): Ciphertext<P> {
    return this.with(this.parts.map((part) => part.neg()));
  }

  /**
   * The product with a ciphertext (lengths n and m give n + m − 1), a plaintext, or an integer.
   * Scales multiply, except with an integer. Whether the result still fits the modulus is not checked.
   * @throws FheError LEVEL_MISMATCH or FORMAT when the two do not belong together.
   */
  mul(other: Ciphertext<P> | P | bigint): Ciphertext<P> {
    if (typeof other === 'bigint') return this.with(this.parts.map((part) => part.scale(other)));
    this.#check('multiply', other);
    const encoding = this.encoding.times(other.encoding as Encoding<P>);
    if (other instanceof Ciphertext) {
      return new Ciphertext(this.params, encoding, this.params.tensor(this.parts, other.parts));
    }
    // A factor that is not encrypted multiplies the message as it is: no scheme lifts it by π⁻¹.
    const factor = RingElement.lift(this.ring, other.coefficients());
    return new Ciphertext(
      this.params,
      encoding,
      this.parts.map((part) => part.mul(factor)),
    );
  }

  /** A plaintext of zeros with this ciphertext's encoding (its exact scale) and ring: to fill, and to add to it. */
  blank(): P {
    return this.encoding.decode([], this.ring);
  }

  /** The same scheme and encoding with other parts. */
  with(parts: readonly RingElement[], encoding: Encoding<P> = this.encoding): Ciphertext<P> {
    return new Ciphertext(this.params, encoding, parts);
  }

  /** The other operand of a sum, as ciphertext parts. */
  #operand(op: string, other: Ciphertext<P> | P): readonly RingElement[] {
    this.#check(op, other);
    if (this.encoding.scaleText !== other.encoding.scaleText) {
      const hint = 'bring both to one scale: modswitch the larger, or encode the plaintext at the ciphertext’s scale';
      throw refused('SCALE_MISMATCH', op, 'scale', this.encoding.scaleText, other.encoding.scaleText, hint);
    }
    return other instanceof Ciphertext ? other.parts : [this.params.embed(other.coefficients(), this.ring)];
  }

  #check(op: string, other: Ciphertext<P> | P): void {
    const { space, name } = this.encoding;
    if (other instanceof Ciphertext && other.params.scheme !== this.params.scheme) {
      const hint = 'encrypt both under the same parameters';
      throw refused('FORMAT', op, 'the scheme of the second operand', this.params.scheme, other.params.scheme, hint);
    }
    if (other.encoding.space !== space) {
      throw refused('FORMAT', op, 'the plaintext space', space, other.encoding.space, `use a ${name}`);
    }
    if (!this.ring.equals(other.ring)) {
      const hint = 'modswitch, dropPrime or encode until both stand in the same ring';
      throw refused('LEVEL_MISMATCH', op, 'the ring', this.ring.toString(), other.ring.toString(), hint);
    }
  }

  [inspect](): string {
    return `${this.params.scheme} ciphertext (length ${this.length}, encoding ${this.encoding.name})`;
  }
}

function refused(code: FheErrorCode, op: string, field: string, should: string, is: string, hint: string): FheError {
  return new FheError({ code, op, field, should, is, hint });
}
