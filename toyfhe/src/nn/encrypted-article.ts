/**
 * The article's network on encrypted images ("The whole encrypted program"): the server computes on what it cannot
 * read. One batch of images fills the slots; conv as exploded patches, dense layers by diagonals.
 *
 * Levels: conv, square, dense, square take one each; the last product is left unrescaled, as in the article, so the
 * modulus must still hold its doubled scale at the end: five levels, for example [60, 40, 40, 40, 40, 40].
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  FheError,
  type PublicKey,
  type SecretKeys,
} from '../backend/index.ts';
import {
  type BatchLayout,
  batchLayout,
  checkLayout,
  convolvePatches,
  DiagonalMatrix,
  explodePatches,
  repeated,
  unpacked,
  windows,
} from '../circuits/index.ts';
import { articleNetwork } from './article.ts';
import type { Weights } from './sequential.ts';

/** 28×28 pixels; 8×8 windows of 7×7, three apart. */
const PATCHES = { size: 28, kernel: 7, stride: 3 } as const;
const FEATURES = windows(PATCHES) ** 2;
const CLASSES = 10;

/** Levels that one evaluation takes, the one that the last product's scale needs included. */
export const ARTICLE_LEVELS = 5;

/** The layers whose outputs `evaluate` shows, with the ciphertexts that hold them. */
export type ArticleLayer = 'conv' | 'square1' | 'fc1' | 'square2' | 'fc2';

export interface EvaluateHooks {
  /** A unit of work is done; there are `steps` of them. */
  readonly onStep?: () => void;
  /** A layer is done: look at its ciphertexts, do not keep them. */
  readonly onLayer?: (layer: ArticleLayer, output: readonly Ciphertext[]) => void;
}

/** The network prepared for a number of slots. */
export class EncryptedArticleNetwork {
  readonly layout: BatchLayout;
  readonly #conv: { weights: Float64Array[]; bias: Float64Array };
  readonly #fc1: { matrix: DiagonalMatrix; bias: Float64Array };
  readonly #fc2: { matrix: DiagonalMatrix; bias: Float64Array };

  /**
   * @param weights those of `articleNetwork`, in the clear: only the images are secret
   * @throws FheError SLOTS for fewer than 64 slots, FORMAT where the weights are not those of the network
   */
  constructor(weights: Weights, slots: number) {
    articleNetwork(weights); // for its checks
    this.layout = batchLayout(slots, FEATURES);
    const rows = (name: string): Float64Array[] => {
      const { shape, data } = weights.get(`${name}.weight`)!;
      const width = data.length / shape[0]!;
      return Array.from({ length: shape[0]! }, (_, r) => Float64Array.from(data.subarray(r * width, (r + 1) * width)));
    };
    const bias = (name: string): Float64Array => Float64Array.from(weights.get(`${name}.bias`)!.data);
    this.#conv = { weights: rows('conv'), bias: bias('conv') };
    this.#fc1 = { matrix: new DiagonalMatrix(rows('fc1'), this.layout), bias: bias('fc1') };
    this.#fc2 = { matrix: new DiagonalMatrix(rows('fc2'), this.layout), bias: bias('fc2') };
  }

  /** Images in one evaluation: slots / 64. */
  get batch(): number {
    return this.layout.batch;
  }

  /** Ciphertexts in one encrypted batch, and calls of `onStep` by `encrypt`: one a kernel position. */
  get patches(): number {
    return PATCHES.kernel ** 2;
  }

  /** The rotation keys that `evaluate` needs. */
  get rotations(): number[] {
    return [...new Set([...this.#fc1.matrix.rotations, ...this.#fc2.matrix.rotations])].sort((a, b) => a - b);
  }

  /** Rotations made in one evaluation: 35 for 64 features, where the article's loops make 5·63 = 315. */
  get rotationCount(): number {
    return this.#fc1.matrix.rotationCount + this.#fc2.matrix.rotationCount;
  }

  /** Units of work in one evaluation: what `onStep` counts. */
  get steps(): number {
    const { weights } = this.#conv;
    return weights.length * weights[0]!.length + this.#fc1.matrix.productCount + this.#fc2.matrix.productCount;
  }

  /**
   * Client: 49 ciphertexts, one a kernel position.
   * @param images up to `batch` images of 784 pixels; missing ones count as black
   * @throws FheError SLOTS for more images, or a backend with another number of slots
   */
  encrypt(backend: Backend, key: PublicKey, images: ArrayLike<number>, onStep: () => void = () => {}): Ciphertext[] {
    checkLayout('encrypt images', backend.parameters.slots, this.layout);
    return backend.scope(() =>
      explodePatches(images, PATCHES, this.layout).map((patch) => {
        const c = key.encrypt(backend.encode(patch));
        onStep();
        return c;
      }),
    );
  }

  /**
   * Server: the encrypted logits. Feature d of image b is its logit for digit d; features from 10 on mean nothing.
   * @throws FheError LEVEL_EXHAUSTED where the patches have fewer than five levels
   */
  evaluate(
    backend: Backend,
    ev: EvaluationKeys,
    patches: readonly Ciphertext[],
    hooks: EvaluateHooks = {},
  ): Ciphertext {
    const { onStep, onLayer = () => {} } = hooks;
    checkLayout('evaluate the network', backend.parameters.slots, this.layout);
    const level = patches[0]?.level ?? 0;
    if (level < ARTICLE_LEVELS) {
      throw new FheError({
        code: 'LEVEL_EXHAUSTED',
        op: 'evaluate the article’s network',
        field: 'level of the images',
        should: `at least ${ARTICLE_LEVELS}`,
        is: String(level),
        hint: 'take a chain of six primes, for example [60, 40, 40, 40, 40, 40]',
        ledger: patches[0]?.trace ?? [],
      });
    }
    return backend.scope(() => {
      const shown = <C extends Ciphertext[]>(layer: ArticleLayer, output: C): C => {
        onLayer(layer, output);
        return output;
      };
      const square = (c: Ciphertext): Ciphertext => ev.rescale(ev.relinearize(ev.square(c)));
      const biased = (c: Ciphertext, bias: Float64Array): Ciphertext =>
        ev.addPlain(c, backend.encode(repeated(bias, this.layout), { level: c.level, scale: c.scale }));

      const conv = shown('conv', convolvePatches(backend, ev, patches, this.#conv.weights, this.#conv.bias, onStep));
      const square1 = shown('square1', conv.map(square));
      const hidden = ev.rescale(this.#fc1.matrix.apply(backend, ev, square1, onStep));
      const [fc1] = shown('fc1', [biased(hidden, this.#fc1.bias)]);
      const [square2] = shown('square2', [square(fc1!)]);
      const logits = this.#fc2.matrix.apply(backend, ev, [square2!], onStep);
      return shown('fc2', [biased(logits, this.#fc2.bias)])[0]!;
    });
  }

  /** Client: ten logits for each of `batch` images. */
  decrypt(backend: Backend, keys: SecretKeys, logits: Ciphertext): Float64Array[] {
    return this.read(backend, keys, logits).map((features) => features.slice(0, CLASSES));
  }

  /** Client: all features of any ciphertext of this layout, one row an image. */
  read(backend: Backend, keys: SecretKeys, c: Ciphertext): Float64Array[] {
    return backend.scope(() => unpacked(backend.decode(keys.decrypt(c)), this.layout));
  }
}
