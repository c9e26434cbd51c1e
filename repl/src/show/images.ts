/**
 * Images side by side, with a line of text under each.
 * @module
 */
import stringWidth from 'string-width';
import type { Images } from '../kernel/protocol.ts';
import { cleanText } from './clean.ts';
import { type Canvas, type Picture, pictureLines, shrunk } from './picture.ts';
import type { Style } from './style.ts';
import { truncate } from './wrap-lines.ts';

/** Columns between two images. */
const GAP = 2;
/** Smaller than this an image is not shrunk: nothing would be left to see. */
const LEAST_SIDE = 8;

/** All of them in rows: in full where they fit one row, else at half the size. */
export function imageLines(images: Images, style: Style): readonly string[] {
  const pictures = images.pixels.map((_, i) => pictureOf(images, i));
  const factor = factorFor(images, pictures.length, style.columns);
  const blocks = pictures.map((picture, i) => {
    const caption = cleanText(images.captions?.[i] ?? '', style).replaceAll('\n', ' ');
    return pictureBlock(shrunk(picture, factor), caption, style);
  });
  return inRows(blocks, style.columns);
}

/** A picture drawn, with its caption below. */
export interface Block {
  readonly width: number;
  /** Each `width` columns wide; blocks of one call have the same number. */
  readonly lines: readonly string[];
}

/** @param paint colours of the caption */
export function pictureBlock(
  picture: Picture,
  caption: string,
  canvas: Canvas,
  paint: (text: string) => string = (text) => text,
): Block {
  const text = truncate(caption, picture.width, '');
  const under = paint(text + ' '.repeat(picture.width - stringWidth(text)));
  return { width: picture.width, lines: [...pictureLines(picture, canvas), under] };
}

/** As many a row as fit, rows apart by a blank line; captions that are all empty take no line. */
export function inRows(blocks: readonly Block[], columns: number): readonly string[] {
  const width = Math.max(1, ...blocks.map((block) => block.width));
  const perRow = Math.max(1, Math.floor((columns + GAP) / (width + GAP)));
  const lines: string[] = [];
  for (let start = 0; start < blocks.length; start += perRow) {
    const row = blocks.slice(start, start + perRow);
    if (start > 0 && lines.at(-1) !== '') lines.push('');
    for (let y = 0; y < row[0]!.lines.length; y++) {
      lines.push(
        row
          .map(({ lines: each }) => each[y])
          .join(' '.repeat(GAP))
          .trimEnd(),
      );
    }
  }
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function pictureOf({ width, height, channels, pixels }: Images, image: number): Picture {
  const plane = width * height;
  const values = pixels[image]!;
  const value = (channel: number, i: number): number => values[channel * plane + i] ?? 0;
  return {
    width,
    height,
    at: (x, y) => {
      const i = y * width + x;
      const grey = value(0, i);
      return channels === 1 ? [grey, grey, grey] : [grey, value(1, i), value(2, i)];
    },
  };
}

function factorFor({ width, height }: Images, count: number, columns: number): number {
  const inOneRow = count * (width + GAP) - GAP <= columns;
  const wanted = inOneRow || Math.min(width, height) < 2 * LEAST_SIDE ? 1 : 2;
  return Math.max(wanted, Math.ceil(width / columns));
}
