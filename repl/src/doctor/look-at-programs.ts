/**
 * Other programs: Jupyter, its TypeScript kernel, Graphviz, a browser.
 * @module
 */
import { join } from 'node:path';
import { type Finding, missing, ok, warning } from './finding.ts';
import type { Machine } from './machine.ts';

/** Jupyter is a command of its own, a module of Python's, or in the venv that `npm run notebooks` makes. */
export async function lookAtJupyter(machine: Machine): Promise<Finding> {
  const name = 'Jupyter';
  const windows = machine.platform === 'win32';
  const venv = join(machine.folder, '.cache/venv', windows ? 'Scripts/python.exe' : 'bin/python');
  const asked = [['jupyter'], [windows ? 'python' : 'python3', '-m', 'jupyter'], [venv, '-m', 'jupyter']];
  for (const [program, ...args] of asked) {
    const found = frontEnds((await machine.command(program!, [...args, '--version'])) ?? '');
    if (found.length > 0) return ok(name, found.join(', '));
  }
  const cure = 'npm run notebooks gets one and opens the course in it; here the lessons play without it: .lessons';
  return missing(name, 'not found', cure);
}

/** Of what `jupyter --version` prints: there may be a Jupyter without any. */
function frontEnds(versions: string): string[] {
  return ['jupyterlab', 'notebook'].flatMap((part) => {
    const version = new RegExp(`^${part} *: *(\\d\\S*)`, 'm').exec(versions)?.[1];
    return version === undefined ? [] : [`${part} ${version}`];
  });
}

export async function lookAtKernel({ folder, exists }: Machine): Promise<Finding> {
  const name = 'TypeScript kernel';
  if (exists(join(folder, 'node_modules/tslab'))) return ok(name, 'tslab; npm run notebooks shows it to Jupyter');
  return missing(name, 'not installed', 'npm run setup installs it; only notebooks need it');
}

export async function lookAtGraphviz(machine: Machine): Promise<Finding> {
  const name = 'Graphviz';
  const version = /graphviz version (\S+)/.exec((await machine.command('dot', ['-V'])) ?? '')?.[1];
  if (version !== undefined) return ok(name, version);
  return missing(name, 'not found', 'only toyfhe explain … --dot needs it, to draw plans: https://graphviz.org');
}

export async function lookAtBrowser({ platform, env }: Machine): Promise<Finding> {
  const name = 'Browser';
  const display =
    platform === 'darwin' || platform === 'win32' || env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME;
  if (display) return ok(name, 'figures open in it');
  return warning(name, 'no display: a figure is written to a file, whose name is told', 'open that file elsewhere');
}
