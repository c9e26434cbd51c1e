/** Compiled programs beside the one written by hand, explained, drawn, and printed as programs of their own. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadMnist, loadWeights } from '@toyfhe/datasets';
import { twin } from 'toyfhe/backend';
import { evaluateClear, parametersFor, plan, type Plan } from 'toyfhe/compiler';
import { readSafetensors } from 'toyfhe/nn';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planClassifier } from '../src/compiled/classifier.ts';
import { emitModel } from '../src/compiled/emit.ts';
import { planModel } from '../src/compiled/plan-model.ts';
import { printPlan } from '../src/compiled/print.ts';
import { INPUT } from '../src/loaded-model.ts';
import { articleClassifier } from '../src/mnist/article.ts';
import { classifyAll } from '../src/mnist/classify.ts';
import { imageTensor } from '../src/mnist/images.ts';
import { classifyMnist } from '../src/mnist/job.ts';
import { reportDigits } from '../src/mnist/report.ts';
import { loadModel } from '../src/models.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const onnx = join(root, 'toyfhe/test/onnx/article.onnx');
const made: string[] = [];

describe('toyfhe mnist --compiled', () => {
  it('on the twin: the compiled program and the one by hand are the network in the clear, to rounding', async () => {
    const { result, layers } = await classifyMnist({
      backend: 'twin',
      dataset: 'stand-in',
      images: 3,
      compiled: true,
    });
    expect(result).toMatchObject({ task: 'mnist', backend: 'twin', images: 3, agree: 3, ringDegree: 16384 });
    expect(result.maxLogitError).toBeLessThan(1e-10); // sums of doubles in another order
    expect(layers.map((l) => l.name)).toEqual(['conv', 'square1', 'fc1', 'square2', 'fc2']);
    for (const l of layers) expect(l.maxDifference).toBeLessThan(1e-10);
    expect(Object.keys(result)).toEqual(
      (
        'task backend dataset images correct plainCorrect agree maxLogitError ringDegree logQP securityBits seconds' +
        ' chosen handWritten'
      ).split(' '),
    );
    expect(Object.keys(result.seconds)).toEqual(['keygen', 'prepare', 'encrypt', 'evaluate', 'decrypt']);
    // 35 rotations, as many as the program by hand makes, where the article's loops make 315.
    expect(result.chosen).toMatchObject({ ringDegree: 16384, rotations: 35 });
    expect(result.chosen!.levels).toBeGreaterThanOrEqual(5); // two squares between three matrices
    expect(result.handWritten).toMatchObject({ agree: 3 });
    expect(result.handWritten!.evaluate).toBeGreaterThan(0);
  });

  it('the same, encrypted on the readable ring: one image', async () => {
    const run = await classifyMnist({ backend: 'toy', dataset: 'stand-in', images: 1, compiled: true });
    const { result } = run;
    expect(result).toMatchObject({ backend: 'toy', agree: 1, ringDegree: 128, securityBits: 0 });
    expect(result).toMatchObject({ handWritten: { agree: 1 } });
    expect(result.maxLogitError).toBeLessThan(2 ** -18); // 20 bits are asked for, and that is an estimate
    expect(result.maxLogitError).toBeGreaterThan(0); // it was encrypted
    const report = reportDigits(run, { width: 80, colour: false });
    expect(report).toContain('planned: patches, one image an evaluation;');
    expect(report).toMatch(/the program written by hand.*: evaluate/);
    for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('asks for more precision, and only where the program is compiled', async () => {
    const model = await loadModel('mnist');
    const scale = (precision: number): number =>
      planModel(model, { backend: 'engine', precision }).parameters.scaleBits;
    expect(scale(22) - scale(16)).toBeGreaterThanOrEqual(5); // a bit of precision is a bit of scale, about
    await expect(classifyMnist({ backend: 'twin', dataset: 'stand-in', precision: 20 })).rejects.toThrow(
      /precision should be left out .* but is 20; add --compiled/,
    );
  });

  it('wants the record of weights of one’s own: how large their values get', async () => {
    const folder = temporary();
    const { path } = await loadWeights('mnist-article');
    const weights = join(folder, 'own.safetensors');
    copyFileSync(path, weights);
    const options = { backend: 'twin', dataset: 'stand-in', images: 1, weights } as const;
    await expect(classifyMnist({ ...options, compiled: true })).rejects.toThrow(
      /record of the weights should be there/,
    );
    copyFileSync(path.replace('.safetensors', '.json'), join(folder, 'own.json'));
    expect((await classifyMnist({ ...options, compiled: true })).result.agree).toBe(1);
  });
});

describe('classifiers side by side', () => {
  it('with batches of four and one: each image once in each, and nothing is left over', async () => {
    const data = await loadMnist({ split: 'test', limit: 7, source: 'stand-in' });
    const { program, ranges } = await loadModel('mnist');
    const small = plan(program, { ranges, securityBits: 0 });
    const spec = { ringDegree: 512, chain: [60, 40, 40, 40, 40, 40], special: [60], scaleBits: 40, insecure: true };
    const weights = readSafetensors((await loadWeights('mnist-article')).bytes).tensors;
    const byHand = { backend: twin(spec), classifier: articleClassifier(weights, spec) };
    const compiled = { backend: twin(parametersFor(small)), classifier: planClassifier(small, program) };
    expect([byHand.classifier.batch, compiled.classifier.batch]).toEqual([4, 1]);
    const tallies = classifyAll([byHand, compiled], data);
    for (const { predictions, layers, evaluations, maxLogitError } of tallies) {
      expect(predictions.map((p) => p.label)).toEqual([...data.labels]);
      expect(predictions.map((p) => p.encrypted)).toEqual(predictions.map((p) => p.plain));
      expect(layers).toHaveLength(5);
      expect(evaluations).toHaveLength(2); // images 0 to 3, and 4 to 6
      expect(maxLogitError).toBeLessThan(1e-10);
    }
    expect([byHand.backend.live, compiled.backend.live]).toEqual([0, 0]);
  });
});

describe('known models', () => {
  it.each([
    ['mnist', 10],
    ['two-conv', 10],
    [onnx, 10],
  ])('%s: recorded, with ranges that cover images that were not measured', async (name, classes) => {
    const { program, ranges } = await loadModel(name);
    const data = await loadMnist({ split: 'test', limit: 200, source: 'stand-in' });
    const values = evaluateClear(program, {
      [INPUT]: imageTensor(data, 0, data.count, program.inputs[0]!.shape),
    });
    for (const { id, name: operation } of program.operations) {
      const range = ranges[operation];
      if (range === undefined) continue; // flatten
      const largest = typeof range === 'number' ? range : range.largest;
      expect(
        values.get(id)!.data.every((x) => Math.abs(x) <= largest),
        operation,
      ).toBe(true);
    }
    const last = program.operations.at(-1)!;
    expect(last.shape).toEqual([classes]);
    expect(Object.keys(ranges)).toContain(last.name);
  });

  it('an alias is the same model; others are refused, with the names that there are', async () => {
    expect((await loadModel('article')).name).toBe('mnist');
    await expect(loadModel('cifar')).rejects.toThrow(
      /one of mnist, article, two-conv, or an .onnx file but is "cifar"/,
    );
    await expect(loadModel('nowhere.onnx')).rejects.toThrow(/cannot read a model: nowhere.onnx should be .* is ENOENT/);
    await expect(loadModel(join(root, 'toyfhe/test/onnx/gemm.onnx'))).rejects.toThrow(/from 784 pixels to one vector/);
  });
});

describe('toyfhe explain', () => {
  let planned: Plan;
  beforeAll(async () => {
    planned = planModel(await loadModel('two-conv'), { backend: 'engine', precision: 20 });
  });

  it('prints the table as it is, and the rest at the width of the terminal', () => {
    const text = printPlan(planned, 'text', 60);
    const lines = text.split('\n');
    const table = lines.slice(
      lines.findIndex((line) => line.trim().startsWith('level')),
      lines.findIndex((line) => line.startsWith('expected')),
    );
    expect(table.filter(Boolean)).toHaveLength(1 + planned.values.length); // the head, the input, and each step
    for (const line of lines) if (!table.includes(line)) expect(line.length).toBeLessThanOrEqual(60);
    expect(text).toMatch(/^- scale 2\^\d+: the smallest for which 20 bits\n? /m);
    expect(text.replaceAll(/\n */g, ' ')).toContain('128-bit security');
  });

  it('prints the plan itself, and a drawing', () => {
    expect(JSON.parse(printPlan(planned, 'json', 80))).toEqual(planned);
    expect(printPlan(planned, 'dot', 80)).toMatch(/^digraph [^]*\}$/);
  });

  it('plans for what each backend takes', async () => {
    const model = await loadModel('two-conv');
    const specialOf = (backend: 'engine' | 'seal'): readonly number[] =>
      planModel(model, { backend }).parameters.special;
    expect(specialOf('engine').length).toBeGreaterThan(1);
    expect(specialOf('seal')).toEqual([60]);
    const toy = planModel(model, { backend: 'toy' });
    // Whatever its estimated times say: the toy takes no larger ring.
    expect(toy.parameters.ringDegree).toBeLessThanOrEqual(1024);
    expect(planModel(await loadModel('two-conv'), { backend: 'toy' }).parameters.ringDegree).toBeLessThanOrEqual(1024);
    expect(toy).toMatchObject({ securityBits: 0, batch: 1, parameters: { insecure: true } });
  });
});

