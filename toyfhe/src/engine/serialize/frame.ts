/**
 * The frame of every file: magic, version, kind, the header's length and checksum, and blocks with theirs (format.ts).
 * @module
 */
import { crc32 } from './crc.ts';
import { FieldReader, type FieldWriter } from './fields.ts';
import {
  badFormat,
  CHECKSUM_BYTES,
  DAMAGED,
  hex,
  type Kind,
  KINDS,
  MAGIC,
  MOST_HEADER,
  PREFIX_BYTES,
  VERSION,
} from './format.ts';

/** A header around fields, checksum included. */
export function frameHeader(kind: Kind, fields: FieldWriter): Uint8Array {
  const { written } = fields;
  const header = new Uint8Array(PREFIX_BYTES + written.length + CHECKSUM_BYTES);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint16(8, VERSION, true);
  view.setUint8(10, KINDS[kind]);
  view.setUint32(12, header.length, true);
  header.set(written, PREFIX_BYTES);
  new Seal().close(header);
  return header;
}

/** The running checksum of one file. */
export class Seal {
  #crc = 0;

  /** Writes the checksum into the last four bytes of a header or block. */
  close(block: Uint8Array): void {
    const at = block.length - CHECKSUM_BYTES;
    this.#crc = crc32(block.subarray(0, at), this.#crc);
    new DataView(block.buffer, block.byteOffset + at).setUint32(0, this.#crc, true);
  }

  /** Takes bytes that no checksum follows. */
  add(bytes: Uint8Array): void {
    this.#crc = crc32(bytes, this.#crc);
  }

  /** What a block holds, less its checksum. @throws FheError FORMAT */
  open(op: string, what: string, block: Uint8Array): Uint8Array {
    const at = block.length - CHECKSUM_BYTES;
    const content = block.subarray(0, at);
    this.#crc = crc32(content, this.#crc);
    const found = new DataView(block.buffer, block.byteOffset + at).getUint32(0, true);
    if (found !== this.#crc) throw badFormat(op, `checksum of ${what}`, hex(this.#crc), hex(found));
    return content;
  }
}

export interface Header {
  readonly fields: FieldReader;
  readonly bytes: number;
  /** For the blocks that follow. */
  readonly seal: Seal;
}

/** Reads a header up to its fields. @throws FheError FORMAT */
export function* readHeader(op: string, kind: Kind): Generator<number, Header, Uint8Array> {
  const prefix = Uint8Array.from(yield PREFIX_BYTES);
  const view = new DataView(prefix.buffer);
  const start = prefix.subarray(0, MAGIC.length);
  if (start.some((b, i) => b !== MAGIC[i])) {
    const words = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ');
    throw badFormat(
      op,
      'first bytes',
      words(MAGIC),
      words(start),
      'pass what save or saveChunks gave, from its beginning',
    );
  }
  const version = view.getUint16(8, true);
  if (version !== VERSION) {
    const hint = 'load it by the toyfhe that saved it, or a newer one';
    throw badFormat(op, 'version of the format', String(VERSION), String(version), hint);
  }
  const found = view.getUint8(10);
  if (found !== KINDS[kind])
    throw badFormat(op, 'kind of object', describeKind(KINDS[kind]), describeKind(found), OTHER);
  if (view.getUint8(11) !== 0) throw badFormat(op, 'byte 11', '0', String(view.getUint8(11)));
  const bytes = view.getUint32(12, true);
  const least = PREFIX_BYTES + CHECKSUM_BYTES;
  if (bytes < least || bytes > MOST_HEADER) {
    throw badFormat(op, 'bytes of the header', `${least} to ${MOST_HEADER}`, String(bytes), DAMAGED);
  }
  const seal = new Seal();
  seal.add(prefix);
  const fields = new FieldReader(op, seal.open(op, 'the header', Uint8Array.from(yield bytes - PREFIX_BYTES)));
  return { fields, bytes, seal };
}

const OTHER = 'each kind has its own function: loadCiphertext, loadPublicKey, …';

/** `3 (ciphertext)`. */
function describeKind(code: number): string {
  const name = Object.entries(KINDS).find(([, number]) => number === code)?.[0];
  return name === undefined ? `${code}, which is none` : `${code} (${name})`;
}
