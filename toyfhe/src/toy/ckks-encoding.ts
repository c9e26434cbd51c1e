/**
 * Complex slots as an integer polynomial: embed, multiply by the scale, round. eprint 2016/421 (Ecd, Dcd).
 * @module
 */

import { type Complex, complex } from 'mathjs';
import { inspect } from '../backend/print.ts';
import { refused, show } from './checks.ts';
import type { ComplexSlots } from './embedding.ts';
import { FixedRational, needScale } from './fixed-rational.ts';
import { cameFrom } from './galois-element.ts';
import { log2 } from './integers.ts';
import type { Encoding } from './plain.ts';
import { PlainVector } from './plain-vector.ts';
import { formatComplex, formatSlots } from './print-slots.ts';
import type { Ring } from './ring.ts';
import { needElement, type RingElement } from './ring-element.ts';
import { roundedCoefficients, roundedSlots } from './rounding.ts';
import { complexNumbers, type SlotArithmetic } from './slot-arithmetic.ts';

/** A slot value: a real number, or anything with a real and an imaginary part (mathjs complex numbers are). */
export type SlotValue = number | { readonly re: number; readonly im: number };

/** The encoding at one exact scale. */
export class CkksScale implements Encoding<CkksPlain> {
  readonly scale: FixedRational;
  readonly space: string = 'complex numbers';

  constructor(scale: FixedRational) {
    this.scale = scale;
  }

  get scaleText(): string {
    const { numerator, denominator } = this.scale; // exact, unlike the print
    return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;
  }

  /** Such as `1.099511626783e12 (about 2^40.00)`. */
  get scalePrint(): string {
    const { numerator, denominator } = this.scale;
    return `${this.scale} (about 2^${(log2(numerator) - log2(denominator)).toFixed(2)})`;
  }

  get scaleCure(): string {
    return (
      'modswitch a product first; where scales stay close but unequal, bring the older one down not by dropPrime but ' +
      'by multiplying it with ones at scale wanted·q/own (q the prime that goes) and modswitch'
    );
  }

  get name(): string {
    return `CKKSEncoding{FixedRational{${this.scale}}}`;
  }

  decode(coefficients: readonly bigint[], ring: Ring): CkksPlain {
    return new CkksPlain(this, ring, roundedSlots(coefficients, this.scale, ring.degree));
  }

  times(other: CkksScale): CkksScale {
    return new CkksScale(this.scale.mul(other.scale));
  }

  dividedBy(prime: bigint): CkksScale {
    return new CkksScale(this.scale.div(FixedRational(prime)));
  }

  multipliedBy(prime: bigint): CkksScale {
    return new CkksScale(this.scale.mul(FixedRational(prime)));
  }

  [inspect](): string {
    return this.name;
  }
}

/** A vector of d/2 complex slots at a scale, bound for a ring. Slots can be set; operations give new vectors. */
export class CkksPlain extends PlainVector<Complex, SlotValue, CkksPlain> {
  override readonly encoding: CkksScale;
  override readonly ring: Ring;
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
    const [re, im] = parts(value);
    if (Number.isFinite(re) && Number.isFinite(im)) return complex(re, im);
    const is = typeof re === 'number' && typeof im === 'number' ? formatComplex(re, im) : show(value);
    throw refused('RANGE', 'set a slot', `slot ${i}`, 'a finite number, or { re, im }', is, 'check the input');
  }

  protected override get slots(): SlotArithmetic<Complex> {
    return complexNumbers;
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
  override coefficients(): bigint[] {
    return roundedCoefficients(this, this.scale, this.ring.modulus);
  }

  [inspect](): string {
    return formatSlots(
      this.encoding.name,
      Array.from(this.re, (re, i) => formatComplex(re, this.im[i]!)),
    );
  }
}

/** Real and imaginary part; of anything else (a string, a bigint, nothing) two values that are not finite numbers. */
function parts(value: SlotValue | undefined | null): readonly [re: number, im: number] {
  if (typeof value === 'object' && value !== null) return [value.re, value.im];
  return [value!, 0];
}

/** See the function of the same name. */
export type CKKSEncoding = CkksPlain;

/**
 * The slots in a ring element at a scale; `CKKSEncoding(FixedRational(2n ** 40n), zero(R))` has d/2 slots of zero to
 * fill. Works at any scale and in the ring of any level. A toy: not secure.
 * @throws FheError FORMAT for anything but a FixedRational and a ring element.
 */
export function CKKSEncoding(scale: FixedRational, element: RingElement): CKKSEncoding {
  needScale('encode', scale);
  needElement('encode', element);
  return new CkksScale(scale).decode(element.centred(), element.ring);
}
