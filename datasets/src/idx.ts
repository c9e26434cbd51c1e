/**
 * The IDX format of the MNIST files, as the MNIST page by LeCun, Cortes and Burges, now archived, describes it under
 * "the IDX file format".
 * @module
 */
import { REPLACE_FILE, wrongData } from './errors.ts';
import { lengthIs } from './length.ts';

/** An array of unsigned bytes. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major; shares the memory of the file's bytes. */
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08; // the format's type code; MNIST has no other

/**
 * Takes an IDX file of unsigned bytes apart: two zero bytes, the type, the number of dimensions, each extent as 32 bits
 * big-endian, then the data. All of it is checked, before any memory is taken.
 * @param name the file's name, for messages
 * @param dimensions how many dimensions it should have: 3 for images, 1 for labels
 * @throws FheError FORMAT for a wrong magic number, a truncated file, or bytes after the end
 */
export function parseIdx(bytes: Uint8Array, name: string, dimensions: number): IdxArray {
  const op = `read ${name}`;
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) {
    throw wrongData(op, 'the file', `at least ${header} bytes long`, `${bytes.length} bytes`, REPLACE_FILE);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const wanted = (UNSIGNED_BYTE << 8) | dimensions;
  if (magic !== wanted) throw wrongData(op, 'the magic number', hex(wanted), hex(magic), REPLACE_FILE);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  // Beyond 2^53 the product is rounded, but then it is no file's length either.
  const expected = header + shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length !== expected) {
    throw wrongData(op, 'the file', `${expected} bytes long`, lengthIs(bytes.length, expected), REPLACE_FILE);
  }
  return { shape, data: bytes.subarray(header) };
}

function hex(n: number): string {
  return `0x${n.toString(16).padStart(8, '0')}`;
}
