/**
 * Polynomials where only some slots hold features. The others hold zero, and have to hold zero afterwards (a softmax sums
 * over them): p(0) is subtracted there. Where 0 is outside the interval, they are taken to its middle on the way, because
 * what explodes in one slot overflows in all.
 * @module
 */
import type { Backend, Ciphertext, EvaluationKeys } from '../backend/index.ts';
import { packSlots } from './pack-slots.ts';
import type { Polynomial } from './polynomial.ts';
import { type EvaluateOptions, evaluatePolynomial } from './polynomial-evaluation.ts';
import { featureCount, type SlotLayout } from './slot-layout.ts';

/** Whether some slots of some block hold no feature. */
export function hasEmptySlots(layout: SlotLayout): boolean {
  return featureCount(layout) !== layout.blocks * layout.period;
}

/**
 * As `evaluatePolynomial`, for one block of a layout: slots without a feature stay zero.
 * @param options with the block that `c` is, default the first
 * @throws FheError as `evaluatePolynomial`
 */
export function evaluateOnLayout(
  backend: Backend,
  ev: EvaluationKeys,
  c: Ciphertext,
  polynomial: Polynomial,
  layout: SlotLayout,
  options: EvaluateOptions & { readonly block?: number } = {},
): Ciphertext {
  const empty = hasEmptySlots(layout) ? emptySlots(layout, options.block ?? 0) : undefined;
  if (empty === undefined) return evaluatePolynomial(backend, ev, c, polynomial, options);
  const inside = placeholder(polynomial);
  const shift = (x: Ciphertext, value: number): Ciphertext => {
    if (value === 0) return x;
    const values = empty.map((one) => one * value);
    return ev.addPlain(x, backend.encode(values, { level: x.level, scale: x.scale }));
  };
  return backend.scope(() => {
    const y = evaluatePolynomial(backend, ev, shift(c, inside), polynomial, options);
    return shift(y, -polynomial.at(inside));
  });
}

/** A number that the polynomial may be asked for: 0, or the middle of an interval without it. */
export function placeholder({ interval }: Polynomial): number {
  if (interval === undefined || (interval[0] <= 0 && interval[1] >= 0)) return 0;
  return (interval[0] + interval[1]) / 2;
}

/** 1 where no feature lies, else 0; undefined where every slot of this block holds one. */
function emptySlots(layout: SlotLayout, block: number): Float64Array | undefined {
  const ones = new Float64Array(featureCount(layout)).fill(1);
  const filled = packSlots(
    layout,
    Array.from({ length: layout.batch }, () => ones),
  )[block]!;
  const empty = filled.map((one) => 1 - one);
  return empty.some((one) => one === 1) ? empty : undefined;
}
