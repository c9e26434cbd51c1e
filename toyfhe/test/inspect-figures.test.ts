/** Figures: data in, plain JSON out. */
import { describe, expect, it } from 'vitest';
import { type LedgerLine, parameters, shadowed, twin } from '../src/backend/index.ts';
import { Polynomial } from '../src/circuits/index.ts';
import { curveFigure, type Figure, modulusLadderFigure, precisionFigure, slotsFigure } from '../src/inspect/index.ts';
import { CKKSEncoding, FixedRational, NegacyclicRing, SlotEncoding, zero } from '../src/toy/index.ts';

/** Figures go through JSON to whoever draws them: nothing may be lost on the way. */
function json(figure: Figure): Figure {
  expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
  return figure;
}

function code(expected: string): unknown {
  return expect.objectContaining({ code: expected });
}

describe('slotsFigure', () => {
  it('draws bars', () => {
    expect(json(slotsFigure([1, -2, Number.NaN], { title: 'three' }))).toEqual({
      data: [{ type: 'bar', name: 'real part', x: [0, 1, 2], y: [1, -2, null] }],
      layout: { title: { text: 'three' }, xaxis: { title: { text: 'slot' } }, yaxis: { title: { text: 'value' } } },
    });
  });

  it('takes what decode, decodeComplex and the toy give', () => {
    const b = twin({ ringDegree: 8, chain: [40], insecure: true });
    const p = b.encode([1, { re: 2, im: 5 }] as never);
    const ring = NegacyclicRing(8, [40]);
    const scale = FixedRational(2n ** 20n);
    for (const values of [
      b.decode(p),
      b.decodeComplex(p),
      CKKSEncoding(scale, zero(ring)).assign([1, 2]),
      [...CKKSEncoding(scale, zero(ring)).assign([1, 2])],
    ]) {
      expect(slotsFigure(values).data[0]!['y']).toEqual([1, 2, 0, 0]);
    }
    const integers = SlotEncoding(17n, zero(ring)).assign([1, 2, 16]);
    expect(json(slotsFigure(integers))).toMatchObject({
      data: [{ y: [1, 2, 16, 0, 0, 0, 0, 0] }],
      layout: { title: { text: '8 slots, real parts' } },
    });
  });

  it('draws a map of colours for more than 64 slots, the first slot at the top', () => {
    expect(slotsFigure(new Float64Array(64)).data[0]!['type']).toBe('bar');
    const { xaxis } = json(slotsFigure([1, 2], { xTitle: 'power of x' })).layout;
    expect(xaxis).toEqual({ title: { text: 'power of x' } });
    const { data, layout } = json(slotsFigure(Float64Array.from({ length: 70 }, (_, i) => i)));
    expect(data[0]).toMatchObject({ type: 'heatmap', zmid: 0, y: ['64', '48', '32', '16', '0'] });
    expect(data[0]!['z']).toEqual([
      [64, 65, 66, 67, 68, 69],
      ...[48, 32, 16, 0].map((start) => Array.from({ length: 16 }, (_, i) => start + i)),
    ]);
    expect(layout['yaxis']).toMatchObject({ type: 'category' });
  });

  it('refuses what holds no numbers', () => {
    expect(() => slotsFigure([])).toThrow(code('SLOTS'));
    for (const bad of [undefined, 3, 'text', {}, [undefined], ['1']]) {
      expect(() => slotsFigure(bad as never)).toThrow(code('RANGE'));
    }
  });
});

describe('modulusLadderFigure', () => {
  it('tells what is left from what is used up', () => {
    expect(json(modulusLadderFigure([50, 40, 30], 1))).toEqual({
      data: [
        { type: 'bar', name: 'left', x: ['q₀', 'q₁'], y: [50, 40], marker: { color: '#2a7f62' } },
        { type: 'bar', name: 'used up', x: ['q₂'], y: [30], marker: { color: '#b8b8b8' } },
      ],
      layout: {
        title: { text: 'level 1 of 2: 90 of 120 bits left' },
        barmode: 'stack',
        xaxis: { title: { text: 'prime' }, type: 'category' },
        yaxis: { title: { text: 'bits' }, rangemode: 'tozero' },
      },
    });
  });

  it('knows the special primes of parameters; fresh ciphertexts have the whole chain', () => {
    const of = parameters({ ringDegree: 64, chain: [50, 40, 40], special: [50], insecure: true });
    const { data } = json(modulusLadderFigure(of));
    expect(data.map(({ name, x, y }) => [name, x, y])).toEqual([
      ['left', ['q₀', 'q₁', 'q₂'], [50, 40, 40]],
      ['of keys only', ['p₀'], [50]],
    ]);
    expect(modulusLadderFigure(of, 0).data.map(({ name }) => name)).toEqual(['left', 'used up', 'of keys only']);
  });

  it('refuses levels and chains that are none', () => {
    for (const level of [-1, 3, 0.5, Number.NaN]) {
      expect(() => modulusLadderFigure([50, 40, 40], level)).toThrow(/the level should be 0 to 2/);
    }
    for (const chain of [[], [0], [Number.NaN], undefined, 3]) {
      expect(() => modulusLadderFigure(chain as never)).toThrow(code('RANGE'));
    }
  });
});

