import { describe, expect, it } from 'vitest';
import { maxAbs, maxDifference, twin } from '../src/backend/index.ts';

const slots = (re: number[], im: number[] = re.map(() => 0)): { re: Float64Array; im: Float64Array } => ({
  re: Float64Array.from(re),
  im: Float64Array.from(im),
});

describe('slots', () => {
  it('the largest absolute value, of complex numbers', () => {
    expect(maxAbs(slots([3, -1], [4, 0]))).toBe(5);
    expect(maxAbs(slots([0]))).toBe(0);
    expect(maxDifference(slots([1, 2]), slots([1, 2.5]))).toBe(0.5);
  });

  it('NaN and Infinity do not pass for agreement', () => {
    expect(maxAbs(slots([1, Number.NaN, 2]))).toBeNaN();
    expect(maxDifference(slots([Number.NaN, 1]), slots([1, 1]))).toBeNaN();
    expect(maxAbs(slots([Number.POSITIVE_INFINITY, 1]))).toBe(Number.POSITIVE_INFINITY);
  });

  it('are read from numbers, lists, complex numbers and pairs of arrays', () => {
    const b = twin({ ringDegree: 16, chain: [40], insecure: true });
    const read = (values: Parameters<typeof b.encode>[0]): string => {
      const { re, im } = b.decodeComplex(b.encode(values));
      return Array.from(re.slice(0, 3), (x, i) => `${x}+${im[i]}i`).join(' ');
    };
    expect(read(2)).toBe('2+0i 2+0i 2+0i');
    expect(read({ re: 1, im: 3 })).toBe('1+3i 1+3i 1+3i');
    expect(read([1, 2])).toBe('1+0i 2+0i 0+0i');
    expect(read(Float32Array.of(0.5))).toBe('0.5+0i 0+0i 0+0i');
    expect(read([{ re: 1, im: -1 }])).toBe('1+-1i 0+0i 0+0i');
    expect(read(slots([1], [2]))).toBe('1+2i 0+0i 0+0i');
    expect(() => b.encode({ re: Float64Array.of(1), im: new Float64Array(2) })).toThrow(/imaginary parts should be 1/);
  });
});
