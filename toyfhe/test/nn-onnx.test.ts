import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FheError, inspect } from '../src/backend/index.ts';
import { articleNetwork, Conv2d, ExplodedConvArray, importOnnx, Tensor } from '../src/nn/index.ts';
import { type Model, type Node, onnxFile, tensor } from './onnx-file.ts';
import { largestDifference } from './tensors.ts';

interface Recorded {
  readonly input: { shape: number[]; data: number[] };
  readonly output: { shape: number[]; data: number[] };
}

const file = (name: string): URL => new URL(`./onnx/${name}`, import.meta.url);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(file(`${name}.onnx`)));
const tensorOf = ({ shape, data }: Recorded['input']): Tensor => new Tensor(shape, Float64Array.from(data));

describe('models as ONNX Runtime computes them (recorded by onnx/record.mjs)', () => {
  test.each([
    'article',
    'residual',
    'arithmetic',
    'broadcasts',
    'gemm',
    'padding',
    'reshapes',
    'softmax',
    'softmax-old',
  ])('%s', (name) => {
    const recorded = JSON.parse(readFileSync(file(`${name}.json`), 'utf8')) as Recorded;
    const { model, name: graph, producer } = importOnnx(bytesOf(name));
    expect([graph, producer]).toEqual([name, 'toyfhe-tests']);
    expect(model.inputShape).toEqual(recorded.input.shape.slice(1));
    expect(model.outputShape).toEqual(recorded.output.shape.slice(1));
    const input = tensorOf(recorded.input);
    const before = input.copy();
    const output = model(input);
    expect(output.shape).toEqual(recorded.output.shape);
    // The runtime computes in float32: 2⁻²⁴ a rounding, sums of up to 256 terms, a few layers; we compute in doubles.
    const tolerance = 1e-5 * Math.max(...recorded.output.data.map(Math.abs));
    expect(tolerance).toBeGreaterThan(1e-6); // not a comparison of zeros
    for (const [i, expected] of recorded.output.data.entries()) {
      expect(Math.abs(output.data[i]! - expected)).toBeLessThan(tolerance);
    }
    expect(input).toEqual(before);
    const first = new Tensor([1, ...model.inputShape], input.data.slice(0, input.data.length / input.shape[0]!));
    if (name !== 'reshapes') expect(model(first).data[0]).toBe(output.data[0]); // any batch, where the file leaves it open
  });

  test('weights have the file’s names: those of the article’s network go into ours', () => {
    const { model, weights, opset } = importOnnx(bytesOf('article'));
    expect(weights).toEqual(['conv.weight', 'conv.bias', 'fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias']);
    expect(opset).toBe(17);
    const ours = articleNetwork(model.weights());
    const recorded = JSON.parse(readFileSync(file('article.json'), 'utf8')) as Recorded;
    expect(ours(tensorOf(recorded.input))).toEqual(model(tensorOf(recorded.input)));
    expect(model[inspect]()).toBe('Graph Conv → Mul → Flatten → Gemm → Mul → Gemm (17,298 constants)');
  });

  test('the names of values and constants', () => {
    const { model, weights } = importOnnx(bytesOf('residual'));
    expect([model.input, model.output]).toEqual(['x', 'y']);
    expect(weights.slice(0, 5)).toEqual(['w1', 'bn1.factor', 'bn1.offset', 'w2', 'bn2.factor']);
    const constants = new Map(model.namedParameters());
    expect(constants.get('w1')).toBe(model.constants.get('w1')); // the tensors themselves
    expect(model.weights().get('w1')).not.toBe(constants.get('w1')); // copies
    expect(model.weights().get('w1')).toEqual(constants.get('w1'));
  });
});

/** A model of one node, x of 2×3 → y. */
function one(node: Omit<Node, 'outputs'>, more: Partial<Model> = {}): Uint8Array {
  const nodes = [{ name: 'node', outputs: ['y'], ...node }];
  return onnxFile({ inputs: { x: ['n', 2, 3, 3] }, outputs: { y: [] }, nodes, ...more });
}

const vector = { inputs: { x: ['n', 3] } };

