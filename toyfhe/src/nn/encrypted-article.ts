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
  type Owned,
  type PublicKey,
  type Scale,
  type SecretKeys,
} from '../backend/index.ts';
import {
  checkSlotLayout,
  denseMap,
  explodedConvolutionMap,
  LinearTransform,
  packSlots,
  type SlotLayout,
  unpackSlots,
  vectorLayout,
} from '../circuits/index.ts';
import { owning } from '../circuits/owning.ts';
import { articleNetwork } from './article.ts';
import { explodeImage, windowCount } from './explode-image.ts';
import { patchesLayout } from './placement.ts';
import type { Weights } from './sequential.ts';

/** 28×28 pixels; 8×8 windows of 7×7, three apart. */
const IMAGE = [1, 28, 28] as const;
const PIXELS = 28 * 28;
const WINDOWS = { kernel: [7, 7], stride: [3, 3], padding: [0, 0, 0, 0] } as const;
const TAPS = 7 * 7;
const FEATURES = windowCount(IMAGE, WINDOWS);
const CHANNELS = 4;
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

export interface PrepareOptions {
  /** The images' scale. Default: the parameters' scale, at which `encrypt` encodes. */
  readonly scale?: Scale;
  /** A weight is encoded; there are `steps` of them. */
  readonly onStep?: () => void;
}

/** The network with its weights encoded, for many batches of images at one level and scale. Owns the plaintexts. */
export interface PreparedArticleNetwork extends Owned {
  /** The level of the images. */
  readonly level: number;
  /** What it owns, as a scope that returns it must find it. */
  readonly layers: readonly Owned[];
  /**
   * As `EncryptedArticleNetwork.evaluate`, without encoding anything.
   * @throws FheError LEVEL_MISMATCH, SCALE_MISMATCH for images at another level or scale
   */
  evaluate(ev: EvaluationKeys, patches: readonly Ciphertext[], hooks?: EvaluateHooks): Ciphertext;
}

/** The network for a number of slots. */
export class EncryptedArticleNetwork {
  /** Of one ciphertext: feature f of image b at slot f·batch + b. */
  readonly layout: SlotLayout;
  readonly #conv: LinearTransform;
  readonly #fc1: LinearTransform;
  readonly #fc2: LinearTransform;

  /**
   * @param weights those of `articleNetwork`, in the clear: only the images are secret
   * @throws FheError SLOTS for fewer than 64 slots, FORMAT where the weights are not those of the network
   */
  constructor(weights: Weights, slots: number) {
    articleNetwork(weights); // for its checks
    const batch = Math.max(1, slots / FEATURES);
    const block = { batch, perBlock: FEATURES };
    this.layout = vectorLayout(slots, FEATURES, block);
    const data = (name: string): Float64Array => Float64Array.from(weights.get(name)!.data);
    const conv = explodedConvolutionMap(TAPS, FEATURES, data('conv.weight'), data('conv.bias'));
    const channels = vectorLayout(slots, CHANNELS * FEATURES, block); // a block a channel
    this.#conv = new LinearTransform(conv, patchesLayout(slots, TAPS, FEATURES, batch), channels);
    const dense = (name: string, outputs: number, inputs: number, to: SlotLayout): LinearTransform => {
      const map = denseMap(data(`${name}.weight`), outputs, inputs, data(`${name}.bias`));
      return new LinearTransform(map, vectorLayout(slots, inputs, block), to);
    };
    this.#fc1 = dense('fc1', FEATURES, CHANNELS * FEATURES, this.layout);
    this.#fc2 = dense('fc2', CLASSES, FEATURES, vectorLayout(slots, CLASSES, { batch })); // ten logits, every 16 features
  }

  /** Images in one evaluation: slots / 64. */
  get batch(): number {
    return this.layout.batch;
  }

  /** Ciphertexts in one encrypted batch, and calls of `onStep` by `encrypt`: one a kernel position. */
  get patches(): number {
    return TAPS;
  }

