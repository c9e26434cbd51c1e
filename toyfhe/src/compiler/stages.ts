/**
 * From operations to stages: what costs levels under encryption. Layers that are linear and follow one another become one
 * matrix, so that they take one level together (batch norm and pooling vanish in the layer beside them); reshapes vanish;
 * a quadratic activation becomes a square, its other coefficients move into the matrices around it.
 * @module
 */
import { type Operation, type OperationOf, operands, type ProgramText, realValue, type ValueId } from './program.ts';

/** x ↦ factor·x + offset, the same for every element. */
export interface Affine {
  readonly factor: number;
  readonly offset: number;
}

/**
 * One step of the encrypted program. `to` names the value that it gives; a value is called by the operation whose result it
 * is, except that factors may have been moved out of it into the next matrix.
 */
export type Stage =
  | { readonly kind: 'input'; readonly to: ValueId }
  | {
      readonly kind: 'linear';
      readonly x: ValueId;
      readonly to: ValueId;
      /** Affine operations, the first one first; none for a matrix that only scales. */
      readonly operations: readonly ValueId[];
      /** Applied to x before them, and to the result after them. */
      readonly before?: Affine;
      readonly after?: Affine;
    }
  | { readonly kind: 'square'; readonly x: ValueId; readonly to: ValueId }
  | { readonly kind: 'add' | 'mul'; readonly x: ValueId; readonly y: ValueId; readonly to: ValueId }
  | { readonly kind: 'polynomial'; readonly x: ValueId; readonly to: ValueId }
  | {
      readonly kind: 'relu' | 'softmax';
      readonly x: ValueId;
      readonly to: ValueId;
      /** The input comes divided by the bound already, which the matrix before it does; the result is the true one. */
      readonly normalised: boolean;
    };

export type LinearStage = Extract<Stage, { kind: 'linear' }>;

const AFFINE_OPERATIONS: ReadonlySet<Operation['op']> = new Set([
  'conv2d',
  'dense',
  'channelAffine',
  'averagePool',
  'globalAveragePool',
  'addConstant',
  'mulConstant',
]);

/** Which of a stage's operands it reads. */
export function stageOperands(stage: Stage): ValueId[] {
  if (stage.kind === 'input') return [];
  return stage.kind === 'add' || stage.kind === 'mul' ? [stage.x, stage.y] : [stage.x];
}

/** A program's stages. */
export interface StagedProgram {
  /** In an order in which they can run; what no output needs is left out. */
  readonly stages: readonly Stage[];
  /** The values that the outputs really are: reshapes move nothing. */
  readonly outputs: readonly ValueId[];
  /**
   * Values that are no operation's whole result have ids from the number of operations on; these are the operations that they
   * are a part of, in order.
   */
  readonly parts: readonly ValueId[];
}

/** A relu or a softmax: what it approximates, it approximates within a bound. */
export type BoundedOperation = OperationOf<'relu'> | OperationOf<'softmax'>;

/** What stages depend on, beside the program. */
export interface StageRules {
  /** The bound that an operation was given, or the declared range of its input. */
  boundOf(operation: BoundedOperation): number;
  /** The largest |value| that is declared of an operation's input. */
  inputRange(operation: OperationOf<'polynomial'>): number | undefined;
}

/**
 * Completing a square shifts by b/2a: where that is many times the values themselves, most of the square is that of the shift,
 * and cancels against the offset. Eight times costs three bits, which are cheaper than a level.
 */
const MOST_SHIFT = 8;

/**
 * The stages that a program's outputs need, and its inputs.
 * @param program of operations that come after those they read, as `record` writes them
 */
