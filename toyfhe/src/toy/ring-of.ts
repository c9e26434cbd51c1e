/**
 * Which ring a thing lives in.
 * @module
 */

import { need } from './checks.ts';
import { Ring } from './ring.ts';

/**
 * The ring of a ciphertext (it shrinks with every modswitch), a plaintext, a ring element, a public key or parameters:
 * for parameters, the ring of fresh ciphertexts.
 * @throws FheError FORMAT for what lives in no ring.
 */
export function ring(of: { readonly ring: Ring }): Ring {
  const found = (of as { readonly ring?: Ring } | undefined)?.ring; // plain JavaScript may hand over anything
  const hint = 'ask a ciphertext, a plaintext, a public key or parameters';
  need(found, Ring, { op: 'tell the ring', field: 'what it was asked of', should: 'something in a ring', hint });
  return found;
}
