/**
 * Plots and pictures as HTML for notebooks: everything that is needed to see them stands in it.
 * @module
 */
import type { Figure } from '../inspect/figures/figure.ts';
import { type Fields, fieldsOf, numberOf, titleOf } from './figure-fields.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { dataUri, escaped, px } from './svg-elements.ts';
import { HEIGHT, WIDTH } from './svg-figure.ts';

/** Of the plot's data in JSON, in characters: what is larger stays a picture, so that notebooks stay small. */
const MOST_DATA = 500_000;

/**
 * A picture, the figure's data, and the script that draws the plot over the picture. `data-toyfhe-plot` is empty until a page
 * draws it: then `drawn`, or `picture` where that failed.
 * @param figure plain JSON
 * @param svg the same as a picture
 */
export function plotHtml(figure: Figure, svg: string, alt: string): string {
  const json = inScript({ data: figure.data, layout: plotLayout(figure.layout) });
  const width = numberOf(figure.layout['width']) ?? WIDTH;
  if (json.length > MOST_DATA) return pictureHtml(svg, alt, 'data-toyfhe-picture');
  return [
    `<div data-toyfhe-plot="" style="max-width: ${px(width)}px">`,
    imageHtml(svg, alt),
    `<script type="application/json">${json}</script>`,
    `<script>\n${PAGE_SCRIPT}\n</script>`,
    '</div>',
  ].join('\n');
}

/** Narrower margins than plotly's own, which labels widen; the title beside plotly's buttons; as wide as the page allows. */
function plotLayout(layout: Fields): Fields {
  const axes = ['xaxis', 'yaxis', ...Object.keys(layout).filter((name) => /^[xy]axis\d+$/.test(name))];
  return {
    ...layout,
    ...Object.fromEntries(axes.map((name) => [name, { automargin: true, ...fieldsOf(layout[name]) }])),
    title: { text: titleOf(layout['title']), x: 0, xref: 'paper', font: { size: 16 } },
    margin: { t: 48, r: 24, b: 48, l: 48, ...fieldsOf(layout['margin']) },
    height: numberOf(layout['height']) ?? HEIGHT,
    width: undefined,
  };
}

/** @param mark an attribute by which tests find it */
export function pictureHtml(svg: string, alt: string, mark: string): string {
  return `<div ${mark}>\n${imageHtml(svg, alt)}\n</div>`;
}

/** As an image, an SVG runs nothing and takes no styles of the page; converters, which change inline ones, leave it alone. */
function imageHtml(svg: string, alt: string): string {
  return `<img alt="${escaped(alt)}" src="${dataUri('image/svg+xml', svg)}" style="max-width: 100%">`;
}

/** JSON in which nothing ends the script or begins a comment. */
function inScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
