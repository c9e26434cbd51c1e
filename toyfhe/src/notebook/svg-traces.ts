/**
 * The traces of a figure, and the axes that they share.
 * @module
 */
import { type Fields, listOf, textOf } from './figure-fields.ts';
import { type Axis, axisLayout, axisOf, type Demand } from './svg-axis.ts';
import { barsDemand, barsOf } from './svg-bars.ts';
import { heatDemand, heatPlaces } from './svg-heat.ts';
import type { LegendEntry } from './svg-legend.ts';
import { pointsDemand, pointsX } from './svg-points.ts';

export interface Trace extends LegendEntry {
  readonly type: string;
  /** Names of its axes, such as `x2`. */
  readonly x: string;
  readonly y: string;
}

export function readTrace(trace: Fields): Omit<Trace, 'colour'> {
  const type = textOf(trace['type']) || 'scatter';
  return { trace, type, x: textOf(trace['xaxis']) || 'x', y: textOf(trace['yaxis']) || 'y' };
}

/** By their names, such as `x2`. */
export type Axes = ReadonlyMap<string, Axis>;

export function axesOf(traces: readonly Trace[], layout: Fields): Axes {
  const names = new Set(traces.flatMap(({ x, y }) => [x, y]));
  return new Map(
    [...names].map((name): [string, Axis] => {
      const along = name[0] as 'x' | 'y';
      const users = traces.filter((trace) => trace[along] === name);
      return [
        name,
        axisOf(
          users.map((trace) => demandOf(trace, along, traces, layout)),
          axisLayout(layout, name),
        ),
      ];
    }),
  );
}

function demandOf({ type, trace, x, y }: Trace, axis: 'x' | 'y', traces: readonly Trace[], layout: Fields): Demand {
  if (type === 'heatmap') return heatDemand(trace, axis);
  if (type !== 'bar') return pointsDemand(trace, axis);
  const together = traces.filter((other) => other.type === 'bar' && other.x === x && other.y === y);
  return barsDemand(
    trace,
    axis,
    together.map((other) => other.trace),
    textOf(layout['barmode']),
  );
}

/** What stands along an axis of names. */
export function namesOn(axis: string, traces: readonly Trace[]): readonly unknown[] {
  return traces.flatMap((each) => {
    const along = axis[0] as 'x' | 'y';
    if (each[along] !== axis) return [];
    if (each.type === 'heatmap') return heatPlaces(each.trace, along);
    if (each.type !== 'bar') return along === 'x' ? pointsX(each.trace) : listOf(each.trace['y']);
    const { at, lying } = barsOf(each.trace);
    return lying === (along === 'y') ? at : [];
  });
}
