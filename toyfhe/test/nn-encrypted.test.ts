import { describe, expect, it } from 'vitest';
import { type Backend, FheError, type ParameterSpec, seededRandom, twin } from '../src/backend/index.ts';
import { Polynomial } from '../src/circuits/index.ts';
import { engine } from '../src/engine/index.ts';
import {
  articleNetwork,
  BatchNorm2d,
  AveragePool2d,
  Conv2d,
  decryptTensor,
  Dense,
  encrypted,
  encryptTensor,
  ExplodedConvArray,
  Flatten,
  placesOf,
  Random,
  Residual,
  rotationsFor,
  Sequential,
  Square,
  Tensor,
  type TensorOperations,
} from '../src/nn/index.ts';
import { toy } from '../src/toy/index.ts';
import { largestDifference, uniform } from './tensors.ts';

/** A network like the article's on 10×10 pixels: 4×4 windows of 4×4, two apart, 2 channels. */
function small(): { model: Sequential; conv: Conv2d } {
  const conv = new Conv2d({ inputChannels: 1, outputChannels: 2, kernel: 4, stride: 2 });
  const model = new Sequential({
    conv,
    square1: new Square(),
    flatten: new Flatten(),
    fc1: new Dense(32, 8),
    square2: new Square(),
    fc2: new Dense(8, 3),
  });
  model.initialize(new Random(7));
  return { model, conv };
}

const SPEC: ParameterSpec = {
  ringDegree: 128,
  chain: [50, 40, 40, 40, 40, 40],
  special: [50],
  scaleBits: 40,
  insecure: true,
};

