/** Writes ONNX files, as small as tests need them; field numbers as in the public onnx.proto. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export interface Attribute {
  readonly i?: number;
  readonly f?: number;
  readonly s?: string;
  readonly ints?: readonly number[];
  readonly floats?: readonly number[];
  readonly t?: Uint8Array;
}

export interface Node {
  readonly op: string;
  readonly name?: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** Extents; a name for one that is open. */
export type Shape = readonly (number | string)[];

export interface Model {
  readonly name?: string;
  readonly opset?: number;
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: Readonly<Record<string, Shape>>;
  readonly nodes: readonly Node[];
  readonly initializers?: readonly Uint8Array[];
  /** 1 float, 11 double. */
  readonly elementType?: number;
}

function text(w: BinaryWriter, field: number, value: string): void {
  w.tag(field, WireType.LengthDelimited).string(value);
}

function bytes(w: BinaryWriter, field: number, value: Uint8Array): void {
  w.tag(field, WireType.LengthDelimited).bytes(value);
}

function int(w: BinaryWriter, field: number, value: number): void {
  w.tag(field, WireType.Varint).int64(value);
}

function message(write: (w: BinaryWriter) => void): Uint8Array {
  const w = new BinaryWriter();
  write(w);
  return w.finish();
}

/** The ways in which a file can hold the elements of a constant: data type, and the field's number. */
const WAYS = {
  raw: { type: 1, field: 9 },
  floats: { type: 1, field: 4 },
  rawDoubles: { type: 11, field: 9 },
  doubles: { type: 11, field: 10 },
  rawInt64s: { type: 7, field: 9 },
  int64s: { type: 7, field: 7 },
  int32s: { type: 6, field: 5 },
  bools: { type: 9, field: 5 },
} as const;

/** A TensorProto. @param packed false writes a list as one field a number, as old writers do */
export function tensor(
  name: string,
  dims: readonly number[],
  data: ArrayLike<number>,
  way: keyof typeof WAYS = 'raw',
  packed = true,
): Uint8Array {
  const { type, field } = WAYS[way];
  const values = Array.from(data);
  return message((w) => {
    for (const extent of dims) int(w, 1, extent);
    int(w, 2, type);
    text(w, 8, name);
    if (way === 'raw') bytes(w, field, new Uint8Array(Float32Array.from(values).buffer));
    else if (way === 'rawDoubles') bytes(w, field, new Uint8Array(Float64Array.from(values).buffer));
    else if (way === 'rawInt64s') bytes(w, field, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
    else list(w, field, values, way === 'floats' ? 'float' : way === 'doubles' ? 'double' : 'int64', packed);
  });
}

function list(
  w: BinaryWriter,
  field: number,
  values: readonly number[],
  kind: 'float' | 'double' | 'int64',
  packed: boolean,
): void {
  const wireType = { float: WireType.Bit32, double: WireType.Bit64, int64: WireType.Varint }[kind];
  if (packed) {
    w.tag(field, WireType.LengthDelimited).fork();
    for (const value of values) w[kind](value);
    w.join();
  } else {
    for (const value of values) w.tag(field, wireType)[kind](value);
  }
}

function attribute(name: string, { i, f, s, ints, floats, t }: Attribute): Uint8Array {
  // AttributeProto.AttributeType: which of the members counts.
  const type = i !== undefined ? 2 : f !== undefined ? 1 : s !== undefined ? 3 : ints ? 7 : floats ? 6 : 4;
  return message((w) => {
    text(w, 1, name);
    if (f !== undefined) w.tag(2, WireType.Bit32).float(f);
    if (i !== undefined) int(w, 3, i);
    if (s !== undefined) text(w, 4, s);
    if (t !== undefined) bytes(w, 5, t);
    if (floats !== undefined) list(w, 7, floats, 'float', true);
    if (ints !== undefined) list(w, 8, ints, 'int64', true);
    int(w, 20, type);
  });
}

function node({ op, name = '', domain = '', inputs, outputs, attributes = {} }: Node): Uint8Array {
  return message((w) => {
    for (const input of inputs) text(w, 1, input);
    for (const output of outputs) text(w, 2, output);
    text(w, 3, name);
    text(w, 4, op);
    for (const [key, value] of Object.entries(attributes)) bytes(w, 5, attribute(key, value));
    text(w, 7, domain);
  });
}

function valueInfo(name: string, shape: Shape, elementType: number): Uint8Array {
  const dims = shape.map((n) => message((w) => (typeof n === 'number' ? int(w, 1, n) : text(w, 2, n))));
  const tensorType = message((w) => {
    int(w, 1, elementType);
    bytes(
      w,
      2,
      message((v) => {
        for (const dim of dims) bytes(v, 1, dim);
      }),
    );
  });
  const type = message((w) => bytes(w, 1, tensorType));
  return message((w) => {
    text(w, 1, name);
    bytes(w, 2, type);
  });
}

/** The bytes of an .onnx file. */
export function onnxFile(model: Model): Uint8Array {
  const { name = 'test', opset = 17, elementType = 1 } = model;
  const graph = message((w) => {
    for (const n of model.nodes) bytes(w, 1, node(n));
    text(w, 2, name);
    for (const t of model.initializers ?? []) bytes(w, 5, t);
    for (const [key, shape] of Object.entries(model.inputs)) bytes(w, 11, valueInfo(key, shape, elementType));
    for (const [key, shape] of Object.entries(model.outputs)) bytes(w, 12, valueInfo(key, shape, elementType));
  });
  const opsetId = message((w) => {
    text(w, 1, '');
    int(w, 2, opset);
  });
  return message((w) => {
    int(w, 1, 8); // the version of the file format
    text(w, 2, 'toyfhe-tests');
    bytes(w, 7, graph);
    bytes(w, 8, opsetId);
  });
}
