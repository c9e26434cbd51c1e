/** Affine maps in the clear: against definitions written out once more, and against the layers of `nn`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../src/backend/index.ts';
import {
  type AffineMap,
  applyMap,
  averagePoolMap,
  channelMap,
  composeMaps,
  type ConvolutionOptions,
  convolutionMap,
  denseMap,
  diagonalMap,
  explodedConvolutionMap,
  globalAveragePoolMap,
  identityMap,
  type ImageShape,
  LinearTransform,
  outputImage,
  scaledMap,
  vectorLayout,
} from '../src/circuits/index.ts';

function values(n: number, seed: string): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: n }, () => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 31 - 1);
}

function expectClose(got: ArrayLike<number>, want: ArrayLike<number>): void {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++) expect(got[i]).toBeCloseTo(want[i]!, 12); // sums of doubles, in another order
}

/** The definition, from the output's side: bias + Σ weight · pixel, with zeros outside. */
function convolve(
  { channels, height, width }: ImageShape,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
  options: ConvolutionOptions,
  image: ArrayLike<number>,
): number[] {
  const [kh, kw] = options.kernel;
  const [dy, dx] = options.dilation ?? [1, 1];
  const [top, left, bottom, right] = options.padding;
  const padded = (c: number, y: number, x: number): number => {
    if (y < top || y >= top + height || x < left || x >= left + width) return 0;
    return image[(c * height + y - top) * width + x - left]!;
  };
  const out: number[] = [];
  for (let o = 0; o < options.outputChannels; o++) {
    for (let y = 0; y + dy * (kh - 1) < top + height + bottom; y += options.stride[0]) {
      for (let x = 0; x + dx * (kw - 1) < left + width + right; x += options.stride[1]) {
        let sum = bias?.[o] ?? 0;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < kh; i++) {
            for (let j = 0; j < kw; j++) {
              sum += weight[((o * channels + c) * kh + i) * kw + j]! * padded(c, y + i * dy, x + j * dx);
            }
          }
        }
        out.push(sum);
      }
    }
  }
  return out;
}

const small = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const pair = (min: number, max: number): fc.Arbitrary<[number, number]> => fc.tuple(small(min, max), small(min, max));

