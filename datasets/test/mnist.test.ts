import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FheError } from 'toyfhe/backend';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findDataFile, readDataFile } from '../src/data-file.ts';
import { dataFolder } from '../src/folder.ts';
import { hasMnist, loadMnist } from '../src/mnist.ts';
import { MNIST_FILES } from '../src/mnist-files.ts';

let folder = '';
const made: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toyfhe-mnist-'));
  made.push(folder);
  await mkdir(join(folder, 'mnist'));
});

afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true }))));

const IMAGES = 't10k-images-idx3-ubyte';
const LABELS = 't10k-labels-idx1-ubyte';

/** A sound IDX file of so many images of 28×28, or labels. */
function idx(kind: 'images' | 'labels', count: number): Uint8Array {
  const header =
    kind === 'images' ? [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28] : [0, 0, 8, 1, 0, 0, 0, count];
  return Uint8Array.from([...header, ...new Uint8Array(count * (kind === 'images' ? 784 : 1))]);
}

/** As many as in the real files, all zero. */
function whole(kind: 'images' | 'labels'): Uint8Array {
  const bytes = new Uint8Array(MNIST_FILES.test[kind].size);
  bytes.set(idx(kind, 0));
  new DataView(bytes.buffer).setUint32(4, 10_000);
  return bytes;
}

const put = (name: string, bytes: Uint8Array): Promise<void> => writeFile(join(folder, 'mnist', name), bytes);
const load = (source: 'auto' | 'mnist') => loadMnist({ split: 'test', source, folder });

describe('without MNIST', () => {
  test('auto draws the stand-in and says so and why', async () => {
    const set = await loadMnist({ split: 'train', folder, limit: 20 });
    expect(set.name).toBe('stand-in-train');
    expect(set.about).toContain(`20 of 10000 images (no MNIST in ${join(folder, 'mnist')}; \`npm run data\` gets it)`);
    expect([set.count, set.rows, set.columns, set.images.length]).toEqual([20, 28, 28, 20 * 784]);
    expect(hasMnist('train', folder)).toBe(false);
  });

  test('asking for MNIST is an error with one line', async () => {
    await expect(load('mnist')).rejects.toThrow(
      `cannot load MNIST: ${IMAGES} should be in ${join(folder, 'mnist')} but is missing; run \`npm run data\`, or set TOYFHE_DATA to the folder that holds mnist/`,
    );
    await put(IMAGES, idx('images', 1));
  });

  test.each([
    [IMAGES, 'images', LABELS],
    [LABELS, 'labels', IMAGES],
  ] as const)('one file of two, %s: no choice of the stand-in, but an error', async (there, kind, missing) => {
    await put(there, idx(kind, 1));
    for (const source of ['auto', 'mnist'] as const) {
      await expect(load(source)).rejects.toMatchObject({
        code: 'FORMAT',
        message: expect.stringContaining(`cannot load MNIST: ${missing} should be in ${folder}/mnist but is missing;`),
      });
    }
    expect((await loadMnist({ split: 'train', folder, limit: 1 })).name).toBe('stand-in-train'); // the other split
  });
});

describe('damaged files are errors, also where the stand-in could help out', () => {
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      'wrong magic',
      () => Promise.all([put(IMAGES, idx('labels', 9)), put(LABELS, idx('labels', 1))]),
      /the magic number should be 0x00000803 but is 0x00000801/,
    ],
    [
      'truncated',
      () => Promise.all([put(IMAGES, idx('images', 2).subarray(0, 900)), put(LABELS, idx('labels', 2))]),
      /should be 1584 bytes long but is 900 bytes \(truncated\)/,
    ],
    [
      'trailing bytes',
      () => Promise.all([put(IMAGES, Uint8Array.of(...idx('images', 1), 0)), put(LABELS, idx('labels', 1))]),
      /800 bytes long but is 801 bytes \(1 byte too many\)/,
    ],
    [
      'counts that differ',
      () => Promise.all([put(IMAGES, idx('images', 3)), put(LABELS, idx('labels', 2))]),
      /the number of labels should be 3, one per image but is 2/,
    ],
    [
      'another checksum',
      () => Promise.all([put(IMAGES, whole('images')), put(LABELS, whole('labels'))]),
      /the SHA-256 should be 0fa7898d…4ce7 but is \w{8}…\w{4}; delete the file/,
    ],
    [
      'sound files of fewer images',
      () => Promise.all([put(IMAGES, idx('images', 3)), put(LABELS, idx('labels', 3))]),
      /should be 7840016 bytes long but is 2368 bytes \(truncated\)/,
    ],
    [
      'a gzip file with bytes after its end',
      () =>
        Promise.all([
          put(`${IMAGES}.gz`, Buffer.concat([gzipSync(idx('images', 9)), Buffer.from('and so on')])),
          put(LABELS, idx('labels', 9)),
        ]),
      /but is \d+ bytes \(9 bytes too many\)/,
    ],
    [
      'no gzip',
      () => Promise.all([put(`${IMAGES}.gz`, idx('images', 1)), put(LABELS, idx('labels', 1))]),
      /a whole gzip file of 7840016 bytes but is damaged/,
    ],
    [
      'a truncated gzip file',
      () =>
        Promise.all([put(`${IMAGES}.gz`, gzipSync(idx('images', 9)).subarray(0, 40)), put(LABELS, idx('labels', 9))]),
      /but is truncated \(40 bytes of gzip\)/,
    ],
    [
      'a gzip file that unpacks to too much',
      () => Promise.all([put(IMAGES, idx('images', 9)), put(`${LABELS}.gz`, gzipSync(new Uint8Array(10_009)))]),
      /but is more than 10008 bytes inside/,
    ],
    [
      'a folder in place of a file',
      () => Promise.all([mkdir(join(folder, 'mnist', IMAGES)), put(LABELS, idx('labels', 1))]),
      /it should be a file but is a folder; move it away/,
    ],
  ];
  test.each(cases)('%s', async (_, prepare, message) => {
    await prepare();
    for (const source of ['auto', 'mnist'] as const) {
      const error = await load(source).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(FheError);
      expect((error as FheError).code).toBe('FORMAT');
      expect((error as FheError).message).toMatch(message);
      expect((error as FheError).message).not.toContain('\n');
    }
  });
});

