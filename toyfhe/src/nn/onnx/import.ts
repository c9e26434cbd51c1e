/**
 * Models from ONNX files (https://onnx.ai), the format that PyTorch and others export to.
 * @module
 */
import { FheError } from '../../backend/index.ts';
import { Graph, type GraphStep } from '../graph.ts';
import { sizeOf, Tensor } from '../tensor.ts';
import { attributeProblems } from './attributes.ts';
import { constantProblem, constantTensor } from './constants.ts';
import { type GraphProto, type NodeProto, readModel, type ValueInfo } from './messages.ts';
import { type Known, nodeLabel, NodeReader } from './node-reader.ts';
import { OPERATORS } from './operators.ts';

/** The oldest version of ONNX's operators whose definitions we follow: before, Add and Mul broadcast otherwise. */
const OLDEST_OPSET = 7;

const IMPORT = 'import an ONNX model';

/** The largest value of one item, in elements: far beyond what is encrypted, and no small file can ask for all memory. */
const MOST_ELEMENTS = 2 ** 24;

export interface OnnxModel {
  /** A function of any kind of tensor; the names of its constants are those of the file. */
  readonly model: Graph;
  /** The graph's name. */
  readonly name: string;
  /** What wrote the file, e.g. `pytorch`; empty where it does not say. */
  readonly producer: string;
  /** The version of ONNX's operators that the file uses. */
  readonly opset: number;
  /** The constants' names, in the order of use: initializers; a batch norm has `<node>.factor` and `<node>.offset`. */
  readonly weights: readonly string[];
}

/**
 * Reads a model with one input, whose first axis is the batch, and one output. Weights must be constants of the file.
 * Constants are kept as the steps use them: matrices as `[out, in]`, sums and factors written out for a whole row.
 * @param bytes an .onnx file, float32 or float64 inside
 * @throws FheError FORMAT when the bytes are no such file; when operators or attributes are not supported, naming all of
 * them and their nodes; and when shapes do not fit
 */
export function importOnnx(bytes: Uint8Array): OnnxModel {
  const { graph, producer, opsets } = readModel(bytes);
  if (graph === undefined) throw malformed('the file', 'a model with a graph', 'one without');
  const opset = opsets.find(({ domain }) => ours(domain))?.version ?? 0;
  const initializers = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !initializers.has(name)); // old files list initializers too
  const problems = unsupported(graph, inputs, opset);
  if (problems.length > 0) {
    throw new FheError({
      code: 'FORMAT',
      op: IMPORT,
      field: 'everything in it',
      should: `supported (${Object.keys(OPERATORS).join(', ')})`,
      is: `not: ${problems.join('; ')}`,
      hint: 'replace these in the model, then export it again',
    });
  }
  const model = buildGraph(graph, inputs[0]!);
  return { model, name: graph.name, producer, opset, weights: [...model.constants.keys()] };
}

const ours = (domain: string): boolean => domain === '' || domain === 'ai.onnx';

/** Everything that is not supported, as far as that can be seen without shapes. */
function unsupported(graph: GraphProto, inputs: readonly ValueInfo[], opset: number): string[] {
  const problems: string[] = [];
  if (opset < OLDEST_OPSET) problems.push(`opset ${opset} (at least ${OLDEST_OPSET} is needed)`);
  if (inputs.length !== 1) problems.push(`${inputs.length} inputs`);
  if (graph.outputs.length !== 1) problems.push(`${graph.outputs.length} outputs`);
  if (graph.sparseInitializers > 0) problems.push(`${graph.sparseInitializers} sparse initializers`);
  for (const tensor of graph.initializers) {
    const problem = constantProblem(tensor);
    if (problem !== undefined) problems.push(`initializer ${JSON.stringify(tensor.name)} ${problem}`);
  }
  return [...problems, ...graph.nodes.flatMap(nodeProblems)];
}

