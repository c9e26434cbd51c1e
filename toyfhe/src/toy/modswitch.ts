/**
 * Smaller moduli: dividing by the last prime, or only leaving primes out.
 * @module
 */

import { inverseMod } from '../backend/primes.ts';
import { refused, show } from './checks.ts';
import { type Ciphertext, needCiphertext } from './ciphertext.ts';
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
 * @throws FheError LEVEL_EXHAUSTED when one prime is left; FORMAT for anything but a ciphertext.
 */
export function modswitch<P extends Plain>(c: Ciphertext<P>, residue: Residue = centred): Ciphertext<P> {
  refuseUnlessMore('modswitch', c, 1);
  return c.with(
    c.parts.map((part) => divideByLastPrime(part, c.params.noiseUnit, residue)),
    c.params.divided(c.encoding, c.ring.primes.at(-1)!),
  );
}

/**
 * The same ciphertext modulo all but the last `count` primes. Nothing is divided: in CKKS and BGV message, scale and
 * noise stay. In BFV the noise stays too, and Δ·m modulo Q/q stands for q·m, which the encoding remembers and undoes.
 * @throws FheError LEVEL_EXHAUSTED unless more than `count` primes are there; RANGE for a count that is no whole number;
 *   FORMAT for anything but a ciphertext.
 */
export function dropPrime<P extends Plain>(c: Ciphertext<P>, count: number = 1): Ciphertext<P> {
  refuseUnlessMore('drop a prime', c, count);
  const left = c.ring.primes.length - count;
  const ring = c.ring.take(left);
  return c.with(
    c.parts.map((part) => part.restrict(ring)),
    c.ring.primes.slice(left).reduce((encoding, prime) => c.params.dropped(encoding, prime), c.encoding),
  );
}

function refuseUnlessMore(op: string, c: unknown, count: number): void {
  needCiphertext(op, c);
  if (!Number.isSafeInteger(count) || count < 0) {
    const hint = 'it counts the primes to leave out';
    throw refused('RANGE', op, 'the count', 'a whole number, 0 or more', show(count), hint);
  }
  const left = c.ring.primes.length;
  if (left > count) return;
  const hint = 'start from a ring with more primes';
  throw refused('LEVEL_EXHAUSTED', op, 'the number of primes left', `${count + 1} or more`, String(left), hint);
}
