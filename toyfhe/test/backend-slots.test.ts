import { describe, expect, it } from 'vitest';
import { type CheckedBackend, maxAbs, maxDifference, twin } from '../src/backend/index.ts';
import type { ToyHandles } from '../src/toy/arithmetic.ts';
import { toy } from '../src/toy/index.ts';

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

  it('are repeated where asked; the polynomial then is one in X^(slots/n)', () => {
    const b = toy({ ringDegree: 32, chain: [40], scaleBits: 20, insecure: true }) as CheckedBackend<ToyHandles>;
    const p = b.encode([1, 2, 3, -4], { repeat: true });
    expect([...b.decode(p)].map(Math.round)).toEqual([1, 2, 3, -4, 1, 2, 3, -4, 1, 2, 3, -4, 1, 2, 3, -4]);
    const coefficients = b.handleOfPlaintext('look', p).slots.coefficients();
    expect(coefficients.filter((_, i) => i % 4 === 0).some((a) => a !== 0n)).toBe(true);
    expect(coefficients.filter((_, i) => i % 4 !== 0).every((a) => a === 0n)).toBe(true); // 16 slots / 4 values
    expect(() => b.encode([1, 2, 3], { repeat: true })).toThrow(
      /values to repeat should be a divisor of 16 but is 3; pad/,
    );
    expect([...b.decode(b.encode([1, 2], { repeat: false }))].slice(1, 3).map(Math.round)).toEqual([2, 0]);
  });
});
