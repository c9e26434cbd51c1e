/**
 * The smallest parts of TypeScript as text: numbers, strings, names, comments.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { describe } from '../backend/print.ts';

/** Columns of a line. */
export const WIDTH = 120;

/**
 * A number that reads back as the same double.
 * @throws FheError FORMAT for what is none: a plan that somebody else wrote might hold text, which would become code
 */
export function number(x: number): string {
  if (typeof x !== 'number' || !Number.isFinite(x)) {
    const hint = 'take a plan that plan() made';
    throw new FheError({ code: 'FORMAT', op: 'emit a plan', field: 'number', should: 'finite', is: describe(x), hint });
  }
  return Object.is(x, -0) ? '-0' : String(x).replace('e+', 'e');
}

export function string(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  if (text.includes("'") && !text.includes('"')) return `"${inner}"`;
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** `name` or `'not a name'`: a field as it is written in a record. */
export function field(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : string(name);
}

/** `object.name` or `object['not a name']`. */
export function member(object: string, name: string): string {
  const key = field(name);
  return key === name ? `${object}.${name}` : `${object}[${key}]`;
}

/**
 * Text as comment lines. Names of layers may come from a file that somebody else wrote: whatever would end the line would
 * begin code, so it becomes a space.
 */
export function comment(text: string, indent = 0, mark = '// '): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plainText(text).split(' ')) {
    // Lines after the first are indented by two, which shows where the next reason begins.
    const more = line === '' ? word : `${line} ${word}`;
    if (indent + mark.length + more.length <= WIDTH || line === '') line = more;
    else {
      lines.push(line);
      line = `  ${word}`;
    }
  }
  lines.push(line);
  return lines.map((l) => (' '.repeat(indent) + mark + l).trimEnd());
}

/** Text without anything that ends a line or a comment. */
export function plainText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('*/', '* /')
    .trim();
}

/** `3 rotations`; nothing for none. */
export function counted(n: number, thing: string): string {
  return n === 0 ? '' : `${n} ${thing}${n === 1 ? '' : 's'}`;
}
