/**
 * The parts of an ONNX file that say what a model computes, as plain objects. Names and field numbers are those of the
 * public `onnx.proto` (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, Apache 2.0); all other fields are skipped.
 * @module
 */
import { FheError } from '../../backend/index.ts';
import { readFields } from './fields.ts';

export interface ModelProto {
  readonly producer: string;
  readonly graph: GraphProto | undefined;
  /** The version of the operators' definitions, by their domain; the empty domain is ONNX's own. */
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly sparseInitializers: number;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeProto>;
}

/** Only the member of the attribute's type is set. */
export interface AttributeProto {
  readonly name: string;
  f?: number;
  i?: number;
  s?: string;
  t?: TensorProto;
  readonly floats: number[];
  readonly ints: number[];
}

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** The elements as the file's bytes; undefined where they stand in a list. */
  readonly raw: Uint8Array | undefined;
  readonly floats: readonly number[];
  readonly int32s: readonly number[];
  readonly int64s: readonly number[];
  readonly doubles: readonly number[];
  /** The elements stand in another file. */
  readonly external: boolean;
}

/** A graph's input or output. Extents that the file leaves open are undefined, and so is a shape it does not give. */
export interface ValueInfo {
  readonly name: string;
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** @throws FheError FORMAT when the bytes are no such message */
export function readModel(bytes: Uint8Array): ModelProto {
  try {
    return modelProto(bytes);
  } catch (cause) {
    throw new FheError({
      code: 'FORMAT',
      op: 'read an ONNX file',
      field: 'the file',
      should: 'an ONNX model (a protobuf message)',
      is: cause instanceof Error ? cause.message : String(cause),
      hint: 'save the model again, as .onnx',
      cause,
    });
  }
}

function modelProto(bytes: Uint8Array): ModelProto {
  let producer = '';
  let graph: GraphProto | undefined;
  const opsets: { domain: string; version: number }[] = [];
  readFields(bytes, {
    2: (v) => (producer = v.text()),
    7: (v) => (graph = graphProto(v.bytes())),
    8: (v) => opsets.push(opsetId(v.bytes())),
  });
  return { producer, graph, opsets };
}

function opsetId(bytes: Uint8Array): { domain: string; version: number } {
  const id = { domain: '', version: 0 };
  readFields(bytes, { 1: (v) => (id.domain = v.text()), 2: (v) => (id.version = v.integer()) });
  return id;
}

function graphProto(bytes: Uint8Array): GraphProto {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  let [name, sparseInitializers] = ['', 0];
  readFields(bytes, {
    1: (v) => nodes.push(nodeProto(v.bytes())),
    2: (v) => (name = v.text()),
    5: (v) => initializers.push(tensorProto(v.bytes())),
    11: (v) => inputs.push(valueInfo(v.bytes())),
    12: (v) => outputs.push(valueInfo(v.bytes())),
    15: (v) => {
      v.bytes();
      sparseInitializers++;
    },
  });
  return { name, nodes, initializers, sparseInitializers, inputs, outputs };
}

function nodeProto(bytes: Uint8Array): NodeProto {
  const node = { name: '', opType: '', domain: '' };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, AttributeProto>();
  readFields(bytes, {
    1: (v) => inputs.push(v.text()),
    2: (v) => outputs.push(v.text()),
    3: (v) => (node.name = v.text()),
    4: (v) => (node.opType = v.text()),
    5: (v) => {
      const attribute = attributeProto(v.bytes());
      attributes.set(attribute.name, attribute);
    },
    7: (v) => (node.domain = v.text()),
  });
  return { ...node, inputs, outputs, attributes };
}

function attributeProto(bytes: Uint8Array): AttributeProto {
  const attribute: { -readonly [K in keyof AttributeProto]: AttributeProto[K] } = { name: '', floats: [], ints: [] };
  readFields(bytes, {
    1: (v) => (attribute.name = v.text()),
    2: (v) => (attribute.f = v.float()),
    3: (v) => (attribute.i = v.integer()),
    4: (v) => (attribute.s = v.text()),
    5: (v) => (attribute.t = tensorProto(v.bytes())),
    7: (v) => v.list('float', attribute.floats),
    8: (v) => v.list('integer', attribute.ints),
  });
  return attribute;
}

function tensorProto(bytes: Uint8Array): TensorProto {
  let [name, dataType, external] = ['', 0, false];
  let raw: Uint8Array | undefined;
  const lists = { dims: [], floats: [], int32s: [], int64s: [], doubles: [] } satisfies Record<string, number[]>;
  readFields(bytes, {
    1: (v) => v.list('integer', lists.dims),
    2: (v) => (dataType = v.integer()),
    4: (v) => v.list('float', lists.floats),
    5: (v) => v.list('integer', lists.int32s),
    7: (v) => v.list('integer', lists.int64s),
    8: (v) => (name = v.text()),
    9: (v) => (raw = v.bytes()),
    10: (v) => v.list('double', lists.doubles),
    14: (v) => (external = v.integer() === 1), // DataLocation.EXTERNAL
  });
  return { name, dataType, raw, external, ...lists };
}

function valueInfo(bytes: Uint8Array): ValueInfo {
  let name = '';
  let shape: (number | undefined)[] | undefined;
  const dimension = (dim: Uint8Array): number | undefined => {
    let extent: number | undefined;
    readFields(dim, { 1: (v) => (extent = v.integer()) });
    return extent;
  };
  const tensorShape = (value: Uint8Array): void => {
    const extents: (number | undefined)[] = [];
    readFields(value, { 1: (v) => extents.push(dimension(v.bytes())) });
    shape = extents;
  };
  const tensorType = (type: Uint8Array): void => readFields(type, { 2: (v) => tensorShape(v.bytes()) });
  readFields(bytes, {
    1: (v) => (name = v.text()),
    2: (v) => readFields(v.bytes(), { 1: (t) => tensorType(t.bytes()) }),
  });
  return { name, shape };
}
