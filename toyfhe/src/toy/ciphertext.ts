/**
 * Ciphertexts and the arithmetic that needs no key.
 * @module
 */

import { inspect } from '../backend/print.ts';
import { needSameRing, needSameScale } from './alike.ts';
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
   * The sum with a ciphertext (of any length) or a plaintext, slot by slot, or with a number in each slot.
   * @throws FheError SCALE_MISMATCH, LEVEL_MISMATCH or FORMAT when the two do not belong together; KEY_MISSING for a
   *   ciphertext of another key pair; RANGE for a number that the encoding cannot hold.
   */
  add(other: Ciphertext<P> | P | number): Ciphertext<P> {
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
  sub(other: Ciphertext<P> | P | number): Ciphertext<P> {
    const theirs = this.#operand('subtract', other);
    return this.add(this.with(theirs.map((part) => part.neg())));
  }

  neg(): Ciphertext<P> {
    return this.with(this.parts.map((part) => part.neg()));
  }

  /**
   * The product with a ciphertext (lengths n and m give n + m − 1), a plaintext, a number (a plaintext filled with it), or a
   * bigint. Scales multiply, except with a bigint. Whether the result still fits the modulus is not checked.
   * @throws FheError LEVEL_MISMATCH or FORMAT when the two do not belong together; KEY_MISSING for a ciphertext of
   *   another key pair; RANGE for a number that the encoding cannot hold.
   */
  mul(other: Ciphertext<P> | P | number | bigint): Ciphertext<P> {
    if (typeof other === 'number') return this.mul(this.blank().fill(other));
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
  #operand(op: string, other: Ciphertext<P> | P | number): readonly RingElement[] {
    if (typeof other === 'number') return this.#operand(op, this.blank().fill(other));
    this.#check(op, other);
    const cure =
      other instanceof Ciphertext
        ? this.encoding.scaleCure
        : 'fill c.blank() instead, which has the scale of the ciphertext c';
    needSameScale(op, this, other, cure);
    return other instanceof Ciphertext ? other.parts : [this.params.embed(other.coefficients(), this.ring)];
  }

  #check(op: string, other: Ciphertext<P> | P): void {
    if (!(other instanceof Ciphertext) && !isPlain(other)) {
      const hint = 'fill a plaintext, e.g. c.blank().assign([1, 2, 3])';
      throw refused('FORMAT', op, 'the second operand', 'a ciphertext or a plaintext of the toy', show(other), hint);
    }
    if (other instanceof Ciphertext) needSamePair(op, this, 'the second operand', other);
    needSameRing(op, this, other, 'modswitch, dropPrime or encode until both stand in the same ring');
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
