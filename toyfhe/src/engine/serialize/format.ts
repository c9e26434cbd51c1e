/**
 * The file format of parameters, keys, plaintexts and ciphertexts: version 1, all numbers little-endian.
 *
 *     magic 8 bytes · version u16 · kind u8 · 0 u8 · bytes of the whole header u32
 *     parameters: ring degree u32 · primes of the chain u16 · special primes u16 · scaleBits u32 · insecure u8 · primes u64 each
 *     fields of the kind (header.ts)
 *     checksum of the header
 *     blocks, each followed by its checksum; after the last one, nothing
 *
 * A block is a limb, a seed (32 bytes), the coefficients of a secret key, or the coefficient of a constant plaintext. How
 * many follow, and how long each is, follows from the header alone.
 *
 * - **Limb**: N residues of one prime, each in [0, p), in as many bits as p has, the first in the lowest bits of the first
 *   byte (bits.ts). They are the polynomial's values in the order of the engine's transform: position s holds the value at
 *   ψ^(2·bitreverse(σ(s)) + 1), ψ the root that `primitiveRootOfUnity` finds, σ swapping 1 and 2 in the two lowest bits
 *   (kernels/ntt.ts). Evaluation keys are the engine's own too: see `keyLimb` (kernels/tasks.ts) and `#galois` (keygen.ts).
 * - **Seed**: a polynomial uniform modulo every prime is left out; it grows again from its seed by ChaCha20
 *   (kernels/sample.ts). So are the second half of a ciphertext fresh under the secret key, and half of every other key.
 * - **Secret key**: coefficients −1, 0, 1 in two bits each, written 2, 0, 1.
 * - **Checksum**: CRC-32 (of zip) of every byte before it, earlier checksums left out: a block that is missing, doubled or
 *   out of place is noticed. It guards against accidents, not against forgers: whoever can write a file can write its
 *   checksums. What loading checks on top (every size, every residue) keeps such a file from doing harm to the program.
 * @module
 */
import { FheError } from '../../backend/errors.ts';

/** `ToyFHE`, then a carriage return and a line feed: a transfer as text damages the first bytes, where it is noticed. */
export const MAGIC: Uint8Array = Uint8Array.of(0x54, 0x6f, 0x79, 0x46, 0x48, 0x45, 0x0d, 0x0a);
export const VERSION = 1;
/** Bytes up to the header's own length. */
export const PREFIX_BYTES = 16;
export const CHECKSUM_BYTES = 4;
/** A header's largest part are rotation steps: 65535 of 4 bytes at ring degree 131072. */
export const MOST_HEADER = 2 ** 19;
/** More primes than any ring up to 131072 has use for; each one read is tested for primality. */
export const MOST_PRIMES = 512;

/** What a file holds, with its number there. */
export const KINDS = {
  parameters: 1,
  plaintext: 2,
  ciphertext: 3,
  'public key': 4,
  'evaluation keys': 5,
  'secret keys': 6,
} as const;
export type Kind = keyof typeof KINDS;

/** `load a ciphertext`, `save parameters`: how errors name what was asked for. */
export function naming(verb: 'load' | 'save', kind: Kind): string {
  return kind.endsWith('s') ? `${verb} ${kind}` : `${verb} a ${kind}`;
}

/** The hint where bytes cannot have been saved like that. */
export const DAMAGED = 'the bytes are damaged or forged: transfer or save them again';

/** The refusal of bytes. */
export function badFormat(op: string, field: string, should: string, is: string, hint: string = DAMAGED): FheError {
  return new FheError({ code: 'FORMAT', op, field, should, is, hint });
}

/** A word for messages: 0x0012abcd. */
export function hex(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
