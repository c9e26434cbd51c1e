/**
 * The status line.
 * @module
 */
import { memo } from 'react';
import type { SessionState } from '../session/state.ts';
import type { Style } from '../show/style.ts';
import { Lines } from './lines.tsx';
import { statusText } from './status-text.ts';

export interface StatusLineProps {
  readonly session: SessionState;
  readonly style: Style;
}

export const StatusLine = memo(function StatusLine({ session, style }: StatusLineProps) {
  return <Lines lines={[statusText(session, style)]} rows={1} />;
});
