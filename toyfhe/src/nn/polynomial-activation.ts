/**
 * Polynomials as activations: what encrypted networks use in the place of functions that no sum of products can compute.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { Polynomial } from '../circuits/index.ts';
import { type Layer, lastInput, type Parameter, parameter } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import { reuse, type Tensor } from './tensor.ts';

/**
 * p(x) element by element; outside the polynomial's interval too, where it may be huge.
 * @param into the output's place, used when its shape fits
 */
export function polynomialOf(input: Tensor, polynomial: Polynomial, into?: Tensor): Tensor {
  const output = reuse(into, input.shape);
  for (const [i, x] of input.data.entries()) output.data[i] = polynomial.at(x);
  return output;
}

/**
 * The basis polynomials b₀ … b_d at x, and their slopes: xᵏ, k·xᵏ⁻¹; or Tₖ(u) and, with u = factor·x + offset,
 * factor·Tₖ'(u), both by their three-term recurrences.
 */
function basisAt(polynomial: Polynomial, x: number, values: Float64Array, slopes: Float64Array): void {
  const { factor, offset } = polynomial.change;
  const u = factor * x + offset;
  const chebyshev = polynomial.basis === 'chebyshev';
  values[0] = 1;
  slopes[0] = 0;
  for (let k = 1; k < values.length; k++) {
    const twice = chebyshev && k > 1; // Tₖ = 2u·Tₖ₋₁ − Tₖ₋₂, but T₁ = u·T₀
    const a = twice ? 2 : 1;
    values[k] = a * u * values[k - 1]! - (twice ? values[k - 2]! : 0);
    slopes[k] = a * (factor * values[k - 1]! + u * slopes[k - 1]!) - (twice ? slopes[k - 2]! : 0);
  }
}

export interface PolynomialActivationOptions {
  /** Whether the coefficients are a parameter, `coefficients`, that begins as the polynomial's. Default: false. */
  readonly trainable?: boolean;
  /**
   * Degree that training may reach: coefficients above the polynomial's own begin at zero. (A `Polynomial` leaves out zeros at
   * the end, so `new Polynomial([0, 1, 0, 0])` has degree 1.) Default: that of the polynomial.
   */
  readonly degree?: number;
}

/** p(x) of every element; any shape. The coefficients are fixed, or trained with the network. */
export class PolynomialActivation implements Layer {
  readonly kind = 'polynomial';
  readonly parameters: readonly Parameter[];
  readonly #start: Polynomial;
  #input: Tensor | undefined;
  #output: Tensor | undefined;
  #inputGradient: Tensor | undefined;

  /** @throws FheError RANGE for a degree below the polynomial's, or another one where nothing is trained */
  constructor(polynomial: Polynomial, options: PolynomialActivationOptions = {}) {
    const { trainable = false, degree = polynomial.degree } = options;
    if (!Number.isSafeInteger(degree) || degree < polynomial.degree || (!trainable && degree > polynomial.degree)) {
      const own = `${polynomial.degree}, the polynomial's`;
      throw new FheError({
        code: 'RANGE',
        op: 'make a polynomial activation',
        field: 'degree',
        should: trainable ? `an integer from ${own}` : own,
        is: String(degree),
        hint: 'a larger one is for training: { trainable: true, degree: … }',
      });
    }
    this.#start = polynomial;
    const coefficients = new Float64Array(degree + 1);
    coefficients.set(polynomial.coefficients);
    this.parameters = trainable ? [parameter('coefficients', [degree + 1], coefficients)] : [];
  }

  /** The polynomial as it stands now. */
  get polynomial(): Polynomial {
    const [coefficients] = this.parameters;
    if (coefficients === undefined) return this.#start;
    const { basis, interval } = this.#start;
    return new Polynomial(coefficients.value.data, { basis, ...(interval && { interval }) });
  }

  outputShape(inputShape: readonly number[]): number[] {
    return [...inputShape];
  }

  forward(input: Tensor): Tensor {
    this.#output = polynomialOf(input, this.polynomial, this.#output);
    this.#input = input;
    return this.#output;
  }

  on<T extends TensorOperations<T>>(x: TensorOperations<T>): T {
    return x.polynomial(this.polynomial);
  }

  backward(outputGradient: Tensor): Tensor {
    const input = lastInput('polynomial', this.#input);
    const [trained] = this.parameters;
    // Not those of `this.polynomial`, which leaves out zeros at the end.
    const coefficients = trained?.value.data ?? this.#start.coefficients;
    const values = new Float64Array(coefficients.length);
    const slopes = new Float64Array(coefficients.length);
    const inputGradient = reuse(this.#inputGradient, input.shape);
    for (const [i, x] of input.data.entries()) {
      const g = outputGradient.data[i]!;
      basisAt(this.#start, x, values, slopes);
      let slope = 0;
      for (let k = 0; k < values.length; k++) {
        slope += coefficients[k]! * slopes[k]!;
        if (trained !== undefined) trained.gradient.data[k]! += g * values[k]!;
      }
      inputGradient.data[i] = g * slope;
    }
    this.#inputGradient = inputGradient;
    return inputGradient;
  }
}