function nodeProblems(node: NodeProto): string[] {
  const label = nodeLabel(node);
  const operator = ours(node.domain) && Object.hasOwn(OPERATORS, node.opType) ? OPERATORS[node.opType] : undefined;
  if (operator === undefined) return [label];
  const wrong = attributeProblems(node, operator.attributes);
  for (const { t } of node.attributes.values()) {
    const problem = t && constantProblem(t);
    if (problem !== undefined) wrong.push(problem);
  }
  return wrong.length === 0 ? [] : [`${label} with ${wrong.join(', ')}`];
}

/** Reads node after node, running each on a batch of nothing, which costs nothing and checks all shapes. */
function buildGraph(graph: GraphProto, input: ValueInfo): Graph {
  const [batch, ...inputShape] = input.shape ?? [];
  if (input.shape === undefined || input.shape.length === 0 || !inputShape.every((n) => n !== undefined && n >= 1)) {
    const is = input.shape?.map((n) => n ?? '?').join('×') ?? 'unknown';
    throw malformed(`the shape of input ${JSON.stringify(input.name)}`, 'known, but for the batch', is);
  }
  const shape = inputShape as number[];
  checkSize(`input ${JSON.stringify(input.name)}`, input.shape);
  const constants = new Map<string, Tensor>();
  const values = new Map([[input.name, new Tensor([0, ...shape])]]);
  const known: Known = { batch, constants, values, used: new Map(), derived: new Map() };
  for (const tensor of graph.initializers) {
    constants.set(
      tensor.name,
      guarded(`initializer ${JSON.stringify(tensor.name)}`, () => constantTensor(tensor)),
    );
  }
  // The same value under several names: all stand for the first.
  const aliases = new Map<string, string>();
  const first = (name: string): string => aliases.get(name) ?? name;
  const steps: GraphStep[] = [];
  for (const node of graph.nodes) {
    const [output] = node.outputs;
    const label = nodeLabel(node);
    if (output === undefined || output === '' || values.has(output) || constants.has(output)) {
      throw malformed(`the output of ${label}`, 'a new name', JSON.stringify(output ?? 'missing'));
    }
    const reader = new NodeReader(node, known);
    const built = guarded(label, () => OPERATORS[node.opType]!.build(reader));
    if ('constant' in built) {
      constants.set(output, built.constant);
    } else if ('same' in built && reader.isConstant(built.same)) {
      constants.set(output, reader.constant(built.same));
    } else if ('same' in built) {
      values.set(output, reader.value(built.same));
      aliases.set(output, first(reader.name(built.same)));
    } else {
      const result = guarded(label, () => built.run(built.values.map((i) => reader.value(i))));
      checkSize(label, result.shape);
      values.set(output, result);
      const inputs = built.values.map((i) => first(reader.name(i)));
      steps.push({ name: node.name || output, operator: node.opType, inputs, output, run: built.run });
    }
  }
  const output = graph.outputs[0]!.name;
  const result = values.get(output);
  if (result === undefined || steps.length === 0) {
    throw malformed(`output ${JSON.stringify(output)}`, 'computed from the input', 'not computed');
  }
  const outputShape = result.shape.slice(1);
  const parts = { input: input.name, inputShape: shape, output: first(output), outputShape };
  return new Graph({ ...parts, steps, constants: known.used });
}

function checkSize(where: string, [, ...row]: readonly (number | undefined)[]): void {
  const size = sizeOf(row as number[]);
  if (!(size <= MOST_ELEMENTS)) throw malformed(`the size of ${where}`, `at most ${MOST_ELEMENTS}`, String(size));
}

/** Runs one part of the reading; what it throws says where. */
function guarded<R>(where: string, read: () => R): R {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof FheError && cause.op === IMPORT) throw cause;
    const is = cause instanceof Error ? cause.message : String(cause);
    throw malformed(where, 'sound', `not (${is})`, cause);
  }
}

function malformed(field: string, should: string, is: string, cause?: unknown): FheError {
  const hint = 'export the model again';
  return new FheError({ code: 'FORMAT', op: IMPORT, field, should, is, hint, cause });
}
