/**
 * The form of a plan's JSON: which fields there are and what kind of value each holds. What the values mean together is
 * `check-program.ts` and `check-plan.ts`.
 * @module
 */
import {
  type Check,
  exactly,
  fields,
  flag,
  integer,
  list,
  number,
  oneOf,
  optional,
  positive,
  record,
  signed,
  size,
  text,
  upTo,
} from './json-checks.ts';
import { PLAN_VERSION, type Plan } from './plan-types.ts';

/** @throws FheError FORMAT, with the place */
export function checkFormat(json: unknown): asserts json is Plan {
  fields({ format: exactly('toyfhe-plan'), version: exactly(PLAN_VERSION) })(json, 'plan');
  PLAN(json, 'plan');
}

/** Primes of a chain: log QP of the largest ring, at 20 bits a prime, ends below. Finding thousands would take minutes. */
const MOST_PRIMES = 256;

/** Walks over a program call themselves once an operation; twice as many operations end the stack. */
const MOST_OPERATIONS = 4096;

const shape = list(positive);
const affine = optional(fields({ factor: number, offset: number }));
const windowFields = { kernel: list(positive, 2), stride: list(positive, 2), padding: list(integer, 4) };
const split = optional(fields({ modulus: positive, babies: list(signed), giants: list(signed), folds: list(integer) }));
const arrangement: Check = (value, at) => {
  fields({ kind: oneOf('vector', 'image') })(value, at);
  const image = { channels: positive, height: positive, width: positive, grid: list(positive, 2), gap: positive };
  const vector = { length: positive, perBlock: positive };
  fields((value as { kind: string }).kind === 'vector' ? vector : image)(value, at);
};
const layout = fields({ slots: positive, batch: positive, period: positive, blocks: positive, arrangement });
const range: Check = (value, at) => {
  if (typeof value === 'number') size(value, at);
  else fields({ largest: size, typical: size })(value, at);
};
const operation: Check = (value, at) => {
  fields({ id: integer, name: text, shape, op: oneOf(...Object.keys(OPERATIONS)) })(value, at);
  fields(OPERATIONS[(value as { op: string }).op]!)(value, at);
};
const step: Check = (value, at) => {
  const kinds = ['linear', 'square', 'add', 'mul', 'polynomial', 'relu', 'softmax'];
  const costs = { rotations: integer, products: integer, ms: number };
  fields({ kind: oneOf(...kinds), x: integer, to: integer, ...costs, split })(value, at);
  const { kind } = value as { kind: string };
  if (kind === 'linear') fields({ operations: list(integer), before: affine, after: affine })(value, at);
  if (kind === 'add' || kind === 'mul') fields({ y: integer })(value, at);
  if (kind === 'relu' || kind === 'softmax') fields({ normalised: flag })(value, at);
};

const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  input: {},
  conv2d: {
    x: integer,
    weight: text,
    bias: optional(text),
    stride: list(positive, 2),
    padding: list(integer, 4),
  },
  dense: { x: integer, weight: text, bias: optional(text) },
  channelAffine: { x: integer, factor: text, offset: text },
  averagePool: { x: integer, ...windowFields, countPadding: flag },
  globalAveragePool: { x: integer },
  reshape: { x: integer },
  add: { x: integer, y: integer },
  mul: { x: integer, y: integer },
  addConstant: { x: integer, constant: text },
  mulConstant: { x: integer, constant: text },
  square: { x: integer },
  polynomial: {
    x: integer,
    basis: oneOf('monomial', 'chebyshev'),
    coefficients: list(number),
    interval: optional(list(number, 2)),
  },
  relu: { x: integer, degrees: list(integer), bound: optional(number) },
  softmax: { x: integer, bound: optional(number), least: optional(number), bits: optional(number) },
};

const primes = upTo(MOST_PRIMES, positive);

const PLAN: Check = fields({
  program: fields({
    operations: upTo(MOST_OPERATIONS, operation),
    outputs: list(integer),
    constantShapes: record(shape),
  }),
  parameters: fields({
    ringDegree: positive,
    chain: primes,
    special: primes,
    scaleBits: positive,
    insecure: optional(flag),
  }),
  outputScaleBits: positive,
  securityBits: oneOf(128, 0),
  batch: positive,
  layout: oneOf('patches', 'packed'),
  inputs: list(fields({ id: integer, name: text, shape, patches: optional(fields(windowFields)) })),
  outputs: list(integer),
  values: list(
    fields({ id: integer, name: text, shape, level: integer, scaleBits: number, layout, range: size, error: size }),
  ),
  steps: list(step),
  ranges: record(range),
  rotations: list(positive),
  relinearize: flag,
  estimates: fields({
    precisionBits: number,
    logQP: number,
    evaluateSeconds: number,
    prepareSeconds: number,
    keyBytes: number,
    inputBytes: number,
    outputBytes: number,
    weightBytes: number,
    rotations: integer,
    costs: text,
  }),
  reasons: list(
    fields({
      about: oneOf('layout', 'parameters', 'output scale', 'matrix', 'keys'),
      value: optional(integer),
      choice: text,
      why: text,
    }),
  ),
});
