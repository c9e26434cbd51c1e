/**
 * Recognises plotly's figures, and copies them as JSON.
 * @module
 */
import { types } from 'node:util';
import { isNumbers, plainFields } from './plain-fields.ts';
import type { Figure } from './protocol.ts';

/** Where plotly's traces keep their numbers. */
const LISTS = ['x', 'y', 'z', 'values', 'labels', 'r', 'theta', 'lat', 'lon', 'open', 'node', 'link', 'dimensions'];
/** Deeper than any figure goes. */
const DEEPEST = 12;

/**
 * An object with `data`, a list of traces, each with a list of numbers or names, and perhaps `layout`. Typed arrays become
 * lists, NaN and ±Infinity null, as JSON has none.
 */
export function figureOf(value: unknown): Figure | undefined {
  const fields = plainFields(value);
  if (fields === undefined || !Array.isArray(fields['data']) || fields['data'].length === 0) return undefined;
  const traces = fields['data'].map(plainFields);
  if (!traces.every((trace) => trace !== undefined && isTrace(trace))) return undefined;
  const layout = plainFields(fields['layout']);
  const data = traces.map((trace) => copied(trace, 0)) as Figure['data'];
  return layout === undefined ? { data } : { data, layout: copied(layout, 0) as NonNullable<Figure['layout']> };
}

function isTrace(trace: Readonly<Record<string, unknown>>): boolean {
  const { type } = trace;
  return (type === undefined || typeof type === 'string') && LISTS.some((name) => isList(trace[name]));
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || types.isTypedArray(value) || plainFields(value) !== undefined;
}

/** @throws RangeError for what nests deeper than JSON of a figure does, such as a circle */
function copied(value: unknown, depth: number): unknown {
  if (depth > DEEPEST)
    throw new RangeError('cannot copy figure: its depth should be at most 12 but is more; give plain data');
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (isNumbers(value)) return Array.from(value, (x) => (Number.isFinite(x) ? x : null));
  if (types.isTypedArray(value)) return Array.from(value, Number);
  if (Array.isArray(value)) return value.map((item) => copied(item, depth + 1) ?? null);
  const fields = plainFields(value);
  if (fields === undefined) return undefined; // functions and the like are no data
  const entries = Object.entries(fields).map(([name, field]): [string, unknown] => [name, copied(field, depth + 1)]);
  return Object.fromEntries(entries.filter(([, field]) => field !== undefined));
}
