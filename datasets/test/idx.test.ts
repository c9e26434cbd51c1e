import { describe, expect, test } from 'vitest';
import { parseIdx } from '../src/idx.ts';

const images = (): Uint8Array => Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);

describe('the IDX format', () => {
  test('images: three dimensions, row-major', () => {
    const { shape, data } = parseIdx(images(), 'x', 3);
    expect(shape).toEqual([2, 1, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('labels: one dimension', () => {
    const { shape, data } = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 9, 0), 'x', 1);
    expect(shape).toEqual([2]);
    expect([...data]).toEqual([9, 0]);
  });

  test('an array of nothing', () => {
    expect(parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 0), 'x', 1).data.length).toBe(0);
  });

  const changed = (place: number, value: number): Uint8Array => {
    const bytes = images();
    bytes[place] = value;
    return bytes;
  };

  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /at least 16 bytes long but is 0 bytes/],
    ['half a header', images().subarray(0, 15), /at least 16 bytes long but is 15 bytes/],
    ['another magic number', changed(0, 1), /the magic number should be 0x00000803 but is 0x01000803/],
    ['labels in place of images', changed(3, 1), /should be 0x00000803 but is 0x00000801/],
    ['floats', changed(2, 0x0d), /but is 0x00000d03/],
    ['a truncated file', images().subarray(0, 21), /should be 22 bytes long but is 21 bytes \(truncated\)/],
    ['bytes after the end', Uint8Array.of(...images(), 0), /22 bytes long but is 23 bytes \(1 byte too many\)/],
    ['extents beyond any memory', changed(4, 255).fill(255, 4, 16), /truncated/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseIdx(bytes, 'x', 3)).toThrow(message);
    expect(() => parseIdx(bytes, 'x', 3)).toThrow(/^cannot read x: .*; delete the file and run `npm run data`$/);
  });
});
