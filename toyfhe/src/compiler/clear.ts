/**
 * A program in the clear: what the encrypted run is held against, and how ranges are measured.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { Polynomial } from '../circuits/index.ts';
import { printShape, sameShape, type Tensor } from '../nn/index.ts';
import type { Operation, Program, ValueId } from './program.ts';
import type { Range } from './ranges.ts';

/**
 * All values of the program for one batch, by id.
 * @param inputs by name, each `[batch, …]`
 * @throws FheError FORMAT for a missing input or one of another shape
 */
export function evaluateClear(program: Program, inputs: Readonly<Record<string, Tensor>>): Map<ValueId, Tensor> {
  const values = new Map<ValueId, Tensor>();
  for (const operation of program.operations) {
    values.set(operation.id, operation.op === 'input' ? input(operation, inputs) : compute(program, operation, values));
  }
  return values;
}

/**
 * How large each operation's result gets on these inputs, by the operation's name: the `ranges` that `plan` asks for. Take
 * inputs that are like those to come, and many of them; `margin` is for what they do not show.
 * @param margin factor on what was seen; default 1.25
 */
export function measureRanges(
  program: Program,
  inputs: Readonly<Record<string, Tensor>>,
  margin: number = 1.25,
): Record<string, Range> {
  const values = evaluateClear(program, inputs);
  return Object.fromEntries(
    program.operations.map(({ id, name }) => {
      const { data } = values.get(id)!;
      const largest = margin * data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const typical = margin * Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / Math.max(1, data.length));
      return [name, { largest, typical }];
    }),
  );
}

function input({ name, shape }: Operation, inputs: Readonly<Record<string, Tensor>>): Tensor {
  const given = inputs[name];
  if (given !== undefined && sameShape(given.shape.slice(1), shape)) return given;
  throw new FheError({
    code: 'FORMAT',
    op: 'evaluate the program',
    field: `input ${name}`,
    should: `batch×${printShape(shape)}`,
    is: given === undefined ? 'missing' : printShape(given.shape),
    hint: 'give one tensor an input, with the batch first',
  });
}

function compute(
  program: Program,
  o: Exclude<Operation, { op: 'input' }>,
  values: ReadonlyMap<ValueId, Tensor>,
): Tensor {
  const x = values.get(o.x)!;
  const constant = (name: string): Tensor => program.constants.get(name)!;
  switch (o.op) {
    case 'conv2d':
      return x.conv2d(constant(o.weight), o.bias === undefined ? undefined : constant(o.bias), o);
    case 'dense':
      return x.dense(constant(o.weight), o.bias === undefined ? undefined : constant(o.bias));
    case 'channelAffine':
      return x.channelAffine(constant(o.factor), constant(o.offset));
    case 'averagePool':
      return x.averagePool(o);
    case 'globalAveragePool':
      return x.globalAveragePool();
    case 'reshape':
      return x.reshape([x.shape[0]!, ...o.shape]);
    case 'add':
    case 'mul':
      return x[o.op](values.get(o.y)!);
    case 'addConstant':
      return x.add(constant(o.constant));
    case 'mulConstant':
      return x.mul(constant(o.constant));
    case 'square':
      return x.square();
    case 'polynomial':
      return x.polynomial(new Polynomial(o.coefficients, o));
    case 'relu':
      return x.relu(o);
    case 'softmax':
      return x.softmax(o);
  }
}
