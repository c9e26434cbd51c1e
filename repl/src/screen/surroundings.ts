/**
 * What presses may look at beside the screen's state: history, lesson, transcript.
 * @module
 */
import type { SessionView } from '../session/session-view.ts';
import { cleanText } from '../show/clean.ts';
import type { Surroundings } from './screen-state.ts';
import { type LinesOf, scrolled } from './scroll.ts';

export interface Viewport {
  /** Rows of the transcript. */
  readonly rows: number;
  readonly linesOf: LinesOf;
}

export function surroundings(session: SessionView, unicode: boolean, viewport: () => Viewport): Surroundings {
  return {
    get history() {
      return session.history;
    },
    get lessonCell() {
      return session.state.lesson?.next;
    },
    clean: (text) => cleanInput(text, unicode),
    cleared: () => ({ at: 'end', after: session.state.entries.at(-1) }),
    scroll: (position, { pages = 0, lines = 0 }) => {
      const { rows, linesOf } = viewport();
      // A page keeps one line in view.
      return scrolled(session.state.entries, position, lines + pages * Math.max(1, rows - 1), rows, linesOf);
    },
  };
}

/** Text from elsewhere as text to edit: newlines stay, tabs become two spaces, other control characters become visible. */
export function cleanInput(text: string, unicode: boolean): string {
  return cleanText(text.replace(/\r\n?/g, '\n'), { unicode });
}
