/** Every lesson, as it is saved, opened in JupyterLab in a real browser: all plots are drawn, and nothing complains. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, NO_BROWSER } from '../../toyfhe/test/browser.ts';
import { courseFolder, readCourse } from '../src/course/course-lesson.ts';
import { type RawNotebook, textOf } from '../src/course/notebook-file.ts';
import { isAnswer } from '../src/course/run-lesson.ts';
import { Chromium } from './chromium.ts';
import { jupyter, jupyterRequired, NO_JUPYTER } from './jupyter.ts';
import { type JupyterServer, startJupyter } from './jupyter-server.ts';

const OPENING = 60_000; // a machine that is busy with other tests

/** What JupyterLab itself complains about, whatever is opened. */
const NOT_OURS = [/favicon/];

const NOT_RUN = 'Not run, because a cell before it has failed. Run it again.';

const browser = findBrowser();
const required = jupyterRequired && process.env['TOYFHE_BROWSER'] === 'required';
// Debian's packages have Notebook only: then the course is executed (jupyter.test.ts), but not looked at.
const lab = jupyter?.app === 'lab' ? jupyter : undefined;
if (browser === undefined && !required) console.log(`the course is not tested in a browser: ${NO_BROWSER}`);

/** What a page says of itself: elements by their marks, and images that show nothing. */
const FOUND = `(() => {
  const count = (selector) => document.querySelectorAll(selector).length;
  const images = [...document.querySelectorAll('.jp-OutputArea img')];
  return {
    cells: count('.jp-Notebook .jp-CodeCell'),
    plots: count('[data-toyfhe-plot]'),
    drawn: [...document.querySelectorAll('[data-toyfhe-plot="drawn"]')]
      .filter((plot) => plot.querySelector('.js-plotly-plot .main-svg')?.getBoundingClientRect().width > 0).length,
    pictures: count('[data-toyfhe-picture] img, [data-toyfhe-images] img'),
    broken: images.filter((image) => image.complete && image.naturalWidth === 0).length,
  };
})()`;
interface Found {
  readonly cells: number;
  readonly plots: number;
  readonly drawn: number;
  readonly pictures: number;
  readonly broken: number;
}

/** The same, as the file has it. */
function saved({ cells }: RawNotebook): Found {
  const html = cells
    .flatMap(({ outputs = [] }) => outputs)
    .map(({ data }) => textOf((data as Record<string, unknown> | undefined)?.['text/html']))
    .join('\n');
  const count = (pattern: RegExp): number => [...html.matchAll(pattern)].length;
  const plots = count(/<div data-toyfhe-plot=""/g);
  const pictures = count(/<div data-toyfhe-(?:picture|images)>/g);
  return { cells: cells.filter((cell) => cell.cell_type === 'code').length, plots, drawn: plots, pictures, broken: 0 };
}

const course = await readCourse(courseFolder());

const skipped = jupyter === undefined || browser === undefined ? !required : lab === undefined;

describe.skipIf(skipped)('in a browser', () => {
  const state = mkdtempSync(join(tmpdir(), 'toyfhe-jupyter-'));
  let server: JupyterServer;
  let chromium: Chromium;
  beforeAll(async () => {
    if (lab === undefined) throw new Error(NO_JUPYTER);
    if (browser === undefined) throw new Error(NO_BROWSER);
    const files = course.map(({ path }) => path);
    [server, chromium] = await Promise.all([startJupyter(lab, courseFolder(), files, state), Chromium.start(browser)]);
  });
  afterAll(async () => {
    await Promise.all([server?.close(), chromium?.close()]);
    rmSync(state, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(course.map((one) => [one.lesson.number, one.lesson.title, one] as const))(
    'lesson %i: %s',
    async (number, _title, { path, notebook }) => {
      const page = await chromium.newPage({ width: 1200, height: 900 });
      const wanted = saved(notebook);
      // In a workspace of its own: another would open with the lesson before beside it.
      await page.open(`${server.url}/lab/workspaces/lesson-${number}/tree/notebooks/${basename(path)}`);
      const right = (found: Found): boolean => JSON.stringify(found) === JSON.stringify(wanted);
      const found = await page.until<Found>(FOUND, right, OPENING);
      expect(found).toEqual(wanted);
      expect(page.errors.filter((error) => !NOT_OURS.some((known) => known.test(error)))).toEqual([]);
      // Plots work where there is no network: everything comes from the machine itself.
      expect(page.requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(server.url))).toEqual([]);
      await page.close();
    },
  );

  it('plots of cells that are run are drawn too, and a failed check stops the rest with a word', async () => {
    const { path, lesson, notebook } = course.find((one) => saved(one.notebook).plots > 0)!;
    const page = await chromium.newPage({ width: 1200, height: 900 });
    await page.open(`${server.url}/lab/workspaces/live/tree/notebooks/${basename(path)}`);
    await page.until<Found>(FOUND, ({ cells }) => cells === saved(notebook).cells, OPENING);
    await page.evaluate(`(async () => {
      const { commands, shell } = window.jupyterapp;
      await commands.execute('notebook:clear-all-cell-outputs');
      await shell.currentWidget.context.sessionContext.changeKernel({ name: 'tslab' });
      await commands.execute('notebook:run-all-cells');
    })()`);
    // Nobody has solved the exercises: the first check fails.
    const check = lesson.steps.findIndex(({ kind }, i) => kind === 'check' && isAnswer(lesson, lesson.steps[i]!));
    const code = notebook.cells.filter((cell) => cell.cell_type === 'code');
    const wanted = saved({ ...notebook, cells: code.slice(0, check) });
    const found = await page.until<Found>(FOUND, ({ drawn }) => drawn >= wanted.plots, OPENING);
    expect(found).toMatchObject({ plots: wanted.plots, drawn: wanted.plots, broken: 0 });
    const stderr = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"]')].map((e) => e.textContent.trim())`,
    );
    expect(stderr[0]).toMatch(/^✗ /);
    const dropped = code.length - check - 1;
    expect(stderr.slice(1)).toEqual(Array<string>(dropped).fill(NOT_RUN));
    expect(page.errors).toEqual([]);
    await page.close();
  });
});
