/** The main job on few images; the full run at production parameters is in mnist-seal.test.ts. */
import { loadMnist } from '@toyfhe/datasets';
import { describe, expect, it } from 'vitest';
import { drawDigits } from '../src/mnist/digits.ts';
import { classifyMnist } from '../src/mnist/job.ts';
import { reportDigits } from '../src/mnist/report.ts';
import { bar } from '../src/progress.ts';

describe('encrypted MNIST', () => {
  it('on the twin: the encrypted program is the network in the clear, to rounding', async () => {
    const { result, layers } = await classifyMnist({ backend: 'twin', dataset: 'auto', images: 200 });
    // 200 images: a full batch of 128 and one padded with black.
    expect(result).toMatchObject({ backend: 'twin', images: 200, agree: 200, correct: result.plainCorrect });
    expect(result.maxLogitError).toBeLessThan(1e-10); // sums of doubles in another order
    expect(layers.map((l) => l.name)).toEqual(['conv', 'square1', 'fc1', 'square2', 'fc2']);
    for (const l of layers) expect(l.maxDifference).toBeLessThan(1e-10);
  });

  it('the same, encrypted on the readable ring: one image a ciphertext', async () => {
    const run = await classifyMnist({ backend: 'toy', dataset: 'auto', images: 2 });
    const { result, layers } = run;
    expect(result).toMatchObject({
      task: 'mnist',
      backend: 'toy',
      images: 2,
      agree: 2,
      ringDegree: 128,
      securityBits: 0,
    });
    expect(result.dataset).toMatch(/^(mnist|stand-in)-test$/);
    // Noise of a few hundred over 2^40 is 2^-31; squares of values up to 80 and sums of 256 bring it to about 2^-24.
    expect(result.maxLogitError).toBeLessThan(2 ** -18);
    expect(result.maxLogitError).toBeGreaterThan(0); // it was encrypted
    for (const l of layers) expect(l.bitsRight).toBeGreaterThan(18);

    const report = reportDigits(run, { width: 80, colour: false });
    expect(report).toContain('2 of 2 predictions agree');
    expect(report).toMatch(/^toy: .*INSECURE/m);
    expect(report).toContain('35 rotations');
    expect(report).not.toContain('\x1b');
  });

  it('says where the images come from, the stand-in included', async () => {
    const { result, data } = await classifyMnist({ backend: 'twin', dataset: 'stand-in', images: 5 });
    expect(result.dataset).toBe('stand-in-test');
    expect(data.about).toMatch(/stand-in/i);
  });
});

describe('what a terminal shows', () => {
  it('draws a digit at half its resolution, wrong ones in red and marked', async () => {
    const { images } = await loadMnist({ split: 'test', limit: 1, source: 'stand-in' });
    const draw = (wrong: boolean, colour: boolean): string =>
      drawDigits([{ pixels: images, caption: '7: 7 7', wrong }], { size: 28, width: 80, colour });
    expect(draw(false, false).split('\n')).toHaveLength(7 + 1 + 1); // 7 lines of pixels, the caption, an empty one
    expect(draw(false, false)).toMatch(/[▀▄█]/);
    expect(draw(true, false)).toContain('7: 7 7 ✗');
    expect(draw(true, true)).toContain('\x1b[31m7: 7 7 ✗');
    expect(draw(false, true)).not.toContain('\x1b[31m');
    // Red shades of the 256-colour cube for wrong ones, greys for right ones.
    expect(draw(true, true)).toMatch(/[34]8;5;(52|88|124|160|196)[;m]/);
    expect(draw(false, true)).not.toMatch(/[34]8;5;(52|88|124|160|196)[;m]/);
    expect(draw(false, true)).toMatch(/[34]8;5;2[345]\d[;m]/);
  });

  it('breaks rows at the width of the terminal', () => {
    const image = { pixels: new Float32Array(784), caption: 'x', wrong: false };
    const lines = (width: number): number =>
      drawDigits(Array(4).fill(image), { size: 28, width, colour: false }).split('\n').length;
    expect(lines(62)).toBe(9); // four of 14 columns and three gaps of 2
    expect(lines(61)).toBe(18);
    expect(lines(1)).toBe(36);
  });

  it('draws a bar with what is done and what is left', () => {
    expect(bar('encrypt', 0, 48, 0)).toBe('encrypt   ──────────────────────── 0/48');
    expect(bar('encrypt', 24, 48, 3)).toBe('encrypt   ━━━━━━━━━━━━──────────── 24/48, 3 s left');
    expect(bar('images', 24, 48, 3, 129)).toBe('images    ━━━━━━━━━━━━──────────── 64/129, 3 s left');
  });
});
