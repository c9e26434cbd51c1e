/**
 * Recording: a model is run on tensors that compute nothing and write down what was asked of them.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { outputImage, type Polynomial } from '../circuits/index.ts';
import {
  Graph,
  type PoolOptions,
  printShape,
  type ReluOptions,
  sameShape,
  Sequential,
  sizeOf,
  type SoftmaxOptions,
  Tensor,
  type TensorOperations,
  type WindowOptions,
  fourSides,
  pair,
} from '../nn/index.ts';
import { type Operation, type OperationKind, Program, type ValueId } from './program.ts';

/** A model: anything that can be called with tensors and gives a tensor, or several. */
export type Model = (...inputs: Recorded[]) => Recorded | readonly Recorded[];

/** Shapes of one image each, `[1, 28, 28]`: in a list (inputs are then called x, y, …), or by name. */
export type InputShapes = readonly (readonly number[])[] | Readonly<Record<string, readonly number[]>>;

const LETTERS = 'xyzuvw';

/**
 * Runs `f` on recording tensors. What it does in plain TypeScript (loops, ifs on shapes) is not recorded, only operations
 * on its tensors are; shapes are checked as they would be in the clear.
 * @param shapes of one image each, without the batch; inside `f`, tensors have a batch of one
 * @param names for constants; a `Sequential`'s or `Graph`'s are known, others are called after their operation, `dense1.weight`
 * @throws FheError FORMAT for shapes that do not fit, a result that is not a recorded tensor, or no operation at all
 */
export function record(f: Model, shapes: InputShapes, names?: ReadonlyMap<string, Tensor>): Program {
  const entries: [string, readonly number[]][] = Array.isArray(shapes)
    ? shapes.map((shape: readonly number[], i) => [LETTERS[i] ?? `x${i}`, shape])
    : Object.entries(shapes as Readonly<Record<string, readonly number[]>>);
  const tape = new Tape(new Map([...(names ?? [])].map(([name, tensor]) => [tensor, name] as const)));
  if (f instanceof Sequential || f instanceof Graph)
    for (const [name, value] of f.namedParameters()) tape.name(value, name);
  const inputs = entries.map(([name, shape]) => {
    if (shape.length > 0 && shape.every((n) => Number.isSafeInteger(n) && n >= 1)) return tape.input(name, shape);
    throw refused('record', `shape of input ${name}`, 'a list of integers ≥ 1', JSON.stringify(shape));
  });
  const result = f(...inputs);
  const results = Array.isArray(result) ? (result as readonly Recorded[]) : [result as Recorded];
  const outputs = results.map((r) => {
    if (r instanceof Recorded && r.tape === tape) return r.id;
    throw refused('record', 'the result', 'made from the inputs by tensor operations', typeof r);
  });
  if (outputs.length === 0 || outputs.some((id) => tape.operations[id]!.op === 'input')) {
    throw refused('record', 'the result', 'at least one operation on an input', 'an input itself');
  }
  return new Program(tape.operations, outputs, tape.constants);
}

/** The list that grows. */
class Tape {
  readonly operations: Operation[] = [];
  readonly constants = new Map<string, Tensor>();
  readonly #names: Map<Tensor, string>;
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor(names: Map<Tensor, string>) {
    this.#names = names;
  }

  name(tensor: Tensor, name: string): void {
    this.#names.set(tensor, name);
  }

  input(name: string, shape: readonly number[]): Recorded {
    return this.#push({ op: 'input' }, name, shape);
  }

