/**
 * Opens the course in Jupyter, whichever the machine has.
 * @module
 */
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { readCourse } from '../course/course-lesson.ts';
import { findJupyter } from './find-jupyter.ts';
import { installJupyter } from './install-jupyter.ts';
import { jupyterArguments, servedFolder } from './jupyter-command.ts';
import { jupyterEnv, trustNotebooks } from './jupyter-env.ts';

export interface OpenOptions {
  readonly browser: boolean;
  readonly port?: number;
  /** What is being done, before Jupyter itself speaks. */
  readonly say: (text: string) => void;
}

/**
 * Runs Jupyter until it ends.
 * @param numbers the first one is opened; none: the list of lessons
 * @returns its exit code
 * @throws FheError WORKER where there is no Jupyter and none can be installed; RANGE, FORMAT for the lessons
 */
export async function openJupyter(folder: string, numbers: readonly number[], options: OpenOptions): Promise<number> {
  const [lesson] = numbers.length === 0 ? [] : await readCourse(folder, numbers.slice(0, 1));
  const jupyter = (await findJupyter()) ?? (await installJupyter(options.say));
  const env = await jupyterEnv();
  const all = await readCourse(folder);
  const distrust = await trustNotebooks(
    jupyter,
    all.map(({ path }) => path),
    env,
  );
  if (distrust !== undefined) options.say(`saved pictures show only after running their cells: ${distrust}`);
  const { browser, port } = options;
  const args = jupyterArguments(jupyter, {
    folder,
    ...(lesson === undefined ? {} : { file: basename(lesson.path) }),
    browser,
    ...(port === undefined ? {} : { port }),
  });
  // Jupyter answers Ctrl-C with a question of its own.
  process.on('SIGINT', () => undefined);
  const child = spawn(jupyter.program, args, { cwd: servedFolder(folder), env, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 143 : 1)));
  });
}
