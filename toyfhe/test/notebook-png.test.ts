/** PNG files of our own making, read by zlib and by the letter of the format. */
import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { png } from '../src/notebook/png.ts';

interface Chunk {
  readonly name: string;
  readonly content: Buffer;
}

/** All chunks, each with a right checksum. */
function chunksOf(file: Uint8Array): Chunk[] {
  const bytes = Buffer.from(file);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ name: body.subarray(0, 4).toString('latin1'), content: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

describe('png', () => {
  it('greys', () => {
    const [header, data, end] = chunksOf(png({ width: 2, height: 2, bytes: Uint8Array.of(0, 255, 7, 8) }));
    expect([...header!.content]).toEqual([0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0]);
    expect([...inflateSync(data!.content)]).toEqual([0, 0, 255, 0, 7, 8]); // each row begins with its filter: none
    expect([header!.name, data!.name, end!.name]).toEqual(['IHDR', 'IDAT', 'IEND']);
  });

  it('colours, and palettes', () => {
    const [header, data] = chunksOf(png({ width: 1, height: 2, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) }));
    expect(header!.content[9]).toBe(2);
    expect([...inflateSync(data!.content)]).toEqual([0, 1, 2, 3, 0, 4, 5, 6]);
    const palette = [[9, 8, 7] as const, [1, 1, 1] as const];
    const chunks = chunksOf(png({ width: 1, height: 1, bytes: Uint8Array.of(1), palette }));
    expect(chunks.map(({ name }) => name)).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect(chunks[0]!.content[9]).toBe(3);
    expect([...chunks[1]!.content]).toEqual([9, 8, 7, 1, 1, 1]);
  });

  it('more than one block: 65535 bytes and one', () => {
    const bytes = Uint8Array.from({ length: 65535 }, (_, i) => i % 251);
    const data = chunksOf(png({ width: 65535, height: 1, bytes }))[1]!;
    expect(inflateSync(data.content).subarray(1).equals(bytes)).toBe(true);
  });
});
