/**
 * From what was typed to a TypeScript module: the names of the session before it, its own names exported, the value of its
 * last expression kept.
 * @module
 */
import type ts from 'typescript';
import { typescript } from './compiler.ts';
import type { Declared } from './names.ts';

/** The value of the last expression, in the module. */
export const VALUE = '$$value';

/** A cell before it is compiled. */
export interface CellSource {
  /** The module's text. */
  readonly text: string;
  /** What the cell declares at top level. */
  readonly declared: ReadonlyMap<string, Declared>;
  /** Whether it ends with an expression. */
  readonly hasValue: boolean;
  /** Where a place in the module's text is in what was typed. */
  toTyped(position: number): number;
  /** Where a place in what was typed is in the module's text. */
  fromTyped(position: number): number;
}

export function parse(code: string): ts.SourceFile {
  return typescript.createSourceFile('cell.ts', code, typescript.ScriptTarget.ES2022, true, typescript.ScriptKind.TS);
}

/** What typed code declares at top level. */
export function declaredNames(source: ts.SourceFile): Map<string, Declared> {
  const declared = new Map<string, Declared>();
  for (const statement of source.statements) {
    if (typescript.isVariableStatement(statement)) {
      const kind = statement.declarationList.flags & typescript.NodeFlags.Const ? 'const' : 'let';
      for (const { name } of statement.declarationList.declarations) {
        for (const bound of boundNames(name)) declared.set(bound, kind);
      }
    } else if (typescript.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {};
      if (name !== undefined) declared.set(name.text, 'import');
      if (namedBindings === undefined) continue;
      if (typescript.isNamespaceImport(namedBindings)) declared.set(namedBindings.name.text, 'import');
      else for (const element of namedBindings.elements) declared.set(element.name.text, 'import');
    } else if (isNamedDeclaration(statement) && statement.name !== undefined) {
      declared.set(statement.name.text, 'definition');
    }
  }
  return declared;
}

function isNamedDeclaration(statement: ts.Statement): statement is ts.Statement & { readonly name?: ts.Identifier } {
  return (
    typescript.isFunctionDeclaration(statement) ||
    typescript.isClassDeclaration(statement) ||
    typescript.isInterfaceDeclaration(statement) ||
    typescript.isTypeAliasDeclaration(statement) ||
    typescript.isEnumDeclaration(statement) ||
    (typescript.isModuleDeclaration(statement) && typescript.isIdentifier(statement.name))
  );
}

/** The names in `a`, `{ a, b: c }`, `[a, ...b]`. */
export function boundNames(name: ts.BindingName): string[] {
  if (typescript.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (typescript.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

/**
 * `{ a: 1 }` at the start of a line is a block to TypeScript and a record to whoever types it: as in Node, it is a record
 * where that makes sense.
 */
export function asExpression(code: string): string {
  if (!/^\s*\{/.test(code) || /;\s*$/.test(code)) return code;
  const wrapped = `(${code.trimEnd()})`;
  return parseProblems(parse(wrapped)).length === 0 && parse(wrapped).statements.length === 1 ? wrapped : code;
}

/** Syntax errors, which TypeScript keeps on the file without saying so in its types. */
export function parseProblems(source: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (source as unknown as { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
}

/** One line with the names that a cell needs: of `Names`. */
export type Prelude = (declared: ReadonlySet<string>, mentioned: ReadonlySet<string>) => string;

/** @param keepsValue false: code that is still being typed, where parentheses around its end would be in the way */
export function cellSource(typed: string, prelude: Prelude, keepsValue = true): CellSource {
  const code = asExpression(typed);
  const shift = code === typed ? 0 : 1; // the parenthesis before it
  const source = parse(code);
  const declared = declaredNames(source);
  const mentioned = new Set(code.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu)); // a few too many: words in strings and comments
  const head = `${prelude(new Set(declared.keys()), mentioned)}\n`;
  const last = source.statements.at(-1);
  const ends = keepsValue && last !== undefined && typescript.isExpressionStatement(last) ? last.expression : undefined;
  const before = `export const ${VALUE} = (`;
  const exported = [...declared.keys()].join(', ');
  const body =
    ends === undefined
      ? code
      : `${code.slice(0, ends.getStart())}${before}${code.slice(ends.getStart(), ends.end)});${code.slice(last!.end)}`;
  const start = ends?.getStart() ?? Number.POSITIVE_INFINITY;
  return {
    text: `${head}${body}\nexport { ${exported} };`,
    declared,
    hasValue: ends !== undefined,
    toTyped: (position) => {
      const inBody = position - head.length;
      const inCode = inBody <= start ? inBody : Math.max(start, inBody - before.length);
      return Math.min(Math.max(0, inCode - shift), typed.length);
    },
    fromTyped: (position) => {
      const inCode = position + shift;
      return head.length + (inCode < start ? inCode : inCode + before.length);
    },
  };
}
