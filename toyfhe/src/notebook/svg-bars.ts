/**
 * Bars, upright or lying, side by side or on one another.
 * @module
 */
import { fieldsOf, type Fields, listOf, numberOf, textOf } from './figure-fields.ts';
import type { Axis, Demand } from './svg-axis.ts';
import { escaped, px, textAt } from './svg-elements.ts';
import { acrossOf, downOf, type Panel } from './svg-panel.ts';

/** Of the room that a place has. */
const FILLED = 0.8;

interface Bars {
  /** Names or numbers along the axis on which bars stand. */
  readonly at: readonly unknown[];
  readonly value: readonly unknown[];
  readonly lying: boolean;
}

export function barsOf(trace: Fields): Bars {
  const lying = trace['orientation'] === 'h';
  const value = listOf(trace[lying ? 'x' : 'y']);
  const at = trace[lying ? 'y' : 'x'];
  return { at: Array.isArray(at) ? listOf(at) : value.map((_, i) => i), value, lying };
}

/** @param traces all bars on the same axes */
export function barsDemand(trace: Fields, axis: 'x' | 'y', traces: readonly Fields[], barmode: string): Demand {
  const { at, value, lying } = barsOf(trace);
  if ((axis === 'x') === lying) {
    const labelled = listOf(trace['text']).some((text) => text !== '');
    const values = barmode === 'stack' ? stackTops(traces) : value;
    return { values, zero: true, room: labelled ? 0.1 : 0.05 };
  }
  return { values: at, half: spacing(traces) / 2 };
}

/** The smallest distance of two bars; 1 where there are names, or no two. */
function spacing(traces: readonly Fields[]): number {
  const all = traces.flatMap((trace) => barsOf(trace).at);
  if (all.some((at) => typeof at === 'string')) return 1;
  const places = [...new Set(all.map(numberOf).filter((at) => at !== undefined))].sort((a, b) => a - b);
  const gaps = places.slice(1).map((at, i) => at - places[i]!);
  return gaps.length === 0 ? 1 : Math.min(...gaps);
}

function stackTops(traces: readonly Fields[]): number[] {
  const tops = new Map<string, number>();
  for (const trace of traces) {
    const { at, value } = barsOf(trace);
    at.forEach((where, i) =>
      tops.set(String(where), (tops.get(String(where)) ?? 0) + Math.max(0, numberOf(value[i]) ?? 0)),
    );
  }
  return [...tops.values()];
}

/** @param colours one for each trace */
export function barsSvg(traces: readonly Fields[], colours: readonly string[], panel: Panel, barmode: string): string {
  const stacked = barmode === 'stack';
  const each = stacked || barmode === 'overlay' ? 1 : traces.length;
  const wide = (FILLED * spacing(traces)) / each;
  const tops = new Map<string, number>();
  return traces
    .map((trace, series) => {
      const { at, value, lying } = barsOf(trace);
      const [along, up] = lying ? [panel.y, panel.x] : [panel.x, panel.y];
      const own = numberOf(trace['width']) ?? wide;
      const offset = numberOf(trace['offset']);
      const shift = offset !== undefined ? offset + own / 2 : each === 1 ? 0 : (series - (each - 1) / 2) * wide;
      const bars = at.map((where, i) => {
        const [place, n] = [along.place(where), numberOf(value[i])];
        if (place === undefined || n === undefined) return '';
        const from = stacked ? (tops.get(String(where)) ?? 0) : 0;
        tops.set(String(where), from + n);
        const bar = rectangle(panel, place + shift, own, heightOf(up, from), heightOf(up, from + n), lying);
        return bar.svg + labelSvg(bar, textOf(listOf(trace['text'])[i]), lying);
      });
      const fill = textOf(fieldsOf(trace['marker'])['color']) || colours[series]!;
      return `<g fill="${escaped(fill)}">${bars.join('')}</g>`;
    })
    .join('');
}

/** Zero has no place among powers of ten: there bars begin where the axis does. */
function heightOf(axis: Axis, value: number): number {
  return axis.place(value) ?? axis.min;
}

interface Drawn {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly svg: string;
}

function rectangle(panel: Panel, at: number, wide: number, from: number, to: number, lying: boolean): Drawn {
  const [x0, x1] = lying ? [from, to] : [at - wide / 2, at + wide / 2];
  const [y0, y1] = lying ? [at - wide / 2, at + wide / 2] : [from, to];
  const [left, right] = [acrossOf(panel, Math.min(x0, x1)), acrossOf(panel, Math.max(x0, x1))];
  const [top, bottom] = [downOf(panel, Math.max(y0, y1)), downOf(panel, Math.min(y0, y1))];
  const svg = `<path d="M${px(left)} ${px(top)}H${px(right)}V${px(bottom)}H${px(left)}z"/>`;
  return { left, right, top, bottom, svg };
}

/** Beyond the end of the bar. */
function labelSvg({ left, right, top, bottom }: Drawn, text: string, lying: boolean): string {
  if (text === '') return '';
  const colour = '#2a3f5f';
  if (lying) return textAt(right + 5, (top + bottom) / 2, text, { anchor: 'start', size: 11, colour });
  return textAt((left + right) / 2, top - 8, text, { size: 11, colour });
}
