/**
 * Images side by side, with a line under each, as one picture.
 * @module
 */
import type { Images } from './images.ts';
import { png } from './png.ts';
import { cut, dataUri, px, svgOf, textAt } from './svg-elements.ts';

/** Pixels of the picture: about a side of an image, between images, for a caption, and across. */
const [SIDE, GAP, CAPTION, ACROSS] = [84, 12, 20, 720];

export function imagesSvg(images: Images, title: string): string {
  const zoom = Math.max(1, Math.round(SIDE / Math.max(images.width, images.height)));
  const [width, height] = [images.width * zoom, images.height * zoom];
  const captioned = images.captions !== undefined;
  const cell = { across: Math.max(width, captioned ? 60 : 0) + GAP, down: height + GAP + (captioned ? CAPTION : 0) };
  const perRow = Math.max(1, Math.floor((ACROSS - GAP) / cell.across));
  const count = images.pixels.length;
  const parts = images.pixels.map((pixels, i) => {
    const left = GAP + (i % perRow) * cell.across;
    const top = GAP + Math.floor(i / perRow) * cell.down;
    const middle = left + (cell.across - GAP) / 2;
    const picture = dataUri(
      'image/png',
      png({ width: images.width, height: images.height, bytes: bytesOf(images, pixels) }),
    );
    const place = `x="${px(middle - width / 2)}" y="${px(top)}" width="${px(width)}" height="${px(height)}"`;
    const caption = cut(images.captions?.[i] ?? '', Math.max(4, Math.floor(cell.across / 7)));
    return [
      `<image ${place} style="image-rendering:pixelated" href="${picture}"/>`,
      caption === '' ? '' : textAt(middle, top + height + CAPTION / 2, caption),
    ].join('');
  });
  const rows = Math.ceil(count / perRow);
  return svgOf(GAP + Math.min(perRow, count) * cell.across, GAP + rows * cell.down, title, parts);
}

/** Planes of colours become pixels of three bytes. */
function bytesOf({ width, height, channels }: Images, pixels: readonly number[]): Uint8Array {
  const plane = width * height;
  return Uint8Array.from({ length: pixels.length }, (_, i) => {
    const value = pixels[(i % channels) * plane + Math.floor(i / channels)]!;
    return Math.round(255 * value);
  });
}
