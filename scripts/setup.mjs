// Installs and builds what is missing or out of date; does nothing, in a fraction of a second, when all is there.
// Runs under whatever Node the system has (18 or newer): everything after it runs under the project's own Node 24.
// With --build-only it leaves the installed packages alone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, '.cache/setup.json');
const logFile = join(root, '.cache/setup.log');
const packages = ['toyfhe', 'datasets', 'repl', 'notebooks'];

/** A digest of the contents of files and folders; what does not exist counts as empty. */
function digest(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  };
  for (const path of paths) add(join(root, path));
  return hash.digest('hex');
}

function stamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {}; // never set up, or interrupted while writing: set up again
  }
}

function stamp(key, value) {
  writeFileSync(stampFile, JSON.stringify({ ...stamps(), [key]: value }));
}

/** Runs a command with its output in the log, a line with the seconds passed on stderr, and one line if it fails. */
function step(title, command, args, hint) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const tty = process.stderr.isTTY;
  process.stderr.write(tty ? `${title} …` : `${title} …\n`);
  const ticking = tty && setInterval(() => process.stderr.write(`\r${title} … ${seconds()} s`), 1000);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let log = '';
    child.stdout.on('data', (data) => (log += data));
    child.stderr.on('data', (data) => (log += data));
    child.on('error', (error) => (log += String(error)));
    child.on('close', (code) => {
      clearInterval(ticking);
      if (tty) process.stderr.write(`\r${title}: ${code === 0 ? 'done' : 'failed'} after ${seconds()} s\n`);
      if (code === 0) return resolve();
      writeFileSync(logFile, log);
      if (log.includes('EUSAGE')) hint = 'package.json and package-lock.json disagree: run npm install';
      process.stderr.write(`cannot set up: ${title.toLowerCase()} failed; ${hint} (details: .cache/setup.log)\n`);
      process.exit(1);
    });
  });
}

/** Two set-ups at once would build into each other: the second waits for the first and then finds nothing to do. */
async function lock() {
  const file = join(root, '.cache/setup.lock');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      process.on('exit', () => rmSync(file, { force: true }));
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isRunning(file)) rmSync(file, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Whether the process that wrote the lock still lives. */
function isRunning(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

mkdirSync(dirname(stampFile), { recursive: true });
await lock();

const wanted = digest([
  'package-lock.json',
  '.npmrc',
  'package.json',
  ...packages.map((name) => `${name}/package.json`),
]);
const ownNode = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const buildOnly = process.argv.includes('--build-only');
if (!buildOnly && (stamps().installed !== wanted || !existsSync(ownNode))) {
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
  await step('Installing packages', 'npm', args, 'check the network connection and try again');
  stamp('installed', wanted);
}

const sources = digest([
  'tsconfig.base.json',
  'scripts/build.mjs',
  ...packages.flatMap((name) => [`${name}/src`, `${name}/package.json`]),
  ...[
    'toyfhe/tsconfig.esm.json',
    'toyfhe/tsconfig.cjs.json',
    'datasets/tsconfig.build.json',
    'repl/tsconfig.build.json',
  ],
]);
const built = ['toyfhe/dist/esm', 'toyfhe/dist/cjs', 'datasets/dist', 'repl/dist'].every((name) =>
  existsSync(join(root, name)),
);
if (stamps().built !== `${wanted} ${sources}` || !built) {
  await step('Building', ownNode, ['scripts/build.mjs'], 'the sources do not compile');
  stamp('built', `${wanted} ${sources}`);
}
