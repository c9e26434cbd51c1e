/** Plotly figures as charts: small ones, character by character. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Figure } from '../src/kernel/protocol.ts';
import { chartLines } from '../src/show/chart.ts';
import { axisOf } from '../src/show/chart-axis.ts';
import { makeStyle } from '../src/show/theme.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

const plain = makeStyle({ columns: 32, theme: 'plain', colours: 'none', unicode: true });
const ascii = { ...plain, unicode: false };
const dark = makeStyle({ columns: 32, theme: 'dark', colours: '16', unicode: true });

describe('chartLines', () => {
  it('a line, with titles', () => {
    const figure = {
      data: [{ y: [0, 1, 4, 9] }],
      layout: { title: 'squares', xaxis: { title: 'n' }, yaxis: { title: { text: 'n<sup>2</sup>' } } },
    };
    expect(chartLines(figure, plain)).toEqual([
      'squares',
      'n2',
      '10┤',
      '  │                            •',
      '  │                          ⡠⠊',
      '  │                        ⡠⠊',
      '  │                      ⡠⠊',
      ' 5┤                    ⢀⠜',
      '  │                 ⢀⡠•⠁',
      '  │              ⢀⡠⠒⠁',
      '  │           ⢀⠤⠊⠁',
      '  │     ⣀⣀⡠⠤•⠊⠁',
      ' 0┤•⠒⠊⠉⠉',
      '  └┬──────────────────┬─────────',
      '   0                  2',
      '               n',
    ]);
  });

  it('a line in ASCII', () => {
    const figure = { data: [{ y: [0, 1, 4, 9] }] };
    expect(chartLines(figure, ascii)).toEqual([
      '10+',
      '  |                            *',
      '  |                           *',
      '  |                         **',
      '  |                        *',
      '  |                      **',
      '  |                     *',
      ' 5+                    **',
      '  |                  **',
      '  |               ***',
      '  |             **',
      '  |          ***',
      '  |    ******',
      ' 0+****',
      '  ++------------------+---------',
      '   0                  2',
    ]);
  });

  it('marks alone', () => {
    const figure = { data: [{ type: 'scatter', mode: 'markers', x: [1, 2, 3], y: [3, 1, 2] }] };
    expect(chartLines(figure, plain)).toEqual([
      '3┤•',
      ' │',
      ' │',
      ' │',
      ' │',
      ' │',
      ' │',
      '2┤                             •',
      ' │',
      ' │',
      ' │',
      ' │',
      ' │',
      '1┤               •',
      ' └┬──────────────┬─────────────┬',
      '  1              2             3',
    ]);
  });

  it('two lines without colours: by their characters', () => {
    const figure = {
      data: [
        { name: 'a', y: [0, 2] },
        { name: 'b', y: [2, 0] },
      ],
    };
    expect(chartLines(figure, plain)).toEqual([
      '2┤××                          ••',
      ' │  ××                      ••',
      ' │    ×××                •••',
      ' │       ××            ••',
      ' │         ××        ••',
      ' │           ×××  •••',
      '1┤              ××',
      ' │           •••  ×××',
      ' │         ••        ××',
      ' │       ••            ××',
      ' │    •••                ×××',
      ' │  ••                      ××',
      '0┤••                          ××',
      ' └┬────────────────────────────┬',
      '  0                            1',
      '• a   × b',
    ]);
  });

  it('bars', () => {
    const figure = { data: [{ type: 'bar', x: ['add', 'mul'], y: [1, 4] }] };
    expect(chartLines(figure, plain)).toEqual([
      '4┤                ▄▄▄▄▄▄▄▄▄▄▄▄',
      ' │                ████████████',
      ' │                ████████████',
      '3┤                ████████████',
      ' │                ████████████',
      ' │                ████████████',
      ' │                ████████████',
      '2┤                ████████████',
      ' │                ████████████',
      ' │                ████████████',
      '1┤ ▆▆▆▆▆▆▆▆▆▆▆▆   ████████████',
      ' │ ████████████   ████████████',
      ' │ ████████████   ████████████',
      '0┤ ████████████   ████████████',
      ' └───────┬──────────────┬───────',
      '        add            mul',
    ]);
  });

  it('bars in ASCII', () => {
    const figure = { data: [{ type: 'bar', x: ['add', 'mul'], y: [1, 4] }] };
    expect(chartLines(figure, ascii)).toEqual([
      '4+                ############',
      ' |                ############',
      ' |                ############',
      '3+                ############',
      ' |                ############',
      ' |                ############',
      ' |                ############',
      '2+                ############',
      ' |                ############',
      ' |                ############',
      '1+ ############   ############',
      ' | ############   ############',
      ' | ############   ############',
      '0+ ############   ############',
      ' +-------+--------------+-------',
      '        add            mul',
    ]);
  });

  it('bars side by side, with a legend', () => {
    const figure = {
      data: [
        { type: 'bar', name: 'toy', x: ['add', 'mul'], y: [2, 4] },
        { type: 'bar', name: 'seal', x: ['add', 'mul'], y: [1, 3] },
      ],
    };
    expect(chartLines(figure, plain)).toEqual([
      '4┤                ▄▄▄▄▄▄',
      ' │                ██████',
      ' │                ██████',
      '3┤                ██████▒▒▒▒▒▒',
      ' │                ██████▒▒▒▒▒▒',
      ' │                ██████▒▒▒▒▒▒',
      '2┤ ▄▄▄▄▄▄         ██████▒▒▒▒▒▒',
      ' │ ██████         ██████▒▒▒▒▒▒',
      ' │ ██████         ██████▒▒▒▒▒▒',
      '1┤ ██████▒▒▒▒▒▒   ██████▒▒▒▒▒▒',
      ' │ ██████▒▒▒▒▒▒   ██████▒▒▒▒▒▒',
      ' │ ██████▒▒▒▒▒▒   ██████▒▒▒▒▒▒',
      '0┤ ██████▒▒▒▒▒▒   ██████▒▒▒▒▒▒',
      ' └───────┬──────────────┬───────',
      '        add            mul',
      '█ toy   ▒ seal',
    ]);
  });

  it('bars below zero', () => {
    const figure = { data: [{ type: 'bar', x: [1, 2, 3], y: [2, -2, 0] }] };
    expect(chartLines(figure, plain)).toEqual([
      ' 2┤ ▄▄▄▄▄▄▄',
      '  │ ███████',
      '  │ ███████',
      ' 1┤ ███████',
      '  │ ███████',
      '  │ ███████',
      '  │ ███████',
      ' 0┤          ███████',
      '  │          ███████',
      '  │          ███████',
      '-1┤          ███████',
      '  │          ███████',
      '  │          ███████',
      '-2┤          ███████',
      '  └─────────────┬─────────────',
      '                2',
    ]);
  });

  it('lying bars, the first one at the bottom, as plotly draws them', () => {
    const figure = { data: [{ type: 'bar', orientation: 'h', x: [1, 4.25, -2], y: ['add', 'mul', 'rotate'] }] };
    expect(chartLines(figure, plain)).toEqual([
      'rotate │█████████ -2',
      '   mul │███████████████████ 4.25',
      '   add │████▌ 1',
    ]);
  });

  it('a histogram', () => {
    const figure = { data: [{ type: 'histogram', x: [1, 1, 1, 2, 2, 5], nbinsx: 5 }] };
    expect(chartLines(figure, plain)).toEqual([
      '3┤ ▄▄▄▄',
      ' │ ████',
      ' │ ████',
      ' │ ████',
      '2┤ ████  ▁▁▁▁',
      ' │ ████  ████',
      ' │ ████  ████',
      ' │ ████  ████',
      ' │ ████  ████',
      '1┤ ████  ████              ▇▇▇▇',
      ' │ ████  ████              ████',
      ' │ ████  ████              ████',
      ' │ ████  ████              ████',
      '0┤ ████  ████              ████',
      ' └──────┬───────────┬───────────',
      '        2           4          6',
    ]);
  });

  it('a heat map, the first row at the bottom', () => {
    const figure = {
      data: [
        {
          type: 'heatmap',
          z: [
            [0, 1],
            [2, 4],
          ],
          x: ['p', 'q'],
          y: ['r', 's'],
        },
      ],
    };
    expect(chartLines(figure, plain)).toEqual([
      ' │▒▒▒▒▒▒▒▒████████',
      's┤▒▒▒▒▒▒▒▒████████',
      ' │▒▒▒▒▒▒▒▒████████',
      ' │▒▒▒▒▒▒▒▒████████',
      ' │        ░░░░░░░░',
      'r┤        ░░░░░░░░',
      ' │        ░░░░░░░░',
      ' │        ░░░░░░░░',
      ' └────┬───────┬───',
      '      p       q',
      '0    ░░░░░░▒▒▒▒▒▒▓▓▓▓▓▓███ 4',
    ]);
  });

  it('a heat map in ASCII', () => {
    const figure = {
      data: [
        {
          type: 'heatmap',
          z: [
            [0, 1],
            [2, 4],
          ],
        },
      ],
    };
    expect(chartLines(figure, ascii)).toEqual([
      ' |++++++++@@@@@@@@',
      '1+++++++++@@@@@@@@',
      ' |++++++++@@@@@@@@',
      ' |++++++++@@@@@@@@',
      ' |        ::::::::',
      '0+        ::::::::',
      ' |        ::::::::',
      ' |        ::::::::',
      ' +----+-------+---',
      '      0       1',
      '0   ..:::--===+++**###%%@@ 4',
    ]);
  });

  it('a heat map says which values its colours stand for', () => {
    const scale = (fields: object): string =>
      chartLines({ data: [{ type: 'heatmap', z: [[0, 1, 3]], ...fields }] }, ascii).at(-1)!;
    expect(scale({})).toMatch(/^0 .* 3$/);
    expect(scale({ zmin: 0, zmax: 10 })).toMatch(/^0 .* 10$/);
    expect(scale({ zmid: 0 })).toMatch(/^-3 .* 3$/);
    // 1 and 3 are the brightest then, 0 is the middle.
    const [row] = chartLines({ data: [{ type: 'heatmap', z: [[0, 1, 3]], zmin: -1, zmax: 1 }] }, ascii);
    expect(row).toBe(` |${'+'.repeat(8)}${'@'.repeat(16)}`);
  });

  it('numbers make room for the colours, or both are left out', () => {
    const last = (columns: number): string =>
      chartLines({ data: [{ type: 'heatmap', z: [[-999_950_000]] }] }, { ...ascii, columns }).at(-1)!;
    expect(last(27)).toMatch(/^-1000000000 .{3} -1000000000$/);
    expect(last(24)).toMatch(/^-1e9 .{14} -1e9$/);
    expect(last(11)).not.toContain('1e9');
  });

  it('lying bars on a logarithmic axis: the least has a length too', () => {
    const figure = {
      data: [{ type: 'bar', orientation: 'h', y: ['a', 'b', 'c'], x: [1, 10, 100] }],
      layout: { xaxis: { type: 'log' } },
    };
    expect(chartLines(figure, ascii)).toEqual([
      'c |######################### 100',
      'b |################# 10',
      'a |######## 1',
    ]);
  });

  it('a logarithmic axis, where zero has no place', () => {
    const figure = { data: [{ y: [1, 1e-2, 1e-4, 0] }], layout: { yaxis: { type: 'log' } } };
    expect(chartLines(figure, plain)).toEqual([
      ' 10⁰┤•',
      '    │ ⠱⡀',
      '    │  ⠘⢄',
      '10⁻¹┤   ⠈⢢',
      '    │     ⠱⡀',
      '    │      ⠘⢄',
      '    │       ⠈⢢',
      '10⁻²┤         •⡀',
      '    │          ⠘⢄',
      '    │           ⠈⢢',
      '10⁻³┤             ⠱⡀',
      '    │              ⠘⢄',
      '    │               ⠈⢢',
      '10⁻⁴┤                 •',
      '    └┬────────────────┬─────────',
      '     0                2',
    ]);
  });

  it('two pairs of axes, names for ticks, and steps', () => {
    const figure = {
      data: [
        { y: [5, 3], line: { shape: 'hv' } },
        { type: 'bar', y: [1, 2], yaxis: 'y2' },
      ],
      layout: {
        title: 'both',
        showlegend: false,
        yaxis: { title: 'level' },
        yaxis2: { title: 'ms' },
        xaxis: { tickvals: [0, 1], ticktext: ['conv', 'fc'] },
      },
    };
    expect(chartLines(figure, plain)).toEqual([
      'both',
      'level',
      '5┤•⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⢤',
      ' │                             ⢸',
      ' │                             ⢸',
      ' │                             ⢸',
      '4┤                             ⢸',
      ' │                             ⢸',
      ' │                             ⢸',
      '3┤                             •',
      ' └┬────────────────────────────┬',
      ' conv                         fc',
      '',
      'ms',
      '2┤                ▄▄▄▄▄▄▄▄▄▄▄▄',
      ' │                ████████████',
      ' │                ████████████',
      ' │                ████████████',
      '1┤ ████████████   ████████████',
      ' │ ████████████   ████████████',
      ' │ ████████████   ████████████',
      '0┤ ████████████   ████████████',
      ' └───────┬──────────────┬───────',
      '        conv            fc',
    ]);
  });

  it('what it cannot draw, it says', () => {
    const figure = {
      data: [
        { type: 'pie', values: [1] },
        { type: 'scatter', y: [1] },
      ],
    };
    expect(chartLines(figure, plain)).toEqual([
      '2┤',
      ' │',
      ' │',
      ' │',
      ' │',
      ' │',
      ' │',
      '1┤               •',
      ' │',
      ' │',
      ' │',
      ' │',
      ' │',
      '0┤',
      ' └───────────────┬──────────────',
      '                 0',
      'what is of type pie cannot be',
      'drawn in a terminal; Ctrl-O',
      'opens the figure in the browser',
    ]);
  });

  it('several lines in colours, named below', () => {
    const figure = {
      data: [
        { name: 'sin', y: [0, 1] },
        { name: 'cos', y: [1, 0], mode: 'markers' },
      ],
    };
    const lines = chartLines(figure, dark);
    const [sin, cos, axis] = ['\x1b[94m', '\x1b[1;91m', '\x1b[2m'];
    const off = '\x1b[0m';
    expect(lines[0]).toBe(`${axis}1┤${off}${cos}•${off}${' '.repeat(27)}${sin}⢀${off}${sin}•${off}`);
    expect(lines.at(-1)).toBe(`${sin}⠒⠒${off} sin   ${cos}•${off} cos`);
  });

  it('a heat map in colours: half a character a value, viridis', () => {
    const style = makeStyle({ columns: 32, theme: 'dark', colours: 'true', unicode: true });
    const z = Array.from({ length: 30 }, (_, row) => [row, null]);
    const lines = chartLines({ data: [{ type: 'heatmap', z }] }, style);
    const axis = (text: string): string => `\x1b[38;2;148;148;148m${text}\x1b[0m`;
    // The last row is the upper half of the first line; what is missing is black.
    expect(lines[0]).toBe(
      `${axis('28┤')}\x1b[38;2;253;231;37;48;2;230;228;41m▀\x1b[0m\x1b[38;2;0;0;0;48;2;0;0;0m▀\x1b[0m`,
    );
    expect(lines.slice(13, 18).map((line) => stripVTControlCharacters(line))).toEqual([
      ' 2┤▀▀',
      ' 0┤▀▀',
      '  └┬─',
      '   0',
      `0 ${'▀'.repeat(24)} 29`,
    ]);
    expect(lines.at(-1)).toContain('0 \x1b[38;2;68;1;84;48;2;68;1;84m▀');
  });

  it('nothing to draw', () => {
    const none = {
      data: [
        { type: 'heatmap', z: [] },
        { type: 'bar', orientation: 'h', x: [] },
      ],
    };
    expect(chartLines(none, plain)).toEqual(['(no values)', '', '(no values)']);
    expect(chartLines({ data: [] }, plain)).toEqual([
      'the figure has no traces; Ctrl-O',
      'opens the figure in the browser',
    ]);
    expect(chartLines({ data: [{ y: [1] }] }, { ...plain, columns: 23 })[0]).toBe('the window is too');
  });

  it('fits, and says what it is, whatever the figure', () => {
    const value = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(null, 'a', '12', 'b\x1b[2J', true, [], {}));
    const list = fc.oneof(fc.array(value, { maxLength: 30 }), fc.constantFrom(undefined, 7, 'x'));
    const trace = fc.record(
      {
        type: fc.constantFrom('scatter', 'bar', 'histogram', 'heatmap', 'pie', undefined, 3),
        mode: fc.constantFrom('lines', 'markers', 'lines+markers', 'text'),
        orientation: fc.constantFrom('h', 'v'),
        x: list,
        y: list,
        z: fc.array(list, { maxLength: 6 }),
        name: fc.string(),
        yaxis: fc.constantFrom('y', 'y2'),
        line: fc.constantFrom({ shape: 'hv' }, { shape: 'vh' }, null),
      },
      { requiredKeys: [] },
    );
    const axis = fc.record(
      {
        type: fc.constantFrom('log', 'linear', 'category', 'date'),
        range: fc.array(value, { maxLength: 2 }),
        tickvals: list,
        ticktext: list,
        dtick: value,
        title: fc.oneof(fc.string(), fc.record({ text: fc.string() })),
      },
      { requiredKeys: [] },
    );
    const layout = fc.record({ title: fc.string(), xaxis: axis, yaxis: axis, yaxis2: axis }, { requiredKeys: [] });
    const figure: fc.Arbitrary<Figure> = fc.record({ data: fc.array(trace, { maxLength: 3 }), layout });
    fc.assert(
      fc.property(figure, fc.integer({ min: 10, max: 120 }), (any, columns) => {
        for (const style of [plain, ascii, dark]) {
          const lines = chartLines(any, { ...style, columns });
          expect(lines.length).toBeGreaterThan(0);
          for (const line of lines) {
            expect(stringWidth(line)).toBeLessThanOrEqual(columns);
            expect(line).not.toContain('\x1b[2J');
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('axisOf', () => {
  const labels = (values: readonly unknown[], layout: unknown = {}, ticks = 4): string[] =>
    axisOf(values, { layout, ticks, unicode: true }).ticks.map(({ label }) => label);

  it('writes round numbers with the digits that they need', () => {
    expect(labels([0, 1])).toEqual(['0', '1']); // whole numbers have none between them
    expect(labels([0, 1.1])).toEqual(['0.0', '0.5', '1.0']);
    expect(labels([0.001, 0.0025])).toEqual(['0.0010', '0.0015', '0.0020', '0.0025']);
    expect(labels([0, 4096])).toEqual(['0', '2000', '4000']);
    expect(labels([0, 3e-9])).toEqual(['0', '1e-9', '2e-9', '3e-9']);
    expect(labels([0, 5e7])).toEqual(['0', '2e7', '4e7']);
    expect(labels([-3, 3])).toEqual(['-2', '0', '2']);
  });

  it('of logarithmic axes, powers of ten, and between few of them also 2 and 5', () => {
    expect(labels([1, 1e8], { type: 'log' })).toEqual(['10⁰', '10²', '10⁴', '10⁶', '10⁸']);
    expect(labels([0.1, 1000], { type: 'log' }, 9)).toEqual(['0.1', '1', '10', '100', '1000']);
    expect(labels([1, 10], { type: 'log' })).toEqual(['1', '2', '5', '10']);
  });

  it('heeds the layout: range, dtick, ticks of its own', () => {
    expect(labels([0, 1], { range: [0, 10] })).toEqual(['0', '5', '10']);
    expect(labels([0, 6], { dtick: 1 })).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(labels([0, 6], { dtick: 0.01 })).toEqual(['0', '2', '4', '6']);
    expect(labels([0, 6], { tickvals: [1, 3], ticktext: ['one', 'three'] })).toEqual(['one', 'three']);
  });

  it('puts names side by side, in the order in which they come', () => {
    expect(labels(['b', 'a', 'b'])).toEqual(['b', 'a']);
    expect(labels(['1', '2'], { type: 'category' })).toEqual(['1', '2']);
    expect(labels(['1', '3'])).toEqual(['1', '2', '3']);
  });
});
