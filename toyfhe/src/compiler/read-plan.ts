/**
 * Plans from outside: checked before they are believed.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { PLAN_VERSION, type Plan } from './plan-types.ts';

type Check = (value: unknown, at: string) => void;

/**
 * A parsed plan.
 * @param json what `JSON.parse` gave
 * @throws FheError FORMAT for anything that is no plan of this version, with the place
 */
export function readPlan(json: unknown): Plan {
  fields({ format: exactly('toyfhe-plan'), version: exactly(PLAN_VERSION) })(json, 'plan');
  PLAN(json, 'plan');
  const plan = json as Plan;
  const ids = new Set(plan.values.map(({ id }) => id));
  const known: Check = (id, at) => {
    if (!ids.has(id as number)) refuse(at, 'the id of a value', String(id));
  };
  plan.inputs.forEach(({ id }, i) => known(id, `inputs[${i}].id`));
  plan.outputs.forEach((id, i) => known(id, `outputs[${i}]`));
  plan.steps.forEach((step, i) => {
    known(step.x, `steps[${i}].x`);
    known(step.to, `steps[${i}].to`);
    if ('y' in step) known(step.y, `steps[${i}].y`);
    if (step.kind === 'linear') {
      for (const o of step.operations) {
        if (plan.program.operations[o] === undefined) refuse(`steps[${i}].operations`, 'operations', String(o));
      }
    }
  });
  return plan;
}

const exactly =
  (wanted: string | number): Check =>
  (value, at) => {
    if (value !== wanted) refuse(at.replace('plan.', ''), String(wanted), String(value));
  };
const oneOf =
  (...wanted: readonly (string | number)[]): Check =>
  (value, at) => {
    if (!wanted.includes(value as string)) refuse(at, `one of ${wanted.join(', ')}`, String(value));
  };
const integer: Check = (value, at) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) refuse(at, 'an integer ≥ 0', String(value));
};
const signed: Check = (value, at) => {
  if (!Number.isSafeInteger(value)) refuse(at, 'an integer', String(value));
};
const number: Check = (value, at) => {
  if (!Number.isFinite(value)) refuse(at, 'a number', String(value));
};
const text: Check = (value, at) => {
  if (typeof value !== 'string') refuse(at, 'a string', typeof value);
};
const flag: Check = (value, at) => {
  if (typeof value !== 'boolean') refuse(at, 'true or false', String(value));
};
const optional =
  (check: Check): Check =>
  (value, at) => {
    if (value !== undefined) check(value, at);
  };
const list =
  (check: Check, length?: number): Check =>
  (value, at) => {
    if (!Array.isArray(value)) refuse(at, 'a list', typeof value);
    if (length !== undefined && (value as unknown[]).length !== length)
      refuse(at, `${length} entries`, `${(value as unknown[]).length}`);
    (value as unknown[]).forEach((entry, i) => check(entry, `${at}[${i}]`));
  };
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      refuse(at, 'an object', JSON.stringify(value));
    for (const [name, check] of Object.entries(checks))
      check((value as Record<string, unknown>)[name], `${at}.${name}`);
  };
const record =
  (check: Check): Check =>
  (value, at) => {
    fields({})(value, at);
    for (const [name, entry] of Object.entries(value as object)) check(entry, `${at}.${name}`);
  };

const shape = list(integer);
const affine = optional(fields({ factor: number, offset: number }));
const windows = optional(fields({ kernel: list(integer, 2), stride: list(integer, 2), padding: list(integer, 4) }));
const split = optional(fields({ modulus: integer, babies: list(signed), giants: list(signed), folds: list(integer) }));
const arrangement: Check = (value, at) => {
  fields({ kind: oneOf('vector', 'image') })(value, at);
  const image = { channels: integer, height: integer, width: integer, grid: list(integer, 2), gap: integer };
  const vector = { length: integer, perBlock: integer };
  fields((value as { kind: string }).kind === 'vector' ? vector : image)(value, at);
};
const layout = fields({ slots: integer, batch: integer, period: integer, blocks: integer, arrangement });
const operation: Check = (value, at) => {
  fields({ id: integer, name: text, shape, op: text })(value, at);
  const more = OPERATIONS[(value as { op: string }).op];
  if (more === undefined)
    refuse(`${at}.op`, `one of ${Object.keys(OPERATIONS).join(', ')}`, (value as { op: string }).op);
  else fields(more)(value, at);
};
const step: Check = (value, at) => {
  const kinds = ['linear', 'square', 'add', 'mul', 'polynomial', 'relu', 'softmax'];
  fields({ kind: oneOf(...kinds), x: integer, to: integer, rotations: integer, products: integer, ms: number, split })(
    value,
    at,
  );
  const { kind } = value as { kind: string };
  if (kind === 'linear') fields({ operations: list(integer), before: affine, after: affine })(value, at);
  if (kind === 'add' || kind === 'mul') fields({ y: integer })(value, at);
  if (kind === 'relu' || kind === 'softmax') fields({ normalised: flag })(value, at);
};

const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  input: {},
  conv2d: { x: integer, weight: text, bias: optional(text), stride: list(integer, 2), padding: list(integer, 4) },
  dense: { x: integer, weight: text, bias: optional(text) },
  channelAffine: { x: integer, factor: text, offset: text },
  averagePool: {
    x: integer,
    kernel: list(integer, 2),
    stride: list(integer, 2),
    padding: list(integer, 4),
    countPadding: flag,
  },
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
  softmax: { x: integer, bound: optional(number) },
};

const PLAN: Check = fields({
  program: fields({ operations: list(operation), outputs: list(integer), constantShapes: record(shape) }),
  parameters: fields({
    ringDegree: integer,
    chain: list(integer),
    special: list(integer),
    scaleBits: integer,
    insecure: optional(flag),
  }),
  outputScaleBits: integer,
  securityBits: oneOf(128, 0),
  batch: integer,
  layout: oneOf('patches', 'packed'),
  inputs: list(fields({ id: integer, name: text, shape, patches: windows })),
  outputs: list(integer),
  values: list(
    fields({ id: integer, name: text, shape, level: integer, scaleBits: number, layout, range: number, error: number }),
  ),
  steps: list(step),
  ranges: record(number),
  rotations: list(integer),
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

function refuse(field: string, should: string, is: string): never {
  const hint = 'make the plan anew with plan(program)';
  throw new FheError({ code: 'FORMAT', op: 'read a plan', field, should, is, hint });
}
