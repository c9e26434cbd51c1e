/**
 * The ledger of a ciphertext, for a narrow panel.
 * @module
 */
import stringWidth from 'string-width';
import type { CiphertextDetails } from '../kernel/protocol.ts';
import { cleanText } from './clean.ts';
import { ladderLines } from './modulus-ladder.ts';
import type { Style } from './style.ts';
import { wrapLines, wrapWords } from './wrap-lines.ts';

/** Operations that are shown where nobody says how many lines there are. */
const MOST_OPERATIONS = 12;
/** Columns of the words before the figures. */
const LABEL = 11;

/**
 * What is known of a ciphertext: its modulus as a ladder, its figures, and what made it.
 * @param rows lines there are room for: older operations give way, down to the newest one
 */
export function detailsLines(details: CiphertextDetails, style: Style, rows?: number): readonly string[] {
  const { name, summary, chainBits, level, warning, operations } = details;
  const above = [
    style.paint('heading', cleanText(name, style)),
    ...wrapWords(cleanText(summary, style), style.columns).map((line) => style.paint('dim', line)),
    ...(warning === undefined ? [] : warningLines(warning, style)),
    ...(chainBits.length === 0
      ? []
      : ['', modulusLine(chainBits, level, style), ...ladderLines(chainBits, level, style)]),
    '',
    ...figures(details, style),
  ];
  const room = rows === undefined ? MOST_OPERATIONS : Math.max(1, rows - above.length - 2);
  const lines = operations.length === 0 ? above : [...above, '', ...operationLines(operations, style, room)];
  return lines.flatMap((line) => wrapLines(line, style.columns));
}

function warningLines(warning: string, style: Style): readonly string[] {
  return wrapWords(`! ${cleanText(warning, style)}`, style.columns).map((line) => style.paint('bad', line));
}

function modulusLine(bits: readonly number[], level: number, style: Style): string {
  const sum = (list: readonly number[]): string => String(Math.round(list.reduce((total, b) => total + b, 0)));
  return labelled('modulus', `${sum(bits.slice(0, level + 1))} of ${sum(bits)} bits`, style);
}

function figures(details: CiphertextDetails, style: Style): readonly string[] {
  const { chainBits, level, scale, scaleBits, length, bytes, bitsRight, noiseBits } = details;
  const about = style.unicode ? '≈' : '~';
  // A power of two is its own approximation.
  const size = scale === `2^${scaleBits}` ? '' : ` ${about} 2^${scaleBits.toFixed(1)}`;
  return [
    labelled('level', chainBits.length === 0 ? String(level) : `${level} of ${chainBits.length - 1}`, style),
    labelled('scale', cleanText(scale, style) + size, style),
    ...(bitsRight === undefined ? [] : [labelled('bits right', judged(bitsRight, style), style)]),
    ...(noiseBits === undefined ? [] : [labelled('noise bits', bits(noiseBits), style)]),
    labelled('length', `${length} polynomials`, style),
    labelled('size', sizeText(bytes), style),
  ];
}

function labelled(label: string, text: string, style: Style): string {
  return style.paint('dim', label.padEnd(LABEL)) + text;
}

function judged(bitsRight: number, style: Style): string {
  return style.paint(bitsRight > 0 ? 'good' : 'bad', bits(bitsRight));
}

/** Exact values have infinitely many bits right and no noise. */
function bits(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : value > 0 ? 'all' : 'none';
}

/** In the ledger's kilobytes of 1000 bytes; from ten thousand of them on, in MiB. */
function sizeText(bytes: number): string {
  return bytes < 1e7 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Oldest first; where there are too many, the oldest are only counted. */
function operationLines(operations: CiphertextDetails['operations'], style: Style, room: number): readonly string[] {
  const from = operations.length <= room ? 0 : operations.length - Math.max(1, room - 1);
  const shown = operations.slice(from).map(({ op, ...rest }) => ({ ...rest, op: cleanText(op, style) }));
  const width = Math.min(14, Math.max(9, ...shown.map(({ op }) => stringWidth(op))));
  const heading = style.paint('dim', `${'operation'.padEnd(width)}  level  scale`);
  return [
    heading,
    ...(from === 0 ? [] : [style.paint('dim', `(${from} earlier)`)]),
    ...shown.map(({ op, level, scale }) => {
      const padded = op + ' '.repeat(Math.max(0, width - stringWidth(op)));
      return `${padded}  ${String(level).padStart(5)}  ${cleanText(scale, style)}`;
    }),
  ];
}
