import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, FheError, seededRandom, shadowed, twin } from '../src/backend/index.ts';
import { Polynomial } from '../src/circuits/index.ts';
import {
  decryptOutputs,
  encryptInputs,
  evaluateClear,
  explain,
  images,
  keysFor,
  measureRanges,
  type Model,
  parametersFor,
  plan,
  type Plan,
  type PlanOptions,
  prepare,
  type Program,
  readPlan,
  record,
  run,
} from '../src/compiler/index.ts';
import { stagedProgram } from '../src/compiler/staged-program.ts';
import { engine } from '../src/engine/index.ts';
import {
  articleNetwork,
  AveragePool2d,
  BatchNorm2d,
  Conv2d,
  Dense,
  Flatten,
  GlobalAveragePool,
  importOnnx,
  PolynomialActivation,
  Relu,
  Residual,
  Sequential,
  Softmax,
  Square,
  Tensor,
  type TensorOperations,
} from '../src/nn/index.ts';
import { seal } from '../src/seal/index.ts';
import { toy } from '../src/toy/index.ts';
import { initialized, largestDifference, uniform } from './tensors.ts';

/** Like the article's, on 10×10 pixels: 4×4 windows of 4×4, two apart. */
function small(): Sequential {
  return initialized(
    new Sequential({
      conv: new Conv2d({ inputChannels: 1, outputChannels: 2, kernel: 4, stride: 2 }),
      square1: new Square(),
      flatten: new Flatten(),
      fc1: new Dense(32, 8),
      square2: new Square(),
      fc2: new Dense(8, 3),
    }),
  );
}

/** Two convolutions, a residual block, norms, pools: everything that is linear and everything that is not, but relu. */
function deep(): Sequential {
  return initialized(
    new Sequential({
      conv1: new Conv2d({ inputChannels: 2, outputChannels: 4, kernel: 3, stride: 2, padding: 1 }),
      norm1: new BatchNorm2d(4),
      square1: new Square(),
      block: new Residual(
        new Sequential({
          conv: new Conv2d({ inputChannels: 4, outputChannels: 4, kernel: 3, padding: 1 }),
          activation: new PolynomialActivation(new Polynomial([0.1, 0.5, 0.25])),
          conv2: new Conv2d({ inputChannels: 4, outputChannels: 4, kernel: 1 }),
        }),
      ),
      pool: new AveragePool2d({ kernel: 2 }),
      square2: new Square(),
      global: new GlobalAveragePool(),
      flatten: new Flatten(),
      fc: new Dense(4, 3),
    }),
  );
}

/** A plan for a small insecure ring, its ranges measured on the inputs that it is run on. */
function planned(program: Program, inputs: Record<string, Tensor>, options: PlanOptions = {}): Plan {
  const ranges = measureRanges(program, inputs);
  return plan(program, { securityBits: 0, precisionBits: 20, ranges, ...options });
}

function outputOf(program: Program, inputs: Record<string, Tensor>): Tensor {
  return evaluateClear(program, inputs).get(program.outputs[0]!)!;
}

