// Writes the models that nn-onnx.test.ts imports, and what ONNX Runtime answers to them. Not run by the tests, since the
// runtime is large: install it anywhere outside, and say where.
//
//   ONNXRUNTIME_NODE_INSTALL=skip npm install --prefix /tmp/ort onnxruntime-node@1.30.0
//   npx node --conditions=toyfhe:source toyfhe/test/onnx/record.mjs /tmp/ort && npx prettier --write toyfhe/test/onnx
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Random } from '../../src/nn/index.ts';
import { onnxFile, tensor } from '../onnx-file.ts';

const ort = createRequire(join(process.argv[2], 'here.js'))('onnxruntime-node');
const random = new Random(4);

/** Normal numbers times a factor. */
function normal(shape, factor = 0.5) {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return Float32Array.from({ length: count }, () => factor * random.normal());
}

const weight = (name, shape, way, packed) => tensor(name, shape, normal(shape), way, packed);
const positive = (name, shape) =>
  tensor(
    name,
    shape,
    normal(shape).map((x) => Math.abs(x) + 0.5),
  );
const step = (op, name, inputs, output, attributes) => ({ op, name, inputs, outputs: [output], attributes });

/** The article's network, as PyTorch would export it. */
function article() {
  return {
    inputs: { image: ['batch', 1, 28, 28] },
    outputs: { logits: ['batch', 10] },
    initializers: [
      tensor('conv.weight', [4, 1, 7, 7], normal([4, 1, 7, 7], 0.1)),
      weight('conv.bias', [4]),
      tensor('fc1.weight', [64, 256], normal([64, 256], 0.06)),
      weight('fc1.bias', [64]),
      tensor('fc2.weight', [10, 64], normal([10, 64], 0.1)),
      weight('fc2.bias', [10]),
    ],
    nodes: [
      step('Conv', '/conv/Conv', ['image', 'conv.weight', 'conv.bias'], 'c', {
        kernel_shape: { ints: [7, 7] },
        strides: { ints: [3, 3] },
        pads: { ints: [0, 0, 0, 0] },
        dilations: { ints: [1, 1] },
        group: { i: 1 },
      }),
      step('Mul', '/Mul', ['c', 'c'], 's1'),
      step('Flatten', '/Flatten', ['s1'], 'f', { axis: { i: 1 } }),
      step('Gemm', '/fc1/Gemm', ['f', 'fc1.weight', 'fc1.bias'], 'd1', { transB: { i: 1 } }),
      step('Mul', '/Mul_1', ['d1', 'd1'], 's2'),
      step('Gemm', '/fc2/Gemm', ['s2', 'fc2.weight', 'fc2.bias'], 'logits', { transB: { i: 1 }, alpha: { f: 1 } }),
    ],
    batch: 2,
  };
}

/** A residual block with a strided shortcut, pools, and a dense layer. */
function residual() {
  const norm = (name) => [weight(`${name}.scale`, [4]), weight(`${name}.B`, [4]), weight(`${name}.mean`, [4])];
  const bn = (name, x, y) =>
    step('BatchNormalization', name, [x, ...['scale', 'B', 'mean', 'var'].map((s) => `${name}.${s}`)], y, {
      epsilon: { f: 1e-3 },
      momentum: { f: 0.9 },
    });
  const padded = { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] } };
  return {
    inputs: { x: ['n', 2, 8, 8] },
    outputs: { y: ['n', 3] },
    initializers: [
      weight('w1', [4, 2, 3, 3]),
      weight('w2', [4, 4, 3, 3]),
      weight('w3', [4, 2, 1, 1]),
      ...['bn1', 'bn2', 'bn3'].flatMap((name) => [...norm(name), positive(`${name}.var`, [4])]),
      weight('fc.w', [3, 4]),
      weight('fc.b', [3]),
    ],
    nodes: [
      step('Conv', 'conv1', ['x', 'w1'], 'a', { ...padded, strides: { ints: [2, 2] } }),
      bn('bn1', 'a', 'b'),
      step('Relu', 'relu1', ['b'], 'c'),
      step('Conv', 'conv2', ['c', 'w2'], 'd', padded),
      bn('bn2', 'd', 'e'),
      step('Conv', 'conv3', ['x', 'w3'], 'f', { strides: { ints: [2, 2] } }),
      bn('bn3', 'f', 'g'),
      step('Add', 'sum', ['e', 'g'], 'h'),
      step('Relu', 'relu2', ['h'], 'i'),
      step('AveragePool', 'pool', ['i'], 'j', { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } }),
      step('GlobalAveragePool', 'mean', ['j'], 'k'),
      step('Flatten', 'flat', ['k'], 'l'),
      step('Gemm', 'fc', ['l', 'fc.w', 'fc.b'], 'y', { transB: { i: 1 } }),
    ],
    batch: 3,
  };
}

