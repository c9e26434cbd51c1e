/**
 * What the terminal sends, as names of keys: `ctrl-a`, `alt-left`, `enter`; or as text.
 * @module
 */
import type { Key } from 'ink';

export type Press = { readonly key: string } | { readonly text: string };

const NAMES: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

/** Presses in what Ink hands over at once: text may hold control characters where it came fast. */
export function pressesOf(input: string, key: Key): readonly Press[] {
  const name = NAMES.find(([flag]) => key[flag] === true)?.[1];
  if (name === 'escape') return [{ key: 'escape' }];
  if (name !== undefined) return [{ key: `${modifiers(key)}${key.shift ? 'shift-' : ''}${name}` }];
  if (input === '') return [];
  if (key.ctrl || key.meta) return [{ key: modifiers(key) + input.toLowerCase() }];
  return textPresses(input);
}

function modifiers(key: Key): string {
  return `${key.ctrl ? 'ctrl-' : ''}${key.meta ? 'alt-' : ''}`;
}

// eslint-disable-next-line no-control-regex -- what was typed fast
const CONTROL = /([\0-\x1f\x7f])/;

function textPresses(input: string): readonly Press[] {
  return input
    .split(CONTROL)
    .filter((part) => part !== '')
    .map((part) => (CONTROL.test(part) ? { key: controlKey(part) } : { text: part }));
}

function controlKey(character: string): string {
  if (character === '\r') return 'enter';
  if (character === '\t') return 'tab';
  if (character === '\x1b') return 'escape';
  if (character === '\x7f' || character === '\b') return 'backspace';
  const code = character.charCodeAt(0);
  return `ctrl-${String.fromCharCode(code + (code <= 26 ? 0x60 : 0x40))}`;
}

/** F1 to F4, of which Ink does not tell: with and without modifiers, as xterm, the VT220 and Linux's console send them. */
// eslint-disable-next-line no-control-regex -- escape sequences
const FUNCTION_KEY = /\x1b(?:O([P-S])|\[\[([A-D])|\[1;\d+([P-S])|\[1([1-4])(?:;\d+)?~)/g;

/** UTF-16 units: more at once is pasted text, not keys. */
const MOST_KEYS = 64;

/** The function keys in what was read from the terminal; none in pasted text. */
export function functionKeys(read: string): readonly Press[] {
  if (read.length > MOST_KEYS || read.includes('\x1b[20')) return [];
  return [...read.matchAll(FUNCTION_KEY)].map(([, ss3, linux, csi, number]) => {
    const letter = ss3 ?? csi ?? linux ?? '';
    return { key: `f${number ?? (linux === undefined ? 'PQRS' : 'ABCD').indexOf(letter) + 1}` };
  });
}
