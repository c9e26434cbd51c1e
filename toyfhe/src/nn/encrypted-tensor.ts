/**
 * Encrypted tensors: the operations of a model, on ciphertexts, one after the other as they are called (the article's
 * `Encrypted` context). Every matrix takes a level and brings the scale back to the parameters'; nothing is planned ahead,
 * so layers are not merged as the compiler merges them.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError, inspect } from '../backend/index.ts';
import {
  addMatched,
  type AffineMap,
  evaluateOnLayout,
  evaluatePolynomial,
  explodedConvolutionMap,
  identityMap,
  LinearTransform,
  mulMatched,
  packSlots,
  placeholder,
  type Polynomial,
  Relu,
  type SlotLayout,
  Softmax,
} from '../circuits/index.ts';
import { checkWindows, ConvolutionOnly } from './convolution-only.ts';
import { filled, rowsOf } from './encrypted-batch.ts';
import {
  averagePoolAsMap,
  channelAffineAsMap,
  conv2dAsMap,
  denseAsMap,
  globalAveragePoolAsMap,
  imageShape,
} from './linear-maps.ts';
import {
  type PoolOptions,
  type ReluOptions,
  type SoftmaxOptions,
  type TensorOperations,
  type WindowOptions,
} from './operations.ts';
import { layoutAfter, sameLayout } from './placement.ts';
import { printShape, sameShape, sizeOf, Tensor } from './tensor.ts';
import { poolWindows, windowShape, type Windows, windowsOf } from './windows.ts';

/** Who computes: a backend and its evaluation keys. */
export interface EncryptedContext {
  readonly backend: Backend;
  readonly ev: EvaluationKeys;
  /** Told of the rotations that a matrix needs, before it is applied. */
  readonly onRotations?: (steps: readonly number[]) => void;
  /** In a dry run, where values mean nothing: one that is allowed, at the level and scale of `c`. */
  readonly dry?: (c: Ciphertext, value: number) => Ciphertext;
}

export class EncryptedTensor implements TensorOperations<EncryptedTensor> {
  readonly shape: readonly number[];
  readonly layout: SlotLayout;
  readonly ciphertexts: readonly Ciphertext[];
  readonly #context: EncryptedContext;

  /** @internal `encrypted(backend, evaluationKeys)` makes them. */
  constructor(
    context: EncryptedContext,
    shape: readonly number[],
    layout: SlotLayout,
    ciphertexts: readonly Ciphertext[],
  ) {
    this.#context = context;
    this.shape = shape;
    this.layout = layout;
    this.ciphertexts = ciphertexts;
  }

