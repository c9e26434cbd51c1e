/**
 * Digits as the report draws them: small, with both predictions under each, wrong ones in red.
 * @module
 */
import { type Block, inRows, pictureBlock } from '../show/images.ts';
import { type Picture, shrunk } from '../show/picture.ts';

export interface Drawn {
  /** rows × columns values from 0 to 1. */
  readonly pixels: ArrayLike<number>;
  readonly caption: string;
  /** Drawn in red. */
  readonly wrong: boolean;
}

export interface DrawOptions {
  /** Pixels on a side, even. */
  readonly size: number;
  /** Characters across. */
  readonly width: number;
  readonly colour: boolean;
}

/** Draws images in rows, at half their resolution: a 28×28 image takes 14 columns and 7 lines. */
export function drawDigits(images: readonly Drawn[], { size, width, colour }: DrawOptions): string {
  const blocks = images.map((image) => drawOne(image, size, colour));
  return [...inRows(blocks, width), ''].join('\n');
}

function drawOne({ pixels, caption, wrong }: Drawn, size: number, colour: boolean): Block {
  const picture = shrunk(pictureOf(pixels, size, wrong && colour), 2);
  // A mark beside the colour: red alone is lost on some eyes and in every log file.
  const text = `${caption}${wrong ? ' ✗' : ''}`;
  if (!colour) return { width: picture.width, lines: [...inkLines(picture), text.padEnd(picture.width)] };
  const paint = (under: string): string => (wrong ? `\x1b[31m${under}\x1b[0m` : under);
  return pictureBlock(picture, text, { colours: '256', unicode: true }, paint);
}

function pictureOf(pixels: ArrayLike<number>, size: number, red: boolean): Picture {
  return {
    width: size,
    height: size,
    at: (x, y) => {
      const value = pixels[y * size + x]!;
      return red ? [value, 0, 0] : [value, value, value];
    },
  };
}

/** Black on white at a threshold: where strokes of both data sets come out about two pixels wide. */
const INK = 0.35;

/** Strokes are seen better in half-blocks of one colour than in shades. */
function inkLines({ width, height, at }: Picture): readonly string[] {
  const inked = (x: number, y: number): boolean => at(x, y)[0] > INK;
  return Array.from({ length: height / 2 }, (_, row) =>
    Array.from({ length: width }, (_, x) => ink(inked(x, 2 * row), inked(x, 2 * row + 1))).join(''),
  );
}

function ink(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
