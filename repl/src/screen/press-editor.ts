/**
 * Presses in the editor: history, Tab, new lines, and text.
 * @module
 */
import { indentAfter } from './brackets.ts';
import { changed, moved, replaced } from './editing.ts';
import { LONGEST_SHOWN } from './editor-view.ts';
import { newer, older } from './history-walk.ts';
import { textPress } from './press-text.ts';
import type { Outcome, Press, ScreenState, Surroundings } from './screen-state.ts';
import { insert, lineDown, lineEnd, lineStart, lineUp, moveTo, type TextBuffer } from './text-buffer.ts';

export function editorPress(state: ScreenState, press: Press, around: Surroundings): Outcome | undefined {
  if ('key' in press) {
    switch (press.key) {
      case 'up':
        return upOrOlder(state, around);
      case 'down':
        return downOrNewer(state, around);
      case 'ctrl-p':
        return toOlder(state, around);
      case 'ctrl-n':
        return toNewer(state, around);
      case 'tab':
        return tab(state, around);
      case 'alt-enter':
      case 'ctrl-j':
      case 'ctrl-alt-j':
        return { state: withNewline(state, undefined) };
    }
  }
  const editing = textPress(state.editing, press, around);
  return editing === undefined ? undefined : { state: { ...state, editing } };
}

/** @param indent of the new line; undefined: by the brackets that are open */
export function withNewline(state: ScreenState, indent: string | undefined): ScreenState {
  const { buffer } = state.editing;
  const known = indent ?? (buffer.cursor > LONGEST_SHOWN ? '' : indentAfter(buffer.text.slice(0, buffer.cursor)));
  return { ...state, editing: changed(state.editing, insert(buffer, `\n${known}`)) };
}

/** What is not shown has no lines to move in. */
function movesInside(buffer: TextBuffer): boolean {
  return buffer.text.length <= LONGEST_SHOWN;
}

function upOrOlder(state: ScreenState, around: Surroundings): Outcome {
  const { buffer } = state.editing;
  const up = movesInside(buffer) ? lineUp(buffer) : undefined;
  return up === undefined ? toOlder(state, around) : { state: { ...state, editing: moved(state.editing, up) } };
}

function downOrNewer(state: ScreenState, around: Surroundings): Outcome {
  const { buffer } = state.editing;
  const down = movesInside(buffer) ? lineDown(buffer) : undefined;
  return down === undefined ? toNewer(state, around) : { state: { ...state, editing: moved(state.editing, down) } };
}

function toOlder(state: ScreenState, { history, clean }: Surroundings): Outcome {
  const walk = older(history, state.walk, state.editing.buffer);
  if (walk === undefined) return { state };
  const text = clean(walk.text);
  return { state: { ...state, walk: { ...walk, text }, editing: replaced(state.editing, text) } };
}

/** With the cursor in the first line, so that going down goes through the lines. */
function toNewer(state: ScreenState, { history, clean }: Surroundings): Outcome {
  const walk = newer(history, state.walk, state.editing.buffer);
  if (walk === undefined) return { state };
  if ('ended' in walk) return { state: { ...state, walk: undefined, editing: changed(state.editing, walk.ended) } };
  const text = clean(walk.text);
  const buffer = { text, cursor: lineEnd({ text, cursor: 0 }) };
  return { state: { ...state, walk: { ...walk, text }, editing: changed(state.editing, buffer) } };
}

/** In the indentation of a later line, two spaces; on an empty line of a lesson, its cell; else completions. */
function tab(state: ScreenState, { lessonCell, clean }: Surroundings): Outcome {
  const { buffer } = state.editing;
  if (buffer.text === '' && lessonCell !== undefined) {
    return { state: { ...state, editing: replaced(state.editing, clean(lessonCell)) } };
  }
  const start = lineStart(buffer);
  if (start > 0 && buffer.text.slice(start, buffer.cursor).trim() === '') {
    return { state: { ...state, editing: changed(state.editing, insert(moveTo(buffer, buffer.cursor), '  ')) } };
  }
  return { state, effect: 'complete' };
}
