// Installs and builds what is missing or out of date; does nothing, in a fraction of a second, when all is there.
// Runs under whatever Node the system has (18 or newer): everything after it runs under the project's own Node 24.
// With --build-only it leaves the installed packages alone.
// Exit codes: 0 all is there, 1 it cannot be set up, 130 stopped by Ctrl-C (143 by SIGTERM, 129 by SIGHUP).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { constants as os } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, '.cache/setup.json');
const logFile = join(root, '.cache/setup.log');
const windows = process.platform === 'win32';
/** Written by the build from other sources: a digest with it in would ask for the next build. */
const generated = join(root, 'toyfhe/src/engine/wasm.generated.ts');
const packages = ['toyfhe', 'datasets', 'repl', 'notebooks'];

/** A digest of the contents of files and folders; what does not exist counts as empty. */
function digest(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (!existsSync(path) || path.startsWith(generated)) return; // nor its temporary file
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

/** An undefined value takes the stamp away. */
function stamp(key, value) {
  writeFileSync(stampFile, JSON.stringify({ ...stamps(), [key]: value }));
}

/** Ends the program with one line. */
function refuse(what) {
  process.stderr.write(`cannot set up: ${what}\n`);
  process.exit(1);
}

const UNWRITABLE = `the folder should be writable but is not; copy the repository to a place of your own, or make ${root} writable`;
const isUnwritable = (text) => /\b(EACCES|EPERM|EROFS)\b/.test(text);

/** The child process of the step under way. */
let running;
/** The exit code, once a signal has come. */
let stopped;

/** Signals the child and all that it has started: `npm` and the compiler have children of their own. */
function signalChild(signal) {
  if (windows) spawnSync('taskkill', ['/pid', String(running.pid), '/T', '/F']);
  else {
    try {
      process.kill(-running.pid, signal); // its process group: it was started as the leader of one
    } catch {
      // it has just ended by itself
    }
  }
}

/** On Ctrl-C nothing may live on that still writes to node_modules: the next start would trip over it. */
function stop(signal) {
  const again = stopped !== undefined;
  stopped = 128 + os.signals[signal];
  if (running?.pid === undefined) process.exit(stopped);
  if (!again) process.stderr.write('\nstopping …\n'); // npm takes some seconds to clear up behind itself
  signalChild(again ? 'SIGKILL' : 'SIGTERM');
  // The step's `close` ends the program. Whoever has not heard by then is not asked a third time.
  setTimeout(() => signalChild('SIGKILL'), 5000).unref();
}

/** Runs a command with a line with the seconds passed on stderr. Resolves with its exit code and its output. */
function step(title, command, args) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const tty = process.stderr.isTTY;
  process.stderr.write(tty ? `${title} …` : `${title} …\n`);
  const ticking = tty && setInterval(() => process.stderr.write(`\r${title} … ${seconds()} s`), 1000);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows,
      detached: !windows, // a process group of its own, so that `stop` reaches all of it
    });
    running = child;
    let log = '';
    child.stdout.on('data', (data) => (log += data));
    child.stderr.on('data', (data) => (log += data));
    child.on('error', (error) => (log += String(error)));
    child.on('close', (code) => {
      running = undefined;
      clearInterval(ticking);
      const how = stopped !== undefined ? 'stopped' : code === 0 ? 'done' : 'failed';
      if (tty || how === 'stopped') process.stderr.write(`${tty ? '\r' : ''}${title}: ${how} after ${seconds()} s\n`);
      if (stopped !== undefined) process.exit(stopped);
      resolve({ code, log });
    });
  });
}

/** Ends the program with one line that says why a step failed; the rest is in the log. */
function failed(title, log, hint) {
  writeFileSync(logFile, log);
  refuse(isUnwritable(log) ? `${UNWRITABLE} (details: .cache/setup.log)` : `${title} failed; ${hint}`);
}

