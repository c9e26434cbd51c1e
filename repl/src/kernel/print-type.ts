/**
 * Types as people read them.
 * @module
 */
import type ts from 'typescript';
import { typescript } from './compiler.ts';

export function printType(checker: ts.TypeChecker, type: ts.Type, source: ts.SourceFile): string {
  return withoutModules(checker.typeToString(type, source, typescript.TypeFormatFlags.NoTruncation));
}

/** `import("/home/me/.toyfhe-cell-3").Point` → `Point`. */
export function withoutModules(text: string): string {
  return text.replace(/import\("[^"]*"\)\./g, '').replace(/typeof import\("[^"]*"\)/g, 'a module');
}
