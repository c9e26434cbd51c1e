/**
 * What a person reads of an encrypted ReLU: the error along the inputs, some values, cost and time.
 * @module
 */
import { wrap } from '../wrap.ts';
import type { ReluRun } from './job.ts';

/** What these backends are, whatever their parameters. */
const SECURITY: Readonly<Record<string, string>> = { twin: 'NOT ENCRYPTED', toy: 'INSECURE' };

/** Rows of the table: enough to see that 0, the steep place, is the hard one. */
const ROWS = 9;

export function reportRelu({ result, inputs, outputs }: ReluRun, { width }: { readonly width: number }): string {
  const errors = inputs.map((x, i) => Math.abs(outputs[i]! - Math.max(0, x)));
  const { target, seconds } = result;
  const security = SECURITY[result.backend] ?? (result.securityBits === 128 ? '128-bit security' : 'INSECURE');
  const columns = Math.min(width, 64);
  const end = `${result.bound}`;
  // Eight columns hold inputs from thousandths to thousands; others are written with an exponent.
  const plain = result.bound >= 0.01 && result.bound < 1000;
  const digits = (x: number, n: number): string => (plain ? x.toFixed(n) : x.toExponential(n - 3));
  return [
    wrap(
      `ReLU by polynomials of degrees ${result.degrees.join(', ')}: ${result.levels} levels,` +
        ` ${result.multiplications} products, ${result.alpha.toFixed(2)} bits`,
      width,
    ),
    '',
    `|error| on [-${end}, ${end}], full height = ${target.toExponential(1)}:`,
    sparkline(errors, columns, target),
    `-${end}${'0'.padStart(Math.floor(columns / 2) - end.length)}${end.padStart(Math.ceil(columns / 2) - 1)}`,
    '',
    '       x   encrypted ReLU    |error|',
    ...rows(inputs.length).map((i) =>
      [digits(inputs[i]!, 4).padStart(8), digits(outputs[i]!, 6).padStart(16), errors[i]!.toExponential(1)].join('   '),
    ),
    '',
    wrap(
      `largest error ${result.maxError.toExponential(2)} of ${result.points} points (in the clear` +
        ` ${result.maxErrorClear.toExponential(2)}); it should be below ${target.toExponential(2)}`,
      width,
    ),
    `${result.backend}: ring degree ${result.ringDegree}, log QP ${result.logQP}, ${security}`,
    wrap(
      `keys ${seconds.keygen.toFixed(2)} s, encrypt ${seconds.encrypt.toFixed(2)} s,` +
        ` evaluate ${seconds.evaluate.toFixed(2)} s, decrypt ${seconds.decrypt.toFixed(2)} s`,
      width,
    ),
  ].join('\n');
}

/** One character a column, as high as the largest value that falls into it; what is above `top` is marked `!`. */
export function sparkline(values: ArrayLike<number>, columns: number, top: number): string {
  const bars = ' ▁▂▃▄▅▆▇█';
  let line = '';
  for (let column = 0; column < columns; column++) {
    let most = 0;
    const end = Math.ceil(((column + 1) * values.length) / columns);
    for (let i = Math.floor((column * values.length) / columns); i < end; i++) most = Math.max(most, values[i]!);
    line += most <= top ? bars[Math.ceil((8 * most) / top)]! : '!';
  }
  return line;
}

function rows(points: number): number[] {
  return Array.from({ length: ROWS }, (_, k) => Math.round((k * (points - 1)) / (ROWS - 1)));
}
