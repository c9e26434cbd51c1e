/**
 * Values in the forms that a front end can show: always text, and a figure or images where they are.
 * @module
 */
import { cutText } from '../show/cut.ts';
import { figureOf } from './figure-of.ts';
import { imagesOf } from './images-of.ts';
import { type PrintOptions, printBriefly, printFigure, printValue } from './print-value.ts';
import type { MimeBundle } from './protocol.ts';

/**
 * What there is to show of a value. Objects of the library print themselves: nothing here looks inside of them. Never throws:
 * of a value that cannot be printed it says so.
 */
export function bundleOf(value: unknown, options: PrintOptions): MimeBundle {
  const figure = orNothing(() => figureOf(value));
  if (figure !== undefined) return { 'text/plain': printFigure(figure), 'application/vnd.plotly.v1+json': figure };
  const images = orNothing(() => imagesOf(value));
  if (images === undefined) return { 'text/plain': cutText(printValue(value, options)) };
  return { 'text/plain': cutText(printBriefly(value, options)), 'application/vnd.toyfhe.images+json': images };
}

/** A stranger's getters may throw: then it is neither figure nor image. */
function orNothing<T>(look: () => T | undefined): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
