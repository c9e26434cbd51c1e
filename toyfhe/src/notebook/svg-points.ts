/**
 * Lines, marks, and texts beside them.
 * @module
 */
import { fieldsOf, type Fields, listOf, numberOf, textOf } from './figure-fields.ts';
import type { Demand } from './svg-axis.ts';
import { escaped, px, textAt, type TextOptions } from './svg-elements.ts';
import { acrossOf, downOf, type Panel } from './svg-panel.ts';

/** Plotly's: marks too while points are few. */
const MOST_MARKS = 20;
const DASHES: ReadonlyMap<string, string> = new Map([
  ['dash', '8 5'],
  ['dot', '2 4'],
  ['dashdot', '8 4 2 4'],
]);

export function pointsX(trace: Fields): readonly unknown[] {
  return Array.isArray(trace['x']) ? listOf(trace['x']) : listOf(trace['y']).map((_, i) => i);
}

export function pointsDemand(trace: Fields, axis: 'x' | 'y'): Demand {
  const values = axis === 'x' ? pointsX(trace) : listOf(trace['y']);
  const marks = modeOf(trace) !== 'lines';
  return { values, room: axis === 'y' || marks ? 0.05 : 0, half: 0 };
}

export function modeOf(trace: Fields): string {
  return textOf(trace['mode']) || (listOf(trace['y']).length < MOST_MARKS ? 'lines+markers' : 'lines');
}

type Point = readonly [x: number, y: number];

export function pointsSvg(trace: Fields, colour: string, panel: Panel): string {
  const xs = pointsX(trace);
  const points = listOf(trace['y']).map((value, i): Point | undefined => {
    const [x, y] = [panel.x.place(xs[i]), panel.y.place(value)];
    return x === undefined || y === undefined ? undefined : [acrossOf(panel, x), downOf(panel, y)];
  });
  const mode = modeOf(trace);
  return [
    ...(mode.includes('lines') ? [lineSvg(points, fieldsOf(trace['line']), colour)] : []),
    ...(mode.includes('markers') ? [marksSvg(points, fieldsOf(trace['marker']), colour)] : []),
    ...(mode.includes('text') ? [textsSvg(points, trace)] : []),
  ].join('');
}

function lineSvg(points: readonly (Point | undefined)[], line: Fields, colour: string): string {
  const shape = textOf(line['shape']);
  let d = '';
  let before: Point | undefined;
  for (const point of thinned(points)) {
    if (point !== undefined) {
      const [x, y] = [px(point[0]), px(point[1])];
      if (before === undefined) d += `M${x} ${y}`;
      else if (shape === 'hv') d += `H${x}V${y}`;
      else if (shape === 'vh') d += `V${y}H${x}`;
      else d += `L${x} ${y}`;
    }
    before = point;
  }
  const dash = DASHES.get(textOf(line['dash']));
  const stroke = escaped(textOf(line['color']) || colour);
  const width = px(numberOf(line['width']) ?? 2);
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"${dashes}/>`;
}

/** Of the points that fall on one column of pixels, the first, the lowest, the highest and the last. */
function thinned(points: readonly (Point | undefined)[]): readonly (Point | undefined)[] {
  const kept: (Point | undefined)[] = [];
  let column: Point[] = [];
  const flush = (): void => {
    const heights = column.map(([, y]) => y);
    const ends = [0, heights.indexOf(Math.min(...heights)), heights.indexOf(Math.max(...heights)), column.length - 1];
    kept.push(...[...new Set(ends)].sort((a, b) => a - b).map((i) => column[i]!));
    column = [];
  };
  for (const point of points) {
    if (column.length > 0 && (point === undefined || Math.round(point[0]) !== Math.round(column[0]![0]))) flush();
    if (point === undefined) kept.push(undefined);
    else column.push(point);
  }
  if (column.length > 0) flush();
  return kept;
}

/** One path for all: a dot is a line of no length with round ends. */
function marksSvg(points: readonly (Point | undefined)[], marker: Fields, colour: string): string {
  const fill = escaped(textOf(marker['color']) || colour);
  const size = numberOf(marker['size']) ?? 6;
  const known = points.filter((point) => point !== undefined);
  if (textOf(marker['symbol']).endsWith('open')) {
    const circles = known.map(([x, y]) => `<circle cx="${px(x)}" cy="${px(y)}" r="${px(size / 2)}"/>`);
    return `<g fill="none" stroke="${fill}">${circles.join('')}</g>`;
  }
  const dots = new Set(known.map(([x, y]) => `M${px(x)} ${px(y)}h0`));
  return `<path d="${[...dots].join('')}" stroke="${fill}" stroke-width="${px(size)}" stroke-linecap="round"/>`;
}

/** Plotly's `textposition`: `top center`, `middle right`, …; for all points, or one for each. */
function textsSvg(points: readonly (Point | undefined)[], trace: Fields): string {
  const [texts, positions] = [listOf(trace['text']), trace['textposition']];
  const away = 4 + (numberOf(fieldsOf(trace['marker'])['size']) ?? 6) / 2;
  return points
    .map((point, i) => {
      const text = textOf(texts[i]);
      if (point === undefined || text === '') return '';
      const position = textOf(Array.isArray(positions) ? positions[i] : positions);
      const across = position.includes('left') ? -1 : position.includes('right') ? 1 : 0;
      const down = position.includes('top') ? -1 : position.includes('bottom') ? 1 : 0;
      const anchor: TextOptions['anchor'] = across < 0 ? 'end' : across > 0 ? 'start' : 'middle';
      return textAt(point[0] + across * away, point[1] + down * (away + 4), text, { anchor });
    })
    .join('');
}
