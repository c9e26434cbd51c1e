/**
 * The residual connection: He, Zhang, Ren and Sun, arXiv 1512.03385.
 * @module
 */
import { sum } from './elementwise.ts';
import { checkDistinct, type Layer, type Parameter, wrongInput } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import type { Sequential } from './sequential.ts';
import { printShape, sameShape, type Tensor } from './tensor.ts';

/**
 * body(x) + shortcut(x), and body(x) + x where there is no shortcut. An activation after the sum is a layer of its own.
 * Weights are named `<layer>.body.…` and `<layer>.shortcut.…`.
 */
export class Residual implements Layer {
  readonly kind = 'residual';
  readonly body: Sequential;
  readonly shortcut: Sequential | undefined;
  readonly parameters: readonly Parameter[];
  readonly parts: ReadonlyMap<string, Layer>;

  /** @throws FheError FORMAT for a layer that is in both */
  constructor(body: Sequential, shortcut?: Sequential) {
    this.body = body;
    this.shortcut = shortcut;
    this.parts = new Map(Object.entries({ body, ...(shortcut && { shortcut }) }));
    checkDistinct('make a residual', this.parts);
    this.parameters = [...this.parts.values()].flatMap((part) => part.parameters);
  }

  get training(): boolean {
    return this.body.training;
  }

  set training(on: boolean) {
    for (const part of this.parts.values()) part.training = on;
  }

  outputShape(inputShape: readonly number[]): number[] {
    const body = this.body.outputShape(inputShape);
    const shortcut = this.shortcut?.outputShape(inputShape) ?? inputShape;
    if (sameShape(body, shortcut)) return body;
    throw wrongInput('residual', `one that the body keeps (it gives ${printShape(body)})`, shortcut);
  }

  forward(input: Tensor): Tensor {
    this.outputShape(input.shape);
    return sum(this.body.forward(input), this.shortcut?.forward(input) ?? input);
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    const body = this.body.on(x);
    return this.shortcut === undefined ? x.add(body) : this.shortcut.on(x).add(body);
  }

  /** The sum hands its gradient to both sides; the input's is the sum of what comes back. */
  backward(outputGradient: Tensor, wantInput = true): Tensor | undefined {
    const body = this.body.backward(outputGradient, wantInput);
    const shortcut = this.shortcut === undefined ? outputGradient : this.shortcut.backward(outputGradient, wantInput);
    return body && shortcut && sum(body, shortcut);
  }
}
