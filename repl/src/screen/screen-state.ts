/**
 * What the screen remembers beside the session, and what a press makes of it.
 * @module
 */
import type { InspectReply } from '../kernel/protocol.ts';
import type { CompletionList } from './completion-list.ts';
import { type Editing, NOTHING_TYPED } from './editing.ts';
import type { HistorySearch } from './history-search.ts';
import type { HistoryWalk } from './history-walk.ts';
import type { Press as KeyPress } from './keys.ts';
import { AT_END, type Position } from './scroll.ts';

export interface ScreenState {
  readonly editing: Editing;
  readonly walk: HistoryWalk | undefined;
  readonly search: HistorySearch | undefined;
  readonly list: CompletionList | undefined;
  /** Of the place where the cursor is; undefined where nothing is known. */
  readonly help: InspectReply | undefined;
  /** What the last press could not do, and what to do instead. */
  readonly hint: string | undefined;
  /** Of the transcript. */
  readonly position: Position;
  /** Whether the user wants the side panel. */
  readonly panel: boolean;
  /** The user left. */
  readonly left: boolean;
}

export const FIRST_STATE: ScreenState = {
  editing: NOTHING_TYPED,
  walk: undefined,
  search: undefined,
  list: undefined,
  help: undefined,
  hint: undefined,
  position: AT_END,
  panel: true,
  left: false,
};

export type Press = KeyPress | { readonly pasted: string };

/** What a press asks of the session. */
export type Effect = 'enter' | 'complete' | 'refresh' | 'help' | 'figure' | 'next' | 'previous';

export interface Outcome {
  readonly state: ScreenState;
  readonly effect?: Effect;
  /** Something was closed: the press is still to be handled. */
  readonly again?: true;
}

export interface Surroundings {
  /** Oldest first. */
  readonly history: readonly string[];
  /** The cell that Enter runs on an empty line. */
  readonly lessonCell: string | undefined;
  /** The position so many pages and lines further down (up: negative). */
  scroll(position: Position, by: { readonly pages?: number; readonly lines?: number }): Position;
  /** The end, with nothing above it seen. */
  cleared(): Position;
  /** Text from elsewhere, without control characters. */
  clean(text: string): string;
}