describe('record', () => {
  it('writes down what a model asks of its tensor, with the names of its weights', () => {
    const program = record(small(), { image: [1, 10, 10] });
    expect(String(program)).toBe(
      [
        'program of 7 operations, 325 numbers in 6 constants',
        '  %0  image     1×10×10  input',
        '  %1  conv      2×4×4    conv2d %0 conv.weight + conv.bias, stride 2',
        '  %2  square1   2×4×4    square %1',
        '  %3  reshape1  32       reshape %2',
        '  %4  fc1       8        dense %3 fc1.weight + fc1.bias',
        '  %5  square2   8        square %4',
        '  %6  fc2       3        dense %5 fc2.weight + fc2.bias  → output',
      ].join('\n'),
    );
  });

  it('records any function, of several inputs, with several results', () => {
    const w = uniform([2, 3], 'w');
    const program = record((x, y) => [x.dense(w).add(y), y.square()], [[3], [2]]);
    expect(program.operations.map(({ op, name }) => `${op} ${name}`)).toEqual([
      'input x',
      'input y',
      'dense dense1',
      'add add1',
      'square square1',
    ]);
    expect(program.outputs).toEqual([3, 4]);
    const inputs = { x: uniform([4, 3], 'x'), y: uniform([4, 2], 'y') };
    const values = evaluateClear(program, inputs);
    expect(largestDifference(values.get(3)!, inputs.x.dense(w).add(inputs.y))).toBe(0);
  });

  it('takes a network out of an ONNX file, with the names that stand there', () => {
    const { model } = importOnnx(readFileSync(new URL('onnx/article.onnx', import.meta.url)));
    const program = record(model, { image: [1, 28, 28] });
    expect([...program.constants.keys()].sort()).toEqual([...articleNetwork().weights().keys()].sort());
    const image = uniform([2, 1, 28, 28], 'onnx');
    const made = planned(program, { image }, { batch: 2 });
    const got = Object.values(run(made, twin(parametersFor(made)), { image }, program.constants))[0]!;
    expect(largestDifference(got, model(image))).toBeLessThan(1e-9);
  });

  it('refuses shapes that do not fit, and results that are not recorded', () => {
    expect(() => record(small(), { image: [3, 10, 10] })).toThrow(
      'cannot record conv2d: weight should be out×3×height×width but is 2×1×4×4; check the model and the shapes of its inputs',
    );
    expect(() => record((x) => x, [[3]])).toThrow(/the result should be at least one operation on an input/);
    expect(() => record(() => new Tensor([1]) as never, [[3]])).toThrow(/the result should be made from the inputs/);
    expect(() => record((x) => x.square(), [[0]])).toThrow(/shape of input x should be a list of integers ≥ 1/);
  });
});

describe('stages', () => {
  const kinds = (model: Sequential, shape: readonly number[]): string[] =>
    stagedProgram(record(model, [shape]), {}).stages.map((s) =>
      s.kind === 'linear' ? `linear ${s.operations.length}` : s.kind,
    );

  it('layers that are linear and follow one another are one matrix', () => {
    const model = new Sequential({
      conv: new Conv2d({ inputChannels: 1, outputChannels: 2, kernel: 3 }),
      norm: new BatchNorm2d(2),
      pool: new AveragePool2d({ kernel: 2 }),
      flatten: new Flatten(),
      fc: new Dense(18, 4),
    });
    expect(kinds(model, [1, 8, 8])).toEqual(['input', 'linear 4']);
  });

  it('a quadratic activation between matrices is a square, its coefficients are in the matrices', () => {
    const model = new Sequential({
      fc1: new Dense(4, 4),
      activation: new PolynomialActivation(new Polynomial([0.3, -1, 0.5])),
      fc2: new Dense(4, 2),
    });
    expect(kinds(model, [4])).toEqual(['input', 'linear 1', 'square', 'linear 1']);
    // At the end there is no matrix to put them into: a polynomial of two levels.
    const open = new Sequential({ fc: model.layers[0]!.layer, activation: model.layers[1]!.layer });
    expect(kinds(open, [4])).toEqual(['input', 'linear 1', 'polynomial']);
  });

  it('a value that several read is not merged away', () => {
    const model = new Sequential({
      fc: new Dense(4, 4),
      block: new Residual(new Sequential({ inner: new Dense(4, 4) })),
    });
    expect(kinds(model, [4])).toEqual(['input', 'linear 1', 'linear 1', 'add']);
  });
});

