/**
 * Smaller moduli: dividing by the last prime, or only leaving primes out.
 * @module
 */

import { FheError } from '../backend/errors.ts';
import { inverseMod } from '../backend/primes.ts';
import type { Ciphertext } from './ciphertext.ts';
import { centred } from './integers.ts';
import type { Plain } from './plain.ts';
import { RingElement } from './ring-element.ts';

/** A representative of r modulo q, of absolute value below q. */
export type Residue = (r: bigint, q: bigint) => bigint;

/**
 * x divided by the ring's last prime q and rounded: (x − δ)/q with δ ≡ x (mod q) small. `unit` is the noise unit of the
 * scheme: δ is a multiple of it, so that a message below the noise (BGV) is not disturbed. `residue` chooses δ/unit:
 * centred, which rounds to the nearest; uncentred it would round down. eprint 2018/931; for the unit,
 * Gentry–Halevi–Smart, eprint 2012/099.
 */
export function divideByLastPrime(x: RingElement, unit: bigint, residue: Residue = centred): RingElement {
  const ring = x.ring.take(x.ring.primes.length - 1);
  const q = x.ring.primes.at(-1)!;
  const unitInverse = inverseMod(unit, q);
  const delta = x
    .coefficients()
    .at(-1)!
    .map((r) => unit * residue((r * unitInverse) % q, q));
  const difference = new RingElement(ring, x.coefficients().slice(0, -1), 'coefficients').sub(
    RingElement.lift(ring, delta),
  );
  // q is invertible modulo each other prime, and the division is exact there.
  const limbs = difference.coefficients().map((limb, i) => {
    const p = ring.primes[i]!;
    const inverse = inverseMod(q, p);
    return limb.map((a) => (a * inverse) % p);
  });
  return new RingElement(ring, limbs, 'coefficients');
}

/**
 * The ciphertext divided by the last prime of its modulus: noise shrinks with it. In CKKS the scale does too, which is
 * why it is called rescaling there; BFV and BGV messages stay what they are. `residue` is for the lesson on rounding.
 * @throws FheError LEVEL_EXHAUSTED when one prime is left.
 */
export function modswitch<P extends Plain>(c: Ciphertext<P>, residue: Residue = centred): Ciphertext<P> {
  refuseUnlessMore('modswitch', c, 1);
  return c.with(
    c.parts.map((part) => divideByLastPrime(part, c.params.noiseUnit, residue)),
    c.params.divided(c.encoding, c.ring.primes.at(-1)!),
  );
}

/**
 * The same ciphertext modulo all but the last `count` primes; nothing is divided, so message and scale stay.
 * @throws FheError LEVEL_EXHAUSTED unless more than `count` primes are there; FORMAT in BFV, which loses its message.
 */
export function dropPrime<P extends Plain>(c: Ciphertext<P>, count: number = 1): Ciphertext<P> {
  refuseUnlessMore('drop a prime', c, count);
  const ring = c.ring.take(c.ring.primes.length - count);
  return c.with(c.parts.map((part) => c.params.restrict(part, ring)));
}

function refuseUnlessMore(op: string, c: Ciphertext<Plain>, count: number): void {
  const left = c.ring.primes.length;
  if (Number.isInteger(count) && count >= 0 && left > count) return;
  throw new FheError({
    code: 'LEVEL_EXHAUSTED',
    op,
    field: 'the number of primes left',
    should: `${count + 1} or more`,
    is: String(left),
    hint: 'start from a ring with more primes',
  });
}
