/**
 * Results that anybody can read are refused: a sum whose parts have cancelled each other hides nothing.
 * @module
 */
import type { Arithmetic, Handles } from './arithmetic.ts';
import { type TraceLine, transparentResult } from './errors.ts';

/**
 * @param made what `op` has made; given back where it is refused
 * @throws FheError TRANSPARENT where all that goes with the secret is zero
 */
export function refuseTransparent<H extends Handles>(
  arithmetic: Arithmetic<H>,
  op: string,
  made: readonly H['cipher'][],
  ledger: readonly TraceLine[] = [],
): void {
  if (!made.some((c) => arithmetic.isTransparent?.(c))) return;
  for (const c of made) arithmetic.free(c);
  throw transparentResult(op, undefined, { ledger });
}
