/** Linear transforms between layouts: the map in the clear first, then the same, encrypted. */
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Backend, type Ciphertext, Scale, seededRandom, twin } from '../src/backend/index.ts';
import {
  type AffineMap,
  applyMap,
  convolutionMap,
  type ConvolutionOptions,
  denseMap,
  explodedConvolutionMap,
  featureCount,
  FEWEST_ROTATIONS,
  identityMap,
  imageLayout,
  type ImageShape,
  LinearTransform,
  type LinearTransformOptions,
  outputImage,
  packSlots,
  scaledMap,
  type SlotLayout,
  unpackSlots,
  vectorLayout,
} from '../src/circuits/index.ts';
import { engine } from '../src/engine/index.ts';
import { toy } from '../src/toy/index.ts';

const SPEC = { ringDegree: 64, chain: [60, 40, 40], special: [60], insecure: true } as const;
const SLOTS = 32;
/** Weights and values near 1, sums of tens, noise 2^-26 at the scale 2^40 on rings this small. */
const TOLERANCE = 1e-6;

const opened: Backend[] = [];
afterAll(() => opened.forEach((backend) => backend.dispose()));

/** The engine's primes end at 50 bits; one thread, so that small rings do not wait for workers. */
async function openEngine(ringDegree: number = SPEC.ringDegree): Promise<Backend> {
  const spec = { ...SPEC, ringDegree, chain: [50, 40, 40], special: [50] };
  const backend = await engine(spec, { threads: 1, random: seededRandom('circuits-transform') });
  opened.push(backend);
  return backend;
}

const BACKENDS: [string, (ringDegree?: number) => Backend | Promise<Backend>][] = [
  ['the twin', (ringDegree = SPEC.ringDegree) => twin({ ...SPEC, ringDegree })],
  ['the toy', (ringDegree = SPEC.ringDegree) => toy({ ...SPEC, ringDegree })],
  ['the engine', openEngine],
];

function uniform(seed: string): () => number {
  const random = seededRandom(seed);
  return () => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 31 - 1;
}

function values(n: number, seed: string): Float64Array {
  const next = uniform(seed);
  return Float64Array.from({ length: n }, next);
}

/** A map of which each weight is there with the chance `density`; the first of each row always. */
function sparseMap(outputs: number, inputs: number, density: number, seed: string, bias: boolean): AffineMap {
  const next = uniform(seed);
  const weight = Float64Array.from({ length: outputs * inputs }, (_, i) => {
    const value = next();
    return Math.abs(next()) < density || i % inputs === 0 ? value : 0;
  });
  return denseMap(weight, outputs, inputs, bias ? values(outputs, `bias ${seed}`) : undefined);
}

/** Encrypts a batch, applies the transform, decrypts: features, and the decrypted blocks. */
function through(
  backend: Backend,
  transform: LinearTransform,
  images: readonly ArrayLike<number>[],
): { features: Float64Array[]; blocks: Float64Array[] } {
  return backend.scope(() => {
    const rotations = transform.rotations;
    const { publicKey, secretKeys, evaluationKeys: ev } = backend.keygen({ rotations, relinearize: false });
    const at = { level: backend.parameters.maxLevel, scale: backend.parameters.scale };
    const xs = packSlots(transform.from, images).map((slots) => publicKey.encrypt(backend.encode(slots)));
    const prepared = transform.prepare(backend, at);
    const ys = prepared.apply(ev, xs);
    for (const y of ys) expect([y.level, String(y.scale)]).toEqual([at.level - 1, String(at.scale)]);
    const blocks = ys.map((y) => backend.decode(secretKeys.decrypt(y)));
    return { features: unpackSlots(transform.to, blocks), blocks };
  });
}

function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++) expect(Math.abs(got[i]! - want[i]!)).toBeLessThan(tolerance);
}

