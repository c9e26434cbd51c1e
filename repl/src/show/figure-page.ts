/**
 * Figures for the browser: a page that carries plotly inside and needs no network.
 * @module
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Figure } from '../kernel/protocol.ts';
import { fieldsOf, titleOf } from './figure-reading.ts';

export { openInBrowser } from './open-in-browser.ts';

/** Nothing is fetched; plotly makes functions out of text for its 3D drawings. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";

/**
 * Writes a page with a figure that can be turned, zoomed and saved.
 * @param folder made where it is missing
 * @returns the file's path; the same figure has the same file
 * @throws what the file system throws
 */
export async function writeFigurePage(figure: Figure, folder: string): Promise<string> {
  const page = await figurePage(figure);
  await mkdir(folder, { recursive: true });
  const name = createHash('sha256').update(page).digest('hex').slice(0, 12);
  const path = join(folder, `figure-${name}.html`);
  await writeFile(path, page, { mode: 0o600 }); // what is drawn may be nobody else's business
  return path;
}

async function figurePage({ data, layout = {} }: Figure): Promise<string> {
  const plotly = await readFile(createRequire(import.meta.url).resolve('plotly.js-dist-min'), 'utf8');
  const title = titleOf(fieldsOf(layout)['title']) || 'Figure';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${inHtml(title)}</title>
<style>html, body, #figure { height: 100%; margin: 0 }</style>
<div id="figure"></div>
<script>${plotly.replaceAll('</script', '<\\/script')}</script>
<script>
const { data, layout } = ${inScript({ data, layout })};
Plotly.newPlot('figure', data, layout, { responsive: true, displaylogo: false });
</script>
</html>
`;
}

/** JSON in which nothing ends the script or begins a comment. */
function inScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function inHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
