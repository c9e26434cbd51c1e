/**
 * Presses while the completion list is open.
 * @module
 */
import { choose, type CompletionList, narrowed, shownBuffer } from './completion-list.ts';
import { changed } from './editing.ts';
import { textPress } from './press-text.ts';
import type { Outcome, Press, ScreenState, Surroundings } from './screen-state.ts';

export function listPress(state: ScreenState, press: Press, around: Surroundings): Outcome | undefined {
  const { list } = state;
  if (list === undefined) return undefined;
  const closed = { ...state, list: undefined };
  if ('text' in press || ('key' in press && press.key === 'backspace')) {
    const editing = textPress(state.editing, press, around) ?? state.editing;
    const left = narrowed(list, editing.buffer);
    return { state: { ...state, editing, list: left }, ...(left === undefined ? {} : { effect: 'refresh' }) };
  }
  if (!('key' in press)) return { state: closed, again: true };
  switch (press.key) {
    case 'tab':
    case 'down':
    case 'ctrl-n':
      return { state: walked(state, list, 1) };
    case 'shift-tab':
    case 'up':
    case 'ctrl-p':
      return { state: walked(state, list, -1) };
    case 'escape':
    case 'ctrl-g':
      return { state: { ...closed, editing: { ...state.editing, buffer: list.typed } } };
    case 'enter':
      return list.chosen === undefined ? { state: closed, again: true } : { state: closed };
    default:
      return { state: closed, again: true };
  }
}

function walked(state: ScreenState, list: CompletionList, step: 1 | -1): ScreenState {
  const next = choose(list, step);
  const buffer = shownBuffer(next);
  // One undo takes the whole walk back.
  const editing = list.typed === state.editing.buffer ? changed(state.editing, buffer) : { ...state.editing, buffer };
  return { ...state, list: next, editing };
}
