/**
 * JupyterLab for a test: no token, no browser, nothing of the user's.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Jupyter } from '../src/jupyter/find-jupyter.ts';
import { jupyterArguments } from '../src/jupyter/jupyter-command.ts';
import { jupyterEnv, trustNotebooks } from '../src/jupyter/jupyter-env.ts';
import { freePorts } from '../src/kernel/connection.ts';

const START = 60_000; // a machine that is busy with other tests

export interface JupyterServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param folder of the lessons, which are trusted
 * @param state an empty folder for what Jupyter keeps
 */
export async function startJupyter(
  jupyter: Jupyter,
  folder: string,
  files: readonly string[],
  state: string,
): Promise<JupyterServer> {
  const env = { ...(await jupyterEnv(join(state, 'data'))), JUPYTER_CONFIG_DIR: join(state, 'config') };
  const distrust = await trustNotebooks(jupyter, files, env);
  if (distrust !== undefined) throw new Error(`the notebooks are not trusted: ${distrust}`);
  // All cells are there from the beginning, not only those on the screen; and no lesson is saved when time has passed.
  for (const [name, settings] of [
    ['notebook-extension/tracker', { windowingMode: 'none' }],
    ['docmanager-extension/plugin', { autosave: false }],
  ] as const) {
    const file = join(state, 'config/lab/user-settings/@jupyterlab', `${name}.jupyterlab-settings`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(settings)}\n`);
  }

  const [port] = await freePorts(1);
  const args = [
    ...jupyterArguments(jupyter, { folder, browser: false, port: port! }),
    ...['--ServerApp.port_retries=0', '--IdentityProvider.token=', '--ServerApp.disable_check_xsrf=True'],
    ...['--LabApp.expose_app_in_browser=True', '--LanguageServerManager.autodetect=False'],
    '--LabApp.notebook_starts_kernel=False', // what is saved needs none
  ];
  const child = spawn(jupyter.program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  }
  const url = `http://127.0.0.1:${port}`;
  const end = performance.now() + START;
  while (!(await answers(`${url}/api`))) {
    if (child.exitCode === null && performance.now() < end) await sleep(100);
    else {
      await stop(child);
      throw new Error(`JupyterLab does not answer:\n${log}`);
    }
  }
  return { url, close: () => stop(child) };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Jupyter ends its kernels before it ends itself. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}
