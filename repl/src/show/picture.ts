/**
 * One picture as characters: two pixels in each, or, without colours, shades.
 * @module
 */
import { colourCode, type Rgb } from './colour-codes.ts';
import type { Style } from './style.ts';

/** Pixels from 0 to 1 in red, green and blue. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** x from 0 to width − 1, from the left; y from 0 to height − 1, from above. */
  at(x: number, y: number): Rgb;
}

/** What there is to know of a terminal to draw on it. */
export type Canvas = Pick<Style, 'colours' | 'unicode'>;

const UNICODE_SHADES = ' ░▒▓█';
const ASCII_SHADES = ' .:-=+*#%@';

/** Whether a character can show two pixels. */
export function hasHalfBlocks({ colours, unicode }: Canvas): boolean {
  return unicode && (colours === 'true' || colours === '256');
}

/** `width` columns and half as many lines as pixels down. */
export function pictureLines(picture: Picture, { colours, unicode }: Canvas): readonly string[] {
  const lines = Array.from({ length: Math.ceil(picture.height / 2) }, (_, row) => row);
  if (unicode && (colours === 'true' || colours === '256'))
    return lines.map((row) => halfBlocks(picture, row, colours));
  return lines.map((row) => shades(picture, row, unicode ? UNICODE_SHADES : ASCII_SHADES));
}

/** The mean of factor × factor pixels becomes one; what is left over at the right and below is dropped. */
export function shrunk(picture: Picture, factor: number): Picture {
  if (factor === 1) return picture;
  return {
    width: Math.max(1, Math.floor(picture.width / factor)),
    height: Math.max(1, Math.floor(picture.height / factor)),
    at: (x, y) => {
      const sum: [number, number, number] = [0, 0, 0];
      for (let dy = 0; dy < factor; dy++) {
        for (let dx = 0; dx < factor; dx++) {
          const pixel = picture.at(x * factor + dx, y * factor + dy);
          for (let c = 0; c < 3; c++) sum[c]! += pixel[c]! / factor ** 2;
        }
      }
      return sum;
    },
  };
}

/** Upper halves in the foreground's colour, lower halves in the background's. */
function halfBlocks(picture: Picture, row: number, colours: '256' | 'true'): string {
  let line = '';
  let last = '';
  for (let x = 0; x < picture.width; x++) {
    const upper = colourCode(38, bytes(picture.at(x, 2 * row)), colours);
    // Under the last line of an odd picture nothing is drawn.
    const lower = 2 * row + 1 < picture.height ? colourCode(48, bytes(picture.at(x, 2 * row + 1)), colours) : '49';
    const code = `\x1b[${upper};${lower}m`;
    line += code === last ? '▀' : `${code}▀`;
    last = code;
  }
  return `${line}\x1b[0m`;
}

function shades(picture: Picture, row: number, ramp: string): string {
  return Array.from({ length: picture.width }, (_, x) => {
    const upper = brightness(picture.at(x, 2 * row));
    const lower = 2 * row + 1 < picture.height ? brightness(picture.at(x, 2 * row + 1)) : upper;
    return ramp[Math.round(((upper + lower) / 2) * (ramp.length - 1))]!;
  }).join('');
}

/** As the eye weighs the colours (Rec. 709). */
function brightness(pixel: Rgb): number {
  const [r, g, b] = pixel.map(clipped) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function bytes(pixel: Rgb): Rgb {
  return pixel.map((value) => Math.round(255 * clipped(value))) as [number, number, number];
}

function clipped(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(1, Math.max(0, value));
}