describe('plan', () => {
  const program = record(small(), { image: [1, 10, 10] });
  const inputs = { image: uniform([4, 1, 10, 10], 'images') };
  const ranges = measureRanges(program, inputs);

  it('chooses secure parameters, within the limit of the ring degree', () => {
    const secure = plan(program, { precisionBits: 15, ranges });
    expect(secure.securityBits).toBe(128);
    expect(secure.parameters.ringDegree).toBe(16384);
    expect(secure.estimates.logQP).toBeLessThanOrEqual(438);
    expect(secure.parameters.chain).toHaveLength(6); // five levels
    expect(secure.estimates.precisionBits).toBeGreaterThanOrEqual(15);
  });

  it('more precision takes larger primes; less, a smaller ring', () => {
    const sizes = [5, 12, 20].map((precisionBits) => plan(program, { precisionBits, ranges }));
    const scales = sizes.map(({ parameters }) => parameters.scaleBits);
    expect(scales).toEqual([...new Set(scales)].sort((a, b) => a - b));
    const few = plan(program, { precisionBits: 2, ranges });
    expect(few.parameters.ringDegree).toBe(8192);
  });

  it('says what to change when nothing fits', () => {
    expect(() => plan(program, { precisionBits: 20, ranges, maxRingDegree: 8192 })).toThrow(
      /^cannot plan the program: .* but is this: \d+\.\d bits right are the most that fit: 5 levels of \d+ bits need log QP \d+; degree 8192 allows 218 at 128 bit, which is \d levels; ask for/,
    );
    expect(() => plan(program, { precisionBits: 45, ranges })).toThrow(
      /but is this: \d+\.\d bits right are the most that fit: /,
    );
  });

  it('values without ranges are bounded by the weights, which may fit nothing', () => {
    const powers = new Sequential(
      Object.fromEntries(
        [1, 2, 3, 4, 5].flatMap((i) => [
          [`fc${i}`, new Dense(64, 64)],
          [`square${i}`, new Square()],
        ]),
      ),
    );
    for (const { value } of powers.parameters) value.data.fill(3);
    expect(() => plan(record(powers, [[64]]))).toThrow(
      /values of up to 2\^\d+ fit no chain: ranges that are not declared/,
    );
  });

  it('a relu needs a bound, and takes the declared range for one', () => {
    const relu = record(initialized(new Sequential({ fc: new Dense(4, 4), relu: new Relu({ degrees: [3, 3] }) })), [
      [4],
    ]);
    expect(() => plan(relu, { securityBits: 0 })).toThrow(/cannot plan relu1: bound of its input should be declared/);
    expect(plan(relu, { securityBits: 0, precisionBits: 2, ranges: { fc: 2 } }).steps.map(({ kind }) => kind)).toEqual([
      'linear',
      'relu',
    ]);
  });

  it('refuses options that are out of range, and ranges of nothing', () => {
    expect(() => plan(program, { precision: 20 } as PlanOptions)).toThrow(
      /option should be one of securityBits, precisionBits, .* but is precision; mend its name/,
    );
    expect(() => plan(program, { precisionBits: 100 })).toThrow(/precisionBits should be from 1 to 45/);
    expect(() => plan(program, { batch: 0 })).toThrow(/batch should be an integer ≥ 1 but is 0/);
    expect(() => plan(program, { ranges: { conv9: 3 } })).toThrow(/range of conv9 should be of one of image, conv, /);
    expect(() => plan(program, { ranges: { conv: Number.NaN } })).toThrow(/range of conv should be a number ≥ 0/);
    expect(() =>
      plan(
        record((x) => x.square(), [[3]]),
        { layout: 'patches', securityBits: 0 },
      ),
    ).toThrow(/layout should/);
  });

  it('is plain JSON: what is read back is the same plan, and knows no weights', () => {
    const made = plan(program, { precisionBits: 12, ranges });
    const text = JSON.stringify(made);
    expect(readPlan(JSON.parse(text))).toEqual(made);
    expect(text.length).toBeLessThan(20_000);
  });

  it('refuses a plan of another version, a damaged one, and what is none', () => {
    const made = JSON.parse(JSON.stringify(plan(program, { precisionBits: 12, ranges }))) as Record<string, unknown>;
    expect(() => readPlan({ ...made, version: 2 })).toThrow(/cannot read a plan: version should be 1 but is 2/);
    expect(() => readPlan({ ...made, steps: 'none' })).toThrow(FheError);
    expect(() => readPlan({ ...made, rotations: [1, -5] })).toThrow(/rotations/);
    expect(() => readPlan(null)).toThrow(/cannot read a plan/);
  });

  it('explains itself', () => {
    const text = explain(plan(program, { precisionBits: 12, ranges, batch: 64 }));
    for (const part of ['128-bit security', 'rotation keys', 'bits right', 'why:', 'scale 2^', 'layout patches']) {
      expect(text).toContain(part);
    }
  });
});

/** What the engine takes. */
const MANY = { primeBits: 50, specialPrimes: 'many' } as const;

/** Bits that are lost where an estimate was too hopeful: it is one of the largest error, and tests look at few values. */
const SLACK = 0.5;

