/** Images side by side. */
import { describe, expect, it } from 'vitest';
import type { Images } from '../src/kernel/protocol.ts';
import { imageLines } from '../src/show/images.ts';
import { makeStyle } from '../src/show/theme.ts';

const plain = makeStyle({ columns: 20, theme: 'plain', colours: 'none', unicode: true });

/** Squares of one grey each. */
const squares = (side: number, greys: readonly number[], captions?: readonly string[]): Images => ({
  width: side,
  height: side,
  channels: 1,
  pixels: greys.map((grey) => Array<number>(side * side).fill(grey)),
  ...(captions === undefined ? {} : { captions }),
});

describe('imageLines', () => {
  it('as many a row as fit, with their captions', () => {
    expect(imageLines(squares(4, [1, 0.5, 0.25, 1], ['0', 'three', '8', '9']), plain)).toEqual([
      '████  ▒▒▒▒  ░░░░',
      '████  ▒▒▒▒  ░░░░',
      '0     thre  8',
      '',
      '████',
      '████',
      '9',
    ]);
  });

  it('without captions, without a line for them', () => {
    expect(imageLines(squares(4, [1, 1, 1, 1]), plain)).toEqual([
      '████  ████  ████',
      '████  ████  ████',
      '',
      '████',
      '████',
    ]);
  });

  it('in full where all fit one row, else at half the size, and smaller where one is too wide', () => {
    expect(imageLines(squares(16, [1]), plain)).toHaveLength(8);
    expect(imageLines(squares(16, [1, 1]), plain)).toEqual(Array(4).fill('████████  ████████'));
    expect(imageLines(squares(64, [1]), plain)).toEqual(Array(8).fill('█'.repeat(16)));
  });

  it('three planes are red, green and blue', () => {
    const image: Images = { width: 1, height: 2, channels: 3, pixels: [[1, 0, 0, 1, 0, 0]] };
    const dark = makeStyle({ columns: 20, theme: 'dark', colours: 'true', unicode: true });
    expect(imageLines(image, dark)).toEqual(['\x1b[38;2;255;0;0;48;2;0;255;0m▀\x1b[0m']);
  });

  it('makes control characters of captions visible', () => {
    expect(imageLines(squares(8, [1], ['a\x1b[2J']), plain).at(-1)).toBe('a␛[2J');
  });
});