export function toStages(program: ProgramText, { boundOf, inputRange }: StageRules): StagedProgram {
  const { operations } = program;
  const real = (id: ValueId): ValueId => realValue(program, id);
  const parts: ValueId[] = [];
  const outputs = program.outputs.map(real);
  const needed = neededBy(program, outputs);
  const uses = new Map<ValueId, number>();
  for (const id of outputs) uses.set(id, (uses.get(id) ?? 0) + 1);
  for (const o of operations) {
    if (!needed.has(o.id) || o.op === 'reshape') continue;
    for (const x of operands(o)) uses.set(real(x), (uses.get(real(x)) ?? 0) + 1);
  }

  const stages: Stage[] = [];
  const makerOf = (id: ValueId): number => stages.findIndex((s) => s.to === id);
  /** The linear stage that makes `id`, for nobody else than the one who asks. */
  const own = (id: ValueId): LinearStage | undefined => {
    const stage = stages[makerOf(id)];
    return stage?.kind === 'linear' && uses.get(id) === 1 && !outputs.includes(id) ? stage : undefined;
  };
  const replace = (old: Stage, by: Stage): void => void (stages[stages.indexOf(old)] = by);
  /** Values that miss a factor and an offset, which their readers must put back. */
  const missing = new Map<ValueId, Affine>();
  /** As a stage's input: a matrix of its own puts back what is missing where the reader cannot. */
  const whole = (id: ValueId): ValueId => {
    const affine = missing.get(id);
    if (affine !== undefined) {
      missing.delete(id);
      const at = makerOf(id);
      const part = operations.length + parts.length;
      parts.push(id);
      stages[at] = { ...stages[at]!, to: part };
      stages.push({ kind: 'linear', x: part, to: id, operations: [], before: affine });
    }
    return id;
  };

  for (const o of operations) {
    if (!needed.has(o.id) || o.op === 'reshape') continue;
    if (o.op === 'input') {
      stages.push({ kind: 'input', to: o.id });
      continue;
    }
    const x = real(o.x);
    if (AFFINE_OPERATIONS.has(o.op)) {
      const before = missing.get(x);
      const maker = own(x);
      if (maker !== undefined && maker.after === undefined) {
        replace(maker, { ...maker, to: o.id, operations: [...maker.operations, o.id] });
      } else {
        // A value that misses something is read by this one only: it was moved out for that reason.
        stages.push({ kind: 'linear', x, to: o.id, operations: [o.id], ...(before && { before }) });
      }
      continue;
    }
    switch (o.op) {
      case 'square':
        stages.push({ kind: 'square', x: whole(x), to: o.id });
        break;
      case 'add':
      case 'mul': {
        const y = real(o.y);
        if (o.op === 'mul' && x === y) stages.push({ kind: 'square', x: whole(x), to: o.id });
        else stages.push({ kind: o.op, x: whole(x), y: whole(y), to: o.id });
        break;
      }
      case 'polynomial': {
        const square =
          o.basis === 'monomial' && o.coefficients.length === 3 ? completeSquare(o.coefficients) : undefined;
        const maker = own(x);
        const reader = uses.get(o.id) === 1 && !outputs.includes(o.id);
        const near = square !== undefined && Math.abs(square.shift) <= MOST_SHIFT * (inputRange(o) ?? 1);
        if (near && maker !== undefined && maker.after === undefined && reader) {
          replace(maker, { ...maker, after: { factor: 1, offset: square.shift } });
          stages.push({ kind: 'square', x, to: o.id });
          missing.set(o.id, { factor: square.factor, offset: square.offset });
        } else {
          stages.push({ kind: 'polynomial', x: whole(x), to: o.id });
        }
        break;
      }
      case 'relu':
      case 'softmax': {
        const maker = own(x);
        const normalised = maker !== undefined && maker.after === undefined;
        if (normalised) replace(maker, { ...maker, after: { factor: 1 / boundOf(o), offset: 0 } });
        stages.push({ kind: o.op, x: whole(x), to: o.id, normalised });
        break;
      }
      default:
        throw new Error(`operation ${o.op} is neither linear nor known`); // every kind of Operation stands above
    }
  }
  return { stages, outputs, parts };
}

/** a·x² + b·x + c = factor·(x + shift)² + offset; undefined where a is 0. */
function completeSquare([c, b, a]: readonly number[]): { factor: number; shift: number; offset: number } | undefined {
  if (a === 0) return undefined;
  const shift = b! / (2 * a!);
  return { factor: a!, shift, offset: c! - a! * shift * shift };
}

function neededBy({ operations }: ProgramText, outputs: readonly ValueId[]): Set<ValueId> {
  const needed = new Set<ValueId>();
  const visit = (id: ValueId): void => {
    if (needed.has(id)) return;
    needed.add(id);
    for (const x of operands(operations[id]!)) visit(x);
  };
  for (const id of outputs) visit(id);
  for (const o of operations) if (o.op === 'input') needed.add(o.id); // inputs stay, used or not: callers give them
  return needed;
}
