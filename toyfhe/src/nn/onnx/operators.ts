/**
 * The ONNX operators that are understood, each by the operation of `TensorOperations` that it is. Their definitions:
 * https://onnx.ai/onnx/operators/, from opset 7 on.
 * @module
 */
import type { TensorOperations } from '../operations.ts';
import { sizeOf, Tensor } from '../tensor.ts';
import { anything, type AttributeRule, float, fromTheEnd, integer, integers, ones, text } from './attributes.ts';
import { broadcast, matrix, reshapedRow } from './shapes.ts';
import type { NodeReader } from './node-reader.ts';

/** What a node becomes: a step of the graph, another name for a value, or a constant. */
export type Built =
  | { readonly values: readonly number[]; run<T extends TensorOperations<T>>(inputs: readonly T[]): T }
  | { readonly same: number }
  | { readonly constant: Tensor };

interface Operator {
  readonly attributes: Readonly<Record<string, AttributeRule>>;
  /** @throws FheError FORMAT when an input is not what it should be */
  build(node: NodeReader): Built;
}

/** Attributes of everything that slides a window over an image. */
const WINDOW = {
  auto_pad: text('NOTSET', 'VALID'),
  dilations: ones,
  kernel_shape: integers(2),
  pads: integers(4),
  strides: integers(2),
} satisfies Record<string, AttributeRule>;

/** Of `auto_pad`, VALID means no padding, and NOTSET what `pads` says. */
function sides(node: NodeReader): [number, number, number, number] {
  const pads = node.ints<[number, number, number, number]>('pads', [0, 0, 0, 0]);
  if (node.text('auto_pad', 'NOTSET') === 'VALID' && pads.some((side) => side !== 0)) {
    throw node.wrong('pads', 'left out beside auto_pad = VALID', pads.join(', '));
  }
  return pads;
}

const steps = (node: NodeReader): [number, number] => node.ints('strides', [1, 1]);

/** An operator of one value that has nothing to read. */
const unary = (apply: <T extends TensorOperations<T>>(x: T) => T): Operator => ({
  attributes: {},
  build: () => ({ values: [0], run: ([x]) => apply(x!) }),
});

/** What a difference or a quotient makes of its constant, and the word for it: constants are shared by it. */
interface Adjustment {
  readonly word: string;
  readonly of: (c: number) => number;
}

/** x + c or x · c, for a constant on either side that is adjusted first; x + y, x · y for two values. */
function binary(
  combine: <T extends TensorOperations<T>>(x: T, y: T | Tensor) => T,
  adjust?: Adjustment,
): Operator['build'] {
  return (node) => {
    const constantFirst = adjust === undefined && node.isConstant(0);
    if (!constantFirst && !node.isConstant(1)) {
      if (adjust !== undefined) node.constant(1); // x − y and x/y only with a constant: refuses
      return { values: [0, 1], run: ([x, y]) => combine(x!, y!) };
    }
    const [value, constant] = constantFirst ? [1, 0] : [0, 1];
    const row = node.value(value).shape.slice(1);
    const c = node.derived(constant, `as ${row.join('×')}${adjust ? `, ${adjust.word}` : ''}`, (tensor) => {
      const full = broadcast(tensor, row);
      return adjust === undefined ? full : new Tensor(full.shape, full.data.map(adjust.of));
    });
    return { values: [value], run: ([x]) => combine(x!, c) };
  };
}

const add = <T extends TensorOperations<T>>(x: T, y: T | Tensor): T => x.add(y);
const mul = <T extends TensorOperations<T>>(x: T, y: T | Tensor): T => x.mul(y);

