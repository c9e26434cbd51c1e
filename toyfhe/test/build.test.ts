/** The built package, as notebooks (CommonJS, TypeScript 5.0), and programs (ESM) use it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);
// Under the package, so that `toyfhe` resolves as it does for a user of the workspace.
let folder = '';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/setup.mjs'), '--build-only'], { stdio: 'ignore' });
  folder = mkdtempSync(join(root, 'toyfhe/dist/probe-'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim();
}

const PROGRAM = `
  const b = twin({ ringDegree: 16384, chain: [60, 40, 40], special: [60] });
  const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
  const c = ev.rescale(ev.relinearize(ev.square(publicKey.encrypt(b.encode([1, 2, 3])))));
  console.log(String(c.scale), [...b.decode(secretKeys.decrypt(c)).slice(0, 3)].join(' '));`;

describe('the built package', () => {
  it('is imported as ESM', () => {
    expect(runFile('esm.mjs', `import { twin } from 'toyfhe';${PROGRAM}`)).toBe('2^80/q₂ 1 4 9');
  });

  it('is required as CommonJS', () => {
    expect(runFile('cjs.cjs', `const { twin } = require('toyfhe/backend');${PROGRAM}`)).toBe('2^80/q₂ 1 4 9');
  });

  it('calls networks and reads ONNX files in both formats', () => {
    const file = join(root, 'toyfhe/test/onnx/article.onnx');
    const program = `
      const { model } = importOnnx(readFileSync(${JSON.stringify(file)}));
      const x = new Tensor([1, 1, 28, 28], new Float64Array(784).fill(0.5));
      console.log(model(x).data[3] === articleNetwork(model.weights())(x).data[3], model(x).shape.join());`;
    const names = '{ articleNetwork, importOnnx, Tensor }';
    const esm = `import { readFileSync } from 'node:fs';\nimport ${names} from 'toyfhe/nn';${program}`;
    const cjs = `const { readFileSync } = require('node:fs');\nconst ${names} = require('toyfhe/nn');${program}`;
    expect([runFile('onnx.mjs', esm), runFile('onnx.cjs', cjs)]).toEqual(['true 1,10', 'true 1,10']);
  });

  it('loads node-seal where a notebook kernel evaluates cells: in a vm script without dynamic import', () => {
    const cell = `
      const { seal } = require('toyfhe');
      seal({ ringDegree: 8192, chain: [50, 38, 38], special: [51] }).then((b) => {
        const { publicKey, secretKeys } = b.keygen({ relinearize: false });
        console.log(b.decode(secretKeys.decrypt(publicKey.encrypt(b.encode([5]))))[0].toFixed(3));
      });`;
    const kernel = `require('node:vm').runInThisContext('(require) => {' + ${JSON.stringify(cell)} + '}')(require);`;
    expect(runFile('kernel.cjs', kernel)).toBe('5.000');
  });

  it('starts the engine with its threads in a notebook kernel, and lets it exit', () => {
    const cell = `
      const { engine } = require('toyfhe');
      engine({ ringDegree: 8192, chain: [50, 38, 38], special: [50] }, { threads: 2 }).then((b) => {
        const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: [1] });
        const c = ev.rotate(publicKey.encrypt(b.encode([5, 6])), 1);
        console.log(b.decode(secretKeys.decrypt(c))[1].toFixed(3));
      });`;
    const kernel = `require('node:vm').runInThisContext('(require) => {' + ${JSON.stringify(cell)} + '}')(require);`;
    expect(runFile('engine-kernel.cjs', kernel)).toBe('5.000');
  });

  it('every subpath exists in both formats', () => {
    for (const path of [
      'toyfhe',
      'toyfhe/backend',
      'toyfhe/toy',
      'toyfhe/seal',
      'toyfhe/engine',
      'toyfhe/nn',
      'toyfhe/circuits',
      'toyfhe/compiler',
      'toyfhe/expression',
      'toyfhe/inspect',
      'toyfhe/notebook',
    ]) {
      const name = path.replace(/^toyfhe\/?/, '');
      for (const format of ['esm', 'cjs']) {
        for (const file of ['index.js', 'index.d.ts']) {
          expect(existsSync(join(root, 'toyfhe/dist', format, name, file)), `${format} ${name} ${file}`).toBe(true);
        }
      }
    }
  });
});

describe('declarations under TypeScript 5.0.4, which notebooks type-check with', () => {
  interface Diagnostic {
    readonly file: string;
    readonly message: string;
  }

  /** Problems in the probe and in our own declarations; with the options that the notebook kernel hard-codes. */
  function problems(probe: string): Diagnostic[] {
    const ts = require('typescript-5.0') as typeof import('typescript-5.0');
    expect(ts.version).toBe('5.0.4');
    const file = join(folder, 'probe.ts');
    writeFileSync(file, probe);
    const program = ts.createProgram([file], {
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      esModuleInterop: true,
      strict: true,
      noEmit: true,
      types: [],
      skipLibCheck: false, // with it on, types that do not resolve turn into `any` in silence
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map((d) => ({ file: d.file?.fileName ?? '', message: ts.flattenDiagnosticMessageText(d.messageText, ' ') }))
      .filter(({ file: name }) => name.includes('/toyfhe/dist/') || name === '');
  }

  const USES = `
    import { twin, seal, toy, engine, type EngineBackend, FheError, Scale, shadowed, type Backend, type Ciphertext } from 'toyfhe';
    import { NegacyclicRing, CKKSParams, CKKSEncoding, FixedRational, keygen, encrypt, decrypt, zero } from 'toyfhe/toy';
    import { articleNetwork, EncryptedArticleNetwork, importOnnx, readSafetensors, Tensor } from 'toyfhe/nn';
    import { LinearTransform } from 'toyfhe/circuits';
    import { type Plan, plan, record, run } from 'toyfhe/compiler';
    import { cmp, sizes, slotsFigure } from 'toyfhe/inspect';
    import { show, showImages } from 'toyfhe/notebook';
    import { evaluate } from 'toyfhe/expression';
    import { engineSizes, loadParameters, saveParameters } from 'toyfhe/engine';`;

  it('resolve without a problem', () => {
    const found = problems(`${USES}
      const b: Backend = twin({ ringDegree: 16384, chain: [60, 40], special: [60] });
      const keys = b.keygen();
      const c: Ciphertext = keys.publicKey.encrypt(b.encode([1, 2]));
      const v: Float64Array = b.decode(keys.secretKeys.decrypt(c));
      const level: number = c.level;
      c[Symbol.dispose]();
      const y: Tensor = articleNetwork()(new Tensor([1, 1, 28, 28]));
      const z: Tensor = importOnnx(null!).model(y);
      const p: Plan = plan(record(articleNetwork(), [[1, 28, 28]]));
      show(slotsFigure(v), { alt: 'slots' });
      showImages(new Tensor([1, 28, 28]), { captions: ['a digit'] });
      const out: Record<string, Tensor> = run(p, b, { x: y }, articleNetwork().weights());
      export { v, level, z, out, seal, toy, FheError, Scale, shadowed, NegacyclicRing, CKKSParams, CKKSEncoding, FixedRational };
      export { keygen, encrypt, decrypt, zero, articleNetwork, EncryptedArticleNetwork, readSafetensors, LinearTransform, cmp };`);
    expect(found).toEqual([]);
  });

  it('are not `any`: wrong uses are errors', () => {
    const wrong = [
      'const a: string = twin({ ringDegree: 8192, chain: [60] }).decode(null!);',
      'const b: string = keygen(CKKSParams(NegacyclicRing(16, [40]))).priv;',
      'const d: string = CKKSEncoding(FixedRational(2n), zero(NegacyclicRing(16, [40]))).re;',
      'const e: string = cmp("a", [1], [1]).maxDifference;',
      'const f: string = articleNetwork().forward(null!);',
      'const k: string = articleNetwork()(new Tensor([1]));',
      'const m: string = plan(record((x) => x.square(), [[2]])).batch;',
      'articleNetwork()(1);',
      'show([1, 2]);',
      'showImages({ captions: [] });',
      'const m: string = importOnnx(null!).model(new Tensor([1]));',
      'const n: number = sizes({ ringDegree: 8192, chain: [60] }).engine;',
      'const o: string = evaluate("x", { x: CKKSEncoding(FixedRational(2n), zero(NegacyclicRing(16, [40]))) });',
      'const g: string = seal({ ringDegree: 8192, chain: [60] });',
      'const h: string = new LinearTransform(null!, null!, null!).rotations;',
      'twin({ ringDegree: 8192, chain: [60] }).keygen().evaluationKeys.decrypt;',
    ];
    const found = problems(`${USES}\n${wrong.map((line) => `{ ${line} }`).join('\n')}\nexport {};`);
    expect(found.map((d) => d.message).filter((m) => /not assignable|does not exist/.test(m))).toHaveLength(
      wrong.length,
    );
  });

  it('say no type that 5.0 lacks', () => {
    const text = readFileSync(join(root, 'toyfhe/dist/cjs/backend/contract.d.ts'), 'utf8');
    expect(text).not.toMatch(/Array<ArrayBuffer/);
  });
});
