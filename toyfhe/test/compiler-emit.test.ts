/** A plan as a TypeScript program, as a graph and as a figure. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from 'prettier';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { twin } from '../src/backend/index.ts';
import { Polynomial } from '../src/circuits/index.ts';
import {
  emit,
  type EmitOptions,
  evaluateClear,
  measureRanges,
  type Model,
  parametersFor,
  plan,
  planFigure,
  type Plan,
  type PlanOptions,
  planToDot,
  type Program,
  record,
  run,
} from '../src/compiler/index.ts';
import {
  articleNetwork,
  AveragePool2d,
  BatchNorm2d,
  Conv2d,
  Dense,
  Flatten,
  PolynomialActivation,
  Random,
  Relu,
  Residual,
  Sequential,
  Softmax,
  Square,
  Tensor,
  writeSafetensors,
} from '../src/nn/index.ts';
import { uniform } from './tensors.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

interface Case {
  readonly program: Program;
  readonly plan: Plan;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/** A model, recorded and planned for a small insecure ring. */
function planned(
  model: Model,
  inputs: Record<string, Tensor>,
  options: PlanOptions = {},
  names?: ReadonlyMap<string, Tensor>,
): Case {
  const shapes = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape.slice(1)]));
  const program = record(model, shapes, names);
  const ranges = measureRanges(program, inputs);
  return { program, inputs, plan: plan(program, { securityBits: 0, precisionBits: 12, ranges, ...options }) };
}

function initialised(layers: Sequential): Sequential {
  layers.initialize(new Random(7));
  return layers;
}

/** Two convolutions with padding, batch norm, a pool, a residual sum, a quadratic activation. */
function packed(): Sequential {
  const model = initialised(
    new Sequential({
      conv1: new Conv2d({ inputChannels: 1, outputChannels: 2, kernel: 3, padding: 1 }),
      norm: new BatchNorm2d(2),
      square: new Square(),
      pool: new AveragePool2d({ kernel: 2 }),
      block: new Residual(
        new Sequential({
          conv2: new Conv2d({ inputChannels: 2, outputChannels: 2, kernel: 3, padding: 1 }),
          quadratic: new PolynomialActivation(new Polynomial([0.25, 0.5, 0.125])),
          conv3: new Conv2d({ inputChannels: 2, outputChannels: 2, kernel: 1 }),
        }),
      ),
      flatten: new Flatten(),
      fc: new Dense(2 * 4 * 4, 3),
    }),
  );
  const [norm] = model.layers.filter(({ name }) => name === 'norm').map(({ layer }) => layer as BatchNorm2d);
  norm!.weight.value.data.set([1.5, 0.5]);
  norm!.runningMean.data.set([0.1, -0.2]);
  return model;
}

/** relu with its bound folded into the matrix before it, relu on a sum, a polynomial of degree 3. */
function activated(): Sequential {
  const model = initialised(
    new Sequential({
      fc1: new Dense(6, 8),
      relu: new Relu({ degrees: [3, 3] }),
      block: new Residual(new Sequential({ fc2: new Dense(8, 8) })),
      relu2: new Relu({ degrees: [3, 3] }),
      fc3: new Dense(8, 4),
      cubic: new PolynomialActivation(new Polynomial([0.5, 0.25, 0, -0.1], { interval: [-2, 2] })),
    }),
  );
  // {3, 3} is a coarse relu: small weights after it make an error of a tenth a thousandth.
  const fc3 = model.namedParameters().find(([name]) => name === 'fc3.weight')![1];
  for (let i = 0; i < fc3.data.length; i++) fc3.data[i]! *= 2 ** -6;
  return model;
}

/** Names that would be code if they were taken as they are. */
const NASTY = '*/ process.exit(1); //\n process.exit(2); "quoted" \'single\' \\';

/** Two inputs and one that nobody reads, two results, a product across levels, no layer. */
function free(): { model: Model; names: Map<string, Tensor> } {
  const w = uniform([4, 4], 'w');
  const names = new Map([
    [`${NASTY}.weight`, w],
    ['server.weight', uniform([4, 4], 'v')],
  ]);
  const v = names.get('server.weight')!;
  const model: Model = (x, y) => {
    const a = x!.dense(w);
    const b = a.square().mul(y!.dense(v));
    return [b.add(x!.mul(new Tensor([4], Float64Array.of(1, -1, 2, 0.5)))), a.reshape([1, 2, 2])];
  };
  return { model, names };
}

