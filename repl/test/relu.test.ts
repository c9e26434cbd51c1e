/** Encrypted ReLU as the command runs it, on few levels; at production parameters it is `npx toyfhe relu`. */
import { describe, expect, it } from 'vitest';
import { checkRelu, evaluateRelu } from '../src/relu/job.ts';
import { reportRelu, sparkline } from '../src/relu/report.ts';

/** The engine's threads cost more to start than a ReLU this small. */
function oneThread(backend: string): { threads?: number } {
  return backend === 'engine' ? { threads: 1 } : {};
}

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

  it.each([
    ['twin', 2 ** 38],
    ['twin', 1e6],
    ['twin', 2 ** -25],
    ['toy', 2 ** 38],
    ['toy', 2 ** -25],
    ['engine', 2 ** 27],
    ['engine', 1e6],
    ['engine', 2 ** -14],
  ] as const)('on the %s, bound %d: primes and levels that suit it', async (backend, bound) => {
    const { result } = await evaluateRelu({ backend, degrees: [3, 3], bound, points: 64, ...oneThread(backend) });
    expect(() => checkRelu(result)).not.toThrow();
    // {3, 3} is good to 2^-5 of the bound; encryption adds less than a hundredth of that.
    expect(Math.abs(result.maxError - result.maxErrorClear)).toBeLessThan(bound * 2 ** -14);
  });

  it('refuses bounds that no chain holds, before there is a backend', async () => {
    for (const bound of [1e9, 1e-9]) {
      await expect(evaluateRelu({ backend: 'engine', degrees: [15], bound })).rejects.toThrow(
        /^cannot evaluate ReLU: bound should be from 2\^-14 to 2\^27, for primes of up to 49 bits but is (1000000000|1e-9); divide the inputs/,
      );
    }
  });

  it('an error above what the composite promises is refused, one that is no number too', async () => {
    const { result } = await evaluateRelu({ backend: 'twin', degrees: [3, 3] });
    expect(() => checkRelu(result)).not.toThrow();
    for (const maxError of [1.01 * result.target, 1e9, Number.NaN]) {
      expect(() => checkRelu({ ...result, maxError })).toThrow(
        /cannot trust this ReLU: largest error should be at most/,
      );
    }
  });

  it('reports small and large bounds with an exponent', async () => {
    for (const bound of [1e6, 1e-4]) {
      const report = reportRelu(await evaluateRelu({ backend: 'twin', degrees: [3, 3], bound }), { width: 80 });
      expect(report).toContain(bound === 1e6 ? '\n -1.0e+6 ' : '\n -1.0e-4 ');
      for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
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
