/**
 * Getting a Jupyter where there is none: a Python venv with pip in the project's folder, or Debian's packages.
 * @module
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { findJupyter, type Jupyter, programName, venvPrograms } from './find-jupyter.ts';
import { venvFolder } from './project.ts';
import { type Ended, runProgram } from './run-program.ts';

const PYTHON_PACKAGES = ['jupyterlab', 'nbclient', 'nbconvert'];
/** Debian 12 has no JupyterLab. */
const DEBIAN_PACKAGES = ['jupyter-notebook', 'jupyter-nbconvert', 'jupyter-client', 'python3-ipykernel'];

/** Debian's own stands last: it may lack the module venv, where another one on PATH has it. */
const PYTHONS = process.platform === 'win32' ? ['py', 'python'] : ['python3', '/usr/bin/python3'];

/** @throws FheError WORKER where neither works */
export async function installJupyter(progress: (text: string) => void): Promise<Jupyter> {
  progress('Installing Jupyter into .cache/venv (half a minute, once)');
  const tried = [await makeVenv()];
  let found = await findJupyter();
  if (found === undefined && process.getuid?.() === 0) {
    progress("Installing Jupyter from Debian's packages (a minute, once)");
    tried.push(await installDebian());
    found = await findJupyter();
  }
  if (found !== undefined) return found;
  const reason = tried.map(({ output }) => output.trim().split('\n').at(-1)).join('; ');
  throw new FheError({
    code: 'WORKER',
    op: 'open the notebooks',
    field: 'Jupyter',
    should: 'installed, or Python 3 with venv and pip there to install it with',
    is: `missing (${reason})`,
    hint: 'install JupyterLab (https://jupyter.org/install; Debian: apt-get install jupyter-notebook python3-venv), then run this again',
  });
}

async function makeVenv(): Promise<Ended> {
  let ended: Ended = { code: -1, output: '' };
  for (const python of PYTHONS) {
    await rm(venvFolder, { recursive: true, force: true }); // half of one would be no help
    ended = await runProgram(python, ['-m', 'venv', venvFolder]);
    if (ended.code === 0) break;
  }
  if (ended.code !== 0) return ended;
  // JupyterLab brings a program for Node, which would be taken for an ES module as all of this project's are.
  await writeFile(join(venvFolder, 'package.json'), '{ "type": "commonjs" }\n');
  const python = join(venvPrograms(), programName('python'));
  ended = await runProgram(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '-q', ...PYTHON_PACKAGES]);
  if (ended.code !== 0) await rm(venvFolder, { recursive: true, force: true });
  return ended;
}

async function installDebian(): Promise<Ended> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await runProgram('apt-get', ['update', '-qq'], { env });
  if (updated.code !== 0) return updated;
  return runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...DEBIAN_PACKAGES], { env });
}
