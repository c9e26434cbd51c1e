/** Figures of the lessons: roots, heat maps, confusion, times, lines. */
import { describe, expect, it } from 'vitest';
import {
  confusionFigure,
  type Figure,
  heatMapFigure,
  linesFigure,
  rootsFigure,
  timingFigure,
} from '../src/inspect/index.ts';
import { slotExponents, slotsOf } from '../src/toy/index.ts';

/** Figures go through JSON to whoever draws them: nothing may be lost on the way. */
function json(figure: Figure): Figure {
  expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
  return figure;
}

function code(expected: string): unknown {
  return expect.objectContaining({ code: expected });
}

describe('rootsFigure', () => {
  it('numbers the slots by powers of 3, and joins each with the next', () => {
    const r = 0.707106781; // √½
    const { data, layout } = json(rootsFigure(4));
    expect(data.slice(1)).toEqual([
      {
        type: 'scatter',
        mode: 'lines',
        name: 'slot i to slot i + 1',
        x: [-r, r, null, r, -r, null],
        y: [r, r, null, r, r, null],
        line: { color: '#c98a2b', width: 1 },
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'conjugates',
        x: [-r, r],
        y: [-r, -r],
        marker: { color: '#8a8a8a', size: 7, symbol: 'circle-open' },
        hoverinfo: 'text',
        hovertext: ['conjugate of slot 0: ζ⁵ = −0.71 − 0.71i', 'conjugate of slot 1: ζ⁷ = 0.71 − 0.71i'],
      },
      {
        type: 'scatter',
        mode: 'markers+text',
        name: 'slots',
        x: [-r, r],
        y: [r, r],
        marker: { color: '#1f5fa8', size: 9 },
        text: ['0', '1'],
        textposition: ['top left', 'top right'],
        hoverinfo: 'text',
        hovertext: ['slot 0: ζ³ = −0.71 + 0.71i', 'slot 1: ζ¹ = 0.71 + 0.71i'],
      },
    ]);
    expect(layout).toMatchObject({ title: { text: 'the 4 roots of x⁴ + 1' }, yaxis: { scaleanchor: 'x' } });
    const circle = data[0] as unknown as { x: number[]; y: number[] };
    expect([circle.x[0], circle.y[0], circle.x.at(-1), circle.y.at(-1)]).toEqual([1, 0, 1, 0]);
  });

  it('puts slots where the toy has them: the polynomial x takes its values there', () => {
    const x = slotsOf([0, 1, ...new Array<number>(14).fill(0)]);
    const slots = rootsFigure(16).data.at(-1) as unknown as { x: number[]; y: number[]; hovertext: string[] };
    slots.x.forEach((re, i) =>
      expect([re, slots.y[i]]).toEqual([expect.closeTo(x.re[i]!, 8), expect.closeTo(x.im[i]!, 8)]),
    );
    const exponents = slots.hovertext.map((text) => /ζ(\S+)/.exec(text)![1]!);
    expect(exponents.map((e) => [...e].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c)).join(''))).toEqual(
      slotExponents(16).map(String),
    );
  });

  it('joins slots that a rotation by more steps joins, or none; numbers none where they are many', () => {
    const names = (figure: Figure): unknown[] => json(figure).data.map(({ name }) => name);
    expect(names(rootsFigure(16, { steps: -2 }))[1]).toBe('slot i to slot i − 2');
    const ends = (steps: number): unknown[] => (rootsFigure(8, { steps }).data[1]!['x'] as unknown[]).slice(0, 5);
    const [[from, to], back] = [ends(1) as [number, number], ends(-1)]; // slot 0 to slot 1; slot 1 to slot 0 comes second
    expect(back.slice(3)).toEqual([to, from]);
    for (const figure of [
      rootsFigure(16, { steps: 0 }),
      rootsFigure(16, { steps: 8 }),
      rootsFigure(2),
      rootsFigure(64),
    ]) {
      expect(names(figure)).toEqual(['unit circle', 'conjugates', 'slots']);
    }
    expect(rootsFigure(128).data.at(-1)).not.toHaveProperty('text');
    expect(rootsFigure(128).data.at(-1)).toMatchObject({ mode: 'markers' });
    expect(rootsFigure(4, { title: 'four' }).layout['title']).toEqual({ text: 'four' });
  });

  it('refuses what is no degree', () => {
    for (const degree of [0, 1, 3, 12, 2048, 4.5, Number.NaN, '16']) {
      expect(() => rootsFigure(degree as never)).toThrow(/degree should be a power of two from 2 to 1024/);
    }
    expect(() => rootsFigure(8, { steps: 0.5 })).toThrow(code('RANGE'));
  });
});

