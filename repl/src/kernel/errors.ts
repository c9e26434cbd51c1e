/**
 * From whatever a cell has thrown to what the screen shows.
 * @module
 */
import { SourceMap } from 'node:module';
import { FheError } from 'toyfhe/backend';
import type { CellSource } from './cell-source.ts';
import { type Refused, typescript } from './compiler.ts';
import { withoutModules } from './print-type.ts';
import type { KernelError, Place, TypeProblem } from './protocol.ts';

/** TypeScript's words are for types; these are for what people do here. */
const HINTS: ReadonlyMap<number, string> = new Map([
  [2362, 'operators work on numbers, on ciphertexts of the toy, and, with evaluation keys in a variable, on others'],
  [2363, 'operators work on numbers, on ciphertexts of the toy, and, with evaluation keys in a variable, on others'],
  [2365, 'operators work on numbers, on ciphertexts of the toy, and, with evaluation keys in a variable, on others'],
  [2850, 'in a session, write const, and call dispose() when you no longer need it'],
]);

/** @param code the cell as it was sent */
export function refusal({ diagnostics }: Refused, cell: CellSource, code: string): KernelError {
  const problems = diagnostics.map((diagnostic): TypeProblem => {
    const text = typescript.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    const hint = HINTS.get(diagnostic.code);
    return {
      ...placeIn(code, cell.toTyped(diagnostic.start ?? 0), diagnostic.length ?? 1),
      message: withoutModules(hint === undefined ? text : `${text}\n${hint}`),
      code: diagnostic.code,
    };
  });
  return { name: 'Type error', message: problems[0]?.message ?? '', problems, stack: [] };
}

/** The part of the first line that a range covers. */
function placeIn(code: string, start: number, length: number): Place {
  const before = code.slice(0, start).split('\n');
  const line = before.length - 1;
  const column = before.at(-1)!.length;
  const rest = code.split('\n')[line]!.length - column;
  return { line, column, length: Math.max(1, Math.min(length, rest)) };
}

/** One cell that ran: for its lines in stacks. */
export interface RanCell {
  /** What its frames are called. */
  readonly filename: string;
  /** As it was sent. */
  readonly code: string;
  readonly map: SourceMap | undefined;
}

/** @param thrown anything, also what is no Error */
export function failure(thrown: unknown, cells: readonly RanCell[]): KernelError {
  if (!(thrown instanceof Error)) {
    return { name: 'Thrown', message: safely(() => String(thrown)), problems: [], stack: [] };
  }
  const stack = safely(() => thrown.stack ?? '')
    .split('\n')
    .flatMap((line) => frame(line, cells) ?? []);
  const shown = {
    name: safely(() => thrown.name),
    message: safely(() => causes(thrown)),
    problems: [],
    stack: stack.slice(0, 10),
  };
  if (!(thrown instanceof FheError)) return shown;
  const ledger = thrown.ledger.map(({ op, level, scale, length }) =>
    [op, `level ${level}`, `scale ${scale}`, `length ${length}`].join(', '),
  );
  return { ...shown, code: thrown.code, hint: thrown.hint, ledger };
}

/** The message, and those of the errors behind it. */
function causes(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && cause !== error ? `${error.message}\ncaused by ${causes(cause)}` : error.message;
}

/** `at f (cell:2:5)` → `in f, line 2`; undefined for frames that are not the user's. */
function frame(line: string, cells: readonly RanCell[]): string | undefined {
  for (const { filename, code, map } of cells) {
    const at = line.indexOf(`${filename}:`);
    if (at < 0) continue;
    const [row, column] = line
      .slice(at + filename.length + 1)
      .split(':')
      .map((n) => Number.parseInt(n, 10));
    const entry = map?.findEntry(row! - 1, (column ?? 1) - 1);
    const original = entry !== undefined && 'originalLine' in entry ? entry.originalLine : undefined;
    if (original === undefined || original === 0) return undefined; // the line of names before the cell
    const name = /at (?:async )?([^ (]+) \(/.exec(line)?.[1];
    const lines = code.split('\n').length;
    if (original > lines) return undefined;
    return `${name === undefined || name === 'eval' ? 'at' : `in ${name},`} line ${original} of ${first(code)}`;
  }
  return undefined;
}

function first(code: string): string {
  const line = code.split('\n').find((text) => text.trim() !== '') ?? '';
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** Getters and `toString` of strangers may throw. */
function safely(read: () => string): string {
  try {
    return String(read());
  } catch {
    return '(it cannot be printed)';
  }
}
