/**
 * A network of layers, one after the other.
 * @module
 */
import { FheError, inspect } from '../backend/index.ts';
import { type AnyTensor, CallableModel } from './callable-model.ts';
import { checkDistinct, type Layer, namedStates, type Parameter, type State } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import type { Random } from './random.ts';
import { printShape, sameShape, Tensor } from './tensor.ts';

/** Weights by name, `<layer>.<parameter>`, e.g. `conv.weight`: what a weights file holds. */
export type Weights = ReadonlyMap<string, Tensor>;

/**
 * Layers in order, each under its name. Itself a layer, and a function: `model(x)` is `forward` for plain tensors, and for
 * any other kind of tensor (encrypted ones, the compiler's recorder) what the layers ask of it, one after the other.
 */
export class Sequential extends CallableModel implements Layer {
  readonly kind = 'sequential';
  readonly layers: readonly { readonly name: string; readonly layer: Layer }[];
  readonly parameters: readonly Parameter[];
  readonly parts: ReadonlyMap<string, Layer>;
  #training = false;

  /**
   * @param layers name → layer, in order; names are words that begin with a letter, so that objects keep their order
   * @throws FheError FORMAT for another name, or a layer (or a part of one) that stands at two places
   */
  constructor(layers: Readonly<Record<string, Layer>>) {
    super();
    this.layers = Object.entries(layers).map(([name, layer]) => ({ name, layer }));
    this.parameters = this.layers.flatMap(({ layer }) => layer.parameters);
    this.parts = new Map(this.layers.map(({ name, layer }) => [name, layer]));
    for (const { name } of this.layers) {
      if (/^[a-z]\w*$/i.test(name)) continue;
      const parts = { field: 'layer name', should: 'a word that begins with a letter', is: JSON.stringify(name) };
      throw new FheError({ code: 'FORMAT', op: 'make a network', ...parts, hint: 'rename the layer' });
    }
    checkDistinct('make a network', this.parts);
  }

  protected override invoke(x: AnyTensor): AnyTensor {
    return x instanceof Tensor ? this.forward(x) : this.on(x);
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    const [first, ...rest] = this.layers;
    if (first === undefined) return x.reshape(x.shape);
    return rest.reduce((y, { layer }) => layer.on(y), first.layer.on(x));
  }

  /** False at first. `train` sets it while it runs; layers that compute otherwise in training follow it. */
  get training(): boolean {
    return this.#training;
  }

  set training(on: boolean) {
    this.#training = on;
    for (const { layer } of this.layers) if (layer.training !== undefined) layer.training = on;
  }

  /** @throws FheError FORMAT when a layer cannot take what the one before it gives */
  outputShape(inputShape: readonly number[]): number[] {
    return this.layers.reduce((shape, { layer }) => layer.outputShape(shape), [...inputShape]);
  }

  /** The output for a batch: a tensor of its own, which later calls leave alone. */
  forward(input: Tensor): Tensor {
    return this.layers.reduce((x, { layer }) => layer.forward(x), input).copy();
  }

  /** Every layer's output for a batch, by the layer's name, in order; copies. */
  activations(input: Tensor): Map<string, Tensor> {
    const outputs = new Map<string, Tensor>();
    let x = input;
    for (const { name, layer } of this.layers) {
      x = layer.forward(x);
      outputs.set(name, x.copy());
    }
    return outputs;
  }

  /**
   * Adds to every parameter's gradient, for the batch of the last `forward`.
   * @param outputGradient the gradient of the loss in the network's output
   * @param wantInput true to get the gradient in the network's input; else nothing is returned
   */
  backward(outputGradient: Tensor, wantInput = false): Tensor | undefined {
    let gradient: Tensor | undefined = outputGradient;
    for (let i = this.layers.length - 1; i >= 0 && gradient !== undefined; i--) {
      gradient = this.layers[i]!.layer.backward(gradient, wantInput || i > 0);
    }
    return wantInput ? gradient?.copy() : undefined;
  }

  /** Sets every gradient to zero. */
  zeroGradients(): void {
    for (const { gradient } of this.parameters) gradient.data.fill(0);
  }

  /**
   * Draws the weights afresh: uniform in ±√(6/(fan-in + fan-out)) (Glorot and Bengio, AISTATS 2010), biases zero.
   * A convolution's fans count its taps. What has initial values of its own (`State.initial`) goes back to these.
   */
  initialize(random: Random): void {
    for (const [, { name, value, initial }] of this.#named()) {
      if (initial !== undefined || name !== 'weight') {
        for (let i = 0; i < value.data.length; i++) value.data[i] = initial?.[i] ?? 0;
        continue;
      }
      const [outputs, inputs, ...kernel] = value.shape as [number, number];
      const taps = kernel.reduce((product, extent) => product * extent, 1);
      const limit = Math.sqrt(6 / (taps * (inputs + outputs)));
      for (let i = 0; i < value.data.length; i++) value.data[i] = limit * (2 * random.uniform() - 1);
    }
  }

  /** The weights by name, and what else is saved with them: the tensors themselves, not copies. */
  namedParameters(): [name: string, value: Tensor][] {
    return this.#named().map(([name, { value }]) => [name, value]);
  }

  /** The weights by name, and what else is saved with them (running means); copies. */
  weights(): Map<string, Tensor> {
    return new Map(this.namedParameters().map(([name, value]) => [name, value.copy()]));
  }

  /**
   * Takes over weights by name; changes nothing when it throws.
   * @throws FheError FORMAT when a tensor is missing, too many, of another shape, or not finite
   */
  load(weights: Weights): void {
    const named = this.#named();
    for (const [name, { value }] of named) {
      const given = weights.get(name);
      if (given === undefined) throw wrongWeights(name, 'present', 'missing');
      if (!sameShape(given.shape, value.shape)) {
        throw wrongWeights(`${name}'s shape`, printShape(value.shape), printShape(given.shape));
      }
      const bad = given.data.find((x) => !Number.isFinite(x));
      if (bad !== undefined) throw wrongWeights(name, 'finite numbers', String(bad));
    }
    const known = new Set(named.map(([name]) => name));
    for (const name of weights.keys()) {
      if (!known.has(name)) throw wrongWeights('every tensor', `one of ${[...known].join(', ')}`, name);
    }
    for (const [name, { value }] of named) value.data.set(weights.get(name)!.data);
  }

  /** `Sequential conv → square1 → … (17,298 parameters)`. */
  [inspect](): string {
    const count = this.parameters.reduce((sum, { value }) => sum + value.data.length, 0);
    return `Sequential ${this.layers.map(({ name }) => name).join(' → ')} (${count.toLocaleString('en')} parameters)`;
  }

  #named(): [string, State][] {
    return namedStates(this, '');
  }
}

function wrongWeights(field: string, should: string, is: string): FheError {
  const hint = 'load weights that were made for this network';
  return new FheError({ code: 'FORMAT', op: 'load weights', field, should, is, hint });
}
