/**
 * What stands where one types: the text, or a search of the history.
 * @module
 */
import type { Style } from '../show/style.ts';
import { type EditorView, editorView } from './editor-view.ts';
import { fitted } from './fit.ts';
import { columnsOf } from './graphemes.ts';
import { foundBy, type HistorySearch } from './history-search.ts';
import type { ScreenState } from './screen-state.ts';
import { bufferOf } from './text-buffer.ts';

export interface EditorRowsOptions {
  readonly style: Style;
  readonly mostRows: number;
  readonly history: readonly string[];
  readonly lessonCell: string | undefined;
  readonly clean: (text: string) => string;
}

export function editorRows(screen: ScreenState, options: EditorRowsOptions): EditorView {
  const { style, mostRows, lessonCell: placeholder } = options;
  const { search, editing } = screen;
  if (search === undefined) return editorView(editing.buffer, { style, mostRows, placeholder });
  return searchView(search, editing.buffer.text, options);
}

function searchView(
  search: HistorySearch,
  text: string,
  { style, mostRows, history, clean }: EditorRowsOptions,
): EditorView {
  const label = search.failed ? '(search: not found)' : '(search)';
  const line = `${label} ${search.query}`;
  const found = foundBy(history, search);
  const shown = bufferOf(found === undefined ? text : clean(found));
  const { rows } = editorView(shown, { style, mostRows: Math.max(1, mostRows - 1) });
  return {
    rows: [
      style.paint(search.failed ? 'bad' : 'notice', label) +
        fitted(` ${search.query}`, style.columns - label.length, style),
      ...rows.slice(0, mostRows - 1),
    ],
    cursor: { x: Math.min(columnsOf(line), style.columns - 1), y: 0 },
  };
}
