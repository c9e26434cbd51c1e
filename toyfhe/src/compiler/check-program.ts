/**
 * Whether a program from outside is one that `record` could have written: every operation follows from those before it.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { outputImage, Polynomial } from '../circuits/index.ts';
import { printShape, sameShape, sizeOf } from '../nn/index.ts';
import { refusePlan } from './json-checks.ts';
import { constantsOf, type Operation, operands, type ProgramText } from './program.ts';

type Shape = readonly number[];

/** @throws FheError FORMAT, with the place */
export function checkProgram(program: ProgramText): void {
  const { operations, outputs, constantShapes } = program;
  const names = new Set<string>();
  const constants = new Set<string>();
  operations.forEach((o, i) => {
    const at = `operations[${i}]`;
    if (o.id !== i) refusePlan(`${at}.id`, `its place, ${i}`, String(o.id));
    checkName(`${at}.name`, o.name);
    if (names.has(o.name)) refusePlan(`${at}.name`, 'a name of its own', JSON.stringify(o.name));
    names.add(o.name);
    for (const x of operands(o)) {
      if (x >= i) refusePlan(`operand of ${at}`, 'an operation before it', String(x));
    }
    for (const name of constantsOf(o)) {
      checkName(`constant of ${at}`, name);
      if (!Object.hasOwn(constantShapes, name)) refusePlan(`shape of constant ${name}`, 'there', 'missing');
      constants.add(name);
    }
    if (!Number.isSafeInteger(sizeOf(o.shape))) refusePlan(`${at}.shape`, 'of fewer values', printShape(o.shape));
    const should = resultShape(program, o, at);
    if (!sameShape(should, o.shape)) refusePlan(`${at}.shape`, printShape(should), printShape(o.shape));
  });
  for (const name of Object.keys(constantShapes)) {
    if (!constants.has(name)) refusePlan('program.constantShapes', 'those that operations read', `with ${name}`);
  }
  if (outputs.length === 0) refusePlan('program.outputs', 'at least one', 'none');
  for (const id of outputs) {
    const o = operations[id];
    if (o === undefined || o.op === 'input') refusePlan('program.outputs', 'results of operations', String(id));
  }
}

/** Values are looked up by name in plain objects, which know some names by themselves. */
export function isPlainName(name: string): boolean {
  return !(name in Object.prototype);
}

function checkName(field: string, name: string): void {
  if (!isPlainName(name)) refusePlan(field, 'none that every object has', name);
}

/** The shape that an operation gives; `record` computes the same. */
function resultShape({ operations, constantShapes }: ProgramText, o: Operation, at: string): Shape {
  if (o.op === 'input') return o.shape.length > 0 ? o.shape : refusePlan(`${at}.shape`, 'at least one extent', 'none');
  const x = operations[o.x]!.shape;
  const constant = (name: string, ...should: readonly Shape[]): void => {
    const is = constantShapes[name]!;
    if (should.some((s) => sameShape(s, is))) return;
    refusePlan(`shape of constant ${name}`, should.map(printShape).join(' or '), printShape(is));
  };
  const image = (): readonly [number, number, number] =>
    x.length === 3 ? (x as [number, number, number]) : refusePlan(`input of ${at}`, 'an image', printShape(x));
  switch (o.op) {
    case 'conv2d': {
      const [channels] = image();
      const weight = constantShapes[o.weight]!;
      const [outputs = 0, , height = 0, width = 0] = weight;
      constant(o.weight, [outputs, channels, height, width]);
      if (o.bias !== undefined) constant(o.bias, [outputs]);
      return windowed(image(), at, { ...o, kernel: [height, width], outputChannels: outputs });
    }
    case 'averagePool':
      return windowed(image(), at, o);
    case 'globalAveragePool':
      return [image()[0], 1, 1];
    case 'dense': {
      const [outputs = 0] = constantShapes[o.weight]!;
      if (x.length !== 1) refusePlan(`input of ${at}`, 'a vector', printShape(x));
      constant(o.weight, [outputs, x[0]!]);
      if (o.bias !== undefined) constant(o.bias, [outputs]);
      return [outputs];
    }
    case 'channelAffine':
      for (const name of [o.factor, o.offset]) constant(name, [x[0]!]);
      return x;
    case 'addConstant':
    case 'mulConstant':
      constant(o.constant, x, [1, ...x]);
      return x;
    case 'reshape':
      return sizeOf(o.shape) === sizeOf(x)
        ? o.shape
        : refusePlan(`${at}.shape`, `of ${sizeOf(x)} values`, printShape(o.shape));
    case 'add':
    case 'mul': {
      const y = operations[o.y]!.shape;
      return sameShape(x, y) ? x : refusePlan(`operands of ${at}`, `both ${printShape(x)}`, `one ${printShape(y)}`);
    }
    case 'polynomial':
      explained(at, () => new Polynomial(o.coefficients, o));
      return x;
    case 'softmax':
      return x.length === 1 ? x : refusePlan(`input of ${at}`, 'a vector', printShape(x));
    default:
      return x;
  }
}

function windowed(
  [channels, height, width]: readonly [number, number, number],
  at: string,
  options: Parameters<typeof outputImage>[1],
): Shape {
  const out = explained(at, () => outputImage({ channels, height, width }, options));
  return [out.channels, out.height, out.width];
}

/** What another part of the library refuses is a wrong plan here. */
export function explained<T>(field: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    if (error instanceof FheError) return refusePlan(field, 'possible', `not: ${error.message}`, error);
    throw error;
  }
}
