/**
 * Where outputs go: to the front end that runs this process, whichever it is; where there is none, to the console.
 * @module
 */
import { createRequire } from 'node:module';
import type { Figure } from '../inspect/figures/figure.ts';
import type { Images } from './images.ts';

/** One output in several forms, by MIME type: a front end takes the best that it can show. */
export interface DisplayBundle {
  /** One line that says what there is to see. */
  readonly 'text/plain': string;
  readonly 'text/html': string;
  readonly 'application/vnd.plotly.v1+json'?: Figure;
  readonly 'application/vnd.toyfhe.images+json'?: Images;
}

export type Display = (bundle: DisplayBundle) => void;

/** On the global object, so that both builds of the library find it. */
const DISPLAY = Symbol.for('toyfhe.display');

/** For front ends: from now on `show` gives its outputs to `display`; undefined takes it away. */
export function setDisplay(display: Display | undefined): void {
  (globalThis as Record<symbol, unknown>)[DISPLAY] = display;
}

export function display(bundle: DisplayBundle): void {
  const own = (globalThis as Record<symbol, unknown>)[DISPLAY];
  if (typeof own === 'function') return void (own as Display)(bundle);
  const write = jupyterWriter();
  if (write === undefined) return console.log(bundle['text/plain']);
  const { 'text/plain': text, 'text/html': html } = bundle; // what every Jupyter shows
  write({ data: { 'text/plain': text, 'text/html': html }, metadata: {}, transient: {} });
}

type JupyterWriter = (content: {
  readonly data: Readonly<Record<string, string>>;
  readonly metadata: object;
  readonly transient: object;
}) => void;

/**
 * The running cell's way to send display data, in a kernel of tslab: its public API sends one MIME type at a time, the module
 * behind it all of them. It is looked for among the modules that are loaded, for only a kernel has loaded it.
 */
function jupyterWriter(): JupyterWriter | undefined {
  const { cache } = createRequire(process.execPath); // of any place: the cache is one
  for (const [file, module] of Object.entries(cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(file)) continue;
    const write = (module?.exports as { readonly lastWriteDisplayData?: unknown } | undefined)?.lastWriteDisplayData;
    if (typeof write === 'function') return write as JupyterWriter;
  }
  return undefined;
}
