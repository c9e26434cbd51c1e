/**
 * The plaintext modulus t of BFV and BGV.
 * @module
 */

import { FheError } from '../backend/errors.ts';
import type { Ring } from './ring.ts';

/** The option that BFV and BGV ask for besides the shared ones. */
export interface PlainModulus {
  /** t: plaintexts are integers modulo t. Slots need a prime t ≡ 1 (mod 2·degree), e.g. 257 on degree 16. */
  readonly plainModulus: bigint | number;
}

/** t as a bigint, once 2 ≤ t < Q and t shares no factor with Q. */
export function checkPlainModulus(t: bigint | number, ring: Ring): bigint {
  const whole = typeof t === 'bigint' ? t : Number.isSafeInteger(t) ? BigInt(t) : 0n;
  if (whole >= 2n && whole < ring.modulus && ring.primes.every((p) => whole % p !== 0n)) return whole;
  throw new FheError({
    code: 'RANGE',
    op: 'make parameters',
    field: 'plainModulus',
    should: 'a whole number from 2 to the ring modulus, prime to it',
    is: String(t),
    hint: 'choose e.g. 257n',
  });
}
