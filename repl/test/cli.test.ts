/** The command as a person runs it: its own process, its exit code, its two streams. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const empty = mkdtempSync(join(tmpdir(), 'toyfhe-'));

beforeAll(
  () => execFileSync(process.execPath, [join(root, 'scripts/setup.mjs'), '--build-only'], { stdio: 'ignore' }),
  120_000,
);
afterAll(() => rmSync(empty, { recursive: true, force: true }));

function toyfhe(args: string[], env: Record<string, string> = {}): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [join(root, 'repl/bin/toyfhe.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('toyfhe: the REPL without a terminal, and scripts', () => {
  function piped(input: string, args: string[] = ['--plain']): { code: number | null; out: string; err: string } {
    const bin = join(root, 'repl/bin/toyfhe.js');
    const done = spawnSync(process.execPath, [bin, ...args], {
      encoding: 'utf8',
      input,
      env: { ...process.env, NO_COLOR: '1' },
    });
    return { code: done.status, out: done.stdout, err: done.stderr };
  }

  it('lines from a pipe', () => {
    expect(piped('const N = 8\nN * 2\n')).toEqual({ code: 0, out: '16\n', err: '' });
    expect(piped('const N = 8\nN * 2\n', [])).toEqual({ code: 0, out: '16\n', err: '' });
    expect(piped('N\n')).toMatchObject({ code: 1, out: '', err: expect.stringContaining("Cannot find name 'N'") });
  });

  it('a script, with everything preloaded, operators, arguments and its exit code', () => {
    const script = join(empty, 'script.ts');
    writeFileSync(join(empty, 'beside.ts'), 'export const two: number = 2;\n');
    writeFileSync(
      script,
      `#!/usr/bin/env toyfhe
import { two } from './beside.ts';
const kp = keygen(InsecureDebug(CKKSParams(NegacyclicRing(16, [40, 40, 40]))));
const plain = CKKSEncoding(FixedRational(2n ** 40n), zero(NegacyclicRing(16, [40, 40, 40]))).assign([1, 2, 3]);
const c = encrypt(kp.pub, plain);
console.log(Array.from(decrypt(kp.priv, c * c + 2 * (c * c)).re, Math.round).join());
console.log(process.argv.slice(two).join());
'not printed';
`,
    );
    expect(piped('', [script, 'a', '--b'])).toEqual({ code: 0, out: '3,12,27,0,0,0,0,0\na,--b\n', err: '' });
    writeFileSync(script, "console.log('before'); throw new Error('bad');");
    expect(piped('', [script])).toMatchObject({ code: 1, out: 'before\n', err: expect.stringContaining('bad') });
    writeFileSync(script, 'process.exit(7)');
    expect(piped('', [script]).code).toBe(7);
    writeFileSync(script, 'const x: string = 1;');
    expect(piped('', [script])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('TS2322') });
  });

  it('doctor', () => {
    const { code, out } = piped('', ['doctor']);
    expect(code).toBe(0);
    expect(out).toMatch(/The engine +runs on \d+ threads?/);
  });
});

describe('toyfhe walkthrough', () => {
  it('--noise off prints 23 steps with the digits of the article', () => {
    const { code, out, err } = toyfhe(['walkthrough', '--noise', 'off']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (let step = 1; step <= 23; step++) expect(out).toMatch(new RegExp(`^A${step} `, 'm'));
    // Q, the shrunk Q, the scale after modswitch and the Galois element, to the letter.
    expect(out).toContain('ℤ₁₃₂₉₂₂₇₉₉₇₅₆₈₀₈₁₄₅₇₄₀₂₇₀₁₂₀₇₁₀₄₂₄₈₂₅₇/(x¹⁶ + 1)');
    expect(out).toContain('ℤ₁₂₀₈₉₂₅₈₂₀₁₄₄₅₉₃₇₇₉₃₃₁₅₅₃/(x¹⁶ + 1)');
    expect(out).toContain('1.099511626783e12');
    expect(out).toContain('CKKS galois key (element 25)');
  });

  it('--noise on prints digits of its own on every run', () => {
    const [a, b] = [toyfhe(['walkthrough']), toyfhe(['walkthrough', '--noise', 'on'])];
    expect([a.code, b.code]).toEqual([0, 0]);
    expect(a.out).not.toBe(b.out);
  });
});

describe('toyfhe mnist', () => {
  it('--json: one line of JSON on stdout, the report on stderr', () => {
    const { code, out, err } = toyfhe([
      'mnist',
      '--backend',
      'twin',
      '--images',
      '3',
      '--dataset',
      'stand-in',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(result)).toEqual(
      'task backend dataset images correct plainCorrect agree maxLogitError ringDegree logQP securityBits seconds'.split(
        ' ',
      ),
    );
    expect(Object.keys(result.seconds as object)).toEqual(['keygen', 'prepare', 'encrypt', 'evaluate', 'decrypt']);
    expect(result).toMatchObject({ task: 'mnist', backend: 'twin', dataset: 'stand-in-test', images: 3, agree: 3 });
    expect(err).toContain('3 of 3 predictions agree');
  });

  it('without --json: the report on stdout', () => {
    const { code, out, err } = toyfhe(['mnist', '--backend', 'twin', '--images', '1', '--dataset', 'stand-in']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('1 of 1 predictions agree');
  });
});

describe('toyfhe run, explain, emit', () => {
  it('run --json: one line of JSON on stdout, the report on stderr', () => {
    const { code, out, err } = toyfhe('run two-conv --backend twin --images 2 --dataset stand-in --json'.split(' '));
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ task: 'run', model: 'two-conv', backend: 'twin', images: 2, agree: 2 });
    expect(err).toContain('2 of 2 predictions agree');
  });

  it('explain: text, the plan, or a drawing', () => {
    expect(toyfhe(['explain', 'mnist', '--precision', '20']).out).toMatch(
      /^ring degree 16384, [^]*\nwhy:\n- layout patches/,
    );
    expect(JSON.parse(toyfhe(['explain', 'two-conv', '--json']).out)).toMatchObject({ format: 'toyfhe-plan' });
    expect(toyfhe(['explain', 'two-conv', '--dot']).out).toMatch(/^digraph /);
  });

  it('emit: a program on stdout, and nothing else', () => {
    const { code, out, err } = toyfhe(['emit', 'mnist', '--backend', 'twin', '--images', '2']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^\/\*\*\n \* mnist: [^]*from 'toyfhe\/backend';/);
  });
});

describe('what is refused: one line, exit code 2', () => {
  const refused = (args: string[], line: RegExp, env: Record<string, string> = {}): void => {
    const { code, out, err } = toyfhe(args, env);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trimEnd().split('\n'), err).toHaveLength(1);
    expect(err).toMatch(line);
  };

  it.each([
    [['nonsense'], /cannot start: argument should be a command or a script but is nonsense/],
    [['no-such-file.ts'], /cannot run no-such-file\.ts: the file should be readable/],
    [['mnist', '--images', '0'], /images/],
    [['mnist', '--images', '2.5'], /images/],
    [['mnist', '--backend', 'engine9'], /backend.*seal, toy, twin/],
    [['mnist', '--dataset', 'cifar'], /dataset/],
    [['walkthrough', '--noise', 'maybe'], /noise.*on, off/],
    [['mnist', '--frobnicate'], /unknown option/],
    [['mnist', '--images', '1e1'], /images/],
    [
      ['mnist', '--weights', 'nowhere.safetensors'],
      /cannot read weights: nowhere.safetensors should be .* but is ENOENT/,
    ],
    [['mnist', '--weights', 'package.json'], /cannot read .*safetensors/],
    [
      ['mnist', '--dataset', 'stand-in', '--images', '1001'],
      /images should be at most 1000.* but is 1001; ask for fewer/,
    ],
    [
      ['mnist', '--backend', 'twin', '--threads', '2'],
      /threads should be left out for the backend twin.* but is 2; take the engine/,
    ],
    [['mnist', '--precision', '20'], /precision should be left out .* but is 20; add --compiled/],
    [['run', 'cifar'], /name should be one of mnist, article, two-conv, or an .onnx file but is "cifar"/],
    [['explain', 'mnist', '--precision', '46'], /precisionBits should be from 1 to 45/],
    [['explain', 'mnist', '--json', '--dot'], /'--dot' cannot be used with option '--json'/],
    [
      ['relu', '--bound', '1e9'],
      /cannot evaluate ReLU: bound should be from 2\^-14 to 2\^27.* but is 1000000000; divide/,
    ],
    [['run'], /missing required argument 'model'/],
    [['mnist', '--threads', '257', '--dataset', 'stand-in'], /threads should be an integer from 1 to 256 but is 257/],
  ])('%j', (args, line) => refused(args as string[], line as RegExp));

  it('weights of another name, which would be read as their own record', () => {
    const path = join(empty, 'w.bin');
    copyFileSync(join(root, 'datasets/weights/mnist-article.safetensors'), path);
    refused(
      ['mnist', '--compiled', '--weights', path, '--dataset', 'stand-in'],
      /name of the weights file should be <name>.safetensors but is .*w\.bin; rename it/,
    );
  });

  it('more images than the stand-in has, where MNIST is not there', () => {
    const none = { TOYFHE_DATA: '', XDG_CACHE_HOME: empty };
    refused(
      ['mnist', '--images', '10000'],
      /MNIST is not there, so drawn digits stand in: `npm run data` gets it/,
      none,
    );
  });

  it('images, where TOYFHE_DATA has no MNIST', () => {
    const here = { TOYFHE_DATA: empty };
    refused(['mnist', '--images', '1'], /should be in .* but is missing; .*set TOYFHE_DATA to the folder/, here);
  });

  it('missing data, where MNIST is asked for', () => {
    refused(['mnist', '--backend', 'twin', '--dataset', 'mnist'], /cannot load MNIST.*missing.*npm run data/, {
      TOYFHE_DATA: empty,
    });
  });

  it.each([
    ['wrong magic', Buffer.from([9, 9, 9, 9, 0, 0, 0, 1])],
    ['truncated', Buffer.from([0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2, 3])],
    [
      'wrong checksum',
      Buffer.concat([Buffer.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28]), Buffer.alloc(784)]),
    ],
  ])('a damaged file: %s', (_what, images) => {
    const folder = join(empty, 'damaged');
    mkdirSync(join(folder, 'mnist'), { recursive: true });
    writeFileSync(join(folder, 'mnist/t10k-images-idx3-ubyte'), images);
    writeFileSync(join(folder, 'mnist/t10k-labels-idx1-ubyte'), Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 7]));
    refused(['mnist', '--backend', 'twin'], /^cannot .* should be .* but is .*; .*\n$/, { TOYFHE_DATA: folder });
  });
});

it('ends quietly when the reader of a pipe has seen enough', () => {
  const command = `"${process.execPath}" repl/bin/toyfhe.js mnist --backend twin --images 1 --dataset stand-in | true`;
  const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], { cwd: root, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('says what it can do', () => {
  const { code, out } = toyfhe(['--help']);
  expect(code).toBe(0);
  for (const command of ['walkthrough', 'mnist', 'run', 'explain', 'emit', 'tour']) expect(out).toContain(command);
  expect(toyfhe(['mnist', '--help']).out).toMatch(/TOYFHE_DATA[^]*npm run data/);
  expect(toyfhe(['run', '--help']).out).toMatch(/two-conv: two\s+convolutions/);
  expect(toyfhe(['bench', '--help']).out).toMatch(/about two\s+minutes/);
  expect(toyfhe(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
});
