/**
 * The form of a plan's JSON: which fields there are and what kind of value each holds. What the values mean together is
 * `check-program.ts` and `check-plan.ts`.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { PLAN_VERSION, type Plan } from './plan-types.ts';

type Check = (value: unknown, at: string) => void;

/**
 * Only fields of an object's own count: JSON may hold any name, `__proto__` and `constructor` too.
 * @throws FheError FORMAT
 */
export function checkFormat(json: unknown): asserts json is Plan {
  fields({ format: exactly('toyfhe-plan'), version: exactly(PLAN_VERSION) })(json, 'plan');
  PLAN(json, 'plan');
}

/** The one refusal of a plan, whatever is wrong with it. */
export function refusePlan(field: string, should: string, is: string, cause?: unknown): never {
  const hint = 'make the plan anew with plan(program)';
  throw new FheError({ code: 'FORMAT', op: 'read a plan', field, should, is, hint, cause });
}

/** Primes of a chain: log QP of the largest ring, at 20 bits a prime, ends below. Finding thousands would take minutes. */
const MOST_PRIMES = 256;

/** Walks over a program call themselves once an operation; twice as many operations end the stack. */
const MOST_OPERATIONS = 4096;

const exactly =
  (wanted: string | number): Check =>
  (value, at) => {
    if (value !== wanted) refusePlan(at.replace('plan.', ''), String(wanted), shown(value));
  };
const oneOf =
  (...wanted: readonly (string | number)[]): Check =>
  (value, at) => {
    if (!wanted.includes(value as string)) refusePlan(at, `one of ${wanted.join(', ')}`, shown(value));
  };
const integerFrom =
  (least: number): Check =>
  (value, at) => {
    if (!Number.isSafeInteger(value) || (value as number) < least)
      refusePlan(at, `an integer${least === Number.MIN_SAFE_INTEGER ? '' : ` ≥ ${least}`}`, shown(value));
  };
const integer = integerFrom(0);
const positive = integerFrom(1);
const signed = integerFrom(Number.MIN_SAFE_INTEGER);
const number: Check = (value, at) => {
  if (!Number.isFinite(value)) refusePlan(at, 'a number', shown(value));
};
const size: Check = (value, at) => {
  if (!Number.isFinite(value) || (value as number) < 0) refusePlan(at, 'a number ≥ 0', shown(value));
};
const text: Check = (value, at) => {
  if (typeof value !== 'string') refusePlan(at, 'a string', shown(value));
};
const flag: Check = (value, at) => {
  if (typeof value !== 'boolean') refusePlan(at, 'true or false', shown(value));
};
const optional =
  (check: Check): Check =>
  (value, at) => {
    if (value !== undefined) check(value, at);
  };
const list =
  (check: Check, length?: number): Check =>
  (value, at) => {
    if (!Array.isArray(value)) refusePlan(at, 'a list', shown(value));
    if (length !== undefined && value.length !== length) refusePlan(at, `${length} entries`, String(value.length));
    value.forEach((entry, i) => check(entry, `${at}[${i}]`));
  };
const upTo =
  (most: number, check: Check): Check =>
  (value, at) => {
    if (Array.isArray(value) && value.length > most) refusePlan(at, `at most ${most} entries`, String(value.length));
    list(check)(value, at);
  };
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) refusePlan(at, 'an object', shown(value));
    for (const [name, check] of Object.entries(checks)) check(own(value, name), `${at}.${name}`);
  };
const record =
  (check: Check): Check =>
  (value, at) => {
    fields({})(value, at);
    for (const [name, entry] of Object.entries(value as object)) check(entry, `${at}.${name}`);
  };

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Never calls what an object brings along: JSON can hold a `toString` that is none. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}

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