/** Sums, products and powers with constants in every form that a file can hold them in. */
function arithmetic() {
  return {
    inputs: { x: ['n', 5] },
    outputs: { y: ['n', 4] },
    opset: 13,
    initializers: [
      weight('w', [5, 4], 'floats'),
      weight('b', [4], 'floats', false),
      weight('half', [], 'raw'),
      weight('row', [1, 4], 'floats'),
      positive('divisor', [4]),
    ],
    nodes: [
      { op: 'Constant', inputs: [], outputs: ['two'], attributes: { value_float: { f: 2 } } },
      { op: 'Constant', inputs: [], outputs: ['shift'], attributes: { value: { t: weight('', [1]) } } },
      step('MatMul', 'product', ['x', 'w'], 'a'),
      step('Add', 'bias', ['b', 'a'], 'b1'),
      step('Mul', 'scale', ['half', 'b1'], 'c'),
      step('Pow', 'power', ['c', 'two'], 'd'),
      step('Sub', 'minus', ['d', 'shift'], 'e'),
      step('Mul', 'rows', ['e', 'row'], 'f'),
      step('Mul', 'both', ['f', 'c'], 'g'),
      step('Div', 'over', ['g', 'divisor'], 'y'),
    ],
    batch: 3,
  };
}

/** Constants that broadcast over an image in each way. */
function broadcasts() {
  return {
    inputs: { x: ['n', 3, 2, 4] },
    outputs: { y: ['n', 3, 2, 4] },
    initializers: [
      weight('channels', [3, 1, 1]),
      weight('batched', [1, 3, 1, 1]),
      weight('columns', [4]),
      weight('rows', [2, 1]),
      weight('all', [3, 2, 4]),
      weight('one', [1, 1, 1, 1]),
    ],
    nodes: [
      step('Mul', '', ['x', 'channels'], 'a'),
      step('Add', '', ['batched', 'a'], 'b'),
      step('Mul', '', ['b', 'columns'], 'c'),
      step('Add', '', ['c', 'rows'], 'd'),
      step('Mul', '', ['d', 'all'], 'e'),
      step('Sub', '', ['e', 'one'], 'y'),
    ],
    batch: 2,
  };
}

/** The general matrix product: factors, a matrix that is not turned, a bias that broadcasts. */
function gemm() {
  return {
    inputs: { x: ['n', 3] },
    outputs: { y: ['n', 2] },
    initializers: [weight('a', [3, 4]), weight('c', [1, 4]), weight('b', [4, 2]), weight('d', [1])],
    nodes: [
      step('Gemm', 'one', ['x', 'a', 'c'], 'h', { alpha: { f: 0.5 }, beta: { f: -2 } }),
      step('Gemm', 'two', ['h', 'b', 'd'], 'i'),
      step('Gemm', 'three', ['h', 'b'], 'j'),
      step('Add', 'sum', ['i', 'j'], 'y'),
    ],
    batch: 2,
  };
}

