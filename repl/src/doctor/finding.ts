/**
 * What was found out about one thing on this machine.
 * @module
 */

export interface Finding {
  /** A word or two, such as `Memory`. */
  readonly name: string;
  /** `warning`: it is there, but less than one would wish. */
  readonly status: 'ok' | 'warning' | 'missing';
  /** What is there, in a line. */
  readonly what: string;
  /** What to do about it, in a line; undefined where nothing has to be done, or nothing can be. */
  readonly cure: string | undefined;
  /** Whether anything works without it. */
  readonly needed: boolean;
}

/** All is well. */
export function ok(name: string, what: string): Finding {
  return { name, status: 'ok', what, cure: undefined, needed: false };
}

/** Less than one would wish. */
export function warning(name: string, what: string, cure?: string): Finding {
  return { name, status: 'warning', what, cure, needed: false };
}

/** Not there, and most can be done without it. */
export function missing(name: string, what: string, cure: string): Finding {
  return { name, status: 'missing', what, cure, needed: false };
}

/** Not there, and nothing works without it. */
export function needed(name: string, what: string, cure: string): Finding {
  return { name, status: 'missing', what, cure, needed: true };
}
