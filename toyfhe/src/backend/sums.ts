/**
 * Sums of rotations and of products: by the backend's own verb where it has one, else term by term.
 * @module
 */
import type { Arithmetic, Handles } from './arithmetic.ts';
import type { Meta } from './contract.ts';

/** Σᵢ rotate(cᵢ, stepsᵢ), at least one. */
export function rotateSum<H extends Handles>(
  arithmetic: Arithmetic<H>,
  keys: H['evaluation'],
  cs: readonly H['cipher'][],
  steps: readonly number[],
  out: Meta,
): H['cipher'] {
  if (arithmetic.rotateSum !== undefined) return arithmetic.rotateSum(keys, cs, steps, out);
  return sumOf(arithmetic, cs.length, (i) => arithmetic.rotateMany(keys, cs[i]!, [steps[i]!], out)[0]!, out);
}

/** Σᵢ cᵢ·pᵢ, at least one, no pᵢ zero. */
export function dotPlain<H extends Handles>(
  arithmetic: Arithmetic<H>,
  cs: readonly H['cipher'][],
  ps: readonly H['plain'][],
  out: Meta,
): H['cipher'] {
  if (arithmetic.dotPlain !== undefined) return arithmetic.dotPlain(cs, ps, out);
  return sumOf(arithmetic, cs.length, (i) => arithmetic.mulPlain(cs[i]!, ps[i]!, out), out);
}

/** Adds up `count` terms, two in memory at a time; what is not the result is given back, whatever throws. */
function sumOf<H extends Handles>(
  arithmetic: Arithmetic<H>,
  count: number,
  term: (i: number) => H['cipher'],
  out: Meta,
): H['cipher'] {
  let sum: H['cipher'] = term(0);
  for (let i = 1; i < count; i++) {
    const parts = [sum];
    try {
      parts.push(term(i));
      sum = arithmetic.add(sum, parts[1]!, out);
    } finally {
      for (const part of parts) arithmetic.free(part);
    }
  }
  return sum;
}