  /**
   * The name of an operation to come: its layer's, where its constants have one (`conv.weight` → `conv`), else the verb with
   * a number: square1, square2.
   */
  nameFor(verb: string, ...constants: readonly (Tensor | undefined)[]): string {
    const known = constants.map((tensor) => tensor && this.#names.get(tensor)).find((name) => name?.includes('.'));
    const layer = known?.slice(0, known.lastIndexOf('.'));
    if (layer !== undefined && !this.#taken.has(layer)) return layer;
    for (let count = (this.#counts.get(verb) ?? 0) + 1; ; count++) {
      this.#counts.set(verb, count);
      if (!this.#taken.has(`${verb}${count}`)) return `${verb}${count}`;
    }
  }

  add(name: string, kind: OperationKind, shape: readonly number[]): Recorded {
    return this.#push(kind, name, shape);
  }

  /** @param name for a tensor that has none yet */
  constant(tensor: Tensor, name: string): string {
    let known = this.#names.get(tensor) ?? name;
    while ((this.constants.get(known) ?? tensor) !== tensor) known += '_'; // somebody else's name
    this.#names.set(tensor, known);
    this.constants.set(known, tensor);
    return known;
  }

  #push(kind: OperationKind, name: string, shape: readonly number[]): Recorded {
    const id = this.operations.length;
    this.#taken.add(name);
    this.operations.push({ id, name, shape: [...shape], ...kind });
    return new Recorded(this, id, [1, ...shape]);
  }
}

/** A tensor that stands for what an operation will give. */
export class Recorded implements TensorOperations<Recorded> {
  /** With a batch of one in front. */
  readonly shape: readonly number[];
  /** @internal */
  readonly tape: Tape;
  /** @internal */
  readonly id: ValueId;

  /** @internal */
  constructor(tape: Tape, id: ValueId, shape: readonly number[]) {
    this.tape = tape;
    this.id = id;
    this.shape = shape;
  }

  conv2d(weight: Tensor, bias?: Tensor, options: WindowOptions = {}): Recorded {
    const [channels, height, width] = this.#image('conv2d');
    const [outputs, inputs, kernelHeight, kernelWidth] = weight.shape;
    if (weight.shape.length !== 4 || inputs !== channels) {
      throw refused('record conv2d', 'weight', `out×${channels}×height×width`, printShape(weight.shape));
    }
    checkBias('conv2d', bias, outputs!);
    const stride = pair(options.stride ?? 1);
    const padding = fourSides(options.padding ?? 0);
    const kernel = [kernelHeight!, kernelWidth!] as const;
    const out = outputImage({ channels, height, width }, { outputChannels: outputs!, kernel, stride, padding });
    const name = this.tape.nameFor('conv2d', weight, bias);
    const kind = { op: 'conv2d', x: this.id, ...this.#weights(name, weight, bias), stride, padding } as const;
    return this.tape.add(name, kind, [out.channels, out.height, out.width]);
  }

  dense(weight: Tensor, bias?: Tensor): Recorded {
    const [, ...features] = this.shape;
    const [outputs, inputs] = weight.shape;
    if (features.length !== 1 || weight.shape.length !== 2 || inputs !== features[0]) {
      throw refused('record dense', 'weight', `out×${features.join('×')}, after flatten`, printShape(weight.shape));
    }
    checkBias('dense', bias, outputs!);
    const name = this.tape.nameFor('dense', weight, bias);
    return this.tape.add(name, { op: 'dense', x: this.id, ...this.#weights(name, weight, bias) }, [outputs!]);
  }

  channelAffine(factor: Tensor, offset: Tensor): Recorded {
    const [, channels] = this.shape;
    for (const [name, { shape }] of Object.entries({ factor, offset })) {
      if (sameShape(shape, [channels!])) continue;
      throw refused('record channelAffine', name, `${channels} values, one a channel`, printShape(shape));
    }
    const name = this.tape.nameFor('channelAffine', factor, offset);
    const constants = {
      factor: this.tape.constant(factor, `${name}.factor`),
      offset: this.tape.constant(offset, `${name}.offset`),
    };
    return this.tape.add(name, { op: 'channelAffine', x: this.id, ...constants }, this.shape.slice(1));
  }

  averagePool(options: PoolOptions): Recorded {
    const [channels, height, width] = this.#image('averagePool');
    const kernel = pair(options.kernel);
    const stride = pair(options.stride ?? kernel);
    const padding = fourSides(options.padding ?? 0);
    const out = outputImage({ channels, height, width }, { outputChannels: channels, kernel, stride, padding });
    const countPadding = options.countPadding ?? true;
    const shape = [channels, out.height, out.width];
    return this.#add({ op: 'averagePool', x: this.id, kernel, stride, padding, countPadding }, shape);
  }

  globalAveragePool(): Recorded {
    const [channels] = this.#image('globalAveragePool');
    return this.#add({ op: 'globalAveragePool', x: this.id }, [channels, 1, 1]);
  }

  reshape(shape: readonly number[]): Recorded {
    const [batch, ...rest] = shape;
    if (batch !== 1 || sizeOf(rest) !== sizeOf(this.shape)) {
      throw refused('record reshape', 'shape', `1×…, ${sizeOf(this.shape)} elements`, printShape(shape));
    }
    return sameShape(shape, this.shape) ? this : this.#add({ op: 'reshape', x: this.id }, rest);
  }

  flatten(): Recorded {
    return this.reshape([1, sizeOf(this.shape)]);
  }

  add(other: Recorded | Tensor): Recorded {
    return this.#combine('add', other);
  }

  mul(other: Recorded | Tensor): Recorded {
    return other === this ? this.square() : this.#combine('mul', other);
  }

  square(): Recorded {
    return this.#add({ op: 'square', x: this.id }, this.shape.slice(1));
  }

  polynomial({ basis, coefficients, interval }: Polynomial): Recorded {
    const data = { basis, coefficients: [...coefficients], ...(interval && { interval }) };
    return this.#add({ op: 'polynomial', x: this.id, ...data }, this.shape.slice(1));
  }

  relu({ degrees = [15, 15, 27], bound }: ReluOptions = {}): Recorded {
    const data = { degrees, ...(bound !== undefined && { bound }) };
    return this.#add({ op: 'relu', x: this.id, ...data }, this.shape.slice(1));
  }

  softmax({ bound, least, bits }: SoftmaxOptions = {}): Recorded {
    if (this.shape.length !== 2) throw refused('record softmax', 'shape', 'batch×classes', printShape(this.shape));
    const data = {
      ...(bound !== undefined && { bound }),
      ...(least !== undefined && { least }),
      ...(bits !== undefined && { bits }),
    };
    return this.#add({ op: 'softmax', x: this.id, ...data }, this.shape.slice(1));
  }

  #combine(op: 'add' | 'mul', other: Recorded | Tensor): Recorded {
    const shape = this.shape.slice(1);
    if (other instanceof Tensor) {
      if (!sameShape(other.shape, shape) && !sameShape(other.shape, this.shape)) {
        throw refused(`record ${op}`, 'shape of the constant', printShape(shape), printShape(other.shape));
      }
      const name = this.tape.nameFor(op, other);
      const constant = this.tape.constant(other, `${name}.constant`);
      return this.tape.add(name, { op: `${op}Constant`, x: this.id, constant }, shape);
    }
    if (other.tape !== this.tape) throw refused(`record ${op}`, 'the other tensor', 'of this recording', 'of another');
    if (!sameShape(other.shape, this.shape)) {
      throw refused(`record ${op}`, 'shape of the other tensor', printShape(this.shape), printShape(other.shape));
    }
    return this.#add({ op, x: this.id, y: other.id }, shape);
  }

  #image(op: string): [channels: number, height: number, width: number] {
    if (this.shape.length !== 4)
      throw refused(`record ${op}`, 'shape', '1×channels×height×width', printShape(this.shape));
    return this.shape.slice(1) as [number, number, number];
  }

  #weights(name: string, weight: Tensor, bias: Tensor | undefined): { weight: string; bias?: string } {
    const named = this.tape.constant(weight, `${name}.weight`);
    return bias === undefined ? { weight: named } : { weight: named, bias: this.tape.constant(bias, `${name}.bias`) };
  }

  #add(kind: OperationKind, shape: readonly number[]): Recorded {
    return this.tape.add(this.tape.nameFor(kind.op), kind, shape);
  }
}

function checkBias(op: string, bias: Tensor | undefined, outputs: number): void {
  if (bias === undefined || sameShape(bias.shape, [outputs])) return;
  throw refused(`record ${op}`, 'bias', `${outputs} values`, printShape(bias.shape));
}

function refused(op: string, field: string, should: string, is: string): FheError {
  return new FheError({ code: 'FORMAT', op, field, should, is, hint: 'check the model and the shapes of its inputs' });
}
