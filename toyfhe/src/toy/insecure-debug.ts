/**
 * Encryption without noise, to look at everything else.
 * @module
 */

import { inspect } from '../backend/print.ts';
import { overriding, type RlweParams } from './params.ts';

/**
 * The same parameters with every error zero. What is left are the roundings of encodings and of `modswitch`. Without
 * errors anybody can solve the public key for the secret: for looking at, never for hiding anything.
 * @throws FheError FORMAT for anything but parameters.
 */
export function InsecureDebug<P extends RlweParams>(params: P): P {
  return overriding<P>(params, {
    noise: () => new Array<bigint>(params.ring.degree).fill(0n),
    [inspect]: () => `${params[inspect]()} (InsecureDebug: no noise)`,
  });
}
