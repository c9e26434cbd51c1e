/**
 * Figures as data: any plotly front end draws them.
 * @module
 */

/** A plotly figure, as plain JSON: `Plotly.newPlot(element, figure.data, figure.layout)`. */
export interface Figure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

export interface FigureOptions {
  /** Stands above the figure. */
  readonly title?: string;
}

/** A number as JSON has it: what is not finite is left out of the drawing. */
export function drawn(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
