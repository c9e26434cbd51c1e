import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { cmp, together } from '../src/inspect/index.ts';

it('cmp says exact, or how many bits are right', () => {
  expect(inspect(cmp('conv', [1, 2], [1, 2]))).toBe('conv     exact (values up to 2.00)');
  const near = cmp('conv', [1, 2.25], [1, 2]);
  expect(near).toMatchObject({ exact: false, bitsRight: 2, maxDifference: 0.25, maxWanted: 2 });
  expect(inspect(near)).toBe('conv     2.0 bits right, max difference 2.5e-1 (values up to 2.00)');
});

it('cmp does not take NaN for agreement, nor vectors of different lengths', () => {
  expect(cmp('x', [Number.NaN], [1])).toMatchObject({ exact: false, maxDifference: Number.POSITIVE_INFINITY });
  expect(() => cmp('x', [1], [1, 2])).toThrow(/length should be 2 but is 1/);
});

it('two comparisons together are as bad as the worse one', () => {
  const both = together(cmp('x', [1], [1]), cmp('x', [2.5], [2]));
  expect(both).toMatchObject({ name: 'x', exact: false, maxDifference: 0.5, bitsRight: 1, maxWanted: 2 });
  expect(inspect(together(cmp('x', [1], [1]), cmp('x', [2], [2])))).toMatch(/^x +exact/);
});
