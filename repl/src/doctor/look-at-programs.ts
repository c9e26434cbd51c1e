/**
 * Other programs: Jupyter, its TypeScript kernel, Graphviz, a browser.
 * @module
 */
import { type Finding, missing, ok, warning } from './finding.ts';
import type { Machine } from './machine.ts';

/** Jupyter is a command of its own, or a module of Python's. */
async function jupyter(machine: Machine, ...args: readonly string[]): Promise<string | undefined> {
  const direct = await machine.command('jupyter', args);
  if (direct !== undefined) return direct;
  const python = machine.platform === 'win32' ? 'python' : 'python3';
  return machine.command(python, ['-m', 'jupyter', ...args]);
}

export async function lookAtJupyter(machine: Machine): Promise<Finding> {
  const name = 'Jupyter';
  const versions = (await jupyter(machine, '--version')) ?? '';
  const found = ['jupyterlab', 'notebook'].flatMap((part) => {
    const version = new RegExp(`^${part} *: *(\\d\\S*)`, 'm').exec(versions)?.[1];
    return version === undefined ? [] : [`${part} ${version}`];
  });
  if (found.length > 0) return ok(name, found.join(', '));
  const cure = 'only notebooks need it (pip install jupyterlab); here the lessons play without it: .lessons';
  return missing(name, 'not found', cure);
}

export async function lookAtKernel(machine: Machine): Promise<Finding> {
  const name = 'TypeScript kernel';
  const list = await jupyter(machine, 'kernelspec', 'list', '--json');
  if (list === undefined) return missing(name, 'no Jupyter that it could be in', 'install Jupyter first');
  if (/"language": *"typescript"/i.test(list)) return ok(name, 'known to Jupyter');
  return missing(name, 'not known to Jupyter', 'npm install --global tslab, then tslab install');
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
