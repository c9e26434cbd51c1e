/**
 * A network whose steps form a graph, as imported models do: any step may use what any earlier one gave.
 * @module
 */
import { inspect } from '../backend/index.ts';
import { CallableModel } from './callable-model.ts';
import { wrongInput } from './layer.ts';
import type { TensorOperations } from './operations.ts';
import { printShape, sameShape, type Tensor } from './tensor.ts';

/** One operator at its place. */
export interface GraphStep {
  /** Its name in the file, e.g. `/conv1/Conv`. */
  readonly name: string;
  /** The operator's name there, e.g. `Conv`. */
  readonly operator: string;
  /** The names of the values that it uses, constants left out. */
  readonly inputs: readonly string[];
  /** The name of the value that it gives. */
  readonly output: string;
  /** Asks its inputs, in the order of `inputs`, for the result. */
  run<T extends TensorOperations<T>>(inputs: readonly T[]): T;
}

export interface GraphParts {
  /** The name of the value that the graph is called with. */
  readonly input: string;
  /** One input's shape, without the batch. */
  readonly inputShape: readonly number[];
  /** The name of the value that it gives. */
  readonly output: string;
  /** One output's shape, without the batch. */
  readonly outputShape: readonly number[];
  /** In an order in which each step uses only what is there by then. */
  readonly steps: readonly GraphStep[];
  /** The constants that the steps use. */
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** A function of one tensor, of any kind: `graph(x)`. Its constants are fixed: a graph is not trained. */
export class Graph extends CallableModel implements GraphParts {
  readonly input: string;
  readonly inputShape: readonly number[];
  readonly output: string;
  readonly outputShape: readonly number[];
  readonly steps: readonly GraphStep[];
  readonly constants: ReadonlyMap<string, Tensor>;

  constructor(parts: GraphParts) {
    super();
    this.input = parts.input;
    this.inputShape = parts.inputShape;
    this.output = parts.output;
    this.outputShape = parts.outputShape;
    this.steps = parts.steps;
    this.constants = parts.constants;
  }

  /**
   * @param x `[batch, …inputShape]`; exploded patches have their batch's shape
   * @throws FheError FORMAT for another shape
   */
  on<T extends TensorOperations<T>>(x: T): T {
    const [, ...features] = x.shape;
    if (!sameShape(features, this.inputShape))
      throw wrongInput('graph', `batch×${printShape(this.inputShape)}`, x.shape);
    const values = new Map([[this.input, x]]);
    for (const step of this.steps) values.set(step.output, step.run(step.inputs.map((name) => values.get(name)!)));
    return values.get(this.output)!;
  }

  /** The constants by name; copies. */
  weights(): Map<string, Tensor> {
    return new Map(this.namedParameters().map(([name, value]) => [name, value.copy()]));
  }

  /** The constants by name: the tensors themselves, not copies. */
  namedParameters(): [name: string, value: Tensor][] {
    return [...this.constants];
  }

  /** `Graph Conv → Relu → … (17,298 constants)`. */
  [inspect](): string {
    const count = [...this.constants.values()].reduce((sum, { data }) => sum + data.length, 0);
    const operators = this.steps.map(({ operator }) => operator).join(' → ');
    return `Graph ${operators} (${count.toLocaleString('en')} constants)`;
  }
}
