/**
 * What the operands of a sum or a product must have in common, encrypted or not.
 * @module
 */

import { refused } from './checks.ts';
import type { Encoding } from './plain.ts';
import type { Ring } from './ring.ts';

/** A ciphertext or a plaintext. */
interface Operand {
  readonly encoding: Encoding<unknown>;
  readonly ring: Ring;
}

/** @throws FheError FORMAT for plaintexts of two kinds; LEVEL_MISMATCH for two rings, which `cure` brings together. */
export function needSameRing(op: string, a: Operand, b: Operand, cure: string): void {
  const { space, name } = a.encoding;
  if (b.encoding.space !== space) {
    throw refused('FORMAT', op, 'the plaintext space', space, b.encoding.space, `use a ${name}`);
  }
  if (a.ring.equals(b.ring)) return;
  throw refused('LEVEL_MISMATCH', op, 'the ring', a.ring.toString(), b.ring.toString(), cure);
}

/** @throws FheError SCALE_MISMATCH for two scales, which `cure` brings together. */
export function needSameScale(op: string, a: Operand, b: Operand, cure: string): void {
  const [mine, theirs] = [a.encoding, b.encoding];
  if (mine.scaleText === theirs.scaleText) return;
  // Two different scales may have the same short print; then all digits are shown.
  const [should, is] =
    mine.scalePrint === theirs.scalePrint ? [mine.scaleText, theirs.scaleText] : [mine.scalePrint, theirs.scalePrint];
  throw refused('SCALE_MISMATCH', op, 'scale', should, is, cure);
}