/** What to do about a failed `npm ci`. */
function installHint(log) {
  if (log.includes('EUSAGE'))
    return 'package.json and package-lock.json disagree: run npm install (details: .cache/setup.log)';
  if (/\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH)\b/.test(log))
    return 'check the network connection and try again (details: .cache/setup.log)';
  // npm says where before it says what: `code`, `errno`, `syscall` and paths are not yet the reason.
  const lines = log.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const reason = lines.find((line) => !/^(|(code|errno|syscall|path|dest|command|cwd) .*|npm warn .*)$/i.test(line));
  return `see the log, .cache/setup.log${reason === undefined ? '' : `: ${reason}`}`;
}

async function install() {
  stamp('installed', undefined); // until it is whole again
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
  let result = await step('Installing packages', 'npm', args);
  if (result.code !== 0 && /\b(ENOTEMPTY|EEXIST)\b/.test(result.log)) {
    // An interrupted `npm ci` left half of a folder that the next one cannot clear away: nothing in it is worth keeping.
    rmSync(join(root, 'node_modules'), { recursive: true, force: true, maxRetries: 5 });
    result = await step('Installing packages again', 'npm', args);
  }
  if (result.code !== 0) failed('installing packages', result.log, installHint(result.log));
  stamp('installed', wanted);
}

async function build() {
  stamp('built', undefined);
  const { code, log } = await step('Building', ownNode, ['scripts/build.mjs']);
  if (code !== 0) failed('building', log, 'the sources do not compile (details: .cache/setup.log)');
  stamp('built', `${wanted} ${sources}`);
}

/** Two set-ups at once would build into each other: the second waits for the first and then finds nothing to do. */
async function lock() {
  const file = join(root, '.cache/setup.lock');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  for (let waited = 0; ; waited++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      process.on('exit', () => rmSync(file, { force: true }));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = lockOwner(file);
    if (owner === undefined) rmSync(file, { force: true });
    else if (waited === 0) process.stderr.write(`waiting for another set-up (process ${owner}) …\n`);
    else if (waited > 3000)
      refuse(`another set-up (process ${owner}) has not ended in ten minutes; end it, or delete ${file}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The process that holds the lock; undefined where it has died (or its number is ours: in a container all start at 1). */
function lockOwner(file) {
  let pid;
  try {
    pid = Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // given back between two looks
  }
  if (!(pid > 0) || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === 'EPERM' ? pid : undefined;
  }
}

const wanted = digest([
  'package-lock.json',
  '.npmrc',
  'package.json',
  ...packages.map((name) => `${name}/package.json`),
]);
const sources = digest([
  'tsconfig.base.json',
  'scripts/build.mjs',
  'scripts/build-kernels.mjs',
  ...packages.flatMap((name) => [`${name}/src`, `${name}/package.json`]),
  ...[
    'toyfhe/tsconfig.esm.json',
    'toyfhe/tsconfig.cjs.json',
    'datasets/tsconfig.build.json',
    'repl/tsconfig.build.json',
  ],
]);
const ownNode = join(root, 'node_modules/node/bin', windows ? 'node.exe' : 'node');
const buildOnly = process.argv.includes('--build-only');
const mustInstall = () => !buildOnly && (stamps().installed !== wanted || !existsSync(ownNode));
const mustBuild = () =>
  stamps().built !== `${wanted} ${sources}` ||
  !existsSync(generated) ||
  !['toyfhe/dist/esm', 'toyfhe/dist/cjs', 'datasets/dist', 'repl/dist'].every((name) => existsSync(join(root, name)));

// The lock is only for those with something to do: where all is there, the folder may be read-only.
if (mustInstall() || mustBuild()) {
  try {
    mkdirSync(dirname(stampFile), { recursive: true });
    accessSync(root, constants.W_OK);
    await lock();
    if (mustInstall()) await install();
    if (mustBuild()) await build();
  } catch (error) {
    refuse(isUnwritable(String(error.code)) ? UNWRITABLE : error.message);
  }
}
