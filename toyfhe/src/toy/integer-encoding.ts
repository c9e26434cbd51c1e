/**
 * Plaintexts of BFV and BGV: one integer, or a vector of them, modulo t.
 * @module
 */

import { inverseMod, isPrime, primesAbove } from '../backend/primes.ts';
import { inspect } from '../backend/print.ts';
import { refused, show } from './checks.ts';
import { cameFrom } from './galois-element.ts';
import { type Layout, scalarLayout, slotLayout } from './integer-layouts.ts';
import { centred, mod, wholeNumber } from './integers.ts';
import type { Encoding } from './plain.ts';
import { PlainVector } from './plain-vector.ts';
import { formatSlots } from './print-slots.ts';
import type { Ring } from './ring.ts';
import { needElement, type RingElement } from './ring-element.ts';
import { integersModulo, type SlotArithmetic } from './slot-arithmetic.ts';

/**
 * A layout modulo t. The polynomial stands for factor·values: BGV's modswitch divides the message by a prime, BFV's
 * dropPrime multiplies it by one, and this remembers which modulo t.
 */
export class IntegerForm implements Encoding<IntegerPlain> {
  readonly layout: Layout;
  readonly t: bigint;
  readonly factor: bigint;

  constructor(layout: Layout, t: bigint, factor: bigint = 1n) {
    this.layout = layout;
    this.t = t;
    this.factor = factor;
  }

  get name(): string {
    return `${this.layout.name}{${this.t}${this.factor === 1n ? '' : `, factor ${this.factor}`}}`;
  }

  get space(): string {
    return `integers mod ${this.t}`;
  }

  get scaleText(): string {
    return String(this.factor);
  }

  get scalePrint(): string {
    return `factor ${this.factor} mod ${this.t}`;
  }

  get scaleCure(): string {
    return 'bring both down in the same way, either by modswitch or by dropPrime';
  }

  decode(coefficients: readonly bigint[], ring: Ring): IntegerPlain {
    const undo = inverseMod(this.factor, this.t);
    const residues = Array.from({ length: ring.degree }, (_, j) => mod((coefficients[j] ?? 0n) * undo, this.t));
    return new IntegerPlain(this, ring, this.layout.decode(residues, this.t, ring.degree));
  }

  times(other: IntegerForm): IntegerForm {
    if (other.layout.name !== this.layout.name) {
      throw refused('FORMAT', 'multiply', 'the encoding', this.layout.name, other.layout.name, 'encode both alike');
    }
    return new IntegerForm(this.layout, this.t, (this.factor * other.factor) % this.t);
  }

  dividedBy(prime: bigint): IntegerForm {
    return new IntegerForm(this.layout, this.t, (this.factor * inverseMod(prime, this.t)) % this.t);
  }

  multipliedBy(prime: bigint): IntegerForm {
    return new IntegerForm(this.layout, this.t, (this.factor * prime) % this.t);
  }

  [inspect](): string {
    return this.name;
  }
}

/** Integers modulo t, bound for a ring. Values can be set; operations give new vectors. */
export class IntegerPlain extends PlainVector<bigint, bigint | number, IntegerPlain> {
  override readonly encoding: IntegerForm;
  override readonly ring: Ring;
  readonly #values: bigint[];

  constructor(encoding: IntegerForm, ring: Ring, values: readonly bigint[]) {
    super();
    this.encoding = encoding;
    this.ring = ring;
    this.#values = [...values];
  }

  override get length(): number {
    return this.#values.length;
  }

  /** In [0, t). */
  protected override read(i: number): bigint {
    return this.#values[i]!;
  }

  protected override write(i: number, value: bigint): void {
    this.#values[i] = value;
  }

  /** Any integer, of any size and sign; it is kept modulo t. */
  protected override accept(i: number, value: bigint | number): bigint {
    const whole = wholeNumber(value);
    if (whole !== undefined) return mod(whole, this.encoding.t);
    throw refused('RANGE', 'set a slot', `slot ${i}`, 'a whole number', show(value), 'use CKKS for fractions');
  }

  protected override get slots(): SlotArithmetic<bigint> {
    return integersModulo(this.encoding.t);
  }

  /** Each row of d/2 slots moves `steps` to the right; a scalar stays where it is. */
  circshift(steps: number): SlotEncoding {
    const half = this.length / 2;
    const from = (i: number): number => (i < half ? 0 : half) + cameFrom(i % half, steps, half);
    const moved = this.length === 1 ? this.#values : this.#values.map((_, i) => this.#values[from(i)]!);
    return new IntegerPlain(this.encoding, this.ring, moved);
  }

  /** The two rows of slots change places. */
  conjugate(): SlotEncoding {
    const half = Math.floor(this.length / 2);
    return new IntegerPlain(this.encoding, this.ring, [...this.#values.slice(half), ...this.#values.slice(0, half)]);
  }

  override coefficients(): bigint[] {
    const { layout, t, factor } = this.encoding;
    return layout.encode(this.#values, t, this.ring.degree).map((a) => centred(a * factor, t));
  }

  [inspect](): string {
    if (this.length === 1) return `${this.encoding.name}(${this.#values[0]})`;
    return formatSlots(this.encoding.name, this.#values.map(String));
  }
}

/** See the function of the same name. */
export type ScalarEncoding = IntegerPlain;
/** See the function of the same name. */
export type SlotEncoding = IntegerPlain;

/**
 * One integer modulo t in the constant term of a ring element: `ScalarEncoding(257n, zero(R)).set(0, 6n)`.
 * A toy: not secure.
 * @throws FheError RANGE for t < 2; FORMAT for anything but a ring element.
 */
export function ScalarEncoding(t: bigint | number, element: RingElement): ScalarEncoding {
  needElement('encode', element);
  const modulus = wholeNumber(t) ?? 0n;
  if (modulus < 2n) throw refused('RANGE', 'encode', 'the plaintext modulus', '2 or more', show(t), 'use e.g. 257n');
  return new IntegerForm(scalarLayout, modulus).decode(element.centred(), element.ring);
}

/**
 * d integers modulo t, in two rows of d/2 slots: `SlotEncoding(257n, zero(R))` has d slots of zero to fill.
 * @throws FheError RANGE unless t is a prime ≡ 1 (mod 2d), which has enough roots of x^d + 1; FORMAT
 *   for anything but a ring element.
 */
export function SlotEncoding(t: bigint | number, element: RingElement): SlotEncoding {
  needElement('encode', element);
  const { degree } = element.ring;
  const modulus = wholeNumber(t) ?? 0n;
  if (!isPrime(modulus) || modulus % (2n * BigInt(degree)) !== 1n) {
    const hint = `use e.g. ${primesAbove(1, 2n * BigInt(degree), 1)[0]}n`;
    throw refused('RANGE', 'encode', 'the plaintext modulus', `a prime ≡ 1 mod ${2 * degree}`, show(t), hint);
  }
  return new IntegerForm(slotLayout, modulus).decode(element.centred(), element.ring);
}
