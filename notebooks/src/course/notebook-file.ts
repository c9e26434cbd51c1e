/**
 * A notebook file as it is, every field kept: for what writes notebooks. What reads lessons is `repl/src/lessons`.
 * Source: https://nbformat.readthedocs.io/en/latest/format_description.html
 * @module
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { CellOutput } from '../kernel/outputs.ts';

type Json = Readonly<Record<string, unknown>>;
/** Text, or the list of its lines. */
type Lines = string | readonly string[];

export interface RawCell extends Json {
  readonly cell_type: string;
  readonly metadata: Json;
  readonly source: Lines;
  /** Of code cells, as `execution_count`. */
  readonly outputs?: readonly Json[];
  readonly execution_count?: number | null;
}

export interface RawNotebook extends Json {
  readonly cells: readonly RawCell[];
  readonly metadata: Json;
}

export async function readNotebookFile(path: string): Promise<RawNotebook> {
  return JSON.parse(await readFile(path, 'utf8')) as RawNotebook;
}

/** Writes the file where its content changes. @returns whether it did */
export async function writeNotebookFile(path: string, notebook: RawNotebook): Promise<boolean> {
  const text = notebookText(notebook);
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return false;
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path); // who stops the program in between keeps the old file
  return true;
}

/** As Jupyter writes it: keys sorted, one space of indentation, exponents of two digits. */
export function notebookText(notebook: RawNotebook): string {
  const text = JSON.stringify(sorted(notebook), null, 1);
  return `${text.replace(/^( *(?:"(?:[^"\\]|\\.)*": )?-?[\d.]+e[-+])(\d,?)$/gm, '$10$2')}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

/** An output as files keep it: text as a list of lines. */
export function savedOutput(output: CellOutput): Json {
  if (output.output_type === 'stream') return { ...output, text: linesOf(output.text) };
  if (output.output_type === 'error') return { ...output };
  return { ...output, data: Object.fromEntries(Object.entries(output.data).map(savedData)) };
}

/** Base64 stays one text, and JSON stays JSON. */
function savedData([mime, value]: [string, unknown]): [string, unknown] {
  const isText = mime.startsWith('text/') || mime === 'application/javascript' || mime === 'image/svg+xml';
  return [mime, isText && typeof value === 'string' ? linesOf(value) : value];
}

export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

export function textOf(lines: unknown): string {
  return Array.isArray(lines) ? lines.join('') : String(lines ?? '');
}
