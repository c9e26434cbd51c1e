/**
 * The part of the transcript that is seen.
 * @module
 */
import { memo } from 'react';
import { Lines } from './lines.tsx';
import type { View } from './scroll.ts';

/** Little text stands at the bottom, next to where one types. */
export const Transcript = memo(function Transcript({ view, rows }: { readonly view: View; readonly rows: number }) {
  return <Lines lines={view.lines} rows={rows} stand="bottom" />;
});
