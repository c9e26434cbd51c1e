/**
 * The trainer: mini-batches of augmented images, Adam, the one-cycle rate, clipped gradients.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { Adam, clipGradients } from './adam.ts';
import { Augmenter } from './augment.ts';
import { argmax, checkImages, type LabelledImages } from './evaluate.ts';
import { crossEntropy } from './loss.ts';
import { oneCycle } from './one-cycle.ts';
import { Random } from './random.ts';
import type { Sequential } from './sequential.ts';
import { sizeOf, Tensor } from './tensor.ts';

export interface TrainOptions {
  readonly epochs: number;
  /** Images per step; what is left of an epoch's shuffled images sits that epoch out. */
  readonly batch: number;
  /** The learning rate at the top of the cycle. */
  readonly peakRate: number;
  /** Gradients are scaled down to at most this Euclidean norm. */
  readonly clip: number;
  /** Random shifts by up to this many pixels. */
  readonly shift: number;
  /** Deviation of the Gaussian noise on pixels. */
  readonly noise: number;
  /** Decoupled weight decay. */
  readonly weightDecay: number;
  /** The same seed, data and options give the same weights, bit for bit. */
  readonly seed: number;
}

/** Where a run stands, after a step. */
export interface TrainProgress {
  /** Epoch of this step, from 0. */
  readonly epoch: number;
  /** Steps done in this epoch, from 1. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Learning rate of this step. */
  readonly rate: number;
  /** Mean loss over this epoch so far, in nats, on augmented images. */
  readonly loss: number;
  /** Share of right answers over this epoch so far, on augmented images, before each step. */
  readonly accuracy: number;
}

/**
 * Trains `model` in place, from freshly drawn weights. A generator, so that the caller decides what happens between
 * steps: print, draw, let the event loop run, or stop (the model then has the weights of the last step).
 * @throws FheError FORMAT when the images do not fit; RANGE when an option is out of range
 */
export function* train(
  model: Sequential,
  data: LabelledImages,
  options: TrainOptions,
): Generator<TrainProgress, void, undefined> {
  const count = checkImages('train', data);
  checkOptions(options, count);
  const { epochs, batch, seed } = options;
  const random = new Random(seed);
  model.initialize(random);
  const adam = new Adam(model.parameters, { weightDecay: options.weightDecay });
  const augmenter = new Augmenter(options, random);
  const pixels = sizeOf(data.shape);
  const input = new Tensor([batch, ...data.shape]);
  const labels = new Uint8Array(batch);
  const stepsPerEpoch = Math.floor(count / batch);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  let gradient: Tensor | undefined;
  model.training = true;
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      random.shuffle(order);
      let loss = 0;
      let correct = 0;
      for (let step = 0; step < stepsPerEpoch; step++) {
        for (let i = 0; i < batch; i++) {
          const image = order[step * batch + i]!;
          labels[i] = data.labels[image]!;
          augmenter.copy(data.images, image * pixels, data.shape, input.data, i * pixels);
        }
        const logits = model.forward(input);
        gradient ??= new Tensor(logits.shape);
        loss += crossEntropy(logits, labels, gradient);
        for (let i = 0; i < batch; i++) if (argmax(logits, i) === labels[i]) correct++;
        model.zeroGradients();
        model.backward(gradient);
        clipGradients(model.parameters, options.clip);
        const rate = oneCycle(epoch * stepsPerEpoch + step, epochs * stepsPerEpoch, options.peakRate);
        adam.step(rate);
        const done = step + 1;
        yield { epoch, step: done, stepsPerEpoch, rate, loss: loss / done, accuracy: correct / (done * batch) };
      }
    }
  } finally {
    model.training = false; // also when the caller stops early
  }
}

function checkOptions(options: TrainOptions, count: number): void {
  const whole = (x: number, low: number, high: number): boolean => Number.isSafeInteger(x) && x >= low && x <= high;
  const positive = (x: number): boolean => x > 0 && Number.isFinite(x);
  const rules: readonly [keyof TrainOptions, boolean, string][] = [
    ['epochs', whole(options.epochs, 1, 1e6), 'an integer from 1 to 1,000,000'],
    ['batch', whole(options.batch, 1, count), `an integer from 1 to the ${count} images`],
    ['peakRate', positive(options.peakRate), 'a positive number'],
    ['clip', options.clip > 0, 'a positive number'],
    ['shift', whole(options.shift, 0, 1000), 'an integer from 0 to 1000'],
    ['noise', options.noise >= 0 && Number.isFinite(options.noise), 'a number ≥ 0'],
    ['weightDecay', options.weightDecay >= 0 && Number.isFinite(options.weightDecay), 'a number ≥ 0'],
    ['seed', whole(options.seed, 0, 2 ** 32 - 1), 'an integer from 0 to 2^32 − 1'],
  ];
  for (const [field, good, should] of rules) {
    if (good) continue;
    const is = String(options[field]);
    throw new FheError({ code: 'RANGE', op: 'train', field, should, is, hint: 'give another value' });
  }
}
