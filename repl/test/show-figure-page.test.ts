/** Figures for the browser. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInBrowser, writeFigurePage } from '../src/show/figure-page.ts';
import type { Opener } from '../src/show/open-in-browser.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toyfhe-figure-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('writeFigurePage', () => {
  it('writes plotly and the figure into one page that fetches nothing', async () => {
    const path = await writeFigurePage(
      { data: [{ type: 'bar', y: [1, 2] }], layout: { title: { text: 'A & B' } } },
      join(folder, 'new'),
    );
    expect(path).toMatch(/new\/figure-[0-9a-f]{12}\.html$/);
    const page = await readFile(path, 'utf8');
    const plotly = await readFile(createRequire(import.meta.url).resolve('plotly.js-dist-min'), 'utf8');
    expect(page).toContain(plotly);
    expect(page).toContain('<title>A &amp; B</title>');
    expect(page).toContain(
      'const { data, layout } = {"data":[{"type":"bar","y":[1,2]}],"layout":{"title":{"text":"A & B"}}};',
    );
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<(script|link|img)[^>]*(src|href)=/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('lets no text of the figure end the script', async () => {
    const name = '</script><script>alert(1)</script><!--\u2028';
    const page = await readFile(await writeFigurePage({ data: [{ name, y: [1] }] }, folder), 'utf8');
    expect(page.match(/<\/script/g)).toHaveLength(2);
    const json = /const \{ data, layout \} = (.*);/.exec(page)![1]!;
    expect(JSON.parse(json)).toEqual({ data: [{ name, y: [1] }], layout: {} });
    expect(page).not.toContain('\u2028');
  });

  it('the same figure has the same file', async () => {
    const figure = { data: [{ y: [1, 2, 3] }] };
    const first = await writeFigurePage(figure, folder);
    const before = await readdir(folder);
    expect(await writeFigurePage(figure, folder)).toBe(first);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('openInBrowser', () => {
  const env = { DISPLAY: ':0' };
  const opener = (exitCode: number | null, code?: number | null): Opener => ({
    exitCode,
    once: (event: string, listener: (code: number | null) => void) => {
      if (code !== undefined && event === 'exit') queueMicrotask(() => listener(code));
    },
  });

  it('does not try without a display', async () => {
    let started = 0;
    const start = async (): Promise<Opener> => {
      started++;
      return opener(0);
    };
    expect(await openInBrowser('x.html', { env: {}, platform: 'linux', start })).toBe(false);
    expect(started).toBe(0);
    expect(await openInBrowser('x.html', { env: { WAYLAND_DISPLAY: 'wayland-0' }, platform: 'linux', start })).toBe(
      true,
    );
    expect(await openInBrowser('x.html', { env: {}, platform: 'darwin', start })).toBe(true);
    expect(started).toBe(2);
  });

  it('says whether it worked', async () => {
    const opened = (found: Opener): Promise<boolean> =>
      openInBrowser('x.html', { env, platform: 'linux', start: async () => found });
    expect(await opened(opener(0))).toBe(true);
    expect(await opened(opener(3))).toBe(false);
    expect(await opened(opener(null, 0))).toBe(true);
    expect(await opened(opener(null, 3))).toBe(false);
    expect(await opened(opener(null))).toBe(true); // it still runs: it is the browser
  });

  it('never throws', async () => {
    const start = (): Promise<Opener> => Promise.reject(new Error('no such program'));
    expect(await openInBrowser('x.html', { env, platform: 'linux', start })).toBe(false);
  });
});
