/**
 * Ciphertexts and plaintexts of the toy. Its products need no keys and no levels: lengths and scales grow, and where two
 * scales differ, the smaller one is raised by ones.
 * @module
 */
import type { Complex } from '../backend/index.ts';
import { CKKSEncoding, Ciphertext, type Encoding, type FixedRational, type Plain, zero } from '../toy/index.ts';
import { log2 } from '../toy/integers.ts';
import { byRepeatedSquaring } from '../circuits/power.ts';
import { refused } from './refusals.ts';
import type { Algebra } from './run-term.ts';

/** What plaintexts of all three schemes can do. */
export interface ToyPlain extends Plain, Iterable<unknown> {
  readonly encoding: Encoding<ToyPlain>;
  fill(value: number | Complex): this;
  assign(values: Iterable<unknown>): ToyPlain;
  blank(): ToyPlain;
  add(other: ToyPlain | number): ToyPlain;
  mul(other: ToyPlain | number | bigint): ToyPlain;
  neg(): ToyPlain;
  conjugate(): ToyPlain;
}

export type ToyCiphertext = Ciphertext<ToyPlain>;
export type ToyValue = ToyCiphertext | ToyPlain;

/** Ones at a scale of twenty bits are rounded by a millionth at most. */
const LEAST_RATIO_BITS = 20;

export class ToyAlgebra implements Algebra<ToyValue> {
  readonly #op: string;
  /** Of numbers that are multiplied by: the smallest scale among the variables. */
  readonly #encoding: Encoding<ToyPlain>;

  constructor(op: string, variables: readonly ToyValue[]) {
    this.#op = op;
    this.#encoding = variables.map((v) => v.encoding).reduce((a, b) => (scaleBits(b) < scaleBits(a) ? b : a));
  }
  copy(c: ToyValue): ToyValue {
    return isEncrypted(c) ? c : c.blank().assign(c);
  }
  add(a: ToyValue, b: ToyValue): ToyValue {
    if (!isEncrypted(b)) {
      const like = a.encoding.space === b.encoding.space ? a.blank().assign(b) : b; // it is in the clear: encoded anew
      return a.add(like);
    }
    if (!isEncrypted(a)) return this.add(b, a);
    const [bitsA, bitsB] = [scaleBits(a.encoding), scaleBits(b.encoding)];
    return bitsA < bitsB ? this.#raised(a, b).add(b) : a.add(this.#raised(b, a));
  }
  negative(c: ToyValue): ToyValue {
    return c.neg();
  }
  mul(a: ToyValue, b: ToyValue): ToyValue {
    if (!isEncrypted(a)) return isEncrypted(b) ? this.mul(b, a) : a.mul(inRingOf(a, b));
    return this.#fitting(isEncrypted(b) ? a.mul(b) : a.mul(inRingOf(a, b)));
  }
  power(c: ToyValue, n: number): ToyValue {
    return byRepeatedSquaring(c, n, (a, b) => this.mul(a, b));
  }
  addNumber(c: ToyValue, x: Complex): ToyValue {
    return this.add(c, c.blank().fill(slot(x)));
  }
  mulNumber(c: ToyValue, x: Complex): ToyValue {
    if (x.im === 0 && Number.isSafeInteger(x.re)) return c.mul(BigInt(x.re));
    return this.mul(c, this.#encoding.decode([], c.ring).fill(slot(x)));
  }
  conjugate(c: ToyValue): ToyValue {
    if (!isEncrypted(c)) return c.conjugate();
    const hint = 'conjugate(c, galoisKey) makes a ciphertext that can be a variable';
    throw refused(
      this.#op,
      ['what is conjugated', 'a plaintext of the toy, or behind the contract', 'a ciphertext of the toy'],
      hint,
    );
  }
  polynomial(): never {
    throw new RangeError('the toy knows no levels to save'); // such terms are made behind the contract only
  }
  scope(f: () => ToyValue): ToyValue {
    return f();
  }

  /** `c` at the scale of `other`, which is larger, where ones can bring it there; else as it is, and the sum says why not. */
  #raised(c: ToyCiphertext, other: ToyCiphertext): ToyCiphertext {
    const [own, wanted] = [scaleOf(c.encoding), scaleOf(other.encoding)];
    if (own === undefined || wanted === undefined || !c.ring.equals(other.ring)) return c;
    const ratio = wanted.div(own);
    const whole = ratio.denominator === 1n;
    if (ratio.numerator === ratio.denominator || (!whole && bits(ratio) < LEAST_RATIO_BITS)) return c;
    const ones: ToyPlain = CKKSEncoding(ratio, zero(c.ring)).fill(1);
    return c.mul(ones);
  }

  /** @throws FheError SCALE_OVERFLOW where values of 1 no longer fit the modulus: they would decrypt to garbage */
  #fitting(c: ToyCiphertext): ToyCiphertext {
    const room = log2(c.ring.modulus) - 1;
    const is = scaleBits(c.encoding);
    if (is < room) return c;
    const should = `below ${room.toFixed(1)} (log2 of the modulus, less the sign)`;
    const hint = 'take a ring with more primes, or go in steps with keyswitch and modswitch between the products';
    throw refused(this.#op, ['log2(scale)', should, is.toFixed(1)], hint, 'SCALE_OVERFLOW');
  }
}

function isEncrypted(value: ToyValue): value is ToyCiphertext {
  return value instanceof Ciphertext;
}

/** A plaintext bound for the ring of `a`, at its own scale. */
function inRingOf(a: ToyValue, plain: ToyPlain): ToyPlain {
  return a.ring.equals(plain.ring) ? plain : plain.encoding.decode([], a.ring).assign(plain);
}

function slot({ re, im }: Complex): number | Complex {
  return im === 0 ? re : { re, im };
}

/** Undefined for integers modulo t, which have a factor and no scale. */
function scaleOf(encoding: Encoding<ToyPlain>): FixedRational | undefined {
  return 'scale' in encoding ? (encoding.scale as FixedRational) : undefined;
}

function scaleBits(encoding: Encoding<ToyPlain>): number {
  const scale = scaleOf(encoding);
  return scale === undefined ? 0 : bits(scale);
}

function bits({ numerator, denominator }: FixedRational): number {
  return log2(numerator) - log2(denominator);
}
