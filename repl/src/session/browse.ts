/**
 * The newest figure of the transcript, in the browser.
 * @module
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFigurePage } from '../show/figure-page.ts';
import { openInBrowser } from '../show/open-in-browser.ts';
import type { Entry } from './state.ts';

/** @returns a notice that says what happened */
export async function openNewestFigure(entries: readonly Entry[]): Promise<Entry> {
  const figure = entries
    .flatMap((entry) => (entry.kind === 'value' ? (entry.data['application/vnd.plotly.v1+json'] ?? []) : []))
    .at(-1);
  const say = (level: 'info' | 'warning', text: string): Entry => ({ kind: 'notice', level, text });
  if (figure === undefined) return say('info', 'There is no figure yet. Try .plot [1, 4, 9, 16].');
  const path = await writeFigurePage(figure, join(tmpdir(), 'toyfhe-figures'));
  return (await openInBrowser(path))
    ? say('info', `Opened in the browser: ${path}`)
    : say('info', `No browser was found here. Open this file in one: ${path}`);
}
