/**
 * BGV: exact integers modulo t in the low digits, noise above them in multiples of t.
 * Brakerski–Gentry–Vaikuntanathan, eprint 2011/277.
 * @module
 */

import type { RandomSource } from '../backend/random.ts';
import { centred } from './integers.ts';
import { type RlweOptions, RlweParams } from './params.ts';
import { checkPlainModulus, type PlainModulus } from './plain-modulus.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

/** Exported for its name: a declaration, as notebook kernels make for every cell, has to name the type of a variable. */
export class Bgv extends RlweParams {
  override readonly scheme: string = 'BGV';
  override readonly space: string;
  override readonly plainModulus: bigint;

  constructor(ring: Ring, options: RlweOptions & PlainModulus) {
    super(ring, options);
    this.plainModulus = checkPlainModulus(options, ring);
    this.space = `integers mod ${this.plainModulus}`;
  }

  /** π⁻¹: the polynomial as it is, in the low digits. */
  override embed(plain: readonly bigint[], ring: Ring): RingElement {
    return RingElement.lift(ring, plain);
  }

  /** π: what is left modulo t; right while message + noise stay below Q/2. */
  override extract(phase: RingElement): bigint[] {
    return phase.centred().map((a) => centred(a, this.plainModulus));
  }

  /** 𝒩: t times a Gaussian, so that it vanishes modulo t. 𝒢 is the shared Gaussian. */
  override noise(random: RandomSource): bigint[] {
    return super.noise(random).map((e) => e * this.plainModulus);
  }

  /** Roundings are noise as well: multiples of t, or they would change the message. */
  override get noiseUnit(): bigint {
    return this.plainModulus;
  }
}

/** See the function of the same name. */
export type BGVParams = Bgv;

/**
 * BGV on a ring with plaintexts modulo `plainModulus`. A toy: not secure.
 * @throws FheError RANGE unless 2 ≤ plainModulus < Q and it shares no factor with Q, or for a sigma or relinWindow
 *   outside its range; FORMAT for anything but a ring.
 */
export function BGVParams(ring: Ring, options: RlweOptions & PlainModulus): BGVParams {
  return new Bgv(ring, options);
}