export const OPERATORS: Readonly<Record<string, Operator>> = {
  Add: { attributes: {}, build: binary(add) },
  Sub: { attributes: {}, build: binary(add, { word: 'negated', of: (c) => -c }) },
  Div: {
    attributes: {},
    build: (node) => {
      if (node.constant(1).data.includes(0)) throw node.wrong('divisor', 'not 0', '0');
      return binary(mul, { word: 'inverted', of: (c) => 1 / c })(node);
    },
  },

  Mul: {
    attributes: {},
    build: (node) => (node.sameInput(0, 1) ? { values: [0], run: ([x]) => x!.square() } : binary(mul)(node)),
  },

  Pow: {
    attributes: {},
    build: (node) => {
      const exponents = node.constant(1);
      const other = exponents.data.find((x) => x !== 2);
      if (other !== undefined) throw node.wrong('exponent', '2', String(other));
      broadcast(exponents, node.value(0).shape.slice(1));
      return { values: [0], run: ([x]) => x!.square() };
    },
  },

  Conv: {
    attributes: { ...WINDOW, group: integer(1) },
    build: (node) => {
      const weight = node.used(1);
      const bias = node.has(2) ? node.used(2) : undefined;
      const kernel = weight.shape.slice(2);
      const given = node.ints('kernel_shape', kernel);
      if (kernel.join() !== given.join()) throw node.wrong('kernel_shape', kernel.join('×'), given.join('×'));
      const options = { stride: steps(node), padding: sides(node) };
      return { values: [0], run: ([x]) => x!.conv2d(weight, bias, options) };
    },
  },

  Gemm: {
    attributes: { alpha: float, beta: float, transA: integer(0), transB: integer(0, 1) },
    build: (node) => {
      const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
      const turned = node.int('transB', 0) === 0;
      const weight = node.derived(1, `×${alpha}${turned ? ' turned' : ''}`, (b) => matrix(b, turned, alpha));
      const outputs = weight.shape[0]!;
      const bias = !node.has(2)
        ? undefined
        : node.derived(2, `×${beta} as ${outputs}`, (c) => {
            const full = broadcast(c, [outputs]);
            return new Tensor(
              full.shape,
              full.data.map((x) => beta * x),
            );
          });
      return { values: [0], run: ([x]) => x!.dense(weight, bias) };
    },
  },

  MatMul: {
    attributes: {},
    build: (node) => {
      const weight = node.derived(1, '×1 turned', (b) => matrix(b, true, 1));
      return { values: [0], run: ([x]) => x!.dense(weight) };
    },
  },

  BatchNormalization: {
    attributes: { epsilon: float, momentum: anything, spatial: integer(1), training_mode: integer(0) },
    build: (node) => {
      const [scale, offset, mean, variance] = [1, 2, 3, 4].map((i) => node.constant(i).data);
      const channels = scale!.length;
      if ([offset, mean, variance].some((c) => c!.length !== channels)) {
        throw node.wrong('statistics', `${channels} numbers each`, 'of different lengths');
      }
      const epsilon = node.float('epsilon', 1e-5);
      const factor = scale!.map((s, c) => s / Math.sqrt(variance![c]! + epsilon));
      const shift = offset!.map((b, c) => b - factor[c]! * mean![c]!);
      if (!factor.every(Number.isFinite)) throw node.wrong('variance', 'positive', String(Math.min(...variance!)));
      const a = node.made('factor', new Tensor([channels], factor));
      const b = node.made('offset', new Tensor([channels], shift));
      return { values: [0], run: ([x]) => x!.channelAffine(a, b) };
    },
  },

  AveragePool: {
    attributes: { ...WINDOW, ceil_mode: integer(0), count_include_pad: integer(0, 1) },
    build: (node) => {
      const kernel = node.ints<[number, number]>('kernel_shape', [0, 0]);
      const countPadding = node.int('count_include_pad', 0) === 1;
      const options = { kernel, stride: steps(node), padding: sides(node), countPadding };
      return { values: [0], run: ([x]) => x!.averagePool(options) };
    },
  },

  Flatten: {
    attributes: { axis: fromTheEnd(1) },
    build: (node) => {
      const [axis, axes] = [node.int('axis', 1), node.value(0).shape.length];
      if (axis !== 1 && axis + axes !== 1) throw node.wrong('axis', `1, or ${1 - axes} of ${axes} axes`, String(axis));
      return { values: [0], run: ([x]) => x!.flatten() };
    },
  },
  GlobalAveragePool: unary((x) => x.globalAveragePool()),
  Relu: unary((x) => x.relu()),
  // The only axis but the batch's: softmax is for vectors here.
  Softmax: { ...unary((x) => x.softmax()), attributes: { axis: integer(1, -1) } },

  Reshape: {
    attributes: { allowzero: integer(0) },
    build: (node) => {
      const target = [...node.constant(1).data];
      const row = reshapedRow(target, node.value(0).shape.slice(1), node.batch);
      if (row === undefined) {
        const should = `the batch, then ${sizeOf(node.value(0).shape.slice(1))} elements`;
        throw node.wrong('shape', should, `[${target.join(', ')}]`);
      }
      return { values: [0], run: ([x]) => x!.reshape([x!.shape[0]!, ...row]) };
    },
  },

  Identity: { attributes: {}, build: () => ({ same: 0 }) },
  Dropout: {
    attributes: { ratio: anything, seed: anything },
    build: (node) => {
      if (node.has(2) && node.constant(2).data[0] !== 0) throw node.wrong('training_mode', 'false', 'true');
      return { same: 0 };
    },
  },

  Constant: {
    attributes: {
      value: anything,
      value_float: float,
      value_floats: anything,
      value_int: anything,
      value_ints: anything,
    },
    build: (node) => ({ constant: node.constantAttribute() }),
  },
};
