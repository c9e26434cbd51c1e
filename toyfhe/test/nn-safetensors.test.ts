import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FheError } from '../src/backend/index.ts';
import { readSafetensors, Tensor, writeSafetensors } from '../src/nn/index.ts';

const text = new TextEncoder();

/** A file with this header and so many bytes of data. */
function file(header: string | Uint8Array, data = 0, length?: bigint): Uint8Array {
  const json = typeof header === 'string' ? text.encode(header) : header;
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown): string =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

describe('safetensors', () => {
  test('writes the format, byte for byte', () => {
    const bytes = writeSafetensors(new Map([['a', new Tensor([2], Float64Array.of(1, -2))]]));
    const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(Buffer.from(bytes.subarray(0, 8)).readBigUInt64LE()).toBe(BigInt(padded.length));
    expect(Buffer.from(bytes.subarray(8, 8 + padded.length)).toString()).toBe(padded);
    expect([...bytes.subarray(8 + padded.length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]); // 1, −2 in IEEE 754
  });

  test('reads what it wrote: F64 exactly, F32 rounded, with names in order and metadata', () => {
    const tensors = new Map([
      ['z.weight', new Tensor([2, 1, 2], Float64Array.of(0.1, -0, Number.POSITIVE_INFINITY, 5e-324))],
      ['1', new Tensor([], Float64Array.of(Math.PI))], // a scalar, under a name that objects would move
      ['empty', new Tensor([0, 3])],
      ['__proto__', new Tensor([1], Float64Array.of(7))],
      ['ключ "\\', new Tensor([1], Float64Array.of(8))],
    ]);
    const metadata = new Map([['made by', 'a test']]);
    const exact = readSafetensors(writeSafetensors(tensors, 'F64', metadata));
    expect(exact.metadata).toEqual(metadata);
    expect(new Map([...exact.tensors].sort())).toEqual(new Map([...tensors].sort()));
    const rounded = readSafetensors(writeSafetensors(tensors, 'F32'));
    expect(rounded.tensors.get('1')!.data[0]).toBe(Math.fround(Math.PI));
  });

  test('reads from the middle of a larger buffer', () => {
    const bytes = writeSafetensors(new Map([['a', new Tensor([1], Float64Array.of(3))]]));
    const larger = new Uint8Array(bytes.length + 10);
    larger.set(bytes, 3);
    expect(readSafetensors(larger.subarray(3, 3 + bytes.length)).tensors.get('a')!.data[0]).toBe(3);
  });

  test('refuses to write a tensor under the format’s own name', () => {
    expect(() => writeSafetensors(new Map([['__metadata__', new Tensor([1])]]))).toThrow(/__metadata__/);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /at least 8 bytes long but is 0 bytes/],
    ['half a length', new Uint8Array(7), /7 bytes/],
    ['a header longer than the file', file('{}', 0, 3n), /header length should be at most 2 but is 3/],
    ['a header of 2^63 bytes', file('{}', 0, 2n ** 63n), /header length/],
    ['an empty header', file(''), /begins with {/],
    ['a header that begins with a space', file(' {}'), /begins with {/],
    ['no JSON', file('{"a":'), /should be JSON but/],
    ['an array', file('[]'), /begins with {/],
    ['broken UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), /UTF-8/],
    ['a byte order mark', file(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)), /begins with {/],
    ['an entry that is no object', file('{"a":1}'), /a should be a JSON object but is 1/],
    ['an entry that is null', file('{"a":null}'), /but is null/],
    ['an unknown type', file(`{"a":${entry('I8', [1], 0, 1)}}`, 1), /dtype should be F32 or F64 but is "I8"/],
    ['no type', file('{"a":{"shape":[],"data_offsets":[0,4]}}', 4), /but is missing/],
    ['a negative extent', file(`{"a":${entry('F32', [-1], 0, 4)}}`, 4), /shape/],
    ['half an extent', file(`{"a":${entry('F32', [0.5], 0, 2)}}`, 2), /shape/],
    ['a shape that is no list', file(`{"a":${entry('F32', 1, 0, 4)}}`, 4), /shape/],
    ['a huge shape', file(`{"a":${entry('F32', [2 ** 40, 2 ** 40], 0, 4)}}`, 4), /bytes, as its shape says/],
    [
      'a shape that overflows to nothing',
      file(`{"a":${entry('F32', [...Array(24).fill(2 ** 52), 0], 0, 4)}}`, 4),
      /shape/,
    ],
    ['offsets backwards', file(`{"a":${entry('F32', [1], 4, 0)}}`, 4), /data_offsets/],
    ['one offset', file('{"a":{"dtype":"F32","shape":[],"data_offsets":[4]}}', 4), /data_offsets/],
    ['an offset as text', file(`{"a":${entry('F32', [1], '0', 4)}}`, 4), /data_offsets/],
    ['data beyond the end', file(`{"a":${entry('F32', [2], 0, 8)}}`, 4), /8 bytes, as the header says but is 4/],
    ['data after the end', file(`{"a":${entry('F32', [1], 0, 4)}}`, 5), /4 bytes, as the header says but is 5/],
    ['too few bytes for the shape', file(`{"a":${entry('F64', [1], 0, 4)}}`, 4), /8 bytes, as its shape says/],
    ['a gap', file(`{"a":${entry('F32', [1], 4, 8)}}`, 8), /beginning at 0/],
    ['an overlap', file(`{"a":${entry('F32', [2], 0, 8)},"b":${entry('F32', [1], 4, 8)}}`, 8), /beginning at 8/],
    ['a name twice', file(`{"a":${entry('F32', [1], 0, 4)},"a":${entry('F32', [], 0, 4)}}`, 4), /once but is 1 more/],
    ['metadata that is no text', file('{"__metadata__":{"a":1}}'), /__metadata__.a should be a string/],
    ['metadata that is a list', file('{"__metadata__":[]}'), /__metadata__ should be a JSON object/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
    expect(() => readSafetensors(bytes)).toThrow(FheError);
  });

  test('braces, colons and quotes inside names are not taken for structure', () => {
    const tensors = new Map([['{"a":[\\"', new Tensor([1])]]);
    expect(readSafetensors(writeSafetensors(tensors)).tensors).toEqual(tensors);
  });

  test('deep nesting and long names end in an FheError or in tensors, not in a full stack', () => {
    expect(() => readSafetensors(file(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`))).toThrow(FheError);
    const long = 'x'.repeat(2e6);
    expect(readSafetensors(file(`{"${long}":${entry('F32', [1], 0, 4)}}`, 4)).tensors.size).toBe(1);
  });

  test('any damage to a file gives an FheError or sound tensors', () => {
    const sound = writeSafetensors(
      new Map([
        ['a', new Tensor([2, 3])],
        ['b', new Tensor([4])],
      ]),
      'F64',
      new Map([['k', 'v']]),
    );
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), fc.nat(sound.length), (place, value, length) => {
        const bytes = sound.slice(0, length % 3 === 0 ? length : sound.length);
        if (place < bytes.length) bytes[place] = value;
        try {
          for (const { shape, data } of readSafetensors(bytes).tensors.values()) {
            expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
          }
        } catch (error) {
          expect(error).toBeInstanceOf(FheError);
          refused++;
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});
