/**
 * What differs between BFV, BGV and CKKS stands in four small functions, as in ToyFHE.jl (π, π⁻¹, 𝒩, 𝒢):
 *
 * - `embed` (π⁻¹) takes a plaintext polynomial into the ciphertext ring,
 * - `extract` (π) takes a decrypted ring element, message and noise together, back to a plaintext polynomial,
 * - `noise` (𝒩) draws the errors of encryptions and keys,
 * - `secret` (𝒢) draws secret keys and the randomness of encryptions.
 *
 * These four say how to encrypt and decrypt. All three schemes take 𝒢 as it stands here; BGV has an 𝒩 of its own. What
 * they cannot say is how a product and a division treat the message, because that depends on where it stands: one hook
 * each for it, with an answer that is right when the message is the phase itself.
 *
 * - `tensor`: BFV's message stands in the high digits, so a product must be divided by Q/t,
 * - `dropped`: and its size is measured by Q, so the message changes when only the modulus does,
 * - `noiseUnit`: BGV's message stands in the low digits, so whatever is rounded away must be a multiple of t.
 *
 * Three more hooks, `keyRing`, `keyFactor` and `lower`, are there for wrapper objects ({@link overriding}): no scheme
 * touches them. Everything else is shared.
 * @module
 */

import { inspect } from '../backend/print.ts';
import type { RandomSource } from '../backend/random.ts';
import { need } from './checks.ts';
import { bitWindows, type Gadget, rnsDigits } from './gadget.ts';
import type { Encoding } from './plain.ts';
import { needRing, type Ring } from './ring.ts';
import type { RingElement } from './ring-element.ts';
import { type Distribution, discreteGaussian, STANDARD_SIGMA } from './sampling.ts';

/** Options that all three schemes share. */
export interface RlweOptions {
  /** Width of the error distribution, 0 to 10 000; 8/√(2π) ≈ 3.19 unless told. */
  readonly sigma?: number;
  /** Bits of a key-switching digit. 0, the default: one digit for each prime of the modulus (RNS digits). */
  readonly relinWindow?: number;
  /** Where secrets come from; the error distribution unless told, as in the article. `ternary` is the other usual one. */
  readonly secret?: Distribution;
}

/** The parameters of a scheme on a ring. Toy parameters: never secure. */
export abstract class RlweParams {
  /** `BFV`, `BGV` or `CKKS`. */
  abstract readonly scheme: string;
  /** What its plaintexts are made of; see {@link Encoding.space}. */
  abstract readonly space: string;
  /** t, where plaintexts are integers modulo t. */
  readonly plainModulus?: bigint;
  /** The ring of fresh ciphertexts. */
  readonly ring: Ring;
  /** How a ring element falls into small digits for key switching. */
  readonly gadget: Gadget;
  readonly gaussian: Distribution;
  readonly secretDistribution: Distribution;

  constructor(ring: Ring, options: RlweOptions = {}) {
    needRing('make parameters', ring);
    this.ring = ring;
    this.gaussian = discreteGaussian(options.sigma ?? STANDARD_SIGMA);
    this.secretDistribution = options.secret ?? this.gaussian;
    const window = options.relinWindow ?? 0;
    this.gadget = window === 0 ? rnsDigits : bitWindows(window);
  }

  /** π⁻¹: the element of `ring` that carries this plaintext polynomial. */
  abstract embed(plain: readonly bigint[], ring: Ring): RingElement;

  /** π: the plaintext polynomial (centred coefficients) in a decrypted element. */
  abstract extract(phase: RingElement): bigint[];

  /** 𝒩: the error polynomial. It is a multiple of {@link noiseUnit}. */
  noise(random: RandomSource): bigint[] {
    return this.gaussian(this.ring.degree, random);
  }

  /** 𝒢: a small polynomial, for a secret key or the randomness of an encryption. */
  secret(random: RandomSource): bigint[] {
    return this.secretDistribution(this.ring.degree, random);
  }

  /** What every rounding must be a multiple of; 1 where any integer polynomial may pass for noise. */
  get noiseUnit(): bigint {
    return 1n;
  }

  /** The product of two ciphertexts as polynomials in the secret s: parts[k] goes with s^k. */
  tensor(a: readonly RingElement[], b: readonly RingElement[]): RingElement[] {
    return convolve(a, b);
  }

  /** The encoding of a ciphertext whose modulus has lost a prime, while nothing was divided. */
  dropped<P>(encoding: Encoding<P>, _prime: bigint): Encoding<P> {
    return encoding;
  }

  /** The encoding of a ciphertext that has been divided by a prime of its modulus, which has lost it. */
  divided<P>(encoding: Encoding<P>, prime: bigint): Encoding<P> {
    return this.dropped(encoding, prime).dividedBy(prime);
  }

  /** The ring that key switching of an element of `ring` computes in. */
  keyRing(ring: Ring): Ring {
    return ring;
  }

  /** The factor that switching keys carry. */
  get keyFactor(): bigint {
    return 1n;
  }

  /** From {@link keyRing} back to the ciphertext's ring, dividing by {@link keyFactor}. */
  lower(switched: RingElement): RingElement {
    return switched;
  }

  [inspect](): string {
    return `${this.scheme} parameters`;
  }
}

/** The product of two polynomials in s with ring elements as coefficients; any lengths n and m give n + m − 1. */
export function convolve(a: readonly RingElement[], b: readonly RingElement[]): RingElement[] {
  return Array.from({ length: a.length + b.length - 1 }, (_, k) => {
    const terms = a.flatMap((x, i) => (b[k - i] === undefined ? [] : [x.mul(b[k - i]!)]));
    return terms.reduce((sum, term) => sum.add(term));
  });
}

/**
 * A parameter object that answers as `inner` does except for these hooks. `inner` stays as it is; its own methods,
 * reached through the wrapper, see the overridden hooks too, so wrappers can be stacked in any order.
 * @throws FheError FORMAT for anything but parameters.
 */
export function overriding<P extends RlweParams>(inner: P, hooks: Partial<RlweParams>): P {
  needParams(inner);
  return Object.create(inner, Object.getOwnPropertyDescriptors(hooks)) as P;
}

/** @throws FheError FORMAT for anything but parameters of the toy. */
export function needParams(params: unknown): asserts params is RlweParams {
  const hint = 'make them with CKKSParams, BFVParams or BGVParams';
  need(params, RlweParams, { op: 'wrap parameters', field: 'what is wrapped', should: 'parameters of the toy', hint });
}
