/** Each operation of encrypted tensors, held against the same operation in the clear; and what both refuse. */
import { describe, expect, it } from 'vitest';
import { type Backend, FheError, twin } from '../src/backend/index.ts';
import { Polynomial, Relu as ReluCircuit, Softmax as SoftmaxCircuit } from '../src/circuits/index.ts';
import { engine } from '../src/engine/index.ts';
import {
  AveragePool2d,
  Conv2d,
  decryptTensor,
  encrypted,
  type EncryptedBatch,
  encryptTensor,
  ExplodedConvArray,
  placesOf,
  Relu,
  rotationsFor,
  rowsOf,
  Sequential,
  Softmax,
  Tensor,
  type TensorOperations,
} from '../src/nn/index.ts';
import { initialized, largestDifference, uniform } from './tensors.ts';

type Model = <T extends TensorOperations<T>>(x: TensorOperations<T>) => T;

const spec = (levels: number, first: number) => ({
  ringDegree: 256,
  chain: [first, ...Array.from({ length: levels }, () => 40)],
  scaleBits: 40,
  insecure: true,
});

/** Encrypts `x`, runs the model with the keys that it says it needs, and hands over the result. */
function run(
  backend: Backend,
  model: Model,
  x: Tensor | ExplodedConvArray,
  look: (y: EncryptedBatch, values: Tensor) => void,
): void {
  backend.scope(() => {
    const { parameters } = backend;
    const rotations = rotationsFor(model, placesOf(x, parameters.slots), parameters);
    const keys = backend.keygen({ rotations });
    const batch = encryptTensor(backend, keys.publicKey, x);
    const before = backend.live;
    const y = encrypted(backend, keys.evaluationKeys)(model)(batch);
    expect(backend.live).toBe(before + y.ciphertexts.length); // nothing is left of what was made on the way
    look(y, decryptTensor(backend, keys.secretKeys, y));
  });
  expect(backend.live).toBe(0);
}

const image = uniform([2, 2, 4, 4], 'image');
const row = uniform([4, 3], 'row');
/** On 4 images of 3 logits: the largest of each is at least 1, and none is above 2. */
const logits = new Tensor([4, 3], Float64Array.of(1.5, -2, 0, -1, 1.1, 1, 2, 2, 2, -2, -2, 1));
const relu = new ReluCircuit({ degrees: [7, 7], bound: 2 });
const options = { bound: 2, least: 1, bits: 8 } as const;
const softmax = new SoftmaxCircuit({ classes: 3, ...options });
const cubic = new Polynomial([0.5, -1, 0.25, 2], { interval: [-1, 1] });
const chebyshev = new Polynomial([0.5, -1, 0.25, 2], { basis: 'chebyshev', interval: [-2, 1] });
const pool = { kernel: 3, stride: 1, padding: 1 } as const;

/** Levels, the model, its input, by how much it may differ in the clear, and the approximation that it should be. */
interface Case {
  readonly levels: number;
  readonly model: Model;
  readonly x: Tensor;
  readonly error?: number;
  readonly approximation?: Tensor;
}

const rectified = {
  levels: relu.depth,
  x: logits,
  error: 2 * 2 ** -relu.alpha,
  approximation: new Tensor(
    logits.shape,
    logits.data.map((v) => relu.at(v)),
  ),
};
const layer = new Relu({ degrees: [7, 7], bound: 2 });