  /** The rotation keys that `evaluate` needs. */
  get rotations(): number[] {
    return [...new Set([...this.#fc1.rotations, ...this.#fc2.rotations])].sort((a, b) => a - b);
  }

  /** Rotations made in one evaluation: 35 for 64 features, where the article's loops make 5·63 = 315. */
  get rotationCount(): number {
    return this.#fc1.rotationCount + this.#fc2.rotationCount;
  }

  /** Units of work in one evaluation, and weights in one preparation: what their `onStep` counts. */
  get steps(): number {
    return this.#conv.productCount + this.#fc1.productCount + this.#fc2.productCount;
  }

  /**
   * Client: 49 ciphertexts, one a kernel position.
   * @param images up to `batch` images of 784 pixels; missing ones count as black
   * @throws FheError SLOTS for more images, or a backend with another number of slots
   */
  encrypt(backend: Backend, key: PublicKey, images: ArrayLike<number>, onStep: () => void = () => {}): Ciphertext[] {
    checkSlotLayout('encrypt images', this.layout, backend.parameters.slots);
    const count = images.length / PIXELS;
    if (!Number.isInteger(count) || count > this.batch) {
      throw new FheError({
        code: 'SLOTS',
        op: 'encrypt images',
        field: 'number of images',
        should: `a whole number up to ${this.batch}`,
        is: `${count} of ${PIXELS} pixels`,
        hint: 'split them into batches',
      });
    }
    const exploded = Array.from({ length: count }, (_, b) => {
      const image = Float64Array.from({ length: PIXELS }, (_, i) => images[b * PIXELS + i]!);
      return explodeImage(image, IMAGE, WINDOWS);
    });
    return backend.scope(() =>
      packSlots(this.#conv.from, exploded).map((patch) => {
        const c = key.encrypt(backend.encode(patch));
        onStep();
        return c;
      }),
    );
  }

  /**
   * Server: encodes all weights and biases, once for many batches.
   * @param level of the images
   * @throws FheError LEVEL_EXHAUSTED below five levels, RANGE above the highest; SLOTS for a backend with another number of
   *   slots
   */
  prepare(backend: Backend, level: number, options: PrepareOptions = {}): PreparedArticleNetwork {
    checkSlotLayout('prepare the network', this.layout, backend.parameters.slots);
    if (level < ARTICLE_LEVELS) throw tooFewLevels('prepare', level);
    const { scale = backend.parameters.scale, onStep } = options;
    const prime = (down: number): Scale => backend.parameters.primeScale(level - down);
    const afterSquare1 = scale.times(scale).over(prime(1));
    const afterSquare2 = afterSquare1.times(afterSquare1).over(prime(3));
    return backend.scope(() => {
      const step = onStep === undefined ? {} : { onStep };
      const conv = this.#conv.prepare(backend, { level, scale, ...step });
      const fc1 = this.#fc1.prepare(backend, { level: level - 2, scale: afterSquare1, ...step });
      const fc2 = this.#fc2.prepare(backend, { level: level - 4, scale: afterSquare2, rescale: false, ...step });

      const evaluate: PreparedArticleNetwork['evaluate'] = (ev, patches, { onStep, onLayer = () => {} } = {}) =>
        backend.scope(() => {
          const shown = <C extends Ciphertext[]>(layer: ArticleLayer, output: C): C => {
            onLayer(layer, output);
            return output;
          };
          const square = (c: Ciphertext): Ciphertext => ev.rescale(ev.relinearize(ev.square(c)));

          const channels = shown('conv', conv.apply(ev, patches, onStep));
          const square1 = shown('square1', channels.map(square));
          const hidden = shown('fc1', fc1.apply(ev, square1, onStep));
          const square2 = shown('square2', hidden.map(square));
          return shown('fc2', fc2.apply(ev, square2, onStep))[0]!;
        });
      const layers = [conv, fc1, fc2];
      return owning({ level, layers, evaluate }, layers);
    });
  }

  /**
   * Server: the encrypted logits. Feature d of image b is its logit for digit d; features from 10 on mean nothing.
   * Prepares the network for this one batch; `prepare` does it once for many.
   * @throws FheError LEVEL_EXHAUSTED where the patches have fewer than five levels
   */
  evaluate(
    backend: Backend,
    ev: EvaluationKeys,
    patches: readonly Ciphertext[],
    hooks: EvaluateHooks = {},
  ): Ciphertext {
    checkSlotLayout('evaluate the network', this.layout, backend.parameters.slots);
    const [first] = patches;
    if (first === undefined || first.level < ARTICLE_LEVELS) throw tooFewLevels('evaluate', first?.level ?? 0, first);
    return backend.scope(() => this.prepare(backend, first.level, { scale: first.scale }).evaluate(ev, patches, hooks));
  }

  /** Client: ten logits for each of `batch` images. */
  decrypt(backend: Backend, keys: SecretKeys, logits: Ciphertext): Float64Array[] {
    return this.read(backend, keys, logits).map((features) => features.slice(0, CLASSES));
  }

  /** Client: all features of any ciphertext of this layout, one row an image. */
  read(backend: Backend, keys: SecretKeys, c: Ciphertext): Float64Array[] {
    return backend.scope(() => unpackSlots(this.layout, [backend.decode(keys.decrypt(c))]));
  }
}

function tooFewLevels(verb: 'prepare' | 'evaluate', level: number, image?: Ciphertext): FheError {
  return new FheError({
    code: 'LEVEL_EXHAUSTED',
    op: `${verb} the article’s network`,
    field: 'level of the images',
    should: `at least ${ARTICLE_LEVELS}`,
    is: String(level),
    hint: 'take a chain of six primes, for example [60, 40, 40, 40, 40, 40]',
    ledger: image?.trace ?? [],
  });
}
