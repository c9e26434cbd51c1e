/**
 * The trained weights that come with the package.
 * @module
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { wrongData } from './errors.ts';
import { readWeightsRecord, type WeightsRecord } from './weights-record.ts';

/** A weights file, whole, and how it came about. */
export interface StoredWeights {
  readonly name: string;
  /** Absolute path of the `.safetensors` file. */
  readonly path: string;
  /** The file's bytes: `readSafetensors` of `toyfhe/nn` takes them apart. */
  readonly bytes: Uint8Array;
  readonly record: WeightsRecord;
}

const FOLDER = new URL('../weights/', import.meta.url);

/** The names of all weights that come with the package, sorted. */
export async function listWeights(): Promise<string[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.safetensors'));
  return names.map((name) => name.replace('.safetensors', '')).sort();
}

/**
 * Reads weights by name, e.g. `mnist-article`. How they were trained stands beside them, in `<name>.json`.
 * @throws FheError FORMAT for a name that is not there, or a damaged record
 */
export async function loadWeights(name: string): Promise<StoredWeights> {
  const names = await listWeights();
  if (!names.includes(name)) {
    throw wrongData('load weights', 'the name', `one of ${names.join(', ')}`, JSON.stringify(name), 'give such a name');
  }
  const path = fileURLToPath(new URL(`${name}.safetensors`, FOLDER));
  return { name, path, bytes: await readFile(path), record: await readWeightsRecord(path) };
}
