/**
 * Evaluates cells one after the other: operators become calls, TypeScript checks, a script runs, and what it declared is
 * there for the next one.
 * @module
 */
import { SourceMap, type SourceMapPayload } from 'node:module';
import { Script } from 'node:vm';
import type ts from 'typescript';
import { cellScript, IMPORT, IMPORTED, RESULT } from './cell-script.ts';
import { type CellSource, cellSource, type Prelude, VALUE } from './cell-source.ts';
import { Compiler, Refused, typescript } from './compiler.ts';
import { failure, type RanCell, refusal } from './errors.ts';
import { type Guard, Interrupted } from './guard.ts';
import { exported, type Importer, importerFor, type Namespace } from './importer.ts';
import { type About, LAST, Names } from './names.ts';
import { rewriteOperators } from './operators.ts';
import { PRELOADED, preloadedText, preloadedValues } from './preloaded.ts';
import { printType } from './print-type.ts';
import type { KernelError } from './protocol.ts';
import { toolsAmong } from './session-tools.ts';
import { kindOf } from './types-of-values.ts';

/** Lines of older cells than this are not looked for in stacks. */
const REMEMBERED = 100;
const UNKNOWN: About = { type: undefined, kind: 'other' };
/** Modules of the session, whose names are global. */
const SESSION = /^\.\/\.toyfhe-/;

export type Evaluated =
  | { readonly status: 'ok'; readonly value: unknown }
  | { readonly status: 'error'; readonly error: KernelError }
  | { readonly status: 'interrupted' };

export interface EvaluatorOptions {
  /** Where files and packages are found from; absolute. */
  readonly folder: string;
  /** Stops cells. */
  readonly guard: Guard;
}

export class Evaluator {
  readonly names: Names;
  readonly compiler: Compiler;
  /** `true`: operators stay as they are. */
  plainTypeScript = false;
  /** What older cells a cell sees. */
  readonly prelude: Prelude = (declared, mentioned) => this.names.prelude(declared, mentioned);
  /** Where the cell stands that is compiled, or typed. */
  readonly file: string;
  readonly #importer: Importer;
  readonly #guard: Guard;
  readonly #imported = new Map<string, Namespace>();
  readonly #ran: RanCell[] = [];
  #count = 0;
  #value: unknown;

