/**
 * Which variables calls behind the contract use: the newest evaluation keys and the newest backend.
 * @module
 */
import type ts from 'typescript';
import { declaredNames } from './cell-source.ts';
import type { Names } from './names.ts';
import type { Tools } from './operator-calls.ts';
import { type Kind, kindOf } from './types-of-values.ts';

/** Among what the cell declares itself, and what was declared before. */
export function toolsAmong(names: Names): (checker: ts.TypeChecker, source: ts.SourceFile) => Tools {
  return (checker, source) => {
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!);
    const here = [...declaredNames(source).keys()].toReversed();
    const newest = (kind: Kind): string | undefined =>
      here.find((name) => {
        const symbol = exported.find((candidate) => candidate.name === name);
        return symbol !== undefined && kindOf(checker.getTypeOfSymbolAtLocation(symbol, source)) === kind;
      }) ?? names.newest(kind);
    return { keys: newest('evaluation keys'), backend: newest('backend') };
  };
}
