/**
 * Protobuf messages field by field (https://protobuf.dev/programming-guides/encoding/).
 * @module
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/**
 * Hands each known field of a message, by its number, to its function; skips the others.
 * @throws Error, of whatever kind, when the bytes are no message or a field is of another type
 */
export function readFields(bytes: Uint8Array, fields: Readonly<Record<number, (value: Field) => unknown>>): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const read = fields[number];
    if (read === undefined) reader.skip(wireType, number);
    else read(new Field(reader, number, wireType));
    if (reader.pos > reader.len) throw new RangeError('it ends within a number');
  }
}

/** How each kind of number is written, alone. */
const WIRE_TYPES = { integer: WireType.Varint, float: WireType.Bit32, double: WireType.Bit64 } as const;

type NumberKind = keyof typeof WIRE_TYPES;

/** One field's value, not read yet: each method reads it as one type. */
class Field {
  readonly #reader: BinaryReader;
  readonly #number: number;
  readonly #wireType: WireType;

  constructor(reader: BinaryReader, number: number, wireType: WireType) {
    this.#reader = reader;
    this.#number = number;
    this.#wireType = wireType;
  }

  bytes(): Uint8Array {
    this.#expect(WireType.LengthDelimited);
    return this.#reader.bytes();
  }

  text(): string {
    this.#expect(WireType.LengthDelimited);
    return this.#reader.string();
  }

  integer(): number {
    this.#expect(WireType.Varint);
    return readNumber(this.#reader, 'integer');
  }

  float(): number {
    this.#expect(WireType.Bit32);
    return readNumber(this.#reader, 'float');
  }

  /** One number of a repeated field, or all of them packed. */
  list(kind: NumberKind, out: number[]): void {
    if (this.#wireType !== WireType.LengthDelimited) {
      this.#expect(WIRE_TYPES[kind]);
      out.push(readNumber(this.#reader, kind));
      return;
    }
    const packed = new BinaryReader(this.#reader.bytes());
    while (packed.pos < packed.len) out.push(readNumber(packed, kind));
  }

  #expect(wireType: WireType): void {
    if (this.#wireType === wireType) return;
    throw new Error(`a field ${this.#number} of wire type ${this.#wireType} instead of ${wireType}`);
  }
}

/** Integers beyond ±2⁵³, of which no shape is made, are rounded. */
function readNumber(reader: BinaryReader, kind: NumberKind): number {
  if (kind === 'float') return reader.float();
  return kind === 'double' ? reader.double() : Number(reader.int64());
}