describe('heatMapFigure', () => {
  it('draws a row for each vector, the first at the top', () => {
    expect(json(heatMapFigure({ c: [1, 2, 0], 'rotated by 1': [0, 1, Number.NaN] }))).toEqual({
      data: [
        {
          type: 'heatmap',
          name: 'real part',
          x: [0, 1, 2],
          y: ['rotated by 1', 'c'],
          z: [
            [0, 1, null],
            [1, 2, 0],
          ],
          colorscale: 'Viridis',
          zmin: 0,
          zmax: 2,
        },
      ],
      layout: { title: { text: 'slots' }, xaxis: { title: { text: 'slot' }, dtick: 1 }, yaxis: { type: 'category' } },
    });
  });

  it('draws matrices and complex slots; with something negative, colours are symmetric about zero', () => {
    const { data, layout } = json(heatMapFigure([[1, -3], { re: [0, 2], im: [9, 9] }], { title: 'U', yTitle: 'slot' }));
    expect(data[0]).toMatchObject({ colorscale: 'RdBu', zmin: -3, zmax: 3, y: ['1', '0'] });
    expect(data[0]!['z']).toEqual([
      [0, 2],
      [1, -3],
    ]);
    expect(layout).toMatchObject({ title: { text: 'U' }, xaxis: { title: { text: 'column' } } });
    expect(layout['yaxis']).toEqual({ type: 'category', title: { text: 'slot' } });
    expect(heatMapFigure([new Float64Array(17)]).layout['xaxis']).not.toHaveProperty('dtick');
  });

  it('with a width, draws small maps side by side on one scale, four across', () => {
    const { data, layout } = json(heatMapFigure({ a: [1, 2, 3, 4, 5], b: [0, 9] }, { width: 2, title: 'two' }));
    expect(data).toEqual([
      {
        ...{ type: 'heatmap', name: 'a', x: [0, 1], y: ['4', '2', '0'], z: [[5], [3, 4], [1, 2]] },
        ...{ colorscale: 'Viridis', zmin: 0, zmax: 9, showscale: false, xaxis: 'x', yaxis: 'y' },
      },
      {
        ...{ type: 'heatmap', name: 'b', x: [0, 1], y: ['0'], z: [[0, 9]] },
        ...{ colorscale: 'Viridis', zmin: 0, zmax: 9, showscale: true, xaxis: 'x2', yaxis: 'y2' },
      },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'a' }, domain: [0, 0.475], anchor: 'y' },
      xaxis2: { title: { text: 'b' }, domain: [0.525, 1], anchor: 'y2' },
      yaxis2: { domain: [0, 1], showticklabels: false },
    });
    const five = heatMapFigure(Object.fromEntries('abcde'.split('').map((name) => [name, [1]])), { width: 1 }).layout;
    const domain = (axis: string): unknown => (five[axis] as { domain: unknown }).domain;
    expect([domain('xaxis5'), domain('xaxis')]).toEqual([domain('xaxis'), [0, expect.closeTo(0.2125)]]);
    expect(domain('yaxis5')).toEqual([expect.closeTo(0), expect.closeTo(0.4243, 3)]);
    expect(domain('yaxis4')).toEqual([expect.closeTo(0.5757, 3), 1]);
  });

  it('refuses what it cannot draw', () => {
    for (const none of [[], {}]) expect(() => heatMapFigure(none as never)).toThrow(code('SLOTS'));
    expect(() => heatMapFigure({ a: [] })).toThrow(/the number of values of a should be at least 1/);
    expect(() => heatMapFigure({ a: [1, 2], b: [1] })).toThrow(/the length of b should be 2 but is 1/);
    for (const bad of [3, undefined, [1, 2], { a: 'text' }, [['1']]]) {
      expect(() => heatMapFigure(bad as never)).toThrow(code('RANGE'));
    }
    for (const width of [0, 1.5, Number.NaN]) expect(() => heatMapFigure([[1]], { width })).toThrow(code('RANGE'));
  });
});

describe('confusionFigure', () => {
  it('counts, the first class at the top', () => {
    expect(json(confusionFigure([0, 0, 1, 2], [0, 1, 1, 0]))).toEqual({
      data: [
        {
          type: 'heatmap',
          name: 'images',
          x: ['0', '1', '2'],
          y: ['2', '1', '0'],
          z: [
            [1, 0, 0],
            [0, 1, 0],
            [1, 1, 0],
          ],
          text: [
            ['1', '', ''],
            ['', '1', ''],
            ['1', '1', ''],
          ],
          texttemplate: '%{text}',
          hovertemplate: '%{y} taken for %{x}: %{z}<extra></extra>',
          colorscale: [
            [0, '#f7fbff'],
            [0.02, '#c6dbef'],
            [1, '#08306b'],
          ],
          zmin: 0,
          zmax: 1,
        },
      ],
      layout: {
        title: { text: '2 of 4 right (50 %)' },
        width: 620,
        height: 540,
        xaxis: { title: { text: 'predicted' }, type: 'category' },
        yaxis: { title: { text: 'true' }, type: 'category' },
      },
    });
  });

  it('never says that all are right where one is not; names classes', () => {
    const labels = new Uint8Array(10_000);
    const predictions = labels.slice();
    predictions[3] = 1;
    const { data, layout } = confusionFigure(labels, predictions, { names: ['cat', 'dog', 'owl'] });
    expect(layout['title']).toEqual({ text: '9999 of 10000 right (99.9 %)' });
    expect(data[0]!['x']).toEqual(['cat', 'dog', 'owl']);
    expect(confusionFigure([1], [1], { title: 'one' }).layout['title']).toEqual({ text: 'one' });
  });

  it('refuses lists that do not fit', () => {
    expect(() => confusionFigure([], [])).toThrow(code('SLOTS'));
    expect(() => confusionFigure([1, 2], [1])).toThrow(/the number of predictions should be 2 but is 1/);
    for (const bad of [-1, 0.5, 100, Number.NaN]) expect(() => confusionFigure([bad], [0])).toThrow(code('RANGE'));
  });
});

