/**
 * A recorded program: a list of operations on tensors, in the order in which they were asked for. Plain data, without
 * weights: constants are named, and their numbers stand apart (`Program.constants`).
 * @module
 */
import { inspect } from '../backend/index.ts';
import { printShape, sizeOf, type Tensor } from '../nn/index.ts';

/** The place of a value in the list of operations. */
export type ValueId = number;

/** What an operation does, with all it needs to know. Shapes are those of one image, without the batch. */
export type OperationKind =
  | { readonly op: 'input' }
  | {
      readonly op: 'conv2d';
      readonly x: ValueId;
      readonly weight: string;
      readonly bias?: string;
      readonly stride: readonly [number, number];
      /** top, left, bottom, right */
      readonly padding: readonly [number, number, number, number];
    }
  | { readonly op: 'dense'; readonly x: ValueId; readonly weight: string; readonly bias?: string }
  | { readonly op: 'channelAffine'; readonly x: ValueId; readonly factor: string; readonly offset: string }
  | {
      readonly op: 'averagePool';
      readonly x: ValueId;
      readonly kernel: readonly [number, number];
      readonly stride: readonly [number, number];
      readonly padding: readonly [number, number, number, number];
      readonly countPadding: boolean;
    }
  | { readonly op: 'globalAveragePool'; readonly x: ValueId }
  | { readonly op: 'reshape'; readonly x: ValueId }
  | { readonly op: 'add' | 'mul'; readonly x: ValueId; readonly y: ValueId }
  | { readonly op: 'addConstant' | 'mulConstant'; readonly x: ValueId; readonly constant: string }
  | { readonly op: 'square'; readonly x: ValueId }
  | {
      readonly op: 'polynomial';
      readonly x: ValueId;
      readonly basis: 'monomial' | 'chebyshev';
      readonly coefficients: readonly number[];
      /** Left out: any input, which only monomials take. */
      readonly interval?: readonly [number, number];
    }
  | { readonly op: 'relu'; readonly x: ValueId; readonly degrees: readonly number[]; readonly bound?: number }
  | {
      readonly op: 'softmax';
      readonly x: ValueId;
      readonly bound?: number;
      readonly least?: number;
      readonly bits?: number;
    };

/** One line of a program. */
export type Operation = OperationKind & {
  readonly id: ValueId;
  /** For people, and for `ranges`: the layer's name where its constants have one, else the operation's with a number. */
  readonly name: string;
  /** Of one image. */
  readonly shape: readonly number[];
};

/** Operations of one kind. */
export type OperationOf<K extends Operation['op']> = Extract<Operation, { op: K }>;

/** The part of a program that goes into a plan: everything but the constants' numbers. */
export interface ProgramText {
  readonly operations: readonly Operation[];
  readonly outputs: readonly ValueId[];
  /** Shapes of the constants, by name. */
  readonly constantShapes: Readonly<Record<string, readonly number[]>>;
}

/** What `record` returns. */
export class Program implements ProgramText {
  readonly operations: readonly Operation[];
  readonly outputs: readonly ValueId[];
  /** Weights, biases and other constants, by name; the tensors themselves, not copies. */
  readonly constants: ReadonlyMap<string, Tensor>;

  constructor(operations: readonly Operation[], outputs: readonly ValueId[], constants: ReadonlyMap<string, Tensor>) {
    this.operations = operations;
    this.outputs = outputs;
    this.constants = constants;
  }

  get inputs(): readonly OperationOf<'input'>[] {
    return this.operations.filter((o): o is OperationOf<'input'> => o.op === 'input');
  }

  get constantShapes(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries([...this.constants].map(([name, { shape }]) => [name, shape]));
  }

  /** The list, one operation a line. */
  toString(): string {
    const size = [...this.constants.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return printProgram(this, `${size.toLocaleString('en')} numbers in ${this.constants.size} constants`);
  }

  [inspect](): string {
    return this.toString();
  }
}

/** The value that an operation's result really is: reshapes move nothing. */
export function realValue(program: ProgramText, id: ValueId): ValueId {
  const o = program.operations[id]!;
  return o.op === 'reshape' ? realValue(program, o.x) : id;
}

/** The values that an operation reads. */
export function operands(operation: OperationKind): ValueId[] {
  if (operation.op === 'input') return [];
  return operation.op === 'add' || operation.op === 'mul' ? [operation.x, operation.y] : [operation.x];
}

/** The constants that an operation reads. */
export function constantsOf(operation: OperationKind): string[] {
  switch (operation.op) {
    case 'conv2d':
    case 'dense':
      return operation.bias === undefined ? [operation.weight] : [operation.weight, operation.bias];
    case 'channelAffine':
      return [operation.factor, operation.offset];
    case 'addConstant':
    case 'mulConstant':
      return [operation.constant];
    default:
      return [];
  }
}

/** `conv2d conv.weight + conv.bias, stride 3`: an operation without its values. */
export function describeOperation(operation: OperationKind): string {
  const both = ([a, b]: readonly [number, number]): string => (a === b ? String(a) : `${a}×${b}`);
  const around = (p: readonly number[]): string =>
    p.every((x) => x === 0) ? '' : `, padding ${p.every((x) => x === p[0]) ? p[0] : p.join(' ')}`;
  switch (operation.op) {
    case 'conv2d':
      return `conv2d ${constantsOf(operation).join(' + ')}, stride ${both(operation.stride)}${around(operation.padding)}`;
    case 'averagePool':
      return `averagePool ${both(operation.kernel)}, stride ${both(operation.stride)}${around(operation.padding)}`;
    case 'polynomial':
      return `polynomial of degree ${operation.coefficients.length - 1} (${operation.basis})`;
    case 'relu':
      return `relu {${operation.degrees.join(', ')}}${operation.bound === undefined ? '' : ` within ±${operation.bound}`}`;
    case 'softmax':
      return `softmax${operation.bound === undefined ? '' : ` within ±${operation.bound}`}`;
    default:
      return [operation.op, constantsOf(operation).join(' + ')].filter((part) => part !== '').join(' ');
  }
}

/** One operation a line: `%1 conv     4×8×8      conv2d %0 conv.weight + conv.bias, stride 3`. */
export function printProgram(program: ProgramText, about: string): string {
  const value = (id: ValueId): string => `%${id}`;
  const rows = program.operations.map((o) => {
    const [verb, ...rest] = describeOperation(o).split(' ');
    const mark = program.outputs.includes(o.id) ? '  → output' : '';
    return [value(o.id), o.name, printShape(o.shape), [verb, ...operands(o).map(value), ...rest].join(' ') + mark];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
  return [`program of ${program.operations.length} operations, ${about}`, ...lines].join('\n');
}
