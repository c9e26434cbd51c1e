/**
 * The screen on a terminal that is none: its window has a size, keys are written to it, and what it shows is text.
 * @module
 */
import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { createElement } from 'react';
import { expect, onTestFinished, vi } from 'vitest';
import { App } from '../src/screen/app.tsx';
import type { SessionView } from '../src/session/session-view.ts';
import type { Abilities } from '../src/show/theme.ts';

export interface ScreenTerminal {
  /** Writes keys as a terminal sends them. */
  type(...keys: readonly string[]): void;
  resize(columns: number, rows: number): void;
  /** Waits until the whole window is this; empty rows at its top are left out. */
  shows(expected: string): Promise<void>;
  /** Waits until the last rows are these. */
  ends(expected: string): Promise<void>;
  /** Waits until the screen has gone. */
  goes(): Promise<void>;
  frame(): string;
}

export interface ScreenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly abilities?: Partial<Abilities>;
}

export async function openScreen(session: SessionView, options: ScreenOptions = {}): Promise<ScreenTerminal> {
  const { columns = 80, rows = 24, abilities } = options;
  const { rerender, unmount, stdin, stdout, lastFrame } = render(createElement(Text, null, 'opening'));
  onTestFinished(() => unmount());

  const frame = (): string => lastFrame() ?? '';
  const until = (check: () => void): Promise<void> => vi.waitFor(check, { interval: 5, timeout: 10_000 });
  const resize = (width: number, height: number): void => {
    const sizes = { columns: { value: width, configurable: true }, rows: { value: height, configurable: true } };
    Object.defineProperties(stdout, sizes);
    stdout.emit('resize');
  };
  resize(columns, rows);
  rerender(createElement(App, { session, abilities: { colours: 'none', unicode: true, ...abilities }, helpDelay: 0 }));
  await until(() => expect(frame()).not.toBe('opening'));

  return {
    type: (...keys) => keys.forEach((key) => stdin.write(key)),
    resize,
    shows: (expected) =>
      until(() => {
        const lines = frame().split('\n');
        expect(lines.slice(lines.findIndex((line) => line !== '')).join('\n')).toBe(trimmed(expected));
      }),
    ends: (expected) =>
      until(() => {
        const wanted = trimmed(expected);
        expect(frame().split('\n').slice(-wanted.split('\n').length).join('\n')).toBe(wanted);
      }),
    goes: () => until(() => expect(frame().trim()).toBe('')),
    frame,
  };
}

/** A template begins on a line of its own. */
function trimmed(expected: string): string {
  return expected.replace(/^\n/, '');
}

/** Keys as xterm sends them. */
export const KEYS = {
  enter: '\r',
  altEnter: '\x1b\r',
  tab: '\t',
  shiftTab: '\x1b[Z',
  escape: '\x1b',
  backspace: '\x7f',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  shiftUp: '\x1b[1;2A',
  ctrlHome: '\x1b[1;5H',
  ctrlEnd: '\x1b[1;5F',
  altUp: '\x1b[1;3A',
  altDown: '\x1b[1;3B',
  f1: '\x1bOP',
  f2: '\x1bOQ',
  f3: '\x1bOR',
  f4: '\x1bOS',
  ctrl: (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 0x1f),
  alt: (letter: string): string => `\x1b${letter}`,
  paste: (text: string): string => `\x1b[200~${text}\x1b[201~`,
} as const;
