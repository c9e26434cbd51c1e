/** What `show` puts into notebooks, in a browser: pictures are seen, and plots drawn where plotly.js is found. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { heatMapFigure, rootsFigure, slotsFigure, timingFigure } from '../src/inspect/index.ts';
import { setDisplay, show, showImages } from '../src/notebook/index.ts';
import { PAGE_SCRIPT } from '../src/notebook/page-script.ts';
import { findBrowser, NO_BROWSER, runPage } from './browser.ts';

const browser = findBrowser();
const required = Boolean(process.env['CI']) || process.env['TOYFHE_BROWSER'] === 'required';
if (browser === undefined && !required) console.log(`plots are not tested in a browser: ${NO_BROWSER}`);

const FILE = 'node_modules/plotly.js-dist-min/plotly.min.js';

/** Four plots, one of them twice, and images, as the outputs of cells. */
function outputs(): string[] {
  const html: string[] = [];
  setDisplay((bundle) => html.push(bundle['text/html']));
  for (const figure of [slotsFigure([1, 2]), slotsFigure([1, 2]), rootsFigure(16), timingFigure({ a: 1 })])
    show(figure);
  show(heatMapFigure([[0, 1]]));
  showImages([[1, 0, 0, 1]]);
  setDisplay(undefined);
  return html;
}

/** Puts outputs into the page as Jupyter does: scripts in them run one by one. */
const FILL = `
  const fill = (html) => {
    const cell = document.createElement('div');
    cell.innerHTML = html;
    document.body.append(cell);
    for (const script of cell.querySelectorAll('script')) {
      const copy = document.createElement('script');
      for (const { name, value } of script.attributes) copy.setAttribute(name, value);
      copy.textContent = script.textContent;
      script.replaceWith(copy);
    }
  };
  for (const html of outputs) fill(html);
  const plots = () => [...document.querySelectorAll('[data-toyfhe-plot]')];`;

/** After all is drawn, or ten seconds. */
const REPORT = `
  for (let i = 0; i < 100 && plots().some((plot) => plot.dataset.toyfhePlot !== 'drawn'); i++) {
    await new Promise((done) => setTimeout(done, 100));
  }
  const images = [...document.images];
  await Promise.all(images.map((image) => image.decode()));
  const colour = (image, x, y) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return [...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data].slice(0, 3);
  };
  const parsed = images.map((image) => new DOMParser().parseFromString(atob(image.src.split(',')[1]), 'image/svg+xml'));
  const report = {
    plots: plots().map((plot) => plot.dataset.toyfhePlot),
    drawn: plots().map((plot) => plot.querySelectorAll('.main-svg').length > 0),
    shown: images.map((image) => image.offsetWidth > 0),
    loaded: [...document.scripts].filter(({ src }) => src.endsWith('plotly.min.js')).map(({ src }) => new URL(src).pathname),
    damaged: parsed.filter((document) => document.querySelector('parsererror') !== null).length,
    heat: [colour(images[4], 0.3, 0.5), colour(images[4], 0.7, 0.5)],
    image: [colour(images[5], 0.25, 0.25), colour(images[5], 0.75, 0.25)],
  };
  await fetch('/result', { method: 'POST', body: JSON.stringify(report) });`;

describe.skipIf(browser === undefined && !required)('plots in a browser', () => {
  async function run(path: string, before: string): Promise<unknown> {
    if (browser === undefined) throw new Error(NO_BROWSER);
    const plotly = readFileSync(createRequire(import.meta.url).resolve('plotly.js-dist-min'), 'utf8');
    const page = `const outputs = ${JSON.stringify(outputs())};${before}${FILL}${REPORT}`;
    return runPage(browser, page, { isolated: false, scripts: { [path]: plotly } });
  }

  const DRAWN = {
    plots: ['drawn', 'drawn', 'drawn', 'drawn', 'drawn'],
    drawn: [true, true, true, true, true],
    shown: [false, false, false, false, false, true], // plots stand in the place of their pictures
    damaged: 0,
    // The ends of viridis; black and white.
    heat: [
      [68, 1, 84],
      [253, 231, 37],
    ],
    image: [
      [255, 255, 255],
      [0, 0, 0],
    ],
  };

  it('in Jupyter, from its server', async () => {
    const jupyter = `
      const config = Object.assign(document.createElement('script'), { id: 'jupyter-config-data', type: 'application/json' });
      config.textContent = '{"baseUrl":"/user/me/"}';
      document.head.append(config);
      history.replaceState(null, '', '/user/me/lab/tree/notebooks/01-a-ring.ipynb');`;
    expect(await run(`/user/me/files/${FILE}`, jupyter)).toEqual({ ...DRAWN, loaded: [`/user/me/files/${FILE}`] });
  });

  it('in a page of their own, from the folder above', async () => {
    const moved = `history.replaceState(null, '', '/notebooks/lesson.html');`;
    expect(await run(`/${FILE}`, moved)).toEqual({ ...DRAWN, loaded: [`/${FILE}`] });
  });
});

describe('where the page looks for plotly.js', () => {
  interface FakePage {
    readonly config?: string;
    readonly baseUrl?: string;
    readonly pathname?: string;
  }

  /** The addresses that are asked for, in order, where none has it. */
  async function asked({ config, baseUrl, pathname = '/' }: FakePage): Promise<string[]> {
    const urls: string[] = [];
    const window: Record<string, unknown> = {};
    const document = {
      getElementById: () => (config === undefined ? null : { textContent: config }),
      body: { dataset: { baseUrl } },
      createElement: () => ({}),
      head: {
        append: (script: { src: string; onerror: () => void }) => {
          urls.push(script.src);
          script.onerror();
        },
      },
      querySelectorAll: () => expect.unreachable('nothing is to be drawn'),
    };
    runInNewContext(PAGE_SCRIPT, { window, document, location: { pathname } });
    expect(await window['toyfhePlotly']).toBeUndefined();
    return urls;
  }

  it('JupyterLab and Notebook 7: from the root of the server down to the notebook', async () => {
    const config = JSON.stringify({ baseUrl: '/' });
    expect(await asked({ config, pathname: '/lab' })).toEqual([`/files/${FILE}`]);
    expect(await asked({ config, pathname: '/lab/tree/my%20course/notebooks/01.ipynb' })).toEqual([
      `/files/${FILE}`,
      `/files/my%20course/${FILE}`,
      `/files/my%20course/notebooks/${FILE}`,
    ]);
    expect(await asked({ config, pathname: '/notebooks/notebooks/01.ipynb' })).toEqual([
      `/files/${FILE}`,
      `/files/notebooks/${FILE}`,
    ]);
  });

  it('Notebook 6 says where it is in its body; a saved page does not', async () => {
    expect(await asked({ baseUrl: '/base/', pathname: '/base/notebooks/01.ipynb' })).toEqual([`/base/files/${FILE}`]);
    expect(await asked({ pathname: '/x/01.html' })).toEqual([`../${FILE}`, FILE, `../../${FILE}`]);
    expect(await asked({ config: 'no JSON' })).toHaveLength(3);
  });
});
