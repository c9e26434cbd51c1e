/**
 * How right ciphertexts were, operation by operation.
 * @module
 */
import type { LedgerLine } from '../../backend/ledger.ts';
import { drawn, type Figure, type FigureOptions } from './figure.ts';

/** More operations than this have no names below the axis. */
const MOST_NAMES = 40;

/**
 * Bits right after the binary point, in the order of computation; operations whose result is wrong by a rule stand out.
 * @param ledger of a shadowed backend, or some of its lines
 */
export function precisionFigure(ledger: Iterable<LedgerLine>, options: FigureOptions = {}): Figure {
  const lines = [...ledger];
  const { title = 'bits right after each operation' } = options;
  const x = lines.map((_, i) => i + 1);
  const trace = (name: string, chosen: (line: LedgerLine) => boolean): Readonly<Record<string, unknown>> => ({
    type: 'scatter',
    name,
    x: x.filter((_, i) => chosen(lines[i]!)),
    y: lines.filter(chosen).map((line) => drawn(Number(line.bitsRight.toFixed(2)))),
    text: lines.filter(chosen).map(describeLine),
    hoverinfo: 'text',
  });
  const wrong = lines.some((line) => line.warning !== '');
  return {
    data: [
      { ...trace('bits right', () => true), mode: 'lines+markers' },
      ...(wrong
        ? [{ ...trace('wrong', (line) => line.warning !== ''), mode: 'markers', marker: { color: '#c0392b' } }]
        : []),
    ],
    layout: {
      title: { text: title },
      showlegend: wrong,
      xaxis: {
        title: { text: 'operation' },
        ...(lines.length <= MOST_NAMES
          ? { tickmode: 'array', tickvals: x, ticktext: lines.map((line) => line.op) }
          : {}),
      },
      yaxis: { title: { text: 'bits right' } },
    },
  };
}

/** `rescale: 21.5 bits right, level 2, scale 2^80/q₃`. */
function describeLine({ op, bitsRight, level, scale, warning }: LedgerLine): string {
  const text = `${op}: ${bitsRight.toFixed(1)} bits right, level ${level}, scale ${scale}`;
  return warning === '' ? text : `${text}; ${warning}`;
}
