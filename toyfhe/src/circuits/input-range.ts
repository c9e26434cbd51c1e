/**
 * Whether inputs lie where a polynomial approximates: outside it grows as fast as its degree allows, and what comes out is
 * not slightly wrong but garbage, in every slot once it overflows.
 * @module
 */
import { type Backend, type Ciphertext, FheError } from '../backend/index.ts';
import { checkInterval, type Interval } from './polynomial.ts';

/** Inputs may lie outside by this part of the interval's width: the noise of a ciphertext is no reason to refuse. */
const SLACK = 2 ** -20;

/**
 * Holds the declared range, and the values where the backend can know them (`Backend.peek`), against the interval.
 * Real parts only: polynomials here are of real inputs.
 * @param interval undefined: everything is allowed
 * @param range what the caller knows of its inputs; undefined: nothing
 * @throws FheError RANGE
 */
export function checkInputs(
  backend: Backend,
  c: Ciphertext,
  interval: Interval | undefined,
  range?: Interval,
  op: string = 'evaluate a polynomial',
): void {
  checkInterval(op, range);
  if (interval === undefined) return;
  const [low, high] = interval;
  const slack = SLACK * (high - low);
  const fine = (x: number): boolean => x >= low - slack && x <= high + slack; // false for NaN
  const refuse = (field: string, x: number): never => {
    const shown = Number(x.toPrecision(6));
    throw new FheError({
      code: 'RANGE',
      op,
      field,
      should: `in [${interval.join(', ')}]`,
      is: String(shown),
      hint: `input ${shown} is outside [${interval.join(', ')}]: scale the inputs down, or take a wider interval`,
      ledger: c.trace,
    });
  };
  for (const end of range ?? []) if (!fine(end)) refuse('range of the inputs', end);
  const seen = backend.peek?.(c)?.re;
  const slot = seen?.findIndex((x) => !fine(x)) ?? -1;
  if (slot >= 0) refuse(`input of slot ${slot}`, seen![slot]!);
}
