/**
 * Imports modules for cells: packages and files as if the cell lay in the session's folder, our own packages from where the
 * kernel has them, so that there is one copy of each class.
 * @module
 */
import { join } from 'node:path';
import { constants, Script } from 'node:vm';

export type Namespace = Readonly<Record<string, unknown>>;
export type Importer = (module: string) => Promise<Namespace>;

const OWN = /^(toyfhe|mathjs)(\/|$)|^@toyfhe\/datasets$/;

/** @param folder absolute */
export function importerFor(folder: string): Importer {
  // `import()` finds modules from the file that it stands in: this script stands in the session's folder.
  const fromFolder = new Script('(module) => import(module)', {
    filename: join(folder, 'session.mjs'),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Importer;
  return (module) => (OWN.test(module) ? (import(module) as Promise<Namespace>) : fromFolder(module));
}

/**
 * A module's export, as an import statement binds it; all of the module where no name is given.
 * @throws SyntaxError where there is no such export
 */
export function exported(module: string, namespace: Namespace, name?: string): unknown {
  if (name === undefined) return namespace;
  if (name in namespace) return namespace[name];
  // CommonJS: what Node has not recognised as a named export is in the default one.
  const whole = namespace['default'];
  if (typeof whole === 'object' && whole !== null && name in whole) return (whole as Namespace)[name];
  throw new SyntaxError(`'${module}' has no export named '${name}'`);
}
