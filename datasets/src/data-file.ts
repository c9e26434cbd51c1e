/**
 * Reading one data file, plain or gzip-compressed, and checking that it is the published one.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, REPLACE_FILE, wrongData } from './errors.ts';
import { unpack } from './gzip.ts';
import { lengthIs } from './length.ts';
import type { RemoteFile } from './remote-file.ts';

/** The path of the file in `folder`, uncompressed if there is one, else `.gz`; undefined when there is neither. */
export function findDataFile(folder: string, name: string): string | undefined {
  return [join(folder, name), join(folder, `${name}.gz`)].find((path) => existsSync(path));
}

/**
 * The file's uncompressed bytes.
 * @param largest bytes; a compressed file that holds more is refused before it fills the memory
 * @throws FheError FORMAT when it cannot be read or unpacked
 */
export async function readDataFile(path: string, largest: number): Promise<Uint8Array> {
  const op = `read ${path}`;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'EISDIR') {
      throw wrongData(op, 'it', 'a file', 'a folder', 'move it away and run `npm run data`', cause);
    }
    throw wrongData(op, 'the file', 'readable', code ?? 'not', 'check its permissions', cause);
  }
  return path.endsWith('.gz') ? unpack(bytes, largest, op, REPLACE_FILE) : bytes;
}

/**
 * Checks uncompressed bytes: first their number, which says more, then their digest.
 * @throws FheError FORMAT when they are not those that were published
 */
export function checkPublished(bytes: Uint8Array, file: RemoteFile, op: string, hint: string): void {
  if (bytes.length !== file.size) {
    throw wrongData(op, 'the file', `${file.size} bytes long`, lengthIs(bytes.length, file.size), hint);
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== file.sha256) throw wrongData(op, 'the SHA-256', short(file.sha256), short(digest), hint);
}

/** The ends of a digest: enough to compare by eye. */
function short(digest: string): string {
  return `${digest.slice(0, 8)}…${digest.slice(-4)}`;
}
