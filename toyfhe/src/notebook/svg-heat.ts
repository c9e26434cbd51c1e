/**
 * Heat maps: a small PNG, stretched; and the scale of their colours.
 * @module
 */
import { colourScale, hex, isDark } from './colour-scale.ts';
import { type Fields, listOf, numberOf, textOf } from './figure-fields.ts';
import { png, type Rgb } from './png.ts';
import type { Demand } from './svg-axis.ts';
import { dataUri, px, textAt } from './svg-elements.ts';
import { acrossOf, downOf, type Panel, type Rectangle } from './svg-panel.ts';
import { linearTicks, niceStep } from './svg-ticks.ts';

/** Colours of the palette that stand for values; the last one is white, for what is unknown. */
const SHADES = 255;
/** Steps of the scale beside the map. */
const STEPS = 16;

function rowsOf(trace: Fields): readonly (readonly (number | undefined)[])[] {
  return listOf(trace['z']).map((row) => listOf(row).map(numberOf));
}

function widthOf(trace: Fields): number {
  return rowsOf(trace).reduce((most, row) => Math.max(most, row.length), 0);
}

/** Names or numbers of the columns, of the rows from below. */
export function heatPlaces(trace: Fields, axis: 'x' | 'y'): readonly unknown[] {
  const given = trace[axis];
  const count = axis === 'x' ? widthOf(trace) : listOf(trace['z']).length;
  return Array.isArray(given) ? listOf(given).slice(0, count) : Array.from({ length: count }, (_, i) => i);
}

export function heatDemand(trace: Fields, axis: 'x' | 'y'): Demand {
  return { values: heatPlaces(trace, axis), half: stepOf(heatPlaces(trace, axis)) / 2 };
}

/** Numbers are taken to be equally far apart. */
function stepOf(places: readonly unknown[]): number {
  const [first, second] = places.map(numberOf);
  return first !== undefined && second !== undefined && second !== first ? Math.abs(second - first) : 1;
}

/** From the least to the greatest value, or as the trace says. */
function rangeOf(trace: Fields): readonly [min: number, max: number] {
  const values = rowsOf(trace).flat();
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === undefined) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) [min, max] = [0, 0];
  const middle = numberOf(trace['zmid']);
  if (middle !== undefined) {
    const far = Math.max(middle - min, max - middle);
    [min, max] = [middle - far, middle + far];
  }
  return [numberOf(trace['zmin']) ?? min, numberOf(trace['zmax']) ?? max];
}

export function heatSvg(trace: Fields, panel: Panel): string {
  const rows = rowsOf(trace).toReversed(); // the first one stands at the bottom
  const width = widthOf(trace);
  if (width === 0) return '';
  const [min, max] = rangeOf(trace);
  const part = (value: number): number => (max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0.5);
  const scale = colourScale(trace['colorscale'], trace['reversescale']);
  const bytes = Uint8Array.from({ length: width * rows.length }, (_, i) => {
    const value = rows[Math.floor(i / width)]![i % width];
    return value === undefined ? SHADES : Math.round((SHADES - 1) * part(value));
  });
  const shade = (i: number): Rgb => scale(i / (SHADES - 1));
  const palette = [...Array.from({ length: SHADES }, (_, i) => shade(i)), [255, 255, 255] as const];
  const place = placeOf(trace, panel);
  const picture = png({ width, height: rows.length, bytes, palette });
  const cells = rows.map((row, y) =>
    textsSvg(trace, row, y, rows.length, place, (value) => isDark(scale(part(value)))),
  );
  return `<image ${attributes(place)} preserveAspectRatio="none" style="image-rendering:pixelated" href="${dataUri('image/png', picture)}"/>${cells.join('')}`;
}

/** The rectangle of the map in the panel. */
function placeOf(trace: Fields, panel: Panel): Rectangle {
  const ends = (axis: 'x' | 'y'): readonly [number, number] => {
    const places = heatPlaces(trace, axis);
    const at = places.map((value) => panel[axis].place(value) ?? 0);
    const half = panel[axis].kind === 'names' ? 0.5 : stepOf(places) / 2;
    return [Math.min(at[0]!, at.at(-1)!) - half, Math.max(at[0]!, at.at(-1)!) + half];
  };
  const [[x0, x1], [y0, y1]] = [ends('x'), ends('y')];
  const [left, top] = [acrossOf(panel, x0), downOf(panel, y1)];
  return { left, top, width: acrossOf(panel, x1) - left, height: downOf(panel, y0) - top };
}

function attributes({ left, top, width, height }: Rectangle): string {
  return `x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}"`;
}

/** What stands in the squares, where the trace wants text there. */
function textsSvg(
  trace: Fields,
  row: readonly (number | undefined)[],
  y: number,
  height: number,
  place: Rectangle,
  dark: (value: number) => boolean,
): string {
  if (textOf(trace['texttemplate']) === '') return '';
  const texts = listOf(listOf(trace['text'])[height - 1 - y]);
  return row
    .map((value, x) => {
      const text = textOf(texts[x]);
      if (text === '' || value === undefined) return '';
      const [across, down] = [((x + 0.5) * place.width) / row.length, ((y + 0.5) * place.height) / height];
      return textAt(place.left + across, place.top + down, text, { colour: dark(value) ? '#fff' : '#2a3f5f' });
    })
    .join('');
}

/** Which colours stand for which values, in a strip from bottom to top. */
export function scaleSvg(trace: Fields, { left, top, width, height }: Rectangle): string {
  const [min, max] = rangeOf(trace);
  const scale = colourScale(trace['colorscale'], trace['reversescale']);
  const strips = Array.from({ length: STEPS }, (_, i) => {
    const y = top + (height * (STEPS - 1 - i)) / STEPS;
    const fill = hex(scale(i / (STEPS - 1)));
    return `<path d="M${px(left)} ${px(y)}h${px(width)}v${px(height / STEPS + 0.5)}h-${px(width)}z" fill="${fill}"/>`;
  });
  const ticks =
    max > min ? linearTicks(min, max, niceStep(min, max, 5)) : [{ at: min, label: String(Number(min.toPrecision(4))) }];
  const labels = ticks.map(({ at, label }) => {
    const y = top + height * (max > min ? 1 - (at - min) / (max - min) : 0.5);
    return textAt(left + width + 5, y, label, { anchor: 'start', size: 11 });
  });
  return [...strips, ...labels].join('');
}
