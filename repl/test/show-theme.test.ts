/** What a terminal can show, and whether every colour can be read on the backgrounds that people have. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nearestOf256, rgbOf256, type Rgb } from '../src/show/colour-codes.ts';
import { PALETTES } from '../src/show/palette.ts';
import { makeStyle, terminalAbilities } from '../src/show/theme.ts';

describe('terminalAbilities', () => {
  const terminal = { isTTY: true };
  const colours = (env: NodeJS.ProcessEnv, stream: { isTTY?: boolean } = terminal): string =>
    terminalAbilities(env, stream).colours;

  it('takes colours from what the terminal says of itself', () => {
    expect(colours({ TERM: 'xterm-256color', COLORTERM: 'truecolor' })).toBe('true');
    expect(colours({ TERM: 'xterm-256color' })).toBe('256');
    expect(colours({ TERM: 'xterm' })).toBe('16');
    expect(colours({ TERM: 'dumb' })).toBe('none');
  });

  it('asks the stream where it can be asked', () => {
    expect(terminalAbilities({}, { isTTY: true, getColorDepth: () => 8 }).colours).toBe('256');
  });

  it('NO_COLOR wins over everything, FORCE_COLOR over a stream that is no terminal', () => {
    expect(colours({ TERM: 'xterm-256color', NO_COLOR: '1' })).toBe('none');
    expect(colours({ TERM: 'xterm-256color', NO_COLOR: '' })).toBe('256');
    expect(colours({ TERM: 'xterm-256color' }, {})).toBe('none');
    expect(colours({ TERM: 'xterm-256color', FORCE_COLOR: '3' }, {})).toBe('true');
    expect(colours({ FORCE_COLOR: '3', NO_COLOR: '1' })).toBe('none');
  });

  it('draws in Unicode where the locale is UTF-8 or unknown, and never on the Linux console', () => {
    const unicode = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux'): boolean =>
      terminalAbilities(env, terminal, platform).unicode;
    expect(unicode({ LANG: 'en_US.UTF-8' })).toBe(true);
    expect(unicode({ LANG: 'C.utf8' })).toBe(true);
    expect(unicode({})).toBe(true);
    expect(unicode({ LANG: 'C' })).toBe(false);
    expect(unicode({ LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' })).toBe(false);
    expect(unicode({ LANG: 'en_US.UTF-8', TERM: 'linux' })).toBe(false);
    expect(unicode({}, 'win32')).toBe(false);
    expect(unicode({ WT_SESSION: 'x' }, 'win32')).toBe(true);
  });
});

describe('makeStyle', () => {
  const options = { columns: 80, unicode: true } as const;

  it('paints with the escape codes of the terminal', () => {
    expect(makeStyle({ ...options, theme: 'dark', colours: 'true' }).paint('number', '1')).toBe(
      '\x1b[38;2;255;175;95m1\x1b[0m',
    );
    expect(makeStyle({ ...options, theme: 'dark', colours: '256' }).paint('number', '1')).toBe(
      '\x1b[38;5;215m1\x1b[0m',
    );
    expect(makeStyle({ ...options, theme: 'dark', colours: '16' }).paint('number', '1')).toBe('\x1b[33m1\x1b[0m');
    expect(makeStyle({ ...options, theme: 'light', colours: '16' }).paint('prompt', '>')).toBe('\x1b[1;34m>\x1b[0m');
  });

  it('paints nothing with the theme plain, without colours, and where there is no text', () => {
    expect(makeStyle({ ...options, theme: 'plain', colours: 'true' })).toMatchObject({ colours: 'none' });
    expect(makeStyle({ ...options, theme: 'plain', colours: 'true' }).paint('error', 'x')).toBe('x');
    expect(makeStyle({ ...options, theme: 'dark', colours: 'none' }).paint('error', 'x')).toBe('x');
    expect(makeStyle({ ...options, theme: 'dark', colours: '16' }).paint('error', '')).toBe('');
  });

  it('goes on in the outer colour after an inner one, and begins anew in each line', () => {
    const { paint } = makeStyle({ ...options, theme: 'dark', colours: '16' });
    expect(paint('string', `a${paint('number', '1')}b`)).toBe('\x1b[32ma\x1b[33m1\x1b[0m\x1b[32mb\x1b[0m');
    expect(paint('string', 'a\nb')).toBe('\x1b[32ma\x1b[0m\n\x1b[32mb\x1b[0m');
    expect(stripVTControlCharacters(paint('heading', 'a\nb'))).toBe('a\nb');
  });
});

describe('the palettes', () => {
  /** Web Content Accessibility Guidelines 2.2, relative luminance and contrast. */
  const luminance = (rgb: Rgb): number => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const contrast = (a: Rgb, b: Rgb): number => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high! + 0.05) / (low! + 0.05);
  };
  /** Black, VS Code's, Solarized dark; white, grey, Solarized light. */
  const backgrounds: Record<'dark' | 'light', Rgb[]> = {
    dark: [
      [0, 0, 0],
      [30, 30, 30],
      [0, 43, 54],
    ],
    light: [
      [255, 255, 255],
      [238, 238, 238],
      [253, 246, 227],
    ],
  };
  /** xterm's own colours for its first eight codes and the bright ones; fainter ones exist, but none as usual. */
  const XTERM: Record<number, Rgb> = {
    31: [205, 0, 0],
    32: [0, 205, 0],
    33: [205, 205, 0],
    34: [0, 0, 238],
    35: [205, 0, 205],
    36: [0, 205, 205],
    91: [255, 0, 0],
    94: [92, 92, 255],
    95: [255, 0, 255],
    96: [0, 255, 255],
  };

  it.each(['dark', 'light'] as const)('%s: every colour has a contrast of 4.5 on its backgrounds', (theme) => {
    for (const [role, { rgb }] of Object.entries(PALETTES[theme])) {
      if (rgb === undefined) continue;
      for (const background of backgrounds[theme]) {
        expect(contrast(rgb, background), role).toBeGreaterThanOrEqual(4.5);
        expect(contrast(rgbOf256(nearestOf256(rgb)), background), `${role} of 256`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it.each(['dark', 'light'] as const)('%s: with 16 colours, 4 on black or white', (theme) => {
    for (const [role, { sixteen }] of Object.entries(PALETTES[theme])) {
      if (sixteen === undefined || sixteen === 2) continue; // 2: the terminal's own text, fainter
      expect(contrast(XTERM[sixteen]!, backgrounds[theme][0]!), role).toBeGreaterThanOrEqual(4);
    }
  });

  it('finds the palette entry of a colour: every entry is its own', () => {
    for (let index = 16; index < 256; index++) {
      // Some greys are in the cube and among the greys.
      expect(rgbOf256(nearestOf256(rgbOf256(index)))).toEqual(rgbOf256(index));
    }
  });
});
