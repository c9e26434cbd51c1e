/**
 * Which blocks follow a header, and how long they are: the size of a file is known before anything of it is read.
 * @module
 */
import type { Ring } from '../ring.ts';
import { SEED_BYTES } from '../handles.ts';
import { bitsOf, packedBytes } from './bits.ts';
import { CHECKSUM_BYTES } from './format.ts';
import { countKeys, type Description, type ObjectKind } from './header.ts';

/** Bytes of a constant plaintext's coefficient: a double. */
export const CONSTANT_BYTES = 8;

/** Bytes of a limb modulo prime i, without its checksum. */
export function limbBytes({ degree, moduli }: Ring, i: number): number {
  return packedBytes(degree, bitsOf(moduli[i]!.prime));
}

/** Bytes of a secret key's coefficients: two bits each. */
export function ternaryBytes({ degree }: Ring): number {
  return degree / 4;
}

/** Bytes of a polynomial modulo the first `count` primes. */
function polynomialBytes(ring: Ring, count: number): number {
  let bytes = 0;
  for (let i = 0; i < count; i++) bytes += limbBytes(ring, i) + CHECKSUM_BYTES;
  return bytes;
}

const SEED_BLOCK = SEED_BYTES + CHECKSUM_BYTES;

const sizes: { readonly [K in ObjectKind]: (ring: Ring, of: Description[K]) => number } = {
  plaintext: (ring, { form, meta }) =>
    form === 'constant' ? CONSTANT_BYTES + CHECKSUM_BYTES : polynomialBytes(ring, meta.level + 1),
  // Seed, c₀; or all polynomials.
  ciphertext: (ring, { seeded, meta }) => {
    const one = polynomialBytes(ring, meta.level + 1);
    return seeded ? SEED_BLOCK + one : meta.length * one;
  },
  // Seed, b.
  'public key': (ring) => SEED_BLOCK + polynomialBytes(ring, ring.chain),
  'secret keys': (ring) => ternaryBytes(ring) + CHECKSUM_BYTES,
  // For each key (relinearization, conjugation, rotations by steps): seed, b of each digit modulo all primes.
  'evaluation keys': (ring, { request }) =>
    countKeys(request) * (SEED_BLOCK + ring.digits.length * polynomialBytes(ring, ring.moduli.length)),
};

/** Bytes of all blocks, their checksums included. */
export function blockBytes<K extends ObjectKind>(kind: K, ring: Ring, description: Description[K]): number {
  return sizes[kind](ring, description);
}
