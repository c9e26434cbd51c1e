/** Still pictures of figures and images. */
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  confusionFigure,
  curveFigure,
  type Figure,
  heatMapFigure,
  linesFigure,
  modulusLadderFigure,
  rootsFigure,
  slotsFigure,
  timingFigure,
} from '../src/inspect/index.ts';
import { colourScale } from '../src/notebook/colour-scale.ts';
import { imagesOf } from '../src/notebook/images.ts';
import { figureSvg } from '../src/notebook/svg-figure.ts';
import { imagesSvg } from '../src/notebook/svg-images.ts';
import { elementsOf } from './xml.ts';

/** The elements of a picture, whose XML is well-formed. */
function draw(figure: Figure): ReturnType<typeof elementsOf> {
  return elementsOf(figureSvg(figure, 'title'));
}

/** The texts in it, in order. */
function texts(figure: Figure): string[] {
  return draw(figure).flatMap(({ name, text }) => (name === 'text' ? [text] : []));
}

/** The paths in it that are no part of the grid. */
function paths(figure: Figure): string[] {
  const grid = ['#e3e8f0', '#b4bfd1'];
  return draw(figure).flatMap(({ name, attributes: { d, stroke } }) =>
    name === 'path' && !grid.includes(stroke ?? '') ? [d!] : [],
  );
}

