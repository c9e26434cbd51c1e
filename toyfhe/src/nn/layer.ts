/**
 * What a layer is. A network is a list of these; so are its gradients.
 * @module
 */
import { FheError } from '../backend/index.ts';
import type { TensorOperations } from './operations.ts';
import { printShape, sameShape, Tensor } from './tensor.ts';

/** One tensor that belongs to a layer and is saved with it. */
export interface State {
  /** For example `weight` or `bias`: the name in a weights file is `<layer>.<name>`. */
  readonly name: string;
  readonly value: Tensor;
  /** What `Sequential.initialize` sets it to. When left out, it draws a `weight` and sets anything else to zero. */
  readonly initial?: Float64Array;
}

/** One tensor that training changes, with the gradient of the loss in it. */
export interface Parameter extends State {
  /** Same shape as `value`; `backward` adds to it, `Sequential.zeroGradients` clears it. */
  readonly gradient: Tensor;
}

/**
 * One step of a network. `forward` and `backward` answer in buffers that the layer keeps and overwrites at the next
 * call: copy what should outlive it. `backward` speaks of the last `forward`, whose input must not have changed since.
 */
export interface Layer {
  /** Which layer this is, for programs that treat each kind in their own way (encrypted evaluation does). */
  readonly kind: string;
  /** What training changes; for a layer made of layers, theirs. */
  readonly parameters: readonly Parameter[];
  /** What is saved with the weights though no gradient moves it: running means. */
  readonly buffers?: readonly State[];
  /** The layers that this one is made of, by the names that stand in weights files. */
  readonly parts?: ReadonlyMap<string, Layer>;
  /** True while training, for layers that then compute otherwise (`BatchNorm2d`), and for what is made of layers. */
  training?: boolean;
  /**
   * The output's shape for an input's shape, both with the batch first.
   * @throws FheError FORMAT when the layer cannot take such an input
   */
  outputShape(inputShape: readonly number[]): number[];
  forward(input: Tensor): Tensor;
  /**
   * Adds the gradient in each parameter, and returns the gradient in the input.
   * @param outputGradient the gradient of the loss in the output, of the output's shape
   * @param wantInput false where nobody needs the gradient in the input (the first layer); the result is then undefined
   */
  backward(outputGradient: Tensor, wantInput?: boolean): Tensor | undefined;
  /**
   * Asks any tensor for what this layer computes outside training, by the tensor's own operations.
   * @throws FheError FORMAT when the shape does not fit
   */
  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T;
}

/** A parameter of zeros, or of its initial values. */
export function parameter(name: string, shape: readonly number[], initial?: Float64Array): Parameter {
  const value = new Tensor(shape, initial?.slice());
  return { name, value, gradient: new Tensor(shape), ...(initial && { initial }) };
}

/** Every tensor of a layer and of its parts, named as in weights files. @param prefix e.g. `conv.` */
export function namedStates(layer: Layer, prefix: string): [name: string, state: State][] {
  if (layer.parts !== undefined) {
    return [...layer.parts].flatMap(([name, part]) => namedStates(part, `${prefix}${name}.`));
  }
  return [...layer.parameters, ...(layer.buffers ?? [])].map((state) => [`${prefix}${state.name}`, state]);
}

/**
 * Layers keep what the last forward pass gave, so no object may stand at two places.
 * @param parts by name
 * @throws FheError FORMAT where a layer, or a part of one, is there twice
 */
export function checkDistinct(op: string, parts: Iterable<readonly [name: string, layer: Layer]>): void {
  const places = new Map<Layer, string>();
  const visit = (layer: Layer, place: string): void => {
    const before = places.get(layer);
    if (before !== undefined) {
      const fields = { field: `layer ${place}`, should: 'an object of its own', is: `the same one as ${before}` };
      throw new FheError({ code: 'FORMAT', op, ...fields, hint: 'make another one, and load the same weights' });
    }
    places.set(layer, place);
    for (const [name, part] of layer.parts ?? []) visit(part, `${place}.${name}`);
  };
  for (const [name, layer] of parts) visit(layer, name);
}

/** The error of a layer that was given an input of the wrong shape. */
export function wrongInput(layer: string, should: string, shape: readonly number[]): FheError {
  return new FheError({
    code: 'FORMAT',
    op: `run ${layer}`,
    field: 'input shape',
    should,
    is: printShape(shape),
    hint: 'reshape the input, or check the layer before this one',
  });
}

/** The input of the last forward pass, or the error of asking for a gradient before there was one. */
export function lastInput(layer: string, input: Tensor | undefined): Tensor {
  if (input !== undefined) return input;
  throw new FheError({
    code: 'FORMAT',
    op: `run ${layer} backward`,
    field: 'the forward pass',
    should: 'done before it',
    is: 'missing',
    hint: 'call forward first',
  });
}

/** @throws FheError FORMAT unless a constant that an operation is given has the shape that it should have */
export function checkConstant(op: string, field: string, shape: readonly number[], constant: Tensor): void {
  if (sameShape(shape, constant.shape)) return;
  throw new FheError({
    code: 'FORMAT',
    op: `run ${op}`,
    field: `${field}'s shape`,
    should: printShape(shape),
    is: printShape(constant.shape),
    hint: 'give a tensor that fits the input',
  });
}
