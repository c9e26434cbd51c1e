/**
 * Which ring a thing lives in.
 * @module
 */

import type { Ring } from './ring.ts';

/**
 * The ring of a ciphertext (it shrinks with every modswitch), a plaintext, a ring element, a public key or parameters:
 * for parameters, the ring of fresh ciphertexts.
 */
export function ring(of: { readonly ring: Ring }): Ring {
  return of.ring;
}