describe('affine maps', () => {
  const dense = (outputs: number, inputs: number, seed: string): AffineMap =>
    denseMap(values(outputs * inputs, seed), outputs, inputs, values(outputs, `${seed} bias`));

  it('multiply and add', () => {
    const map = denseMap([1, 2, 0, 0, 0, 3], 2, 3, [10, 20]);
    expect([...applyMap(map, [1, 10, 100])]).toEqual([31, 320]);
    expect([...map.starts, ...map.columns, ...map.weights]).toEqual([0, 2, 3, 0, 1, 2, 1, 2, 3]); // zeros are left out
    expect([...applyMap(diagonalMap([2, 0], [1, 1]), [5, 7])]).toEqual([11, 1]);
    expect([...applyMap(identityMap(2), [5, 7])]).toEqual([5, 7]);
    expect([...applyMap(scaledMap(map, -2), [1, 10, 100])]).toEqual([-62, -640]);
    expect(identityMap(2).bias).toBeUndefined();
  });

  it('compose: one map does what two did', () => {
    fc.assert(
      fc.property(small(1, 6), small(1, 6), small(1, 6), fc.boolean(), fc.boolean(), (a, b, c, first, second) => {
        const bare = (map: AffineMap): AffineMap => ({ ...map, bias: undefined });
        const [one, two] = [dense(b, a, 'first'), dense(c, b, 'second')].map((map, i) =>
          [first, second][i]! ? map : bare(map),
        ) as [AffineMap, AffineMap];
        const x = values(a, 'x');
        const both = composeMaps(two, one);
        expectClose(applyMap(both, x), applyMap(two, applyMap(one, x)));
        for (let r = 0; r < c; r++) {
          const row = [...both.columns.subarray(both.starts[r]!, both.starts[r + 1]!)];
          expect(row).toEqual([...new Set(row)].sort((i, j) => i - j)); // ascending, each once
        }
      }),
    );
    expect(composeMaps(identityMap(3), identityMap(3)).bias).toBeUndefined();
    // Weights that cancel leave no entry.
    expect(composeMaps(denseMap([1, -1], 1, 2), denseMap([1, 1], 2, 1)).weights).toHaveLength(0);
  });

  it('refuse what does not fit', () => {
    expect(() => denseMap([1, 2, 3], 2, 2)).toThrow(/number of weights should be 4 but is 3/);
    expect(() => denseMap([1, 2], 2, 1, [1])).toThrow(/number of biases should be 2 but is 1/);
    expect(() => denseMap([1, Number.NaN], 2, 1)).toThrow(/weights should be finite but is NaN/);
    expect(() => diagonalMap([1], [Infinity])).toThrow(/biases should be finite but is Infinity/);
    expect(() => applyMap(identityMap(3), [1])).toThrow(/number of values should be 3 but is 1/);
    expect(() => composeMaps(identityMap(3), identityMap(2))).toThrow(/inputs of the second map should be 2 but is 3/);
    expect(() => scaledMap(identityMap(1), 0)).toThrow(/factor should be finite and not zero but is 0/);
    const large = diagonalMap([1, -1e200], [1e100, 0]);
    expect([...scaledMap(large, 1e100).weights]).toEqual([1e100, -1e300]);
    expect(() => scaledMap(large, 1e200)).toThrow(/weights and biases should be finite times 1e\+200 but is -Infinity/);
    expect(() => scaledMap(diagonalMap([1], [1e200]), 1e200)).toThrow(/but is Infinity; take a smaller factor/);
  });

  it.each<[string, Partial<AffineMap>, RegExp]>([
    [
      'a column that is none',
      { columns: Uint32Array.of(0, 3) },
      /column of the map should be below its 3 inputs but is 3/,
    ],
    ['a row too few', { starts: Uint32Array.of(0, 2) }, /number of row starts of the map should be 3 but is 2/],
    ['entries of no row', { starts: Uint32Array.of(0, 1, 1) }, /last row start of the map should be 2 but is 1/],
    ['a row that goes backwards', { starts: Uint32Array.of(3, 1, 2) }, /start of row 1 of the map should be from 3 on/],
    ['a weight too many', { weights: Float64Array.of(1, 2, 3) }, /number of weights of the map should be 2 but is 3/],
    ['a bias too few', { bias: Float64Array.of(1) }, /number of biases of the map should be 2 but is 1/],
  ])('that were written by hand, with %s, are refused by whoever reads them', (_, wrong, message) => {
    const map: AffineMap = {
      inputs: 3,
      outputs: 2,
      starts: Uint32Array.of(0, 1, 2),
      columns: Uint32Array.of(0, 2),
      weights: Float64Array.of(5, 7),
      bias: undefined,
    };
    const make = (m: AffineMap): LinearTransform => new LinearTransform(m, vectorLayout(8, 3), vectorLayout(8, 2));
    expect([...applyMap(map, [1, 2, 3])]).toEqual([5, 21]);
    expect(() => make(map)).not.toThrow();
    expect(() => applyMap({ ...map, ...wrong }, [1, 2, 3])).toThrow(message);
    expect(() => make({ ...map, ...wrong })).toThrow(message);
  });
});

