/**
 * How the rows and columns of the window are shared out.
 * @module
 */

export const LEAST_COLUMNS = 40;
export const LEAST_ROWS = 8;
/** Below, the side panel hides. */
const COLUMNS_WITH_PANEL = 100;
/** Of the side panel, with its frame. */
const PANEL_COLUMNS = 38;
/** Rows that the transcript keeps, whatever opens. */
const LEAST_TRANSCRIPT = 2;

export interface Wanted {
  readonly columns: number;
  readonly rows: number;
  readonly panel: boolean;
}

export interface Widths {
  /** Of the transcript and the editor. */
  readonly main: number;
  /** Of the side panel with its frame; 0: none. */
  readonly panel: number;
}

/** Columns; undefined where the window is too small to show anything. */
export function widthsOf({ columns, rows, panel }: Wanted): Widths | undefined {
  if (columns < LEAST_COLUMNS || rows < LEAST_ROWS) return undefined;
  const side = panel && columns >= COLUMNS_WITH_PANEL ? PANEL_COLUMNS : 0;
  return { main: side === 0 ? columns : columns - side - 1, panel: side };
}

/** Rows that the editor takes at most: a third. */
export function mostEditorRows(rows: number): number {
  return Math.max(1, Math.floor(rows / 3));
}

export interface Heights {
  readonly transcript: number;
  readonly list: number;
  readonly note: number;
  readonly editor: number;
}

/** Rows, from the top: the transcript, one line of messages, the list, a note, the editor, the status line. */
export function heightsOf(rows: number, wanted: Omit<Heights, 'transcript'>): Heights {
  const editor = Math.min(wanted.editor, mostEditorRows(rows));
  let free = rows - 2 - editor - LEAST_TRANSCRIPT;
  const list = Math.max(0, Math.min(wanted.list, free));
  free -= list;
  const note = Math.max(0, Math.min(wanted.note, free));
  return { transcript: rows - 2 - editor - list - note, list, note, editor };
}