describe('toyfhe emit', () => {
  const folder = temporary();
  const programs: { readonly name: string; readonly images: number; readonly file: string }[] = [
    { name: 'mnist', images: 3, file: join(folder, 'mnist.ts') },
    { name: onnx, images: 1, file: join(folder, 'onnx.ts') },
  ];
  beforeAll(async () => {
    for (const { name, images, file } of programs) {
      writeFileSync(file, await emitModel(name, { backend: 'twin', images }));
    }
  });

  it('prints programs that type-check', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    const checked = ts.createProgram(
      programs.map(({ file }) => file),
      { ...options, noEmit: true },
    );
    const wrong = ts.getPreEmitDiagnostics(checked).filter(({ file }) => file?.fileName.startsWith(folder));
    expect(wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });

  it.each(programs)('prints a program that runs: $name', ({ images, file }) => {
    const out = execFileSync(process.execPath, ['--conditions=toyfhe:source', file], { encoding: 'utf8', cwd: root });
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(1 + images + 1);
    expect(lines[0]).toContain('; twin');
    for (const line of lines.slice(1, -1)) {
      const [, plain, encrypted] = /^label \d, plain (\d), encrypted (\d)$/.exec(line) ?? [];
      expect(encrypted, line).toBe(plain);
      expect(plain).toBeDefined();
    }
    const [, agree, error] =
      /^(\d+) of \d+ predictions agree with the .*; largest logit error (\S+)$/.exec(lines.at(-1)!) ?? [];
    expect(Number(agree)).toBe(images);
    expect(Number(error)).toBeLessThan(1e-10); // sums of doubles in another order
  });

  it('makes the backend that is asked for, and refuses images that are not there', async () => {
    const text = await emitModel('two-conv', { backend: 'engine' });
    expect(text).toContain("from 'toyfhe/engine'");
    expect(text).toContain('await engine(spec)');
    await expect(emitModel('two-conv', { backend: 'engine', images: 10_001 })).rejects.toThrow(/number of images/);
  });
});

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Inside the checkout, so that programs in it find the packages. */
function temporary(): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/compiled-'));
  made.push(folder);
  return folder;
}
