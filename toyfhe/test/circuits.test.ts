import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Backend, FheError, seededRandom, twin } from '../src/backend/index.ts';
import {
  batchLayout,
  convolvePatches,
  DiagonalMatrix,
  explodePatches,
  matchScale,
  prepareConvolution,
  repeated,
  unpacked,
  windows,
} from '../src/circuits/index.ts';
import { toy } from '../src/toy/index.ts';

const SPEC = { ringDegree: 64, chain: [60, 40, 40], special: [60], insecure: true } as const;

function matrix(rows: number, columns: number, seed: string): Float64Array[] {
  const random = seededRandom(seed);
  const uniform = (): number => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 31 - 1;
  return Array.from({ length: rows }, () => Float64Array.from({ length: columns }, uniform));
}

function times(w: readonly Float64Array[], x: ArrayLike<number>): number[] {
  return w.map((row) => row.reduce((sum, v, i) => sum + v * x[i]!, 0));
}

/** W·x for a batch, through a backend: blocks in, one ciphertext out. */
function product(
  backend: Backend,
  w: readonly Float64Array[],
  x: readonly Float64Array[],
  features: number,
  babySteps?: number,
): Float64Array[] {
  const layout = batchLayout(backend.parameters.slots, features);
  const prepared = new DiagonalMatrix(w, layout, babySteps);
  return backend.scope(() => {
    const { publicKey, secretKeys, evaluationKeys: ev } = backend.keygen({ rotations: prepared.rotations });
    const blocks = Array.from({ length: prepared.blocks }, (_, block) => {
      const slots = new Float64Array(backend.parameters.slots);
      x.forEach((image, b) => {
        for (let f = 0; f < features; f++) slots[f * layout.batch + b] = image[block * features + f]!;
      });
      return publicKey.encrypt(backend.encode(slots));
    });
    let steps = 0;
    const y = prepared.apply(backend, ev, blocks, () => steps++);
    expect(steps).toBe(prepared.productCount);
    const rescaled = ev.rescale(y);
    expect(rescaled.scale.equals(blocks[0]!.scale)).toBe(true);
    return unpacked(backend.decode(secretKeys.decrypt(rescaled)), layout);
  });
}

