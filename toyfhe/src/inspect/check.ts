/**
 * `check(name, …)`: whether an answer is right, in one line. Exercises of lessons end with it.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import { describe, inspect } from '../backend/print.ts';
import type { Comparison } from './cmp.ts';

export interface CheckOptions {
  /** What to look at again where the answer is wrong; ends the error's message. */
  readonly hint?: string;
}

const LOOK_AGAIN = 'change the answer and check it again';

/**
 * Prints `✓ name` where the answer is right, and throws where it is not. A function is called; what it throws counts as a
 * wrong answer.
 * @throws FheError RANGE for a wrong answer
 */
export function check(name: string, right: boolean | (() => boolean), options?: CheckOptions): void;
/**
 * The same for what `cmp` says: right with at least `bits` correct bits after the binary point.
 * @throws FheError RANGE for a wrong answer, or where `bits` is no number
 */
export function check(
  name: string,
  right: Comparison | (() => Comparison),
  options: CheckOptions & { readonly bits: number },
): void;
export function check(
  name: string,
  right: boolean | Comparison | (() => boolean | Comparison),
  options: CheckOptions & { readonly bits?: number } = {},
): void {
  const { hint = LOOK_AGAIN, bits } = options;
  const wrong = (field: string, should: string, is: string, cause?: unknown): FheError => {
    const error = new FheError({ code: 'RANGE', op: `pass "${name}"`, field, should, is, hint, cause });
    // Notebooks print what was thrown: one line will do, for nobody looks for a mistake in this file.
    const line = `✗ ${name}: ${field} should be ${should} but is ${is}; ${hint}`;
    return Object.defineProperty(error, inspect, { value: () => line, enumerable: false });
  };

  let answer: boolean | Comparison;
  try {
    answer = typeof right === 'function' ? right() : right;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrong('the answer', 'right', `an error (${reason})`, cause);
  }
  if (answer === false) throw wrong('the answer', 'right', 'wrong');
  if (answer === true) {
    console.log(`✓ ${name}`);
    return;
  }
  // What is typed without its type, a promise for one, must not pass.
  const found = (answer as Comparison | null | undefined)?.bitsRight;
  if (typeof found !== 'number') throw wrong('the answer', 'true, false or what cmp gives', describe(answer));
  if (typeof bits !== 'number') throw wrong('the option bits', 'a number of bits', describe(bits));
  // Written so that NaN fails.
  if (!(found >= bits)) {
    const largest = answer.maxDifference.toPrecision(2);
    const rounded = (Math.floor(found * 10) / 10).toFixed(1); // down: 2.99 is not 3.0
    throw wrong('bits right', `at least ${bits}`, `${rounded} (largest difference ${largest})`);
  }
  console.log(`✓ ${name}: ${answer.exact ? 'exact' : `${found.toFixed(1)} bits right`}`);
}
