/**
 * A value in its best form that a terminal can show.
 * @module
 */
import type { MimeBundle } from '../kernel/protocol.ts';
import { chartLines } from './chart.ts';
import { cleanOutput } from './clean.ts';
import { cutText } from './cut.ts';
import { imageLines } from './images.ts';
import { markdownLines } from './markdown.ts';
import { inThemeColours } from './recolour.ts';
import type { Style } from './style.ts';
import { wrapLines } from './wrap-lines.ts';

/** A figure as a chart; images drawn, below their text; else Markdown, else text. */
export function bundleLines(data: MimeBundle, style: Style): readonly string[] {
  const figure = data['application/vnd.plotly.v1+json'];
  if (figure !== undefined) return chartLines(figure, style);
  const images = data['application/vnd.toyfhe.images+json'];
  if (images !== undefined) return [...valueLines(data['text/plain'], style), ...imageLines(images, style)];
  const markdown = data['text/markdown'];
  if (markdown !== undefined) return markdownLines(markdown, style);
  return valueLines(data['text/plain'], style);
}

/** A program's text, cut, cleaned and wrapped; its colours stay where the style has any. */
export function outputLines(text: string, style: Style): readonly string[] {
  return wrapLines(cleaned(text, style), style.columns);
}

/** A printed value: the colours of Node's print become those of the theme. */
function valueLines(text: string, style: Style): readonly string[] {
  return wrapLines(inThemeColours(cleaned(text, style), style), style.columns);
}

function cleaned(text: string, { colours, unicode }: Style): string {
  return cleanOutput(cutText(text), { colours: colours !== 'none', unicode });
}