const cases: Readonly<Record<string, Case>> = {
  'a polynomial of monomials': { levels: 2, model: (x) => x.polynomial(cubic), x: image },
  'a Chebyshev polynomial': { levels: 3, model: (x) => x.polynomial(chebyshev), x: row },
  'relu, a composite': { ...rectified, model: (x) => x.relu({ degrees: [7, 7], bound: 2 }) },
  'its layer': { ...rectified, model: new Sequential({ layer }) },
  softmax: {
    levels: softmax.depth,
    model: (x) => x.softmax(options),
    x: logits,
    error: 2 ** -options.bits,
    approximation: new Tensor(
      logits.shape,
      Float64Array.from(rowsOf(logits).flatMap((logitsOfOne) => [...softmax.at(logitsOfOne)])),
    ),
  },
  'x²·x, at different levels': { levels: 2, model: (x) => x.square().mul(same(x)), x: image },
  'x·x², the lower one second': { levels: 2, model: (x) => same(x).mul(x.square()), x: image },
  'x² + x, at different levels': { levels: 1, model: (x) => x.square().add(same(x)), x: image },
  'a mean that leaves the padding out': { levels: 1, model: (x) => x.averagePool({ ...pool, countPadding: false }), x: image }, // prettier-ignore
  'a mean that counts it': { levels: 1, model: (x) => x.averagePool(pool), x: image },
};

/** The same tensor, as a result. */
function same<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
  return x.reshape(x.shape);
}

describe.each(['twin', 'engine'])('on the %s', (name) => {
  const open = (levels: number): Backend | Promise<Backend> =>
    name === 'twin'
      ? twin({ ...spec(levels, 60), special: [60] })
      : engine({ ...spec(levels, 50), special: [44, 44, 44] }, { threads: 1 });
  /** The twin has doubles; noise of some hundreds over 2^40 grows by the slopes, up to some tens. */
  const noise = name === 'twin' ? 1e-11 : 2 ** -20;

  it.each(Object.entries(cases))('%s', async (_name, { levels, model, x, error = 0, approximation }) => {
    const backend = await open(levels);
    run(backend, model, x, (y, values) => {
      expect(y.ciphertexts[0]!.level).toBe(0);
      expect(largestDifference(values, model(x))).toBeLessThan(error + noise);
      if (approximation !== undefined) expect(largestDifference(values, approximation)).toBeLessThan(noise);
    });
    backend.dispose();
  });

  it('two that lie differently are added as elements, not as slots', async () => {
    const [weight, other] = [uniform([1, 1, 3, 3], 'w'), uniform([1, 1, 3, 3], 'v')];
    const model: Model = (x) => {
      const grid = x.reshape([2, 1, 4, 8]); // a vector's places: 32 in a row
      const small = grid.conv2d(weight, undefined, { stride: 2, padding: 1 }); // an image's: 2×4, one pixel after the other
      const large = grid.conv2d(other, undefined, { padding: 1 }).averagePool({ kernel: 2 }); // 2×4 on a grid of 4×8
      return large.add(small).mul(small);
    };
    const x = uniform([2, 32], 'x');
    const backend = await open(5);
    run(backend, model, x, (y, values) => {
      expect(y.layout.arrangement).toMatchObject({ kind: 'image', grid: [4, 8], gap: 2 });
      expect(largestDifference(values, model(x))).toBeLessThan(noise);
    });
    backend.dispose();
  });

  it('after a stride of two, four channels share one plane; what comes next finds them there', async () => {
    const first = new Conv2d({ inputChannels: 1, outputChannels: 6, kernel: 3, stride: 2, padding: 1 });
    const second = new Conv2d({ inputChannels: 6, outputChannels: 5, kernel: 3, padding: 1 });
    const model = initialized(new Sequential({ first, second }));
    const x = uniform([1, 1, 8, 8], 'x');
    const backend = await open(2);
    run(backend, model, x, (y, values) => {
      expect(y.layout).toMatchObject({
        period: 128, // two planes of 8×8
        blocks: 1,
        arrangement: { kind: 'image', channels: 5, height: 4, width: 4, grid: [8, 8], gap: 2 },
      });
      expect(largestDifference(values, model(x))).toBeLessThan(noise);
    });
    backend.dispose();
  });

  it('a model that only reshapes gives ciphertexts of its own', async () => {
    const backend = await open(1);
    const x = uniform([2, 1, 2, 2], 'x');
    backend.scope(() => {
      const { publicKey, secretKeys, evaluationKeys } = backend.keygen();
      const batch = encryptTensor(backend, publicKey, x);
      const ctx = encrypted(backend, evaluationKeys);
      const result = ctx((t) => t.flatten())(batch);
      batch.dispose();
      expect(result.disposed).toBe(false);
      expect(largestDifference(decryptTensor(backend, secretKeys, result), x.flatten())).toBeLessThan(noise);
      const again = encryptTensor(backend, publicKey, x);
      ctx((t) => t.reshape(t.shape))(again).dispose();
      expect(largestDifference(decryptTensor(backend, secretKeys, again), x)).toBeLessThan(noise);
    });
    expect(backend.live).toBe(0);
    backend.dispose();
  });
});

