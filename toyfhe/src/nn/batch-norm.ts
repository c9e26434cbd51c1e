/**
 * Batch normalisation: Ioffe and Szegedy, arXiv 1502.03167. In training each channel is shifted and scaled to the mean 0
 * and variance 1 of the batch; afterwards to running averages of these, and is then an affine map, which `folded` puts
 * into the layer before it.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { channelsOf, channelwise } from './channel-affine.ts';
import { Conv2d } from './conv2d.ts';
import { Dense } from './dense.ts';
import { type Layer, lastInput, type Parameter, parameter, type State, wrongInput } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import { reuse, Tensor } from './tensor.ts';
import { checkCounts } from './windows.ts';

export interface BatchNormOptions {
  /** Added to the variance before its root; default 1e-5, as in PyTorch. */
  readonly epsilon?: number;
  /** How far a batch moves the running averages; default 0.1, as in PyTorch. */
  readonly momentum?: number;
}

/** One of each a channel; the variance's divisor is n. */
interface Statistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * `out = weight · (in − mean)/√(variance + ε) + bias`, one of each a channel; input `[batch, channels, height, width]`, or
 * `[batch, features]`. While `training`, mean and variance are the batch's, and the running ones move towards them
 * (towards the variance with divisor n − 1, as PyTorch does); else they are the running ones. `on` uses the running ones.
 */
export class BatchNorm2d implements Layer {
  readonly kind = 'batchNorm2d';
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;
  readonly buffers: readonly State[];
  readonly epsilon: number;
  readonly momentum: number;
  training = false;
  #input: Tensor | undefined;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;
  /** Of the last forward pass: what was used, and whether it came from the batch itself. */
  #used: { mean: Float64Array; inverse: Float64Array; ofBatch: boolean } | undefined;

