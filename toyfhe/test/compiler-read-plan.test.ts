/** Plans from outside: what is refused, and that what is accepted runs and is right. */
import { beforeAll, describe, expect, it } from 'vitest';
import { FheError, seededRandom, twin } from '../src/backend/index.ts';
import { Polynomial, Relu as Composite } from '../src/circuits/index.ts';
import {
  emit,
  evaluateClear,
  explain,
  measureRanges,
  type Model,
  parametersFor,
  plan,
  type Plan,
  type PlanOptions,
  planFigure,
  planToDot,
  Program,
  readPlan,
  record,
  run,
} from '../src/compiler/index.ts';
import { AveragePool2d, Conv2d, Dense, Flatten, Relu, Sequential, Softmax, Square, Tensor } from '../src/nn/index.ts';
import { initialized, uniform } from './tensors.ts';

interface Case {
  readonly program: Program;
  readonly plan: Plan;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

function planned(model: Model, inputs: Record<string, Tensor>, options: PlanOptions = {}): Case {
  const shapes = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape.slice(1)]));
  const program = record(model, shapes);
  const ranges = measureRanges(program, inputs);
  return { program, inputs, plan: plan(program, { securityBits: 0, precisionBits: 12, ranges, ...options }) };
}

/** Small, and together of every kind of step, of layout, and of value: whole results, moved ones, parts, reshapes. */
function cases(): Record<string, Case> {
  const article = new Sequential({
    conv: new Conv2d({ inputChannels: 1, outputChannels: 2, kernel: 2, stride: 2 }),
    square1: new Square(),
    flatten: new Flatten(),
    fc1: new Dense(8, 4),
    square2: new Square(),
    fc2: new Dense(4, 2),
  });
  const pooled = new Sequential({
    pool: new AveragePool2d({ kernel: 3, stride: 2, padding: 1 }),
    conv: new Conv2d({ inputChannels: 2, outputChannels: 4, kernel: 2, stride: 2 }),
    square: new Square(),
    flatten: new Flatten(),
    fc: new Dense(16, 3),
    relu: new Relu({ degrees: [5, 7] }),
  });
  const w = uniform([4, 4], 'w');
  const quadratic = new Polynomial([0.3, -0.4, 0.5]);
  const cubic = new Polynomial([0.1, 0.5, 0, 0.2], { interval: [-4, 4] });
  const both: Model = (x, y) => {
    const a = x!.dense(w).polynomial(quadratic);
    const b = a.dense(uniform([4, 4], 'v'), uniform([4], 'bias')).mul(y!);
    const c = y!.polynomial(quadratic).add(b).polynomial(cubic);
    return [c.reshape([1, 2, 2]), a.mul(uniform([4], 'm')), b.add(uniform([4], 'a'))];
  };
  const classes = new Sequential({ fc: new Dense(5, 3), softmax: new Softmax({ bound: 2 }) });
  return {
    article: planned(initialized(article), { image: uniform([3, 1, 4, 4], 'i') }, { layout: 'patches', batch: 2 }),
    pooled: planned(initialized(pooled), { image: uniform([2, 2, 8, 8], 'p') }, { precisionBits: 4 }),
    both: planned(both, { x: uniform([3, 4], 'x'), y: uniform([3, 4], 'y') }, { batch: 2 }),
    classes: planned(initialized(classes), { x: uniform([2, 5], 'c') }, { batch: 2, precisionBits: 8 }),
  };
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Fields = { [name: string]: Json };

const copy = (made: Plan): Fields => JSON.parse(JSON.stringify(made)) as Fields;

/** A plan with something else at one place: `set(p, 'steps/0/kind', 'square')`; undefined takes it away. */
function set(made: Plan, path: string, value: Json | undefined): Fields {
  const json = copy(made);
  const keys = path.split('/');
  const last = keys.pop()!;
  const at = keys.reduce<Json>((node, key) => (node as Fields)[key]!, json) as Fields;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
  return json;
}

let all: Record<string, Case>;
beforeAll(() => {
  all = cases();
});

describe('what the compiler writes', () => {
  it('is read back as it was', () => {
    for (const { plan: made } of Object.values(all)) expect(readPlan(copy(made))).toEqual(made);
  });

  it('also where a ring that was asked for as insecure is secure by chance', () => {
    const { plan: made } = planned((x) => x!.square(), { x: uniform([1, 1, 64, 64], 'wide') });
    expect(made.parameters.insecure).toBe(true);
    expect(made.securityBits).toBe(128);
    expect(readPlan(copy(made))).toEqual(made);
  });

  it('may have its fields in any order, and is put in the compiler’s', () => {
    const { plan: made } = all['article']!;
    const turned = JSON.parse(JSON.stringify(made), (_key, value: Json) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as Json;
    const read = readPlan(turned);
    expect(read).toEqual(made);
    expect(emit(read)).toBe(emit(made));
  });

  it('ranges are numbers, or a largest and a typical value', () => {
    const { plan: made } = all['both']!;
    const range = { largest: 3, typical: 1 };
    expect(readPlan(set(made, 'ranges/x', range)).ranges['x']).toEqual(range);
    expect(() => readPlan(set(made, 'ranges/x', { largest: 3 }))).toThrow(/typical should be a number ≥ 0/);
    expect(() => readPlan(set(made, 'ranges/x', -1))).toThrow(/should be a number ≥ 0 but is -1/);
  });
});

describe('refused: what does not follow from the program', () => {
  const article: [string, string, Json | undefined, RegExp][] = [
    ['no such output', 'program/outputs', [99], /program.outputs should be results of operations but is 99/],
    ['an input for an output', 'program/outputs', [0], /program.outputs should be results of operations but is 0/],
    ['no output', 'program/outputs', [], /program.outputs should be at least one/],
    [
      'an operand that is not there',
      'program/operations/2/x',
      99,
      /operand of operations\[2\] should be an operation before/,
    ],
    ['a reshape of itself', 'program/operations/3/x', 3, /operand of operations\[3\] should be an operation before it/],
    ['an id that is no place', 'program/operations/2/id', 1, /operations\[2\].id should be its place, 2 but is 1/],
    ['a name twice', 'program/operations/3/name', 'image', /a name of its own/],
    ['constructor for an operation', 'program/operations/2/op', 'constructor', /op should be one of input, conv2d/],
    ['toString for an operation', 'program/operations/2/op', 'toString', /op should be one of input, conv2d/],
    [
      'an input called __proto__',
      'program/operations/0/name',
      '__proto__',
      /none that every object has but is __proto__/,
    ],
    ['a constant called __proto__', 'program/operations/1/weight', '__proto__', /none that every object has/],
    ['another shape', 'program/operations/4/shape', [5], /operations\[4\].shape should be 4 but is 5/],
    ['a stride of none', 'program/operations/1/stride', [0, 2], /stride\[0\] should be an integer ≥ 1/],
    ['no bias', 'program/operations/1/bias', undefined, /constantShapes should be those .* but is with conv.bias/],
    ['no constants', 'program/constantShapes', {}, /shape of constant conv.weight should be there/],
    ['a constant of another shape', 'program/constantShapes/fc1.weight', [4, 9], /constant fc1.weight should be 4×8/],
    ['another kind of step', 'steps/1/kind', 'linear', /steps\[1\].operations should be a list but is missing/],
    ['an activation that is none', 'steps/1/kind', 'polynomial', /steps\[1\] should be .*square.* but is .*polynomial/],
    ['a step that reads itself', 'steps/1/x', 2, /steps\[1\] should be/],
    ['a step without its factor', 'steps/0/after', { factor: 2, offset: 0 }, /steps\[0\] should be/],
    ['no inputs', 'inputs', [], /inputs should be/],
    ['other windows', 'inputs/0/patches/stride', [1, 2], /inputs should be/],
    ['other outputs', 'outputs', [4], /outputs should be/],
    ['another arrangement', 'layout', 'packed', /program should be possible but is not: cannot lay out/],
    ['no batch', 'batch', 3, /program should be possible but is not: .*power of two/],
    ['another batch than the layouts’', 'batch', 1, /values\[0\] should be/],
    ['a value with another id', 'values/1/id', 2, /values\[1\] should be/],
    ['a false level', 'values/2/level', 1, /values\[2\].level should be \d but is 1/],
    ['a false scale', 'values/2/scaleBits', 3, /values\[2\].scaleBits should be/],
    ['a scale without room', 'outputScaleBits', 5000, /outputScaleBits should be at most scaleBits/],
    ['a chain too short', 'parameters/chain', [40], /should be/],
    ['a rotation around everything', 'rotations', [1, 1 << 20], /rotations should be below/],
    ['a rotation twice', 'rotations', [1, 1], /rotations should be there once each/],
    ['a range of nothing', 'ranges/conv9', 3, /ranges should be of operations but is of conv9/],
    ['products without a key', 'relinearize', false, /relinearize should be true/],
    [
      'a split of something else',
      'steps/1/split',
      { modulus: 1, babies: [], giants: [], folds: [] },
      /it is no matrix/,
    ],
    ['steps beyond the slots', 'steps/0/split/babies', [1 << 20], /split should be below/],
  ];
  it.each(article)('%s', (_what, path, value, message) => {
    const json = set(all['article']!.plan, path, value);
    expect(() => readPlan(json)).toThrow(message);
  });

  it('steps in another order, one too few, and one twice', () => {
    const { plan: made } = all['article']!;
    const steps = copy(made)['steps'] as Json[];
    for (const wrong of [steps.toReversed(), steps.slice(0, -1), [...steps, steps[0]!]]) {
      expect(() => readPlan({ ...copy(made), steps: wrong })).toThrow(/steps(\[0\])? should be/);
    }
    const values = copy(made)['values'] as Json[];
    expect(() => readPlan({ ...copy(made), values: [...values, values[1]!] })).toThrow(/values should be \d entries/);
  });

  it('longer lists than any program or ring has', () => {
    const { plan: made } = all['article']!;
    const ones = Array<number>(5000).fill(40);
    expect(() => readPlan(set(made, 'parameters/chain', ones))).toThrow(/chain should be at most 256 entries/);
    const [first] = (copy(made)['program'] as Fields)['operations'] as Json[];
    expect(() => readPlan(set(made, 'program/operations', Array(5000).fill(first) as Json[]))).toThrow(/at most 4096/);
  });

  it('what is no JSON of a plan at all, objects without toString too', () => {
    for (const json of [undefined, null, 3, 'plan', [], {}, { format: { toString: 1, valueOf: 1 } }]) {
      expect(() => readPlan(json)).toThrow(/^cannot read a plan: /);
    }
    const fields = { ...copy(all['article']!.plan), batch: { toString: 1 } };
    expect(() => readPlan(fields)).toThrow(/batch should be an integer ≥ 1 but is an object/);
  });
});

describe('refused: a plan that says more of its security than is so', () => {
  // The attack: a server hands out parameters that it can break, under the name of secure ones.
  let secure: Plan;
  beforeAll(() => {
    const { program } = all['article']!;
    secure = plan(program, { precisionBits: 12, maxRingDegree: 16384 });
  });

  it('is what it is about: the honest plan is read, and says 128-bit', () => {
    expect(secure.securityBits).toBe(128);
    expect(explain(readPlan(copy(secure)))).toContain('128-bit security');
  });

  it('a breakable ring called secure', () => {
    const { plan: small } = all['article']!;
    expect(small.securityBits).toBe(0);
    const forged = { ...copy(small), securityBits: 128 };
    expect(() => readPlan(forged)).toThrow(/securityBits should be 0, what its parameters give but is 128/);
    const parameters = { ...secure.parameters, ringDegree: 32, insecure: true };
    expect(() => readPlan({ ...copy(secure), parameters })).toThrow(/securityBits should be 0/);
  });

  it('the same without the word insecure', () => {
    const parameters = { ...secure.parameters, ringDegree: 2048 };
    expect(() => readPlan({ ...copy(secure), parameters })).toThrow(
      /parameters should be possible but is not: .*log QP/,
    );
  });

  it('another log QP than that of its primes', () => {
    expect(() => readPlan(set(secure, 'estimates/logQP', 54))).toThrow(/logQP should be .* but is 54/);
    expect(() => readPlan(set(secure, 'parameters/special', [51]))).toThrow(/logQP should be/);
  });
});

describe('any one change', () => {
  /** Every place of a JSON, as the object that holds it and the key. */
  function places(node: Json, found: [Fields, string][] = []): [Fields, string][] {
    if (typeof node !== 'object' || node === null) return found;
    for (const key of Object.keys(node)) {
      found.push([node as Fields, key]);
      places((node as Fields)[key]!, found);
    }
    return found;
  }

  const WORDS = [
    'constructor',
    'toString',
    '__proto__',
    '',
    'square',
    'linear',
    'vector',
    'packed',
    'patches',
    'input',
  ];
  const NUMBERS = [-1, 0, 0.5, 1, 2, 3, 8, 1e300, 2 ** 31, 2 ** 53, -(2 ** 60)];

  /** The one change, and a word about it. */
  function mutate(json: Fields, draw: (n: number) => number): string {
    const all = places(json);
    const [holder, key] = all[draw(all.length)]!;
    const old = holder[key]!;
    const [otherHolder, otherKey] = all[draw(all.length)]!;
    const put = (value: Json): void => void Object.assign(holder, { [key]: value });
    const ways: readonly (() => void)[] = [
      () => (Array.isArray(holder) ? void holder.splice(Number(key), 1) : void Reflect.deleteProperty(holder, key)),
      () => put(null),
      () => put(NUMBERS[draw(NUMBERS.length)]!),
      () => put(WORDS[draw(WORDS.length)]!),
      () => put([[], {}, true, false, [0], { x: 0 }][draw(6)] as Json),
      () => put(structuredClone(otherHolder[otherKey]!)), // as if two places were mixed up
      ...(typeof old === 'number' ? [() => put(old + 1), () => put(old - 1), () => put(2 * old), () => put(-old)] : []),
      ...(Array.isArray(old)
        ? [() => void old.reverse(), () => void old.pop(), () => void old.push(...structuredClone(old.slice(0, 1)))]
        : []),
      ...(Array.isArray(holder) ? [() => void holder.splice(Number(key), 0, structuredClone(old))] : []),
    ];
    const way = draw(ways.length);
    const before = JSON.stringify(old).slice(0, 60);
    ways[way]!();
    return `way ${way} at ${key}, which was ${before}`;
  }

  /** How far a plan's outputs may be from its program: rounding, or what its approximations promise. */
  function tolerance(read: Plan, program: Program, largest: number): number {
    return program.operations.reduce(
      (sum, o) => {
        if (o.op === 'softmax') return sum + 2 ** (1 - (o.bits ?? 12));
        if (o.op !== 'relu') return sum;
        const range = read.values.find(({ id }) => id === o.id)!.range;
        return sum + Math.max(range, 1) * 2 ** -new Composite({ degrees: o.degrees }).alpha;
      },
      1e-9 * Math.max(1, largest),
    );
  }

  it.each(['article', 'pooled', 'both', 'classes'])(
    '%s: refused, or run as its program says, or refused then',
    (name) => {
      const { plan: made, program, inputs } = all[name]!;
      const random = seededRandom(`plans of ${name}`);
      const draw = (n: number): number => new DataView(random.bytes(4).buffer).getUint32(0) % n;
      const count = { refused: 0, right: 0, later: 0 };
      for (let round = 0; round < 500; round++) {
        const json = copy(made);
        const what = mutate(json, draw);
        let read: Plan;
        try {
          read = readPlan(JSON.parse(JSON.stringify(json)));
        } catch (error) {
          expect(error, what).toBeInstanceOf(FheError);
          expect((error as FheError).code, what).toBe('FORMAT');
          count.refused++;
          continue;
        }
        for (const print of [explain, emit, planToDot, planFigure]) expect(() => print(read), what).not.toThrow();
        const backend = twin(parametersFor(read));
        let got: Record<string, Tensor>;
        const given = Object.fromEntries(read.inputs.map((input, i) => [input.name, Object.values(inputs)[i]!]));
        try {
          got = run(read, backend, given, program.constants);
        } catch (error) {
          expect(error, what).toBeInstanceOf(FheError);
          count.later++;
          continue;
        } finally {
          expect(backend.live, what).toBe(0);
        }
        // What the plan's own program says: another stride or polynomial is another program, as good as any.
        const own = new Program(read.program.operations, read.program.outputs, program.constants);
        const clear = evaluateClear(own, given);
        const outputs = own.outputs.map((id) => [own.operations[id]!.name, clear.get(id)!] as const);
        expect(Object.keys(got).sort()).toEqual([...new Set(outputs.map(([output]) => output))].sort());
        for (const [output, { data }] of outputs) {
          const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
          const error = data.reduce((most, x, i) => Math.max(most, Math.abs(x - got[output]!.data[i]!)), 0);
          expect(error, what).toBeLessThanOrEqual(tolerance(read, own, largest));
        }
        count.right++;
      }
      // Of all three there are some, or this test says nothing; estimates and words alone are a third of a plan.
      expect(count.refused).toBeGreaterThan(100);
      expect(count.right).toBeGreaterThan(20);
      expect(count.refused + count.right + count.later).toBe(500);
    },
  );
});
