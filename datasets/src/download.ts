/**
 * Downloads that can be trusted and interrupted: into a `.part` file that the next run goes on with, renamed only when
 * the checksum is right.
 * @module
 */
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPublished } from './data-file.ts';
import { errorCode, wrongData } from './errors.ts';
import { type DownloadProgress, fetchPart, sizeOf } from './fetch-part.ts';
import { unpack } from './gzip.ts';
import type { RemoteFile } from './remote-file.ts';

export interface DownloadOptions {
  /** Address beginnings, tried in order. */
  readonly mirrors: readonly string[];
  /** Where the file goes, as `<name>.gz`; made where it is missing. */
  readonly folder: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Give up on a server that has sent nothing for so long, in milliseconds; 30,000 when left out. */
  readonly patience?: number;
}

const AGAIN = 'check the connection and run `npm run data` again: it goes on where it stopped';

/**
 * Downloads one file and checks it.
 * @returns the path of the finished `.gz` file
 * @throws FheError FORMAT with one line that says why the last mirror failed. Nothing stands under the final name then;
 * a `.part` file stays only where a later run can go on with it
 */
export async function download(file: RemoteFile, options: DownloadOptions): Promise<string> {
  const { mirrors, folder, onProgress, patience = 30_000 } = options;
  const path = join(folder, `${file.name}.gz`);
  const part = `${path}.part`;
  const op = `download ${file.name}.gz`;
  await makeFolder(folder, op);
  // Deflate at its worst stores blocks of 16 KiB or more with 5 bytes extra: 0.1 % and a header are room enough.
  const largest = file.size + Math.ceil(file.size / 1000) + 1024;
  let problem: unknown = wrongData(op, 'the list of mirrors', 'not empty', 'empty', 'give an address');
  for (const mirror of mirrors) {
    const url = `${mirror}${file.name}.gz`;
    // Twice: what an earlier run left may not fit what the server has now; from the start, it has to be right.
    for (let attempt = 0; attempt < 2; attempt++) {
      const resumed = (await sizeOf(part)) > 0;
      try {
        await fetchPart({ url, part, largest, patience, op, hint: AGAIN, onProgress });
      } catch (error) {
        problem = error;
        break;
      }
      try {
        const hint = 'the server has another file: try again later, or put the file there yourself';
        const bytes = unpack(await readFile(part), file.size, op, hint);
        checkPublished(bytes, file, op, hint);
        await rename(part, path);
        return path;
      } catch (error) {
        problem = error;
        await rm(part, { force: true });
        if (!resumed) break;
      }
    }
  }
  throw problem;
}

async function makeFolder(folder: string, op: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const hint = 'set TOYFHE_DATA to a folder that can be written';
    throw wrongData(op, folder, 'a folder that can be made', errorCode(cause) ?? 'not', hint, cause);
  }
}
