/** The promise at production parameters: 128 images in one batch, every prediction that of the clear network. */
import { expect, it } from 'vitest';
import { liveSealObjects } from 'toyfhe/seal';
import { classifyMnist } from '../src/mnist/job.ts';

it('128 images on node-seal at 128-bit security: all predictions agree with the clear network', async () => {
  const { result, layers } = await classifyMnist({ backend: 'seal', dataset: 'auto', images: 128 });
  expect(result).toMatchObject({ images: 128, agree: 128, ringDegree: 16384, securityBits: 128 });
  expect(result.correct).toBe(result.plainCorrect);
  expect(result.logQP).toBeLessThanOrEqual(438);
  // Noise of 2^-24 a slot after the convolution; sums of 256 and squares of values up to 80 bring it to about 2^-16.
  expect(result.maxLogitError).toBeLessThan(2 ** -10);
  for (const l of layers) expect(l.bitsRight, l.name).toBeGreaterThan(10);
  expect(liveSealObjects()).toBe(0);
});
