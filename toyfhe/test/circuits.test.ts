import { describe, expect, it, vi } from 'vitest';
import { seededRandom, twin } from '../src/backend/index.ts';
import {
  convolvePatches,
  denseMap,
  explodePatches,
  LinearTransform,
  matchScale,
  prepareConvolution,
  type SlotLayout,
  unpackSlots,
  vectorLayout,
  windows,
} from '../src/circuits/index.ts';
import { toy } from '../src/toy/index.ts';

const SPEC = { ringDegree: 64, chain: [60, 40, 40], special: [60], insecure: true } as const;

function matrix(rows: number, columns: number, seed: string): Float64Array[] {
  const random = seededRandom(seed);
  const uniform = (): number => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 31 - 1;
  return Array.from({ length: rows }, () => Float64Array.from({ length: columns }, uniform));
}

describe('dense layers by diagonals', () => {
  const layer = (outputs: number, inputs: number, to: SlotLayout): LinearTransform => {
    const weight = matrix(1, outputs * inputs, `dense ${outputs}`)[0]!;
    const from = vectorLayout(8192, inputs, { batch: 128, perBlock: 64 });
    return new LinearTransform(denseMap(weight, outputs, inputs), from, to);
  };
  const fc1 = layer(64, 256, vectorLayout(8192, 64, { batch: 128 }));
  const fc2 = layer(10, 64, vectorLayout(8192, 10, { batch: 128 }));

  it('count rotations: the article’s two layers take 35 where its loops take 315', () => {
    const shape = (t: LinearTransform): number[] =>
      [t.split.babies, t.split.giants, t.split.folds].map((steps) => steps.length).concat(t.rotationCount);
    expect(shape(fc1)).toEqual([4, 16, 0, 4 * 3 + 15]);
    expect(shape(fc2)).toEqual([4, 4, 2, 3 + 3 + 2]);
    expect([fc1.productCount, fc2.productCount]).toEqual([256, 16]);
    // Keys are shared: 15 giant steps, of which the second layer needs some, and 3 baby steps.
    expect(new Set([...fc1.rotations, ...fc2.rotations]).size).toBe(18);
    for (const t of [fc1, fc2]) for (const k of t.rotations) expect(k % 128).toBe(0);
  });

  it('the plain method is one of the splits', () => {
    const plain = fc1.splits().find(({ split }) => split.giants.length === 1)!;
    expect([plain.split.babies.length, plain.rotations]).toEqual([64, 4 * 63]);
  });
});

describe('matchScale', () => {
  it.each(['twin', 'toy'])('x² + x on the %s: the scales differ, and are brought together exactly', (name) => {
    const b = name === 'twin' ? twin(SPEC) : toy(SPEC);
    const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
    const x = publicKey.encrypt(b.encode([1, -2, 0.5]));
    const squared = ev.rescale(ev.relinearize(ev.square(x)));
    expect(() => ev.add(squared, ev.dropLevel(x, 1))).toThrow(/scale should be 2\^80\/q₂ but is 2\^40; .* matchScale/);
    const matched = matchScale(b, ev, x, squared);
    expect(String(matched.scale)).toBe('2^80/q₂');
    const sum = b.decode(secretKeys.decrypt(ev.add(squared, matched)));
    [2, 2, 0.75, 0].forEach((want, i) => expect(sum[i]).toBeCloseTo(want, 7));
    // Over two levels, and where only the level differs.
    const fourth = ev.rescale(ev.relinearize(ev.square(squared)));
    expect(matchScale(b, ev, x, fourth).scale.equals(fourth.scale)).toBe(true);
    expect(matchScale(b, ev, x, { level: 0, scale: x.scale }).level).toBe(0);
    expect(() => matchScale(b, ev, squared, x)).toThrow(/LEVEL|level should be above 2/);
  });
});