/** The law: every image of the batch is mapped, every copy is there, and what holds no feature is zero. */
function expectMapped(backend: Backend, map: AffineMap, transform: LinearTransform, tolerance: number): void {
  const { to } = transform;
  const images = Array.from({ length: to.batch }, (_, b) => values(map.inputs, `image ${b}`));
  const { blocks } = through(backend, transform, images);
  const want = packSlots(
    to,
    images.map((image) => applyMap(map, image)),
  ); // in every copy, with its zeros
  expect(blocks).toHaveLength(want.length);
  blocks.forEach((block, i) => expectClose(block, want[i]!, tolerance));
}

const power = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: low, max: high }).map((k) => 2 ** k);

/** What a random layout is made of, printed by fast-check as it is. */
const anyLayout = fc.oneof(
  fc.record({
    kind: fc.constant('vector' as const),
    length: fc.integer({ min: 1, max: 20 }),
    perBlock: fc.integer({ min: 1, max: 8 }),
    copies: power(0, 3),
  }),
  fc.record({
    kind: fc.constant('image' as const),
    channels: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 1, max: 2 }),
    width: fc.integer({ min: 1, max: 2 }),
    gap: fc.integer({ min: 1, max: 2 }),
    planes: power(0, 2),
  }),
);

type LayoutParts = typeof anyLayout extends fc.Arbitrary<infer T> ? T : never;

function layoutOf(parts: LayoutParts, slots: number, batch: number): SlotLayout {
  const most = slots / batch;
  if (parts.kind === 'vector') {
    const { length, perBlock, copies } = parts;
    return vectorLayout(slots, length, {
      batch,
      perBlock,
      period: Math.min(2 ** Math.ceil(Math.log2(perBlock)) * copies, most),
    });
  }
  const { height, width, gap, planes } = parts;
  const plane = 2 ** (Math.ceil(Math.log2(height * gap)) + Math.ceil(Math.log2(width * gap)));
  return imageLayout(slots, parts, { batch, gap, period: Math.min(plane * planes, most) });
}

