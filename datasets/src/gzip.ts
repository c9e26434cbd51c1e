/**
 * Unpacking gzip files (RFC 1952), with words for what is wrong with one.
 * @module
 */
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { errorCode, wrongData } from './errors.ts';
import { lengthIs } from './length.ts';

/**
 * @param largest bytes; what unpacks to more is refused before it fills the memory
 * @throws FheError FORMAT when `bytes` is not gzip, is cut off, goes on after its end, or holds more than `largest` bytes
 */
export function unpack(bytes: Uint8Array, largest: number, op: string, hint: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: largest });
  } catch (cause) {
    throw wrongData(
      op,
      'the file',
      `a whole gzip file of ${largest} bytes`,
      reason(cause, bytes, largest),
      hint,
      cause,
    );
  }
}

function reason(cause: unknown, bytes: Uint8Array, largest: number): string {
  if (errorCode(cause) === 'ERR_BUFFER_TOO_LARGE') return `more than ${largest} bytes inside`;
  // zlib takes what follows for a second gzip file, and calls that one cut off or damaged.
  const extra = bytes.length - wholeLength(bytes, largest);
  if (extra > 0) return lengthIs(bytes.length, bytes.length - extra);
  return errorCode(cause) === 'Z_BUF_ERROR' ? `truncated (${bytes.length} bytes of gzip)` : 'damaged';
}

/** How long the gzip file is that `bytes` begins with: header, deflate stream, checksum and length; else infinite. */
function wholeLength(bytes: Uint8Array, largest: number): number {
  const begin = headerLength(bytes);
  try {
    // Deflate marks its own end: what comes after it is left alone.
    const result: unknown = inflateRawSync(bytes.subarray(begin), { maxOutputLength: largest, info: true });
    const { engine } = result as { engine: { bytesWritten: number } };
    return begin + engine.bytesWritten + 8;
  } catch {
    return Infinity;
  }
}

/** Ten bytes, then what the flags in the fourth announce (RFC 1952, section 2.3). */
function headerLength(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0); // extra fields
  for (const flag of [8, 16]) if (flags & flag) at = bytes.indexOf(0, at) + 1 || bytes.length; // name, comment
  return flags & 2 ? at + 2 : at; // the header's own checksum
}
