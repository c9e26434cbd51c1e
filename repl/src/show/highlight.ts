/**
 * Syntax colours for TypeScript, by highlight.js.
 * @module
 */
import hljs from 'highlight.js/lib/core';
import typescript from 'highlight.js/lib/languages/typescript';
import type { Role, Style } from './style.ts';

/** UTF-16 units that are still coloured: beyond, it would take longer than a key press may. */
export const LONGEST_CODE = 20_000;
/** The same of one line: some of highlight.js's patterns take quadratic time. */
const LONGEST_LINE_OF_CODE = 2_000;

/** By highlight.js's scopes; of `title.class` the whole is looked up first, then `title`. */
const ROLES: Readonly<Record<string, Role>> = {
  keyword: 'keyword',
  string: 'string',
  regexp: 'string',
  number: 'number',
  literal: 'number',
  comment: 'comment',
  built_in: 'type',
  type: 'type',
  meta: 'function',
  'title.class': 'type',
  'title.function': 'function',
  subst: 'plain',
};

type Emitter = ReturnType<typeof hljs.highlight>['_emitter'];

interface Piece {
  readonly role: Role;
  readonly text: string;
}

/** Collects the pieces of the code with the innermost role of each: what highlight.js finds, without its HTML. */
class Pieces implements Emitter {
  readonly pieces: Piece[] = [];
  readonly #roles: Role[] = ['plain'];

  addText(text: string): void {
    this.pieces.push({ role: this.#roles.at(-1)!, text });
  }
  startScope(name: string): void {
    this.#roles.push(ROLES[name] ?? ROLES[name.split('.')[0]!] ?? this.#roles.at(-1)!);
  }
  endScope(): void {
    this.#roles.pop();
  }
  /** What highlight.js calls for some scopes, though its types do not say so. */
  openNode(name: string): void {
    this.startScope(name);
  }
  closeNode(): void {
    this.endScope();
  }
  finalize(): void {}
  toHTML(): string {
    return '';
  }
  __addSublanguage(emitter: Emitter): void {
    if (emitter instanceof Pieces) this.pieces.push(...emitter.pieces);
  }
}

const highlighter = hljs.newInstance();
highlighter.registerLanguage('typescript', typescript);
highlighter.configure({ __emitter: Pieces });

/** Code with colours, each line with its own; what is seen is the same text. No escape codes may be in it. */
export function highlight(code: string, style: Style): string {
  if (style.colours === 'none' || code.length > LONGEST_CODE) return code;
  if (code.split('\n').some((line) => line.length > LONGEST_LINE_OF_CODE)) return code;
  const { _emitter: emitter } = highlighter.highlight(code, { language: 'typescript', ignoreIllegals: true });
  // Where highlight.js fails, it comes back without our emitter.
  if (!(emitter instanceof Pieces)) return code;
  const { pieces } = emitter;
  if (pieces.map(({ text }) => text).join('') !== code) return code;
  return pieces.map(({ role, text }) => style.paint(role, text)).join('');
}
