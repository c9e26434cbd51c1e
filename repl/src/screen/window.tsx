/**
 * The window: transcript and side panel, what helps with typing, the editor, the status line.
 * @module
 */
import { Box, useCursor } from 'ink';
import { useLayoutEffect, useMemo } from 'react';
import type { SessionView } from '../session/session-view.ts';
import type { SessionState } from '../session/state.ts';
import type { Style } from '../show/style.ts';
import { type Abilities, makeStyle } from '../show/theme.ts';
import { Completions } from './completions.tsx';
import type { Control } from './control.ts';
import { editorRows } from './editor-rows.ts';
import { cachedLines } from './entry-cache.ts';
import { helpText } from './help-text.ts';
import { heightsOf, mostEditorRows, type Widths } from './layout.ts';
import { Lines } from './lines.tsx';
import { listRows } from './list-lines.ts';
import { MessageLine } from './message-line.tsx';
import type { ScreenState } from './screen-state.ts';
import { viewOf } from './scroll.ts';
import { FRAME, SidePanel } from './side-panel.tsx';
import { StatusLine } from './status-line.tsx';
import { cleanInput } from './surroundings.ts';
import { Transcript } from './transcript.tsx';

export interface WindowProps {
  readonly control: Control;
  readonly session: SessionView;
  readonly state: SessionState;
  readonly screen: ScreenState;
  readonly abilities: Abilities;
  readonly widths: Widths;
  readonly columns: number;
  readonly rows: number;
}

export function Window({ control, session, state, screen, abilities, widths, columns, rows }: WindowProps) {
  const { theme, entries, lesson } = state;
  const style = useStyle(abilities, theme, widths.main);
  const wholeStyle = useStyle(abilities, theme, columns);
  const panelStyle = useStyle(abilities, theme, Math.max(1, widths.panel - FRAME));
  const linesOf = useMemo(() => cachedLines(style), [style]);

  const editor = editorRows(screen, {
    style,
    mostRows: mostEditorRows(rows),
    history: session.history,
    lessonCell: state.activity === 'idle' ? lesson?.next : undefined,
    clean: (text) => cleanInput(text, abilities.unicode),
  });
  const note = screen.help === undefined || screen.hint !== undefined ? '' : helpText(screen.help, style, 1).note;
  const heights = heightsOf(rows, {
    list: listRows(screen.list),
    note: note === '' ? 0 : 1,
    editor: editor.rows.length,
  });
  const view = useMemo(
    () => viewOf(entries, screen.position, heights.transcript, linesOf),
    [entries, screen.position, heights.transcript, linesOf],
  );
  useLayoutEffect(() => control.view(heights.transcript, linesOf), [control, heights.transcript, linesOf]);
  const { setCursorPosition } = useCursor();
  setCursorPosition({ x: editor.cursor.x, y: rows - 1 - heights.editor + editor.cursor.y });

  return (
    <Box flexDirection="column" height={rows} overflow="hidden">
      <Box height={rows - 1} overflow="hidden">
        <Box flexDirection="column" width={widths.main} flexShrink={0}>
          <Transcript view={view} rows={heights.transcript} />
          <MessageLine
            session={state}
            hint={screen.hint}
            help={screen.help}
            more={view.more}
            empty={screen.editing.buffer.text === ''}
            style={style}
          />
          <Completions list={screen.list} style={style} rows={heights.list} />
          <Lines lines={[note]} rows={heights.note} />
          <Lines lines={editor.rows} rows={heights.editor} />
        </Box>
        {widths.panel > 0 && (
          <Box marginLeft={columns - widths.main - widths.panel}>
            <SidePanel variables={state.variables} details={state.details} style={panelStyle} rows={rows - 1} />
          </Box>
        )}
      </Box>
      <StatusLine session={state} style={wholeStyle} />
    </Box>
  );
}

function useStyle({ colours, unicode }: Abilities, theme: SessionState['theme'], columns: number): Style {
  return useMemo(() => makeStyle({ columns, theme, colours, unicode }), [columns, theme, colours, unicode]);
}
