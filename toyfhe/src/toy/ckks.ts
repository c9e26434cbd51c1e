/**
 * CKKS: approximate numbers. Cheon–Kim–Kim–Song, eprint 2016/421; with RNS moduli eprint 2018/931.
 * The message is the decrypted polynomial itself, noise included: noise is one more rounding error.
 * @module
 */

import { type RlweOptions, RlweParams } from './params.ts';
import type { Ring } from './ring.ts';
import { RingElement } from './ring-element.ts';

/** Exported for its name: a declaration, as notebook kernels make for every cell, has to name the type of a variable. */
export class Ckks extends RlweParams {
  override readonly scheme: string = 'CKKS';
  override readonly space: string = 'complex numbers';

  /** π⁻¹: the polynomial as it is. */
  override embed(plain: readonly bigint[], ring: Ring): RingElement {
    return RingElement.lift(ring, plain);
  }

  /** π: the polynomial as it is. */
  override extract(phase: RingElement): bigint[] {
    return phase.centred();
  }

  // 𝒩 and 𝒢: discrete Gaussians, as shared.
}

/** See the function of the same name. */
export type CKKSParams = Ckks;

/**
 * CKKS on a ring. `CKKSParams(R)` has RNS digits; `{ relinWindow: 1 }` one-bit digits. A toy: not secure.
 * @throws FheError RANGE for a sigma or relinWindow outside its range; FORMAT for anything but a ring.
 */
export function CKKSParams(ring: Ring, options: RlweOptions = {}): CKKSParams {
  return new Ckks(ring, options);
}
