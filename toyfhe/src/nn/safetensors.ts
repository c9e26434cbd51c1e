/**
 * Weights files: named tensors in the safetensors format, read and written without running any code from the file.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { BYTES, readHeader } from './safetensors-header.ts';
import type { Weights } from './sequential.ts';
import { Tensor } from './tensor.ts';

/** What a weights file holds. */
export interface SafetensorsFile {
  /** In the order in which they lie in the file. */
  readonly tensors: Map<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a whole file. The bytes may come from anyone: everything is checked before memory is taken for it, and what is
 * taken is at most twice the file's size. Numbers may be infinite or NaN; `Sequential.load` refuses those.
 * @throws FheError FORMAT when the file is not sound or holds a type other than F32 and F64
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { entries, metadata, dataStart } = readHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const data = new Float64Array((end - begin) / BYTES[dtype]);
    const start = dataStart + begin;
    for (let i = 0; i < data.length; i++) {
      data[i] = dtype === 'F32' ? view.getFloat32(start + 4 * i, true) : view.getFloat64(start + 8 * i, true);
    }
    tensors.set(name, new Tensor(shape, data));
  }
  return { tensors, metadata };
}

/**
 * Writes tensors in their order. The header is padded with spaces to a multiple of 8 bytes, so that the data is aligned;
 * the same input gives the same bytes.
 * @param dtype `F32` rounds each number to single precision; `F64` keeps all
 * @throws FheError FORMAT for a tensor named `__metadata__`, which the format keeps for itself
 */
export function writeSafetensors(
  tensors: Weights,
  dtype: 'F32' | 'F64' = 'F32',
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const fields: [string, unknown][] = metadata.size > 0 ? [['__metadata__', Object.fromEntries(metadata)]] : [];
  let size = 0;
  for (const [name, { shape, data }] of tensors) {
    if (name === '__metadata__') {
      const parts = { field: 'a tensor’s name', should: 'anything else', is: name, hint: 'rename the tensor' };
      throw new FheError({ code: 'FORMAT', op: 'write safetensors', ...parts });
    }
    const end = size + data.length * BYTES[dtype];
    fields.push([name, { dtype, shape, data_offsets: [size, end] }]);
    size = end;
  }
  // Joined by hand: an object would move names that look like numbers to the front.
  const json = `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  const text = new TextEncoder().encode(json);
  const dataStart = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(dataStart + size).fill(0x20, 8, dataStart); // 0x20: a space
  bytes.set(text, 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(dataStart - 8), true);
  let at = dataStart;
  for (const { data } of tensors.values()) {
    for (const x of data) {
      if (dtype === 'F32') view.setFloat32(at, x, true);
      else view.setFloat64(at, x, true);
      at += BYTES[dtype];
    }
  }
  return bytes;
}