describe('softmax options', () => {
  it('least saves levels: a chain that is long enough with it is too short without', () => {
    const { parameters } = twin({ ...spec(softmax.depth, 60), special: [60] });
    const places = placesOf(logits, parameters.slots);
    expect(rotationsFor((x) => x.softmax(options), places, parameters)).toEqual([4, 8]); // four images side by side
    for (const longer of [
      { bound: 2, bits: 8 },
      { bound: 2, least: 1, bits: 24 },
    ]) {
      expect(() => rotationsFor((x) => x.softmax(longer), places, parameters)).toThrow(/cannot take the softmax/);
      expect(() => rotationsFor(new Sequential({ s: new Softmax(longer) }), places, parameters)).toThrow(/levels/);
    }
  });
});

describe('what is refused in the clear is refused on ciphertexts', () => {
  const backend = twin({ ...spec(2, 60), special: [60] });
  const { publicKey, evaluationKeys } = backend.keygen({ rotations: Array.from({ length: 127 }, (_, i) => i + 1) });
  const images = uniform([1, 2, 4, 4], 'images');
  const vector = uniform([1, 6], 'vector');
  const conv = new Conv2d({ inputChannels: 2, outputChannels: 1, kernel: 3 });
  const weight = uniform([1, 2, 3, 3], 'weight');
  const flat = new Tensor([1, 1]);

  it.each<[string, Tensor | ExplodedConvArray, Model, string, RegExp]>([
    ['softmax of images', images, (x) => x.softmax({ bound: 1 }), 'FORMAT', /batch×classes but is 1×2×4×4/],
    ['a pool with padding of a kernel', images, (x) => x.averagePool({ kernel: 2, padding: 2 }), 'RANGE', /padding should be at most 1, 1, 1, 1/], // prettier-ignore
    ['a convolution with a bias of two axes', images, (x) => x.conv2d(weight, flat), 'FORMAT', /bias's shape should be 1 but is 1×1/], // prettier-ignore
    ['the same on exploded patches', new ExplodedConvArray(images, conv), (x) => x.conv2d(weight, flat), 'FORMAT', /bias's shape should be 1 but is 1×1/], // prettier-ignore
    ['a product with a bias of two axes', vector, (x) => x.dense(uniform([1, 6], 'w'), flat), 'FORMAT', /bias's shape should be 1 but is 1×1/], // prettier-ignore
    ['a matrix of three axes', vector, (x) => x.dense(uniform([2, 6, 1], 'w')), 'FORMAT', /weight's shape should be 2×6 but is 2×6×1/], // prettier-ignore
    ['an offset of two axes', images, (x) => x.channelAffine(new Tensor([2]), new Tensor([2, 1])), 'FORMAT', /offset's shape should be 2 but is 2×1/], // prettier-ignore
  ])('%s', (_name, x, model, code, message) => {
    const live = backend.live;
    const batch = encryptTensor(backend, publicKey, x);
    const clear = (): Tensor => model<Tensor>(x);
    const onCiphertexts = (): EncryptedBatch => encrypted(backend, evaluationKeys)(model)(batch);
    for (const attempt of [clear, onCiphertexts]) {
      expect(attempt).toThrow(FheError);
      expect(attempt).toThrow(expect.objectContaining({ code }) as Error);
      expect(attempt).toThrow(message);
    }
    batch.dispose();
    expect(backend.live).toBe(live);
  });

  it('the layer too: its padding is checked when it is made', () => {
    expect(() => new AveragePool2d({ kernel: 2, padding: 2 })).toThrow(/one less than the kernel/);
  });
});
