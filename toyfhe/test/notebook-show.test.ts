/** `show` and `showImages`: what goes to which front end. */
import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Tensor } from '../src/nn/index.ts';
import { type Figure, linesFigure, slotsFigure } from '../src/inspect/index.ts';
import { type DisplayBundle, setDisplay, show, showImages } from '../src/notebook/index.ts';
import { PAGE_SCRIPT } from '../src/notebook/page-script.ts';
import { elementsOf } from './xml.ts';

afterEach(() => {
  setDisplay(undefined);
  vi.restoreAllMocks();
});

/** What a front end is given. */
function shown(act: () => void): DisplayBundle {
  const bundles: DisplayBundle[] = [];
  setDisplay((bundle) => bundles.push(bundle));
  act();
  expect(bundles).toHaveLength(1);
  return bundles[0]!;
}

function pictureOf(html: string): string {
  return Buffer.from(/src="data:image\/svg\+xml;base64,([^"]*)"/.exec(html)![1]!, 'base64').toString();
}

function code(expected: string): unknown {
  return expect.objectContaining({ code: expected });
}

describe('show', () => {
  const figure = slotsFigure([1, -2, Number.NaN]);

  it('gives a front end of its own text, HTML and the figure', () => {
    const bundle = shown(() => show(figure));
    expect(bundle).toEqual({
      'text/plain': '[figure: 3 slots, real parts (bar: real part)]',
      'text/html': expect.any(String) as string,
      'application/vnd.plotly.v1+json': figure,
    });
    expect(shown(() => show(figure, { alt: ' what\nthere is ' }))['text/plain']).toBe('[figure: what there is]');
  });

  it('the HTML: a picture, the data and the script, which makes a plot of it', () => {
    const html = shown(() => show(figure, { alt: 'bars' }))['text/html'];
    const svg = pictureOf(html);
    const layout = {
      title: { text: '3 slots, real parts', x: 0, xref: 'paper', font: { size: 16 } },
      xaxis: { automargin: true, title: { text: 'slot' } },
      yaxis: { automargin: true, title: { text: 'value' } },
      margin: { t: 48, r: 24, b: 48, l: 48 },
      height: 400,
    };
    expect(html).toBe(
      [
        '<div data-toyfhe-plot="" style="max-width: 720px">',
        `<img alt="bars" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}" style="max-width: 100%">`,
        `<script type="application/json">${JSON.stringify({ data: figure.data, layout })}</script>`,
        `<script>\n${PAGE_SCRIPT}\n</script>`,
        '</div>',
      ].join('\n'),
    );
    expect(elementsOf(svg)[0]).toMatchObject({ name: 'svg', attributes: { width: '720', height: '400' } });
    expect(html.length).toBeLessThan(6000);
  });

  it('the same figure gives the same bytes', () => {
    const of = (): unknown => shown(() => show(linesFigure({ sine: [0, 0.1, 0.2].map(Math.sin) })));
    expect(of()).toEqual(of());
    expect(PAGE_SCRIPT).not.toContain('</');
  });

  it('typed arrays become lists, numbers have ten digits', () => {
    const y = Float64Array.of(1 / 3, -0, 2 ** 60, Number.POSITIVE_INFINITY);
    const bundle = shown(() => show({ data: [{ y, x: new BigInt64Array(4), draw: () => 1 }], layout: {} }));
    const plain = { data: [{ y: [0.3333333333, 0, 2 ** 60, null], x: [0, 0, 0, 0] }], layout: {} };
    expect(bundle['application/vnd.plotly.v1+json']).toEqual(plain);
  });

  it('nothing in a figure ends the script or the attributes', () => {
    const bad = '</script><img src=x onerror="alert(1)">\'&\u2028\ud800';
    const html = shown(() => show(linesFigure({ [bad]: [1, 2] }, { title: bad }), { alt: bad }))['text/html'];
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html).not.toContain('<img src=x');
    expect(html).not.toMatch(/[\u2028\ud800]/);
    expect(html).toContain('alt="&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp; �"');
    const json = /<script type="application\/json">(.*)<\/script>/.exec(html)![1]!;
    expect(JSON.parse(json)).toMatchObject({ data: [{ name: bad }] });
    expect(elementsOf(pictureOf(html)).map(({ name }) => name)).not.toContain('script');
  });

  it('what is too much for a notebook stays a picture', () => {
    const html = shown(() => show(linesFigure({ a: Float64Array.from({ length: 60_000 }, Math.sin) })))['text/html'];
    expect(html).toMatch(/^<div data-toyfhe-picture>\n<img [^>]*>\n<\/div>$/);
    expect(html.length).toBeLessThan(200_000);
  });

  it('refuses what is no figure, or has nothing to draw', () => {
    for (const bad of [undefined, 3, 'text', {}, { data: 3 }, { data: [3] }, [1, 2, 3]]) {
      expect(() => show(bad as never)).toThrow(code('FORMAT'));
    }
    for (const empty of [{ data: [] }, { data: [{ type: 'bar', x: [], y: [] }] }, { data: [{ z: [[null]] }] }]) {
      expect(() => show(empty as unknown as Figure)).toThrow(/the number of values in the figure should be at least 1/);
    }
    const circle: Record<string, unknown> = { y: [1] };
    circle['x'] = circle;
    expect(() => show({ data: [circle], layout: {} })).toThrow(/the depth of the figure should be at most 12/);
  });
});

