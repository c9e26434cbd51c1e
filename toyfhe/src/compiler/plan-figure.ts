/**
 * A plan as a picture: how levels go down, and where the time goes. Data in, figure out: any plotly front end draws it.
 * @module
 */
import { counted } from './emit-text.ts';
import { describeStep, duration } from './explain.ts';
import type { Plan, Step } from './plan-types.ts';

/** A plotly figure, as plain JSON: `Plotly.newPlot(element, figure.data, figure.layout)`. */
export interface Figure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/**
 * Values from left to right in the order of computation. Above: the level of each as a staircase. Below: milliseconds of the
 * step that makes it, as bars with the number of their rotations on them.
 */
export function planFigure(plan: Plan): Figure {
  const { values, steps, estimates, batch } = plan;
  const makers = values.map(({ id }) => steps.find(({ to }) => to === id));
  const x = values.map((_, i) => i); // values may share a name, so names stand at ticks
  const images = batch === 1 ? '1 image' : `${batch} images`;
  return {
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'level',
        x,
        y: values.map(({ level }) => level),
        line: { shape: 'hv' },
        text: values.map(({ name, scaleBits }) => `${name}: scale 2^${scaleBits.toFixed(1)}`),
        hoverinfo: 'text+y',
      },
      {
        type: 'bar',
        name: 'milliseconds',
        x,
        y: makers.map((step) => step?.ms ?? 0),
        yaxis: 'y2',
        text: makers.map((step) => (step === undefined ? '' : counted(step.rotations, 'rotation'))),
        hovertext: makers.map((step) => (step === undefined ? 'encrypted by the client' : hover(plan, step))),
        hoverinfo: 'text',
      },
    ],
    layout: {
      title: {
        text: `${images}: ${duration(1000 * estimates.evaluateSeconds)}, ${estimates.rotations} rotations (estimated)`,
      },
      showlegend: false,
      xaxis: { tickmode: 'array', tickvals: x, ticktext: values.map(({ name }) => name), anchor: 'y2' },
      yaxis: { title: { text: 'level' }, domain: [0.55, 1], rangemode: 'tozero', dtick: 1 },
      yaxis2: { title: { text: 'milliseconds' }, domain: [0, 0.45] },
    },
  };
}

function hover(plan: Plan, step: Step): string {
  const counts = [counted(step.products, 'product'), counted(step.rotations, 'rotation')];
  return [`${describeStep(plan, step)}: ${duration(step.ms)}`, ...counts].filter((text) => text !== '').join(', ');
}
