/**
 * Constants of an ONNX file as tensors.
 * @module
 */
import { sizeOf, Tensor } from '../tensor.ts';
import type { TensorProto } from './messages.ts';

/** How elements of one type are stored: as `raw` bytes, little-endian on every machine, or in one of the lists. */
interface ElementType {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
  readonly list: 'floats' | 'int32s' | 'int64s' | 'doubles';
}

/** The types that are read, by their numbers in the file (TensorProto.DataType). */
const TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [1, { bytes: 4, read: (view, at) => view.getFloat32(at, true), list: 'floats' }],
  [6, { bytes: 4, read: (view, at) => view.getInt32(at, true), list: 'int32s' }],
  [7, { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)), list: 'int64s' }],
  [9, { bytes: 1, read: (view, at) => view.getUint8(at), list: 'int32s' }],
  [11, { bytes: 8, read: (view, at) => view.getFloat64(at, true), list: 'doubles' }],
]);

/** The types' names, for errors; a type's number is its place here. */
const TYPE_NAMES =
  'UNDEFINED FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 STRING BOOL FLOAT16 DOUBLE UINT32 UINT64 COMPLEX64 COMPLEX128 BFLOAT16';

/** What is unsupported about a constant; undefined when nothing is. */
export function constantProblem(tensor: TensorProto): string | undefined {
  if (tensor.external) return 'with its elements in another file';
  if (TYPES.has(tensor.dataType)) return undefined;
  return `with elements of type ${TYPE_NAMES.split(' ')[tensor.dataType] ?? tensor.dataType}`;
}

/** Reads a constant without a problem. @throws Error when the elements do not fit the shape, or are not finite */
export function constantTensor({ dims, dataType, raw, ...lists }: TensorProto): Tensor {
  const { bytes, read, list } = TYPES.get(dataType)!;
  const count = raw === undefined ? lists[list].length : raw.length / bytes;
  if (!dims.every((extent) => Number.isSafeInteger(extent) && extent >= 0) || count !== sizeOf(dims)) {
    throw new Error(`${count} elements for the shape [${dims.join(', ')}]`);
  }
  const view = raw && new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const data = Float64Array.from({ length: count }, (_, i) => (view ? read(view, i * bytes) : lists[list][i]!));
  const wrong = data.find((x) => !Number.isFinite(x));
  if (wrong !== undefined) throw new Error(`one with ${wrong} in it`);
  return new Tensor(dims, data);
}
