/**
 * A plotly figure as a still picture: lines, marks, bars and heat maps, which is what the figures of `toyfhe/inspect` are
 * made of. Plotly itself draws in browsers only.
 * @module
 */
import type { Figure } from '../inspect/figures/figure.ts';
import { traceColour } from './colour-scale.ts';
import { listOf, numberOf, textOf, titleOf } from './figure-fields.ts';
import { type Axis, stretched, ticksOf } from './svg-axis.ts';
import { barsSvg } from './svg-bars.ts';
import { cut, svgOf, textAt } from './svg-elements.ts';
import { heatSvg, scaleSvg } from './svg-heat.ts';
import { legendOf, legendSvg, legendWidth } from './svg-legend.ts';
import {
  belowOf,
  besideOf,
  clipOf,
  gridOf,
  heightBelow,
  type Panel,
  type Rectangle,
  widthBeside,
} from './svg-panel.ts';
import { pointsSvg } from './svg-points.ts';
import type { Tick } from './svg-ticks.ts';
import { type Axes, axesOf, namesOn, readTrace, type Trace } from './svg-traces.ts';

/** Pixels, where the layout does not say. */
export const [WIDTH, HEIGHT] = [720, 400];
/** Above the panels, right of them, and for the scale of a heat map. */
const [ABOVE, RIGHT, SCALE] = [44, 18, 74];
/** For a title beside or below an axis. */
const TITLE = 26;
/** Pixels for each number along an axis. */
const [PER_X, PER_Y] = [75, 36];
const DRAWN = ['scatter', 'scattergl', 'bar', 'heatmap'];

/** @param title for those who do not see it */
export function figureSvg(figure: Figure, title: string): string {
  const { layout } = figure;
  const [width, height] = [numberOf(layout['width']) ?? WIDTH, numberOf(layout['height']) ?? HEIGHT];
  const traces = figure.data.map((trace, i) => ({ ...readTrace(trace), colour: traceColour(i) }));
  const known = traces.filter(({ type }) => DRAWN.includes(type));
  const legend = legendOf(known, layout);
  const scaled = known.find(({ type, trace }) => type === 'heatmap' && trace['showscale'] !== false)?.trace;
  const right = RIGHT + legendWidth(legend) + (scaled === undefined ? 0 : SCALE);
  const axes = axesOf(known, layout);
  const inside = insideOf(width, height, right, known, axes);
  const panels = panelsOf(known, scaleAnchored(axes, inside), inside);
  const heading = cut(titleOf(layout['title']), Math.floor((width - inside.left) / 9));
  const rest = traces.length - known.length;
  return svgOf(width, height, title, [
    ...(heading === '' ? [] : [textAt(inside.left, ABOVE / 2, heading, { size: 16, anchor: 'start' })]),
    ...panels.map((panel, i) => panelSvg(panel, textOf(layout['barmode']), `panel${i}`)),
    legendSvg(legend, inside.left + inside.width, inside.top),
    ...(scaled === undefined
      ? []
      : [scaleSvg(scaled, { left: width - SCALE + 4, top: inside.top, width: 18, height: inside.height })]),
    ...(rest === 0 ? [] : [textAt(width / 2, height - 10, notDrawn(traces), { size: 11 })]),
  ]);
}

function notDrawn(traces: readonly Trace[]): string {
  const types = new Set(traces.map(({ type }) => type).filter((type) => !DRAWN.includes(type)));
  return `not in this picture, but in the plot: ${[...types].join(', ')}`;
}

/** The rectangle of all panels: what is left inside of titles, numbers and legend. */
function insideOf(width: number, height: number, right: number, traces: readonly Trace[], axes: Axes): Rectangle {
  let [left, below] = [0, 0];
  for (const [name, axis] of axes) {
    const title = titleOf(axis.layout['title']) === '' ? 0 : TITLE;
    const ticks = ticksOf(axis, namesOn(name, traces), 8);
    if (name[0] === 'y') left = Math.max(left, title + widthBeside(ticks));
    else below = Math.max(below, title + heightBelow(ticks, width * partOf(axis)));
  }
  const [from, under] = [Math.min(0.4 * width, left + 10), Math.min(0.5 * height, below + 12)];
  return { left: from, top: ABOVE, width: width - from - right, height: height - ABOVE - under };
}

