/**
 * The special prime: key switching in a larger ring.
 * @module
 */

import { inspect } from '../backend/print.ts';
import { refused } from './checks.ts';
import { divideByLastPrime } from './modswitch.ts';
import { needParams, overriding, type RlweParams } from './params.ts';

/**
 * The same parameters with the ring's last prime P kept for key switching (Gentry–Halevi–Smart, eprint 2012/099; SEAL's
 * special prime). Keys live modulo Q·P and carry the factor P; ciphertexts live modulo Q. After the switch everything is
 * divided by P, the noise of the key too, so RNS digits of full size do no harm. Fresh plaintexts are encoded in
 * `ring(params)`, which has one prime less. A toy: not secure.
 * @throws FheError RANGE for a ring of one prime; FORMAT for anything but parameters.
 */
export function ModulusRaised<P extends RlweParams>(params: P): P {
  needParams(params);
  const { primes } = params.ring;
  if (primes.length < 2) {
    const hint = 'add the special prime at the end of the ring’s moduli';
    throw refused(
      'RANGE',
      'raise the modulus',
      'the number of primes of the ring',
      '2 or more',
      `${primes.length}`,
      hint,
    );
  }
  const special = primes.at(-1)!;
  return overriding<P>(params, {
    ring: params.ring.take(primes.length - 1),
    keyRing: (ring) => ring.extend(special),
    keyFactor: special,
    lower: (switched) => divideByLastPrime(switched, params.noiseUnit),
    [inspect]: () => `${params[inspect]()} (special prime ${special})`,
  });
}
