/** Encrypted ReLU as the command runs it, on few levels; at production parameters it is `npx toyfhe relu`. */
import { describe, expect, it } from 'vitest';
import { evaluateRelu } from '../src/relu/job.ts';
import { reportRelu, sparkline } from '../src/relu/report.ts';

describe('encrypted ReLU', () => {
  it('on the twin: the composite in the clear, to rounding', async () => {
    const { result, inputs, outputs } = await evaluateRelu({ backend: 'twin', degrees: [7, 7] });
    expect(result).toMatchObject({
      task: 'relu',
      backend: 'twin',
      degrees: [7, 7],
      points: 1000,
      levels: 7,
      multiplications: 11,
      target: 2 ** -7,
      ringDegree: 16384, // 60 + 7·40 + 60 = 400 bits of 438
      securityBits: 0,
    });
    expect([inputs[0], inputs.at(-1), outputs.length]).toEqual([-1, 1, 1000]);
    expect(Math.abs(result.maxError - result.maxErrorClear)).toBeLessThan(1e-12);
    expect(result.maxError).toBeLessThan(result.target);
    expect(result.maxErrorClear).toBeGreaterThan(0.9 * 2 ** -result.alpha); // the points come near the largest error
  });

  it('the same, encrypted on the readable ring: points in several ciphertexts, another bound', async () => {
    const run = await evaluateRelu({ backend: 'toy', degrees: [7, 7], bound: 5, points: 100 });
    const { result } = run;
    expect(result).toMatchObject({ bound: 5, levels: 8, target: 5 * 2 ** -7, ringDegree: 128, securityBits: 0 });
    expect(result.maxError).toBeLessThan(result.target);
    // Noise of a few hundred over 2^40, times slopes near 0 of some hundreds.
    expect(Math.abs(result.maxError - result.maxErrorClear)).toBeLessThan(2 ** -18);
    expect(result.maxError).not.toBe(result.maxErrorClear); // it was encrypted

    const report = reportRelu(run, { width: 80 });
    expect(report).toContain('8 levels, 11 products, 7.06 bits');
    expect(report).toMatch(/^toy: .*INSECURE/m);
    for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('refuses threads for others than the engine, and more levels than are secure', async () => {
    await expect(evaluateRelu({ backend: 'twin', threads: 2 })).rejects.toThrow(/threads should be left out/);
    const degrees = Array.from({ length: 20 }, () => 3); // 41 levels of 40 bits, and 18 bits right
    await expect(evaluateRelu({ backend: 'engine', degrees })).rejects.toThrow(/levels should be few enough/);
  });
});

describe('the error curve', () => {
  it('has a character a column, full at the target, and marks what is above', () => {
    expect(sparkline([0, 0.5, 1, 1.5], 4, 1)).toBe(' ▄█!');
    expect(sparkline([0, 1, 0, 0], 2, 1)).toBe('█ ');
  });
});