describe('run: the same, encrypted', () => {
  /** The same program on each: one special prime and primes of at most 50 bits are what all of them take. */
  const backends: readonly [string, number, (made: Plan) => Backend | Promise<Backend>][] = [
    ['the twin', SLACK, (made) => twin(parametersFor(made))],
    // The toy's secret is Gaussian, as the article's: of variance 10 instead of 2/3, so what is rounded moves √15 times as far.
    ['the toy', SLACK + 2, (made) => toy(parametersFor(made), seededRandom('compiler'))],
    ['node-seal', SLACK, (made) => seal(parametersFor(made))],
    ['the engine', SLACK, (made) => engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') })],
  ];
  const program = record(small(), { image: [1, 10, 10] });
  const inputs = { image: uniform([3, 1, 10, 10], 'images') };

  it.each(backends)('one plan on %s', async (_name, slack, create) => {
    for (const layout of ['patches', 'packed'] as const) {
      const made = planned(program, inputs, { layout, batch: 2 });
      const backend = await create(made);
      const live = backend.live;
      const got = run(made, backend, inputs, program.constants);
      expect(largestDifference(got.fc2!, outputOf(program, inputs))).toBeLessThan(2 ** (slack - 20));
      expect(backend.live).toBe(live);
      backend.dispose();
    }
  });

  it('convolutions after convolutions, norms, pools, residuals, a quadratic activation: on twin and engine', async () => {
    const model = deep();
    const deepProgram = record(model, { image: [2, 16, 16] });
    const image = uniform([2, 2, 16, 16], 'deep');
    const made = planned(deepProgram, { image }, { layout: 'packed', limits: MANY });
    const want = model(image);
    for (const backend of [
      twin(parametersFor(made)),
      await engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') }),
    ]) {
      const { fc } = run(made, backend, { image }, deepProgram.constants);
      expect(largestDifference(fc!, want)).toBeLessThan(2 ** (SLACK - 20));
      backend.dispose();
    }
  });

  it('relu and softmax, within what their approximations promise', async () => {
    const model = initialized(
      new Sequential({
        fc1: new Dense(6, 8),
        relu: new Relu({ degrees: [7, 15] }),
        fc2: new Dense(8, 3),
        softmax: new Softmax({ bound: 2 }),
      }),
    );
    const x = uniform([4, 6], 'x');
    const classifier = record(model, { x: [6] });
    const made = planned(classifier, { x }, { precisionBits: 3, batch: 4, limits: MANY });
    const want = outputOf(classifier, { x });
    for (const backend of [
      twin(parametersFor(made)),
      await engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') }),
    ]) {
      const got = run(made, backend, { x }, classifier.constants).softmax1!;
      // {7, 15} is good to 2^-8 of the bound; softmax makes less of it.
      expect(largestDifference(got, want)).toBeLessThan(2 ** -6);
      backend.dispose();
    }
  });

  it('slots without a feature stay zero after a polynomial, which a softmax relies on', () => {
    const cubic = new Polynomial([1, 0.3, 0, 0.1]); // p(0) = 1, and three classes leave a slot of four empty
    const layers = { fc: new Dense(5, 3), cubic: new PolynomialActivation(cubic), softmax: new Softmax({ bound: 4 }) };
    const model = initialized(new Sequential(layers));
    const x = uniform([2, 5], 'x');
    const classifier = record(model, { x: [5] });
    const made = planned(classifier, { x }, { precisionBits: 8, batch: 2 });
    const got = run(made, twin(parametersFor(made)), { x }, classifier.constants).softmax1!;
    expect(largestDifference(got, model(x))).toBeLessThan(2 ** -11); // softmax: twelve bits
  });

  it('a polynomial whose interval does not hold zero does not mind slots that do', () => {
    const root = Polynomial.chebyshev(Math.sqrt, 7, [2, 6]);
    const fc = new Dense(5, 3);
    const model = initialized(new Sequential({ fc, root: new PolynomialActivation(root) }));
    fc.bias.value.data.fill(4);
    const x = uniform([2, 5], 'x');
    const program = record(model, { x: [5] });
    const made = planned(program, { x }, { precisionBits: 12, batch: 2 });
    for (const backend of [twin(parametersFor(made)), toy(parametersFor(made), seededRandom('compiler'))]) {
      const got = run(made, backend, { x }, program.constants).polynomial1!;
      expect(largestDifference(got, model(x))).toBeLessThan(2 ** -10);
    }
  });

  it('several inputs and outputs', () => {
    const w = uniform([4, 4], 'w');
    const both = record((x, y) => [x.dense(w).mul(y), y.square().add(x)], [[4], [4]]);
    const xy = { x: uniform([2, 4], 'x'), y: uniform([2, 4], 'y') };
    const made = planned(both, xy, { batch: 2 });
    const got = run(made, twin(parametersFor(made)), xy, both.constants);
    expect(largestDifference(got.mul1!, xy.x.dense(w).mul(xy.y))).toBeLessThan(1e-9);
    expect(largestDifference(got.add1!, xy.y.square().add(xy.x))).toBeLessThan(1e-9);
  });

  it('client and server: a plan by JSON, keys and ciphertexts apart', () => {
    const made = readPlan(JSON.parse(JSON.stringify(planned(program, inputs, { batch: 4 }))));
    const backend = twin(parametersFor(made));
    const client = backend.keygen(keysFor(made)); // the client knows the plan
    const image = images(inputs.image, 0, made.batch);
    const encryptedInputs = encryptInputs(made, backend, client.publicKey, { image });
    const server = prepare(made, backend, program.constants); // the server knows the weights
    const outputs = server.evaluate(client.evaluationKeys, encryptedInputs);
    const got = decryptOutputs(made, backend, client.secretKeys, outputs).fc2!;
    expect(largestDifference(got, outputOf(program, { image }))).toBeLessThan(1e-9);
  });

  it('refuses other weights, inputs and backends than the plan’s, before anything is computed', () => {
    const made = planned(program, inputs);
    const backend = twin(parametersFor(made));
    const { publicKey } = backend.keygen(keysFor(made));
    const other = new Map(program.constants);
    other.delete('fc1.bias');
    expect(() => prepare(made, backend, other)).toThrow(/constant fc1.bias should be 8 but is missing/);
    other.set('fc1.bias', new Tensor([9]));
    expect(() => prepare(made, backend, other)).toThrow(/constant fc1.bias should be 8 but is 9/);
    expect(() => encryptInputs(made, backend, publicKey, {})).toThrow(/input image should be .* but is missing/);
    const many = { image: new Tensor([made.batch + 1, 1, 10, 10]) };
    expect(() => encryptInputs(made, backend, publicKey, many)).toThrow(/number of images should be at most/);
    const elsewhere = twin({ ...parametersFor(made), ringDegree: 4096 });
    expect(() => prepare(made, elsewhere, program.constants)).toThrow(/ring degree of the backend/);
    const shorter = twin({ ...parametersFor(made), chain: made.parameters.chain.slice(1) });
    expect(() => prepare(made, shorter, program.constants)).toThrow(/primes of the backend/);
    expect(backend.live).toBe(3); // the keys
  });

  it('intermediate values are given back on the way', async () => {
    const made = planned(program, inputs);
    const backend = await engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') });
    const { publicKey, evaluationKeys } = backend.keygen(keysFor(made));
    const encryptedInputs = encryptInputs(made, backend, publicKey, {
      image: new Tensor([1, 1, 10, 10], inputs.image.data.slice(0, 100)),
    });
    const prepared = prepare(made, backend, program.constants);
    const live = backend.live;
    let most = 0;
    const outputs = prepared.evaluate(evaluationKeys, encryptedInputs, {
      onValue: () => {
        most = Math.max(most, backend.live - live);
      },
    });
    expect(backend.live - live).toBe(1);
    expect(most).toBeLessThanOrEqual(4); // at most the four channels, and what is made of them, at the end of a step
    outputs.fc2![0]!.dispose();
    backend.dispose();
  });

  it('the shadow’s ledger of a planned program has bits right in every line', async () => {
    const made = planned(program, inputs);
    const backend = shadowed(await engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') }));
    run(made, backend, { image: new Tensor([1, 1, 10, 10], inputs.image.data.slice(0, 100)) }, program.constants);
    expect(String(backend.ledger)).not.toContain('WRONG');
    backend.dispose();
  });
});

describe('the precision that is promised, where it is hard to keep', () => {
  const ones = (channels: number): Tensor => new Tensor([channels, channels, 3, 3], new Float64Array(9).fill(1 / 9));
  const smooth = <T extends TensorOperations<T>>(x: TensorOperations<T>): T => {
    const blurred = (y: TensorOperations<T>): T => y.conv2d(ones(1), undefined, { padding: 1 }).square();
    return blurred(blurred(blurred(x)));
  };
  const doubled = <T extends TensorOperations<T>>(x: TensorOperations<T>): T => {
    let y = x.mul(new Tensor([8], new Float64Array(8).fill(0.5)));
    for (let i = 0; i < 8; i++) y = y.add(y);
    return y;
  };
  const large = [uniform([16, 64], 'a'), uniform([4, 16], 'b')] as const;
  const cases: readonly [string, Model, Tensor][] = [
    ['errors of one sign: smoothing what is never negative', smooth, uniform([1, 1, 8, 8], 'smooth').square()],
    ['a value added to itself', doubled, uniform([2, 8], 'doubled')],
    [
      'large values, for which the result’s scale is smaller',
      (x) => x.dense(large[0]).square().dense(large[1]),
      uniform([2, 64], 'large').mul(new Tensor([64], new Float64Array(64).fill(200))),
    ],
    [
      'a steep polynomial of large values',
      (x) => x.mul(new Tensor([8], new Float64Array(8).fill(8))).polynomial(new Polynomial([0, 1, 0.5, 0.25])),
      uniform([2, 8], 'steep'),
    ],
  ];

  it.each(cases)('%s', async (_name, model, x) => {
    const program = record(model, { x: x.shape.slice(1) });
    const want = outputOf(program, { x });
    for (const precisionBits of [8, 14]) {
      const made = planned(program, { x }, { precisionBits, batch: x.shape[0]!, limits: MANY });
      const backend = await engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') });
      const got = Object.values(run(made, backend, { x }, program.constants))[0]!;
      expect(largestDifference(got, want)).toBeLessThan(2 ** (SLACK - precisionBits));
      backend.dispose();
    }
  });
});

describe('values that leave their ranges are refused, where anyone can know', () => {
  const relu = record((x) => x.dense(uniform([4, 4], 'w')).relu({ degrees: [3, 3], bound: 1 }), { x: [4] });

  it('declared ranges against bounds and intervals, by plan', () => {
    expect(() => plan(relu, { ranges: { dense1: 5 } })).toThrow(
      /cannot plan relu1: declared range of its input should be within ±1, where it approximates but is ±5/,
    );
    const interval = [-1, 1] as const;
    const polynomial = record((x) => x.polynomial(new Polynomial([0, 1], { interval })).square(), { x: [4] });
    expect(() => plan(polynomial, { ranges: { x: 2 } })).toThrow(/cannot plan polynomial1: declared range .* ±1, /);
  });

  it('inputs against the plan, by the client', () => {
    const made = plan(relu, { securityBits: 0, precisionBits: 2, ranges: { x: 0.5, dense1: 1 } });
    const backend = twin(parametersFor(made));
    const { publicKey } = backend.keygen(keysFor(made));
    const x = new Tensor([1, 4], Float64Array.of(0.1, 0.2, -0.6, 0));
    expect(() => encryptInputs(made, backend, publicKey, { x })).toThrow(
      /cannot encrypt inputs: input x should be within ±0.5, its range in the plan but is -0.6; declare a range/,
    );
  });

  it('places of missing images hold copies: zeros could leave the ranges', async () => {
    const identity = new Tensor(
      [4, 4],
      Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)),
    );
    const bias = new Tensor([4], new Float64Array(4).fill(-3));
    const program = record((v) => v.dense(identity, bias).relu({ degrees: [7, 7] }), { x: [4] });
    const x = new Tensor(
      [3, 4],
      Float64Array.from({ length: 12 }, (_, i) => 3 + 0.1 * Math.sin(i)),
    );
    const ranges = { x: 3.2, dense1: 0.2, relu1: 0.2 };
    const made = plan(program, { securityBits: 0, precisionBits: 8, ranges, batch: 4, layout: 'packed', limits: MANY });
    for (const backend of [
      twin(parametersFor(made)),
      await engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') }),
    ]) {
      const got = run(made, backend, { x }, program.constants).relu1!;
      expect(largestDifference(got, outputOf(program, { x }))).toBeLessThan(2 ** -8);
      backend.dispose();
    }
  });
});

