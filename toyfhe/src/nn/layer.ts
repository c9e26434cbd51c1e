/**
 * What a layer is. A network is a list of these; so are its gradients.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { printShape, Tensor } from './tensor.ts';

/** One tensor that training changes, with the gradient of the loss in it. */
export interface Parameter {
  /** `weight` or `bias`: the name in a weights file is `<layer>.<name>`. */
  readonly name: string;
  readonly value: Tensor;
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
  readonly parameters: readonly Parameter[];
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
}

/** A parameter of zeros. */
export function parameter(name: string, shape: readonly number[]): Parameter {
  return { name, value: new Tensor(shape), gradient: new Tensor(shape) };
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
