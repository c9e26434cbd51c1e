/**
 * MNIST, or the drawn stand-in where it is not there.
 * @module
 */
import { basename, join } from 'node:path';
import { checkPublished, findDataFile, readDataFile } from './data-file.ts';
import type { RemoteFile } from './remote-file.ts';
import { outOfRange, REPLACE_FILE, wrongData } from './errors.ts';
import { dataFolder, existingDataFolder } from './folder.ts';
import { type IdxArray, parseIdx } from './idx.ts';
import type { ImageSet, Split } from './image-set.ts';
import { MNIST_FILES } from './mnist-files.ts';
import { drawStandIn } from './stand-in.ts';

export interface LoadOptions {
  readonly split: Split;
  /** At most this many images, from the first one on; all when left out. */
  readonly limit?: number;
  /** `mnist`: MNIST or an error; `stand-in`: always drawn; `auto` (when left out): MNIST if it is there, else drawn. */
  readonly source?: 'auto' | 'mnist' | 'stand-in';
  /** The folder that holds `mnist/`; `dataFolder()` when left out. */
  readonly folder?: string;
}

/**
 * Loads 28×28 images of digits. The result's `name` and `about` say which images they are.
 * @throws FheError FORMAT when MNIST is asked for and not there, or when its files are there but damaged or one of the
 * two is missing, or when `TOYFHE_DATA` names no folder (also for `auto`: what somebody has put there on purpose is never
 * passed over in silence); RANGE for a bad option
 */
export async function loadMnist(options: LoadOptions): Promise<ImageSet> {
  const { split, limit, source = 'auto' } = options;
  if (split !== 'test' && split !== 'train') throw outOfRange('load MNIST', 'split', 'test or train', String(split));
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw outOfRange('load MNIST', 'limit', 'an integer ≥ 1', String(limit));
  }
  if (source !== 'auto' && source !== 'mnist' && source !== 'stand-in') {
    throw outOfRange('load MNIST', 'source', 'auto, mnist or stand-in', String(source));
  }
  if (source === 'stand-in') return drawStandIn(split, limit, 'as asked');
  const folder = join(options.folder ?? (await existingDataFolder()), 'mnist');
  const missing = missingFiles(split, folder);
  if (missing.length === 0) return readMnist(folder, split, limit);
  // One file without the other is no choice of the stand-in: a copy or a download has gone wrong.
  if (source === 'auto' && missing.length === 2) {
    return drawStandIn(split, limit, `no MNIST in ${folder}; \`npm run data\` gets it`);
  }
  const hint = 'run `npm run data`, or set TOYFHE_DATA to the folder that holds mnist/';
  throw wrongData('load MNIST', missing[0]!, `in ${folder}`, 'missing', hint);
}

/** True when both files of the split are there; says nothing about what is in them. */
export function hasMnist(split: Split, folder: string = dataFolder().path): boolean {
  return missingFiles(split, join(folder, 'mnist')).length === 0;
}

/** The names of those of the split's two files that are not in the folder. */
function missingFiles(split: Split, folder: string): string[] {
  const { images, labels } = MNIST_FILES[split];
  return [images.name, labels.name].filter((name) => findDataFile(folder, name) === undefined);
}

/**
 * The structure is checked before the checksums: "truncated" and "9,999 labels" say more than "another checksum".
 */
async function readMnist(folder: string, split: Split, limit: number | undefined): Promise<ImageSet> {
  const { images, labels } = MNIST_FILES[split];
  const pixels = await readIdx(folder, images, 3);
  const digits = await readIdx(folder, labels, 1);
  const [total, rows, columns] = pixels.shape as [number, number, number];
  const op = `load MNIST ${split}`;
  if (digits.data.length !== total) {
    throw wrongData(op, 'the number of labels', `${total}, one per image`, digits.data.length, REPLACE_FILE);
  }
  for (const { bytes, path, file } of [pixels, digits]) checkPublished(bytes, file, `read ${path}`, REPLACE_FILE);
  const count = Math.min(limit ?? total, total);
  return {
    name: `mnist-${split}`,
    about: `MNIST ${split}, ${count} of ${total} images, from ${folder}`,
    count,
    rows,
    columns,
    images: Float32Array.from(pixels.data.subarray(0, count * rows * columns), (byte) => byte / 255),
    labels: digits.data.slice(0, count),
  };
}

interface ReadFile extends IdxArray {
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly file: RemoteFile;
}

async function readIdx(folder: string, file: RemoteFile, dimensions: number): Promise<ReadFile> {
  const path = findDataFile(folder, file.name)!;
  const bytes = await readDataFile(path, file.size);
  return { ...parseIdx(bytes, basename(path), dimensions), bytes, path, file };
}
