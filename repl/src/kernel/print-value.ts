/**
 * Values as text: Node's own print, with vectors and matrices in aligned columns.
 * @module
 */
import { inspect, types } from 'node:util';
import { tensorParts } from './images-of.ts';
import { isNumbers, plainFields } from './plain-fields.ts';
import { type Cells, complexCells, rowsOf, printMatrix, printVector, realCells } from './print-numbers.ts';
import type { Figure } from './protocol.ts';

export interface PrintOptions {
  /** Whether numbers, strings, … have ANSI colours. */
  readonly colour: boolean;
  /** Where the text breaks. */
  readonly columns: number;
}

/** Shorter vectors stand well in one line. */
const SHORT = 6;
const CUSTOM = Symbol.for('nodejs.util.inspect.custom');

/** Never throws. */
export function printValue(value: unknown, options: PrintOptions): string {
  return guarded(() => ofKind(value, options) ?? inspected(value, options));
}

/** The same without the elements of lists, where pictures tell them. */
export function printBriefly(value: unknown, options: PrintOptions): string {
  return guarded(() => inspected(value, options, 0));
}

function guarded(print: () => string): string {
  try {
    return print();
  } catch (error) {
    return `(this value cannot be printed: ${reason(error)})`;
  }
}

/** `plotly figure: bar, scatter; Title`. */
export function printFigure({ data, layout }: Figure): string {
  const kinds = [...new Set(data.map(({ type }) => (typeof type === 'string' ? type : 'scatter')))];
  const title: unknown = layout?.['title'];
  const text = typeof title === 'string' ? title : plainFields(title)?.['text'];
  return `plotly figure (${kinds.join(', ')})${typeof text === 'string' ? `: ${text}` : ''}`;
}

function inspected(value: unknown, { colour, columns }: PrintOptions, maxArrayLength: number = 100): string {
  return inspect(value, { colors: colour, breakLength: columns, depth: 4, maxArrayLength });
}

/** What an error says, where it can be asked. */
function reason(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'it throws what cannot be printed either';
  }
}

/** Undefined for what Node prints well. */
function ofKind(value: unknown, options: PrintOptions): string | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined;
  const tensor = tensorParts(value);
  if (tensor !== undefined) {
    const head = inspected(value, options); // its own line: shape and range
    return tensor.data.length === 0 ? head : printVector(head, realCells(tensor.data), options);
  }
  if (CUSTOM in value) return undefined;
  return ofMathjs(value, options) ?? ofNumbers(value, options) ?? ofSlots(value, options);
}

function ofNumbers(value: object, options: PrintOptions): string | undefined {
  const rows = matrixRows(value);
  if (rows !== undefined) {
    const width = rows[0]!.length;
    return printMatrix(`${rows.length}×${width} matrix`, rowsOf(realCells(rows.flat()), width), options);
  }
  if (!isNumbers(value) || value.length <= SHORT) return undefined;
  // More fields than elements: something else that Node shows.
  if (Array.isArray(value) && Object.keys(value).length !== value.length) return undefined;
  const name = Array.isArray(value) ? 'Array' : Object.prototype.toString.call(value).slice(8, -1);
  return printVector(`${name}(${value.length})`, realCells(value), options);
}

/** Rows of numbers, at least two and all of one length. */
function matrixRows(value: object): readonly (readonly number[])[] | undefined {
  if (!Array.isArray(value) || value.length < 2) return undefined;
  const rows: readonly unknown[] = value;
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  const fits = rows.every((row): row is number[] => Array.isArray(row) && row.length === width && isNumbers(row));
  return fits && width > 0 ? rows : undefined;
}

/** Real and imaginary parts apart: `{ re: Float64Array, im: Float64Array }`. */
function ofSlots(value: object, options: PrintOptions): string | undefined {
  const fields = plainFields(value);
  if (fields === undefined || Object.keys(fields).length !== 2) return undefined;
  const { re, im } = fields;
  if (!isNumbers(re) || !isNumbers(im) || re.length !== im.length || re.length === 0) return undefined;
  return printVector(`${re.length} complex numbers`, complexCells(re, im), options);
}

/** mathjs' numbers and expressions as they are written, its matrices in columns; they say what they are in `type`. */
function ofMathjs(value: object, options: PrintOptions): string | undefined {
  if (isComplex(value)) return paintNumber(complexCells([value.re], [value.im]).text(0), options);
  if (Array.isArray(value)) {
    if (value.length < 2 || !value.every(isComplex)) return undefined;
    return printVector(`Array(${value.length})`, cellsOf(value), options);
  }
  const kind = 'type' in value ? value.type : undefined;
  if (kind === 'DenseMatrix' || kind === 'SparseMatrix') return ofMatrix(value, kind, options);
  if ('toFraction' in value && typeof value.toFraction === 'function')
    return paintNumber(String(value.toFraction()), options);
  if ('isNode' in value || kind === 'Unit') return String(value);
  return undefined;
}

interface Complex {
  readonly re: number;
  readonly im: number;
}

function isComplex(value: unknown): value is Complex {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  if (!('type' in value) || value.type !== 'Complex' || !('re' in value) || !('im' in value)) return false;
  return typeof value.re === 'number' && typeof value.im === 'number';
}

function ofMatrix(value: object, kind: string, options: PrintOptions): string | undefined {
  if (!('toArray' in value) || typeof value.toArray !== 'function') return undefined;
  const array: unknown = value.toArray();
  if (!Array.isArray(array) || array.length === 0) return undefined;
  const rows: readonly unknown[] = array;
  if (rows.every(isScalar)) return printVector(`${kind} ${rows.length}`, cellsOf(rows), options);
  const cells = rows.flat();
  const width = cells.length / rows.length;
  if (cells.every(isScalar))
    return printMatrix(`${kind} ${rows.length}×${width}`, rowsOf(cellsOf(cells), width), options);
  return `${kind} ${inspected(array, options)}`;
}

function isScalar(value: unknown): value is number | Complex {
  return typeof value === 'number' || isComplex(value);
}

function cellsOf(values: readonly (number | Complex)[]): Cells {
  if (values.every((value) => typeof value === 'number')) return realCells(values);
  const parts = values.map((value) => (typeof value === 'number' ? { re: value, im: 0 } : value));
  return complexCells(
    parts.map(({ re }) => re),
    parts.map(({ im }) => im),
  );
}

function paintNumber(text: string, { colour }: PrintOptions): string {
  return colour ? `\x1b[33m${text}\x1b[39m` : text;
}
