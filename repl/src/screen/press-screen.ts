/**
 * Presses that move the view, open something or leave.
 * @module
 */
import { SEARCH_BEGUN } from './history-search.ts';
import type { Effect, Outcome, Press, ScreenState, Surroundings } from './screen-state.ts';

type Act = (state: ScreenState, around: Surroundings) => Outcome;

const scrolls =
  (by: { readonly pages?: number; readonly lines?: number }): Act =>
  (state, { scroll }) => ({ state: { ...state, position: scroll(state.position, by) } });

const asks =
  (effect: Effect): Act =>
  (state) => ({ state, effect });

const ACTS: Readonly<Record<string, Act>> = {
  pageup: scrolls({ pages: -1 }),
  pagedown: scrolls({ pages: 1 }),
  'shift-up': scrolls({ lines: -1 }),
  'ctrl-up': scrolls({ lines: -1 }),
  'shift-down': scrolls({ lines: 1 }),
  'ctrl-down': scrolls({ lines: 1 }),
  'ctrl-home': scrolls({ lines: -Infinity }),
  'ctrl-end': scrolls({ lines: Infinity }),
  'ctrl-l': (state, { cleared }) => ({ state: { ...state, position: cleared() } }),
  f1: asks('help'),
  f2: (state) => ({ state: { ...state, panel: !state.panel } }),
  f3: asks('previous'),
  'alt-up': asks('previous'),
  f4: asks('next'),
  'alt-down': asks('next'),
  'ctrl-o': asks('figure'),
  'ctrl-r': (state) => ({ state: { ...state, search: SEARCH_BEGUN, help: undefined } }),
  enter: asks('enter'),
  escape: (state) => ({ state: { ...state, help: undefined } }),
};

export function screenPress(state: ScreenState, press: Press, around: Surroundings): Outcome | undefined {
  if (!('key' in press)) return undefined;
  if (press.key === 'ctrl-d' && state.editing.buffer.text === '') return { state: { ...state, left: true } };
  return ACTS[press.key]?.(state, around);
}
