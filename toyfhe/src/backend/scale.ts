/**
 * The scale of a plaintext or ciphertext, kept exactly.
 *
 * CKKS stores a value v as the integer round(v·Δ). Every product multiplies scales and every rescale divides by one
 * prime of the chain, so each scale that can occur is a monomial 2^a·∏qᵢ^eᵢ with integer exponents. Keeping the
 * exponents makes equality exact: 2^40 and 2^80/q₂ are different scales even where both print as 1.0995e12.
 * @module
 */
import { FheError } from './errors.ts';
import { describe, inspect, subscript, superscript } from './print.ts';

/** One prime of the chain with its exponent. */
export interface Factor {
  /** Position i of the prime qᵢ in the chain. */
  readonly index: number;
  readonly prime: bigint;
  /** Never zero. */
  readonly power: number;
}

/** An exact scale 2^a·∏qᵢ^eᵢ. Immutable. */
export class Scale {
  /** The exponent a of two. */
  readonly twos: number;
  readonly #factors: readonly Factor[];

  private constructor(twos: number, factors: readonly Factor[]) {
    this.twos = twos;
    this.#factors = factors;
  }

  /** The scale 2^a; a is an integer. */
  static powerOfTwo(a: number): Scale {
    if (!Number.isInteger(a)) {
      throw new FheError({
        code: 'RANGE',
        op: 'make a scale',
        field: 'exponent of two',
        should: 'an integer',
        is: describe(a),
        hint: 'Scale.powerOfTwo(40) is 2^40',
      });
    }
    return new Scale(a, []);
  }

  /** The scale qᵢ: a plaintext encoded at it leaves a ciphertext's scale unchanged by `mulPlain` and `rescale`. */
  static ofPrime(index: number, prime: bigint): Scale {
    return new Scale(0, [{ index, prime, power: 1 }]);
  }

  /** The scale 2^twos·∏ prime^power; all exponents are integers. */
  static monomial(twos: number, factors: readonly Factor[]): Scale {
    return factors.reduce((scale, f) => scale.#combine(new Scale(0, [f]), 1), Scale.powerOfTwo(twos));
  }

  /** The primes qᵢ in it, by i. */
  get factors(): readonly Factor[] {
    return this.#factors;
  }

  times(other: Scale): Scale {
    return this.#combine(other, 1);
  }

  over(other: Scale): Scale {
    return this.#combine(other, -1);
  }

  equals(other: Scale): boolean {
    const quotient = this.over(other);
    return quotient.twos === 0 && quotient.#factors.length === 0;
  }

  /** log₂ of the scale, in bits. */
  get log2(): number {
    return this.#factors.reduce((sum, f) => sum + f.power * Math.log2(Number(f.prime)), this.twos);
  }

  /** The nearest double, to a few units in the last place; Infinity beyond 2^1024. */
  get value(): number {
    let exponent = this.twos;
    let mantissa = 1;
    for (const { prime, power } of this.#factors) {
      // p = m·2^k with m in [1/√2, √2], and mostly next to 1: after n squarings exponents are 2^n, and powers of m must
      // neither overflow nor vanish.
      const bits = Math.round(Math.log2(Number(prime)));
      mantissa *= (Number(prime) / 2 ** bits) ** power;
      exponent += bits * power;
    }
    const half = Math.trunc(exponent / 2); // in two steps: 2 ** exponent alone may overflow where the value does not
    return mantissa * 2 ** half * 2 ** (exponent - half);
  }

  /** The scale as a fraction of integers, not reduced. */
  get fraction(): { numerator: bigint; denominator: bigint } {
    let numerator = this.twos > 0 ? 2n ** BigInt(this.twos) : 1n;
    let denominator = this.twos < 0 ? 2n ** BigInt(-this.twos) : 1n;
    for (const { prime, power } of this.#factors) {
      if (power > 0) numerator *= prime ** BigInt(power);
      else denominator *= prime ** BigInt(-power);
    }
    return { numerator, denominator };
  }

  /** `2^80/q₂`, `2^120/(q₁·q₂²)`, `q₃`. */
  toString(): string {
    const part = (f: Factor, power: number): string => `q${subscript(f.index)}${power === 1 ? '' : superscript(power)}`;
    const above = this.#factors.filter((f) => f.power > 0).map((f) => part(f, f.power));
    const below = this.#factors.filter((f) => f.power < 0).map((f) => part(f, -f.power));
    if (this.twos !== 0 || above.length === 0) above.unshift(this.twos === 0 ? '1' : `2^${this.twos}`);
    const numerator = above.join('·');
    if (below.length === 0) return numerator;
    return below.length === 1 ? `${numerator}/${below[0]}` : `${numerator}/(${below.join('·')})`;
  }

  [inspect](): string {
    return `Scale ${this.toString()}`;
  }

  #combine(other: Scale, sign: 1 | -1): Scale {
    const factors = [...this.#factors];
    for (const f of other.#factors) {
      const at = factors.findIndex((g) => g.index === f.index && g.prime === f.prime);
      const power = (at < 0 ? 0 : factors[at]!.power) + sign * f.power;
      if (at >= 0) factors.splice(at, 1);
      if (power !== 0) factors.push({ ...f, power });
    }
    factors.sort((f, g) => f.index - g.index);
    return new Scale(this.twos + sign * other.twos, factors);
  }
}
