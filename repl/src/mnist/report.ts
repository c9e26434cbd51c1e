/**
 * What a person reads of an encrypted run on digits: the digits with both predictions, layer by layer how exact, how long.
 * @module
 */
import { describeComparison } from 'toyfhe/inspect';
import { wrap } from '../wrap.ts';
import { drawDigits } from './digits.ts';
import type { DigitsRun } from './outcome.ts';

export interface ReportOptions {
  readonly width: number;
  readonly colour: boolean;
}

/** Images drawn where all are right: two rows on an 80-column terminal. Wrong ones are always drawn. */
const SHOWN = 10;

/** What these backends are, whatever their parameters. */
const SECURITY: Readonly<Record<string, string>> = { twin: 'NOT ENCRYPTED', toy: 'INSECURE' };

export function reportDigits(
  { result, data, predictions, layers, rotations, notes }: DigitsRun,
  options: ReportOptions,
): string {
  const size = data.rows * data.columns;
  const drawn = predictions
    .map((p, i) => ({ ...p, i, wrong: p.encrypted !== p.label || p.encrypted !== p.plain }))
    .filter((p) => p.i < SHOWN || p.wrong)
    .map(({ i, label, plain, encrypted, wrong }) => ({
      pixels: data.images.subarray(i * size, (i + 1) * size),
      caption: `${label}: ${plain} ${encrypted}`,
      wrong,
    }));
  const hidden = predictions.length - drawn.length;
  const { seconds } = result;
  const each = (1000 * seconds.evaluate) / result.images;
  const security = SECURITY[result.backend] ?? (result.securityBits === 128 ? '128-bit security' : 'INSECURE');
  return [
    wrap(data.about, options.width),
    '',
    'truth: plain encrypted',
    drawDigits(drawn, { size: data.rows, ...options }),
    ...(hidden > 0 ? [`and ${hidden} more, all right`, ''] : []),
    'layer by layer against the network in the clear:',
    ...layers.map((l) => `  ${describeComparison(l)}`),
    '',
    wrap(
      `${result.agree} of ${result.images} predictions agree with the clear network; ${result.correct} are correct` +
        ` (in the clear ${result.plainCorrect}); largest logit error ${result.maxLogitError.toExponential(1)}`,
      options.width,
    ),
    `${result.backend}: ring degree ${result.ringDegree}, log QP ${result.logQP}, ${security}, ${rotations} rotations`,
    wrap(
      `keys ${seconds.keygen.toFixed(2)} s, weights ${seconds.prepare.toFixed(2)} s,` +
        ` encrypt ${seconds.encrypt.toFixed(2)} s,` +
        ` evaluate ${seconds.evaluate.toFixed(2)} s (${each.toFixed(0)} ms an image), decrypt ${seconds.decrypt.toFixed(2)} s`,
      options.width,
    ),
    ...notes.map((note) => wrap(note, options.width)),
  ].join('\n');
}