describe('what files may differ in', () => {
  const weights = [0.5, -1, 2, 0.25, 4, -8]; // exact in every type

  test.each(['raw', 'floats', 'rawDoubles', 'doubles'] as const)('weights as %s, packed or not', (way) => {
    for (const packed of [true, false]) {
      const initializers = [tensor('w', [3, 2], weights, way, packed)];
      const { model } = importOnnx(one({ op: 'MatMul', inputs: ['x', 'w'] }, { ...vector, initializers }));
      expect(model(new Tensor([1, 3], Float64Array.of(1, 1, 1)))).toEqual(
        new Tensor([1, 2], Float64Array.of(6.5, -8.75)),
      );
    }
  });

  test('initializers that are listed as inputs too, and bytes in the middle of a larger buffer', () => {
    const initializers = [tensor('w', [3, 2], weights)];
    const inputs = { x: ['n', 3], w: [3, 2] };
    const bytes = one({ op: 'MatMul', inputs: ['x', 'w'] }, { inputs, initializers });
    const larger = new Uint8Array(bytes.length + 10);
    larger.set(bytes, 3);
    expect(importOnnx(larger.subarray(3, 3 + bytes.length)).weights).toEqual(['w']);
  });

  test('one initializer used in two ways becomes two constants, used twice in one way one', () => {
    const gemm = (input: string, output: string): Node => ({
      op: 'Gemm',
      inputs: [input, 'w'],
      outputs: [output],
      attributes: { transB: { i: 1 } },
    });
    const { model, weights: names } = importOnnx(
      onnxFile({
        inputs: { x: ['n', 2] },
        outputs: { y: [] },
        initializers: [tensor('w', [2, 2], [1, 2, 3, 4])],
        nodes: [gemm('x', 'a'), gemm('a', 'b'), { op: 'MatMul', inputs: ['b', 'w'], outputs: ['y'] }],
      }),
    );
    expect(names).toEqual(['w', 'w.2']);
    // W·(W·(1, 0)) = (7, 15), and its product with W from the right
    expect([...model(new Tensor([1, 2], Float64Array.of(1, 0))).data]).toEqual([7 + 45, 14 + 60]);
  });
});

describe('differences and quotients', () => {
  /** Two steps, one after the other, with the same constant. */
  const both = (first: string, second: string, constant: Uint8Array): Tensor => {
    const { model } = importOnnx(
      onnxFile({
        ...vector,
        outputs: { y: [] },
        initializers: [constant],
        nodes: [
          { op: first, inputs: ['x', 'c'], outputs: ['a'] },
          { op: second, inputs: ['a', 'c'], outputs: ['y'] },
        ],
      }),
    );
    return model(new Tensor([1, 3], Float64Array.of(4, 8, 20)));
  };
  const c = [2, 4, 8];

  test.each([
    ['Sub', 'Div', [1, 1, 1.5]],
    ['Div', 'Sub', [0, -2, -5.5]],
    ['Sub', 'Sub', [0, 0, 4]],
    ['Div', 'Div', [1, 0.5, 0.3125]],
    ['Add', 'Sub', [4, 8, 20]],
    ['Mul', 'Div', [4, 8, 20]],
  ])('%s, then %s, of one constant', (first, second, expected) => {
    expect([...both(first, second, tensor('c', [3], c)).data]).toEqual(expected);
  });

  test('of one number for all', () => {
    expect([...both('Sub', 'Div', tensor('c', [], [2])).data]).toEqual([1, 3, 9]);
    expect([...both('Div', 'Sub', tensor('c', [1], [2])).data]).toEqual([0, 2, 8]);
  });
});

describe('attributes that mean what is meant here anyway', () => {
  const x = new Tensor(
    [1, 2, 3, 3],
    Float64Array.from({ length: 18 }, (_, i) => i),
  );
  const kernel = [tensor('w', [1, 2, 3, 3], new Array(18).fill(1))];
  const pads = { pads: { ints: [1, 0, 0, 0] } };

  test('the first axis after the batch, counted from the last', () => {
    const flatten = (axis: number): Uint8Array =>
      one({ op: 'Flatten', inputs: ['x'], attributes: { axis: { i: axis } } });
    expect(importOnnx(flatten(-3)).model(x)).toEqual(x.flatten());
    expect(importOnnx(flatten(1)).model(x)).toEqual(x.flatten());
    for (const axis of [-1, -2, -4, -5]) {
      expect(() => importOnnx(flatten(axis))).toThrow(
        `the axis of Flatten "node" should be 1, or -3 of 4 axes but is ${axis};`,
      );
    }
  });

  test.each(['VALID', 'NOTSET'])('auto_pad = %s', (s) => {
    const auto_pad = { s };
    const conv = importOnnx(
      one({ op: 'Conv', inputs: ['x', 'w'], attributes: { auto_pad } }, { initializers: kernel }),
    );
    expect([...conv.model(x).data]).toEqual([153]); // 0 + 1 + … + 17
    const window = { auto_pad, kernel_shape: { ints: [3, 3] } };
    const pooled = importOnnx(one({ op: 'AveragePool', inputs: ['x'], attributes: window })).model(x);
    expect([...pooled.data]).toEqual([4, 13]);
    const padded = (): Tensor =>
      importOnnx(one({ op: 'AveragePool', inputs: ['x'], attributes: { ...window, ...pads } })).model(x);
    if (s === 'NOTSET') expect(padded().shape).toEqual([1, 2, 2, 1]);
    else expect(padded).toThrow(/pads of AveragePool "node" should be left out .* but is 1, 0, 0, 0/);
  });
});

