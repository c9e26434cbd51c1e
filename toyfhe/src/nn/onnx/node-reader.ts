/**
 * One node of an ONNX graph as its operator sees it: constants, shapes of values, attributes.
 * @module
 */
import { FheError } from '../../backend/index.ts';
import { Tensor } from '../tensor.ts';
import { constantTensor } from './constants.ts';
import type { NodeProto } from './messages.ts';

/** What is known when a node is read. */
export interface Known {
  /** The batch that the file was written for; undefined for any. */
  readonly batch: number | undefined;
  /** The file's constants by name. */
  readonly constants: Map<string, Tensor>;
  /** Values by name: batches of nothing, which have a shape. */
  readonly values: Map<string, Tensor>;
  /** The constants that steps use, under the names that they get. */
  readonly used: Map<string, Tensor>;
  /** The same ones by the constant of the file and what was done to it. */
  readonly derived: Map<string, Tensor>;
}

/** `Conv "/conv1/Conv"`; unnamed nodes go by their output. */
export function nodeLabel({ opType, domain, name, outputs }: NodeProto): string {
  const operator = domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
  return `${operator} ${JSON.stringify(name || (outputs[0] ?? ''))}`;
}

/** All refusals are FheErrors FORMAT that name the node. */
export class NodeReader {
  readonly #node: NodeProto;
  readonly #known: Known;

  constructor(node: NodeProto, known: Known) {
    this.#node = node;
    this.#known = known;
  }

  get batch(): number | undefined {
    return this.#known.batch;
  }

  wrong(field: string, should: string, is: string): FheError {
    const hint = 'mend the model, then export it again';
    const named = `the ${field} of ${nodeLabel(this.#node)}`;
    return new FheError({ code: 'FORMAT', op: 'import an ONNX model', field: named, should, is, hint });
  }

  /** The name of input `i`. */
  name(i: number): string {
    const name = this.#node.inputs[i];
    if (name !== undefined && name !== '') return name;
    throw this.wrong(`input ${i}`, 'present', 'missing');
  }

  /** Whether an optional input is there. */
  has(i: number): boolean {
    return (this.#node.inputs[i] ?? '') !== '';
  }

  isConstant(i: number): boolean {
    return this.#known.constants.has(this.name(i));
  }

  sameInput(i: number, j: number): boolean {
    return this.name(i) === this.name(j) && !this.isConstant(i);
  }

  /** A value that some earlier node computes, or the graph's input. */
  value(i: number): Tensor {
    const value = this.#known.values.get(this.name(i));
    if (value !== undefined) return value;
    const is = this.isConstant(i) ? 'a constant' : `${JSON.stringify(this.name(i))}, which nothing before it gives`;
    throw this.wrong(`input ${i}`, 'the input of the graph or computed from it', is);
  }

  /** A constant of the file that decides something here; no step uses it as it is. */
  constant(i: number): Tensor {
    const constant = this.#known.constants.get(this.name(i));
    if (constant !== undefined) return constant;
    throw this.wrong(`input ${i}`, 'a constant', 'computed');
  }

  /** A constant of the file that the step uses. */
  used(i: number): Tensor {
    return this.derived(i, '', (constant) => constant);
  }

  /**
   * What the step uses in the place of a constant of the file, under its name: made once for all steps that want the same.
   * @param how what is done to it, in words that differ for different things
   */
  derived(i: number, how: string, make: (constant: Tensor) => Tensor): Tensor {
    const constant = this.constant(i);
    const key = `${how} ${this.name(i)}`;
    const before = this.#known.derived.get(key);
    if (before !== undefined) return before;
    const tensor = this.#keep(this.name(i), make(constant));
    this.#known.derived.set(key, tensor);
    return tensor;
  }

  /** A constant made of several, under the node's name. */
  made(what: string, tensor: Tensor): Tensor {
    return this.#keep(`${this.#node.name || this.#node.outputs[0]!}.${what}`, tensor);
  }

  int(attribute: string, otherwise: number): number {
    return this.#node.attributes.get(attribute)?.i ?? otherwise;
  }

  float(attribute: string, otherwise: number): number {
    return this.#node.attributes.get(attribute)?.f ?? otherwise;
  }

  text(attribute: string, otherwise: string): string {
    return this.#node.attributes.get(attribute)?.s ?? otherwise;
  }

  /** As many as there are in `otherwise`, as the operator's rules have checked. */
  ints<L extends readonly number[]>(attribute: string, otherwise: L): L {
    return (this.#node.attributes.get(attribute)?.ints as readonly number[] as L | undefined) ?? otherwise;
  }

  /** What a Constant node holds. */
  constantAttribute(): Tensor {
    const [attribute] = this.#node.attributes.values();
    if (attribute === undefined) throw this.wrong('value', 'present', 'missing');
    const { t, f, i, floats, ints } = attribute;
    const list = floats.length > 0 ? floats : ints;
    if (t !== undefined) return constantTensor(t);
    if (f !== undefined || i !== undefined) return new Tensor([], Float64Array.of(f ?? i!));
    return new Tensor([list.length], Float64Array.from(list));
  }

  #keep(name: string, tensor: Tensor): Tensor {
    const { used } = this.#known;
    let free = name;
    for (let n = 2; used.has(free); n++) free = `${name}.${n}`;
    used.set(free, tensor);
    return tensor;
  }
}
