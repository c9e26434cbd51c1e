/**
 * The matrices of a plan as code: what each is made of, how it is split, at which level and scale it is encoded.
 * @module
 */
import { sizeOf } from '../nn/index.ts';
import type { Emission, LinearStep } from './emission.ts';
import { call, type Code, type Entry, list, record } from './emit-code.ts';
import { number, string } from './emit-text.ts';
import { layoutName } from './emit-layouts.ts';
import { scaleName } from './emit-scales.ts';
import { valueOf } from './plan-access.ts';
import type { Operation, OperationOf } from './program.ts';
import { boundOf } from './ranges.ts';
import type { Affine } from './stages.ts';

/** The record `matrices`. */
export function matricesCode(emission: Emission): Code {
  const { imports, linearSteps } = emission;
  const entries = linearSteps.map((step): Entry => {
    imports.use('toyfhe/circuits', 'LinearTransform');
    const [from, to] = [layoutName(emission, step.x), layoutName(emission, step.to)];
    const split = step.split && {
      modulus: number(step.split.modulus),
      babies: rotations(emission, step.split.babies),
      giants: rotations(emission, step.split.giants),
      folds: list(step.split.folds),
    };
    const value = call(
      'new LinearTransform',
      mapCode(emission, step),
      from,
      to,
      split && record({ split: record(split) }),
    );
    return { key: emission.name(step.to), value, comment: matrixComment(emission, step) };
  });
  return { kind: 'record', entries };
}

/** The record `weights`: the matrices, encoded. */
export function weightsCode(emission: Emission): Code {
  const entries = emission.linearSteps.map(({ x, to }): Entry => {
    const [scale, target] = [scaleName(emission, x), scaleName(emission, to)];
    const at = { level: number(emission.standing(x).level), scale, target: target === scale ? undefined : target };
    const name = emission.name(to);
    return { key: name, value: call(`matrices.${name}.prepare`, 'backend', record(at)) };
  });
  return { kind: 'record', entries };
}

/** What the plan says of the matrix. */
function matrixComment({ plan }: Emission, step: LinearStep): string {
  const { name } = valueOf(plan, step.to);
  const reason = plan.reasons.find(({ value }) => value === step.to);
  return step.operations.length === 0 || reason === undefined
    ? `${name}: ${step.before?.factor === 1 ? 'the same values in other slots' : 'a factor of all values'}`
    : `${name}: ${reason.why}`;
}

/** Rotation steps: written out, or as a progression where that is shorter. */
function rotations({ helpers }: Emission, steps: readonly number[]): Code {
  const step = (steps[1] ?? 0) - (steps[0] ?? 0);
  const even = steps.length >= 5 && steps.every((k, i) => k === steps[0]! + i * step);
  if (!even) return list(steps);
  helpers.add('steps');
  return call('steps', number(steps[0]!), number(steps.at(-1)!), step === 1 ? undefined : number(step));
}

/** The sparse map, composed of the operations' maps; as `stageMap` computes it. */
function mapCode(emission: Emission, step: LinearStep): Code {
  const { plan, imports } = emission;
  const use = (name: string): string => imports.use('toyfhe/circuits', name);
  const [first, ...rest] = step.operations.map((id) => plan.program.operations[id]!);
  const value = (id: number): readonly number[] => valueOf(plan, id).shape;
  const patches = plan.inputs.some(({ id, patches: p }) => id === step.x && p !== undefined);
  const { before, after } = step;
  let map: Code | undefined;
  if (first !== undefined) {
    map = patches ? patchesMap(emission, first as OperationOf<'conv2d'>) : operationMap(emission, first);
    for (const o of rest) map = call(use('composeMaps'), operationMap(emission, o), map);
  }
  if (before !== undefined) {
    const size = sizeOf(first !== undefined && 'x' in first ? plan.program.operations[first.x]!.shape : value(step.x));
    const moved = before.factor === 1 && before.offset === 0;
    const left = moved ? call(use('identityMap'), number(size)) : uniform(emission, size, before);
    map = map === undefined ? left : call(use('composeMaps'), map, left);
  }
  if (map === undefined) throw new Error('a linear step has operations or a factor'); // toStages makes no other
  if (after === undefined || (after.factor === 1 && after.offset === 0)) return map;
  if (after.offset !== 0) return call(use('composeMaps'), uniform(emission, sizeOf(value(step.to)), after), map);
  return call(use('scaledMap'), map, factorCode(emission, step, after.factor));
}