test('an imported model takes its own shape only, with any batch', () => {
  const { model } = importOnnx(one({ op: 'Relu', inputs: ['x'] }));
  expect(model(new Tensor([5, 2, 3, 3])).shape).toEqual([5, 2, 3, 3]);
  for (const shape of [
    [2, 3, 3],
    [1, 2, 3],
    [1, 3, 2, 3],
    [1, 18],
  ]) {
    expect(() => model(new Tensor(shape))).toThrow(
      `cannot run graph: input shape should be batch×2×3×3 but is ${shape.join('×')};`,
    );
  }
});

test('exploded patches have their batch’s shape, and pass', () => {
  const article = importOnnx(bytesOf('article')).model;
  const { input } = JSON.parse(readFileSync(file('article.json'), 'utf8')) as Recorded;
  const images = tensorOf(input);
  const conv = new Conv2d({ inputChannels: 1, outputChannels: 4, kernel: 7, stride: 3 });
  // The same sums in another order.
  expect(largestDifference(article(new ExplodedConvArray(images, conv)), article(images))).toBeLessThan(1e-11);
});

describe('what is not supported', () => {
  test('all of it is named in one error, with the nodes', () => {
    const node = (op: string, attributes: Node['attributes'] = {}, domain = ''): Node => ({
      op,
      name: `${op} here`,
      domain,
      inputs: ['x', 'w'],
      outputs: [`${op}${domain} out`],
      attributes,
    });
    const bytes = onnxFile({
      opset: 6,
      inputs: { x: ['n', 1, 4, 4], z: [1] },
      outputs: { y: [], y2: [] },
      initializers: [tensor('w', [1], [1]).map((byte, i) => (i === 3 ? 10 : byte))], // the type's byte: 10 is FLOAT16
      nodes: [
        node('Sigmoid'),
        node('Relu'), // is
        node('Conv', { group: { i: 2 }, auto_pad: { s: 'SAME_UPPER' }, dilations: { ints: [2, 2] } }),
        node('AveragePool', { ceil_mode: { i: 1 }, kernel_shape: { ints: [3] } }),
        node('Relu', {}, 'com.microsoft'),
        node('Gemm', { transA: { i: 1 }, alpha: { f: Number.NaN } }),
        node('Softmax', { axis: { i: 2 } }),
        node('Flatten', { axis: { i: 0 } }),
        node('Reshape', { allowzero: { i: 1 } }),
        { ...node('Loop'), name: '' },
        node('toString'),
        node('Add', { axis: { i: 1 } }),
      ],
    });
    expect(() => importOnnx(bytes)).toThrow(
      expect.objectContaining({
        code: 'FORMAT',
        message: expect.stringContaining(
          'is not: opset 6 (at least 7 is needed); 2 inputs; 2 outputs; ' +
            'initializer "w" with elements of type FLOAT16; Sigmoid "Sigmoid here"; ' +
            'Conv "Conv here" with group = 2, auto_pad = SAME_UPPER, dilations = [2,2]; ' +
            'AveragePool "AveragePool here" with ceil_mode = 1, kernel_shape = [3]; com.microsoft.Relu "Relu here"; ' +
            'Gemm "Gemm here" with transA = 1, alpha = NaN; Softmax "Softmax here" with axis = 2; ' +
            'Flatten "Flatten here" with axis = 0; Reshape "Reshape here" with allowzero = 1; Loop "Loop out"; ' +
            'toString "toString here"; Add "Add here" with axis; replace these',
        ),
      }),
    );
  });

  const w = [tensor('w', [1, 2, 3, 3], new Array(18).fill(1)), tensor('v', [3], [1, 2, 3])];
  test.each<[string, Uint8Array, RegExp]>([
    [
      'weights that are computed',
      one({ op: 'MatMul', inputs: ['x', 'x'] }),
      /input 1 of MatMul "node" should be a con/,
    ],
    ['a constant where a value should be', one({ op: 'Relu', inputs: ['v'] }, { initializers: w }), /is a constant/],
    ['a value that nothing gives', one({ op: 'Relu', inputs: ['z'] }), /"z", which nothing before it gives/],
    ['no input', one({ op: 'Relu', inputs: [] }), /input 0 of Relu "node" should be present/],
    ['a quotient of values', one({ op: 'Div', inputs: ['x', 'x'] }), /input 1 of Div "node" should be a constant/],
    [
      'a division by zero',
      one({ op: 'Div', inputs: ['x', 'zero'] }, { initializers: [tensor('zero', [1], [0])] }),
      /divisor of Div "node" should be not 0/,
    ],
    [
      'another power',
      one({ op: 'Pow', inputs: ['x', 'v'] }, { initializers: w }),
      /exponent of .* should be 2 but is 1/,
    ],
    [
      'two powers',
      one({ op: 'Pow', inputs: ['x', 'p'] }, { inputs: { x: ['n', 2] }, initializers: [tensor('p', [2], [2, 1])] }),
      /exponent of .* should be 2 but is 1;/,
    ],
    [
      'channels that do not fit',
      one({ op: 'Conv', inputs: ['x', 'w'] }, { inputs: { x: ['n', 3, 3, 3] }, initializers: w }),
      /Conv "node" .*should be batch×2×height×width.* but is 0×3×3×3/,
    ],
    [
      'a kernel that is not the weight’s',
      one({ op: 'Conv', inputs: ['x', 'w'], attributes: { kernel_shape: { ints: [2, 2] } } }, { initializers: w }),
      /kernel_shape .* should be 3×3 but is 2×2/,
    ],
    ['vectors to convolve', one({ op: 'Conv', inputs: ['x', 'v'] }, { initializers: w }), /Conv "node"/],
    [
      'padding below zero',
      one({ op: 'Conv', inputs: ['x', 'w'], attributes: { pads: { ints: [0, -1, 0, 0] } } }, { initializers: w }),
      /left padding should be an integer ≥ 0/,
    ],
    ['a pool without a kernel', one({ op: 'AveragePool', inputs: ['x'] }), /kernel/],
    [
      'a matrix that is none',
      one({ op: 'Gemm', inputs: ['x', 'v'] }, { ...vector, initializers: w }),
      /rows×columns but is 3/,
    ],
    [
      'a constant of more axes',
      one({ op: 'Add', inputs: ['x', 'w'] }, { ...vector, initializers: w }),
      /cannot broadcast a constant/,
    ],
    [
      'a constant of another size',
      one({ op: 'Add', inputs: ['x', 'v'] }, { inputs: { x: ['n', 2] }, initializers: w }),
      /should be 2, or 1 in places but is 3/,
    ],
    [
      'a constant a row',
      one({ op: 'Mul', inputs: ['x', 'b'] }, { ...vector, initializers: [tensor('b', [2, 1], [1, 2])] }),
      /is 2×1/,
    ],
    [
      'values of two shapes',
      onnxFile({
        inputs: { x: ['n', 1, 2, 2] },
        outputs: { y: [] },
        nodes: [
          { op: 'GlobalAveragePool', inputs: ['x'], outputs: ['a'] },
          { op: 'Add', inputs: ['x', 'a'], outputs: ['y'] },
        ],
      }),
      /cannot run add/,
    ],
    [
      'a reshape of the batch',
      one({ op: 'Reshape', inputs: ['x', 's'] }, { initializers: [tensor('s', [2], [1, -1], 'int64s')] }),
      /\[1, -1\]/,
    ],
    [
      'a reshape to another size',
      one({ op: 'Reshape', inputs: ['x', 's'] }, { initializers: [tensor('s', [2], [-1, 4], 'int64s')] }),
      /the batch, then 18 elements but is \[-1, 4\]/,
    ],
    [
      'a reshape to a part',
      one({ op: 'Reshape', inputs: ['x', 's'] }, { initializers: [tensor('s', [3], [0, 4, -1], 'int64s')] }),
      /is \[0, 4, -1\]/,
    ],
    [
      'dropout in training',
      one({ op: 'Dropout', inputs: ['x', 'v', 't'] }, { initializers: [...w, tensor('t', [], [1], 'bools')] }),
      /training_mode .* should be false/,
    ],
    [
      'an image of unknown size',
      one({ op: 'Relu', inputs: ['x'] }, { inputs: { x: ['n', 1, 'h', 'w'] } }),
      /known, but for the batch but is \?×1×\?×\?/,
    ],
    [
      'an image that fills the memory',
      one({ op: 'Relu', inputs: ['x'] }, { inputs: { x: ['n', 2 ** 40] } }),
      /size of input "x" should be at most 16777216/,
    ],
    ['a scalar', one({ op: 'Relu', inputs: ['x'] }, { inputs: { x: [] } }), /shape of input "x"/],
    [
      'a constant with too few elements',
      one({ op: 'Add', inputs: ['x', 'c'] }, { initializers: [tensor('c', [3], [1, 2])] }),
      /2 elements for the shape \[3\]/,
    ],
    [
      'a constant with half an element',
      one({ op: 'Add', inputs: ['x', 'c'] }, { initializers: [tensor('c', [], [], 'raw')] }),
      /0 elements for the shape \[\]/,
    ],
    [
      'a constant that is not finite',
      one({ op: 'Add', inputs: ['x', 'c'] }, { initializers: [tensor('c', [1], [Infinity])] }),
      /one with Infinity in it/,
    ],
    ['no step at all', one({ op: 'Identity', inputs: ['x'] }), /output "y" should be computed/],
    [
      'an output that is missing',
      onnxFile({ inputs: { x: [1, 1] }, outputs: { y: [] }, nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['a'] }] }),
      /output "y"/,
    ],
    [
      'a name given twice',
      onnxFile({ inputs: { x: [1, 1] }, outputs: { x: [] }, nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['x'] }] }),
      /a new name but is "x"/,
    ],
    [
      'statistics of different lengths',
      one(
        { op: 'BatchNormalization', inputs: ['x', 'v', 'v', 'v', 'u'] },
        { ...vector, initializers: [...w, tensor('u', [1], [1])] },
      ),
      /statistics .* 3 numbers each/,
    ],
    [
      'a negative variance',
      one(
        { op: 'BatchNormalization', inputs: ['x', 'v', 'v', 'v', 'u'] },
        { ...vector, initializers: [...w, tensor('u', [3], [1, -1, 1])] },
      ),
      /variance .* should be positive but is -1/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => importOnnx(bytes)).toThrow(message);
    expect(() => importOnnx(bytes)).toThrow(expect.objectContaining({ name: 'FheError', code: 'FORMAT' }));
  });
});

