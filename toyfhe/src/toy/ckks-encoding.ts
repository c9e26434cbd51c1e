/**
 * Complex slots as an integer polynomial: embed, multiply by the scale, round. eprint 2016/421 (Ecd, Dcd).
 * @module
 */

import { type Complex, complex } from 'mathjs';
import { FheError } from '../backend/errors.ts';
import { inspect } from '../backend/print.ts';
import { type ComplexSlots, coefficientsOf, slotsOf } from './embedding.ts';
import { FixedRational } from './fixed-rational.ts';
import { cameFrom } from './galois-element.ts';
import { log2, maxAbs, ratioToNumber, roundTimesRatio } from './integers.ts';
import type { Encoding, Plain } from './plain.ts';
import { formatComplex, formatSlots } from './print-slots.ts';
import type { Ring } from './ring.ts';
import type { RingElement } from './ring-element.ts';
import { SlotVector } from './slot-vector.ts';

/** A slot value: a real number, or anything with a real and an imaginary part (mathjs complex numbers are). */
export type SlotValue = number | { readonly re: number; readonly im: number };

/** The encoding at one exact scale. */
class CkksScale implements Encoding<CkksPlain> {
  readonly scale: FixedRational;
  readonly space: string = 'complex numbers';

  constructor(scale: FixedRational) {
    this.scale = scale;
  }

  get scaleText(): string {
    const { numerator, denominator } = this.scale; // exact, unlike the print
    return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;
  }

  get name(): string {
    return `CKKSEncoding{FixedRational{${this.scale}}}`;
  }

  decode(coefficients: readonly bigint[], ring: Ring): CkksPlain {
    const { numerator, denominator } = this.scale;
    const reals = Array.from({ length: ring.degree }, (_, j) => {
      return ratioToNumber((coefficients[j] ?? 0n) * denominator, numerator);
    });
    return new CkksPlain(this, ring, slotsOf(reals));
  }

  times(other: CkksScale): CkksScale {
    return new CkksScale(this.scale.mul(other.scale));
  }

  dividedBy(prime: bigint): CkksScale {
    return new CkksScale(this.scale.div(FixedRational(prime)));
  }

  [inspect](): string {
    return this.name;
  }
}

/** A vector of d/2 complex slots at a scale, bound for a ring. Slots can be set; operations give new vectors. */
class CkksPlain extends SlotVector<Complex, SlotValue> implements Plain {
  readonly encoding: CkksScale;
  readonly ring: Ring;
  /** Real parts of the slots. */
  readonly re: Float64Array;
  /** Imaginary parts of the slots. */
  readonly im: Float64Array;

  constructor(encoding: CkksScale, ring: Ring, slots: ComplexSlots) {
    super();
    this.encoding = encoding;
    this.ring = ring;
    this.re = slots.re;
    this.im = slots.im;
  }

  get scale(): FixedRational {
    return this.encoding.scale;
  }

  /** Number of slots, half the ring degree. */
  override get length(): number {
    return this.re.length;
  }

  protected override read(i: number): Complex {
    return complex(this.re[i]!, this.im[i]!);
  }

  protected override write(i: number, value: Complex): void {
    this.re[i] = value.re;
    this.im[i] = value.im;
  }

  protected override accept(i: number, value: SlotValue): Complex {
    const [re, im] = typeof value === 'number' ? [value, 0] : [value.re, value.im];
    if (Number.isFinite(re) && Number.isFinite(im)) return complex(re, im);
    throw outOfRange('set a slot', `slot ${i}`, 'a finite number', formatComplex(re, im), 'check the input');
  }

  /** Slot i moves to slot i + steps (right). */
  circshift(steps: number): CKKSEncoding {
    const moved = (from: Float64Array): Float64Array => from.map((_, i) => from[cameFrom(i, steps, from.length)]!);
    return new CkksPlain(this.encoding, this.ring, {
      re: moved(this.re),
      im: moved(this.im),
    });
  }

  conjugate(): CKKSEncoding {
    return new CkksPlain(this.encoding, this.ring, {
      re: this.re.slice(),
      im: this.im.map((y) => -y),
    });
  }

  /**
   * The coefficients times the scale, each rounded exactly to the nearest integer.
   * @throws FheError RANGE when one of them is not below half the modulus: it would come back as another number.
   */
  coefficients(): bigint[] {
    const { numerator, denominator } = this.scale;
    const reals = coefficientsOf(this);
    const bad = reals.find((x) => !Number.isFinite(x));
    if (bad !== undefined) throw outOfRange('encode', 'every coefficient', 'finite', String(bad), 'use smaller values');
    const rounded = reals.map((x) => roundTimesRatio(x, numerator, denominator));
    const largest = maxAbs(rounded);
    if (2n * largest >= this.ring.modulus) {
      const should = `below 2^${(log2(this.ring.modulus) - 1).toFixed(1)}`;
      const hint = 'use smaller values, a smaller scale or more primes';
      throw outOfRange('encode', 'every coefficient', should, `about 2^${log2(largest).toFixed(1)}`, hint);
    }
    return rounded;
  }

  [inspect](): string {
    return formatSlots(
      this.encoding.name,
      Array.from(this.re, (re, i) => formatComplex(re, this.im[i]!)),
    );
  }
}

function outOfRange(op: string, field: string, should: string, is: string, hint: string): FheError {
  return new FheError({ code: 'RANGE', op, field, should, is, hint });
}

/** See the function of the same name. */
export type CKKSEncoding = CkksPlain;

/**
 * The slots in a ring element at a scale; `CKKSEncoding(FixedRational(2n ** 40n), zero(R))` has d/2 slots of zero to
 * fill. Works at any scale and in the ring of any level.
 */
export function CKKSEncoding(scale: FixedRational, element: RingElement): CKKSEncoding {
  return new CkksScale(scale).decode(element.centred(), element.ring);
}
