/**
 * Which automorphism x ↦ x^g moves slots how. Slot i is the value at ζ^(3^(i+1)), with ζ a root of unity of order 2d:
 * the powers of 3 are half of the odd numbers modulo 2d, their negatives the other half. So x ↦ x^(3^−k) puts into slot
 * i what stood at 3^(i+1−k), in slot i − k: everything moves k slots to the right.
 * @module
 */

import { powMod } from '../backend/primes.ts';
import { refused, show } from './checks.ts';

/** 3 generates the slot order, as in ToyFHE.jl and SEAL; Lattigo's is 5. */
const GENERATOR = 3n;

/** The odd exponents 3^1, 3^2, …, 3^(d/2) mod 2d that belong to the slots 0 … d/2 − 1. */
export function slotExponents(degree: number): number[] {
  const m = 2n * BigInt(degree);
  return Array.from({ length: degree / 2 }, (_, i) => Number(powMod(GENERATOR, BigInt(i + 1), m)));
}

/**
 * The element for a rotation by `steps` to the right (negative: to the left): 3^−steps mod 2d.
 * On degree 16, steps = 1 has element 11 and steps = 2 has 25.
 * @throws FheError RANGE unless steps is a whole number.
 */
export function rotationElement(steps: number, degree: number): number {
  // 3 has order d/2 modulo 2d, so steps count modulo d/2, and −steps is where slot 0 comes from.
  return Number(powMod(GENERATOR, BigInt(cameFrom(0, steps, degree / 2)), 2n * BigInt(degree)));
}

/** 2d − 1, that is −1: complex conjugation of the slots. */
export function conjugationElement(degree: number): number {
  return 2 * degree - 1;
}

/**
 * The index that moves to index i when n entries move `steps` to the right and wrap around.
 * @throws FheError RANGE unless steps is a whole number.
 */
export function cameFrom(i: number, steps: number, n: number): number {
  if (Number.isSafeInteger(steps)) return (((i - steps) % n) + n) % n;
  const hint = 'count slots to the right, negative ones to the left';
  throw refused('RANGE', 'rotate', 'steps', 'a whole number', show(steps), hint);
}
