import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FheError } from '../src/backend/index.ts';
import { check, cmp, type Comparison } from '../src/inspect/index.ts';

let printed: string[] = [];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The error of a check that fails; nothing may be printed. */
function failure(run: () => void): FheError {
  try {
    run();
  } catch (error) {
    if (error instanceof FheError && printed.length === 0) return error;
    throw error;
  }
  throw new Error('the check has passed');
}

describe('a right answer prints one line', () => {
  it('true, or a function that says so', () => {
    check('the sum is even', true);
    check('asked late', () => 1 + 1 === 2);
    expect(printed).toEqual(['✓ the sum is even', '✓ asked late']);
  });

  it('a comparison with enough bits right', () => {
    check('squares', cmp('c', [1, 4.125], [1, 4]), { bits: 3 }); // 2^-3 away: exactly enough
    check('the same', () => cmp('c', [1], [1]), { bits: Number.POSITIVE_INFINITY });
    expect(printed).toEqual(['✓ squares: 3.0 bits right', '✓ the same: exact']);
  });
});

describe('a wrong answer throws', () => {
  it('false', () => {
    const error = failure(() => check('even', false, { hint: 'halve it' }));
    expect(error).toMatchObject({ code: 'RANGE', hint: 'halve it' });
    expect(error.message).toBe('cannot pass "even": the answer should be right but is wrong; halve it');
    expect(inspect(error)).toBe('✗ even: the answer should be right but is wrong; halve it');
  });

  it('too few bits right', () => {
    const message = 'cannot pass "moved": bits right should be at least 20 but is -2.9 (largest difference 7.0); ';
    expect(failure(() => check('moved', cmp('c', [8], [1]), { bits: 20 })).message).toBe(
      `${message}change the answer and check it again`,
    );
    expect(failure(() => check('nearly', cmp('c', [4.126], [4]), { bits: 3 })).message).toMatch(/but is 2\.9 \(/);
    expect(failure(() => check('garbage', cmp('c', [Number.NaN], [1]), { bits: -50 })).message).toMatch(/-Infinity/);
  });

  it('a function that throws', () => {
    const cause = new TypeError('x is not a function');
    const error = failure(() =>
      check('called', () => {
        throw cause;
      }),
    );
    expect(error.message).toMatch(/the answer should be right but is an error \(x is not a function\); /);
    expect(error.cause).toBe(cause);
  });

  it('what is no answer at all, such as a promise', () => {
    const later = (async () => true) as unknown as () => boolean;
    expect(failure(() => check('later', later)).message).toMatch(
      /should be true, false .* but is an object \(Promise\)/,
    );
    expect(failure(() => check('none', undefined as unknown as boolean)).message).toMatch(/but is missing/);
  });

  it('a comparison without a number of bits', () => {
    const unsure = cmp('c', [1], [1]) as unknown as boolean;
    expect(failure(() => check('how well?', unsure)).message).toMatch(/the option bits should be a number of bits/);
    const nan = { ...cmp('c', [1], [1]), bitsRight: Number.NaN } satisfies Comparison;
    expect(failure(() => check('nan', nan, { bits: 1 })).message).toMatch(/at least 1 but is NaN/);
    expect(failure(() => check('nan', cmp('c', [2], [1]), { bits: Number.NaN })).message).toMatch(/at least NaN/);
  });
});
