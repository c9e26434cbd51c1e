/**
 * The stand-in for MNIST on machines that do not have it: digits drawn by this program. They are made as MNIST was
 * (a 20×20 box, centred by mass in 28×28), so that a network trained on MNIST reads them.
 * @module
 */
import { outOfRange } from './errors.ts';
import type { ImageSet, Split } from './image-set.ts';
import { seededUniform } from './random.ts';
import { centreOfMass, drawPaths } from './raster.ts';
import { DIGITS, type Point, trace } from './strokes.ts';

const SIDE = 28; // as MNIST's images
const BOX = 20; // as MNIST's digits, size-normalised into 20×20 pixels
const PIXELS = SIDE * SIDE;

/** Images per split, and where each split's seeds begin: far enough apart that no image is in both. */
const SPLITS: Readonly<Record<Split, { readonly count: number; readonly seed: number }>> = {
  test: { count: 1_000, seed: 0x10000000 },
  train: { count: 10_000, seed: 0x20000000 },
};

/**
 * The drawn set: always the same images. Image i shows the digit i mod 10, so every prefix is balanced, and does not
 * depend on how many are drawn.
 * @param limit at most this many, an integer ≥ 1; 1,000 for test and 10,000 for train when left out, and at most those
 * @param why for the line `about`
 * @throws FheError RANGE for another limit
 */
export function drawStandIn(split: Split, limit?: number, why = 'as asked'): ImageSet {
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw outOfRange('draw the stand-in', 'limit', 'an integer ≥ 1', String(limit));
  }
  const { count: all, seed } = SPLITS[split];
  const count = Math.min(limit ?? all, all);
  const images = new Float32Array(count * PIXELS);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  for (let i = 0; i < count; i++) {
    drawDigit(i % 10, seededUniform(seed + i * 0x9e3779), images.subarray(i * PIXELS, (i + 1) * PIXELS));
  }
  const about = `drawn stand-in for MNIST ${split}, ${count} of ${all} images (${why})`;
  return { name: `stand-in-${split}`, about, count, rows: SIDE, columns: SIDE, images, labels };
}

/** Draws one digit, written and distorted at random, to 28×28 pixels. */
function drawDigit(digit: number, uniform: () => number, out: Float32Array): void {
  const within = (spread: number): number => spread * (2 * uniform() - 1);
  const ways = DIGITS[digit]!;
  const strokes = ways[Math.floor(uniform() * ways.length)]!;
  // The hand: each point a little off. Points that strokes share stay shared.
  const moved = new Map<string, Point>();
  const shake = (point: Point): Point => {
    const key = point.join();
    const known = moved.get(key) ?? ([point[0] + within(0.08), point[1] + within(0.08)] as const);
    moved.set(key, known);
    return known;
  };
  const paths = strokes.map((stroke) => trace({ ...stroke, points: stroke.points.map(shake) }));
  // The writer: turned, slanted to the right more often than not (as in MNIST), wider or narrower.
  const turn = within(0.22);
  const slant = 0.12 + within(0.3);
  const wide = 1 + within(0.25);
  const distort = ([x, y]: Point): Point => {
    const u = wide * (x - 0.35) - slant * (y - 0.5);
    const v = y - 0.5;
    return [u * Math.cos(turn) - v * Math.sin(turn), u * Math.sin(turn) + v * Math.cos(turn)];
  };
  const radius = 0.9 + 0.7 * uniform(); // pixels: lines about 2 to 3 wide
  const placed = fit(
    paths.map((path) => path.map(distort)),
    BOX - 2 * radius,
  );
  // Twice: once to find the centre of mass, once with it in the middle. A whole number of pixels, as in MNIST.
  drawPaths(placed, radius, SIDE, SIDE, out);
  const [x, y] = centreOfMass(out, SIDE, SIDE);
  const dx = Math.round(SIDE / 2 - x);
  const dy = Math.round(SIDE / 2 - y);
  drawPaths(
    placed.map((path) => path.map(([px, py]): Point => [px + dx, py + dy])),
    radius,
    SIDE,
    SIDE,
    out,
  );
}

/** Scales paths so that the longer side of their bounding box is `size` pixels, in the middle of the image. */
function fit(paths: readonly (readonly Point[])[], size: number): Point[][] {
  const xs = paths.flat().map(([x]) => x);
  const ys = paths.flat().map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const scale = size / Math.max(right - left, bottom - top);
  const place = (value: number, low: number, high: number): number => SIDE / 2 + scale * (value - (low + high) / 2);
  return paths.map((path) => path.map(([x, y]): Point => [place(x, left, right), place(y, top, bottom)]));
}
