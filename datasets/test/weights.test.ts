import { readFile } from 'node:fs/promises';
import { articleNetwork, evaluate, readSafetensors } from 'toyfhe/nn';
import { expect, test } from 'vitest';
import { listWeights, loadMnist, loadWeights } from '../src/index.ts';

const set = await loadMnist({ split: 'test' });
const data = (images: typeof set) => ({ ...images, shape: [1, images.rows, images.columns] as const });
const mnist = set.name === 'mnist-test';

test(`the committed weights read ${set.about}`, async () => {
  const { bytes } = await loadWeights('mnist-article');
  const result = evaluate(articleNetwork(readSafetensors(bytes).tensors), data(set));
  expect(result.count).toBe(mnist ? 10_000 : 1_000);
  expect(result.accuracy).toBeGreaterThanOrEqual(mnist ? 0.988 : 0.9);
  // Encrypted evaluation needs room above the largest value: 2^18 is what the parameters leave.
  expect(Math.max(...result.largest.values())).toBeLessThan(2 ** 18);
});

test('they read the drawn stand-in too, which they never saw', async () => {
  const drawn = await loadMnist({ split: 'test', source: 'stand-in' });
  const { bytes } = await loadWeights('mnist-article');
  const result = evaluate(articleNetwork(readSafetensors(bytes).tensors), data(drawn));
  expect(result.accuracy).toBeGreaterThanOrEqual(0.9);
});

test('the record beside them tells of these weights', async () => {
  const { path, bytes } = await loadWeights('mnist-article');
  const record = JSON.parse(await readFile(path.replace(/safetensors$/, 'json'), 'utf8'));
  expect(record.test.images).toBe('mnist-test');
  expect(record.curve.length).toBe(record.epochs);
  expect(record.stoppedEarly).toBe(false);
  const result = evaluate(articleNetwork(readSafetensors(bytes).tensors), data(set));
  if (mnist) {
    expect(record.test.correct).toBe(result.correct);
    for (const [name, value] of result.largest) expect(record.largestAbsoluteValues[name]).toBeCloseTo(value, 3);
  } else {
    expect(record.test.accuracy).toBeGreaterThanOrEqual(0.988); // MNIST is not here: the record's word
  }
});

test('a name that is not there is an error that lists those that are', async () => {
  expect(await listWeights()).toContain('mnist-article');
  await expect(loadWeights('../package')).rejects.toThrow(
    /cannot load weights: the name should be one of .*mnist-article.* but is "..\/package"/,
  );
});