describe('convolution as exploded patches', () => {
  const shape = { size: 6, kernel: 3, stride: 1 };
  const side = windows(shape); // 4 windows a side, 16 features
  const random = matrix(2, 36, 'images');
  const kernels = matrix(2, 9, 'kernels');
  const bias = [0.5, -0.25];

  /** The definition: every window times the kernel (cross-correlation, as in PyTorch). */
  function convolve(image: Float64Array, kernel: Float64Array, b: number): number[] {
    return Array.from({ length: side * side }, (_, p) => {
      const [y, x] = [Math.floor(p / side), p % side];
      let sum = b;
      for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sum += kernel[3 * i + j]! * image[(y + i) * 6 + x + j]!;
      return sum;
    });
  }

  it('takes each kernel position of all windows apart', () => {
    const image = Float64Array.from({ length: 36 }, (_, i) => i);
    const patches = explodePatches(image, shape, vectorLayout(32, 16, { batch: 2 }));
    expect(patches).toHaveLength(9);
    // Position (0, 0) of the windows: the pixels 0 1 2 3, 6 7 8 9, …, with the missing second image black.
    expect([...patches[0]!.slice(0, 10)]).toEqual([0, 0, 1, 0, 2, 0, 3, 0, 6, 0]);
    expect(patches[8]![0]).toBe(14); // position (2, 2) of the first window: row 2, column 2
  });

  it('is the convolution, on the twin and on the toy', () => {
    for (const backend of [twin(SPEC), toy(SPEC)]) {
      const layout = vectorLayout(backend.parameters.slots, 16, { batch: 2 });
      backend.scope(() => {
        const { publicKey, secretKeys, evaluationKeys: ev } = backend.keygen({ relinearize: false });
        const images = Float64Array.from(random.flatMap((image) => [...image]));
        const c = explodePatches(images, shape, layout).map((p) => publicKey.encrypt(backend.encode(p)));
        const channels = convolvePatches(backend, ev, c, kernels, bias);
        channels.forEach((channel, k) => {
          expect(channel.level).toBe(1);
          expect(channel.scale.equals(c[0]!.scale)).toBe(true);
          unpackSlots(layout, [backend.decode(secretKeys.decrypt(channel))]).forEach((got, b) => {
            convolve(random[b]!, kernels[k]!, bias[k]!).forEach((want, p) => expect(got[p]).toBeCloseTo(want, 7));
          });
        });
      });
      expect(backend.live).toBe(0);
    }
  });

  it('refuses shapes that do not fit', () => {
    const layout = vectorLayout(32, 16, { batch: 2 });
    expect(() => explodePatches(new Float32Array(3 * 36), shape, layout)).toThrow(
      /images should be a whole number up to 2 but is 3/,
    );
    expect(() => explodePatches(new Float32Array(40), shape, layout)).toThrow(/images should be a whole number/);
    expect(() => explodePatches(new Float32Array(36), shape, vectorLayout(32, 8, { batch: 4 }))).toThrow(
      /features of the layout should be 16, one a window, in 1 block but is 8 in 1 block/,
    );
    expect(() => explodePatches(new Float32Array(36), shape, vectorLayout(32, 16, { perBlock: 8 }))).toThrow(
      /in 1 block but is 16 in 2 blocks/,
    );
    const b = twin(SPEC);
    const { publicKey, evaluationKeys: ev } = b.keygen({ relinearize: false });
    const c = Array.from({ length: 8 }, () => publicKey.encrypt(b.encode(1)));
    expect(() => convolvePatches(b, ev, c, kernels, bias)).toThrow(/patches should be 9, one a weight but is 8/);
    expect(() => convolvePatches(b, ev, c, kernels, [0])).toThrow(/biases should be 2/);
    expect(() => convolvePatches(b, ev, [], [[]], [0])).toThrow(/patches should be 0/);
  });

  it('is prepared once for many images', () => {
    const b = twin(SPEC);
    const layout = vectorLayout(b.parameters.slots, 16, { batch: 2 });
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ relinearize: false });
      const at = { level: 2, scale: b.parameters.scale };
      let encoded = 0;
      const prepared = b.scope(() => prepareConvolution(b, kernels, bias, at, () => encoded++));
      expect([encoded, b.live]).toEqual([18, 3 + 18 + 2]);
      for (const image of random) {
        const c = explodePatches(image, shape, layout).map((p) => publicKey.encrypt(b.encode(p)));
        const before = b.live;
        const encode = vi.spyOn(b, 'encode');
        let steps = 0;
        const channels = prepared.apply(ev, c, () => steps++);
        expect(encode).not.toHaveBeenCalled();
        encode.mockRestore();
        expect([steps, b.live]).toEqual([18, before + 2]);
        channels.forEach((channel, k) => {
          const got = unpackSlots(layout, [b.decode(secretKeys.decrypt(channel))])[0]!;
          convolve(image, kernels[k]!, bias[k]!).forEach((want, p) => expect(got[p]).toBeCloseTo(want, 10));
        });
        expect(() => prepared.apply(ev, c.slice(1))).toThrow(/patches should be 9, one a weight but is 8/);
        const lower = c.map((x) => ev.dropLevel(x, 1));
        expect(() => prepared.apply(ev, lower)).toThrow(/level should be 1 but is 2/);
      }
      const before = b.live;
      prepared.dispose();
      expect([b.live, prepared.disposed]).toEqual([before - 20, true]);
      expect(() => prepareConvolution(b, kernels, [0], at)).toThrow(/biases should be 2/);
      expect(() => prepareConvolution(b, kernels, bias, { ...at, level: 0 })).toThrow(
        /level of the patches should be at least 1/,
      );
    });
    expect(b.live).toBe(0);
  });

  it('leaves nothing behind where a later channel has only zeros', () => {
    const b = twin(SPEC);
    const { publicKey, evaluationKeys: ev } = b.keygen({ relinearize: false });
    const c = Array.from({ length: 9 }, () => publicKey.encrypt(b.encode(1)));
    const before = b.live;
    expect(() => convolvePatches(b, ev, c, [kernels[0]!, new Float64Array(9)], bias)).toThrow(
      /weights of channel 1 should be not all zero/,
    );
    expect(b.live).toBe(before);
  });
});
