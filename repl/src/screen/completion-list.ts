/**
 * The list that Tab opens.
 * @module
 */
import type { CompleteReply, Completion } from '../kernel/protocol.ts';
import type { TextBuffer } from './text-buffer.ts';

export interface CompletionList {
  readonly matches: readonly Completion[];
  /** What a match replaces in `typed`, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Without a match: what Esc goes back to. */
  readonly typed: TextBuffer;
  /** Which match stands in the text; undefined while none is chosen. */
  readonly chosen: number | undefined;
}

/** What a first Tab does: the text that all matches share, and the list where they differ. */
export function openList(
  reply: CompleteReply,
  buffer: TextBuffer,
): { readonly buffer: TextBuffer; readonly list: CompletionList | undefined } {
  const { matches, start, end } = reply;
  const typedPart = buffer.text.slice(start, buffer.cursor);
  const shared = commonPrefix(matches.map(({ text }) => text));
  const whole = matches.length === 1;
  const grown = whole || (shared.length > typedPart.length && shared.startsWith(typedPart));
  const next = grown ? withMatch(buffer, start, end, shared) : buffer;
  if (matches.length <= 1) return { buffer: next, list: undefined };
  const newEnd = grown ? start + shared.length : end;
  return { buffer: next, list: { matches, start, end: newEnd, typed: next, chosen: undefined } };
}

/** The list for what was typed on: undefined where nothing fits, or nothing is left to choose. */
export function refreshedList(reply: CompleteReply, buffer: TextBuffer): CompletionList | undefined {
  const { matches, start, end } = reply;
  if (matches.length === 0 || (matches.length === 1 && matches[0]?.text === buffer.text.slice(start, end))) {
    return undefined;
  }
  return { matches, start, end, typed: buffer, chosen: undefined };
}

/** Until the answer comes: of the list that is open, what still fits. */
export function narrowed(list: CompletionList, buffer: TextBuffer): CompletionList | undefined {
  const part = buffer.text.slice(list.start, buffer.cursor);
  if (buffer.cursor < list.start || !/^[\p{L}\p{N}_$#]*$/u.test(part)) return undefined;
  const matches = list.matches.filter(({ text }) => text.toLowerCase().startsWith(part.toLowerCase()));
  const end = list.end + buffer.text.length - shownBuffer(list).text.length;
  return matches.length === 0 ? undefined : { ...list, matches, end, typed: buffer, chosen: undefined };
}

/** The next match, or the one before: past the last comes what was typed, then the first. */
export function choose(list: CompletionList, step: 1 | -1): CompletionList {
  const places = list.matches.length + 1;
  const at = ((list.chosen ?? -1) + 1 + step + places) % places;
  return { ...list, chosen: at === 0 ? undefined : at - 1 };
}

/** The text with the chosen match in it. */
export function shownBuffer(list: CompletionList): TextBuffer {
  const match = list.chosen === undefined ? undefined : list.matches[list.chosen];
  return match === undefined ? list.typed : withMatch(list.typed, list.start, list.end, match.text);
}

function withMatch({ text }: TextBuffer, start: number, end: number, match: string): TextBuffer {
  return { text: text.slice(0, start) + match + text.slice(end), cursor: start + match.length };
}

function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const text of others) {
    while (!text.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}
