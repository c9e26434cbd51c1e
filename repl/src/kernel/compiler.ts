/**
 * ts-node's compiler on files that exist only here: each cell is a module, type-checked against those before it.
 * @module
 */
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as TsNode from 'ts-node';
import type ts from 'typescript';

// Both are CommonJS, and the compiler has to be given by file name.
const require = createRequire(import.meta.url);
const compilerFile = fileURLToPath(new URL('./compiler.cjs', import.meta.url));

/** TypeScript, as this session uses it. */
export const typescript = require('typescript') as typeof ts;

export interface CompilerOptions {
  /** Where the cells are as if they lay: relative imports and packages are found from there. */
  readonly folder: string;
}

/** What the compiler refused. */
export class Refused extends Error {
  readonly diagnostics: readonly ts.Diagnostic[];

  constructor(diagnostics: readonly ts.Diagnostic[]) {
    super('the code does not compile');
    this.diagnostics = diagnostics;
  }
}

export class Compiler {
  readonly folder: string;
  readonly #texts = new Map<string, string>();
  readonly #service: TsNode.Service;
  readonly #tsNode: typeof TsNode;

  constructor({ folder }: CompilerOptions) {
    this.folder = folder;
    this.#tsNode = require('ts-node') as typeof TsNode;
    this.#service = this.#tsNode.create({
      cwd: folder,
      skipProject: true,
      compiler: compilerFile,
      ignoreDiagnostics: [5097], // files that are imported run as they are, so their names end with .ts
      readFile: (path) => this.#texts.get(path) ?? typescript.sys.readFile(path),
      fileExists: (path) => this.#texts.has(path) || typescript.sys.fileExists(path),
      compilerOptions: {
        target: 'es2022',
        lib: ['es2023', 'esnext.disposable'],
        module: 'esnext',
        moduleResolution: 'bundler',
        strict: true,
        skipLibCheck: true,
        esModuleInterop: true,
        typeRoots: [dirname(dirname(require.resolve('@types/node/package.json')))],
        types: ['node'],
        paths: ownPackages(),
        // The sources of this library name each other with the ending .ts; ts-node asks for no emit of such.
        ...(fromSources() ? { customConditions: ['toyfhe:source'] } : {}),
      },
    });
  }

  /** The path of a module with this name. */
  path(name: string): string {
    return join(this.folder, `${name}.ts`);
  }

  /** A module that others can import; it is looked at when one does. Written once. */
  keep(name: string, text: string): void {
    this.#texts.set(this.path(name), text);
  }

  /** Puts a text where `program` and the language service see it. Few files, often rewritten, are quicker than many. */
  put(file: string, text: string): void {
    if (this.#texts.get(file) === text) return;
    this.#texts.set(file, text);
    this.#service.getTypeInfo(text, file, 0); // what ts-node offers to hand a text to its language service
  }

  /** What completes, describes and knows the types of all texts. */
  get languageService(): ts.LanguageService {
    const { latestLanguageService } = require(compilerFile) as { latestLanguageService(): ts.LanguageService };
    return latestLanguageService();
  }

  /** The checked program; asks anew after each `put`. */
  program(file: string): { readonly checker: ts.TypeChecker; readonly source: ts.SourceFile } {
    const program = this.languageService.getProgram()!;
    return { checker: program.getTypeChecker(), source: program.getSourceFile(file)! };
  }

  /**
   * JavaScript (an ES module, with its source map at the end) of a text.
   * @throws Refused
   */
  compile(file: string, text: string): string {
    this.#texts.set(file, text);
    try {
      return this.#service.compile(text, file);
    } catch (error) {
      if (error instanceof this.#tsNode.TSError) throw new Refused(error.diagnostics);
      throw error;
    }
  }
}

/** Whether this runs on the sources, as tests do, and not on the build. */
function fromSources(): boolean {
  return extname(fileURLToPath(import.meta.url)) === '.ts';
}

/** Our packages and mathjs, wherever the session runs: the types of the very copies that run. */
function ownPackages(): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  const library = dirname(fileURLToPath(import.meta.resolve('toyfhe')));
  paths['toyfhe'] = [join(library, 'index')];
  paths['toyfhe/*'] = [join(library, '*', 'index')];
  paths['@toyfhe/datasets'] = [fileURLToPath(import.meta.resolve('@toyfhe/datasets')).replace(/\.[jt]s$/, '')];
  paths['mathjs'] = [join(dirname(require.resolve('mathjs/package.json')), 'types', 'index')];
  return paths;
}
