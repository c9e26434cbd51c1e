/**
 * Presses that change the text: keys that edit, typed and pasted text.
 * @module
 */
import { changed, type Editing, typed } from './editing.ts';
import { editPress } from './edit-keys.ts';
import type { Press, Surroundings } from './screen-state.ts';
import { erase, insert, lineStart } from './text-buffer.ts';

/** The text after a press; undefined where it does not edit. */
export function textPress(editing: Editing, press: Press, { clean }: Surroundings): Editing | undefined {
  if ('key' in press) return editPress(editing, press.key);
  if ('text' in press)
    return /^[)\]}]$/.test(press.text) ? bracket(editing, press.text) : typed(editing, clean(press.text));
  return changed(editing, insert(editing.buffer, clean(press.pasted).replace(/\n+$/, '')));
}

/** A closing bracket that begins a line steps back to where its opening one's line began. */
function bracket(editing: Editing, text: string): Editing {
  const { buffer } = editing;
  const start = lineStart(buffer);
  const indent = buffer.text.slice(start, buffer.cursor);
  if (start === 0 || !/^ {2,}$/.test(indent)) return typed(editing, text);
  return changed(editing, insert(erase(buffer, buffer.cursor - 2, buffer.cursor), text));
}
