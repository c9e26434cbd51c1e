import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { createElement, useCallback, type ReactElement } from 'react';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Press } from '../src/screen/screen-state.ts';
import { usePresses } from '../src/screen/use-presses.ts';
import { KEYS } from './screen-terminal.ts';

interface Keyboard {
  readonly seen: readonly string[];
  send(piece: string): void;
}

async function keyboard(): Promise<Keyboard> {
  const seen: string[] = [];
  function Listener(): ReactElement {
    usePresses(
      useCallback((press: Press) => {
        seen.push('key' in press ? `<${press.key}>` : 'text' in press ? press.text : `pasted ${press.pasted}`);
      }, []),
    );
    return createElement(Text, null, 'listening');
  }
  const { stdin, unmount } = render(createElement(Listener));
  onTestFinished(() => unmount());
  await vi.waitFor(() => expect(stdin.listenerCount('data')).toBe(1));
  return { seen, send: (piece) => stdin.write(piece) };
}

/** What is pressed when a terminal sends these. */
async function presses(...sent: readonly string[]): Promise<readonly string[]> {
  const { seen, send } = await keyboard();
  for (const piece of [...sent, '.']) send(piece);
  await vi.waitFor(() => expect(seen.at(-1)).toBe('.'));
  return seen.slice(0, -1);
}

test('text is text', async () => {
  expect(await presses('a', 'B', ' ', 'é', '环', '👨‍👩‍👧‍👦')).toEqual(['a', 'B', ' ', 'é', '环', '👨‍👩‍👧‍👦']);
});

test('keys have names', async () => {
  const { enter, tab, shiftTab, backspace, up, left, home, end, pageUp, pageDown } = KEYS;
  expect(await presses(enter, tab, shiftTab, backspace, up, left, home, end, pageUp, pageDown, '\x1b[3~')).toEqual(
    ['enter', 'tab', 'shift-tab', 'backspace', 'up', 'left', 'home', 'end', 'pageup', 'pagedown', 'delete'].map(
      (name) => `<${name}>`,
    ),
  );
});

test('so have keys with Ctrl, Alt and Shift', async () => {
  const { ctrl, alt, altEnter, shiftUp, ctrlHome, altUp } = KEYS;
  expect(await presses(ctrl('a'), ctrl('j'), ctrl('_'), alt('b'), alt('D'), altEnter, '\x1b\x7f', '\x1b[1;5D')).toEqual(
    ['ctrl-a', 'ctrl-j', 'ctrl-_', 'alt-b', 'alt-d', 'alt-enter', 'alt-backspace', 'ctrl-left'].map((n) => `<${n}>`),
  );
  expect(await presses(shiftUp, ctrlHome, altUp)).toEqual(['<shift-up>', '<ctrl-home>', '<alt-up>']);
});

test('function keys, as different terminals send them', async () => {
  const { f1, f2, f3, f4 } = KEYS;
  expect(await presses(f1, f2, f3, f4)).toEqual(['<f1>', '<f2>', '<f3>', '<f4>']);
  expect(await presses('\x1b[11~', '\x1b[12~', '\x1b[[C', '\x1b[[D', '\x1b[1;2P')).toEqual(
    ['f1', 'f2', 'f3', 'f4', 'f1'].map((name) => `<${name}>`),
  );
});

test('keys that come at once are told apart', async () => {
  expect(await presses('1 + 1\r2\x01')).toEqual(['1 + 1', '<enter>', '2', '<ctrl-a>']);
});

test('a lone Esc is a key, once nothing follows', async () => {
  const { seen, send } = await keyboard();
  send(KEYS.escape);
  await vi.waitFor(() => expect(seen).toEqual(['<escape>']));
});

test('pasted text is no keys, whatever is in it', async () => {
  expect(await presses('x', KEYS.paste('a\r\x1bOP\x03b'))).toEqual(['x', 'pasted a\r\x1bOP\x03b']);
});
