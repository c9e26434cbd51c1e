import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { type Terminal, TerminalInput } from '../src/screen/terminal-input.ts';

class FakeTerminal extends EventEmitter implements Terminal {
  readonly isTTY = true;
  readonly calls: string[] = [];
  setEncoding(): void {
    this.calls.push('encoding');
  }
  setRawMode(raw: boolean): void {
    this.calls.push(`raw ${raw}`);
  }
  ref(): void {
    this.calls.push('ref');
  }
  unref(): void {
    this.calls.push('unref');
  }
  pause(): void {
    this.calls.push('pause');
  }
}

/** What comes out, piece by piece. */
function readThrough(...pieces: readonly string[]): readonly string[] {
  const terminal = new FakeTerminal();
  const input = new TerminalInput(terminal);
  return pieces.map((piece) => {
    terminal.emit('data', piece);
    return String(input.read() ?? '');
  });
}

test('keys go through as they come', () => {
  expect(readThrough('a', '\x1b[A', 'bc\r')).toEqual(['a', '\x1b[A', 'bc\r']);
});

test('pasted text comes out whole, once all of it has come', () => {
  expect(readThrough('x\x1b[200~one ', 'two ', 'three\x1b[201~y')).toEqual([
    'x',
    '',
    '\x1b[200~one two three\x1b[201~y',
  ]);
});

test('the mark of the end may come in pieces', () => {
  expect(readThrough('\x1b[200~a', '\x1b', '[20', '1~b')).toEqual(['', '', '', '\x1b[200~a\x1b[201~b']);
});

test('one paste after the other', () => {
  const both = '\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~';
  expect(readThrough(both)).toEqual([both]);
  expect(readThrough('\x1b[200~a\x1b[201~k\x1b[200~b', '\x1b[201~')).toEqual([
    '\x1b[200~a\x1b[201~k',
    '\x1b[200~b\x1b[201~',
  ]);
});

test('a paste of megabytes in small pieces costs no more than its length', () => {
  const pieces = Array.from({ length: 2500 }, () => 'x'.repeat(4096));
  const out = readThrough('\x1b[200~', ...pieces, '\x1b[201~');
  expect(out.at(-1)!.length).toBe(2500 * 4096 + 12);
});

test('raw mode is the terminal’s, and closing leaves it alone', () => {
  const terminal = new FakeTerminal();
  const input = new TerminalInput(terminal);
  input.setRawMode(true);
  input.unref();
  input.close();
  expect(terminal.calls).toEqual(['encoding', 'raw true', 'unref', 'pause']);
  expect(terminal.listenerCount('data')).toBe(0);
});
