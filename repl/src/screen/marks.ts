/**
 * What the screen draws itself, in Unicode and in ASCII.
 * @module
 */
import type { Style } from '../show/style.ts';

export interface Marks {
  readonly prompt: string;
  readonly continued: string;
  readonly rule: string;
  readonly bar: string;
  readonly chosen: string;
  readonly more: string;
  readonly between: string;
  readonly open: string;
  readonly close: string;
}

const UNICODE: Marks = {
  prompt: '> ',
  continued: '… ',
  rule: '─',
  bar: '│',
  chosen: '▸',
  more: 'PgDn ↓ more',
  between: ' · ',
  open: '⟨',
  close: '⟩',
};

const ASCII: Marks = {
  prompt: '> ',
  continued: '. ',
  rule: '-',
  bar: '|',
  chosen: '>',
  more: 'PgDn v more',
  between: ' | ',
  open: '<',
  close: '>',
};

export function marksOf({ unicode }: Style): Marks {
  return unicode ? UNICODE : ASCII;
}
