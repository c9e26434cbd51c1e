/**
 * The side panel: variables, and the ledger of a ciphertext.
 * @module
 */
import { Box } from 'ink';
import { memo } from 'react';
import type { Style } from '../show/style.ts';
import { Lines } from './lines.tsx';
import { marksOf } from './marks.ts';
import { panelLines, type Shown } from './panel-lines.ts';

export interface SidePanelProps extends Shown {
  /** As wide as the panel inside its frame. */
  readonly style: Style;
  readonly rows: number;
}

/** Columns of the frame: a bar and a space. */
export const FRAME = 2;

export const SidePanel = memo(function SidePanel({ variables, details, style, rows }: SidePanelProps) {
  const lines = panelLines({ variables, details }, style, rows);
  const bar = style.paint('dim', marksOf(style).bar);
  const framed = Array.from({ length: rows }, (_, i) => `${bar} ${lines[i] ?? ''}`);
  return (
    <Box width={style.columns + FRAME} flexShrink={0}>
      <Lines lines={framed} rows={rows} />
    </Box>
  );
});
