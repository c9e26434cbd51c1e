/**
 * The screen of a session: reads the keyboard, and draws the window as long as it is large enough.
 * @module
 */
import { useApp, useWindowSize } from 'ink';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { SessionView } from '../session/session-view.ts';
import type { Abilities } from '../show/theme.ts';
import { Control } from './control.ts';
import { widthsOf } from './layout.ts';
import type { Press } from './screen-state.ts';
import { TooSmall } from './too-small.tsx';
import { usePresses } from './use-presses.ts';
import { useSession } from './use-session.ts';
import { Window } from './window.tsx';

export interface AppProps {
  readonly session: SessionView;
  readonly abilities: Abilities;
  /** Milliseconds without a press before help for the cursor's place is looked for. */
  readonly helpDelay?: number;
}

/** As long as one does not notice a wait, and do not get an answer between two letters. */
const HELP_DELAY = 120;

/** Exits when the session has ended or the user leaves. */
export function App({ session, abilities, helpDelay = HELP_DELAY }: AppProps) {
  const [control] = useState(() => new Control(session, { helpDelay, unicode: abilities.unicode }));
  const state = useSession(session);
  const screen = useSyncExternalStore(
    useCallback((listener: () => void) => control.subscribe(listener), [control]),
    () => control.state,
  );
  usePresses(useCallback((press: Press) => control.press(press), [control]));
  useEffect(() => () => control.end(), [control]);

  const { exit } = useApp();
  const over = state.ended || screen.left;
  useEffect(() => {
    if (over) exit();
  }, [over, exit]);

  const { columns, rows } = useWindowSize();
  const widths = widthsOf({ columns, rows, panel: screen.panel });
  if (widths === undefined) return <TooSmall columns={columns} rows={rows} unicode={abilities.unicode} />;
  return <Window {...{ control, session, state, screen, abilities, widths, columns, rows }} />;
}
