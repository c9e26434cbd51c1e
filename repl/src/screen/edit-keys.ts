/**
 * Keys that edit, as in readline.
 * @module
 */
import { changed, type Editing, killed, moved, undone, yank, yankOlder } from './editing.ts';
import {
  after,
  before,
  erase,
  insert,
  lineEnd,
  lineStart,
  moveTo,
  spacedWordBefore,
  type TextBuffer,
  wordAfter,
  wordBefore,
} from './text-buffer.ts';

type Edit = (editing: Editing) => Editing;
type Where = (buffer: TextBuffer) => number;

const move =
  (where: Where): Edit =>
  (editing) =>
    moved(editing, moveTo(editing.buffer, where(editing.buffer)));

const eraseTo =
  (where: Where): Edit =>
  (editing) => {
    const { buffer } = editing;
    const to = where(buffer);
    return changed(editing, erase(buffer, Math.min(to, buffer.cursor), Math.max(to, buffer.cursor)));
  };

const killTo =
  (where: Where): Edit =>
  (editing) => {
    const { buffer } = editing;
    const to = where(buffer);
    return killed(editing, Math.min(to, buffer.cursor), Math.max(to, buffer.cursor));
  };

/** At the end of a line, its newline: so that cutting again and again takes all lines. */
const toLineEnd: Where = (buffer) => {
  const end = lineEnd(buffer);
  return end === buffer.cursor ? after(buffer) : end;
};

const toLineStart: Where = (buffer) => {
  const start = lineStart(buffer);
  return start === buffer.cursor ? before(buffer) : start;
};

/** The characters before and at the cursor change places; at the end of a line, the last two. */
const transpose: Edit = (editing) => {
  const { buffer } = editing;
  const middle = lineEnd(buffer) === buffer.cursor ? before(buffer) : buffer.cursor;
  const from = before(moveTo(buffer, middle));
  const to = after(moveTo(buffer, middle));
  if (from < lineStart(buffer) || to === middle) return editing;
  const swapped = buffer.text.slice(middle, to) + buffer.text.slice(from, middle);
  return changed(editing, insert(erase(buffer, from, to), swapped));
};

const EDITS = new Map<string, Edit>();
function bind(edit: Edit, ...keys: readonly string[]): void {
  for (const key of keys) EDITS.set(key, edit);
}

bind(move(before), 'left', 'ctrl-b');
bind(move(after), 'right', 'ctrl-f');
bind(move(wordBefore), 'alt-b', 'alt-left', 'ctrl-left');
bind(move(wordAfter), 'alt-f', 'alt-right', 'ctrl-right');
bind(move(lineStart), 'home', 'ctrl-a');
bind(move(lineEnd), 'end', 'ctrl-e');
bind(eraseTo(before), 'backspace');
bind(eraseTo(after), 'delete', 'ctrl-d');
bind(killTo(toLineEnd), 'ctrl-k');
bind(killTo(toLineStart), 'ctrl-u');
bind(killTo(spacedWordBefore), 'ctrl-w');
bind(killTo(wordBefore), 'alt-backspace');
bind(killTo(wordAfter), 'alt-d', 'alt-delete', 'ctrl-delete');
bind(yank, 'ctrl-y');
bind(yankOlder, 'alt-y');
bind(transpose, 'ctrl-t');
bind(undone, 'ctrl-_', 'ctrl-z');

/** The text after a key; undefined where the key does not edit. */
export function editPress(editing: Editing, key: string): Editing | undefined {
  return EDITS.get(key)?.(editing);
}