describe('timingFigure', () => {
  it('draws lying bars, the first at the top', () => {
    expect(json(timingFigure({ rotate: 2.12345, square: 0.4 }))).toEqual({
      data: [
        {
          type: 'bar',
          orientation: 'h',
          name: 'time',
          x: [0.4, 2.123],
          y: ['square', 'rotate'],
          text: ['0.4 ms', '2.1 ms'],
          textposition: 'outside',
          cliponaxis: false,
        },
      ],
      layout: {
        title: { text: 'time' },
        height: 200,
        showlegend: false,
        xaxis: { title: { text: 'milliseconds' }, range: [0, expect.closeTo(2.441)] },
        yaxis: { type: 'category', automargin: true },
      },
    });
  });

  it('compares series, also by powers of ten', () => {
    const { data, layout } = json(
      timingFigure({ engine: { add: 0.01, all: 1234 }, seal: { add: 0.1, all: 250 } }, { log: true, title: 'both' }),
    );
    expect(data.map(({ name, text }) => [name, text])).toEqual([
      ['engine', ['1.2 s', '0.01 ms']],
      ['seal', ['250 ms', '0.1 ms']],
    ]);
    expect(data.map(({ width, offset }) => [width, offset])).toEqual([
      [0.4, 0], // on top
      [0.4, -0.4],
    ]);
    expect(layout).toMatchObject({ title: { text: 'both' }, showlegend: true, height: 260 });
    expect(layout['xaxis']).toMatchObject({ type: 'log', range: [-3, expect.closeTo(3.591, 3)] });
  });

  it('refuses what is no time', () => {
    for (const none of [{}, { engine: {} }]) expect(() => timingFigure(none)).toThrow(/the number of times/);
    for (const time of [-1, Number.NaN, Number.POSITIVE_INFINITY, '3']) {
      expect(() => timingFigure({ add: time as number })).toThrow(/the time of add should be milliseconds ≥ 0/);
    }
    expect(() => timingFigure({ add: 0 }, { log: true })).toThrow(/milliseconds > 0/);
    expect(() => timingFigure({ engine: { add: 1 }, seal: 3 } as never)).toThrow(/the times of seal/);
    expect(timingFigure({ nothing: 0 }).layout['xaxis']).toMatchObject({ range: [0, 1.15] });
  });
});

describe('linesFigure', () => {
  it('draws lines, with marks while points are few', () => {
    expect(json(linesFigure({ bits: [3, Number.NaN, 1] }, { x: [1, 2, 4], xTitle: 'sums', yTitle: 'bits' }))).toEqual({
      data: [{ type: 'scatter', mode: 'lines+markers', name: 'bits', x: [1, 2, 4], y: [3, null, 1] }],
      layout: {
        title: { text: 'bits' },
        showlegend: false,
        xaxis: { title: { text: 'sums' } },
        yaxis: { title: { text: 'bits' } },
      },
    });
    const many = linesFigure({ a: new Float64Array(41), b: new Float64Array(41) });
    expect(many.data[0]).toMatchObject({ mode: 'lines', x: Array.from({ length: 41 }, (_, i) => i) });
    expect(many.layout).toMatchObject({ title: { text: 'a, b' }, showlegend: true });
  });

  it('has logarithmic axes, on which zero has no place, and names along the axis', () => {
    const { data, layout } = json(
      linesFigure({ e: [1, 0, -1] }, { x: [0, 10, 100], logX: true, logY: true, title: 't' }),
    );
    expect(data[0]).toMatchObject({ x: [null, 10, 100], y: [1, null, null] });
    expect(layout).toMatchObject({ xaxis: { type: 'log' }, yaxis: { type: 'log', exponentformat: 'power' } });
    expect(linesFigure({ bits: [1, 2] }, { x: ['add', 'mul'] }).data[0]!['x']).toEqual(['add', 'mul']);
  });

  it('refuses what it cannot draw', () => {
    expect(() => linesFigure({})).toThrow(code('RANGE'));
    expect(() => linesFigure({ a: [] })).toThrow(code('SLOTS'));
    expect(() => linesFigure({ a: [1, 2], b: [1] })).toThrow(/the length of b should be 2 but is 1/);
    expect(() => linesFigure({ a: [1, 2] }, { x: [1] })).toThrow(/the length of a should be 1 but is 2/);
    expect(() => linesFigure({ a: [1, '2'] as never })).toThrow(/value 1 of a should be a number/);
  });
});
