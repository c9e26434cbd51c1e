/**
 * The fully connected layer.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { multiplyAddTransposed, transpose } from './gemm.ts';
import { type Layer, lastInput, type Parameter, parameter, wrongInput } from './layer.ts';
import { reuse, type Tensor } from './tensor.ts';

/**
 * `out[b, o] = bias[o] + Σ weight[o, i] · in[b, i]`; weight is `[out, in]`, bias `[out]`, input `[batch, in]`.
 * Weights start at zero: see `initialize`.
 */
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
    for (const [field, value] of Object.entries({ inputs, outputs })) {
      if (Number.isSafeInteger(value) && value >= 1) continue;
      const parts = { field, should: 'an integer ≥ 1', is: String(value), hint: 'give another size' };
      throw new FheError({ code: 'RANGE', op: 'make a dense layer', ...parts });
    }
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
    const output = reuse(this.#output, this.outputShape(input.shape));
    const [outputs, inputs] = this.weight.value.shape as [number, number];
    const batch = input.shape[0]!;
    for (let b = 0; b < batch; b++) output.data.set(this.bias.value.data, b * outputs);
    multiplyAddTransposed(batch, outputs, inputs, input.data, 0, this.weight.value.data, 0, output.data, 0);
    this.#input = input;
    this.#output = output;
    return output;
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
