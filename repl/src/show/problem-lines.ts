/**
 * What the compiler refused: the line of code, the place underlined, and why.
 * @module
 */
import stringWidth from 'string-width';
import type { TypeProblem } from '../kernel/protocol.ts';
import { cleanText } from './clean.ts';
import { highlight } from './highlight.ts';
import type { Style } from './style.ts';
import { wrapWords } from './wrap-lines.ts';

/** Problems of one cell that are shown. */
const MOST_PROBLEMS = 5;

export function problemLines(problems: readonly TypeProblem[], code: string, style: Style): readonly string[] {
  const lines = code.split('\n');
  const more = problems.length - MOST_PROBLEMS;
  return [
    ...problems.slice(0, MOST_PROBLEMS).flatMap((problem) => oneProblem(problem, lines, style)),
    ...(more <= 0 ? [] : [style.paint('dim', `and ${more} more ${more === 1 ? 'problem' : 'problems'}`)]),
  ];
}

function oneProblem(problem: TypeProblem, lines: readonly string[], style: Style): readonly string[] {
  const [first, ...rest] = cleanText(problem.message, style).split('\n');
  const label = style.paint('error', `error TS${problem.code}:`);
  return [
    ...placeLines(problem, lines, style),
    ...wrapWords(`${label} ${first}`, style.columns),
    ...rest.flatMap((line) => explanation(line, style)),
  ];
}

/** TypeScript indents its reasons; a line that is not indented is our hint. */
function explanation(line: string, style: Style): readonly string[] {
  return line.startsWith(' ') ? hanging('  ', line.trim(), style) : hintLines(line, style);
}

/** A hint, marked. */
export function hintLines(hint: string, style: Style): readonly string[] {
  return hanging(style.unicode ? '→ ' : '-> ', hint, style).map((line) => style.paint('hint', line));
}

/** Broken between words, the later lines indented as far as the mark. */
export function hanging(mark: string, text: string, style: Style): readonly string[] {
  const room = Math.max(1, style.columns - mark.length);
  return wrapWords(text, room).map((line, i) => (i === 0 ? mark : ' '.repeat(mark.length)) + line);
}

function placeLines(problem: TypeProblem, lines: readonly string[], style: Style): readonly string[] {
  const source = lines[problem.line];
  if (source === undefined) return [];
  const number =
    lines.length === 1
      ? '  '
      : `${String(problem.line + 1).padStart(String(lines.length).length)} ${style.unicode ? '│' : '|'} `;
  const { shown, before, length } = visiblePart(source, problem, Math.max(8, style.columns - number.length), style);
  const underline = style.paint('error', `^${'~'.repeat(Math.max(0, length - 1))}`);
  return [style.paint('dim', number) + highlight(shown, style), ' '.repeat(number.length + before) + underline];
}

interface Part {
  readonly shown: string;
  /** Columns before the place, and that it takes. */
  readonly before: number;
  readonly length: number;
}

/** The whole line where it fits; else what stands around the place. */
function visiblePart(source: string, { column, length }: TypeProblem, room: number, style: Style): Part {
  const [before, place, after] = [
    source.slice(0, column),
    source.slice(column, column + length),
    source.slice(column + length),
  ].map((text) => cleanText(text, style)) as [string, string, string];
  if (stringWidth(before + place + after) <= room)
    return { shown: before + place + after, before: stringWidth(before), length: stringWidth(place) };
  const dots = style.unicode ? '…' : '...';
  // A quarter of the room for what comes before; it is cut at its beginning.
  const lead =
    stringWidth(before + place) <= room - dots.length ? before : dots + lastColumns(before, Math.floor(room / 4));
  const [rest] = firstColumns(place + after, room - stringWidth(lead) - dots.length);
  const width = stringWidth(lead);
  return { shown: `${lead}${rest}${dots}`, before: width, length: Math.min(stringWidth(place), stringWidth(rest)) };
}

const segmenter = new Intl.Segmenter();

/** As much of a text as fits, and how wide that is. */
function firstColumns(text: string, columns: number): readonly [string, number] {
  let width = 0;
  let end = 0;
  // Not more than could fit is looked at: lines may be long.
  for (const { segment } of segmenter.segment(text.slice(0, 4 * columns))) {
    const next = width + stringWidth(segment);
    if (next > columns) break;
    width = next;
    end += segment.length;
  }
  return [text.slice(0, end), width];
}

function lastColumns(text: string, columns: number): string {
  const segments = [...segmenter.segment(text.slice(-4 * columns))].map(({ segment }) => segment);
  let width = 0;
  const kept: string[] = [];
  for (const segment of segments.toReversed()) {
    width += stringWidth(segment);
    if (width > columns) break;
    kept.unshift(segment);
  }
  return kept.join('');
}
