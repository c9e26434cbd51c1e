import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readSafetensors } from 'toyfhe/nn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findDataFile, readDataFile } from '../src/data-file.ts';
import { dataFolder } from '../src/folder.ts';
import { hasMnist } from '../src/mnist.ts';
import { ALL_MNIST_FILES } from '../src/mnist-files.ts';
import { chart } from '../train/chart.ts';
import { NETWORKS, packageWeights } from '../train/networks.ts';
import { parseFlags } from '../train/options.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toyfhe-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program of this package as npm does, with the data folder set to this test's. */
async function run(script: string, args: string[], onErr?: (text: string, pid: number) => void): Promise<Result> {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const env = { ...process.env, TOYFHE_DATA: folder };
  const child = spawn(process.execPath, ['--conditions=toyfhe:source', path, ...args], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
    onErr?.(err, child.pid!);
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('npm run data', () => {
  const data = (...args: string[]): Promise<Result> => run('src/cli.ts', args);

  test('--check lists what is missing and what is damaged: exit code 2', async () => {
    await mkdir(join(folder, 'mnist'));
    await writeFile(join(folder, 'mnist', ALL_MNIST_FILES[0]!.name), 'no labels');
    const { code, out } = await data('--check');
    expect(code).toBe(2);
    expect(lines(out)[0]).toBe(`${join(folder, 'mnist')} (TOYFHE_DATA)`);
    expect(lines(out)[1]).toMatch(
      /^t10k-labels-idx1-ubyte +cannot use .*should be 10008 bytes long but is 9 bytes \(truncated\)/,
    );
    expect(lines(out).filter((line) => / missing$/.test(line)).length).toBe(3);
    expect(await readdir(folder, { recursive: true })).toEqual(['mnist', `mnist/${ALL_MNIST_FILES[0]!.name}`]);
  });

  test('--check where nothing is there: exit code 1', async () => {
    const { code, out } = await data('--check');
    expect(code).toBe(1);
    expect(lines(out).filter((line) => / missing$/.test(line)).length).toBe(4);
  });

  test('offline: one line, exit code 2, nothing written', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { code, err } = await data('--mirror', `http://127.0.0.1:${port}`);
    expect(code).toBe(2);
    expect(lines(err)).toEqual([
      expect.stringMatching(/^npm run data: cannot download .* \(ECONNREFUSED\); check the/),
    ]);
    expect(await readdir(join(folder, 'mnist'))).toEqual([]);
  });

  test.each([
    [['--nonsense'], /^npm run data: .*--nonsense/],
    [['--mirror', 'ftp://x'], /^npm run data: --mirror should begin with http/],
    [['extra'], /^npm run data: .*extra/],
  ])('bad flags %j: one line, exit code 2', async (args, message) => {
    const { code, err } = await data(...args);
    expect(code).toBe(2);
    expect(lines(err)).toEqual([expect.stringMatching(message)]);
  });

  test('--help', async () => {
    const { code, out } = await data('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/--check/);
  });

  if (hasMnist('test') && hasMnist('train')) {
    test('downloads the real four files, and finds them the second time', async () => {
      const server = createServer(async ({ url = '' }, response) => {
        const wanted = ALL_MNIST_FILES.find(({ name }) => url === `/m/${name}.gz`)!;
        const path = findDataFile(join(dataFolder().path, 'mnist'), wanted.name)!;
        response.end(path.endsWith('.gz') ? await readFile(path) : gzipSync(await readDataFile(path, wanted.size)));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const first = await data('--mirror', `http://127.0.0.1:${port}/m`);
      server.close();
      expect(first).toMatchObject({ code: 0, err: '' });
      expect(lines(first.out).filter((line) => / downloaded, right$/.test(line)).length).toBe(4);
      const second = await data();
      expect(lines(second.out).filter((line) => / already there, right$/.test(line)).length).toBe(4);
      expect((await data('--check')).code).toBe(0);
    });
  } else {
    test('the download of the real files was tried only up to the server: MNIST is not here (TOYFHE_DATA)', async () => {
      expect((await data('--check')).code).toBe(1);
    });
  }
});

describe('npm run train', () => {
  const train = (args: string[], onErr?: (text: string, pid: number) => void): Promise<Result> =>
    run('train/mnist.ts', args, onErr);

  // What is typed for each network, and what the run says when it is done.
  test.each([
    ['article', [], /\nwrote .*\nnpx toyfhe mnist --weights .*small\.safetensors uses it\n$/],
    ['two-conv', ['--network', 'two-conv'], /\nwrote .*\n$/],
  ] as const)('trains %s, on the stand-in where MNIST is not, and writes weights and record', async (...given) => {
    const [name, flags, last] = given;
    const out = join(folder, 'new', 'small.safetensors');
    const { code, err } = await train([...flags, '--epochs', '2', '--seed', '3', '--limit', '1000', '--out', out]);
    expect(code).toBe(0);
    expect(err).toMatch(/drawn stand-in for MNIST train, 1000 of 10000 images/);
    expect(err).toMatch(/epoch 2\/2 {2}loss \d\.\d+ {2}accuracy [\d.]+ % {2}validation [\d.]+ % {2}0 s left\n/);
    expect(err).toMatch(/kept epoch 2, the last one\nstand-in-test: [\d.]+ % \(\d+ of 1000\)\nwrote /);
    expect(err).toMatch(last);
    const network = NETWORKS.find((one) => one.name === name)!;
    const { tensors } = readSafetensors(await readFile(out));
    expect(() => network.make(tensors)).not.toThrow();
    const record = JSON.parse(await readFile(join(folder, 'new', 'small.json'), 'utf8'));
    expect(record).toMatchObject({ seed: 3, epochs: 2, stoppedEarly: false, test: { images: 'stand-in-test' } });
    expect(record).toMatchObject({ network: network.layers, hyperParameters: network.hyperParameters });
    // Typed again, the command that the record names trains the same network the same way.
    const typed = record.command.replace('npm run train -- ', '').split(' ');
    expect(parseFlags(typed)).toMatchObject({ network, epochs: 2, seed: 3, limit: 1000 });
    expect(record.curve.length).toBe(2);
    expect(record.test.accuracy).toBeGreaterThan(0.2); // twice what guessing gives
    expect((await readdir(join(folder, 'new'))).sort()).toEqual(['small.json', 'small.safetensors']);
  });

  test('Ctrl-C keeps the best epoch so far', async () => {
    const out = join(folder, 'stopped.safetensors');
    let sent = false;
    const { code, err } = await train(['--epochs', '9999', '--limit', '1000', '--out', out], (text, pid) => {
      if (!sent && text.includes('epoch 2/')) process.kill(pid, 'SIGINT');
      sent ||= text.includes('epoch 2/');
    });
    expect(code).toBe(0);
    expect(err).toMatch(/stopped after \d+ epochs: keeping the best of them/);
    expect(err).toMatch(/kept epoch \d+, the best on the validation images/);
    const record = JSON.parse(await readFile(out.replace('safetensors', 'json'), 'utf8'));
    expect(record.stoppedEarly).toBe(true);
    expect(record.curve.length).toBeGreaterThanOrEqual(2);
  });

  test('without --out the weights go where git does not look; --replace names the package’s', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    expect(parseFlags([]).out).toBe(join(root, '.cache', 'mnist-article.safetensors'));
    expect(parseFlags(['--replace']).out).toBe(join(root, 'datasets', 'weights', 'mnist-article.safetensors'));
    const other = ['--network', 'two-conv'];
    expect(parseFlags(other).out).toBe(join(root, '.cache', 'mnist-two-conv.safetensors'));
    expect(parseFlags([...other, '--replace']).out).toBe(
      join(root, 'datasets', 'weights', 'mnist-two-conv.safetensors'),
    );
  });

  test.each(NETWORKS)(
    '--replace without MNIST is refused before $name is trained, and changes nothing',
    async (network) => {
      const path = packageWeights(network);
      const before = await readFile(path);
      const { code, err } = await train(['--network', network.name, '--replace']);
      expect(code).toBe(2);
      expect(lines(err)).toEqual([
        expect.stringMatching(
          /^npm run train: cannot replace the package's weights: the images should be MNIST but is/,
        ),
      ]);
      expect(await readFile(path)).toEqual(before);
      expect((await readdir(dirname(path))).filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );

  test('a place that cannot be written is refused before the training; nothing is left behind', async () => {
    await writeFile(join(folder, 'plain'), '');
    await mkdir(join(folder, 'taken.safetensors'));
    for (const out of ['plain/x.safetensors', 'taken.safetensors', `new/${'x'.repeat(300)}.safetensors`]) {
      const { code, err } = await train(['--out', join(folder, out)]);
      expect(code).toBe(2);
      expect(lines(err)).toEqual([expect.stringMatching(/^npm run train: cannot write the weights: .*; give another/)]);
    }
    expect((await readdir(folder)).sort()).toEqual(['plain', 'taken.safetensors']);
  });

  test.each([
    [['--replace', '--limit', '1000'], /^npm run train: cannot replace .*--limit should be left out but is 1000; /],
    [['--replace', '--out', 'x.safetensors'], /^npm run train: cannot replace .*--out should be left out/],
    [['--network', 'resnet'], /^npm run train: --network should be article or two-conv but is "resnet"$/],
    [['--epochs', '0'], /^npm run train: --epochs should be a whole number from 1 to 10000 but is "0"$/],
    [['--seed', '1e3'], /^npm run train: --seed should be a whole number/],
    [['--limit', '10'], /^npm run train: --limit should be/],
    [['--out', 'x.txt'], /^npm run train: --out should end in \.safetensors but is "x.txt"$/],
    [['--bogus'], /^npm run train: .*--bogus/],
  ])('bad flags %j: one line, exit code 2', async (args, message) => {
    const { code, err } = await train(args);
    expect(code).toBe(2);
    expect(lines(err)).toEqual([expect.stringMatching(message)]);
  });

  test('--help', async () => {
    const { code, out } = await train(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/--epochs <n>/);
    for (const { name } of NETWORKS) expect(out).toMatch(new RegExp(`^ +${name} +conv `, 'm'));
  });
});

test('the chart: as high as the value, on a logarithmic axis', () => {
  expect(chart('loss', [4, 2, 1], 2)).toBe(
    ['loss', '    4.00 ┤██▁▁  ', '    1.00 ┤████▁▁', '         └────── epoch 3'].join('\n'),
  );
  expect(chart('flat', [1, 1], 1)).toContain('▁▁▁▁');
});
