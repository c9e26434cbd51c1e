/**
 * What every session knows without importing it: the library, mathjs, and the session's own tools. The types come from one
 * module of TypeScript, the values from the same packages.
 * @module
 */
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Importer } from './importer.ts';

/** The module's name. */
export const PRELOADED = '.toyfhe-preloaded';

const TOOLS = ['display', 'progress', 'showProgress', 'tracked'];
/** Behind the contract, operators with numbers become these; and what errors about levels and scales tell to use. */
const CIRCUITS = ['addConstant', 'mulConstant', 'power', 'addMatched', 'mulMatched', 'matchScale'];

/** Pictures, as notebooks have them. */
const NOTEBOOK = ['show', 'showImages'];

/** The module of types. Its exports are the names. */
export function preloadedText(): string {
  const from = (module: string, names: readonly string[]): string =>
    `export { ${names.join(', ')} } from ${JSON.stringify(module)};`;
  return [
    `export * from 'toyfhe';`,
    `export * from 'toyfhe/inspect';`,
    from('toyfhe/circuits', CIRCUITS),
    from('toyfhe/notebook', NOTEBOOK),
    from(beside('tools'), TOOLS),
    from(beside('evaluate'), ['evaluate']),
    from(beside('plot'), ['plot']),
    `export * as mathjs from 'mathjs';`,
  ].join('\n');
}

/** A module of the kernel as TypeScript is told of it. */
function beside(name: string): string {
  const here = fileURLToPath(import.meta.url);
  return join(dirname(here), extname(here) === '.ts' ? name : `${name}.js`);
}

/** The same names with their values. */
export async function preloadedValues(importer: Importer): Promise<Record<string, unknown>> {
  const [toyfhe, inspect, circuits, notebook, mathjs] = await Promise.all(
    ['toyfhe', 'toyfhe/inspect', 'toyfhe/circuits', 'toyfhe/notebook', 'mathjs'].map(importer),
  );
  const { display, progress, showProgress, tracked } = await import('./tools.ts');
  const { evaluate } = await import('./evaluate.ts');
  const { plot } = await import('./plot.ts');
  const chosen = (module: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, module[name]]));
  return {
    ...toyfhe,
    ...inspect,
    ...chosen(circuits!, CIRCUITS),
    ...chosen(notebook!, NOTEBOOK),
    display,
    progress,
    showProgress,
    tracked,
    evaluate,
    plot,
    mathjs,
  };
}