/** Values of several ciphertexts, and what can be done with these. */
function blocks(): Model {
  const kernel = uniform([2, 1, 2, 2], 'kernel');
  for (let i = 0; i < kernel.data.length; i++) kernel.data[i]! *= 0.5; // keeps the cube small
  return (x) => {
    const a = x!.conv2d(kernel, uniform([2], 'bias'), { stride: 2 });
    const b = a.polynomial(new Polynomial([0.1, 0.2, 0.3, 0.4]));
    return b
      .mul(a)
      .add(a)
      .relu({ degrees: [3, 3], bound: 8 });
  };
}

/** Outputs that are inputs, through a reshape: alone, beside others, and one under two names. */
function passed(): Model {
  return (x, y) => {
    const flat = y!.flatten();
    return [x!.mul(x!), flat, flat.reshape([1, 1, 4])];
  };
}

/** What a relu makes of zeros: with this bias they lie far outside the bound that the images keep to. */
function biased(): Sequential {
  const model = initialised(new Sequential({ fc: new Dense(2, 2), relu: new Relu({ degrees: [3, 3], bound: 2 }) }));
  const [weight, bias] = model.parameters.map(({ value }) => value.data);
  weight!.set([8, 0, 0, 8]);
  bias!.fill(8);
  return model;
}

function cases(): Record<string, Case> {
  const other = free();
  const y = uniform([3, 2, 2], 'y');
  const near = uniform([5, 2], 'near');
  near.data.forEach((_, i) => (near.data[i] = near.data[i]! / 8 - 1)); // 8·x + 8 is in [−1, 1]
  return {
    same: planned((_x, image) => image!.flatten(), { x: uniform([3, 2], 'x'), y }, { batch: 2 }),
    passed: planned(passed(), { x: uniform([3, 2], 'x'), y }, { batch: 2 }),
    biased: planned(biased(), { x: near }, { batch: 4, precisionBits: 2 }),
    // The softmax takes two at once, so that its last batch is not full.
    article: planned(
      initialised(articleNetwork()),
      { image: uniform([3, 1, 28, 28], 'images') },
      { layout: 'patches', maxRingDegree: 128 },
    ),
    packed: planned(packed(), { image: uniform([3, 1, 8, 8], 'images') }),
    activated: planned(activated(), { features: uniform([9, 6], 'features') }, { precisionBits: 4 }),
    softmax: planned(
      initialised(new Sequential({ fc: new Dense(2, 3), softmax: new Softmax() })),
      { x: uniform([9, 2], 'x') },
      { batch: 2, precisionBits: 8 },
    ),
    blocks: planned(blocks(), { x: uniform([2, 1, 4, 4], 'x') }, { layout: 'patches', precisionBits: 1 }),
    bare: planned((x) => x!.add(x!).square(), { x: uniform([2, 3], 'x') }),
    free: planned(
      other.model,
      { x: uniform([2, 4], 'x'), class: uniform([2, 4], 'y'), [NASTY]: uniform([2, 1], 'z') },
      {},
      other.names,
    ),
  };
}

const ENGINE: NonNullable<EmitOptions['backend']> = {
  imports: ["import { engine } from 'toyfhe/engine';"],
  create: 'await engine(spec)',
};

/** Weights and inputs that the program makes itself; one of them a promise. */
const SOURCE: NonNullable<EmitOptions['source']> = {
  imports: ["import { articleNetwork, Random, Tensor } from 'toyfhe/nn';"],
  weights: 'Promise.resolve(drawn()).then((model) => model.weights())',
  inputs: '{ image: new Tensor([2, 1, 28, 28]) }',
  report: [
    'console.log(JSON.stringify({ fc2: { shape: outputs.fc2.shape, data: [...outputs.fc2.data] } }));',
    'function drawn(): ReturnType<typeof articleNetwork> {',
    '  const model = articleNetwork();',
    '  model.initialize(new Random(7));',
    '  return model;',
    '}',
  ].join('\n'),
};

