/** What the kernel sends of a value. */
import { Tensor } from 'toyfhe/nn';
import { complex, evaluate, fraction, matrix, parse, unit } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { bundleOf } from '../src/kernel/bundle.ts';

const options = { colour: false, columns: 60 };
const text = (value: unknown, columns = 60): string => bundleOf(value, { ...options, columns })['text/plain'];
const rows = (value: unknown, columns = 60): string[] => text(value, columns).split('\n');

describe('numbers in a row', () => {
  it('short ones as Node prints them', () => {
    expect(text([1, 2.5, 3])).toBe('[ 1, 2.5, 3 ]');
    expect(text(new Float64Array(2))).toBe('Float64Array(2) [ 0, 0 ]');
  });

  it('longer ones in columns, with the place before each row', () => {
    expect(rows([1, 2, 3, 4, 5, 6, -17])).toEqual(['Array(7)', '  [0]    1    2    3    4    5    6  -17']);
    expect(
      rows(
        Float64Array.from({ length: 12 }, (_, i) => i / 4),
        40,
      ),
    ).toEqual([
      'Float64Array(12)',
      '   [0]  0.00  0.25  0.50  0.75  1.00',
      '   [5]  1.25  1.50  1.75  2.00  2.25',
      '  [10]  2.50  2.75',
    ]);
  });

  it('eight digits where fewer would not tell them exactly', () => {
    expect(rows([1.0000000003, 2, -1e-12, 3, 4, 5, 6])).toEqual([
      'Array(7)',
      '  [0]  1.00000000  2.00000000  0.00000000  3.00000000',
      '  [4]  4.00000000  5.00000000  6.00000000',
    ]);
  });

  it('an exponent where all are small, or some very large', () => {
    expect(rows([0, 1e-9, -2e-9, 0, 0, 0, 2.5e-10])[1]).toBe('  [0]        0   1.0e-9  -2.0e-9        0        0');
    expect(rows([1.5e9, 0, 0, 0, 0, 0, 0])).toEqual([
      'Array(7)',
      '  [0]  1500000000           0           0           0',
      '  [4]           0           0           0',
    ]);
    expect(rows([1.5e20, 0.5, 0, 0, 0, 0, 0])[1]).toBe('  [0]  1.5e20  5.0e-1       0       0       0');
    expect(rows([1, Number.NaN, Number.POSITIVE_INFINITY, 0.5, 0, 0, 0], 80)[1]).toBe(
      '  [0]       1.0       NaN  Infinity       0.5       0.0',
    );
  });

  it('of many, the first and the last', () => {
    expect(rows(Float32Array.from({ length: 1000 }, (_, i) => i))).toEqual([
      'Float32Array(1000)',
      '    [0]    0    1    2    3    4    5    6    7    8    9',
      '   [10]   10   11   12   13   14   15   16   17   18   19',
      '   [20]   20   21   22   23   24   25   26   27   28   29',
      '   [30]   30   31   32   33   34   35   36   37   38   39',
      '      ⋮',
      '  [980]  980  981  982  983  984  985  986  987  988  989',
      '  [990]  990  991  992  993  994  995  996  997  998  999',
    ]);
    expect(rows(new Uint8Array(64))).not.toContainEqual(expect.stringContaining('⋮'));
    expect(rows(new Uint8Array(65), 20)).toContainEqual(expect.stringContaining('⋮'));
  });

  it('a million of them', () => {
    const lines = rows(Float64Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i)));
    expect(lines).toHaveLength(8);
    expect(lines[0]).toBe('Float64Array(1000000)');
  });

  it('colours numbers as Node does, and dims places', () => {
    expect(bundleOf([1, 2, 3, 4, 5, 6, 7], { colour: true, columns: 80 })['text/plain']).toBe(
      'Array(7)\n  \x1b[90m[0]\x1b[39m\x1b[33m  1  2  3  4  5  6  7\x1b[39m',
    );
  });

  it('not what only looks so', () => {
    expect(text(Object.assign([1, 2, 3, 4, 5, 6, 7], { extra: 1 }))).toContain('extra: 1');
    expect(text(new BigInt64Array(7))).toMatch(/^BigInt64Array\(7\) \[/);
    expect(text(Buffer.from('abcdefgh'))).toBe('<Buffer 61 62 63 64 65 66 67 68>');
  });
});