/** `1 / 7.5` where an activation wants its input divided by its bound. */
function factorCode({ plan }: Emission, step: LinearStep, factor: number): string {
  for (const { kind, to, x } of plan.steps) {
    if (x !== step.to || (kind !== 'relu' && kind !== 'softmax')) continue;
    const o = plan.program.operations[to] as OperationOf<'relu'> | OperationOf<'softmax'>;
    const bound = boundOf(plan.program, plan.ranges, o);
    if (1 / bound === factor) return `1 / ${number(bound)}`;
  }
  return number(factor);
}

function uniform({ imports, helpers }: Emission, size: number, { factor, offset }: Affine): Code {
  imports.use('toyfhe/circuits', 'diagonalMap');
  imports.use('toyfhe/circuits', 'type AffineMap');
  helpers.add('uniform');
  return call('uniform', number(size), number(factor), offset === 0 ? undefined : number(offset));
}

function patchesMap({ plan, imports }: Emission, o: OperationOf<'conv2d'>): Code {
  const taps = sizeOf(plan.program.constantShapes[o.weight]!.slice(1));
  const windows = sizeOf(o.shape.slice(1));
  const bias = o.bias === undefined ? 'undefined' : `${constant(o.bias)}.data`;
  const callee = imports.use('toyfhe/circuits', 'explodedConvolutionMap');
  return call(callee, number(taps), number(windows), `${constant(o.weight)}.data`, bias);
}

function operationMap({ plan, imports }: Emission, o: Operation): Code {
  const use = (name: string): string => imports.use('toyfhe/nn', name);
  const shape = list('x' in o ? plan.program.operations[o.x]!.shape : []);
  const bias = (name: string | undefined): string => (name === undefined ? 'undefined' : constant(name));
  switch (o.op) {
    case 'conv2d': {
      const options = windows(o.stride, o.padding, 1);
      return call(use('conv2dAsMap'), shape, constant(o.weight), bias(o.bias), options);
    }
    case 'dense':
      return call(use('denseAsMap'), shape, constant(o.weight), bias(o.bias));
    case 'channelAffine':
      return call(use('channelAffineAsMap'), shape, constant(o.factor), constant(o.offset));
    case 'averagePool': {
      const counted = o.countPadding ? {} : { countPadding: 'false' };
      const options = windows(o.stride, o.padding, undefined, { kernel: pair(o.kernel), ...counted });
      return call(use('averagePoolAsMap'), shape, options);
    }
    case 'globalAveragePool':
      return call(use('globalAveragePoolAsMap'), shape);
    case 'addConstant':
      return call(use('addConstantAsMap'), constant(o.constant));
    case 'mulConstant':
      return call(use('mulConstantAsMap'), constant(o.constant));
    default:
      throw new Error(`operation ${o.op} is not linear`); // stages hold affine operations only
  }
}

/** Stride and padding as a layer's options; undefined where there is nothing to say. */
function windows(
  stride: readonly [number, number],
  padding: readonly [number, number, number, number],
  defaultStride: number | undefined,
  fields: Readonly<Record<string, Code>> = {},
): Code | undefined {
  const options: Record<string, Code> = { ...fields };
  if (!stride.every((s) => s === defaultStride)) options['stride'] = pair(stride);
  const [top, left, bottom, right] = padding;
  if (top !== bottom || left !== right) options['padding'] = list(padding);
  else if (top !== 0 || left !== 0) options['padding'] = pair([top, left]);
  return Object.keys(options).length === 0 ? undefined : record(options);
}

function pair([a, b]: readonly [number, number]): Code {
  return a === b ? number(a) : list([a, b]);
}

function constant(name: string): string {
  return `constant(${string(name)})`;
}
