/**
 * The session's state, drawn at most so often as the eye follows.
 * @module
 */
import { useCallback, useSyncExternalStore } from 'react';
import type { SessionView } from '../session/session-view.ts';
import type { SessionState } from '../session/state.ts';

/** Milliseconds between two drawings: a program that prints fast would draw without end. */
const PERIOD = 30;

export function useSession(session: SessionView): SessionState {
  const subscribe = useCallback((listener: () => void) => subscribeCalmly(session, listener), [session]);
  return useSyncExternalStore(subscribe, () => session.state);
}

/** The first change is told at once, those that follow within a period together at its end. */
function subscribeCalmly(session: SessionView, listener: () => void): () => void {
  let resting: NodeJS.Timeout | undefined;
  let changed = false;
  const tell = (): void => {
    changed = false;
    resting = setTimeout(() => {
      resting = undefined;
      if (changed) tell();
    }, PERIOD);
    listener();
  };
  const end = session.subscribe(() => {
    changed = true;
    if (resting === undefined) tell();
  });
  return () => {
    end();
    clearTimeout(resting);
  };
}
