/**
 * Writing an affine map row by row.
 * @module
 */
import { FheError } from '../backend/index.ts';
import type { AffineMap } from './affine-map.ts';
import { checkLength } from './check-length.ts';

/** Rows in order, and in each its entries by ascending column; entries of exactly 0 are dropped. */
export class MapBuilder {
  readonly #op: string;
  readonly #inputs: number;
  readonly #starts: number[] = [0];
  #columns: Uint32Array;
  #weights: Float64Array;
  #length = 0;

  /** @param expected how many entries there may be; more are possible */
  constructor(op: string, inputs: number, expected: number) {
    this.#op = op;
    this.#inputs = inputs;
    this.#columns = new Uint32Array(expected);
    this.#weights = new Float64Array(expected);
  }

  /** An entry of the present row. */
  add(column: number, weight: number): void {
    if (weight === 0) return;
    if (!Number.isFinite(weight)) throw this.#notFinite('weights', weight);
    if (this.#length === this.#columns.length) this.#resize(2 * this.#length + 16); // any start; then doubling
    this.#columns[this.#length] = column;
    this.#weights[this.#length] = weight;
    this.#length++;
  }

  endRow(): void {
    this.#starts.push(this.#length);
  }

  /** @throws FheError SLOTS for another number of biases than rows, RANGE for one that is not finite */
  build(bias?: ArrayLike<number>): AffineMap {
    const outputs = this.#starts.length - 1;
    if (bias !== undefined) {
      checkLength(this.#op, 'number of biases', outputs, bias.length);
      for (let r = 0; r < outputs; r++) if (!Number.isFinite(bias[r])) throw this.#notFinite('biases', bias[r]!);
    }
    this.#resize(this.#length);
    return {
      inputs: this.#inputs,
      outputs,
      starts: Uint32Array.from(this.#starts),
      columns: this.#columns,
      weights: this.#weights,
      bias: bias === undefined ? undefined : Float64Array.from(bias),
    };
  }

  #resize(length: number): void {
    if (length === this.#columns.length) return;
    const [columns, weights] = [new Uint32Array(length), new Float64Array(length)];
    columns.set(this.#columns.subarray(0, this.#length));
    weights.set(this.#weights.subarray(0, this.#length));
    [this.#columns, this.#weights] = [columns, weights];
  }

  #notFinite(field: string, is: number): FheError {
    const hint = 'look for a division by zero in training or import';
    return new FheError({ code: 'RANGE', op: this.#op, field, should: 'finite', is: String(is), hint });
  }
}