describe('precisionFigure', () => {
  const line = (op: string, bitsRight: number, warning: string = ''): LedgerLine => ({
    op,
    level: 2,
    scale: '2^40',
    length: 2,
    bitsRight,
    noiseBits: 40 - bitsRight,
    bytes: 1,
    milliseconds: 1,
    warning,
  });

  it('draws the bits right of each operation', () => {
    expect(json(precisionFigure([line('encrypt', 21.756), line('rotate 1', 20)]))).toEqual({
      data: [
        {
          type: 'scatter',
          mode: 'lines+markers',
          name: 'bits right',
          x: [1, 2],
          y: [21.76, 20],
          text: ['encrypt: 21.8 bits right, level 2, scale 2^40', 'rotate 1: 20.0 bits right, level 2, scale 2^40'],
          hoverinfo: 'text',
        },
      ],
      layout: {
        title: { text: 'bits right after each operation' },
        showlegend: false,
        xaxis: { title: { text: 'operation' }, tickmode: 'array', tickvals: [1, 2], ticktext: ['encrypt', 'rotate 1'] },
        yaxis: { title: { text: 'bits right' } },
      },
    });
  });

  it('shows what is wrong, and takes a ledger', () => {
    const { data, layout } = json(precisionFigure([line('add', 3), line('mul', -9, 'overflow')], { title: 'sums' }));
    expect(data[1]).toMatchObject({ name: 'wrong', mode: 'markers', x: [2], y: [-9] });
    expect(data[1]!['text']).toEqual(['mul: -9.0 bits right, level 2, scale 2^40; overflow']);
    expect(layout).toMatchObject({ title: { text: 'sums' }, showlegend: true });
    const b = shadowed(twin({ ringDegree: 16, chain: [40], insecure: true }));
    b.keygen({ relinearize: false }).publicKey.encrypt(b.encode(1));
    expect(precisionFigure(b.ledger).data[0]!['y']).toEqual([53]);
  });

  it('names no operation where they are many', () => {
    const figure = precisionFigure(Array.from({ length: 41 }, () => line('add', 1)));
    expect(figure.layout['xaxis']).toEqual({ title: { text: 'operation' } });
  });
});

describe('curveFigure', () => {
  it('draws functions, objects with one, and lists, and how far they are from the first', () => {
    const curves = { square: (x: number) => x * x, 'degree 1': new Polynomial([0, 1]), list: [0, 0.5, 1] };
    const { data, layout } = json(curveFigure(curves, [0, 1]));
    expect(data.map(({ name, x, y, yaxis }) => [name, x, y, yaxis])).toEqual([
      ['square', [0, 0.5, 1], [0, 0.25, 1], 'y'],
      ['degree 1', [0, 0.5, 1], [0, 0.5, 1], 'y'],
      ['list', [0, 0.5, 1], [0, 0.5, 1], 'y'],
      ['error of degree 1', [0, 0.5, 1], [null, 0.25, null], 'y2'],
      ['error of list', [0, 0.5, 1], [null, 0.25, null], 'y2'],
    ]);
    expect(layout).toMatchObject({ title: { text: 'square, degree 1, list' }, yaxis2: { type: 'log' } });
  });

  it('draws one curve without errors, at as many points as asked for', () => {
    const { data, layout } = json(curveFigure({ inverse: (x) => 1 / x }, [-1, 1], { points: 3, title: 'one' }));
    expect(data).toMatchObject([{ x: [-1, 0, 1], y: [-1, null, 1] }]);
    expect(layout).toEqual({
      title: { text: 'one' },
      xaxis: { title: { text: 'x' } },
      yaxis: { title: { text: 'value' } },
    });
    const { x } = curveFigure({ f: Math.sin }, [0.1, 0.7]).data[0] as { x: number[] };
    expect([x.length, x[0], x.at(-1)]).toEqual([201, 0.1, 0.7]);
  });

  it('refuses what cannot be drawn', () => {
    expect(() => curveFigure({}, [0, 1])).toThrow(code('RANGE'));
    for (const interval of [[1, 0], [0, 0], [0, Number.NaN], [0]]) {
      expect(() => curveFigure({ f: Math.sin }, interval as never)).toThrow(/the lower first/);
    }
    expect(() => curveFigure({ f: Math.sin }, [0, 1], { points: 1 })).toThrow(code('RANGE'));
    expect(() => curveFigure({ a: [1, 2], b: [1, 2, 3] }, [0, 1])).toThrow(/the length of b should be 2 but is 3/);
  });
});
