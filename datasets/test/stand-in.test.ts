import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadMnist } from '../src/mnist.ts';
import { centreOfMass, drawPaths } from '../src/raster.ts';
import { drawStandIn } from '../src/stand-in.ts';
import { DIGITS, trace } from '../src/strokes.ts';

describe('the drawn stand-in', () => {
  const set = drawStandIn('test');

  test('is balanced, in every prefix, and 28×28 with pixels 0…1', () => {
    expect([set.name, set.count, set.rows, set.columns]).toEqual(['stand-in-test', 1000, 28, 28]);
    for (let digit = 0; digit < 10; digit++) expect(set.labels.filter((x) => x === digit).length).toBe(100);
    expect([...set.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect(set.images.length).toBe(1000 * 784);
    expect(set.images.every((x) => x >= 0 && x <= 1)).toBe(true);
  });

  test('is always the same, and a prefix is a prefix', () => {
    const again = drawStandIn('test', 30);
    expect(again.images).toEqual(set.images.subarray(0, 30 * 784));
    expect(drawStandIn('test', 5000).count).toBe(1000);
  });

  test('has no image twice, not in both splits either', () => {
    const print = (images: Float32Array, i: number): string =>
      createHash('sha256')
        .update(images.slice(i * 784, (i + 1) * 784))
        .digest('hex');
    const train = drawStandIn('train', 1000);
    const prints = new Set<string>();
    for (let i = 0; i < 1000; i++) prints.add(print(set.images, i)).add(print(train.images, i));
    expect(prints.size).toBe(2000);
  });

  test('is made as MNIST is: in a 20×20 box, the centre of mass in the middle', () => {
    for (let i = 0; i < set.count; i++) {
      const image = set.images.subarray(i * 784, (i + 1) * 784);
      const inked = [...image.keys()].filter((at) => image[at]! > 0);
      const rows = inked.map((at) => Math.floor(at / 28));
      const columns = inked.map((at) => at % 28);
      // 20 pixels, and on each side at most one more that is partly covered.
      expect(Math.max(...rows) - Math.min(...rows) + 1).toBeLessThanOrEqual(22);
      expect(Math.max(...columns) - Math.min(...columns) + 1).toBeLessThanOrEqual(22);
      expect(Math.max(...rows) - Math.min(...rows) + 1).toBeGreaterThanOrEqual(10);
      const [x, y] = centreOfMass(image, 28, 28);
      expect(Math.max(Math.abs(x - 14), Math.abs(y - 14))).toBeLessThan(0.75); // half a pixel, and what the pen rounds
    }
  });

  test('has about as much ink as MNIST (mean 0.13)', () => {
    const mean = set.images.reduce((sum, x) => sum + x, 0) / set.images.length;
    expect(mean).toBeGreaterThan(0.08);
    expect(mean).toBeLessThan(0.18);
  });

  test('loadMnist draws it when asked to', async () => {
    const asked = await loadMnist({ split: 'test', source: 'stand-in', limit: 10 });
    expect(asked.name).toBe('stand-in-test');
    expect(asked.images).toEqual(set.images.subarray(0, 7840));
  });

  test('refuses a limit that is none', () => {
    expect(() => drawStandIn('test', -1)).toThrow(/cannot draw the stand-in: limit should be an integer ≥ 1 but is -1/);
  });
});

test('every digit’s strokes lie in their box, a little overshoot allowed', () => {
  expect(DIGITS.length).toBe(10);
  for (const [x, y] of DIGITS.flat(2).flatMap(trace)) {
    expect(Math.min(x, 0.8 - x, y, 1 - y)).toBeGreaterThan(-0.1);
  }
});

test('a curve goes through its points; a sharp stroke is its points', () => {
  const points = [
    [0, 0],
    [1, 0.5],
    [0, 1],
  ] as const;
  for (const point of points) expect(trace({ points })).toContainEqual([...point]);
  expect(trace({ points, sharp: true })).toEqual(points);
});

test('the pen: full inside its radius, falling to nothing over a pixel', () => {
  const out = new Float32Array(49);
  drawPaths(
    [
      [
        [3.5, 0.5],
        [3.5, 6.5],
      ],
    ],
    1.25,
    7,
    7,
    out,
  ); // a vertical line through the middle column
  expect([...out.subarray(21, 28)]).toEqual([0, 0, 0.75, 1, 0.75, 0, 0]);
  expect(centreOfMass(out, 7, 7)).toEqual([3.5, 3.5]);
  expect(centreOfMass(new Float32Array(49), 7, 7)).toEqual([3.5, 3.5]);
});
