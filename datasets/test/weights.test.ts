import { readFile } from 'node:fs/promises';
import { type Evaluation, evaluate, readSafetensors } from 'toyfhe/nn';
import { describe, expect, test } from 'vitest';
import { listWeights, loadMnist, loadWeights } from '../src/index.ts';
import { NETWORKS } from '../train/networks.ts';

const set = await loadMnist({ split: 'test' });
const drawn = await loadMnist({ split: 'test', source: 'stand-in' });
const mnist = set.name === 'mnist-test';

/** Least accuracy on the 10,000 test images, and the largest |value| that may stand after any layer. */
const PROMISED: Readonly<Record<string, { readonly accuracy: number; readonly largest: number }>> = {
  // Encrypted evaluation needs room above the largest value: 2^18 is what the article's parameters leave.
  article: { accuracy: 0.988, largest: 2 ** 18 },
  'two-conv': { accuracy: 0.99, largest: 2 ** 7 },
};

describe.each(NETWORKS)('the committed weights of $name', ({ name, make, layers, hyperParameters }) => {
  const promised = PROMISED[name]!;
  const evaluateOn = async (images: typeof set): Promise<Evaluation> => {
    const { bytes } = await loadWeights(`mnist-${name}`);
    const data = { ...images, shape: [1, images.rows, images.columns] as const };
    return evaluate(make(readSafetensors(bytes).tensors), data);
  };

  test(`read ${set.about}, and the record beside them tells of them`, async () => {
    const result = await evaluateOn(set);
    expect(result.count).toBe(mnist ? 10_000 : 1_000);
    expect(result.accuracy).toBeGreaterThanOrEqual(mnist ? promised.accuracy : 0.9);
    expect(Math.max(...result.largest.values())).toBeLessThan(promised.largest);

    const { path } = await loadWeights(`mnist-${name}`);
    const record = JSON.parse(await readFile(path.replace(/safetensors$/, 'json'), 'utf8'));
    expect(record).toMatchObject({ network: layers, hyperParameters, stoppedEarly: false });
    expect(record.test.images).toBe('mnist-test');
    expect(record.curve.length).toBe(record.epochs);
    if (mnist) {
      expect(record.test.correct).toBe(result.correct);
      for (const [layer, value] of result.largest) expect(record.largestAbsoluteValues[layer]).toBeCloseTo(value, 3);
    } else {
      expect(record.test.accuracy).toBeGreaterThanOrEqual(promised.accuracy); // MNIST is not here: the record's word
    }
  });

  test('read the drawn stand-in too, which they never saw', async () => {
    const { accuracy } = await evaluateOn(drawn);
    expect(accuracy).toBeGreaterThanOrEqual(0.9);
  });
});

test('a name that is not there is an error that lists those that are', async () => {
  expect(await listWeights()).toEqual(['mnist-article', 'mnist-two-conv']);
  await expect(loadWeights('../package')).rejects.toThrow(
    /cannot load weights: the name should be one of .*mnist-article.* but is "..\/package"/,
  );
});
