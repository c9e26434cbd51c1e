/**
 * Ciphertexts and the arithmetic that needs no key.
 * @module
 */

import { inspect } from '../backend/print.ts';
import { need, refused, show } from './checks.ts';
import { needSamePair, OfPair, type PairId } from './pair.ts';
import { type Encoding, isPlain, type Plain } from './plain.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

/** A polynomial in the secret s, parts[k] going with s^k; it decrypts to a plaintext of type P. Immutable. */
export class Ciphertext<P extends Plain = Plain> extends OfPair {
  readonly encoding: Encoding<P>;
  readonly parts: readonly RingElement[];

  constructor(pair: PairId, encoding: Encoding<P>, parts: readonly RingElement[]) {
    super(pair);
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
   * @throws FheError SCALE_MISMATCH, LEVEL_MISMATCH or FORMAT when the two do not belong together; KEY_MISSING for a
   *   ciphertext of another key pair.
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
    return this.add(this.with(theirs.map((part) => part.neg())));
  }

  neg(): Ciphertext<P> {
    return this.with(this.parts.map((part) => part.neg()));
  }

  /**
   * The product with a ciphertext (lengths n and m give n + m − 1), a plaintext, or an integer.
   * Scales multiply, except with an integer. Whether the result still fits the modulus is not checked.
   * @throws FheError LEVEL_MISMATCH or FORMAT when the two do not belong together; KEY_MISSING for a ciphertext of
   *   another key pair.
   */
  mul(other: Ciphertext<P> | P | bigint): Ciphertext<P> {
    if (typeof other === 'bigint') return this.with(this.parts.map((part) => part.scale(other)));
    this.#check('multiply', other);
    const encoding = this.encoding.times(other.encoding as Encoding<P>);
    if (other instanceof Ciphertext) return this.with(this.params.tensor(this.parts, other.parts), encoding);
    // A factor that is not encrypted multiplies the message as it is: no scheme lifts it by π⁻¹.
    const factor = RingElement.lift(this.ring, other.coefficients());
    return this.with(
      this.parts.map((part) => part.mul(factor)),
      encoding,
    );
  }

  /** A plaintext of zeros with this ciphertext's encoding (its exact scale) and ring: to fill, and to add to it. */
  blank(): P {
    return this.encoding.decode([], this.ring);
  }

  /** Other parts under the same key pair, in the same encoding unless told. */
  with(parts: readonly RingElement[], encoding: Encoding<P> = this.encoding): Ciphertext<P> {
    return new Ciphertext(this.pair, encoding, parts);
  }

  /** The other operand of a sum, as ciphertext parts. */
  #operand(op: string, other: Ciphertext<P> | P): readonly RingElement[] {
    this.#check(op, other);
    const [mine, theirs] = [this.encoding, other.encoding];
    if (mine.scaleText !== theirs.scaleText) {
      // Two different scales may have the same short print; then all digits are shown.
      const [should, is] =
        mine.scalePrint === theirs.scalePrint
          ? [mine.scaleText, theirs.scaleText]
          : [mine.scalePrint, theirs.scalePrint];
      const cure =
        other instanceof Ciphertext
          ? mine.scaleCure
          : 'fill c.blank() instead, which has the scale of the ciphertext c';
      throw refused('SCALE_MISMATCH', op, 'scale', should, is, cure);
    }
    return other instanceof Ciphertext ? other.parts : [this.params.embed(other.coefficients(), this.ring)];
  }

  #check(op: string, other: Ciphertext<P> | P): void {
    if (!(other instanceof Ciphertext) && !isPlain(other)) {
      const hint =
        typeof other === 'number' && op === 'multiply'
          ? 'write an integer factor as a bigint, e.g. 2n, or fill a plaintext'
          : 'fill a plaintext, e.g. c.blank().assign([1, 2, 3])';
      throw refused('FORMAT', op, 'the second operand', 'a ciphertext or a plaintext of the toy', show(other), hint);
    }
    if (other instanceof Ciphertext) needSamePair(op, this, 'the second operand', other);
    const { space, name } = this.encoding;
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

/** @throws FheError FORMAT for anything but a ciphertext of the toy. */
export function needCiphertext(op: string, c: unknown): asserts c is Ciphertext {
  const hint = 'encrypt(kp.pub, plain) makes one; objects of toyfhe/backend go with their own backend';
  need(c, Ciphertext, { op, field: 'the ciphertext', should: 'one of the toy', hint });
}
