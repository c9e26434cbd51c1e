/**
 * What the language service knows of code that is being typed: completions, types, signatures.
 * @module
 */
import type ts from 'typescript';
import { type CellSource, cellSource } from './cell-source.ts';
import { typescript } from './compiler.ts';
import type { Evaluator } from './evaluator.ts';
import { printType, withoutModules } from './print-type.ts';
import type { Completion, CompleteReply, InspectReply, Signature } from './protocol.ts';

const MOST_MATCHES = 200;

export class Assistant {
  readonly #evaluator: Evaluator;

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  complete(code: string, cursor: number): CompleteReply {
    const { file, cell } = this.#put(code);
    const before = /[\p{L}\p{N}_$]*$/u.exec(code.slice(0, cursor))![0];
    const start = cursor - before.length;
    const afterDot = /\.\s*$/.test(code.slice(0, start));
    const inString = /['"][^'"]*$/.test(code.slice(0, start)) && /\b(from|import|require)\b/.test(code);
    const nothing = { matches: [], start, end: cursor };
    if (before === '' && !afterDot && !inString) return nothing;
    const service = this.#evaluator.compiler.languageService;
    const found = service.getCompletionsAtPosition(file, cell.fromTyped(cursor), {
      includeInsertTextCompletions: false,
    });
    const entries = found?.entries ?? [];
    // The session's own names first, then the library's: TypeScript is told of those only that the text mentions.
    const { own, preloaded } = this.#evaluator.names;
    const isName = !afterDot && !inString;
    const ours = isName
      ? [...own.toSorted(), ...[...preloaded.keys()].filter((name) => !own.includes(name)).toSorted()]
      : [];
    const known = new Set(ours);
    const rank = ({ name, sortText }: ts.CompletionEntry): string => `${sortText}${name}`;
    const matches = [
      ...ours.map((text): Completion => ({ text, kind: preloaded.get(text) ?? 'const' })),
      ...entries
        .filter(({ name }) => !known.has(name) && !name.startsWith('$$'))
        .map((entry) => [rank(entry), entry] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { name, kind }]): Completion => ({ text: name, kind })),
    ].filter(({ text }) => text.toLowerCase().startsWith(before.toLowerCase()));
    matches.sort((a, b) => Number(b.text.startsWith(before)) - Number(a.text.startsWith(before))); // the same case first
    matches.splice(MOST_MATCHES);
    const span = inString ? entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan : undefined;
    if (span === undefined) return { matches, start, end: cursor };
    return { matches, start: cell.toTyped(span.start), end: cell.toTyped(span.start + span.length) };
  }

  inspect(code: string, cursor: number): InspectReply {
    const { file, cell } = this.#put(code);
    const service = this.#evaluator.compiler.languageService;
    const at = cell.fromTyped(cursor);
    const signature = signatureOf(service.getSignatureHelpItems(file, at, undefined));
    // The cursor stands behind what is meant.
    const info = service.getQuickInfoAtPosition(file, at) ?? service.getQuickInfoAtPosition(file, at - 1);
    const type = info === undefined ? '' : tidy(typescript.displayPartsToString(info.displayParts));
    return {
      found: type !== '' || signature !== undefined,
      type,
      documentation: firstParagraph(typescript.displayPartsToString(info?.documentation)),
      ...(signature === undefined ? {} : { signature }),
    };
  }

  /** The type of an expression, as TypeScript prints it. Undefined where it has none. */
  typeOf(expression: string): string | undefined {
    const { file, cell } = this.#put(expression, true);
    if (!cell.hasValue) return undefined;
    const { checker, source } = this.#evaluator.compiler.program(file);
    const value = checker
      .getExportsOfModule(checker.getSymbolAtLocation(source)!)
      .find(({ name }) => name === '$$value');
    return value === undefined
      ? undefined
      : printType(checker, checker.getTypeOfSymbolAtLocation(value, source), source);
  }

  #put(code: string, keepsValue = false): { readonly file: string; readonly cell: CellSource } {
    const { file, prelude } = this.#evaluator;
    const cell = cellSource(code, prelude, keepsValue);
    this.#evaluator.compiler.put(file, cell.text);
    return { file, cell };
  }
}

/** Without what is only true of how a session is put together. */
function tidy(text: string): string {
  return withoutModules(text.replace(/^\(alias\) /, '').replace(/\nimport [^\n]*$/, '')).replace(/\$\$value/g, '_');
}

function firstParagraph(text: string): string {
  return text.split(/\n\s*\n/)[0]!.replace(/\s*\n\s*/g, ' ');
}

function signatureOf(help: ts.SignatureHelpItems | undefined): Signature | undefined {
  const item = help?.items[help.selectedItemIndex];
  if (help === undefined || item === undefined) return undefined;
  let text = typescript.displayPartsToString(item.prefixDisplayParts);
  let active: Signature['active'];
  let documentation = '';
  for (const [i, parameter] of item.parameters.entries()) {
    if (i > 0) text += typescript.displayPartsToString(item.separatorDisplayParts);
    const shown = typescript.displayPartsToString(parameter.displayParts);
    if (i === help.argumentIndex) {
      active = { start: text.length, length: shown.length };
      documentation = firstParagraph(typescript.displayPartsToString(parameter.documentation));
    }
    text += shown;
  }
  text += typescript.displayPartsToString(item.suffixDisplayParts);
  return { text: withoutModules(text), documentation, ...(active === undefined ? {} : { active }) };
}
