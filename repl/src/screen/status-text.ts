/**
 * The status line.
 * @module
 */
import stringWidth from 'string-width';
import type { SessionState } from '../session/state.ts';
import type { Style } from '../show/style.ts';
import { fitted } from './fit.ts';
import { marksOf } from './marks.ts';

interface Part {
  readonly text: string;
  readonly bad?: boolean;
  /** What goes first where the line is too long: the greatest. */
  readonly rank: number;
}

const FIRST_KEY = 'F1 help';
const KEYS = [FIRST_KEY, 'Tab completes', 'Ctrl-R search', 'PgUp scrolls', 'F2 panel'];

/** Columns between what the kernel is and the keys. */
const GAP = 2;

/** As much of the line as fits: what the kernel is, then the keys. */
export function statusText(state: SessionState, style: Style): string {
  const { between } = marksOf(style);
  let parts = partsOf(state);
  const room = style.columns - GAP - FIRST_KEY.length;
  while (widthOf(parts, between) > room && parts.length > 1) {
    const last = Math.max(...parts.map(({ rank }) => rank));
    parts = parts.filter(({ rank }) => rank !== last);
  }
  const text = parts
    .map(({ text, bad }) => style.paint(bad === true ? 'bad' : 'dim', text))
    .join(style.paint('dim', between));
  const keys = keysFor(style.columns - widthOf(parts, between) - GAP, between);
  const gap = style.columns - widthOf(parts, between) - keys.length;
  return fitted(keys === '' ? text : text + ' '.repeat(gap) + style.paint('dim', keys), style.columns, style);
}

function widthOf(parts: readonly Part[], between: string): number {
  return stringWidth(parts.map(({ text }) => text).join(between));
}

function keysFor(columns: number, between: string): string {
  let shown = '';
  for (const key of KEYS) {
    const longer = shown === '' ? key : shown + between + key;
    if (longer.length > columns) break;
    shown = longer;
  }
  return shown;
}

function partsOf({ activity, status, lastMilliseconds, lesson }: SessionState): readonly Part[] {
  if (status === undefined) return [{ text: activity === 'starting' ? 'starting the kernel' : 'no kernel', rank: 0 }];
  const { backend, memoryBytes } = status;
  const made =
    backend === undefined
      ? [{ text: 'no backend yet', rank: 0 }]
      : [
          { text: backend.name, rank: 0 },
          { text: `N ${backend.ringDegree}`, rank: 2 },
          backend.securityBits === 0
            ? { text: 'INSECURE', bad: true, rank: 1 }
            : { text: `${backend.securityBits}-bit`, rank: 1 },
          ...(backend.threads === undefined ? [] : [{ text: counted(backend.threads, 'thread'), rank: 6 }]),
          { text: `${backend.live} live`, rank: 4 },
        ];
  return [
    ...made,
    { text: memoryText(memoryBytes), rank: 5 },
    ...(lastMilliseconds === undefined ? [] : [{ text: timeText(lastMilliseconds), rank: 3 }]),
    ...(lesson === undefined ? [] : [{ text: `lesson ${lesson.number} ${lesson.done}/${lesson.total}`, rank: 7 }]),
  ];
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function memoryText(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `0.4 ms`, `12 ms`, `3.2 s`, `2:05 min` */
export function timeText(milliseconds: number): string {
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
}