describe('complex numbers and matrices', () => {
  it('slots: real and imaginary parts side by side', () => {
    const slots = { re: Float64Array.of(1, -2, 0.5), im: Float64Array.of(0, 0.25, -10) };
    expect(rows(slots)).toEqual(['3 complex numbers', '  [0]   1.0 +  0.00i  -2.0 +  0.25i', '  [2]   0.5 - 10.00i']);
  });

  it("mathjs' numbers and expressions, as they are written", () => {
    expect(text(complex(1, -2.5))).toBe('1 - 2.5i');
    expect(text([complex(1, 2), complex(3, -1)])).toBe('Array(2)\n  [0]  1 + 2i  3 - 1i');
    expect(text(fraction(1, 3))).toBe('1/3');
    expect(text(parse('x^2 + 3x'))).toBe('x ^ 2 + 3 x');
    expect(text(unit('5 cm'))).toBe('5 cm');
  });

  it('matrices: columns aligned', () => {
    expect(
      rows([
        [1, -2],
        [0.5, 10],
      ]),
    ).toEqual(['2×2 matrix', '  1.0  -2.0', '  0.5  10.0']);
    expect(
      rows(
        matrix([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ),
    ).toEqual(['DenseMatrix 2×3', '  1  2  3', '  4  5  6']);
    expect(rows(matrix([1, 2, 3]))).toEqual(['DenseMatrix 3', '  [0]  1  2  3']);
    expect(rows(evaluate('[1, 2i; 3, 4]'))).toEqual(['DenseMatrix 2×2', '  1 + 0i  0 + 2i', '  3 + 0i  4 + 0i']);
    expect(text(matrix([[[1, 2]], [[3, 4]]]))).toBe('DenseMatrix [ [ [ 1, 2 ] ], [ [ 3, 4 ] ] ]');
    expect(text([[1, 2], [3]])).toBe('[ [ 1, 2 ], [ 3 ] ]');
  });

  it('large ones without their middle', () => {
    const large = Array.from({ length: 30 }, (_, i) => Array.from({ length: 40 }, (_, j) => 40 * i + j));
    const lines = rows(large, 30);
    expect(lines[0]).toBe('30×40 matrix');
    expect(lines[1]).toBe('     0     1     2  ⋯    39');
    expect(lines.slice(10, 13)).toEqual(['   360   361   362  ⋯   399', '  ⋮', '  1080  1081  1082  ⋯  1119']);
    expect(lines).toHaveLength(15);
  });

  it('tensors: their own line, and the first and last values', () => {
    const tensor = new Tensor([2, 4], Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect(rows(tensor)).toEqual(['Tensor 2×4 (1.00 … 8.00)', '  [0]  1  2  3  4  5  6  7  8']);
  });
});

describe('figures', () => {
  const figure = (value: unknown): unknown => bundleOf(value, options)['application/vnd.plotly.v1+json'];

  it('are copied as JSON: typed arrays become lists, NaN null', () => {
    const value = {
      data: [{ type: 'bar', x: ['a', 'b'], y: Float64Array.of(1, Number.NaN), f: () => 1 }],
      layout: { title: { text: 'T' } },
    };
    expect(figure(value)).toEqual({
      data: [{ type: 'bar', x: ['a', 'b'], y: [1, null] }],
      layout: { title: { text: 'T' } },
    });
    expect(text(value)).toBe('plotly figure (bar): T');
    expect(figure({ data: [{ y: [1, 2] }] })).toEqual({ data: [{ y: [1, 2] }] });
    expect(text({ data: [{ y: [1, 2] }] })).toBe('plotly figure (scatter)');
  });

  it('not other objects with data', () => {
    expect(figure({ data: [{ type: 'user', id: 1 }] })).toBeUndefined();
    expect(figure({ data: [] })).toBeUndefined();
    expect(figure({ data: [1, 2] })).toBeUndefined();
    expect(figure({ data: 'x' })).toBeUndefined();
  });

  it('not what goes in a circle', () => {
    const layout: Record<string, unknown> = {};
    layout['self'] = layout;
    expect(figure({ data: [{ y: [1] }], layout })).toBeUndefined();
  });
});

describe('images', () => {
  const images = (value: unknown): ReturnType<typeof bundleOf>['application/vnd.toyfhe.images+json'] =>
    bundleOf(value, options)['application/vnd.toyfhe.images+json'];
  const tensor = (shape: number[], f: (i: number) => number = () => 0.5): Tensor =>
    new Tensor(
      shape,
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => f(i)),
    );

  it('tensors of grey or colour images, sixteen at most, with their own line as text', () => {
    expect(images(tensor([2, 1, 28, 28]))).toMatchObject({ width: 28, height: 28, channels: 1 });
    expect(images(tensor([20, 1, 28, 28]))!.pixels).toHaveLength(16);
    expect(images(tensor([1, 3, 32, 32]))!.pixels[0]).toHaveLength(3 * 32 * 32);
    expect(images(tensor([3, 32, 32]))).toMatchObject({ width: 32, height: 32, channels: 3 });
    expect(text(tensor([2, 1, 28, 28]))).toBe('Tensor 2×1×28×28 (0.500 … 0.500)');
  });

  it('values are moved to 0 … 1', () => {
    const pixels = (f: (i: number) => number): readonly number[] => images(tensor([1, 1, 8, 8], f))!.pixels[0]!;
    expect(pixels((i) => i / 100).slice(0, 3)).toEqual([0, 0.01, 0.02]);
    expect(pixels((i) => 4 * i)[63]).toBe(1);
    expect(pixels((i) => (i === 0 ? -1 : 1)).slice(0, 2)).toEqual([0, 1]);
    expect(pixels((i) => (i === 0 ? Number.NaN : 0.25)).slice(0, 2)).toEqual([0, 0.25]);
  });

  it('not weights, features, or numbers without such a shape', () => {
    expect(images(tensor([4, 1, 7, 7]))).toBeUndefined();
    expect(images(tensor([4, 16, 28, 28]))).toBeUndefined();
    expect(images(tensor([784]))).toBeUndefined();
    expect(images({ shape: [1, 1, 8, 8], data: new Float64Array(64) })).toBeUndefined();
  });

  it('a data set, with its labels', () => {
    const set = {
      name: 'x',
      count: 2,
      rows: 8,
      columns: 8,
      images: new Float32Array(128),
      labels: Uint8Array.of(7, 1),
    };
    expect(images(set)).toMatchObject({ width: 8, height: 8, channels: 1, captions: ['7', '1'] });
    expect(text(set)).toContain("name: 'x'");
    expect(text(set)).not.toContain('0, 0');
  });
});

describe('everything else', () => {
  it('as Node prints it: strings in quotes, objects with their own print by that', () => {
    expect(text('a\nb')).toBe("'a\\nb'");
    expect(text(undefined)).toBe('undefined');
    expect(text({ a: [1, { b: new Map([[1, 'x']]) }] })).toBe("{\n  a: [ 1, { b: Map(1) { 1 => 'x' } } ]\n}");
    class Own {
      data = [{ y: [1] }];
      [Symbol.for('nodejs.util.inspect.custom')](): string {
        return 'its own print';
      }
    }
    expect(text(new Own())).toBe('its own print');
  });

  it('never throws, and runs no getter', () => {
    const custom = Symbol.for('nodejs.util.inspect.custom');
    const throwing = (what: unknown): object => ({
      [custom]() {
        throw what;
      },
    });
    expect(text(throwing(new Error('no')))).toBe('(this value cannot be printed: Error: no)');
    expect(
      text(
        throwing({
          toString: () => {
            throw new Error('never');
          },
        }),
      ),
    ).toBe('(this value cannot be printed: it throws what cannot be printed either)');
    let asked = 0;
    const getters = {
      get data() {
        asked++;
        throw new Error('no');
      },
      get images() {
        asked++;
        return 1;
      },
      count: 1,
      rows: 8,
      columns: 8,
    };
    expect(text(getters)).toBe('{\n  data: [Getter],\n  images: [Getter],\n  count: 1,\n  rows: 8,\n  columns: 8\n}');
    expect(asked).toBe(0);
    const proxy = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
        getPrototypeOf: () => {
          throw new Error('trap');
        },
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    );
    expect(text(proxy)).toBe('{}');
    expect(text([proxy, proxy])).toBe('[ {}, {} ]');
    expect(text(Object.create(null))).toBe('[Object: null prototype] {}');
  });

  it('what is very long is cut', () => {
    expect(text('x'.repeat(1_000_000)).length).toBeLessThan(30_000);
    expect(text(Array(100).fill('y'.repeat(5000))).length).toBeLessThan(200_000);
  });
});
