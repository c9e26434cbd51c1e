/**
 * The one error that this library throws on purpose. Every message reads
 * "cannot <op>: <field> should be <x> but is <y>; <what to do>".
 * @module
 */

import { inspect } from './print.ts';

/** What went wrong, for programs; the message is for people. */
export type FheErrorCode =
  | 'SCALE_MISMATCH' // two scales that should be equal are not
  | 'SCALE_OVERFLOW' // the scale does not fit the modulus that is left
  | 'SCALE_UNDERFLOW' // the scale is below the noise: not one bit would survive
  | 'LEVEL_MISMATCH' // two operands stand at different levels
  | 'LEVEL_EXHAUSTED' // no prime is left to rescale by
  | 'KEY_MISSING' // the evaluation key for this operation was not generated
  | 'LENGTH' // the ciphertext has the wrong number of polynomials
  | 'SLOTS' // too many values, or none; lists of different lengths
  | 'RANGE' // a value, a parameter or an index outside what is allowed
  | 'TRANSPARENT' // the result would be readable without the secret key
  | 'INSECURE' // parameters above the 128-bit limit, not marked `insecure: true`
  | 'FORMAT' // an object or a file that is not what it should be
  | 'DISPOSED' // the object's memory has been given back
  | 'MEMORY' // not enough memory for what was asked
  | 'WORKER'; // a worker thread has died or was stopped

/** One line of the history that a ciphertext carries: what was done, and what it looked like after. */
export interface TraceLine {
  readonly op: string;
  readonly level: number;
  /** Exact scale, printed, e.g. `2^80/q₂`. */
  readonly scale: string;
  readonly length: number;
}

export interface FheErrorParts {
  readonly code: FheErrorCode;
  /** The operation that was asked for, e.g. `add`. */
  readonly op: string;
  /** The field that is wrong, e.g. `scale`. */
  readonly field: string;
  readonly should: string;
  readonly is: string;
  /** What the user can do about it. */
  readonly hint: string;
  /** How the operands came to be, oldest first. */
  readonly ledger?: readonly TraceLine[];
  readonly cause?: unknown;
}

/** A refused operation. Nothing has been changed when it is thrown. */
export class FheError extends Error {
  override readonly name: string = 'FheError';
  readonly code: FheErrorCode;
  readonly op: string;
  readonly hint: string;
  readonly ledger: readonly TraceLine[];

  constructor(parts: FheErrorParts) {
    super(
      `cannot ${parts.op}: ${parts.field} should be ${parts.should} but is ${parts.is}; ${parts.hint}`,
      parts.cause === undefined ? undefined : { cause: parts.cause },
    );
    this.code = parts.code;
    this.op = parts.op;
    this.hint = parts.hint;
    this.ledger = parts.ledger ?? [];
  }

  /**
   * `FheError [SCALE_MISMATCH]: cannot add: …`, and, where a file called the library, the place in it. Notebooks print errors
   * so; where nobody catches one, Node prints it with all of its stack.
   */
  [inspect](): string {
    const head = `${this.name} [${this.code}]: ${this.message}`;
    const cause = this.cause instanceof Error ? [`  caused by ${this.cause.name}: ${this.cause.message}`] : [];
    return [head, ...cause, ...callerOf(this.stack ?? '')].join('\n');
  }
}

/** Frames of our own packages and of Node. */
const OURS = /[\\/](toyfhe|datasets|repl)[\\/](src|dist)[\\/]|[ (]node:/;
/** Frames in a file: cells have made-up names, or one that begins with a dot. */
const IN_FILE = /[ (](file:\/\/|[A-Z]:\\|\/)(.*[\\/])?[^\\/.][^\\/]*:\d+:\d+\)?$/;

/** Of a stack, the frame that called the library; nothing where that is the cell of a notebook, which one has before one. */
function callerOf(stack: string): readonly string[] {
  const caller = stack.split('\n').find((line) => /^ {4}at /.test(line) && !OURS.test(line));
  return caller !== undefined && IN_FILE.test(caller) ? [caller] : [];
}

/** The refusal of a result that is known whatever the key: `is` says why. */
export function transparentResult(
  op: string,
  is: string = 'transparent (its second polynomial is zero)',
  context: Pick<FheErrorParts, 'ledger' | 'cause'> = {},
): FheError {
  return new FheError({
    code: 'TRANSPARENT',
    op,
    field: 'result',
    should: 'unreadable without the secret key',
    is,
    hint: 'skip the operation: its result is known',
    ...context,
  });
}