describe('programs with an edge', () => {
  it('an input that is an output as well is not taken apart', () => {
    const kernel = uniform([2, 1, 2, 2], 'kernel');
    const program = record((v) => [v.flatten(), v.conv2d(kernel)], { x: [1, 4, 4] });
    const x = uniform([2, 1, 4, 4], 'x');
    const made = planned(program, { x }, { batch: 2 });
    const got = run(made, twin(parametersFor(made)), { x }, program.constants);
    expect(largestDifference(got.reshape1!, x.flatten())).toBeLessThan(1e-9);
    expect(largestDifference(got.conv2d1!, x.conv2d(kernel))).toBeLessThan(1e-9);
  });

  it.each([0.1, 0.01, 1e-4, 1e-6])('a quadratic activation with a small square, %d', async (a) => {
    const [w1, w2] = [uniform([8, 8], 'w1'), uniform([8, 8], 'w2')];
    const program = record(
      (v) =>
        v
          .dense(w1)
          .polynomial(new Polynomial([0.1, 1, a]))
          .dense(w2),
      { x: [8] },
    );
    const x = uniform([2, 8], 'x');
    const made = planned(program, { x }, { precisionBits: 10, batch: 2, limits: MANY });
    const backend = await engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') });
    const got = run(made, backend, { x }, program.constants).dense2!;
    expect(largestDifference(got, outputOf(program, { x }))).toBeLessThan(2 ** (SLACK - 10));
    backend.dispose();
  });

  it('classes that do not fit one ciphertext take a larger ring', () => {
    const program = record((v) => v.dense(uniform([20, 4], 'w')).softmax({ bound: 4 }), { x: [4] });
    const x = uniform([1, 4], 'x');
    const made = planned(program, { x }, { precisionBits: 8 });
    const got = run(made, twin(parametersFor(made)), { x }, program.constants).softmax1!;
    expect(largestDifference(got, outputOf(program, { x }))).toBeLessThan(2 ** -8);
  });

  it.each([6, 8])('softmax of logits up to %d, whose division takes many squarings', async (bound) => {
    const weight = uniform([4, 4], 'w').mul(new Tensor([4, 4], new Float64Array(16).fill(bound / 4)));
    const program = record((v) => v.dense(weight).softmax({ bound }), { x: [4] });
    const x = uniform([2, 4], 'x');
    const made = planned(program, { x }, { precisionBits: 10, batch: 2, limits: MANY });
    for (const backend of [
      twin(parametersFor(made)),
      await engine(parametersFor(made), { threads: 1, random: seededRandom('compiler') }),
    ]) {
      const got = run(made, backend, { x }, program.constants).softmax1!;
      expect(largestDifference(got, outputOf(program, { x }))).toBeLessThan(2 ** -10);
      backend.dispose();
    }
  });

  it('the range of what a reshape reshapes is the reshape’s', () => {
    const program = record(
      (v) =>
        v
          .square()
          .flatten()
          .relu({ degrees: [3] }),
      { x: [2, 2, 2] },
    );
    expect(plan(program, { securityBits: 0, ranges: { square1: 2 } }).steps).toHaveLength(2);
  });

  it('without precisionBits, approximations are asked for no more than they have', () => {
    const program = record((v) => v.dense(uniform([4, 4], 'w')).relu({ degrees: [7, 7] }), { x: [4] });
    const made = plan(program, { securityBits: 0, ranges: { dense1: 2 } });
    expect(made.estimates.precisionBits).toBeGreaterThan(3);
    expect(explain(made)).toContain('approximations allow no more');
    expect(() => plan(program, { precisionBits: 16, ranges: { dense1: 2 } })).toThrow(
      /bits right at any scale: relu1 \(relu {7, 7}\) is good to 6.1 bits/,
    );
  });
});

describe('the precision that is promised', () => {
  let backend: Backend;
  const model = initialized(articleNetwork());
  const program = record(model, { image: [1, 28, 28] });
  const image = uniform([4, 1, 28, 28], 'digits');
  let made: Plan;

  beforeAll(async () => {
    made = plan(program, { precisionBits: 14, ranges: measureRanges(program, { image }), batch: 4 });
    backend = await engine(parametersFor(made), { random: seededRandom('compiler') });
  });
  afterAll(() => backend.dispose());

  it('is kept at a secure ring, value by value, and not by far more than needed', () => {
    const clear = evaluateClear(program, { image });
    const { publicKey, secretKeys, evaluationKeys } = backend.keygen(keysFor(made));
    const prepared = prepare(made, backend, program.constants);
    const outputs = prepared.evaluate(evaluationKeys, encryptInputs(made, backend, publicKey, { image }));
    const got = decryptOutputs(made, backend, secretKeys, outputs).fc2!;
    const error = largestDifference(new Tensor([4, 10], got.data.slice(0, 40)), clear.get(6)!);
    expect(error).toBeLessThan(2 ** -14);
    expect(error).toBeGreaterThan(2 ** -22); // eight bits more would be a ring or a chain too large
  });
});
