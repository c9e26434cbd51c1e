/**
 * Jupyter's command line: the same request for JupyterLab, Notebook 7 and the older Notebook.
 * @module
 */
import { join, relative, sep } from 'node:path';
import type { Jupyter } from './find-jupyter.ts';
import { root } from './project.ts';

export interface JupyterRequest {
  /** The folder of the lessons. */
  readonly folder: string;
  /** The file in it to open; without one, the list of files. */
  readonly file?: string;
  readonly browser: boolean;
  readonly port?: number;
}

/** Arguments for the program. */
export function jupyterArguments({ app, version }: Jupyter, request: JupyterRequest): string[] {
  const { folder, file, browser, port } = request;
  const classic = app === 'notebook' && Number.parseInt(version) < 7;
  const [server, page] = classic
    ? ['NotebookApp', 'NotebookApp']
    : ['ServerApp', app === 'lab' ? 'LabApp' : 'JupyterNotebookApp'];
  const top = servedFolder(folder);
  return [
    `--${server}.${classic ? 'notebook_dir' : 'root_dir'}=${top}`,
    `--${page}.default_url=${pageOf(app, relative(top, folder), file)}`,
    '--log-level=WARN', // its address is printed all the same
    ...(browser ? [] : ['--no-browser']),
    ...(port === undefined ? [] : [`--port=${port}`]),
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []), // in containers, where one is nobody else
  ];
}

/** The course is served with the whole project, which its links lead to; a teacher's folder alone. */
export function servedFolder(folder: string): string {
  return folder === root || folder.startsWith(join(root, sep)) ? root : folder;
}

/** The address of a lesson on the server, or of the list of lessons. */
export function pageOf(app: Jupyter['app'], folder: string, file: string | undefined): string {
  const path = [...folder.split(sep), file ?? ''].filter((part) => part !== '').map(encodeURIComponent);
  const kind = app === 'lab' ? ['lab', 'tree'] : [file === undefined ? 'tree' : 'notebooks'];
  return `/${[...kind, ...path].join('/')}`;
}
