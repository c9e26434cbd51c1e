/**
 * From a compiled cell, an ES module, to a script whose names stay in the session: what is declared at top level becomes a
 * global variable, which can be declared again; imports are looked up; a cell that awaits becomes an async function. Lines
 * stay where they are.
 * @module
 */
import type ts from 'typescript';
import { boundNames, VALUE } from './cell-source.ts';
import { typescript } from './compiler.ts';

/** Global names that the script uses: the value of the last expression, and modules that were imported before it runs. */
export const RESULT = '$$result';
export const IMPORTED = '$$imported';
/** Stands for `import(…)`, which in a script would not find what the cell's imports find. */
export const IMPORT = '$$import';

export interface CellScript {
  readonly code: string;
  /** Modules to import before it runs. */
  readonly imports: readonly string[];
}

/** @param isSession whether a module is a part of the session, whose names are global anyway */
export function cellScript(javascript: string, isSession: (module: string) => boolean): CellScript {
  const source = parseJavaScript(withOwnImport(javascript.replace(/\/\/# sourceMappingURL=.*$/s, '')));
  const asynchronous = source.statements.some(awaits);
  const script = new Script(source, isSession, asynchronous);
  for (const statement of source.statements) script.add(statement);
  return script.finish();
}

function parseJavaScript(text: string): ts.SourceFile {
  return typescript.createSourceFile('cell.js', text, typescript.ScriptTarget.ES2022, true, typescript.ScriptKind.JS);
}

function withOwnImport(text: string): string {
  if (!/\bimport\s*\(/.test(text)) return text;
  const places: number[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === typescript.SyntaxKind.ImportKeyword && typescript.isCallExpression(node.parent)) {
      places.push(node.getStart());
    }
    typescript.forEachChild(node, visit);
  };
  visit(parseJavaScript(text));
  let out = text;
  for (const at of places.toReversed()) out = out.slice(0, at) + IMPORT + out.slice(at + 'import'.length);
  return out;
}

class Script {
  readonly #source: ts.SourceFile;
  readonly #isSession: (module: string) => boolean;
  readonly #asynchronous: boolean;
  readonly #globals = new Set<string>();
  /** Functions of an asynchronous cell: local to it, so they are handed out as soon as it starts. */
  readonly #functions: string[] = [];
  readonly #imports: string[] = [];
  #text = '';

  constructor(source: ts.SourceFile, isSession: (module: string) => boolean, asynchronous: boolean) {
    this.#source = source;
    this.#isSession = isSession;
    this.#asynchronous = asynchronous;
  }

  add(statement: ts.Statement): void {
    const full = statement.getFullText(this.#source);
    const space = full.slice(0, full.length - statement.getText(this.#source).length);
    this.#text += space + this.#statement(statement);
  }

  finish(): CellScript {
    const globals = this.#globals.size === 0 ? '' : `var ${[...this.#globals].join(', ')};`;
    const body = this.#text.trimEnd();
    if (!this.#asynchronous) {
      return { code: `'use strict';${globals}${body}`, imports: this.#imports };
    }
    const handOut = this.#functions.map((name) => `globalThis.${name} = ${name};`).join('');
    const code = `'use strict';${globals}(async () => {${handOut}${body}\n})()`;
    return { code, imports: this.#imports };
  }

  #statement(statement: ts.Statement): string {
    const text = statement.getText(this.#source);
    if (typescript.isImportDeclaration(statement)) return this.#import(statement) + newlines(text);
    if (typescript.isExportDeclaration(statement)) return newlines(text);
    if (typescript.isVariableStatement(statement)) return this.#variables(statement);
    if (typescript.isClassDeclaration(statement) && statement.name !== undefined) {
      this.#globals.add(statement.name.text);
      return `${statement.name.text} = ${unexported(text)};`;
    }
    if (typescript.isFunctionDeclaration(statement) && statement.name !== undefined) {
      if (this.#asynchronous) {
        this.#functions.push(statement.name.text);
      }
      return unexported(text);
    }
    return text;
  }

  /** `const { a } = f()` → `void ({ a } = f());`: a pattern reads the same whether it declares or assigns. */
  #variables(statement: ts.VariableStatement): string {
    const assignments = statement.declarationList.declarations.map(({ name, initializer }) => {
      const value = initializer === undefined ? ' undefined' : initializer.getFullText(this.#source);
      if (typescript.isIdentifier(name) && name.text === VALUE) return `${RESULT}(${value})`;
      for (const bound of boundNames(name)) this.#globals.add(bound);
      return `${name.getText(this.#source)} =${value}`;
    });
    return `void (${assignments.join(', ')});`;
  }

  #import({ moduleSpecifier, importClause }: ts.ImportDeclaration): string {
    const module = (moduleSpecifier as ts.StringLiteral).text;
    if (this.#isSession(module)) return '';
    this.#imports.push(module);
    const from = `${IMPORTED}(${JSON.stringify(module)}`;
    const { name, namedBindings } = importClause ?? {};
    const assignments: string[] = [];
    const bind = (local: string, value: string): void => {
      this.#globals.add(local);
      assignments.push(`${local} = ${value};`);
    };
    if (name !== undefined) bind(name.text, `${from}, 'default')`);
    if (namedBindings !== undefined && typescript.isNamespaceImport(namedBindings)) {
      bind(namedBindings.name.text, `${from})`);
    } else if (namedBindings !== undefined) {
      for (const element of namedBindings.elements) {
        bind(element.name.text, `${from}, ${JSON.stringify((element.propertyName ?? element.name).text)})`);
      }
    }
    return assignments.join('');
  }
}

/** Only the line ends of a text: what stands after it stays on its line. */
function newlines(text: string): string {
  return text.replace(/[^\n]/g, '');
}

function unexported(text: string): string {
  return text.replace(/^export (default )?/, '');
}

/** Whether there is an `await` in it that is not in a function of its own. */
function awaits(node: ts.Node): boolean {
  if (typescript.isFunctionLike(node) || typescript.isClassStaticBlockDeclaration(node)) return false;
  if (typescript.isAwaitExpression(node)) return true;
  if (typescript.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
  return typescript.forEachChild(node, awaits) ?? false;
}