describe('the same model on encrypted tensors', () => {
  it('an ExplodedConvArray is the batch itself, to a model', () => {
    const { model, conv } = small();
    const images = uniform([3, 1, 10, 10], 'images');
    const exploded = new ExplodedConvArray(images, conv);
    expect([exploded.taps, exploded.positions]).toEqual([16, 16]);
    // The same sums in another order: doubles differ in their last places.
    expect(largestDifference(model(exploded), model(images))).toBeLessThan(1e-13);
  });

  it('general in its sizes: channels, oblong kernels, strides and padding', () => {
    const conv = new Conv2d({
      inputChannels: 3,
      outputChannels: 2,
      kernel: [2, 3],
      stride: [2, 1],
      padding: [1, 0, 0, 2],
    });
    new Sequential({ conv }).initialize(new Random(3));
    const images = uniform([2, 3, 5, 7], 'oblong');
    const exploded = new ExplodedConvArray(images, conv);
    expect(largestDifference(conv.on(exploded), conv.forward(images))).toBeLessThan(1e-13);
  });

  it('refuses another convolution than its own, and anything before it', () => {
    const { conv } = small();
    const exploded = new ExplodedConvArray(uniform([1, 1, 10, 10], 'x'), conv);
    expect(() => new Conv2d({ inputChannels: 1, outputChannels: 2, kernel: 4 }).on(exploded)).toThrow(
      'cannot run conv2d on exploded patches: convolution should be the one that they were taken apart for: ' +
        'kernel 4×4, stride 2×2, padding 0 0 0 0, 1 channels but is kernel 4×4, stride 1×1',
    );
    expect(() => exploded.square()).toThrow(/^cannot run square: the first operation on exploded patches should be/);
  });

  const backends: readonly [string, number, () => Backend | Promise<Backend>][] = [
    ['the twin', 1e-12, () => twin(SPEC)], // no noise, and doubles
    ['the toy', 1e-6, () => toy(SPEC, seededRandom('nn-encrypted'))], // scale 2^40 and four squarings of errors; measured 1e-8
    ['the engine', 1e-6, () => engine({ ...SPEC, special: [44, 44, 44] }, { threads: 1 })],
  ];

  it.each(backends)('the article’s last program on %s', async (_name, tolerance, create) => {
    const { model, conv } = small();
    const images = uniform([4, 1, 10, 10], 'images');
    const backend = await create();

    const batch = new ExplodedConvArray(images, conv);
    const { slots } = backend.parameters;
    const keys = backend.keygen({ rotations: rotationsFor(model, placesOf(batch, slots), backend.parameters) });
    const ctx = encrypted(backend, keys.evaluationKeys);
    const result = ctx(model)(encryptTensor(backend, keys.publicKey, batch));
    const decrypted = decryptTensor(backend, keys.secretKeys, result);

    expect(result.ciphertexts).toHaveLength(1);
    expect(largestDifference(decrypted, model(images))).toBeLessThan(tolerance);
    result.dispose();
    backend.dispose();
  });

  it('takes plain images as well, and convolutions after convolutions, with residuals, pools and norms', () => {
    const block = new Residual(
      new Sequential({
        conv: new Conv2d({ inputChannels: 4, outputChannels: 4, kernel: 3, padding: 1 }),
        norm: new BatchNorm2d(4),
      }),
    );
    const model = new Sequential({
      conv: new Conv2d({ inputChannels: 1, outputChannels: 4, kernel: 3, stride: 2, padding: 1 }),
      square1: new Square(),
      block,
      pool: new AveragePool2d({ kernel: 2 }),
      flatten: new Flatten(),
      fc: new Dense(16, 3),
    });
    model.initialize(new Random(11));
    const images = uniform([2, 1, 8, 8], 'eight');
    // Six layers of the way are products: conv, square, conv, norm, pool, fc.
    const spec = { ...SPEC, ringDegree: 512, chain: [50, ...Array.from({ length: 7 }, () => 40)] };
    const backend = twin(spec);
    const places = placesOf(images, backend.parameters.slots);
    const keys = backend.keygen({ rotations: rotationsFor(model, places, backend.parameters) });
    const live = backend.live;
    const batch = encryptTensor(backend, keys.publicKey, images);
    const result = encrypted(backend, keys.evaluationKeys)(model)(batch);
    expect(largestDifference(decryptTensor(backend, keys.secretKeys, result), model(images))).toBeLessThan(1e-12);
    batch.dispose();
    result.dispose();
    expect(backend.live).toBe(live);
  });

  it('polynomials keep slots without a feature at zero, and are tried out where they are defined', () => {
    const root = Polynomial.chebyshev(Math.sqrt, 7, [2, 6]);
    const four = new Tensor([3], new Float64Array(3).fill(4));
    const model = <T extends TensorOperations<T>>(x: TensorOperations<T>): T =>
      x.add(four).polynomial(root).softmax({ bound: 4 });
    const x = uniform([2, 3], 'x');
    const backend = twin({ ...SPEC, chain: [50, ...Array.from({ length: 30 }, () => 40)] });
    const rotations = rotationsFor(model, placesOf(x, backend.parameters.slots), backend.parameters);
    const keys = backend.keygen({ rotations });
    const result = encrypted(backend, keys.evaluationKeys)(model)(encryptTensor(backend, keys.publicKey, x));
    // Softmax promises twelve bits.
    expect(largestDifference(decryptTensor(backend, keys.secretKeys, result), model(x))).toBeLessThan(2 ** -11);
  });

  it('any function of tensors is a model; constants are added and multiplied', () => {
    const weight = uniform([3, 6], 'w');
    const offset = uniform([3], 'o');
    const model = <T extends TensorOperations<T>>(x: TensorOperations<T>): T => {
      const y = x.dense(weight);
      return y.add(offset).mul(y).mul(offset);
    };
    const x = uniform([5, 6], 'x');
    const backend = twin({ ...SPEC, ringDegree: 256 });
    const keys = backend.keygen({
      rotations: rotationsFor(model, placesOf(x, backend.parameters.slots), backend.parameters),
    });
    const result = encrypted(backend, keys.evaluationKeys)(model)(encryptTensor(backend, keys.publicKey, x));
    expect(largestDifference(decryptTensor(backend, keys.secretKeys, result), model(x))).toBeLessThan(1e-12);
  });

  it('places of missing images hold copies: zeros would run through the bias and leave the relu’s bound', () => {
    const weight = new Tensor([1, 1], Float64Array.of(1));
    const bias = new Tensor([1], Float64Array.of(-3));
    const model = <T extends TensorOperations<T>>(x: TensorOperations<T>): T =>
      x.dense(weight, bias).relu({ degrees: [3, 3], bound: 0.5 });
    const x = new Tensor([3, 1], Float64Array.of(2.7, 3, 3.3)); // three of four places
    const backend = twin({ ...SPEC, chain: [50, ...Array.from({ length: 8 }, () => 40)] });
    const keys = backend.keygen();
    const result = encrypted(backend, keys.evaluationKeys)(model)(encryptTensor(backend, keys.publicKey, x));
    // {3, 3} is good to 2^-3.6 of the bound; the twin refuses what is outside it.
    expect(largestDifference(decryptTensor(backend, keys.secretKeys, result), model(x))).toBeLessThan(0.05);
  });

  it('the dry run refuses what has too few levels, before a key is made', () => {
    const { model, conv } = small();
    const batch = new ExplodedConvArray(uniform([1, 1, 10, 10], 'x'), conv);
    const { parameters } = twin({ ...SPEC, chain: [50, 40, 40] });
    expect(() => rotationsFor(model, placesOf(batch, parameters.slots), parameters)).toThrow(FheError);
    expect(() => rotationsFor(model, placesOf(batch, parameters.slots), parameters)).toThrow(/level/);
  });

  it('the article’s own network: 18 rotation keys where its loops have one', () => {
    const model = articleNetwork();
    model.initialize(new Random(1));
    const [first] = model.layers;
    const batch = new ExplodedConvArray(new Tensor([1, 1, 28, 28]), first!.layer as Conv2d);
    const { parameters } = twin({ ...SPEC, chain: [50, 40, 40, 40, 40, 40] });
    expect(rotationsFor(model, placesOf(batch, parameters.slots), parameters)).toHaveLength(18);
  });
});