  conv2d(weight: Tensor, bias?: Tensor, options: WindowOptions = {}): EncryptedTensor {
    const windows = windowsOf('run conv2d', weight.shape.slice(2) as [number, number], options);
    const { outputHeight, outputWidth } = windowShape('conv2d', this.shape, windows, weight.shape[1]);
    const map = conv2dAsMap(this.#features, weight, bias, options);
    return this.#linear(map, [weight.shape[0]!, outputHeight, outputWidth], Math.min(...windows.stride));
  }

  dense(weight: Tensor, bias?: Tensor): EncryptedTensor {
    return this.#linear(denseAsMap(this.#features, weight, bias), [weight.shape[0]!]);
  }

  channelAffine(factor: Tensor, offset: Tensor): EncryptedTensor {
    return this.#linear(channelAffineAsMap(this.#features, factor, offset), this.#features);
  }

  averagePool(options: PoolOptions): EncryptedTensor {
    const windows = poolWindows('run averagePool', options);
    const { channels, outputHeight, outputWidth } = windowShape('averagePool', this.shape, windows, undefined);
    const map = averagePoolAsMap(this.#features, options);
    return this.#linear(map, [channels, outputHeight, outputWidth], Math.min(...windows.stride));
  }

  globalAveragePool(): EncryptedTensor {
    const { channels } = imageShape('globalAveragePool', this.#features);
    return this.#linear(globalAveragePoolAsMap(this.#features), [channels, 1, 1]);
  }

  reshape(shape: readonly number[]): EncryptedTensor {
    if (shape[0] !== this.shape[0] || sizeOf(shape) !== sizeOf(this.shape)) {
      throw refused('reshape', 'shape', `${this.shape[0]}×…, ${sizeOf(this.shape)} elements`, printShape(shape));
    }
    return this.#as(this.ciphertexts, shape);
  }

  flatten(): EncryptedTensor {
    return this.reshape([this.shape[0]!, sizeOf(this.#features)]);
  }

  add(other: EncryptedTensor | Tensor): EncryptedTensor {
    const { backend, ev } = this.#context;
    if (other instanceof Tensor) {
      const blocks = this.#spread('add', other);
      return this.#map((c, i) => ev.addPlain(c, backend.encode(blocks[i]!, { level: c.level, scale: c.scale })));
    }
    const { ciphertexts } = this.#alike('add', other);
    return this.#map((c, i) => addMatched(backend, ev, c, ciphertexts[i]!));
  }

  mul(other: EncryptedTensor | Tensor): EncryptedTensor {
    const { backend, ev } = this.#context;
    if (other === this) return this.square();
    if (other instanceof Tensor) {
      const blocks = this.#spread('mul', other);
      return this.#map((c, i) => {
        const scale = backend.parameters.primeScale(c.level);
        return ev.rescale(ev.mulPlain(c, backend.encode(blocks[i]!, { level: c.level, scale })));
      });
    }
    const { ciphertexts } = this.#alike('mul', other);
    return this.#map((c, i) => mulMatched(backend, ev, c, ciphertexts[i]!));
  }

  square(): EncryptedTensor {
    const { ev } = this.#context;
    return this.#map((c) => ev.rescale(ev.relinearize(ev.square(c))));
  }

  polynomial(polynomial: Polynomial): EncryptedTensor {
    const { backend, ev } = this.#context;
    const { scale } = backend.parameters;
    return this.#map((c, block) => {
      const allowed = this.#context.dry?.(c, placeholder(polynomial));
      if (allowed !== undefined) return evaluatePolynomial(backend, ev, allowed, polynomial, { scale });
      return evaluateOnLayout(backend, ev, c, polynomial, this.layout, { block, scale });
    });
  }

  /** @throws FheError RANGE without a bound: outside it, the approximation explodes */
  relu(options: ReluOptions = {}): EncryptedTensor {
    const { backend, ev } = this.#context;
    const relu = new Relu({ ...options, bound: boundOf('relu', options.bound) });
    const { scale } = backend.parameters;
    return this.#map((c) => relu.apply(backend, ev, c, { scale }));
  }

  /** @throws FheError RANGE without a bound; FORMAT unless the classes are a vector in one ciphertext */
  softmax(options: SoftmaxOptions = {}): EncryptedTensor {
    const { backend, ev } = this.#context;
    if (this.shape.length !== 2) throw refused('softmax', 'input shape', 'batch×classes', printShape(this.shape));
    const bound = boundOf('softmax', options.bound);
    const { batch, period, arrangement, blocks } = this.layout;
    if (arrangement.kind !== 'vector' || blocks !== 1) {
      const is = `${blocks} ciphertexts, arranged as ${arrangement.kind}`;
      throw refused('softmax', 'classes', 'a vector in one ciphertext', is);
    }
    const softmax = new Softmax({ ...options, classes: this.shape[1]!, bound, batch, period });
    this.#context.onRotations?.(softmax.rotations);
    return this.#map((c) => softmax.apply(backend, ev, c, backend.parameters.scale));
  }

  /** `EncryptedTensor 64×10 in one ciphertext (level 1, scale 2^40)`. */
  [inspect](): string {
    const [c] = this.ciphertexts;
    const many = this.ciphertexts.length === 1 ? 'one ciphertext' : `${this.ciphertexts.length} ciphertexts`;
    return `EncryptedTensor ${printShape(this.shape)} in ${many} (level ${c!.level}, scale ${c!.scale})`;
  }

  get #features(): number[] {
    return this.shape.slice(1);
  }

  #as(ciphertexts: readonly Ciphertext[], shape: readonly number[], layout: SlotLayout = this.layout): EncryptedTensor {
    return new EncryptedTensor(this.#context, shape, layout, ciphertexts);
  }

  #map(f: (c: Ciphertext, block: number) => Ciphertext): EncryptedTensor {
    const { backend } = this.#context;
    return this.#as(
      this.ciphertexts.map((c, i) => backend.scope(() => f(c, i))),
      this.shape,
    );
  }

  /** @param shape of the result, without the batch */
  #linear(map: AffineMap, shape: readonly number[], stride: number = 1): EncryptedTensor {
    return applyMatrix(this.#context, this, map, shape, layoutAfter(this.layout, shape, stride));
  }

  /** The other tensor, lying as this one does. */
  #alike(op: string, other: EncryptedTensor): EncryptedTensor {
    if (!sameShape(other.shape, this.shape)) {
      throw refused(op, 'shape of the other tensor', printShape(this.shape), printShape(other.shape));
    }
    if (sameLayout(this.layout, other.layout)) return other;
    return applyMatrix(this.#context, other, identityMap(sizeOf(this.#features)), this.#features, this.layout);
  }

  /** A constant in the slots: each image's own row, or the same row for all. */
  #spread(op: string, constant: Tensor): Float64Array[] {
    const batched = sameShape(constant.shape, this.shape);
    if (!batched && !sameShape(constant.shape, this.#features)) {
      throw refused(op, 'shape of the constant', printShape(this.#features), printShape(constant.shape));
    }
    return packSlots(this.layout, filled(batched ? rowsOf(constant) : [constant.data], this.layout.batch));
  }
}

/** Exploded patches, encrypted: a convolution makes an encrypted tensor of them. */
export class EncryptedPatches extends ConvolutionOnly<EncryptedTensor> {
  readonly shape: readonly number[];
  readonly layout: SlotLayout;
  readonly windows: Windows;
  readonly ciphertexts: readonly Ciphertext[];
  readonly #context: EncryptedContext;

  /** @internal */
  constructor(
    context: EncryptedContext,
    shape: readonly number[],
    layout: SlotLayout,
    windows: Windows,
    ciphertexts: readonly Ciphertext[],
  ) {
    super();
    this.#context = context;
    this.shape = shape;
    this.layout = layout;
    this.windows = windows;
    this.ciphertexts = ciphertexts;
  }

  /** @throws FheError FORMAT for another convolution than the one that the windows are of, or a bias of another shape */
  conv2d(weight: Tensor, bias?: Tensor, options: WindowOptions = {}): EncryptedTensor {
    checkWindows(this, weight, bias, options);
    const { channels, outputHeight, outputWidth } = windowShape('conv2d', this.shape, this.windows, undefined);
    const taps = channels * this.windows.kernel[0] * this.windows.kernel[1];
    const map = explodedConvolutionMap(taps, outputHeight * outputWidth, weight.data, bias?.data);
    const shape = [weight.shape[0]!, outputHeight, outputWidth];
    return applyMatrix(this.#context, this, map, shape, layoutAfter(this.layout, shape));
  }
}

function applyMatrix(
  context: EncryptedContext,
  x: Pick<EncryptedTensor, 'shape' | 'layout' | 'ciphertexts'>,
  map: AffineMap,
  shape: readonly number[],
  to: SlotLayout,
): EncryptedTensor {
  const { backend, ev, onRotations } = context;
  const transform = new LinearTransform(map, x.layout, to);
  onRotations?.(transform.rotations);
  const ciphertexts = transform.applyOnce(backend, ev, x.ciphertexts, { target: backend.parameters.scale });
  return new EncryptedTensor(context, [x.shape[0]!, ...shape], to, ciphertexts);
}

function boundOf(op: string, bound: number | undefined): number {
  if (bound !== undefined) return bound;
  throw new FheError({
    code: 'RANGE',
    op: `run ${op} on an encrypted tensor`,
    field: 'bound',
    should: 'given: outside it the approximation explodes',
    is: 'left out',
    hint: `write ${op}({ bound: … }), the largest |input| that can occur`,
  });
}

function refused(op: string, field: string, should: string, is: string): FheError {
  const hint = 'check the model and the shapes of its inputs';
  return new FheError({ code: 'FORMAT', op: `run ${op} on an encrypted tensor`, field, should, is, hint });
}