describe('a linear transform', () => {
  // The twin computes in doubles: ten decimals are far from rounding, and far from any wrong weight.
  it('of any map between any layouts is the map (fast-check prints its seed on failure)', () => {
    const spec = { ...SPEC, ringDegree: 128 };
    fc.assert(
      fc.property(
        fc.record({
          from: anyLayout,
          to: anyLayout,
          batch: power(0, 2),
          density: fc.constantFrom(0, 0.1, 0.5, 1),
          bias: fc.boolean(),
        }),
        ({ from, to, batch, density, bias }) => {
          const [input, output] = [layoutOf(from, 64, batch), layoutOf(to, 64, batch)];
          const map = sparseMap(featureCount(output), featureCount(input), density, `map ${density}`, bias);
          const backend = twin(spec);
          expectMapped(backend, map, new LinearTransform(map, input, output), 1e-10);
          expect(backend.live).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads features only: what stands between them does not reach a feature', () => {
    const b = twin(SPEC);
    const three = vectorLayout(SLOTS, 3);
    const four = vectorLayout(SLOTS, 4);
    // A shift: y[0] = 0, y[r] = x[r − 1]. Its one diagonal has the same weight for every feature of the input, but as a
    // constant it would bring position 3, where no feature is, to y[0].
    const shift = denseMap([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], 4, 3);
    for (const [map, to] of [
      [shift, four],
      [sparseMap(4, 3, 0.8, 'garbage', true), four],
      [identityMap(3), three], // a constant: position 3 comes to position 3
    ] as const) {
      const transform = new LinearTransform(map, three, to);
      b.scope(() => {
        const rotations = transform.rotations;
        const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations, relinearize: false });
        const x = publicKey.encrypt(b.encode([0.5, -1, 0.25, 99], { repeat: true }));
        const [y] = transform.applyOnce(b, ev, [x]);
        const got = unpackSlots(to, [b.decode(secretKeys.decrypt(y!))])[0]!;
        expectClose(got, applyMap(map, [0.5, -1, 0.25]), 1e-10);
      });
    }
    expect(b.live).toBe(0);
  });

  it('is the same for every split that it lists', () => {
    const from = vectorLayout(SLOTS, 14, { batch: 2 });
    for (const [length, period] of [
      [14, 16],
      [3, 4],
    ] as const) {
      const to = vectorLayout(SLOTS, length, { batch: 2, period });
      const map = sparseMap(length, 14, 0.3, `splits ${length}`, true);
      const listed = new LinearTransform(map, from, to).splits();
      expect(listed.length).toBeGreaterThan(5);
      expect(new Set(listed.map(({ split }) => split.modulus)).size).toBe(length === 3 ? 3 : 1);
      const costs = listed.map(({ cost }) => cost);
      expect(costs).toEqual([...costs].sort((a, b) => a - b));
      for (const { split, rotations } of listed) {
        const plain = JSON.parse(JSON.stringify(split)) as typeof split;
        const transform = new LinearTransform(map, from, to, { split: plain });
        expect(transform.rotationCount).toBe(rotations);
        expectMapped(twin(SPEC), map, transform, 1e-10);
      }
    }
  });

  it.each(BACKENDS)('of two blocks to three, with a bias and a batch, on %s', async (_, open) => {
    const backend = await open();
    const from = vectorLayout(SLOTS, 15, { batch: 2, perBlock: 8, period: 8 });
    const to = vectorLayout(SLOTS, 10, { batch: 2, perBlock: 4, period: 4 });
    const map = sparseMap(10, 15, 0.7, 'blocks', true);
    expectMapped(backend, map, new LinearTransform(map, from, to), TOLERANCE);
    expect(backend.live).toBe(0);
  });

  it.each(BACKENDS)('a convolution follows a convolution, on %s', async (_, open) => {
    // 2 channels of 8×8 → stride 2, 4 channels of 4×4 (gap 2) → stride 2, 8 channels of 2×2 (gap 4), padding everywhere.
    const backend = await open(512);
    const slots = backend.parameters.slots;
    const shapes: ImageShape[] = [{ channels: 2, height: 8, width: 8 }];
    const layers = [4, 8].map((outputChannels, i) => {
      const options: ConvolutionOptions = { outputChannels, kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] };
      const shape = shapes[i]!;
      const weight = values(outputChannels * shape.channels * 9, `conv ${i}`);
      shapes.push(outputImage(shape, options));
      return scaledMap(convolutionMap(shape, weight, values(outputChannels, `bias ${i}`), options), 0.25);
    });
    expect(shapes[2]).toEqual({ channels: 8, height: 2, width: 2 });
    const layouts = shapes.map((shape, i) => imageLayout(slots, shape, { batch: 2, gap: 2 ** i }));
    const transforms = layers.map((map, i) => new LinearTransform(map, layouts[i]!, layouts[i + 1]!));
    const images = ['a', 'b'].map((seed) => values(128, seed));
    // In the clear first.
    const want = images.map((image) => layers.reduce((x: Float64Array, map) => applyMap(map, x), image));
    // The same, encrypted; the second convolution reads what the first one left.
    backend.scope(() => {
      const rotations = [...new Set(transforms.flatMap((t) => t.rotations))];
      const { publicKey, secretKeys, evaluationKeys: ev } = backend.keygen({ rotations, relinearize: false });
      let xs: Ciphertext[] = packSlots(layouts[0]!, images).map((p) => publicKey.encrypt(backend.encode(p)));
      for (const transform of transforms) xs = transform.prepare(backend, xs[0]!).apply(ev, xs);
      expect([xs[0]!.level, String(xs[0]!.scale)]).toEqual([0, String(backend.parameters.scale)]);
      const blocks = xs.map((x) => backend.decode(secretKeys.decrypt(x)));
      unpackSlots(layouts[2]!, blocks).forEach((got, b) => expectClose(got, want[b]!, TOLERANCE));
      // Every position is what packing the clear result would have put there, zeros too.
      packSlots(layouts[2]!, want).forEach((slots, i) => expectClose(blocks[i]!, slots, TOLERANCE));
    });
    expect(backend.live).toBe(0);
  });

  it('takes a convolution on patches without a rotation: its diagonals are constants', () => {
    const b = twin(SPEC);
    // Five windows in a period of eight: three positions hold no feature and stay zero.
    const map = explodedConvolutionMap(3, 5, values(2 * 3, 'taps'), [0.5, -1]);
    const from = vectorLayout(SLOTS, 15, { batch: 4, perBlock: 5 });
    const to = vectorLayout(SLOTS, 10, { batch: 4, perBlock: 5 });
    const transform = new LinearTransform(map, from, to);
    expect([transform.rotationCount, transform.rotations, transform.productCount]).toEqual([0, [], 6]);
    expectMapped(b, map, transform, 1e-10);
    const encode = vi.spyOn(b, 'encode');
    transform.prepare(b, { level: 2, scale: b.parameters.scale }).dispose();
    const scalars = encode.mock.calls.filter(([v]) => typeof v === 'number').length;
    encode.mockRestore();
    expect(scalars).toBe(6);
    // A map that leaves out one feature is no constant, though all its weights are equal.
    const part = identityMap(5);
    const shorter = { ...part, columns: Uint32Array.of(0, 1, 2, 3, 3) };
    const five = vectorLayout(SLOTS, 5, { batch: 4 });
    expectMapped(b, shorter, new LinearTransform(shorter, five, five), 1e-10);
  });
});

