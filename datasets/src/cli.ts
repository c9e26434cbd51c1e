/**
 * `npm run data`: lists MNIST's files, checks them, and downloads those that are missing.
 * Exit codes: 0 all four are there and right, 1 `--check` found one missing, 2 one is damaged, or it cannot run as asked.
 * @module
 */
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPublished, findDataFile, readDataFile } from './data-file.ts';
import { download } from './download.ts';
import { REPLACE_FILE } from './errors.ts';
import type { DownloadProgress } from './fetch-part.ts';
import type { RemoteFile } from './remote-file.ts';
import { dataFolder } from './folder.ts';
import { ALL_MNIST_FILES, MNIST_MIRRORS } from './mnist-files.ts';

const HELP = `npm run data -- [options]

Downloads MNIST (four files, 11 MB) to $TOYFHE_DATA/mnist where that is set, else to
the cache folder, and checks each file against its published SHA-256. What is there
and right stays; a download that was interrupted goes on where it stopped.

  --check          only say which files are there and whether they are right; exit code 0
                   when all are, 1 when one is missing, 2 when one is damaged
  --mirror <url>   download from this address instead: <url>/<name>.gz
  --help           this text

Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.
`;

const name = (file: RemoteFile): string => file.name.padEnd(24);

/** The path of a file that is there and right; undefined when it is missing. */
async function present(folder: string, file: RemoteFile): Promise<string | undefined> {
  const path = findDataFile(folder, file.name);
  if (path === undefined) return undefined;
  const bytes = await readDataFile(path, file.size);
  checkPublished(bytes, file, `use ${path}`, REPLACE_FILE);
  return path;
}

/** Lists all files. Returns the exit code: damage counts for more than absence, which a download mends. */
async function check(folder: string): Promise<number> {
  let code = 0;
  for (const file of ALL_MNIST_FILES) {
    let state: string;
    try {
      const path = await present(folder, file);
      if (path === undefined) code = Math.max(code, 1);
      state = path === undefined ? 'missing' : `right (${basename(path)})`;
    } catch (error) {
      code = 2;
      state = message(error);
    }
    process.stdout.write(`${name(file)} ${state}\n`);
  }
  return code;
}

/** A line on a terminal that is overwritten; elsewhere nothing, so that logs stay short. */
function progress({ url, received, total }: DownloadProgress): void {
  if (!process.stderr.isTTY) return;
  const share = total === undefined ? '' : ` of ${kilobytes(total)} (${Math.floor((100 * received) / total)} %)`;
  process.stderr.write(`\r${url}  ${kilobytes(received)}${share}\x1b[K${received === total ? '\n' : ''}`);
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000).toLocaleString('en')} kB`;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, mirror: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.mirror !== undefined && !/^https?:\/\/./.test(values.mirror)) {
    throw new Error(`--mirror should begin with http:// or https:// but is ${JSON.stringify(values.mirror)}`);
  }
  const { path, from } = dataFolder();
  const folder = join(path, 'mnist');
  process.stdout.write(`${folder} (${from === 'cache' ? 'the cache folder; TOYFHE_DATA is not set' : from})\n`);
  if (values.check) return check(folder);
  const mirrors = values.mirror === undefined ? MNIST_MIRRORS : [values.mirror.replace(/\/?$/, '/')];
  for (const file of ALL_MNIST_FILES) {
    const there = await present(folder, file);
    if (there === undefined) await download(file, { mirrors, folder, onProgress: progress });
    process.stdout.write(`${name(file)} ${there === undefined ? 'downloaded, right' : 'already there, right'}\n`);
  }
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`npm run data: ${message(error)}\n`);
    process.exitCode = 2;
  },
);
