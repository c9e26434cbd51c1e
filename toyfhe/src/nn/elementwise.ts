/**
 * Sums and products of two tensors, element by element.
 * @module
 */
import { wrongInput } from './layer.ts';
import { printShape, sameShape, Tensor } from './tensor.ts';

/** x + y. @param y of x's shape, or of its shape without the batch. @throws FheError FORMAT for any other */
export function sum(x: Tensor, y: Tensor): Tensor {
  checkOperand('add', x, y);
  const out = new Tensor(x.shape);
  forRows(x, y, (i, j) => (out.data[i] = x.data[i]! + y.data[j]!));
  return out;
}

/** x · y. @param y of x's shape, or of its shape without the batch. @throws FheError FORMAT for any other */
export function product(x: Tensor, y: Tensor): Tensor {
  checkOperand('mul', x, y);
  const out = new Tensor(x.shape);
  forRows(x, y, (i, j) => (out.data[i] = x.data[i]! * y.data[j]!));
  return out;
}

function checkOperand(op: string, x: Tensor, y: Tensor): void {
  const row = x.shape.slice(1);
  if (sameShape(x.shape, y.shape) || sameShape(row, y.shape)) return;
  throw wrongInput(op, `${printShape(x.shape)}, or ${printShape(row)} for every row`, y.shape);
}

/** For each element i of x, the element j of y that stands across from it. */
function forRows(x: Tensor, y: Tensor, visit: (i: number, j: number) => void): void {
  const row = y.data.length;
  for (let start = 0; start < x.data.length; start += row) {
    for (let j = 0; j < row; j++) visit(start + j, j);
  }
}
