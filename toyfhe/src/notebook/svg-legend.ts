/**
 * Which colour is which trace.
 * @module
 */
import { fieldsOf, type Fields, textOf, titleOf } from './figure-fields.ts';
import { cut, escaped, px, textAt, widthOf } from './svg-elements.ts';
import { modeOf } from './svg-points.ts';

export interface LegendEntry {
  readonly trace: Fields;
  readonly colour: string;
}

const LONGEST = 26;
/** Pixels of a line, of the mark before a name, and around. */
const [LINE, MARK, AROUND] = [20, 30, 12];

/** Traces that have an entry: plotly shows none for a single one, unless told. */
export function legendOf(entries: readonly LegendEntry[], layout: Fields): readonly LegendEntry[] {
  const named = entries.filter(({ trace }) => trace['showlegend'] !== false && textOf(trace['type']) !== 'heatmap');
  if (layout['showlegend'] === false || (named.length < 2 && layout['showlegend'] !== true)) return [];
  return named;
}

/** Pixels that it takes at the right of the picture. */
export function legendWidth(entries: readonly LegendEntry[]): number {
  if (entries.length === 0) return 0;
  return AROUND + MARK + Math.max(...entries.map(({ trace }) => widthOf(cut(titleOf(trace['name']), LONGEST))));
}

export function legendSvg(entries: readonly LegendEntry[], left: number, top: number): string {
  return entries
    .map(({ trace, colour }, i) => {
      const y = top + LINE * (i + 0.5);
      const name = textAt(left + AROUND + MARK, y, cut(titleOf(trace['name']), LONGEST), { anchor: 'start' });
      return markSvg(trace, colour, left + AROUND, y) + name;
    })
    .join('');
}

function markSvg(trace: Fields, colour: string, x: number, y: number): string {
  const [line, marker] = [fieldsOf(trace['line']), fieldsOf(trace['marker'])];
  const fill = escaped(textOf(marker['color']) || colour);
  if (trace['type'] === 'bar') return `<path d="M${px(x)} ${px(y - 6)}h20v12h-20z" fill="${fill}"/>`;
  const mode = modeOf(trace);
  const stroke = escaped(textOf(line['color']) || colour);
  const open = textOf(marker['symbol']).endsWith('open');
  const dot = open ? `fill="none" stroke="${fill}"` : `fill="${fill}"`;
  return [
    mode.includes('lines') ? `<path d="M${px(x)} ${px(y)}h22" stroke="${stroke}" stroke-width="2"/>` : '',
    mode.includes('markers') ? `<circle cx="${px(x + 11)}" cy="${px(y)}" r="4" ${dot}/>` : '',
  ].join('');
}
