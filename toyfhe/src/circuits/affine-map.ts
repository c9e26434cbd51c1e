/**
 * Sparse affine maps y = W·x + b over flat features, with no word about where a feature lies in the slots. An image
 * `[channels, height, width]` is flattened in that order. Everything linear in a network is one of these, so layers that
 * follow one another become one map (`composeMaps`) before anything is encrypted.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { checkLength } from './check-length.ts';
import { MapBuilder } from './map-builder.ts';

/** W in compressed rows (CSR), and b. Treat as immutable. */
export interface AffineMap {
  readonly inputs: number;
  readonly outputs: number;
  /** Row r has the entries starts[r] … starts[r + 1] − 1: outputs + 1 numbers. */
  readonly starts: Uint32Array;
  /** The input that an entry multiplies. */
  readonly columns: Uint32Array;
  readonly weights: Float64Array;
  /** One a row; undefined: zeros. */
  readonly bias: Float64Array | undefined;
}

/**
 * Whether the numbers of a map that was written by hand belong together.
 * @throws FheError SLOTS for lists of lengths that do not fit, RANGE for rows that go backwards, or a column that is none
 */
export function checkMap(op: string, { inputs, outputs, starts, columns, weights, bias }: AffineMap): void {
  checkLength(op, 'number of row starts of the map', outputs + 1, starts.length);
  checkLength(op, 'last row start of the map', columns.length, starts[outputs]!);
  checkLength(op, 'number of weights of the map', columns.length, weights.length);
  if (bias !== undefined) checkLength(op, 'number of biases of the map', outputs, bias.length);
  const hint = 'check how the map was made';
  for (let r = 0; r < outputs; r++) {
    const [start, end] = [starts[r]!, starts[r + 1]!];
    if (end < start) throw outOfRange(op, `start of row ${r + 1} of the map`, `from ${start} on`, end, hint);
  }
  const column = columns.find((c) => c >= inputs);
  if (column !== undefined) throw outOfRange(op, 'column of the map', `below its ${inputs} inputs`, column, hint);
}

/**
 * W·x + b in the clear.
 * @throws FheError SLOTS unless x has `inputs` values; as `checkMap`
 */
export function applyMap(map: AffineMap, x: ArrayLike<number>): Float64Array {
  const { inputs, outputs, starts, columns, weights, bias } = map;
  checkLength('apply a map', 'number of values', inputs, x.length);
  checkMap('apply a map', map);
  const y = new Float64Array(outputs);
  for (let r = 0; r < outputs; r++) {
    let sum = bias === undefined ? 0 : bias[r]!;
    for (let e = starts[r]!; e < starts[r + 1]!; e++) sum += weights[e]! * x[columns[e]!]!;
    y[r] = sum;
  }
  return y;
}

/**
 * second ∘ first as one map.
 * @throws FheError SLOTS unless the second takes as many values as the first gives
 */
export function composeMaps(second: AffineMap, first: AffineMap): AffineMap {
  checkLength('compose maps', 'inputs of the second map', first.outputs, second.inputs);
  const built = new MapBuilder('compose maps', first.inputs, second.weights.length + first.weights.length);
  const sums = new Float64Array(first.inputs);
  const seenIn = new Int32Array(first.inputs).fill(-1); // the last row that touched a column
  for (let r = 0; r < second.outputs; r++) {
    const touched: number[] = [];
    for (let e = second.starts[r]!; e < second.starts[r + 1]!; e++) {
      const middle = second.columns[e]!;
      const weight = second.weights[e]!;
      for (let f = first.starts[middle]!; f < first.starts[middle + 1]!; f++) {
        const column = first.columns[f]!;
        if (seenIn[column] !== r) {
          seenIn[column] = r;
          sums[column] = 0;
          touched.push(column);
        }
        sums[column] = sums[column]! + weight * first.weights[f]!;
      }
    }
    touched.sort((a, b) => a - b);
    for (const column of touched) built.add(column, sums[column]!);
    built.endRow();
  }
  // b = W₂·b₁ + b₂, which is what the second map makes of b₁.
  return built.build(first.bias === undefined ? second.bias : applyMap(second, first.bias));
}

/**
 * A matrix, its entries of exactly 0 left out.
 * @param weight row by row, outputs × inputs numbers
 * @throws FheError SLOTS for another number of weights or biases, RANGE for one that is not finite
 */
export function denseMap(
  weight: ArrayLike<number>,
  outputs: number,
  inputs: number,
  bias?: ArrayLike<number>,
): AffineMap {
  checkLength('make a dense map', 'number of weights', outputs * inputs, weight.length);
  const built = new MapBuilder('make a dense map', inputs, weight.length);
  for (let r = 0; r < outputs; r++) {
    for (let c = 0; c < inputs; c++) built.add(c, weight[r * inputs + c]!);
    built.endRow();
  }
  return built.build(bias);
}

/**
 * y[i] = factors[i]·x[i] + bias[i].
 * @throws FheError SLOTS for another number of biases than factors, RANGE for a number that is not finite
 */
export function diagonalMap(factors: ArrayLike<number>, bias?: ArrayLike<number>): AffineMap {
  const built = new MapBuilder('make a diagonal map', factors.length, factors.length);
  for (let i = 0; i < factors.length; i++) {
    built.add(i, factors[i]!);
    built.endRow();
  }
  return built.build(bias);
}

/** y = x, for n values. */
export function identityMap(n: number): AffineMap {
  return diagonalMap(new Float64Array(n).fill(1));
}

/**
 * factor·(W·x + b): how the normalising of a later layer is folded into this one.
 * @throws FheError RANGE for zero, or a factor that is not finite, or makes a weight or bias that is not
 */
export function scaledMap(map: AffineMap, factor: number): AffineMap {
  const op = 'scale a map';
  if (!Number.isFinite(factor) || factor === 0) {
    throw outOfRange(op, 'factor', 'finite and not zero', factor, 'a map times zero is known in the clear');
  }
  const weights = map.weights.map((w) => w * factor);
  const bias = map.bias?.map((b) => b * factor);
  const infinite = (v: number): boolean => !Number.isFinite(v);
  const wrong = weights.find(infinite) ?? bias?.find(infinite);
  if (wrong === undefined) return { ...map, weights, bias };
  throw outOfRange(op, 'weights and biases', `finite times ${factor}`, wrong, 'take a smaller factor');
}

function outOfRange(op: string, field: string, should: string, is: number, hint: string): FheError {
  return new FheError({ code: 'RANGE', op, field, should, is: String(is), hint });
}
