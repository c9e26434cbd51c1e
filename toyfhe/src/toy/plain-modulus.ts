/**
 * The plaintext modulus t of BFV and BGV.
 * @module
 */

import { refused, show } from './checks.ts';
import { wholeNumber } from './integers.ts';
import type { Ring } from './ring.ts';

/** The option that BFV and BGV ask for besides the shared ones. */
export interface PlainModulus {
  /** t: plaintexts are integers modulo t. Slots need a prime t ≡ 1 (mod 2·degree), e.g. 257 on degree 16. */
  readonly plainModulus: bigint | number;
}

/** t from the options, as a bigint. @throws FheError RANGE unless 2 ≤ t < Q and t shares no factor with Q. */
export function checkPlainModulus(options: Partial<PlainModulus> | undefined, ring: Ring): bigint {
  const t = options?.plainModulus; // plain JavaScript may leave the options out
  const whole = wholeNumber(t) ?? 0n;
  if (whole >= 2n && whole < ring.modulus && ring.primes.every((p) => whole % p !== 0n)) return whole;
  const should = 'a whole number from 2 to the ring modulus, prime to it';
  throw refused('RANGE', 'make parameters', 'plainModulus', should, show(t), 'choose e.g. { plainModulus: 257n }');
}
