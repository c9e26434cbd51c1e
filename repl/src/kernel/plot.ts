/**
 * `plot(value)`: the figure that suits a value.
 * @module
 */
import { FheError, type LedgerLine, type Parameters } from 'toyfhe/backend';
import { curveFigure, type Figure, precisionFigure, slotsFigure, modulusLadderFigure } from 'toyfhe/inspect';
import { display } from './tools.ts';

/** What `plot` can draw. */
export type Plottable =
  /** Slots, one bar each; many as a heat map. Also the toy's plaintexts, and real and imaginary parts. */
  | ArrayLike<number>
  | { readonly re: ArrayLike<number> }
  /** A curve over [−1, 1]. */
  | ((x: number) => number)
  /** A shadowed backend's ledger: precision against operation. */
  | Iterable<LedgerLine>
  /** The primes of the chain. */
  | Parameters
  /** A plotly figure, as it is. */
  | Figure;

/**
 * Draws a value. Ctrl-O opens the newest figure in the browser.
 * @throws FheError FORMAT for what has no figure
 */
export function plot(value: Plottable, options: { readonly title?: string } = {}): void {
  display(figureOf(value, options));
}

function figureOf(value: unknown, options: { readonly title?: string }): Figure {
  if (typeof value === 'function') {
    const f = value as (x: number) => number;
    return curveFigure({ [f.name || 'f(x)']: f }, [-1, 1], options);
  }
  if (isFigure(value)) return value;
  if (isParameters(value)) return modulusLadderFigure(value);
  const numbers = numbersOf(value);
  if (numbers !== undefined) return slotsFigure(numbers, options);
  if (isLedger(value)) return precisionFigure(value, options);
  throw new FheError({
    code: 'FORMAT',
    op: 'plot',
    field: 'the value',
    should: 'a list of numbers, a function, a ledger, parameters or a plotly figure',
    is: typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'an object') : String(value),
    hint: 'a ciphertext has to be decrypted and decoded first',
  });
}

function isFigure(value: unknown): value is Figure {
  return typeof value === 'object' && value !== null && 'data' in value && Array.isArray(value.data);
}

function isParameters(value: unknown): value is Parameters {
  return typeof value === 'object' && value !== null && 'primes' in value && 'maxLevel' in value;
}

function isLedger(value: unknown): value is Iterable<LedgerLine> {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return false;
  const lines = [...(value as Iterable<unknown>)];
  return lines.every((line) => typeof line === 'object' && line !== null && 'bitsRight' in line);
}

function numbersOf(value: unknown): number[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const list = 're' in value ? value.re : value;
  if (typeof list !== 'object' || list === null || !('length' in list) || typeof list.length !== 'number')
    return undefined;
  const numbers = Array.from(list as ArrayLike<unknown>);
  return numbers.length > 0 && numbers.every((x) => typeof x === 'number') ? (numbers as number[]) : undefined;
}