describe('figureSvg', () => {
  it('a line: from corner to corner, with its marks', () => {
    const figure = linesFigure({ a: [0, 1] }, { title: 'up', xTitle: 'n' });
    const [line, marks] = paths(figure);
    const [, x0, y0, x1, y1] = /^M(\S+) (\S+)L(\S+) (\S+)$/.exec(line!)!.map(Number);
    expect([x0! < 100, x1! > 650, y0! > 300, y1! < 80]).toEqual([true, true, true, true]);
    expect(marks).toBe(`M${x0} ${y0}h0M${x1} ${y1}h0`);
    expect(texts(figure)).toEqual(['up', '0', '1', 'n', '0', '1']);
    expect(draw(figure)[0]).toMatchObject({ name: 'svg', attributes: { width: '720', height: '400' } });
  });

  it('gaps, steps, and dashes', () => {
    const line = {
      type: 'scatter',
      mode: 'lines',
      y: [1, null, 2, 3],
      line: { shape: 'hv', dash: 'dot', color: 'red' },
    };
    const svg = draw({ data: [line], layout: {} });
    const path = svg.find(({ attributes }) => attributes['stroke'] === 'red')!;
    expect(path.attributes['d']).toMatch(/^M[\d. ]+M[\d. ]+H[\d.]+V[\d.]+$/);
    expect(path.attributes['stroke-dasharray']).toBe('2 4');
  });

  it('of many points on one column of pixels only the outermost', () => {
    const [line] = paths(linesFigure({ a: Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i)) }));
    expect(line!.length).toBeLessThan(50_000);
  });

  it('bars, stacked by name, with a legend', () => {
    const figure = modulusLadderFigure([50, 40, 40], 1);
    expect(paths(figure).filter((d) => d.endsWith('z'))).toHaveLength(3 + 2); // and two marks of the legend
    expect(texts(figure)).toEqual(
      expect.arrayContaining(['level 1 of 2: 90 of 130 bits left', 'q₀', 'q₁', 'q₂', 'prime', '50', 'left', 'used up']),
    );
  });

  it('lying bars with their times, on powers of ten too', () => {
    const times = texts(timingFigure({ rotate: 2, add: 0.02 }, { log: true }));
    expect(times).toEqual(['time', '0.02 ms', '2 ms', '0.01', '0.1', '1', 'milliseconds', 'add', 'rotate']);
    const [add, rotate] = paths(timingFigure({ rotate: 2, add: 1 })).map((d) =>
      /^M(\S+) \S+H(\S+)V/.exec(d)!.map(Number),
    );
    expect((rotate![2]! - rotate![1]!) / (add![2]! - add![1]!)).toBeCloseTo(2, 2);
    const two = timingFigure({ engine: { add: 1 }, seal: { add: 1 } });
    const [engine, seal] = paths(two)
      .slice(0, 2)
      .map((d) => Number(/^M\S+ ([\d.]+)H/.exec(d)![1]));
    expect(engine!).toBeLessThan(seal!); // the first series on top
  });

  it('two panels above each other', () => {
    const figure = curveFigure({ f: (x) => x, g: (x) => x * 1.1 }, [1, 2]);
    expect(draw(figure).filter(({ name }) => name === 'clipPath')).toHaveLength(2);
    expect(texts(figure)).toEqual(expect.arrayContaining(['value', 'distance', 'x', 'f', 'g', 'error of g']));
    expect(texts(figure).filter((text) => text === '1.5')).toHaveLength(1); // below, once
  });

  it('circles are round', () => {
    const [circle] = paths(rootsFigure(4));
    const points = circle!
      .split(/[ML]/)
      .slice(1)
      .map((point) => point.split(' ').map(Number) as [number, number]);
    const wide = Math.max(...points.map(([x]) => x)) - Math.min(...points.map(([x]) => x));
    const high = Math.max(...points.map(([, y]) => y)) - Math.min(...points.map(([, y]) => y));
    expect(Math.abs(wide - high)).toBeLessThan(1);
    expect(texts(rootsFigure(4))).toEqual(expect.arrayContaining(['0', '1', 'conjugates', 'slots']));
  });

  it('a heat map: the first row at the top, what is unknown white', () => {
    const image = draw(
      heatMapFigure([
        [0, 1],
        [2, Number.NaN],
      ]),
    ).find(({ name }) => name === 'image')!;
    const file = Buffer.from(image.attributes['href']!.split(',')[1]!, 'base64');
    const at = file.indexOf('IDAT');
    const pixels = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
    expect([...pixels]).toEqual([0, 0, 127, 0, 254, 255]);
    const palette = file.subarray(file.indexOf('PLTE') + 4).subarray(0, 3 * 256);
    expect([...palette.subarray(0, 3), ...palette.subarray(3 * 254)]).toEqual([68, 1, 84, 253, 231, 37, 255, 255, 255]);
    expect(texts(confusionFigure([0, 1, 1], [0, 1, 0]))).toEqual(expect.arrayContaining(['1', 'predicted', 'true']));
    expect(texts(slotsFigure(new Float64Array(100)))).toContain('96');
  });

  it('small maps', () => {
    const figure = heatMapFigure({ a: [1, 2], b: [2, 1] }, { width: 1 });
    expect(draw(figure).filter(({ name }) => name === 'image')).toHaveLength(2);
    expect(texts(figure)).toEqual(expect.arrayContaining(['a', 'b', '0', '1']));
  });

  it('says which traces it cannot draw', () => {
    const figure = { data: [{ type: 'pie', values: [1, 2] }], layout: {} };
    expect(texts(figure)).toEqual(['not in this picture, but in the plot: pie']);
  });

  it('turns long labels, and leaves out those without room', () => {
    const names = Array.from({ length: 30 }, (_, i) => `operation ${i}`);
    const labels = draw(linesFigure({ bits: names.map((_, i) => i) }, { x: names })).filter(({ text }) =>
      text.startsWith('operation'),
    );
    expect(labels.every(({ attributes }) => attributes['transform']!.startsWith('rotate(-45'))).toBe(true);
    expect(labels.length).toBeGreaterThan(25);
    expect(texts(linesFigure({ bits: [1, 2] }, { x: ['x'.repeat(40), 'y'] }))).toContain(`${'x'.repeat(25)}…`);
  });

  it('holds whatever stands in titles and names', () => {
    const bad = '</text><script>&"\'\u0000\u001b\ud800 𝔐';
    const figure = linesFigure({ [bad]: [1, 2], b: [1, 1] }, { title: bad, xTitle: bad, x: [bad, 'b'] });
    expect(texts(figure)[0]).toBe('</text><script>&"\'� 𝔐');
    const colour = { type: 'bar', y: [1], marker: { color: '"/><script>' }, line: { color: '"' } };
    expect(draw({ data: [colour], layout: {} }).map(({ name }) => name)).not.toContain('script');
  });

  it('stands what is damaged', () => {
    const odd: Figure[] = [
      { data: [{ type: 'heatmap', z: [[]] }], layout: {} },
      { data: [{ type: 'heatmap', z: 3, x: {}, y: null }], layout: { xaxis: 7 } },
      { data: [{ type: 'bar', x: [1, 2], y: [null, 'a'] }], layout: { yaxis: { range: [1, 1], domain: [2, 1] } } },
      { data: [{ y: [5] }, { x: [1], y: [] }], layout: { xaxis: { type: 'log', dtick: -1 }, width: -3 } },
      {
        data: [{ y: [1e300, -1e300], text: [3], mode: 'text' }],
        layout: { title: { text: 4 }, yaxis: { tickvals: [{}] } },
      },
      { data: [{ x: ['a'], y: [1], xaxis: 'x9', yaxis: 'y9' }], layout: { yaxis: { scaleanchor: 'x' } } },
    ];
    for (const figure of odd) expect(figureSvg(figure, '')).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('imagesSvg', () => {
  it('draws images in rows, each with its caption', () => {
    const images = imagesOf(
      Array.from({ length: 9 }, () => new Float64Array(784)),
      { captions: '123456789'.split('') },
    );
    const elements = elementsOf(imagesSvg(images, 'digits'));
    const places = elements
      .filter(({ name }) => name === 'image')
      .map(({ attributes: { x, y } }) => [Number(x), Number(y)]);
    expect(places).toHaveLength(9);
    expect(new Set(places.map(([, y]) => y)).size).toBe(2);
    expect(elements.filter(({ name }) => name === 'text').map(({ text }) => text)).toEqual('123456789'.split(''));
    expect(elements.find(({ name }) => name === 'title')!.text).toBe('digits');
  });

  it('colours come from planes', () => {
    const red = { shape: [3, 1, 1], data: [1, 0, 0] };
    const image = elementsOf(imagesSvg(imagesOf(red), '')).find(({ name }) => name === 'image')!;
    const file = Buffer.from(image.attributes['href']!.split(',')[1]!, 'base64');
    const at = file.indexOf('IDAT');
    expect([...inflateSync(file.subarray(at + 4, -16))]).toEqual([0, 255, 0, 0]);
  });
});

describe('colourScale', () => {
  it('plotly names, pairs of place and colour, and viridis for all else', () => {
    expect(colourScale('Greys', false)(0.5)).toEqual([128, 128, 128]);
    expect(colourScale('Greys', true)(0)).toEqual([255, 255, 255]);
    expect(colourScale('RdBu')(0.7)).toEqual([230, 145, 90]); // as plotly's own
    expect(colourScale('Blues')(0.35)).toEqual([40, 60, 190]);
    expect(colourScale([[0, '#000000'], [0.5, '#ffffff']])(1)).toEqual([255, 255, 255]); // prettier-ignore
    expect(
      colourScale(
        [
          [0, 'rgb(0, 0, 0)'],
          [1, '#ff8000'],
        ],
        false,
      )(0.5),
    ).toEqual([128, 64, 0]);
    expect(colourScale('unknown', false)(0)).toEqual([68, 1, 84]);
    expect(colourScale([[0, 'red']], false)(1)).toEqual([253, 231, 37]);
    expect(colourScale(undefined, false)(0.5)).toEqual([33, 144, 141]);
  });
});