/** Padding on each side another, strides in each direction another, in a convolution and in both kinds of pools. */
function padding() {
  const window = { kernel_shape: { ints: [3, 2] }, strides: { ints: [1, 2] } };
  return {
    inputs: { x: ['n', 2, 7, 6] },
    outputs: { y: ['n', 3, 8, 2] },
    initializers: [weight('w', [3, 2, 3, 2]), weight('b', [3])],
    nodes: [
      step('Conv', 'conv', ['x', 'w', 'b'], 'a', {
        ...window,
        auto_pad: { s: 'NOTSET' },
        pads: { ints: [2, 0, 1, 3] },
      }),
      step('AveragePool', 'counted', ['a'], 'c', {
        kernel_shape: { ints: [3, 2] },
        pads: { ints: [2, 0, 1, 1] },
        count_include_pad: { i: 1 },
      }),
      step('AveragePool', 'uncounted', ['c'], 'y', { ...window, pads: { ints: [1, 1, 0, 0] } }),
    ],
    batch: 2,
  };
}

/** Reshapes with each of their abbreviations, for a fixed batch of 2; nodes that do nothing. */
function reshapes() {
  return {
    inputs: { x: [2, 2, 3, 4] },
    outputs: { y: [2, 24] },
    initializers: [
      tensor('to rows', [2], [0, -1], 'int64s'),
      tensor('to images', [4], [-1, 4, 3, 2], 'rawInt64s'),
      tensor('to vectors', [2], [2, 24], 'int64s', false),
      weight('w', [4, 4, 1, 1]),
      tensor('ratio', [], [0.5]),
      tensor('training', [], [0], 'bools'),
    ],
    nodes: [
      step('Identity', 'same w', ['w'], 'w again'),
      step('Reshape', 'r1', ['x', 'to rows'], 'a'),
      step('Reshape', 'r2', ['a', 'to images'], 'b'),
      step('Identity', 'same', ['b'], 'c'),
      step('Conv', 'conv', ['c', 'w again'], 'd'),
      step('Dropout', 'drop', ['d', 'ratio', 'training'], 'e'),
      step('Reshape', 'r3', ['e', 'to vectors'], 'y'),
    ],
    batch: 2,
  };
}

const softmax = (opset, attributes) => ({
  inputs: { x: ['n', 6] },
  outputs: { y: ['n', 6] },
  opset,
  nodes: [step('Softmax', 'softmax', ['x'], 'y', attributes)],
  batch: 3,
});

const models = {
  article: article(),
  residual: residual(),
  arithmetic: arithmetic(),
  broadcasts: broadcasts(),
  gemm: gemm(),
  padding: padding(),
  reshapes: reshapes(),
  softmax: softmax(17, {}),
  'softmax-old': softmax(12, { axis: { i: 1 } }),
};

for (const [name, { batch, ...model }] of Object.entries(models)) {
  const bytes = onnxFile({ ...model, name });
  const session = await ort.InferenceSession.create(bytes);
  const [[input, [, ...row]]] = Object.entries(model.inputs);
  const shape = [batch, ...row];
  // Three digits, to keep the file small; what the runtime sees is the nearest float32.
  const values = normal(shape, 1).map((x) => Math.round(1000 * x) / 1000);
  const results = await session.run({ [input]: new ort.Tensor('float32', values, shape) });
  const [{ dims, data }] = Object.values(results);
  const numbers = (data) => Array.from(data, (x) => Number(x.toPrecision(8))); // float32 has seven to eight
  const record = { input: { shape, data: numbers(values) }, output: { shape: dims.map(Number), data: numbers(data) } };
  writeFileSync(join(import.meta.dirname, `${name}.onnx`), bytes);
  writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify(record)}\n`);
  console.log(`${name}: ${bytes.length} bytes, ${shape.join('×')} → ${dims.join('×')}`);
}