describe('bytes that are no ONNX file', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('{"a": 1}')],
    ['zeros', new Uint8Array(100)],
    ['half a file', bytesOf('residual').subarray(0, 1000)],
    ['a number without end', Uint8Array.of(0x08, ...new Array<number>(20).fill(0xff))],
    ['groups in groups', new Uint8Array(1e5).fill(0x0b)],
    ['a graph that is longer than the file', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0x0f)],
    ['a float that is cut off', Uint8Array.of(0x3a, 7, 0x2a, 5, 0x22, 3, 1, 2, 3)],
  ])('%s', (_, bytes) => {
    expect(() => importOnnx(bytes)).toThrow(expect.objectContaining({ name: 'FheError', code: 'FORMAT' }));
  });

  test('any damage to a file gives an FheError or a model that runs', () => {
    const sound = bytesOf('residual');
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), fc.nat(sound.length), (place, value, length) => {
        const bytes = sound.slice(0, length % 3 === 0 ? length : sound.length);
        if (place < bytes.length) bytes[place] = value;
        try {
          const { model } = importOnnx(bytes);
          expect(model(new Tensor([1, ...model.inputShape])).shape).toEqual([1, ...model.outputShape]);
        } catch (error) {
          expect(error).toBeInstanceOf(FheError);
          expect((error as FheError).code).toBe('FORMAT');
          refused++;
        }
      }),
      { seed: 1, numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(300); // the cut ones at least
  });
});
