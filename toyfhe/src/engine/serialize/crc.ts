/**
 * CRC-32 as zip and PNG have it (ISO 3309: reflected, polynomial 0xedb88320), eight bytes a step ("slicing by eight", Kounavis
 * and Berry, 2005).
 * @module
 */

/** Table k, entry b: the checksum of byte b followed by k zero bytes, before the last exclusive or. */
const TABLES: readonly Int32Array[] = makeTables();

function makeTables(): Int32Array[] {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let b = 0; b < 256; b++) {
    let c = b;
    for (let i = 0; i < 8; i++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    tables[0]![b] = c;
  }
  for (let b = 0; b < 256; b++) {
    for (let k = 1; k < 8; k++) {
      const c = tables[k - 1]![b]!;
      tables[k]![b] = (c >>> 8) ^ tables[0]![c & 255]!;
    }
  }
  return tables;
}

/** The checksum (an unsigned 32-bit integer) of what `before` is the checksum of, followed by `bytes`. */
export function crc32(bytes: Uint8Array, before: number = 0): number {
  const [t0, t1, t2, t3] = [TABLES[0]!, TABLES[1]!, TABLES[2]!, TABLES[3]!];
  const [t4, t5, t6, t7] = [TABLES[4]!, TABLES[5]!, TABLES[6]!, TABLES[7]!];
  const whole = bytes.length & ~7;
  let c = ~before;
  let i = 0;
  for (; i < whole; i += 8) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    c =
      t7[c & 255]! ^
      t6[(c >>> 8) & 255]! ^
      t5[(c >>> 16) & 255]! ^
      t4[c >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]!) & 255]!;
  return ~c >>> 0;
}