  private constructor(compiler: Compiler, names: Names, importer: Importer, guard: Guard) {
    this.#guard = guard;
    this.compiler = compiler;
    this.file = compiler.path('.toyfhe-cell');
    this.names = names;
    this.#importer = importer;
    define(RESULT, (value: unknown) => void (this.#value = value));
    define(IMPORT, importer);
    define(IMPORTED, (module: string, name?: string) => exported(module, this.#imported.get(module)!, name));
  }

  /** Loads the library and the compiler, and checks the types of everything once, so that the first cell is quick. */
  static async create({ folder, guard }: EvaluatorOptions): Promise<Evaluator> {
    const importer = importerFor(folder);
    const values = preloadedValues(importer); // loads while the compiler does its work
    const compiler = new Compiler({ folder });
    const file = compiler.path(PRELOADED);
    compiler.put(file, preloadedText());
    const { checker, source } = compiler.program(file);
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!);
    const names = new Names(PRELOADED, new Map(symbols.map((symbol) => [symbol.name, kindOfSymbol(symbol, checker)])));
    const evaluator = new Evaluator(compiler, names, importer, guard);
    for (const [name, value] of Object.entries(await values)) define(name, value);
    await evaluator.execute('0', () => undefined);
    return evaluator;
  }

  /**
   * Runs a cell. Never throws.
   * @param onRewritten is told what runs where that is not what was typed
   */
  async execute(typed: string, onRewritten: (code: string) => void): Promise<Evaluated> {
    let code = typed;
    let cell = cellSource(code, this.prelude);
    let script: string;
    try {
      if (!this.plainTypeScript)
        code = rewriteOperators(typed, this.file, this.prelude, this.compiler, toolsAmong(this.names));
      if (code !== typed) {
        cell = cellSource(code, this.prelude);
        onRewritten(code);
      }
      script = this.compiler.compile(this.file, cell.text);
    } catch (error) {
      if (error instanceof Refused) return { status: 'error', error: refusal(error, cell, code) };
      return { status: 'error', error: failure(error, []) };
    }
    // `await`, here and in main.ts: code that is ended in the middle of a microtask takes with it all microtasks that wait,
    // and to return a promise makes one.
    return await this.#run(script, cell, code);
  }

  async #run(javascript: string, cell: CellSource, code: string): Promise<Evaluated> {
    const module = `.toyfhe-cell-${this.#count++}`;
    const about = this.#aboutExports(); // now: another text may stand there when the cell has ended
    const script = cellScript(javascript, (module) => SESSION.test(module));
    const filename = this.compiler.path(module);
    this.#ran.unshift({ filename, code, map: sourceMapOf(javascript) });
    this.#ran.length = Math.min(this.#ran.length, REMEMBERED);
    const before = new Map([...cell.declared.keys()].map((name) => [name, valueOf(name)]));
    this.#value = undefined;
    let outcome: Evaluated;
    try {
      for (const module of script.imports) this.#imported.set(module, await this.#importer(module));
      const compiled = new Script(script.code, { filename });
      await this.#guard.watch(() => compiled.runInThisContext({ displayErrors: false }) as unknown);
      outcome = { status: 'ok', value: this.#value };
    } catch (error) {
      outcome =
        error instanceof Interrupted
          ? { status: 'interrupted' }
          : { status: 'error', error: failure(error, this.#ran) };
    }
    // What a cell that failed had not come to declare keeps its old meaning.
    const finished = outcome.status === 'ok';
    const declared = [...cell.declared].filter(([name]) => finished || valueOf(name) !== before.get(name));
    for (const [name, how] of declared) this.names.declare(name, module, how, about.get(name) ?? UNKNOWN);
    if (this.#value !== undefined) {
      define(LAST, this.#value);
      this.names.declare(LAST, module, 'const', about.get(VALUE) ?? UNKNOWN, VALUE);
    }
    if (declared.length > 0 || this.#value !== undefined) this.compiler.keep(module, cell.text);
    return outcome;
  }

  /** Types of what the compiled cell exports. */
  #aboutExports(): Map<string, About> {
    const { checker, source } = this.compiler.program(this.file);
    const symbol = checker.getSymbolAtLocation(source);
    const exports = symbol === undefined ? [] : checker.getExportsOfModule(symbol);
    return new Map(
      exports.map((exported) => {
        const real = exported.flags & typescript.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
        if (!(real.flags & typescript.SymbolFlags.Value)) return [exported.name, UNKNOWN];
        const type = checker.getTypeOfSymbolAtLocation(real, source);
        return [exported.name, { type: printType(checker, type, source), kind: kindOf(type) }];
      }),
    );
  }
}

export function valueOf(name: string): unknown {
  return (globalThis as Record<string, unknown>)[name];
}

/** A global that a cell may declare anew. */
function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

/** As completions call it. */
function kindOfSymbol(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const { flags } = symbol.flags & typescript.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (flags & typescript.SymbolFlags.Function) return 'function';
  if (flags & typescript.SymbolFlags.Class) return 'class';
  if (flags & typescript.SymbolFlags.Value) return 'const';
  return 'type';
}

function sourceMapOf(javascript: string): SourceMap | undefined {
  const data = /\/\/# sourceMappingURL=data:[^,]*;base64,([\w+/=]+)\s*$/.exec(javascript)?.[1];
  if (data === undefined) return undefined;
  return new SourceMap(JSON.parse(Buffer.from(data, 'base64').toString()) as SourceMapPayload);
}
