/**
 * Which class was taken for which.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { describe } from '../../backend/print.ts';
import type { Figure, FigureOptions } from './figure.ts';

export interface ConfusionOptions extends FigureOptions {
  /** Of the classes 0, 1, 2, …; their numbers unless told. */
  readonly names?: readonly string[];
}

/** More classes than this are a mistake, such as pixels given for labels. */
const MOST_CLASSES = 100;

/**
 * A map of counts: a row for each true class, from the top, a column for each predicted one; mistakes are what is off the
 * diagonal. The title says how many are right unless one is given.
 * @param labels the true classes, integers from 0 on
 * @param predictions as many
 * @throws FheError SLOTS for no labels or lists of different lengths, RANGE for what is no class
 */
export function confusionFigure(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  options: ConfusionOptions = {},
): Figure {
  const [is, taken] = [Array.from(labels), Array.from(predictions)];
  if (is.length === 0) throw refused('SLOTS', 'the number of labels', 'at least 1', '0');
  if (taken.length !== is.length) {
    throw refused('SLOTS', 'the number of predictions', String(is.length), String(taken.length));
  }
  const wrong = [...is, ...taken].find((n) => !Number.isInteger(n) || n < 0 || n >= MOST_CLASSES);
  if (wrong !== undefined) {
    throw refused('RANGE', 'every class', `an integer from 0 to ${MOST_CLASSES - 1}`, describe(wrong));
  }
  const classes = Math.max(options.names?.length ?? 0, 1 + Math.max(...is, ...taken));
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  is.forEach((label, i) => counts[label]![taken[i]!]!++);
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const names = counts.map((_, i) => options.names?.[i] ?? String(i));
  const upwards = counts.toReversed(); // plotly begins at the bottom
  return {
    data: [
      {
        type: 'heatmap',
        name: 'images',
        x: names,
        y: names.toReversed(),
        z: upwards,
        text: upwards.map((row) => row.map((count) => (count === 0 ? '' : String(count)))),
        texttemplate: '%{text}',
        hovertemplate: '%{y} taken for %{x}: %{z}<extra></extra>',
        // Few stand out from none: what is rare here is what one looks for.
        colorscale: [
          [0, '#f7fbff'],
          [0.02, '#c6dbef'],
          [1, '#08306b'],
        ],
        zmin: 0,
        zmax: Math.max(...counts.flat()),
      },
    ],
    layout: {
      title: { text: options.title ?? `${right} of ${is.length} right (${percent(right, is.length)})` },
      width: 620,
      height: 540,
      xaxis: { title: { text: 'predicted' }, type: 'category' },
      yaxis: { title: { text: 'true' }, type: 'category' },
    },
  };
}

/** Never 100 % where something is wrong. */
function percent(part: number, whole: number): string {
  return `${Math.floor((1000 * part) / whole) / 10} %`;
}

function refused(code: 'RANGE' | 'SLOTS', field: string, should: string, is: string): FheError {
  const hint = 'write for example confusionFigure([0, 1, 1], [0, 1, 0])';
  return new FheError({ code, op: 'draw a confusion matrix', field, should, is, hint });
}