describe('emit', () => {
  const all = cases();
  const names = Object.keys(all);
  const texts: Record<string, string> = {
    ...Object.fromEntries(names.map((name) => [name, emit(all[name]!.plan)])),
    engine: emit(all['packed']!.plan, { title: 'On the engine', backend: ENGINE }),
    source: emit(all['article']!.plan, { source: SOURCE }),
  };
  let folder: string;

  beforeAll(() => {
    mkdirSync(join(root, '.cache'), { recursive: true }); // inside the checkout, where toyfhe is found
    folder = mkdtempSync(join(root, '.cache/emit-'));
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, `${name}.ts`), text);
    for (const [name, { program, inputs }] of Object.entries(all)) {
      writeFileSync(join(folder, `${name}.safetensors`), writeSafetensors(program.constants, 'F64'));
      const tensors = Object.entries(inputs).map(([input, { shape, data }]) => [input, { shape, data: [...data] }]);
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(Object.fromEntries(tensors)));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a program prints. */
  function printed(name: string, files = name): Record<string, Tensor> {
    const argv = ['safetensors', 'json'].map((ending) => join(folder, `${files}.${ending}`));
    const args = ['--conditions=toyfhe:source', join(folder, `${name}.ts`), ...argv];
    const json = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
    const parts = JSON.parse(json) as Record<string, { shape: number[]; data: number[] }>;
    return Object.fromEntries(
      Object.entries(parts).map(([output, { shape, data }]) => [output, new Tensor(shape, Float64Array.from(data))]),
    );
  }

  it('what it prints type-checks, also where indices are checked, and leaves nothing unused', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(
      { ...config.compilerOptions, noEmit: true, noUncheckedIndexedAccess: true },
      root,
    );
    const files = Object.keys(texts).map((name) => join(folder, `${name}.ts`));
    const compiled = ts.createProgram(files, options);
    for (const file of files) {
      const source = compiled.getSourceFile(file)!;
      const found = [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)];
      const say = ({ messageText, start = 0 }: ts.Diagnostic): string =>
        `${source.getLineAndCharacterOfPosition(start).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      expect(found.map(say), file).toEqual([]);
    }
  });

  it.each(names)('the program of %s gives what run gives, to the last bit: the same operations on the twin', (name) => {
    const { plan: p, program, inputs } = all[name]!;
    const backend = twin(parametersFor(p));
    const want = run(p, backend, inputs, program.constants);
    const got = printed(name);
    expect(Object.keys(got)).toEqual(Object.keys(want));
    for (const [output, { shape, data }] of Object.entries(want)) {
      expect(got[output]!.shape).toEqual(shape);
      // JSON has no −0.
      expect([...got[output]!.data].map((x) => x + 0)).toEqual([...data].map((x) => x + 0));
    }
    // And that is what the program means.
    const clear = evaluateClear(program, inputs);
    program.outputs.forEach((id) => {
      const { data } = clear.get(id)!;
      const result = want[program.operations[id]!.name]!;
      // The twin's only error is that of approximations, such as a relu by {3, 3}: about what the plan estimates.
      const approximate = program.operations.some(({ op }) => op === 'relu' || op === 'softmax');
      const tolerance = approximate ? 2 * 2 ** -p.estimates.precisionBits : 1e-9;
      data.forEach((x, i) => expect(Math.abs(result.data[i]! - x)).toBeLessThan(tolerance));
    });
    expect(backend.live).toBe(0);
  });

  it('the same, encrypted on the engine', () => {
    const { plan: p, program, inputs } = all['packed']!;
    const want = evaluateClear(program, inputs).get(program.outputs[0]!)!;
    const { fc } = printed('engine', 'packed');
    // The plan's own estimate of the largest error, with a bit for chance.
    const tolerance = 2 ** -(p.estimates.precisionBits - 1);
    want.data.forEach((x, i) => expect(Math.abs(fc!.data[i]! - x)).toBeLessThan(tolerance));
    expect(fc!.data.some((x, i) => x !== want.data[i])).toBe(true); // noise: it was encrypted
    expect(texts['engine']).toContain(' * On the engine.\n');
  });

  it('weights, inputs and report come from where the caller says', () => {
    const { plan: p, program } = all['article']!;
    const inputs = { image: new Tensor([2, 1, 28, 28]) };
    const want = run(p, twin(parametersFor(p)), inputs, program.constants);
    expect([...printed('source')['fc2']!.data]).toEqual([...want['fc2']!.data]);
    expect(texts['source']).not.toContain('readFileSync');
  });

  it('a plan that holds text for a number does not become code', () => {
    const forged = { ...all['article']!.plan, batch: '1; process.exit(1)' as unknown as number };
    expect(() => emit(forged)).toThrow('cannot emit a plan: number should be finite but is "1; process.exit(1)"');
    // Names are text of somebody's, and stay in strings and comments: the program of `free`, above, has run.
    expect(texts['free']).toContain('process.exit(2)');
  });

  it('wrong files are refused with what should be in them', () => {
    const wrong = (name: string, files: string): (() => unknown) => {
      return () => printed(name, files);
    };
    expect(wrong('article', 'packed')).toThrow(/input image should be images×1×28×28 but is 3×1×8×8/);
    writeFileSync(join(folder, 'swapped.safetensors'), writeSafetensors(all['article']!.program.constants));
    writeFileSync(
      join(folder, 'swapped.json'),
      JSON.stringify({ image: { shape: [1, 1, 8, 8], data: Array(64).fill(0) } }),
    );
    expect(wrong('packed', 'swapped')).toThrow(/the weights lack \w+1\./);
  });

  it.each(Object.keys(texts))('%s is laid out as Prettier would', async (name) => {
    expect(await check(texts[name]!, { parser: 'typescript', printWidth: 120, singleQuote: true })).toBe(true);
  });

  it('reads like a program that a person wrote', () => {
    const text = texts['packed']!;
    expect(text).not.toMatch(/toyfhe\/compiler'|JSON.parse\('|\brun\(/);
    for (const [, module] of text.matchAll(/from '(.*)'/g)) {
      expect(module).toMatch(/^(node:fs|toyfhe\/(backend|circuits|nn))$/);
    }
    const flat = text.replaceAll(/\n\s*\/\/\s{2,}/g, ' '); // comments that go over several lines
    const { steps, values } = all['packed']!.plan;
    for (const { to, kind } of steps) {
      const { name, level } = values.find(({ id }) => id === to)!;
      const line = kind === 'add' ? `(level|→) ${level}` : `level ${level + 1} → ${level}`;
      expect(flat).toMatch(new RegExp(`// ${name}: .*${line}`));
    }
    expect(text).toContain('const spec: ParameterSpec = {');
    expect(text).toContain('NOT SECURE');
  });

  it('says in a comment why each parameter is as it is', () => {
    const { reasons } = all['article']!.plan;
    const flat = texts['article']!.replaceAll(/\n\s*\/\/\s+/g, ' ').replaceAll(/\s+/g, ' ');
    for (const { choice, why } of reasons) {
      if (!choice.endsWith(' as one matrix') && !choice.endsWith(' of the result')) expect(flat).toContain(choice);
      expect(flat.toLowerCase()).toContain(why.toLowerCase());
    }
  });
});