describe('matrix products by diagonals', () => {
  it.each([
    ['square', 8, 8, 8],
    ['two blocks', 8, 16, 8],
    ['fewer rows than features: folded', 3, 8, 8],
    ['one row', 1, 16, 16],
    ['no batch: features fill the slots', 32, 32, 32],
  ])('%s, on the twin and on the toy', (name, rows, columns, features) => {
    const w = matrix(rows, columns, `matrix ${name}`);
    for (const backend of [twin(SPEC), toy(SPEC)]) {
      const batch = backend.parameters.slots / features;
      const x = matrix(batch, columns, `vectors ${name}`);
      const got = product(backend, w, x, features);
      x.forEach((vector, b) => {
        times(w, vector).forEach((want, r) => expect(got[b]![r]).toBeCloseTo(want, 7)); // 2^-26 on the toy, as conformance
      });
      expect(backend.live).toBe(0);
    }
  });

  it('any sizes (fast-check prints its seed on failure)', () => {
    const power = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max }).map((k) => 2 ** k);
    fc.assert(
      fc.property(
        power(5),
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (features, blocks, part) => {
          const rows = Math.max(1, Math.round(part * features));
          const w = matrix(rows, blocks * features, `w ${rows} ${blocks}`);
          const backend = twin(SPEC);
          const x = matrix(32 / features, blocks * features, 'x');
          const got = product(backend, w, x, features);
          x.forEach((vector, b) => times(w, vector).forEach((want, r) => expect(got[b]![r]).toBeCloseTo(want, 10)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('skips zero diagonals instead of making a transparent product', () => {
    const identity = Array.from({ length: 8 }, (_, r) => Float64Array.from({ length: 8 }, (_, c) => (r === c ? 1 : 0)));
    const x = matrix(4, 8, 'x');
    const got = product(toy(SPEC), identity, x, 8);
    x.forEach((vector, b) => vector.forEach((v, f) => expect(got[b]![f]).toBeCloseTo(v, 7)));
    // One entry so small that its diagonal rounds to zero on the ring, though value × scale alone would not say so.
    identity[0]![1] = 2e-12;
    expect(product(toy(SPEC), identity, x, 8)[0]![0]).toBeCloseTo(x[0]![0]!, 7);
    const zeros = Array.from({ length: 8 }, () => new Float64Array(8));
    expect(() => product(twin(SPEC), zeros, x, 8)).toThrow(/weights of the matrix should be not all zero/);
  });

  it('counts rotations: the article’s two dense layers take 35 where its loops take 315', () => {
    const layout = batchLayout(8192, 64);
    const fc1 = new DiagonalMatrix(matrix(64, 256, 'fc1'), layout);
    const fc2 = new DiagonalMatrix(matrix(10, 64, 'fc2'), layout);
    expect([fc1.babySteps, fc1.giantSteps, fc1.rotationCount]).toEqual([4, 16, 27]);
    expect([fc2.babySteps, fc2.giantSteps, fc2.rotationCount]).toEqual([4, 4, 8]);
    for (const m of [fc1, fc2]) for (const k of m.rotations) expect(k % 128).toBe(0);
  });

  it('takes any split of baby and giant steps; the plain method is one of them', () => {
    const w = matrix(8, 16, 'w');
    const x = matrix(4, 16, 'x');
    for (const babySteps of [1, 2, 8]) {
      const prepared = new DiagonalMatrix(w, batchLayout(32, 8), babySteps);
      expect(prepared.rotationCount).toBe(2 * (babySteps - 1) + (8 / babySteps - 1));
      const got = product(twin(SPEC), w, x, 8, babySteps);
      x.forEach((vector, b) => times(w, vector).forEach((want, r) => expect(got[b]![r]).toBeCloseTo(want, 10)));
    }
    for (const babySteps of [0, 3, 16]) {
      expect(() => new DiagonalMatrix(w, batchLayout(32, 8), babySteps)).toThrow(
        /babySteps should be a power of two up to 8/,
      );
    }
  });

  it('refuses shapes that do not fit', () => {
    const layout = batchLayout(32, 8);
    expect(() => new DiagonalMatrix([], layout)).toThrow(FheError);
    expect(() => new DiagonalMatrix(matrix(8, 12, 'w'), layout)).toThrow(/is 8 × 12|but is 8 × 12/);
    expect(() => new DiagonalMatrix(matrix(9, 8, 'w'), layout)).toThrow(/at most 8 rows/);
    expect(() => new DiagonalMatrix([new Float64Array(8), new Float64Array(16)], layout)).toThrow(/8 and 16/);
    expect(() => batchLayout(32, 12)).toThrow(/power of two/);
    expect(() => batchLayout(32, 0.5)).toThrow(/power of two/);
    expect(() => batchLayout(32, 64)).toThrow(/at most 32/);
  });
});

describe('a prepared matrix', () => {
  it.each(['twin', 'toy'])('is encoded once for many inputs, on the %s', (name) => {
    const b = name === 'twin' ? twin(SPEC) : toy(SPEC);
    const w = matrix(3, 16, 'prepared');
    const layout = batchLayout(32, 8);
    const m = new DiagonalMatrix(w, layout);
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: m.rotations, relinearize: false });
      let encoded = 0;
      const prepared = b.scope(() => m.prepare(b, 1, () => encoded++)); // the scope keeps what it owns
      expect([prepared.level, encoded, b.live]).toEqual([1, m.productCount, 3 + m.productCount]);
      for (const seed of ['first', 'second']) {
        const x = matrix(1, 16, seed)[0]!;
        const blocks = [x.subarray(0, 8), x.subarray(8)].map((part) =>
          publicKey.encrypt(b.encode(repeated(part, layout), { level: 1 })),
        );
        const before = b.live;
        const encode = vi.spyOn(b, 'encode');
        let steps = 0;
        const y = prepared.apply(ev, blocks, () => steps++);
        expect(encode).not.toHaveBeenCalled();
        encode.mockRestore();
        expect([steps, b.live]).toEqual([m.productCount, before + 1]);
        const got = unpacked(b.decode(secretKeys.decrypt(y)), layout)[2]!;
        times(w, x).forEach((want, r) => expect(got[r]).toBeCloseTo(want, 7));
      }
      const high = [1, 2].map(() => publicKey.encrypt(b.encode(1)));
      expect(() => prepared.apply(ev, high)).toThrow(/level should be 2 but is 1/);
      expect(() => prepared.apply(ev, high.slice(1))).toThrow(/number of ciphertexts should be 2 but is 1/);
      const before = b.live;
      prepared.dispose();
      prepared.dispose();
      expect([prepared.disposed, b.live]).toEqual([true, before - m.productCount]);
      const low = high.map((c) => ev.dropLevel(c, 1));
      expect(() => prepared.apply(ev, low)).toThrow(/plaintext should be live but is disposed/);
    });
    expect(b.live).toBe(0);
  });

  it('refuses other slots, and no such level; leaves nothing behind', () => {
    const m = new DiagonalMatrix(matrix(8, 8, 'w'), batchLayout(32, 8));
    const b = twin(SPEC);
    expect(() => m.prepare(twin({ ...SPEC, ringDegree: 32 }), 1)).toThrow(/slots of the layout should be 16/);
    expect(() => m.prepare(b, 3)).toThrow(/level should be 0 to 2 but is 3/);
    expect(() => new DiagonalMatrix([Float64Array.of(1, Number.NaN)], batchLayout(32, 2)).prepare(b, 1)).toThrow(/NaN/);
    expect(b.live).toBe(0);
  });
});

describe('a layout for another number of slots', () => {
  it('is refused: its rotations would mix features', () => {
    const b = twin(SPEC); // 32 slots
    const { publicKey, evaluationKeys } = b.keygen({ rotations: [2, 4, 6, 8, 10, 12, 14] });
    const m = new DiagonalMatrix(matrix(8, 8, 'w'), batchLayout(16, 8));
    const x = publicKey.encrypt(b.encode(1));
    expect(() => m.apply(b, evaluationKeys, [x])).toThrow(
      /slots of the layout should be 32.* but is 16 = 8 features × 2/,
    );
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
    const patches = explodePatches(image, shape, { features: 16, batch: 2 });
    expect(patches).toHaveLength(9);
    // Position (0, 0) of the windows: the pixels 0 1 2 3, 6 7 8 9, …, with the missing second image black.
    expect([...patches[0]!.slice(0, 10)]).toEqual([0, 0, 1, 0, 2, 0, 3, 0, 6, 0]);
    expect(patches[8]![0]).toBe(14); // position (2, 2) of the first window: row 2, column 2
  });

  it('is the convolution, on the twin and on the toy', () => {
    for (const backend of [twin(SPEC), toy(SPEC)]) {
      const layout = batchLayout(backend.parameters.slots, 16);
      backend.scope(() => {
        const { publicKey, secretKeys, evaluationKeys: ev } = backend.keygen({ relinearize: false });
        const images = Float64Array.from(random.flatMap((image) => [...image]));
        const c = explodePatches(images, shape, layout).map((p) => publicKey.encrypt(backend.encode(p)));
        const channels = convolvePatches(backend, ev, c, kernels, bias);
        channels.forEach((channel, k) => {
          expect(channel.level).toBe(1);
          expect(channel.scale.equals(c[0]!.scale)).toBe(true);
          unpacked(backend.decode(secretKeys.decrypt(channel)), layout).forEach((got, b) => {
            convolve(random[b]!, kernels[k]!, bias[k]!).forEach((want, p) => expect(got[p]).toBeCloseTo(want, 7));
          });
        });
      });
      expect(backend.live).toBe(0);
    }
  });

  it('refuses shapes that do not fit', () => {
    const layout = { features: 16, batch: 2 };
    expect(() => explodePatches(new Float32Array(3 * 36), shape, layout)).toThrow(
      /images should be a whole number up to 2 but is 3/,
    );
    expect(() => explodePatches(new Float32Array(40), shape, layout)).toThrow(/images should be a whole number/);
    expect(() => explodePatches(new Float32Array(36), shape, { features: 8, batch: 4 })).toThrow(
      /windows should be at most 8/,
    );
    expect(() => repeated([1, 2, 3], { features: 2, batch: 1 })).toThrow(/at most 2/);
    const b = twin(SPEC);
    const { publicKey, evaluationKeys: ev } = b.keygen({ relinearize: false });
    const c = Array.from({ length: 8 }, () => publicKey.encrypt(b.encode(1)));
    expect(() => convolvePatches(b, ev, c, kernels, bias)).toThrow(/patches should be 9, one a weight but is 8/);
    expect(() => convolvePatches(b, ev, c, kernels, [0])).toThrow(/biases should be 2/);
    expect(() => convolvePatches(b, ev, [], [[]], [0])).toThrow(/patches should be 0/);
  });

  it('is prepared once for many images', () => {
    const b = twin(SPEC);
    const layout = batchLayout(b.parameters.slots, 16);
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
          const got = unpacked(b.decode(secretKeys.decrypt(channel)), layout)[0]!;
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

  it('repeats a value a feature for every image', () => {
    expect([...repeated([1, 2], { features: 4, batch: 2 })]).toEqual([1, 1, 2, 2, 0, 0, 0, 0]);
  });
});