describe('image maps', () => {
  const anyWindows = fc.record({
    shape: fc.record({ channels: small(1, 3), height: small(3, 6), width: small(3, 6) }),
    outputChannels: small(1, 3),
    kernel: pair(1, 3),
    stride: pair(1, 3),
    padding: fc.tuple(small(0, 2), small(0, 2), small(0, 2), small(0, 2)),
    dilation: fc.constantFrom<[number, number] | undefined>(undefined, [1, 1]),
    bias: fc.boolean(),
  });

  it('convolve as the definition says', () => {
    fc.assert(
      fc.property(anyWindows, ({ shape, bias, dilation, ...windows }) => {
        const options: ConvolutionOptions = { ...windows, ...(dilation === undefined ? {} : { dilation }) };
        const { channels, height, width } = shape;
        const weight = values(options.outputChannels * channels * options.kernel[0] * options.kernel[1], 'weight');
        const biases = bias ? values(options.outputChannels, 'bias') : undefined;
        const image = values(channels * height * width, 'image');
        const map = convolutionMap(shape, weight, biases, options);
        const out = outputImage(shape, options);
        expect([map.inputs, map.outputs]).toEqual([image.length, out.channels * out.height * out.width]);
        expectClose(applyMap(map, image), convolve(shape, weight, biases, options, image));
      }),
    );
    const dilated = {
      outputChannels: 2,
      kernel: [3, 2],
      stride: [1, 2],
      padding: [1, 0, 2, 1],
      dilation: [2, 3],
    } as const;
    const shape = { channels: 2, height: 6, width: 5 };
    const [weight, image] = [values(2 * 2 * 6, 'weight'), values(60, 'image')];
    expect(outputImage(shape, dilated)).toEqual({ channels: 2, height: 5, width: 2 });
    expectClose(
      applyMap(convolutionMap(shape, weight, undefined, dilated), image),
      convolve(shape, weight, undefined, dilated, image),
    );
  });

  it('pool, with and without counting the padding', () => {
    const shape = { channels: 1, height: 2, width: 2 };
    const options = { kernel: [2, 2], stride: [2, 2], padding: [1, 1, 1, 1] } as const;
    const image = [4, 8, 12, 16];
    expect([...applyMap(averagePoolMap(shape, { ...options, countPadding: true }), image)]).toEqual([1, 2, 3, 4]);
    expect([...applyMap(averagePoolMap(shape, { ...options, countPadding: false }), image)]).toEqual(image);
    const two = { channels: 2, height: 2, width: 2 };
    expect([...applyMap(globalAveragePoolMap(two), [...image, 1, 2, 3, 6])]).toEqual([10, 3]);
    expect(() => averagePoolMap(shape, { ...options, padding: [2, 2, 2, 2], countPadding: false })).toThrow(
      /padding should be less than a window/,
    );
  });

  it('give each channel its factor and bias', () => {
    const map = channelMap({ channels: 2, height: 1, width: 2 }, [2, 3], [10, 20]);
    expect([...applyMap(map, [1, 2, 3, 4])]).toEqual([12, 14, 29, 32]);
  });

  it('convolve exploded patches as images', () => {
    const shape = { channels: 1, height: 5, width: 5 };
    const options = { outputChannels: 2, kernel: [3, 3], stride: [2, 2], padding: [0, 0, 0, 0] } as const;
    const [weight, bias, image] = [values(18, 'weight'), values(2, 'bias'), values(25, 'image')];
    // Feature (tap, window): what this position of the kernel covers in that window.
    const patches = Float64Array.from({ length: 9 * 4 }, (_, i) => {
      const [tap, window] = [Math.floor(i / 4), i % 4];
      const y = 2 * Math.floor(window / 2) + Math.floor(tap / 3);
      return image[y * 5 + 2 * (window % 2) + (tap % 3)]!;
    });
    const map = explodedConvolutionMap(9, 4, weight, bias);
    expectClose(applyMap(map, patches), convolve(shape, weight, bias, options, image));
  });

  it('refuse what does not fit', () => {
    const shape = { channels: 1, height: 4, width: 4 };
    const options = { outputChannels: 1, kernel: [3, 3], stride: [1, 1], padding: [0, 0, 0, 0] } as const;
    expect(() => convolutionMap(shape, [1], undefined, options)).toThrow(/number of weights should be 9 but is 1/);
    expect(() => convolutionMap(shape, values(9, 'w'), [1, 2], options)).toThrow(
      /number of biases should be 1 but is 2/,
    );
    expect(() => outputImage(shape, { ...options, kernel: [5, 3] })).toThrow(
      /kernel should be within the image of 4×4/,
    );
    expect(() => outputImage(shape, { ...options, stride: [0, 1] })).toThrow(/stride should be whole numbers from 1/);
    expect(() => outputImage(shape, { ...options, padding: [0, -1, 0, 0] })).toThrow(/padding should be whole numbers/);
    expect(() => channelMap(shape, [1, 2], [1])).toThrow(/number of factors should be 1 but is 2/);
    expect(() => explodedConvolutionMap(9, 4, values(10, 'w'), [1, 2])).toThrow(/number of weights should be 18/);
  });
});
