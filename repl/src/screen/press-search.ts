/**
 * Presses while the history is searched.
 * @module
 */
import { replaced } from './editing.ts';
import { foundBy, type HistorySearch, searchOn, withQuery } from './history-search.ts';
import { graphemeBefore } from './graphemes.ts';
import type { Outcome, Press, ScreenState, Surroundings } from './screen-state.ts';

export function searchPress(state: ScreenState, press: Press, { history, clean }: Surroundings): Outcome | undefined {
  const { search } = state;
  if (search === undefined) return undefined;
  const searching = (next: HistorySearch): Outcome => ({ state: { ...state, search: next } });
  const { query } = search;
  if (!('key' in press)) {
    const text = 'text' in press ? press.text : press.pasted;
    return searching(withQuery(history, search, query + clean(text).split('\n', 1)[0]));
  }
  switch (press.key) {
    case 'backspace':
      return searching(withQuery(history, search, query.slice(0, graphemeBefore(query, query.length))));
    case 'ctrl-r':
      return searching(searchOn(history, search, -1));
    case 'ctrl-s':
      return searching(searchOn(history, search, 1));
    case 'escape':
    case 'ctrl-g':
      return { state: { ...state, search: undefined } };
    case 'enter':
      return { state: accepted(), effect: 'enter' };
    case 'tab':
      return { state: accepted() };
    default:
      return { state: accepted(), again: true };
  }

  function accepted(): ScreenState {
    const found = foundBy(history, search ?? { at: undefined, query: '', failed: false });
    const editing = found === undefined ? state.editing : replaced(state.editing, clean(found));
    return { ...state, editing, search: undefined };
  }
}
