/**
 * The header of a weights file in the safetensors format, taken apart and checked before anything is allocated for it.
 * Format: https://github.com/huggingface/safetensors#format (8 bytes header length, little-endian; JSON; data).
 * @module
 */
import { FheError } from '../backend/index.ts';

/** Bytes per element of the types that are read here. */
export const BYTES: Readonly<Record<'F32' | 'F64', number>> = { F32: 4, F64: 8 };

/** Where one tensor lies. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: 'F32' | 'F64';
  readonly shape: readonly number[];
  /** First byte and byte after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order in which the data lies. */
  readonly entries: readonly TensorEntry[];
  /** The free-form strings that came with the file. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Where the data begins in the file. */
  readonly dataStart: number;
}

/** The format allows no longer header: a bound on what a reader has to parse. */
const LONGEST_HEADER = 100_000_000;

/** The error of a file that is not a sound safetensors file. */
export function wrongFile(field: string, should: string, is: string, cause?: unknown): FheError {
  const hint = 'get the file again, or write it with writeSafetensors';
  return new FheError({ code: 'FORMAT', op: 'read safetensors', field, should, is, hint, cause });
}

/**
 * Reads and checks the header of a whole file.
 * @throws FheError FORMAT for anything that a sound file does not have: among others a length beyond the file, broken
 * UTF-8 or JSON, a name twice, a type that is neither F32 nor F64, a size that does not fit the shape, data that
 * overlaps, has gaps, or does not end with the file
 */
export function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < 8) throw wrongFile('the file', 'at least 8 bytes long', `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const longest = Math.min(bytes.length - 8, LONGEST_HEADER);
  if (length > BigInt(longest)) throw wrongFile('the header length', `at most ${longest}`, String(length));
  const dataStart = 8 + Number(length);
  const text = decode(bytes.subarray(8, dataStart));
  if (!text.startsWith('{'))
    throw wrongFile('the header', 'JSON that begins with {', JSON.stringify(text.slice(0, 20)));
  const fields = Object.entries(asObject('the header', parse(text)));
  const written = countNames(text);
  if (written !== fields.length) throw wrongFile('every name', 'there once', `${written - fields.length} more`);
  const metadata = new Map<string, string>();
  const entries: TensorEntry[] = [];
  for (const [name, value] of fields) {
    if (name !== '__metadata__') {
      entries.push(readEntry(name, value));
      continue;
    }
    for (const [key, note] of Object.entries(asObject(name, value))) {
      if (typeof note !== 'string') throw wrongFile(`${name}.${key}`, 'a string', typeof note);
      metadata.set(key, note);
    }
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) throw wrongFile(`${name}'s data`, `beginning at ${at}, where the one before ends`, `at ${begin}`);
    at = end;
  }
  const size = bytes.length - dataStart;
  if (at !== size) throw wrongFile('the data', `${at} bytes, as the header says`, `${size} bytes`);
  return { entries, metadata, dataStart };
}

function readEntry(name: string, value: unknown): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = asObject(name, value);
  if (dtype !== 'F32' && dtype !== 'F64') throw wrongFile(`${name}'s dtype`, 'F32 or F64', show(dtype));
  if (!isCounts(shape)) throw wrongFile(`${name}'s shape`, 'a list of integers ≥ 0', show(shape));
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw wrongFile(`${name}'s data_offsets`, 'two integers, the smaller first', show(offsets));
  }
  const [begin, end] = offsets as [number, number];
  // A product of extents may round beyond 2^53, but then it is far larger than any file and still refused here.
  const size = shape.reduce((product, extent) => product * extent, BYTES[dtype]);
  if (end - begin !== size)
    throw wrongFile(`${name}'s data`, `${size} bytes, as its shape says`, `${end - begin} bytes`);
  return { name, dtype, shape, begin, end };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw wrongFile('the header', 'UTF-8', 'other bytes', cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrongFile('the header', 'JSON', 'something else', cause);
  }
}

function asObject(field: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrongFile(field, 'a JSON object', show(value));
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && x >= 0);
}

/** A value, cut short and one level deep: a hostile header must not become a hostile message. */
function show(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.slice(0, 8).map((x) => (typeof x === 'object' ? '…' : show(x)))}${value.length > 8 ? ',…' : ''}]`;
  }
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * How many names the outermost object of a sound JSON text has, repeated ones counted each time: JSON.parse keeps only
 * the last of equal names, and two readers could then see two different files. Every colon outside strings and one
 * brace deep follows such a name.
 */
function countNames(text: string): number {
  let depth = 0;
  let names = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') depth--;
    else if (c === ':' && depth === 1) names++;
  }
  return names;
}
