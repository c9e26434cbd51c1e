/**
 * How Jupyter learns of the TypeScript kernel, for this project only.
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { tslabCommand } from '../kernel/tslab-kernel.ts';
import { type Jupyter, companion } from './find-jupyter.ts';
import { dataFolder } from './project.ts';
import { runProgram } from './run-program.ts';

/** JupyterLab's settings for this project; the user's own come first. Nobody is asked whether it may fetch news. */
const LAB_DEFAULTS = { '@jupyterlab/apputils-extension:notification': { fetchNews: 'false' } };

/**
 * Writes the kernel's description into the project's cache. Its paths are absolute: the Node is the one that runs this, the
 * kernel the one that is installed here.
 * @returns the environment in which Jupyter finds it, and keeps its own files there too
 */
export async function jupyterEnv(folder: string = dataFolder): Promise<NodeJS.ProcessEnv> {
  await writeJson(join(folder, 'kernels/tslab/kernel.json'), {
    argv: [...tslabCommand(), '--config-path', '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
  });
  const config = join(folder, 'config');
  await writeJson(join(config, 'labconfig/default_setting_overrides.json'), LAB_DEFAULTS);
  const before = (path: string, others: string | undefined): string => (others ? `${path}${delimiter}${others}` : path);
  return {
    ...process.env,
    JUPYTER_PATH: before(folder, process.env['JUPYTER_PATH']),
    JUPYTER_CONFIG_PATH: before(config, process.env['JUPYTER_CONFIG_PATH']),
    JUPYTER_DATA_DIR: folder,
  };
}

async function writeJson(file: string, content: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(content, null, 1)}\n`);
}

/**
 * Signs notebooks: Jupyter shows pictures made by scripts, which saved outputs may hold, only in notebooks that are trusted.
 * @returns why not, where it did not work
 */
export async function trustNotebooks(
  jupyter: Jupyter,
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (files.length === 0) return undefined; // it would read one from its input
  const trust = companion(jupyter, 'trust');
  // Debian's packages have the application without the command.
  const [program, ...args] =
    trust === undefined
      ? ['/usr/bin/python3', '-c', 'from nbformat.sign import TrustNotebookApp as T; T.launch_instance()']
      : [trust];
  const { code, output } = await runProgram(program!, [...args, ...files], { env });
  return code === 0 ? undefined : output.trim().split('\n').at(-1);
}
