/**
 * The completion list.
 * @module
 */
import { memo } from 'react';
import type { Style } from '../show/style.ts';
import type { CompletionList } from './completion-list.ts';
import { Lines } from './lines.tsx';
import { listLines } from './list-lines.ts';

export interface CompletionsProps {
  readonly list: CompletionList | undefined;
  readonly style: Style;
  readonly rows: number;
}

export const Completions = memo(function Completions({ list, style, rows }: CompletionsProps) {
  return list === undefined || rows === 0 ? null : <Lines lines={listLines(list, style, rows)} rows={rows} />;
});