describe('showImages', () => {
  it('draws tensors, data sets and lists of pixels', () => {
    const digit = Float64Array.from({ length: 784 }, (_, i) => i / 784);
    const sources = [
      new Tensor([1, 1, 28, 28], digit),
      new Tensor([1, 28, 28], digit),
      new Tensor([28, 28], digit),
      { images: digit, rows: 28, columns: 28 },
      digit,
      [digit],
      [Array.from(digit)],
    ];
    const bundles = sources.map((source) => shown(() => showImages(source)));
    for (const bundle of bundles) expect(bundle).toEqual(bundles[0]);
    expect(bundles[0]).toEqual({
      'text/plain': '[images: 1 image of 28×28]',
      'text/html': expect.stringMatching(
        /^<div data-toyfhe-images>\n<img alt="1 image of 28×28" src="[^"]*" [^>]*>\n<\/div>$/,
      ),
      'application/vnd.toyfhe.images+json': {
        ...{ width: 28, height: 28, channels: 1 },
        pixels: [Array.from(digit, (x) => Math.round(1000 * x) / 1000)],
      },
    });
  });

  it('captions: those given, or the labels of a set; 16 images unless told', () => {
    const images = new Uint8Array(20 * 4).fill(255);
    const set = { images, rows: 2, columns: 2, labels: Uint8Array.from({ length: 20 }, (_, i) => i % 10) };
    const bundle = shown(() => showImages(set));
    expect(bundle['text/plain']).toBe('[images: 16 images of 2×2: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5]');
    expect(bundle['application/vnd.toyfhe.images+json']!.pixels[15]).toEqual([1, 1, 1, 1]);
    const two = shown(() => showImages(set, { most: 2, captions: [7, 'nine', 3], alt: 'two' }));
    expect(two['text/plain']).toBe('[images: two]');
    expect(two['application/vnd.toyfhe.images+json']!.captions).toEqual(['7', 'nine']);
    expect(
      elementsOf(pictureOf(two['text/html'])).flatMap(({ name, text }) => (name === 'text' ? [text] : [])),
    ).toEqual(['7', 'nine']);
  });

  it('values beyond 0 to 1 are moved there', () => {
    const pixels = (values: number[]): readonly number[] =>
      shown(() => showImages(values))['application/vnd.toyfhe.images+json']!.pixels[0]!;
    expect(pixels([0, 51, 255, Number.NaN])).toEqual([0, 0.2, 1, 0]);
    expect(pixels([-1, 0, 1, 0.5])).toEqual([0, 0.5, 1, 0.75]);
    expect(pixels([0, 0.5, 0.25, 0])).toEqual([0, 0.5, 0.25, 0]);
  });

  it('refuses what is no images', () => {
    const bad = [
      3,
      null,
      'text',
      {},
      [1, 2, 3],
      [[1, 2]],
      [[1], [1, 2, 3, 4]],
      new Tensor([4]),
      new Tensor([1, 2, 2, 2]),
    ];
    for (const source of bad) expect(() => showImages(source as never)).toThrow(code('FORMAT'));
    expect(() => showImages([[null]] as never)).toThrow(/pixel 0 should be a number/);
    for (const none of [[], new Tensor([0, 1, 2, 2])]) expect(() => showImages(none)).toThrow(code('SLOTS'));
    expect(() => showImages([[1], [1]], { captions: ['one'] })).toThrow(/captions should be at least 2 but is 1/);
  });
});

describe('where it goes', () => {
  it('elsewhere: one line on the console', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    show(slotsFigure([1]));
    showImages([1]);
    expect(log.mock.calls).toEqual([['[figure: 1 slot, real parts (bar: real part)]'], ['[images: 1 image of 1×1]']]);
  });

  it('in a kernel of tslab: text and HTML as one output, once a cell runs', () => {
    const { cache } = createRequire(import.meta.url);
    const file = '/somewhere/node_modules/tslab/dist/jupyter.js';
    const kernel: { exports: { lastWriteDisplayData: unknown } } = { exports: { lastWriteDisplayData: null } };
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    cache[file] = kernel as unknown as NodeJS.Module;
    try {
      show(slotsFigure([1])); // no cell has run yet
      expect(log).toHaveBeenCalledTimes(1);
      const write = vi.fn();
      kernel.exports.lastWriteDisplayData = write;
      show(slotsFigure([1]), { alt: 'one' });
      expect(log).toHaveBeenCalledTimes(1);
      const data = {
        'text/plain': '[figure: one]',
        'text/html': expect.stringContaining('data-toyfhe-plot') as string,
      };
      expect(write.mock.calls).toEqual([[{ data, metadata: {}, transient: {} }]]);
    } finally {
      Reflect.deleteProperty(cache, file);
    }
  });
});
