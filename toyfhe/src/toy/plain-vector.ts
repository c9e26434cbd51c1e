/**
 * Arithmetic on plaintexts, in the clear: each result holds what the same operation on ciphertexts would decrypt to,
 * without noise and without rounding, at the same scale.
 * @module
 */

import { needSameRing, needSameScale } from './alike.ts';
import { need, refused } from './checks.ts';
import type { Encoding, Plain } from './plain.ts';
import type { Ring } from './ring.ts';
import type { SlotArithmetic } from './slot-arithmetic.ts';
import { SlotVector } from './slot-vector.ts';

/** A plaintext whose slots are of type V: what those of CKKS, BFV and BGV have in common. */
export abstract class PlainVector<V, Input, Self extends PlainVector<V, Input, Self>>
  extends SlotVector<V, Input>
  implements Plain
{
  abstract readonly encoding: Encoding<Self>;
  abstract readonly ring: Ring;
  abstract coefficients(): bigint[];

  /** How to compute with its slots. */
  protected abstract get slots(): SlotArithmetic<V>;

  /** Zeros in the same encoding (its exact scale) and ring: to fill. */
  blank(): Self {
    return this.encoding.decode([], this.ring);
  }

  /**
   * The sum with a plaintext, slot by slot, or with a number in each.
   * @throws FheError SCALE_MISMATCH, LEVEL_MISMATCH or FORMAT when the two do not belong together; RANGE for a number that
   *   the encoding cannot hold.
   */
  add(other: Self | number): Self {
    const theirs = this.#operand('add', other);
    return this.#with(this.encoding, (a, i) => this.slots.add(a, theirs.read(i)));
  }

  /** The difference; see {@link add}. */
  sub(other: Self | number): Self {
    return this.add(this.#operand('subtract', other).neg());
  }

  neg(): Self {
    return this.#with(this.encoding, (a) => this.slots.neg(a));
  }

  /**
   * The product with a plaintext, slot by slot, a number, or a bigint. Scales multiply, except with a bigint.
   * @throws FheError LEVEL_MISMATCH or FORMAT when the two do not belong together; RANGE for a number that the encoding
   *   cannot hold.
   */
  mul(other: Self | number | bigint): Self {
    if (typeof other === 'number') return this.mul(this.blank().fill(other));
    if (typeof other === 'bigint') return this.#with(this.encoding, (a) => this.slots.mul(a, this.slots.of(other)));
    this.#check('multiply', other);
    return this.#with(this.encoding.times(other.encoding), (a, i) => this.slots.mul(a, other.read(i)));
  }

  /** Other slots in this ring. */
  #with(encoding: Encoding<Self>, slot: (a: V, i: number) => V): Self {
    const made = encoding.decode([], this.ring);
    for (const [i, a] of this.toArray().entries()) made.write(i, slot(a, i));
    return made;
  }

  /** The other operand of a sum. */
  #operand(op: string, other: Self | number): Self {
    if (typeof other === 'number') return this.blank().fill(other);
    this.#check(op, other);
    needSameScale(op, this, other, 'fill a.blank() instead, which has the scale of the plaintext a');
    return other;
  }

  #check(op: string, other: Self): void {
    need<PlainVector<V, Input, Self>>(other, PlainVector, {
      op,
      field: 'the second operand',
      should: 'a plaintext of the toy or a number',
      hint: 'fill one, e.g. a.blank().assign([1, 2, 3]); with a ciphertext c, write c.add(a) or c.mul(a)',
    });
    needSameRing(op, this, other, 'encode both in one ring');
    if (this.length === other.length) return;
    const { name } = this.encoding;
    throw refused('FORMAT', op, 'the encoding', name, other.encoding.name, 'encode both alike');
  }
}