describe('planToDot', () => {
  const all = cases();

  it.each(Object.keys(all))('%s: every value once, an edge an operand, a row a level', (name) => {
    const { plan: p } = all[name]!;
    const lines = planToDot(p).trimEnd().split('\n');
    expect([lines[0], lines.at(-1)]).toEqual(['digraph plan {', '}']);
    const nodes = lines.flatMap((line) => /^ {2}v(\d+) \[/.exec(line)?.[1] ?? []);
    expect(nodes.map(Number)).toEqual(p.values.map(({ id }) => id));
    const arrows = lines.flatMap((line) => /^ {2}v(\d+) -> v(\d+)/.exec(line)?.slice(1).join(' ') ?? []);
    expect(arrows).toEqual(
      p.steps.flatMap((s) => ('y' in s ? [`${s.x} ${s.to}`, `${s.y} ${s.to}`] : [`${s.x} ${s.to}`])),
    );
    const rows = lines.flatMap((line) => {
      const [, level, ids] = /rank=same; l(\d+); (.*); }/.exec(line) ?? [];
      return ids === undefined ? [] : ids.split('; ').map((id) => `${id} ${level}`);
    });
    expect(rows.sort()).toEqual(p.values.map(({ id, level }) => `v${id} ${level}`).sort());
    // Every line is one statement, and quotes are in pairs: whatever a name holds, it stays inside its label.
    for (const line of lines.slice(1, -1)) {
      expect(line).toMatch(/^ {2}.*[;}]$/);
      expect(line.replaceAll(/\\./g, '').split('"').length % 2).toBe(1);
    }
  });
});

describe('planFigure', () => {
  it('has levels above and times below, a place a value, and is plain JSON', () => {
    const { plan: p } = planned(packed(), { image: uniform([3, 1, 8, 8], 'images') });
    const { data, layout } = planFigure(p);
    const [levels, times] = data;
    expect(levels!['y']).toEqual(p.values.map(({ level }) => level));
    expect((times!['y'] as number[]).reduce((a, b) => a + b, 0) / 1000).toBeCloseTo(p.estimates.evaluateSeconds, 9);
    for (const { x, y } of data as readonly { x: number[]; y: number[] }[]) {
      expect(x).toEqual(p.values.map((_, i) => i));
      expect(y.length).toBe(x.length);
    }
    expect((layout['xaxis'] as { ticktext: string[] }).ticktext).toEqual(p.values.map(({ name }) => name));
    expect(JSON.parse(JSON.stringify({ data, layout }))).toEqual({ data, layout });
  });
});
