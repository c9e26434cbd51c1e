/**
 * The one-cycle learning rate: Smith and Topin, arXiv 1708.07120, with half cosines in place of straight lines.
 * @module
 */

/** The first part of the run that raises the rate. */
const WARM_UP = 0.3;
/** The rate begins at peak/25 … */
const START = 1 / 25;
/** … and ends at peak/2500: small enough that the last steps only settle. */
const END = 1 / 2500;

/**
 * The learning rate at a step of a run: up from peak/25 to `peak` in the first 30 %, then down to peak/2500.
 * @param step in [0, steps)
 */
export function oneCycle(step: number, steps: number, peak: number): number {
  const top = WARM_UP * (steps - 1);
  const [from, to, progress] =
    step < top ? [START, 1, step / top] : [1, END, (step - top) / Math.max(1, steps - 1 - top)];
  return peak * (to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2);
}