/** How much of the picture an axis takes. */
function domainOf({ layout }: Axis): readonly [number, number] {
  const [from, to] = listOf(layout['domain']).map(numberOf);
  return from !== undefined && to !== undefined && from < to ? [from, to] : [0, 1];
}

function partOf(axis: Axis): number {
  const [from, to] = domainOf(axis);
  return to - from;
}

/** Where an axis is anchored to another one's scale (`scaleanchor`), the one with room to spare shows more. */
function scaleAnchored(axes: Axes, inside: Rectangle): Axes {
  const out = new Map(axes);
  for (const [name, axis] of axes) {
    const other = out.get(textOf(axis.layout['scaleanchor']));
    if (other === undefined) continue;
    const perPixel = (each: Axis, along: string): number =>
      (each.max - each.min) / (partOf(each) * (along[0] === 'x' ? inside.width : inside.height));
    const [own, its] = [perPixel(axis, name), perPixel(other, textOf(axis.layout['scaleanchor']))];
    if (own < its) out.set(name, stretched(axis, its / own));
    else out.set(textOf(axis.layout['scaleanchor']), stretched(other, own / its));
  }
  return out;
}

interface FilledPanel extends Panel {
  readonly traces: readonly Trace[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Whether the numbers of the x axis stand below this panel. */
  readonly carriesX: boolean;
}

function panelsOf(traces: readonly Trace[], axes: Axes, inside: Rectangle): readonly FilledPanel[] {
  const pairs = new Map(traces.map((trace) => [`${trace.x} ${trace.y}`, trace]));
  return [...pairs.values()].map(({ x: xName, y: yName }) => {
    const [x, y] = [axes.get(xName)!, axes.get(yName)!];
    const [[x0, x1], [y0, y1]] = [domainOf(x), domainOf(y)];
    const place = {
      left: inside.left + inside.width * x0,
      top: inside.top + inside.height * (1 - y1),
      width: inside.width * (x1 - x0),
      height: inside.height * (y1 - y0),
    };
    return {
      ...place,
      x,
      y,
      traces: traces.filter((trace) => trace.x === xName && trace.y === yName),
      xTicks: ticksOf(x, namesOn(xName, traces), Math.max(2, Math.floor(place.width / PER_X))),
      yTicks: ticksOf(y, namesOn(yName, traces), Math.max(2, Math.floor(place.height / PER_Y))),
      carriesX: (textOf(x.layout['anchor']) || yName) === yName,
    };
  });
}

function panelSvg(panel: FilledPanel, barmode: string, id: string): string {
  const { traces, xTicks, yTicks, carriesX } = panel;
  const bars = traces.filter(({ type }) => type === 'bar');
  const others = traces.filter(({ type }) => type === 'scatter' || type === 'scattergl');
  const free = bars.length > 0 ? '' : ` clip-path="url(#${id})"`; // texts of bars may stand out
  return [
    gridOf(panel, xTicks, yTicks),
    clipOf(panel, id),
    `<g${free}>`,
    ...traces.filter(({ type }) => type === 'heatmap').map(({ trace }) => heatSvg(trace, panel)),
    bars.length === 0
      ? ''
      : barsSvg(
          bars.map(({ trace }) => trace),
          bars.map(({ colour }) => colour),
          panel,
          barmode,
        ),
    ...others.map(({ trace, colour }) => pointsSvg(trace, colour, panel)),
    '</g>',
    ...(carriesX ? [belowOf(panel, xTicks)] : []),
    besideOf(panel, yTicks),
  ].join('');
}