describe('rotations of the convolutions of ResNet-20', () => {
  const SLOTS = 2 ** 14;
  /** One 3×3 convolution with padding 1 on multiplexed channels; split for the fewest rotations. */
  function conv(
    [inputs, outputs]: readonly [number, number],
    size: number,
    stride: number,
    [gapIn, gapOut]: readonly [number, number],
    period?: number,
  ): LinearTransform {
    const shape = { channels: inputs, height: size, width: size };
    const options: ConvolutionOptions = {
      outputChannels: outputs,
      kernel: [3, 3],
      stride: [stride, stride],
      padding: [1, 1, 1, 1],
    };
    const map = convolutionMap(shape, values(inputs * outputs * 9, `resnet ${inputs} ${outputs}`), undefined, options);
    const from = imageLayout(SLOTS, shape, { gap: gapIn, ...(period === undefined ? {} : { period }) });
    const to = imageLayout(SLOTS, outputImage(shape, options), { gap: gapOut });
    return new LinearTransform(map, from, to, { costs: FEWEST_ROTATIONS });
  }
  /** Diagonals, rotations, baby steps and giant steps of the best split without folds. */
  function unfolded(transform: LinearTransform): { rotations: number; babies: number; giants: number } {
    const { split, rotations } = transform.splits().find((s) => s.split.folds.length === 0)!;
    return { rotations, babies: split.babies.length, giants: split.giants.length };
  }
  const chosen = (t: LinearTransform): number[] => [t.diagonalCount, t.rotationCount, t.split.folds.length];

  it('conv0 and layer 1: 144 diagonals, 23 rotations; 36 and 11 where three channels repeat every four planes', () => {
    for (const t of [conv([3, 16], 32, 1, [1, 1], SLOTS), conv([16, 16], 32, 1, [1, 1])]) {
      expect(chosen(t)).toEqual([144, 23, 0]);
      expect(unfolded(t)).toEqual({ rotations: 23, babies: 9, giants: 16 });
    }
    expect(chosen(conv([3, 16], 32, 1, [1, 1]))).toEqual([36, 11, 0]);
  });

  it('16→32, stride 2: 256 diagonals, 30 rotations; 128 and 23 with a fold', () => {
    const t = conv([16, 32], 32, 2, [1, 2]);
    expect(unfolded(t)).toEqual({ rotations: 30, babies: 16, giants: 16 });
    expect(chosen(t)).toEqual([128, 23, 1]);
  });

  it('layer 2, period 2^13: 392 diagonals, 42 rotations', () => {
    const t = conv([32, 32], 16, 1, [2, 2]);
    expect([t.from.period, ...chosen(t)]).toEqual([2 ** 13, 392, 42, 0]);
    expect(unfolded(t)).toEqual({ rotations: 42, babies: 28, giants: 16 });
  });

  it('32→64, stride 2: 648 diagonals, 56 rotations; 324 and 37 with a fold', () => {
    const t = conv([32, 64], 16, 2, [2, 4]);
    expect(unfolded(t)).toEqual({ rotations: 56, babies: 18, giants: 40 });
    expect(chosen(t)).toEqual([324, 37, 1]);
  });

  it('layer 3, period 2^12: 900 diagonals, 60 rotations', () => {
    const t = conv([64, 64], 8, 1, [4, 4]);
    expect([t.from.period, ...chosen(t)]).toEqual([2 ** 12, 900, 60, 0]);
    expect(unfolded(t)).toEqual({ rotations: 60, babies: 30, giants: 32 });
  });
});

