/**
 * Opens the course in Jupyter, whichever the machine has.
 * @module
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findLessons } from '../../../repl/src/lessons/find-lessons.ts';
import { findNumbers } from '../course/course-lesson.ts';
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
 * Runs Jupyter until it ends. Lessons that cannot be read do not hinder it: one may want to mend them there.
 * @param numbers the first one is opened; none: the list of lessons
 * @returns its exit code
 * @throws FheError WORKER where there is no Jupyter and none can be installed; RANGE for a number without a lesson
 */
export async function openJupyter(folder: string, numbers: readonly number[], options: OpenOptions): Promise<number> {
  const [first] = numbers.length === 0 ? [] : await findNumbers(folder, numbers.slice(0, 1));
  const jupyter = (await findJupyter()) ?? (await installJupyter(options.say));
  const env = await jupyterEnv();
  const files = (await findLessons(folder)).map(({ file }) => join(folder, file));
  const distrust = await trustNotebooks(jupyter, files, env);
  if (distrust !== undefined) options.say(`saved plots are pictures until their cells are run: ${distrust}`);
  const { browser, port } = options;
  const args = jupyterArguments(jupyter, {
    folder,
    ...(first === undefined ? {} : { file: first.file }),
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