test.each([
  [{ split: 'tset' as 'test' }, /split should be test or train but is tset/],
  [{ split: 'test' as const, limit: 0 }, /limit should be an integer ≥ 1 but is 0/],
  [{ split: 'test' as const, limit: 1.5 }, /limit/],
  [{ split: 'test' as const, source: 'web' as 'auto' }, /source should be auto, mnist or stand-in but is web/],
])('refuses %o', async (options, message) => {
  await expect(loadMnist(options)).rejects.toThrow(message);
});

describe('the folder', () => {
  test('TOYFHE_DATA first, then the platform’s cache', () => {
    expect(dataFolder({ TOYFHE_DATA: '/a', XDG_CACHE_HOME: '/b' }, 'linux')).toEqual({
      path: '/a',
      from: 'TOYFHE_DATA',
    });
    expect(dataFolder({ TOYFHE_DATA: '', XDG_CACHE_HOME: '/b' }, 'linux')).toEqual({
      path: '/b/toyfhe',
      from: 'cache',
    });
    expect(dataFolder({}, 'linux').path).toBe(join(homedir(), '.cache', 'toyfhe'));
    expect(dataFolder({}, 'darwin').path).toBe(join(homedir(), 'Library', 'Caches', 'toyfhe'));
    expect(dataFolder({ LOCALAPPDATA: '/l' }, 'win32').path).toBe('/l/toyfhe');
  });
});

describe('TOYFHE_DATA', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ['a folder that is missing', 'nowhere', 'missing'],
    ['a file', 'plain', 'no folder'],
  ])('set to %s: an error, not the stand-in', async (_, name, is) => {
    await writeFile(join(folder, 'plain'), '');
    vi.stubEnv('TOYFHE_DATA', join(folder, name));
    await expect(loadMnist({ split: 'test', limit: 1 })).rejects.toMatchObject({
      code: 'FORMAT',
      message: expect.stringContaining(`TOYFHE_DATA should be a folder but is ${join(folder, name)}, which is ${is}; `),
    });
    expect((await loadMnist({ split: 'test', limit: 1, source: 'stand-in' })).name).toBe('stand-in-test');
  });

  test('set to a folder without mnist/, or empty: the stand-in, which says so', async () => {
    await rm(join(folder, 'mnist'), { recursive: true });
    vi.stubEnv('TOYFHE_DATA', folder);
    expect((await loadMnist({ split: 'test', limit: 1 })).about).toContain(`no MNIST in ${folder}/mnist`);
    vi.stubEnv('TOYFHE_DATA', '');
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'nowhere'));
    expect((await loadMnist({ split: 'test', limit: 1 })).name).toBe('stand-in-test');
  });
});

// The real files are never committed. Where they are not, the tests above have tried the loader on small files.
if (hasMnist('test') && hasMnist('train')) {
  describe('the real MNIST', () => {
    test('test images, whole', async () => {
      const set = await loadMnist({ split: 'test', source: 'mnist' });
      expect([set.name, set.count, set.images.length]).toEqual(['mnist-test', 10_000, 7_840_000]);
      expect([...set.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]); // as every tutorial prints them
      let [low, high, sum] = [1, 0, 0];
      for (const x of set.images) [low, high, sum] = [Math.min(low, x), Math.max(high, x), sum + x];
      expect([low, high]).toEqual([0, 1]);
      expect(sum / set.images.length).toBeCloseTo(0.1325, 4); // the well-known mean of the test images
    });

    test('a prefix of the training images', async () => {
      const set = await loadMnist({ split: 'train', limit: 7 });
      expect([set.name, set.count, set.images.length]).toEqual(['mnist-train', 7, 7 * 784]);
      expect([...set.labels]).toEqual([5, 0, 4, 1, 9, 2, 1]);
    });

    test('plain and compressed files give the same images', async () => {
      for (const { name, size } of [MNIST_FILES.test.images, MNIST_FILES.test.labels]) {
        const bytes = await readDataFile(findDataFile(join(dataFolder().path, 'mnist'), name)!, size);
        await put(name === IMAGES ? name : `${name}.gz`, name === IMAGES ? bytes : gzipSync(bytes));
      }
      const here = await loadMnist({ split: 'test', folder, limit: 100, source: 'mnist' });
      const there = await loadMnist({ split: 'test', limit: 100 });
      expect({ ...here, about: '' }).toEqual({ ...there, about: '' });
    });
  });
} else {
  test(`the real MNIST is not in ${dataFolder().path} (TOYFHE_DATA): loading gives the stand-in`, async () => {
    expect((await loadMnist({ split: 'test', limit: 1, folder })).name).toBe('stand-in-test');
  });
}
