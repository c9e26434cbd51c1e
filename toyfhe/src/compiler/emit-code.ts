/**
 * TypeScript as text, laid out as Prettier would: on one line where it fits, else broken from the outside in.
 * @module
 */
import { comment, number, WIDTH } from './emit-text.ts';

/** An expression. Text is taken as it is, and never broken. */
export type Code =
  | string
  | Call
  | { readonly kind: 'list'; readonly items: readonly Code[] }
  | { readonly kind: 'record'; readonly entries: readonly Entry[] }
  | { readonly kind: 'arrow'; readonly head: string; readonly body: Code };

interface Call {
  readonly kind: 'call';
  readonly callee: string;
  readonly args: readonly Code[];
  /** What is done with the result: `[0]!`, `.over(q)`. */
  readonly then?: string;
}

/** A field of a record. With a comment, the record is broken in any case. */
export interface Entry {
  readonly key: string;
  readonly value: Code;
  readonly comment?: string;
}

/** Arguments that are undefined are left out. */
export function call(callee: string, ...args: (Code | undefined)[]): Call {
  return { kind: 'call', callee, args: args.filter((arg) => arg !== undefined) };
}

/** Code behind a call: `[0]!`, `.over(q)`. (Not called `then`: a module that exports such a function is taken for a promise.) */
export function followedBy(code: Call, text: string): Call {
  return { ...code, then: text };
}

export function list(items: readonly (Code | number)[]): Code {
  return { kind: 'list', items: items.map((item) => (typeof item === 'number' ? number(item) : item)) };
}

/** Fields that are undefined are left out; one that is its own value is written short. */
export function record(fields: Readonly<Record<string, Code | undefined>>): Code {
  const entries = Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
  return { kind: 'record', entries };
}

export function arrow(head: string, body: Code): Code {
  return { kind: 'arrow', head, body };
}

/** `before` code `after`, as lines that begin at a column. */
export function statement(before: string, code: Code, after = ';', indent = 0): string {
  const start = ' '.repeat(indent) + before;
  return start + print(code, start.length, indent, after.length) + after;
}

function print(code: Code, column: number, indent: number, after: number): string {
  const line = flat(code);
  if (line !== undefined && column + line.length + after <= WIDTH) return line;
  if (typeof code === 'string') return code;
  const inner = indent + 2;
  const newline = `\n${' '.repeat(inner)}`;
  const end = `\n${' '.repeat(indent)}`;
  switch (code.kind) {
    case 'call': {
      const before = hugged(code, column);
      const { callee, then: more = '' } = code;
      if (before !== undefined) return `${callee}(${before}${broken(code.args.at(-1)!, indent)})${more}`;
      const args = code.args.map((arg) => `${newline}${print(arg, inner, inner, 1)},`);
      return `${callee}(${args.join('')}${end})${more}`;
    }
    case 'arrow':
      return `${code.head} => ${print(code.body, column + code.head.length + 4, indent, after)}`;
    default:
      return broken(code, indent);
  }
}

/**
 * The arguments before the last one, where that one is written open on the same line: `call(a, b, {`.
 * @returns undefined where it is not
 */
function hugged({ callee, args }: Call, column: number): string | undefined {
  const last = args.at(-1);
  if (last === undefined || typeof last === 'string' || last.kind === 'call') return undefined;
  const before = args.slice(0, -1);
  const previous = before.at(-1);
  if (typeof previous === 'object' && previous.kind === last.kind) return undefined;
  if (before.length > 0 && isNumbers(last)) return undefined;
  const flats = before.map(flat);
  if (flats.includes(undefined)) return undefined;
  const text = flats.map((arg) => `${arg}, `).join('');
  const open = last.kind === 'arrow' ? `${last.head} =>`.length : 1;
  return column + callee.length + 1 + text.length + open <= WIDTH ? text : undefined;
}

/** A list, record or arrow, open. */
function broken(code: Code, indent: number): string {
  const inner = indent + 2;
  const newline = `\n${' '.repeat(inner)}`;
  const end = `\n${' '.repeat(indent)}`;
  if (typeof code === 'string' || code.kind === 'call') return print(code, indent, indent, 0);
  if (code.kind === 'arrow') return `${code.head} =>${newline}${print(code.body, inner, inner, 1)},${end}`;
  if (code.kind === 'list') {
    if (isNumbers(code)) return `[${filled(code.items as readonly string[], inner)}${end}]`;
    return `[${code.items.map((item) => `${newline}${print(item, inner, inner, 1)},`).join('')}${end}]`;
  }
  const entries = code.entries.map(({ key, value, comment: text }) => {
    const before = text === undefined ? [] : comment(text, inner);
    const name = value === key ? '' : `${key}: `;
    return [...before, statement(name, value, ',', inner)].map((line) => `\n${line}`).join('');
  });
  return `{${entries.join('')}${end}}`;
}

/** Numbers, as many on a line as fit. */
function filled(items: readonly string[], indent: number): string {
  const lines: string[] = [];
  for (const item of items) {
    const line = lines.at(-1);
    if (line !== undefined && indent + line.length + item.length + 2 <= WIDTH) {
      lines[lines.length - 1] = `${line} ${item},`;
    } else lines.push(`${item},`);
  }
  return lines.map((line) => `\n${' '.repeat(indent)}${line}`).join('');
}

/** Prettier fills lists of numbers, and writes others an item a line. */
function isNumbers(code: Code): boolean {
  return (
    typeof code === 'object' &&
    code.kind === 'list' &&
    code.items.length > 1 &&
    code.items.every((item) => typeof item === 'string' && /^-?\d/.test(item))
  );
}

/** On one line; undefined where that cannot be. */
function flat(code: Code): string | undefined {
  if (typeof code === 'string') return code;
  switch (code.kind) {
    case 'call': {
      const args = code.args.map(flat);
      return args.includes(undefined) ? undefined : `${code.callee}(${args.join(', ')})${code.then ?? ''}`;
    }
    case 'list': {
      const items = code.items.map(flat);
      return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
    }
    case 'arrow': {
      const body = flat(code.body);
      return body === undefined ? undefined : `${code.head} => ${body}`;
    }
    case 'record': {
      if (code.entries.some((entry) => entry.comment !== undefined)) return undefined;
      const fields = code.entries.map(({ key, value }) => {
        const text = flat(value);
        return text === undefined || text === key ? text : `${key}: ${text}`;
      });
      return fields.includes(undefined) ? undefined : fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    }
  }
}
