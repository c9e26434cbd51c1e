/**
 * `show(figure)` and `showImages(images)`: the same line draws in Jupyter and in the terminal, and is a line of text elsewhere.
 * @module
 */
import type { Figure } from '../inspect/figures/figure.ts';
import { display } from './display.ts';
import { listOf, textOf, titleOf } from './figure-fields.ts';
import { pictureHtml, plotHtml } from './html.ts';
import { type ImageOptions, type Images, imagesOf, type ImageSource } from './images.ts';
import { plainFigure } from './plain-figure.ts';
import { wellFormed } from './svg-elements.ts';
import { figureSvg } from './svg-figure.ts';
import { imagesSvg } from './svg-images.ts';

export interface ShowOptions {
  /** What there is to see, for those who do not see it, in one line; the figure's title and names unless told. */
  readonly alt?: string;
}

/**
 * Draws a figure, such as `show(slotsFigure(backend.decode(p)))`: a plot in Jupyter, over a picture that stays where plots
 * cannot be drawn; a chart of characters in the terminal; elsewhere `[figure: …]` is printed.
 * @throws FheError FORMAT for what is no figure, SLOTS for one without values
 */
export function show(figure: Figure, options: ShowOptions = {}): void {
  const plain = plainFigure(figure);
  const alt = oneLine(options.alt ?? describeFigure(plain));
  display({
    'text/plain': `[figure: ${alt}]`,
    'text/html': plotHtml(plain, figureSvg(plain, alt), alt),
    'application/vnd.plotly.v1+json': plain,
  });
}

/**
 * Draws images, such as digits: `showImages(tensor, { captions: [3, 1, 4] })`.
 * @throws FheError FORMAT for what is no images, SLOTS for none, or for fewer captions than images
 */
export function showImages(images: ImageSource, options: ImageOptions & ShowOptions = {}): void {
  const shown = imagesOf(images, options);
  const alt = oneLine(options.alt ?? describeImages(shown));
  display({
    'text/plain': `[images: ${alt}]`,
    'text/html': pictureHtml(imagesSvg(shown, alt), alt, 'data-toyfhe-images'),
    'application/vnd.toyfhe.images+json': shown,
  });
}

/** `Title (scatter: circle, points)`. */
function describeFigure({ data, layout }: Figure): string {
  const title = titleOf(layout['title']) || 'without a title';
  const types = [...new Set(data.map(({ type }) => textOf(type) || 'scatter'))];
  const names = [...new Set(listOf(data).map((trace) => titleOf((trace as Record<string, unknown>)['name'])))];
  const known = names.filter((name) => name !== '');
  return `${title} (${types.join(', ')}${known.length === 0 ? '' : `: ${known.join(', ')}`})`;
}

/** `3 images of 28×28: 7, 2, 1`. */
function describeImages({ pixels, width, height, captions }: Images): string {
  const count = `${pixels.length} image${pixels.length === 1 ? '' : 's'} of ${width}×${height}`;
  return captions === undefined ? count : `${count}: ${captions.join(', ')}`;
}

function oneLine(text: string): string {
  return wellFormed(text).replace(/\s+/g, ' ').trim();
}
