/**
 * Reading one data file, plain or gzip-compressed, and checking that it is the published one.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RemoteFile } from './remote-file.ts';
import { errorCode, wrongData } from './errors.ts';

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
  const hint = 'delete the file and run `npm run data`';
  const op = `read ${path}`;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw wrongData(op, 'the file', 'readable', errorCode(cause) ?? 'not', 'check its permissions', cause);
  }
  if (!path.endsWith('.gz')) return bytes;
  return unpack(bytes, largest, op, hint);
}

/** @throws FheError FORMAT when `bytes` is not gzip, is cut off, or holds more than `largest` bytes */
export function unpack(bytes: Uint8Array, largest: number, op: string, hint: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: largest });
  } catch (cause) {
    const is =
      errorCode(cause) === 'ERR_BUFFER_TOO_LARGE' ? `more than ${largest} bytes inside` : reason(cause, bytes.length);
    throw wrongData(op, 'the file', `a whole gzip file of ${largest} bytes`, is, hint, cause);
  }
}

function reason(cause: unknown, length: number): string {
  return errorCode(cause) === 'Z_BUF_ERROR' ? `truncated (${length} bytes of gzip)` : 'damaged';
}

/** @throws FheError FORMAT when the SHA-256 of the uncompressed bytes is not the published one */
export function checkSha256(bytes: Uint8Array, file: RemoteFile, op: string, hint: string): void {
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== file.sha256) throw wrongData(op, 'the SHA-256', short(file.sha256), short(digest), hint);
}

/** The ends of a digest: enough to compare by eye. */
function short(digest: string): string {
  return `${digest.slice(0, 8)}…${digest.slice(-4)}`;
}
