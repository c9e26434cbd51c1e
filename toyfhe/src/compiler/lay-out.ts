/**
 * Where every value lies: layouts from the inputs on, by one rule (`layoutAfter`). Values that are added or multiplied have
 * to lie alike; where they do not, a matrix that only moves is put in.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { powerOfTwoFrom, type SlotLayout } from '../circuits/index.ts';
import { inputLayout, layoutAfter, patchesLayout, sameLayout, windowCount } from '../nn/index.ts';
import type { PlannedInput } from './plan-types.ts';
import { type Operation, type OperationOf, type ProgramText, type ValueId } from './program.ts';
import { type LinearStage, type Stage, type StagedProgram, stageOperands } from './stages.ts';

export interface LaidOut extends StagedProgram {
  readonly inputs: readonly PlannedInput[];
  readonly layouts: ReadonlyMap<ValueId, SlotLayout>;
}

/** The operation whose result, or a part of it, a value is. */
export function operationOf(program: ProgramText, { parts }: Pick<StagedProgram, 'parts'>, id: ValueId): Operation {
  return program.operations[id] ?? program.operations[parts[id - program.operations.length]!]!;
}

/**
 * @param kind `patches`: the windows of a convolution that is the only reader of an input are taken apart by the client
 * @param batch images side by side, a power of two
 * @throws FheError SLOTS where something does not fit
 */
export function layOut(
  program: ProgramText,
  staged: StagedProgram,
  kind: 'patches' | 'packed',
  slots: number,
  batch: number,
): LaidOut {
  const layouts = new Map<ValueId, SlotLayout>();
  const stages: Stage[] = [];
  const parts = [...staged.parts];
  const inputs: PlannedInput[] = [];
  const shapeOf = (id: ValueId): readonly number[] => operationOf(program, { parts }, id).shape;
  for (const stage of staged.stages) {
    switch (stage.kind) {
      case 'input': {
        const { name, shape } = program.operations[stage.to]!;
        const first = kind === 'patches' ? firstConvolution(program, staged, stage.to) : undefined;
        if (first === undefined) {
          inputs.push({ id: stage.to, name, shape });
          layouts.set(stage.to, inputLayout(slots, shape, batch));
        } else {
          const [, , height, width] = program.constantShapes[first.weight] as [number, number, number, number];
          const kernel = [height, width] as const;
          const patches = { kernel, stride: first.stride, padding: first.padding };
          inputs.push({ id: stage.to, name, shape, patches });
          const windows = windowCount(shape, patches);
          layouts.set(stage.to, patchesLayout(slots, shape[0]! * height * width, windows, batch));
        }
        break;
      }
      case 'linear': {
        const from = layouts.get(stage.x)!;
        layouts.set(
          stage.to,
          stage.operations.length === 0 ? from : layoutAfter(from, shapeOf(stage.to), strideOf(program, stage)),
        );
        break;
      }
      case 'add':
      case 'mul': {
        const wanted = layouts.get(stage.x)!;
        layouts.set(stage.to, wanted);
        if (!sameLayout(wanted, layouts.get(stage.y)!)) {
          const moved = program.operations.length + parts.length;
          parts.push(stage.y);
          layouts.set(moved, wanted);
          stages.push({ kind: 'linear', x: stage.y, to: moved, operations: [], before: { factor: 1, offset: 0 } });
          stages.push({ ...stage, y: moved });
          continue;
        }
        break;
      }
      default:
        layouts.set(stage.to, layouts.get(stage.x)!);
    }
    stages.push(stage);
  }
  return { stages, outputs: staged.outputs, parts, inputs, layouts };
}

/** Pixels of a stage's input from one of its windows to the next. */
function strideOf(program: ProgramText, { operations }: LinearStage): number {
  return operations.reduce((product, id) => {
    const o = program.operations[id]!;
    return o.op === 'conv2d' || o.op === 'averagePool' ? product * Math.min(...o.stride) : product;
  }, 1);
}

/** Whether some input can come as patches. */
export function canExplode(program: ProgramText, staged: StagedProgram): boolean {
  return staged.stages.some((s) => s.kind === 'input' && firstConvolution(program, staged, s.to) !== undefined);
}

/** The convolution that is all that happens to an input, if there is one: its windows can be taken apart. */
function firstConvolution(
  program: ProgramText,
  { stages, outputs }: StagedProgram,
  input: ValueId,
): OperationOf<'conv2d'> | undefined {
  const readers = stages.filter((s) => stageOperands(s).includes(input));
  const [reader] = readers;
  if (readers.length !== 1 || reader?.kind !== 'linear' || reader.before !== undefined) return undefined;
  if (outputs.includes(input)) return undefined;
  const first = program.operations[reader.operations[0]!];
  // A convolution that reads the input through a reshape would want other windows than the client's.
  return first?.op === 'conv2d' && first.x === input ? first : undefined;
}

/**
 * The largest batch that fits: slots over the largest period, at most `wanted` rounded up to a power of two; with patches
 * every slot is filled, because nothing is gained by fewer.
 * @returns undefined where not even one image fits
 */
export function largestBatch(
  program: ProgramText,
  staged: StagedProgram,
  kind: 'patches' | 'packed',
  slots: number,
  wanted: number,
): number | undefined {
  const most = kind === 'patches' ? slots : Math.min(slots, powerOfTwoFrom(wanted));
  for (let batch = most; batch >= 1; batch /= 2) {
    try {
      // One ciphertext for everything but patches: more images in more ciphertexts would be other evaluations.
      const { layouts, inputs } = layOut(program, staged, kind, slots, batch);
      const spread = inputs.some(({ id, patches }) => patches === undefined && layouts.get(id)!.blocks > 1);
      if (!spread || batch === 1) return batch;
    } catch (error) {
      if (!(error instanceof FheError && error.code === 'SLOTS')) throw error;
    }
  }
  return undefined;
}
