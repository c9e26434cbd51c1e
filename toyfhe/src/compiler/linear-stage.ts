/**
 * The matrix of a linear stage: its operations composed, with what was folded in before and after them.
 * @module
 */
import { type AffineMap, composeMaps, diagonalMap, explodedConvolutionMap, scaledMap } from '../circuits/index.ts';
import {
  addConstantAsMap,
  averagePoolAsMap,
  channelAffineAsMap,
  conv2dAsMap,
  denseAsMap,
  globalAveragePoolAsMap,
  mulConstantAsMap,
  sizeOf,
  type Tensor,
  type Weights,
} from '../nn/index.ts';
import type { Operation, OperationOf, ProgramText } from './program.ts';
import type { Affine, LinearStage } from './stages.ts';

/**
 * @param patches whether the stage's input comes as exploded patches; its first operation is then a convolution
 * @param size features of the stage's input, for a stage without operations
 */
export function stageMap(
  program: ProgramText,
  constants: Weights,
  stage: LinearStage,
  patches: boolean,
  size: number,
): AffineMap {
  const [first, ...rest] = stage.operations.map((id) => program.operations[id]!);
  let map: AffineMap | undefined;
  if (first !== undefined) {
    map = patches ? patchesMap(first as OperationOf<'conv2d'>, constants) : operationMap(program, constants, first);
    for (const o of rest) map = composeMaps(operationMap(program, constants, o), map);
  }
  if (stage.before !== undefined) {
    const before = uniformMap(map?.inputs ?? size, stage.before);
    map = map === undefined ? before : composeMaps(map, before);
  }
  if (map === undefined) throw new Error('a linear stage has operations or a factor'); // toStages makes no other
  return stage.after === undefined ? map : shifted(scaledMap(map, stage.after.factor), stage.after.offset);
}

/** One operation, over the features of one image. */
function operationMap(program: ProgramText, constants: Weights, o: Operation): AffineMap {
  const constant = (name: string): Tensor => constants.get(name)!;
  const bias = (name: string | undefined): Tensor | undefined => (name === undefined ? undefined : constant(name));
  const shape = 'x' in o ? program.operations[o.x]!.shape : [];
  switch (o.op) {
    case 'conv2d':
      return conv2dAsMap(shape, constant(o.weight), bias(o.bias), o);
    case 'dense':
      return denseAsMap(shape, constant(o.weight), bias(o.bias));
    case 'channelAffine':
      return channelAffineAsMap(shape, constant(o.factor), constant(o.offset));
    case 'averagePool':
      return averagePoolAsMap(shape, o);
    case 'globalAveragePool':
      return globalAveragePoolAsMap(shape);
    case 'addConstant':
      return addConstantAsMap(constant(o.constant));
    case 'mulConstant':
      return mulConstantAsMap(constant(o.constant));
    default:
      throw new Error(`operation ${o.op} is not linear`); // stages hold affine operations only
  }
}

/** A convolution whose windows the client has taken apart: one feature a (tap, window). */
function patchesMap(o: OperationOf<'conv2d'>, constants: Weights): AffineMap {
  const weight = constants.get(o.weight)!;
  const taps = sizeOf(weight.shape.slice(1));
  const bias = o.bias === undefined ? undefined : constants.get(o.bias)!.data;
  return explodedConvolutionMap(taps, sizeOf(o.shape.slice(1)), weight.data, bias);
}

function uniformMap(size: number, { factor, offset }: Affine): AffineMap {
  return diagonalMap(
    new Float64Array(size).fill(factor),
    offset === 0 ? undefined : new Float64Array(size).fill(offset),
  );
}

function shifted(map: AffineMap, offset: number): AffineMap {
  if (offset === 0) return map;
  const bias = Float64Array.from({ length: map.outputs }, (_, i) => (map.bias?.[i] ?? 0) + offset);
  return { ...map, bias };
}
