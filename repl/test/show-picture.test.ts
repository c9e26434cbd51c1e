/** Pixels as characters. */
import { describe, expect, it } from 'vitest';
import { type Picture, pictureLines, shrunk } from '../src/show/picture.ts';

/** Rows of greys, from above. */
const grey = (rows: readonly (readonly number[])[]): Picture => ({
  width: rows[0]!.length,
  height: rows.length,
  at: (x, y) => [rows[y]![x]!, rows[y]![x]!, rows[y]![x]!],
});

describe('pictureLines', () => {
  it('two pixels a character: the upper one in the foreground, the lower one in the background', () => {
    const picture: Picture = { width: 2, height: 2, at: (x, y) => (y === 0 ? [1, 0, 0] : [0, x, 1]) };
    expect(pictureLines(picture, { colours: 'true', unicode: true })).toEqual([
      '\x1b[38;2;255;0;0;48;2;0;0;255m▀\x1b[38;2;255;0;0;48;2;0;255;255m▀\x1b[0m',
    ]);
    expect(pictureLines(picture, { colours: '256', unicode: true })).toEqual([
      '\x1b[38;5;196;48;5;21m▀\x1b[38;5;196;48;5;51m▀\x1b[0m',
    ]);
  });

  it('writes a colour once for neighbours that share it, and nothing under an odd last row', () => {
    expect(pictureLines(grey([[0, 0, 0]]), { colours: '256', unicode: true })).toEqual(['\x1b[38;5;16;49m▀▀▀\x1b[0m']);
  });

  it('shades where there are too few colours, in Unicode or ASCII', () => {
    const ramp = grey([
      [0, 0.25, 0.5, 0.75, 1],
      [0, 0.25, 0.5, 0.75, 1],
      [0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1],
      [0, 0, 1, 1, 1],
    ]);
    expect(pictureLines(ramp, { colours: '16', unicode: true })).toEqual([' ░▒▓█', '▒▒▒▒▒', '  ███']);
    expect(pictureLines(ramp, { colours: 'true', unicode: false })).toEqual([' :+#@', '+++++', '  @@@']);
  });

  it('clips values outside of 0 to 1, and NaN', () => {
    expect(pictureLines(grey([[-1, 2, Number.NaN]]), { colours: 'none', unicode: true })).toEqual([' █ ']);
  });

  it('weighs colours as the eye does', () => {
    const picture: Picture = { width: 3, height: 2, at: (x) => [x === 0 ? 1 : 0, x === 1 ? 1 : 0, x === 2 ? 1 : 0] };
    expect(pictureLines(picture, { colours: 'none', unicode: true })).toEqual(['░▓ ']);
  });
});

describe('shrunk', () => {
  it('means of squares; what is left over is dropped', () => {
    const small = shrunk(
      grey([
        [0, 1, 0.5],
        [1, 0, 0.5],
        [1, 1, 1],
      ]),
      2,
    );
    expect([small.width, small.height, small.at(0, 0)]).toEqual([1, 1, [0.5, 0.5, 0.5]]);
  });
});
