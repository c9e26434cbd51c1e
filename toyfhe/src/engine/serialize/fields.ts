/**
 * Headers, field by field: little-endian, without gaps.
 * @module
 */
import { badFormat } from './format.ts';

/** Writes fields one after the other. */
export class FieldWriter {
  #view: DataView = new DataView(new ArrayBuffer(256));
  #length = 0;

  u8(x: number): void {
    this.#room(1).setUint8(this.#length - 1, x);
  }
  u16(x: number): void {
    this.#room(2).setUint16(this.#length - 2, x, true);
  }
  u32(x: number): void {
    this.#room(4).setUint32(this.#length - 4, x, true);
  }
  i32(x: number): void {
    this.#room(4).setInt32(this.#length - 4, x, true);
  }
  u64(x: bigint): void {
    this.#room(8).setBigUint64(this.#length - 8, x, true);
  }
  bytes(bytes: Uint8Array): void {
    for (const b of bytes) this.u8(b);
  }
  /** All that was written. */
  get written(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }

  #room(bytes: number): DataView {
    this.#length += bytes;
    if (this.#length > this.#view.byteLength) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(new Uint8Array(this.#view.buffer));
      this.#view = new DataView(larger.buffer);
    }
    return this.#view;
  }
}

/** Reads fields one after the other; every method throws FheError FORMAT where bytes are missing. */
export class FieldReader {
  readonly op: string;
  readonly #view: DataView;
  #at = 0;

  /** @param bytes all the fields and nothing else; copied, so that nobody changes them meanwhile */
  constructor(op: string, bytes: Uint8Array) {
    this.op = op;
    this.#view = new DataView(Uint8Array.from(bytes).buffer);
  }

  u8(): number {
    return this.#view.getUint8(this.#next(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#next(2), true);
  }
  u32(): number {
    return this.#view.getUint32(this.#next(4), true);
  }
  i32(): number {
    return this.#view.getInt32(this.#next(4), true);
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.#next(8), true);
  }
  bytes(n: number): Uint8Array {
    return new Uint8Array(this.#view.buffer, this.#next(n), n);
  }
  /** An integer within bounds. */
  within(field: string, least: number, most: number, value: number): number {
    if (value >= least && value <= most) return value;
    throw badFormat(this.op, field, least === most ? `${least}` : `${least} to ${most}`, `${value}`);
  }
  /** A byte 0 or 1. */
  flag(field: string): boolean {
    return this.within(field, 0, 1, this.u8()) === 1;
  }
  /** Nothing may be left. */
  end(): void {
    const left = this.#view.byteLength - this.#at;
    if (left !== 0) throw badFormat(this.op, 'header', `${this.#at} bytes of fields`, `${left} bytes longer`);
  }

  #next(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#view.byteLength) {
      throw badFormat(this.op, 'header', `at least ${at + bytes} bytes of fields`, `${this.#view.byteLength}`);
    }
    this.#at += bytes;
    return at;
  }
}
