/**
 * Text with a cursor: moving and changing give a new one. Positions count UTF-16 units; the cursor stands between characters.
 * @module
 */
import { columnsOf, graphemeAfter, graphemeBefore, unitsWithin } from './graphemes.ts';

export interface TextBuffer {
  readonly text: string;
  /** From 0 to the length of the text. */
  readonly cursor: number;
  /** The column that going up and down keeps to. */
  readonly goal?: number;
}

export const EMPTY: TextBuffer = { text: '', cursor: 0 };

/** The text with the cursor at its end. */
export function bufferOf(text: string): TextBuffer {
  return { text, cursor: text.length };
}

export function moveTo({ text }: TextBuffer, cursor: number): TextBuffer {
  return { text, cursor };
}

/** Before the cursor, which stays behind it. */
export function insert({ text, cursor }: TextBuffer, inserted: string): TextBuffer {
  return { text: text.slice(0, cursor) + inserted + text.slice(cursor), cursor: cursor + inserted.length };
}

/** Without the text from `from` to `to`, where the cursor is then. */
export function erase({ text }: TextBuffer, from: number, to: number): TextBuffer {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

export function before({ text, cursor }: TextBuffer): number {
  return graphemeBefore(text, cursor);
}

export function after({ text, cursor }: TextBuffer): number {
  return graphemeAfter(text, cursor);
}

/** Where the cursor's line begins. */
export function lineStart({ text, cursor }: TextBuffer): number {
  return cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
}

/** Where the cursor's line ends, before its newline. */
export function lineEnd({ text, cursor }: TextBuffer): number {
  const end = text.indexOf('\n', cursor);
  return end < 0 ? text.length : end;
}

const WORD = /[\p{L}\p{N}\p{M}_$]/u;
const SPACE = /\s/u;

/** Where the word begins in which, or behind which, the cursor is. */
export function wordBefore({ text, cursor }: TextBuffer): number {
  return skipBack(
    text,
    skipBack(text, cursor, (c) => !WORD.test(c)),
    (c) => WORD.test(c),
  );
}

/** Where the word ends in which, or before which, the cursor is. */
export function wordAfter({ text, cursor }: TextBuffer): number {
  return skipOn(
    text,
    skipOn(text, cursor, (c) => !WORD.test(c)),
    (c) => WORD.test(c),
  );
}

/** As `wordBefore`, where a word is all that is not space. */
export function spacedWordBefore({ text, cursor }: TextBuffer): number {
  return skipBack(
    text,
    skipBack(text, cursor, (c) => SPACE.test(c)),
    (c) => !SPACE.test(c),
  );
}

function skipBack(text: string, from: number, skip: (character: string) => boolean): number {
  let at = from;
  for (let start = graphemeBefore(text, at); at > 0 && skip(text.slice(start, at)); start = graphemeBefore(text, at)) {
    at = start;
  }
  return at;
}

function skipOn(text: string, from: number, skip: (character: string) => boolean): number {
  let at = from;
  for (
    let end = graphemeAfter(text, at);
    at < text.length && skip(text.slice(at, end));
    end = graphemeAfter(text, at)
  ) {
    at = end;
  }
  return at;
}

/** The cursor one line up, in the same column where that exists; undefined in the first line. */
export function lineUp(buffer: TextBuffer): TextBuffer | undefined {
  const start = lineStart(buffer);
  return start === 0 ? undefined : intoLine(buffer, lineStart(moveTo(buffer, start - 1)));
}

/** The cursor one line down; undefined in the last line. */
export function lineDown(buffer: TextBuffer): TextBuffer | undefined {
  const end = lineEnd(buffer);
  return end === buffer.text.length ? undefined : intoLine(buffer, end + 1);
}

function intoLine(buffer: TextBuffer, start: number): TextBuffer {
  const { text, cursor, goal = columnsOf(text.slice(lineStart(buffer), cursor)) } = buffer;
  const line = text.slice(start, lineEnd(moveTo(buffer, start)));
  return { text, cursor: start + unitsWithin(line, goal), goal };
}
