/**
 * Figures as JSON, checked: they come from learners' cells.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import { describe } from '../backend/print.ts';
import type { Figure } from '../inspect/figures/figure.ts';
import { fieldsOf, type Fields } from './figure-fields.ts';

/** Deeper than any figure goes. */
const DEEPEST = 12;
/** Of a number that is no integer: more than a zoomed plot tells apart, and a third less to save. */
const DIGITS = 10;
/** Where plotly's traces keep what they draw. */
const LISTS = ['x', 'y', 'z', 'values', 'labels', 'r', 'theta', 'lat', 'lon', 'open', 'node', 'link', 'dimensions'];

/**
 * A copy that is plain JSON: typed arrays become lists, what is not finite null, numbers have ten digits.
 * @throws FheError FORMAT for what is no figure, SLOTS for one without a value to draw
 */
export function plainFigure(figure: Figure): Figure {
  const data: unknown = fieldsOf(figure)['data'];
  if (!Array.isArray(data)) throw refused('FORMAT', 'the figure', '{ data, layout }', describe(figure));
  const wrong: unknown = data.find((trace) => typeof trace !== 'object' || trace === null || Array.isArray(trace));
  if (wrong !== undefined) throw refused('FORMAT', 'every trace of the figure', 'an object', describe(wrong));
  const traces = data.map((trace) => copied(trace, 0) as Fields);
  if (!traces.some(hasValues)) {
    throw refused('SLOTS', 'the number of values in the figure', 'at least 1', '0');
  }
  return { data: traces, layout: copied(fieldsOf(figure.layout), 0) as Fields };
}

function hasValues(trace: Fields): boolean {
  return LISTS.some((name) => {
    const list = trace[name];
    return Array.isArray(list) ? list.flat().some((value) => value !== null) : typeof list === 'object';
  });
}

/** @throws FheError FORMAT for what nests deeper than a figure does, such as a circle */
function copied(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw refused('FORMAT', 'the depth of the figure', `at most ${DEEPEST}`, 'more');
  if (typeof value === 'number') return shortened(value);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return Array.from(value, (item) => copied(item, depth + 1) ?? null);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, (x) => shortened(x));
  if (typeof value !== 'object') return undefined; // functions and the like are no data
  const entries = Object.entries(value).map(([name, field]): [string, unknown] => [name, copied(field, depth + 1)]);
  return Object.fromEntries(entries.filter(([, field]) => field !== undefined));
}

function shortened(value: number | bigint): number | null {
  const x = Number(value);
  if (!Number.isFinite(x)) return null;
  return Number.isInteger(x) ? x + 0 : Number(x.toPrecision(DIGITS)); // + 0: JSON has no −0
}

function refused(code: 'FORMAT' | 'SLOTS', field: string, should: string, is: string): FheError {
  const hint = 'give what a figure maker of toyfhe/inspect returns, such as show(slotsFigure([1, 2, 3]))';
  return new FheError({ code, op: 'show', field, should, is, hint });
}
