/**
 * The fully connected layer.
 * @module
 */
import { multiplyAddTransposed, transpose } from './gemm.ts';
import { checkConstant, type Layer, lastInput, type Parameter, parameter, wrongInput } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import { reuse, type Tensor } from './tensor.ts';
import { checkCounts } from './windows.ts';

/**
 * `out[b, o] = bias[o] + Σ weight[o, i] · in[b, i]`.
 * @param input `[batch, in]`
 * @param weight `[out, in]`
 * @param bias `[out]`; zeros when left out
 * @param into the output's place, used when its shape fits
 * @throws FheError FORMAT when shapes do not fit
 */
export function denseProduct(input: Tensor, weight: Tensor, bias?: Tensor, into?: Tensor): Tensor {
  const [outputs, inputs] = weight.shape as [number, number];
  const [batch, length] = input.shape as [number, number];
  if (input.shape.length !== 2 || length !== inputs) throw wrongInput('dense', `batch×${inputs}`, input.shape);
  checkConstant('dense', 'weight', [outputs, inputs], weight);
  if (bias !== undefined) checkConstant('dense', 'bias', [outputs], bias);
  const output = reuse(into, [batch, outputs]);
  if (bias === undefined) output.data.fill(0);
  else for (let b = 0; b < batch; b++) output.data.set(bias.data, b * outputs);
  multiplyAddTransposed(batch, outputs, inputs, input.data, 0, weight.data, 0, output.data, 0);
  return output;
}

/** A product with a matrix, as `denseProduct` computes it. Weights start at zero: see `initialize`. */
export class Dense implements Layer {
  readonly kind = 'dense';
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  #input: Tensor | undefined;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;
  #weightT: Tensor | undefined;
  #inputT: Tensor | undefined;
  #gradientT: Tensor | undefined;

  /** @throws FheError RANGE when a size is not an integer ≥ 1 */
  constructor(inputs: number, outputs: number) {
    checkCounts('make a dense layer', 1, { inputs, outputs });
    this.weight = parameter('weight', [outputs, inputs]);
    this.bias = parameter('bias', [outputs]);
    this.parameters = [this.weight, this.bias];
  }

  outputShape(inputShape: readonly number[]): number[] {
    const [outputs, inputs] = this.weight.value.shape as [number, number];
    const [batch, length] = inputShape;
    if (inputShape.length !== 2 || batch === undefined || length !== inputs) {
      throw wrongInput('dense', `batch×${inputs}`, inputShape);
    }
    return [batch, outputs];
  }

  forward(input: Tensor): Tensor {
    this.#output = denseProduct(input, this.weight.value, this.bias.value, this.#output);
    this.#input = input;
    return this.#output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    return x.dense(this.weight.value, this.bias.value);
  }

  backward(outputGradient: Tensor, wantInput = true): Tensor | undefined {
    const input = lastInput('dense', this.#input);
    const [outputs, inputs] = this.weight.value.shape as [number, number];
    const batch = input.shape[0]!;
    const gradient = outputGradient.data;
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < outputs; o++) this.bias.gradient.data[o]! += gradient[b * outputs + o]!;
    }
    // The weight's gradient is Gᵀ·X, a product over the batch: both sides are turned so that the batch runs fastest.
    const inputT = reuse(this.#inputT, [inputs, batch]);
    const gradientT = reuse(this.#gradientT, [outputs, batch]);
    transpose(batch, inputs, input.data, inputT.data);
    transpose(batch, outputs, gradient, gradientT.data);
    this.#inputT = inputT;
    this.#gradientT = gradientT;
    const weightGradient = this.weight.gradient.data;
    multiplyAddTransposed(outputs, inputs, batch, gradientT.data, 0, inputT.data, 0, weightGradient, 0);
    if (!wantInput) return undefined;
    // The input's gradient is G·W, a product over the outputs.
    const weightT = reuse(this.#weightT, [inputs, outputs]);
    transpose(outputs, inputs, this.weight.value.data, weightT.data);
    this.#weightT = weightT;
    const inputGradient = reuse(this.#inputGradient, input.shape);
    inputGradient.data.fill(0);
    multiplyAddTransposed(batch, inputs, outputs, gradient, 0, weightT.data, 0, inputGradient.data, 0);
    this.#inputGradient = inputGradient;
    return inputGradient;
  }
}
