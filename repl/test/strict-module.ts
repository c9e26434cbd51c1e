/** What the compiler says of cells, taken together as one module. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Compiles the cells as one strict module with declarations, which notebook kernels make for every cell: types that no
 * declaration can name are problems too.
 */
export function problemsOf(cells: readonly string[]): string[] {
  const file = join(root, 'notebooks/cells-as-a-module.ts'); // in memory only
  const source = cells.join(';\n').replace(/^(const|let|function|class) /gm, 'export $1 ');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    declaration: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    // As notebook kernels resolve, but to the sources.
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    baseUrl: root,
    paths: { toyfhe: ['toyfhe/src/index.ts'], 'toyfhe/*': ['toyfhe/src/*/index.ts'] },
    types: ['node'],
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, source, version) : getSourceFile(name, version);
  const program = ts.createProgram([file], options, host);
  const found = [program.getSourceFile(file)!].flatMap((module) => [
    ...program.getSyntacticDiagnostics(module),
    ...program.getSemanticDiagnostics(module),
    ...program.getDeclarationDiagnostics(module),
  ]);
  return found.map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, ' '));
}
