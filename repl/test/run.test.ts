/** `toyfhe run`: known models on encrypted images; at full length it is `npx toyfhe run two-conv --images 20`. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runModel } from '../src/compiled/run.ts';
import { reportDigits } from '../src/mnist/report.ts';
import { median } from '../src/mnist/session.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

describe('toyfhe run', () => {
  it('two-conv on the twin: each image packed in one ciphertext, the network in the clear to rounding', async () => {
    const { result, layers } = await runModel('two-conv', { backend: 'twin', dataset: 'stand-in', images: 3 });
    expect(Object.keys(result)).toEqual(
      (
        'task model backend dataset images correct plainCorrect agree maxLogitError ringDegree logQP securityBits' +
        ' seconds chosen'
      ).split(' '),
    );
    expect(Object.keys(result.seconds)).toEqual([
      'plan',
      'keygen',
      'prepare',
      'encrypt',
      'evaluate',
      'decrypt',
      'perImage',
    ]);
    expect(result).toMatchObject({ task: 'run', model: 'two-conv', images: 3, agree: 3, ringDegree: 16384 });
    expect(result.chosen).toMatchObject({ ringDegree: 16384, layout: 'packed', batch: 1 });
    expect(result.chosen.levels).toBeGreaterThanOrEqual(5); // two squares between three matrices
    expect(result.chosen.precisionBits).toBeGreaterThanOrEqual(20); // what is asked for where nothing is said
    expect(result.maxLogitError).toBeLessThan(1e-10); // sums of doubles in another order
    expect(layers.map((l) => l.name)).toEqual(['conv1', 'square1', 'conv2', 'square2', 'fc']);
  });

  it('the same, encrypted on the engine', async () => {
    const run = await runModel('two-conv', { backend: 'engine', dataset: 'stand-in', images: 3 });
    const { result, layers } = run;
    expect(result).toMatchObject({ backend: 'engine', images: 3, agree: 3, securityBits: 128 });
    expect(result.correct).toBe(result.plainCorrect);
    expect(result.maxLogitError).toBeLessThan(2 ** -18); // 20 bits are asked for, and that is an estimate
    expect(result.maxLogitError).toBeGreaterThan(0); // it was encrypted
    for (const l of layers) expect(l.bitsRight, l.name).toBeGreaterThan(18);
    expect(result.seconds.perImage).toBeGreaterThan(0);

    const report = reportDigits(run, { width: 80, colour: false });
    expect(report).toContain('3 of 3 predictions agree');
    expect(report).toMatch(/^engine: ring degree 16384, .*128-bit security/m);
    expect(report.replaceAll('\n', ' ')).toMatch(/one image: \S+ m?s to evaluate, the median of 3 evaluations/);
    for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('an .onnx file, several images at once', async () => {
    const path = join(root, 'toyfhe/test/onnx/article.onnx');
    const { result, layers } = await runModel(path, { backend: 'twin', dataset: 'stand-in', images: 5, batch: 4 });
    expect(result).toMatchObject({ model: path, images: 5, agree: 5, chosen: { batch: 4, layout: 'packed' } });
    expect(result.maxLogitError).toBeLessThan(1e-10); // sums of doubles in another order
    expect(layers).toHaveLength(5);
  });

  it('refuses threads for others than the engine, and models that are not known', async () => {
    const options = { backend: 'twin', dataset: 'stand-in' } as const;
    await expect(runModel('two-conv', { ...options, threads: 2 })).rejects.toThrow(/threads should be left out/);
    await expect(runModel('cifar', options)).rejects.toThrow(/its name should be one of/);
  });
});

it('the median is the middle one, or between the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
});
