/**
 * The optimiser: Adam, Kingma and Ba, arXiv 1412.6980, algorithm 1, with the decoupled weight decay of Loshchilov and
 * Hutter, arXiv 1711.05101; and the clipping of gradients by their norm, Pascanu, Mikolov and Bengio, arXiv 1211.5063.
 * @module
 */
import type { Parameter } from './layer.ts';

export interface AdamOptions {
  /** Decay of the running mean of gradients; 0.9 when left out, as in the paper. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients; 0.999 when left out, as in the paper. */
  readonly beta2?: number;
  /** Keeps the division finite; 1e-8 when left out, as in the paper. */
  readonly epsilon?: number;
  /** Each step also shrinks the weights (never the biases) by rate × this; 0 when left out. */
  readonly weightDecay?: number;
}

/** Adam's state: two running means per parameter. */
export class Adam {
  readonly #parameters: readonly Parameter[];
  readonly #mean: readonly Float64Array[];
  readonly #square: readonly Float64Array[];
  readonly #options: Required<AdamOptions>;
  #steps = 0;

  constructor(parameters: readonly Parameter[], options: AdamOptions = {}) {
    this.#parameters = parameters;
    this.#mean = parameters.map(({ value }) => new Float64Array(value.data.length));
    this.#square = parameters.map(({ value }) => new Float64Array(value.data.length));
    this.#options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, ...options };
  }

  /** Moves every parameter against its gradient. @param rate the learning rate of this step */
  step(rate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#options;
    this.#steps++;
    // The means start at zero and would be too small at first; the paper divides by what is missing.
    const meanScale = 1 / (1 - beta1 ** this.#steps);
    const squareScale = 1 / (1 - beta2 ** this.#steps);
    for (const [p, { name, value, gradient }] of this.#parameters.entries()) {
      const mean = this.#mean[p]!;
      const square = this.#square[p]!;
      const keep = name === 'weight' ? 1 - rate * weightDecay : 1;
      const x = value.data;
      const g = gradient.data;
      for (let i = 0; i < x.length; i++) {
        mean[i] = beta1 * mean[i]! + (1 - beta1) * g[i]!;
        square[i] = beta2 * square[i]! + (1 - beta2) * g[i]! * g[i]!;
        x[i] = keep * x[i]! - (rate * meanScale * mean[i]!) / (Math.sqrt(squareScale * square[i]!) + epsilon);
      }
    }
  }
}

/**
 * Scales all gradients together so that their Euclidean norm is at most `limit`: one bad batch then cannot throw the
 * weights far, which squares would otherwise allow.
 * @returns the norm before
 */
export function clipGradients(parameters: readonly Parameter[], limit: number): number {
  let sum = 0;
  for (const { gradient } of parameters) {
    for (const g of gradient.data) sum += g * g;
  }
  const norm = Math.sqrt(sum);
  if (norm > limit) {
    const scale = limit / norm;
    for (const { gradient } of parameters) {
      for (let i = 0; i < gradient.data.length; i++) gradient.data[i]! *= scale;
    }
  }
  return norm;
}
