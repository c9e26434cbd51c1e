/**
 * What ONNX says about shapes, in terms of ours: the batch is the first axis and stays.
 * @module
 */
import { FheError } from '../../backend/index.ts';
import { transpose } from '../gemm.ts';
import { printShape, sizeOf, Tensor } from '../tensor.ts';

/**
 * A constant written out for every element of a row, by numpy's rules: axes are counted from the last one, and an axis
 * that is missing or 1 long repeats.
 * @param row the shape of what it meets, without the batch
 * @throws FheError FORMAT when it does not fit, or differs from row to row of the batch
 */
export function broadcast(constant: Tensor, row: readonly number[]): Tensor {
  const { shape, data } = constant;
  // The constant's extents across from the batch and the row; what stands before must all be 1.
  const all = [...new Array<number>(Math.max(row.length + 1 - shape.length, 0)).fill(1), ...shape];
  const [across, before] = [all.slice(all.length - row.length), all.slice(0, all.length - row.length)];
  if (before.length > 1 || before[0] !== 1 || across.some((n, axis) => n !== 1 && n !== row[axis])) {
    throw new FheError({
      code: 'FORMAT',
      op: 'broadcast a constant',
      field: 'shape',
      should: `${printShape(row)}, or 1 in places`,
      is: printShape(shape),
      hint: 'constants cannot change the shape of what they meet',
    });
  }
  const full = new Tensor(row);
  for (let i = 0; i < full.data.length; i++) {
    let [rest, from, step] = [i, 0, 1];
    for (let axis = row.length - 1; axis >= 0; axis--) {
      const index = rest % row[axis]!;
      rest = (rest - index) / row[axis]!;
      if (across[axis] !== 1) from += index * step;
      step *= across[axis]!;
    }
    full.data[i] = data[from]!;
  }
  return full;
}

/**
 * factor · b as `[out, in]`, rows for outputs.
 * @param turned true when b is `[in, out]`
 * @throws FheError FORMAT unless b has two axes
 */
export function matrix(b: Tensor, turned: boolean, factor: number): Tensor {
  const [rows, columns] = b.shape as [number, number];
  if (b.shape.length !== 2) {
    const parts = { field: 'shape', should: 'rows×columns', is: printShape(b.shape), hint: 'use a matrix' };
    throw new FheError({ code: 'FORMAT', op: 'read a matrix', ...parts });
  }
  const scaled = new Tensor(
    b.shape,
    b.data.map((x) => factor * x),
  );
  if (!turned) return scaled;
  const out = new Tensor([columns, rows]);
  transpose(rows, columns, scaled.data, out.data);
  return out;
}

/**
 * The row that a Reshape asks for, without the batch. In the target, 0 keeps an extent and one −1 stands for what is left.
 * @param batch the batch that the file was written for; undefined for any
 * @returns undefined unless the batch stays the first axis and the row keeps its size
 */
export function reshapedRow(
  target: readonly number[],
  row: readonly number[],
  batch: number | undefined,
): number[] | undefined {
  const [first, ...rest] = target;
  if (first !== 0 && first !== -1 && (first === undefined || first !== batch)) return undefined;
  const extents = rest.map((extent, axis) => (extent === 0 ? (row[axis] ?? -2) : extent));
  const size = sizeOf(row);
  const open = extents.indexOf(-1);
  if (open >= 0 && first !== -1) {
    const others = extents.reduce((product, extent, axis) => (axis === open ? product : product * extent), 1);
    extents[open] = size / others;
  }
  if (!extents.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) return undefined;
  return sizeOf(extents) === size ? extents : undefined;
}
