/**
 * Small pictures as PNG files (https://www.w3.org/TR/png-3), not compressed: the same bytes on every machine, and no library.
 * @module
 */

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** By rows, from 0 to 255: greys, or entries of the palette; or red, green and blue of each pixel in turn. */
  readonly bytes: Uint8Array;
  /** The colours that `bytes` means, up to 256. */
  readonly palette?: readonly Rgb[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const [GREY, COLOURS, PALETTE] = [0, 2, 3];

export function png({ width, height, bytes, palette }: Pixels): Uint8Array {
  const channels = bytes.length / (width * height);
  const type = palette !== undefined ? PALETTE : channels === 3 ? COLOURS : GREY;
  const rows = new Uint8Array(height * (1 + width * channels)); // each begins with 0: no filter
  for (let y = 0; y < height; y++) {
    const row = bytes.subarray(y * width * channels, (y + 1) * width * channels);
    rows.set(row, y * (1 + width * channels) + 1);
  }
  return joined([
    SIGNATURE,
    chunk('IHDR', [...uint32(width), ...uint32(height), 8, type, 0, 0, 0]), // 8 bits a sample
    ...(palette === undefined ? [] : [chunk('PLTE', palette.flat())]),
    chunk('IDAT', stored(rows)),
    chunk('IEND', []),
  ]);
}

/** Length, name, content, and a checksum of the last two. */
function chunk(name: string, content: ArrayLike<number>): Uint8Array {
  const body = joined([[...name].map((letter) => letter.charCodeAt(0)), content]);
  return joined([uint32(content.length), body, uint32(crc32(body))]);
}

/** A zlib stream (RFC 1950) of blocks that are stored as they are (RFC 1951, 3.2.4). */
function stored(bytes: Uint8Array): Uint8Array {
  const most = 0xffff; // a block's length has 16 bits
  const parts: ArrayLike<number>[] = [[0x78, 0x01]];
  for (let start = 0; start < bytes.length; start += most) {
    const block = bytes.subarray(start, start + most);
    const last = start + most >= bytes.length ? 1 : 0;
    parts.push([last, block.length & 255, block.length >> 8, ~block.length & 255, (~block.length >> 8) & 255], block);
  }
  return joined([...parts, uint32(adler32(bytes))]);
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521; // the largest prime below 2^16, says RFC 1950
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0); // PNG's polynomial, reflected
  }
  return ~crc >>> 0;
}

function uint32(n: number): readonly number[] {
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
}

function joined(parts: readonly ArrayLike<number>[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