describe('a prepared transform', () => {
  const from = vectorLayout(SLOTS, 16, { batch: 2, perBlock: 8 });
  const to = vectorLayout(SLOTS, 3, { batch: 2, period: 4 });
  const map = sparseMap(3, 16, 1, 'prepared', true);

  it.each(BACKENDS)('is encoded once for many inputs, on %s', async (_, open) => {
    const b = await open();
    const t = new LinearTransform(map, from, to);
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: t.rotations, relinearize: false });
      const at = { level: 1, scale: b.parameters.scale };
      let encoded = 0;
      const prepared = b.scope(() => t.prepare(b, { ...at, onStep: () => encoded++ })); // the scope keeps what it owns
      expect([prepared.level, encoded, b.live]).toEqual([1, t.productCount, 3 + t.productCount + 1]);
      for (const seed of ['first', 'second']) {
        const x = values(16, seed);
        const xs = packSlots(from, [x]).map((p) => publicKey.encrypt(b.encode(p, { level: 1 })));
        const before = b.live;
        const encode = vi.spyOn(b, 'encode');
        let steps = 0;
        const ys = prepared.apply(ev, xs, () => steps++);
        expect(encode).not.toHaveBeenCalled();
        encode.mockRestore();
        expect([steps, b.live]).toEqual([t.productCount, before + 1]);
        const read = (cs: readonly Ciphertext[]): Float64Array =>
          unpackSlots(
            to,
            cs.map((c) => b.decode(secretKeys.decrypt(c))),
          )[0]!;
        expectClose(read(ys), applyMap(map, x), TOLERANCE);
        // Encoded on the way it is the same, and keeps nothing.
        const live = b.live;
        const once = t.applyOnce(b, ev, xs);
        expect(b.live).toBe(live + 1);
        expectClose(read(once), applyMap(map, x), TOLERANCE);
      }
      const before = b.live;
      prepared.dispose();
      prepared.dispose();
      expect([prepared.disposed, b.live]).toEqual([true, before - t.productCount - 1]);
      const xs = packSlots(from, []).map((p) => publicKey.encrypt(b.encode(p, { level: 1 })));
      expect(() => prepared.apply(ev, xs)).toThrow(/plaintext should be live but is disposed/);
    });
    expect(b.live).toBe(0);
  });

  it('gives any scale that is asked for, exactly, and leaves the product unrescaled where that is asked for', () => {
    const b = twin(SPEC);
    const t = new LinearTransform(map, from, to);
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: t.rotations, relinearize: false });
      const x = values(16, 'x');
      const scale = Scale.powerOfTwo(35);
      const xs = packSlots(from, [x]).map((p) => publicKey.encrypt(b.encode(p, { scale })));
      const target = b.parameters.primeScale(1);
      const other = t.prepare(b, { level: 2, scale, target }).apply(ev, xs);
      expect([other[0]!.level, String(other[0]!.scale)]).toEqual([1, 'q₁']);
      const product = t.prepare(b, { level: 2, scale, target, rescale: false }).apply(ev, xs);
      expect([product[0]!.level, String(product[0]!.scale)]).toEqual([2, 'q₁·q₂']);
      for (const y of [other, product]) {
        expectClose(unpackSlots(to, [b.decode(secretKeys.decrypt(y[0]!))])[0]!, applyMap(map, x), 1e-10);
      }
    });
    expect(b.live).toBe(0);
  });

  it('refuses inputs that it is not made for', () => {
    const b = twin(SPEC);
    const t = new LinearTransform(map, from, to);
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen({ rotations: t.rotations });
      const prepared = t.prepare(b, { level: 1, scale: b.parameters.scale });
      const high = [1, 2].map(() => publicKey.encrypt(b.encode(1)));
      const low = high.map((c) => ev.dropLevel(c, 1));
      expect(() => prepared.apply(ev, high)).toThrow(/level should be 1 but is 2/);
      expect(() => prepared.apply(ev, low.slice(1))).toThrow(/number of ciphertexts should be 2 but is 1/);
      const other = low.map(() => publicKey.encrypt(b.encode(1, { level: 1, scale: Scale.powerOfTwo(39) })));
      expect(() => prepared.apply(ev, other)).toThrow(/scale should be 2\^40 but is 2\^39/);
      expect(() => t.applyOnce(b, ev, [])).toThrow(/number of ciphertexts should be 2 but is 0/);
      expect(() => t.applyOnce(b, ev, [low[0]!, high[0]!])).toThrow(/level should be 1 but is 2/);
      const none = b.keygen({ relinearize: false });
      const mine = low.map(() => none.publicKey.encrypt(b.encode(1, { level: 1 })));
      const before = b.live;
      expect(() => prepared.apply(none.evaluationKeys, mine)).toThrow(/KEY_MISSING|key/);
      expect(b.live).toBe(before);
    });
    expect(b.live).toBe(0);
  });

  it('refuses scales that cannot be had, and other slots; leaves nothing behind', () => {
    const b = twin(SPEC);
    const t = new LinearTransform(map, from, to);
    const { scale } = b.parameters;
    expect(() => t.prepare(b, { level: 3, scale })).toThrow(/level should be 0 to 2 but is 3/);
    expect(() => t.prepare(b, { level: 0, scale })).toThrow(/level of the inputs should be at least 1/);
    expect(() => t.prepare(b, { level: 2, scale: Scale.powerOfTwo(72), target: scale })).toThrow(
      /of the weights should be at least 10 but is 8\.0/,
    );
    expect(() => t.prepare(b, { level: 1, scale, target: Scale.powerOfTwo(60) })).toThrow(
      /of the product should be below 99\.0 .* but is 100\.0/,
    );
    expect(() => t.prepare(twin({ ...SPEC, ringDegree: 32 }), { level: 1, scale })).toThrow(
      /slots of the layout should be 16/,
    );
    expect(b.live).toBe(0);
  });

  it('refuses a block that is all zero, and skips what rounds to zero', () => {
    const b = twin(SPEC);
    const eight = vectorLayout(SLOTS, 8);
    const zero = denseMap(new Float64Array(64), 8, 8);
    expect(() => new LinearTransform(zero, eight, eight)).toThrow(/weights of output block 0 should be not all zero/);
    const second = denseMap([...new Float64Array(32), ...new Float64Array(32).fill(1)], 8, 8);
    const split = vectorLayout(SLOTS, 8, { perBlock: 4 });
    expect(() => new LinearTransform(second, eight, split)).toThrow(/weights of output block 0/);
    const tiny = denseMap(new Float64Array(64).fill(1e-13), 8, 8);
    const at = { level: 1, scale: b.parameters.scale };
    expect(() => new LinearTransform(tiny, eight, eight).prepare(b, at)).toThrow(/weights of output block 0/);
    expect(b.live).toBe(0);
    // One entry so small that its diagonal rounds to zero on the ring, though value × scale alone would not say so.
    const nearly = denseMap(
      Float64Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : i === 1 ? 2e-12 : 0)),
      8,
      8,
    );
    for (const backend of [twin(SPEC), toy(SPEC, seededRandom('circuits-transform'))]) {
      expectMapped(backend, nearly, new LinearTransform(nearly, eight, eight), TOLERANCE);
    }
  });

  it('says which channels are dead, and what to do', () => {
    const shape = { channels: 1, height: 4, width: 4 };
    const options = { outputChannels: 3, kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] } as const;
    const from = imageLayout(SLOTS, shape);
    const to = imageLayout(SLOTS, { ...shape, channels: 3 }); // planes of 16: two in a ciphertext of 32
    const dead = (weights: number[], at: SlotLayout): LinearTransform =>
      new LinearTransform(convolutionMap(shape, weights, undefined, options), from, at);
    expect(dead([0, 1, 1], to).to.blocks).toBe(2); // a dead one beside a live one is just zero
    expect(() => dead([1, 1, 0], to)).toThrow(
      'weights of output block 1 should be not all zero but is zero; remove channel 2, which it holds, from the model',
    );
    expect(() => dead([0, 0, 1], to)).toThrow(
      /output block 0 .*; remove channels 0 to 1, which it holds, from the model/,
    );
    const apart = vectorLayout(SLOTS, 48, { perBlock: 16 }); // a ciphertext a channel, as after exploded patches
    expect(() => dead([1, 0, 1], apart)).toThrow(
      /output block 1 .*; remove the channel of features 16 to 31, which it holds, from the model/,
    );
    const b = twin(SPEC);
    b.scope(() => {
      const { publicKey, evaluationKeys } = b.keygen({ rotations: dead([1, 1, 1], to).rotations });
      const c = publicKey.encrypt(b.encode(1));
      const tiny = dead([1, 1, 1e-13], to); // rounds to zero
      const applied = (): unknown => tiny.applyOnce(b, evaluationKeys, [c]);
      expect(applied).toThrow(/cannot apply .* output block 1 .*; remove channel 2, which it holds, from the model/);
    });
    expect(b.live).toBe(0);
  });

  it('refuses maps, layouts and splits that do not belong together', () => {
    const eight = vectorLayout(SLOTS, 8);
    const one = identityMap(8);
    expect(() => new LinearTransform(one, vectorLayout(SLOTS, 9), eight)).toThrow(
      /features of the input layout should be 8 but is 9/,
    );
    expect(() => new LinearTransform(one, eight, vectorLayout(SLOTS, 9))).toThrow(/output layout should be 8 but is 9/);
    expect(() => new LinearTransform(one, eight, vectorLayout(SLOTS, 8, { batch: 2 }))).toThrow(/batch .* be 1.* is 2/);
    expect(() => new LinearTransform(one, eight, vectorLayout(64, 8))).toThrow(/slots of the layout should be 32/);
    const split = { modulus: 8, babies: [0], giants: [0], folds: [] };
    const make = (options: LinearTransformOptions): LinearTransform => new LinearTransform(one, eight, eight, options);
    expect(make({ split }).rotationCount).toBe(0);
    expect(() => make({ split: { ...split, modulus: 4 } })).toThrow(/modulus should be 8 but is 4/);
    expect(() => make({ split: { ...split, folds: [8] } })).toThrow(/folds should be \[\] but is \[8\]/);
    expect(() => make({ split: { ...split, babies: [1] } })).toThrow(
      /babies and giants should be all diagonals, 0 too/,
    );
    expect(() => make({ split: { ...split, babies: [0.5] } })).toThrow(/steps should be whole numbers/);
  });
});