  /** @throws FheError RANGE when channels is not an integer ≥ 1, ε not positive, or the momentum outside [0, 1] */
  constructor(channels: number, options: BatchNormOptions = {}) {
    checkCounts('make a batch norm', 1, { channels });
    const { epsilon = 1e-5, momentum = 0.1 } = options;
    const refuse = (field: string, should: string, is: number): never => {
      const parts = { field, should, is: String(is), hint: 'leave it out for the usual one' };
      throw new FheError({ code: 'RANGE', op: 'make a batch norm', ...parts });
    };
    if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY)) refuse('epsilon', 'a positive number', epsilon);
    if (!(momentum >= 0 && momentum <= 1)) refuse('momentum', 'a number from 0 to 1', momentum);
    this.epsilon = epsilon;
    this.momentum = momentum;
    const ones = new Float64Array(channels).fill(1);
    this.weight = parameter('weight', [channels], ones);
    this.bias = parameter('bias', [channels]);
    this.parameters = [this.weight, this.bias];
    this.runningMean = new Tensor([channels]);
    this.runningVariance = new Tensor([channels], ones.slice());
    this.buffers = [
      { name: 'running_mean', value: this.runningMean },
      { name: 'running_var', value: this.runningVariance, initial: ones },
    ];
  }

  outputShape(inputShape: readonly number[]): number[] {
    const channels = this.weight.value.data.length;
    if ((inputShape.length === 4 || inputShape.length === 2) && inputShape[1] === channels) return [...inputShape];
    throw wrongInput('batchNorm2d', `batch×${channels}×height×width`, inputShape);
  }

  /** @throws FheError FORMAT also for one value a channel while training: it has no variance */
  forward(input: Tensor): Tensor {
    this.outputShape(input.shape);
    const ofBatch = this.training;
    const statistics = ofBatch ? this.#takeStatistics(input) : this.#running();
    const mean = statistics.mean;
    const inverse = statistics.variance.map((v) => 1 / Math.sqrt(v + this.epsilon));
    const { factor, offset } = this.#affine(mean, inverse);
    this.#output = channelwise(input, factor, offset, this.#output);
    this.#used = { mean, inverse, ofBatch };
    this.#input = input;
    return this.#output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    const { factor, offset } = this.affine();
    return x.channelAffine(factor, offset);
  }

  /** What it does to a channel outside training: factor · x + offset, each `[channels]`. */
  affine(): { readonly factor: Tensor; readonly offset: Tensor } {
    const { mean, variance } = this.#running();
    return this.#affine(
      mean,
      variance.map((v) => 1 / Math.sqrt(v + this.epsilon)),
    );
  }

  /**
   * A layer that computes what `before` and then this computes outside training: its weights times the factors, its bias
   * moved along. Both are left as they are.
   * @throws FheError FORMAT when `before` has another number of outputs
   */
  folded<L extends Conv2d | Dense>(before: L): L;
  folded(before: Conv2d | Dense): Conv2d | Dense {
    const [outputs, inputs, height, width] = before.weight.value.shape as [number, number, number, number];
    const { factor, offset } = this.affine();
    if (outputs !== factor.data.length) throw wrongInput('batchNorm2d', `batch×${factor.data.length}×…`, [outputs]);
    const layer =
      before instanceof Dense
        ? new Dense(inputs, outputs)
        : new Conv2d({
            inputChannels: inputs,
            outputChannels: outputs,
            kernel: [height, width],
            stride: before.stride,
            padding: before.padding,
          });
    const taps = before.weight.value.data.length / outputs;
    for (const [i, w] of before.weight.value.data.entries()) {
      layer.weight.value.data[i] = w * factor.data[Math.floor(i / taps)]!;
    }
    for (const [o, b] of before.bias.value.data.entries()) {
      layer.bias.value.data[o] = factor.data[o]! * b + offset.data[o]!;
    }
    return layer;
  }

  /**
   * With n values a channel, x̂ the normalised input and g the output's gradient: weight · inverse · (g − mean(g) −
   * x̂·mean(g·x̂)) when the statistics were the batch's, because each value moves them too; else weight · inverse · g.
   */
  backward(outputGradient: Tensor, wantInput = true): Tensor | undefined {
    const input = lastInput('batchNorm2d', this.#input);
    const [batch, channels, pixels] = channelsOf('batchNorm2d', input.shape);
    const inputGradient = reuse(this.#inputGradient, input.shape);
    const g = outputGradient.data;
    const used = this.#used!;
    for (let c = 0; c < channels; c++) {
      const mean = used.mean[c]!;
      const inverse = used.inverse[c]!;
      let [sum, sumNormal] = [0, 0];
      forChannel(batch, channels, pixels, c, (i) => {
        sum += g[i]!;
        sumNormal += g[i]! * (input.data[i]! - mean) * inverse;
      });
      this.bias.gradient.data[c]! += sum;
      this.weight.gradient.data[c]! += sumNormal;
      if (!wantInput) continue;
      const factor = this.weight.value.data[c]! * inverse;
      const n = used.ofBatch ? batch * pixels : Number.POSITIVE_INFINITY; // fixed statistics: no value moves them
      forChannel(batch, channels, pixels, c, (i) => {
        const normal = (input.data[i]! - mean) * inverse;
        inputGradient.data[i] = factor * (g[i]! - sum / n - (normal * sumNormal) / n);
      });
    }
    this.#inputGradient = inputGradient;
    return wantInput ? inputGradient : undefined;
  }

  #running(): Statistics {
    return { mean: this.runningMean.data.slice(), variance: this.runningVariance.data.slice() };
  }

  #affine(mean: Float64Array, inverse: Float64Array): { factor: Tensor; offset: Tensor } {
    const factor = inverse.map((s, c) => s * this.weight.value.data[c]!);
    const offset = this.bias.value.data.map((b, c) => b - factor[c]! * mean[c]!);
    return { factor: new Tensor([factor.length], factor), offset: new Tensor([offset.length], offset) };
  }

  /** The batch's statistics; the running ones move towards them. */
  #takeStatistics(input: Tensor): Statistics {
    const [batch, channels, pixels] = channelsOf('batchNorm2d', input.shape);
    const n = batch * pixels;
    if (n < 2) throw wrongInput('batchNorm2d in training', 'at least two values a channel', input.shape);
    const mean = new Float64Array(channels);
    const variance = new Float64Array(channels);
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      forChannel(batch, channels, pixels, c, (i) => (sum += input.data[i]!));
      mean[c] = sum / n;
      let squares = 0; // around the mean: Σx² − n·mean² would lose all digits for a mean far from 0
      forChannel(batch, channels, pixels, c, (i) => (squares += (input.data[i]! - mean[c]!) ** 2));
      variance[c] = squares / n;
      const keep = 1 - this.momentum;
      this.runningMean.data[c] = keep * this.runningMean.data[c]! + this.momentum * mean[c]!;
      this.runningVariance.data[c] = keep * this.runningVariance.data[c]! + (this.momentum * squares) / (n - 1);
    }
    return { mean, variance };
  }
}

function forChannel(
  batch: number,
  channels: number,
  pixels: number,
  channel: number,
  visit: (i: number) => void,
): void {
  for (let b = 0; b < batch; b++) {
    const start = (b * channels + channel) * pixels;
    for (let i = start; i < start + pixels; i++) visit(i);
  }
}
