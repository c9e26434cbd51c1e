/**
 * Plotly figures as charts of characters.
 * @module
 */
import type { Figure } from '../kernel/protocol.ts';
import { type Trace, traceOf } from './chart-trace.ts';
import { cleanText } from './clean.ts';
import { type Chart, drawChart, oneLine } from './draw-chart.ts';
import { type Fields, fieldsOf, textOf, titleOf } from './figure-reading.ts';
import type { Style } from './style.ts';
import { truncate, wrapWords } from './wrap-lines.ts';

/** Columns of a chart at least. */
const NARROWEST = 24;
/** Lines of a chart alone, and of each among several. */
const LINES = 16;
const LINES_OF_SEVERAL = 12;
/** Subplots that are drawn. */
const MOST_CHARTS = 4;

/** Charts one under the other, one for each pair of axes; a sentence says what cannot be drawn here. */
export function chartLines(figure: Figure, style: Style): readonly string[] {
  if (style.columns < NARROWEST) return sentence('the window is too narrow for a chart', style);
  const layout = fieldsOf(figure.layout);
  const charts = chartsOf(figure, layout);
  const shown = charts.slice(0, MOST_CHARTS);
  const title = oneLine(titleOf(layout['title']), style);
  const missing = [
    ...unknownTypes(figure),
    ...(charts.length > shown.length ? [`${charts.length - shown.length} more subplots are not drawn`] : []),
    ...(figure.data.length === 0 ? ['the figure has no traces'] : []),
  ];
  const rows = shown.length > 1 ? LINES_OF_SEVERAL : LINES;
  return [
    ...(title === '' ? [] : [style.paint('bold', truncate(title, style.columns, ''))]),
    ...shown.flatMap((chart, i) => [
      ...(i === 0 ? [] : ['']),
      ...drawChart(chart, rows - (title === '' ? 0 : 1), layout['showlegend'] === false, style),
    ]),
    ...missing.flatMap((text) => sentence(text, style)),
  ];
}

function sentence(text: string, style: Style): readonly string[] {
  const line = cleanText(`${text}; Ctrl-O opens the figure in the browser`, style);
  return wrapWords(line, style.columns).map((part) => style.paint('notice', part));
}

function unknownTypes({ data }: Figure): readonly string[] {
  const types = [...new Set(data.filter((trace) => traceOf(trace) === undefined).map(({ type }) => textOf(type)))];
  return types.length === 0 ? [] : [`what is of type ${types.join(', ')} cannot be drawn in a terminal`];
}

/** Traces that share their axes share a chart; heat maps and lying bars have one of their own. */
function chartsOf({ data }: Figure, layout: Fields): readonly Chart[] {
  const charts = new Map<string, { traces: Trace[]; x: Fields; y: Fields }>();
  data.forEach((fields, i) => {
    const trace = traceOf(fields);
    if (trace === undefined) return;
    const [x, y] = [textOf(fields['xaxis']) || 'x', textOf(fields['yaxis']) || 'y'];
    const lying = trace.kind === 'bars' && trace.horizontal;
    const key = trace.kind === 'heat' ? `heat ${i}` : `${x} ${y} ${lying}`;
    const chart = charts.get(key) ?? { traces: [], x: axisFields(layout, x), y: axisFields(layout, y) };
    chart.traces.push(trace);
    charts.set(key, chart);
  });
  return [...charts.values()];
}

/** `x2` → the layout's `xaxis2`. */
function axisFields(layout: Fields, name: string): Fields {
  return fieldsOf(layout[`${name[0]}axis${name.slice(1)}`]);
}
