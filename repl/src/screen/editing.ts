/**
 * Editing a text: what was there before, for undo, and what was cut out, for yank, as in readline.
 * @module
 */
import { bufferOf, EMPTY, erase, insert, type TextBuffer } from './text-buffer.ts';

export interface Editing {
  readonly buffer: TextBuffer;
  /** What undo goes back to, newest last. */
  readonly undo: readonly TextBuffer[];
  /** What was cut out, newest last. */
  readonly kills: readonly string[];
  /** Characters typed one after the other are undone together; cuts one after the other are yanked together. */
  readonly last: 'typed' | 'killed' | 'other';
  /** Just after a yank: where it went, and which of `kills` it was. */
  readonly yanked?: { readonly from: number; readonly kill: number };
}

export const NOTHING_TYPED: Editing = { buffer: EMPTY, undo: [], kills: [], last: 'other' };

const MOST_UNDO = 200;
const MOST_KILLS = 20;

/** A new line to edit; what was cut out can still be yanked. */
export function emptied({ kills }: Editing): Editing {
  return { ...NOTHING_TYPED, kills };
}

/** The cursor elsewhere. */
export function moved({ undo, kills }: Editing, buffer: TextBuffer): Editing {
  return { buffer, undo, kills, last: 'other' };
}

/** Another text, which undo takes back. */
export function changed({ buffer: old, undo, kills }: Editing, buffer: TextBuffer): Editing {
  if (buffer.text === old.text) return { buffer, undo, kills, last: 'other' };
  return { buffer, undo: [...undo.slice(1 - MOST_UNDO), old], kills, last: 'other' };
}

/** Text from the keyboard at the cursor. */
export function typed(editing: Editing, text: string): Editing {
  const buffer = insert(editing.buffer, text);
  const next = editing.last === 'typed' ? { ...editing, buffer } : changed(editing, buffer);
  // Word by word, so that undo does not take a whole line.
  return { ...next, last: /\s/.test(text) ? 'other' : 'typed' };
}

/** Without the text between `from` and `to`, one of which is the cursor; it can be yanked. */
export function killed(editing: Editing, from: number, to: number): Editing {
  const { buffer, kills } = editing;
  if (from === to) return moved(editing, buffer);
  const text = buffer.text.slice(from, to);
  const newest = editing.last === 'killed' ? kills.at(-1) : undefined;
  const all =
    newest === undefined
      ? [...kills, text]
      : [...kills.slice(0, -1), from < buffer.cursor ? text + newest : newest + text];
  return { ...changed(editing, erase(buffer, from, to)), kills: all.slice(-MOST_KILLS), last: 'killed' };
}

/** What was cut out last, at the cursor. */
export function yank(editing: Editing): Editing {
  const { buffer, kills } = editing;
  const text = kills.at(-1);
  if (text === undefined) return editing;
  return { ...changed(editing, insert(buffer, text)), yanked: { from: buffer.cursor, kill: kills.length - 1 } };
}

/** Just after a yank: what was cut out before that, in its place. */
export function yankOlder(editing: Editing): Editing {
  const { buffer, kills, yanked } = editing;
  if (yanked === undefined) return editing;
  const kill = (yanked.kill + kills.length - 1) % kills.length;
  const text = kills[kill] ?? '';
  const next = insert(erase(buffer, yanked.from, buffer.cursor), text);
  return { ...changed(editing, next), yanked: { from: yanked.from, kill } };
}

export function undone(editing: Editing): Editing {
  const buffer = editing.undo.at(-1);
  if (buffer === undefined) return editing;
  return { buffer, undo: editing.undo.slice(0, -1), kills: editing.kills, last: 'other' };
}

/** Another text from elsewhere, such as the history, with the cursor at its end. */
export function replaced(editing: Editing, text: string): Editing {
  return changed(editing, bufferOf(text));
}
