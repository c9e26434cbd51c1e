/**
 * Which key pair a thing belongs to. Keys and ciphertexts of another pair have the right shape and the wrong secret:
 * without a name for the pair, they would compute garbage in silence.
 * @module
 */

import { refused } from './checks.ts';
import type { RlweParams } from './params.ts';

/**
 * A key pair's name, shared by both its halves, by the keys made from them and by their ciphertexts. It holds no secret,
 * and nothing but being the same object makes two names equal.
 */
export class PairId {
  readonly params: RlweParams;

  constructor(params: RlweParams) {
    this.params = params;
  }
}

/** Whatever belongs to one key pair. */
export abstract class OfPair {
  readonly pair: PairId;

  constructor(pair: PairId) {
    this.pair = pair;
  }

  get params(): RlweParams {
    return this.pair.params;
  }
}

/** @throws FheError KEY_MISSING when `other` (in words: `field`) does not belong to the key pair of `c`. */
export function needSamePair(op: string, c: OfPair, field: string, other: OfPair): void {
  if (other.pair === c.pair) return;
  const [mine, theirs] = [c.params.scheme, other.params.scheme];
  throw refused(
    'KEY_MISSING',
    op,
    field,
    `of the ${mine} key pair that the ciphertext was encrypted for`,
    `of another ${theirs} key pair`,
    'encrypt with, and make keys from, one key pair',
  );
}
