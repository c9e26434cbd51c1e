/**
 * Which Jupyter there is: on PATH, or in the project's own venv.
 * @module
 */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { venvFolder } from './project.ts';
import { runProgram } from './run-program.ts';

export interface Jupyter {
  readonly app: 'lab' | 'notebook';
  /** The program, such as `/usr/bin/jupyter-lab`. */
  readonly program: string;
  /** Such as `4.6.6`. */
  readonly version: string;
}

/** JupyterLab where there is one, on PATH or in the venv; else Notebook. Undefined where there is none that runs. */
export async function findJupyter(path: string = process.env['PATH'] ?? ''): Promise<Jupyter | undefined> {
  for (const app of ['lab', 'notebook'] as const) {
    for (const folder of [...path.split(delimiter), venvPrograms()]) {
      const program = join(folder, programName(`jupyter-${app}`));
      if (!existsSync(program)) continue;
      const version = await versionOf(program); // a shim of pyenv's is there, but does not run
      if (version !== undefined) return { app, program, version };
    }
  }
  return undefined;
}

/** Another program of the same Jupyter, such as `nbconvert`; undefined where it lacks it. */
export function companion({ program }: Jupyter, name: string): string | undefined {
  const path = join(dirname(program), programName(`jupyter-${name}`));
  return existsSync(path) ? path : undefined;
}

export function venvPrograms(): string {
  return join(venvFolder, process.platform === 'win32' ? 'Scripts' : 'bin');
}

export function programName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

async function versionOf(program: string): Promise<string | undefined> {
  const { code, output } = await runProgram(program, ['--version']);
  return code === 0 ? /\d+\.\d+\S*/.exec(output)?.[0] : undefined;
}
