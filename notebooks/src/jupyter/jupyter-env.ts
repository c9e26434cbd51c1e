/**
 * How Jupyter learns of the TypeScript kernel, for this project only.
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tslabCommand } from '../kernel/tslab-kernel.ts';
import { type Jupyter, companion } from './find-jupyter.ts';
import { dataFolder } from './project.ts';
import { runProgram } from './run-program.ts';

/**
 * Writes the kernel's description into the project's cache. Its paths are absolute: the Node is the one that runs this, the
 * kernel the one that is installed here.
 * @returns the environment in which Jupyter finds it, and keeps its own files there too
 */
export async function jupyterEnv(folder: string = dataFolder): Promise<NodeJS.ProcessEnv> {
  const kernel = join(folder, 'kernels/tslab');
  await mkdir(kernel, { recursive: true });
  const spec = {
    argv: [...tslabCommand(), '--config-path', '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
  };
  await writeFile(join(kernel, 'kernel.json'), `${JSON.stringify(spec, null, 1)}\n`);
  const { JUPYTER_PATH } = process.env;
  return {
    ...process.env,
    JUPYTER_PATH: JUPYTER_PATH ? `${folder}${delimiter}${JUPYTER_PATH}` : folder,
    JUPYTER_DATA_DIR: folder,
  };
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
  const trust = companion(jupyter, 'trust');
  // Debian's packages have the application without the command.
  const [program, ...args] =
    trust === undefined
      ? ['/usr/bin/python3', '-c', 'from nbformat.sign import TrustNotebookApp as T; T.launch_instance()']
      : [trust];
  const { code, output } = await runProgram(program!, [...args, ...files], { env });
  return code === 0 ? undefined : output.trim();
}
