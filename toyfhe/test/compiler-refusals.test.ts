/** What `plan` and `run` refuse before any work is done: the type checker does not see all callers. */
import { describe, expect, it } from 'vitest';
import { twin } from '../src/backend/index.ts';
import { DEFAULT_COSTS, parametersFor, plan, type PlanOptions, record, run } from '../src/compiler/index.ts';
import { Tensor } from '../src/nn/index.ts';
import { largestDifference, uniform } from './tensors.ts';

const w = uniform([3, 4], 'w');
const program = record((x, y) => x!.dense(w).mul(y!), { x: [4], y: [3] });
const ranges = { x: 1, y: 1 };
const small = { securityBits: 0, precisionBits: 12, ranges } as const;

describe('options of plan', () => {
  it('that are undefined are left out', () => {
    const names = ['securityBits', 'precisionBits', 'ranges', 'maxRingDegree', 'batch', 'layout', 'limits', 'costs'];
    const none = Object.fromEntries(names.map((name) => [name, undefined])) as PlanOptions;
    expect(plan(program, { ...none, precisionBits: 12 })).toEqual(plan(program, { precisionBits: 12 }));
    expect(plan(program, { ...small, ...{ batch: undefined as never } })).toEqual(plan(program, small));
  });

  const wrong: [string, object, RegExp][] = [
    ['a batch that is none', { batch: 1.5 }, /batch should be an integer ≥ 1 but is 1.5/],
    [
      'no such layout',
      { layout: 'foo' },
      /layout should be 'patches' or 'packed' but is "foo" \(a string\); leave it out/,
    ],
    ['empty costs', { costs: {} }, /costs.about should be a text: .* but is missing; take measureCosts\(backend\)/],
    [
      'costs that lack one',
      { costs: { ...DEFAULT_COSTS, encode: undefined } },
      /costs.encode should be a number ≥ 0 but is missing/,
    ],
    [
      'costs below zero',
      { costs: { ...DEFAULT_COSTS, product: -1 } },
      /costs.product should be a number ≥ 0 but is -1/,
    ],
    ['costs that are no number', { costs: { ...DEFAULT_COSTS, transform: Number.NaN } }, /costs.transform should/],
    [
      'half of the limits',
      { limits: { primeBits: 50 } },
      /limits.specialPrimes should be 'one' or 'many' but is missing/,
    ],
    ['the other half', { limits: { specialPrimes: 'one' } }, /limits.primeBits should be an integer .* but is missing/],
  ];
  it.each(wrong)('%s', (_what, options, message) => {
    expect(() => plan(program, { ...small, ...options } as PlanOptions)).toThrow(message);
  });

  it('nor an input with a name that every object has, which would be found where it is missing', () => {
    const named = record((x) => x.square(), { constructor: [3] });
    expect(() => plan(named, { securityBits: 0 })).toThrow(
      /name of an operation should be none that every object has but is constructor/,
    );
  });
});

describe('inputs of run', () => {
  const made = plan(program, { ...small, batch: 2 });
  const inputs = { x: uniform([5, 4], 'x'), y: uniform([5, 3], 'y') };

  it('are batches of any number of images', () => {
    const backend = twin(parametersFor(made));
    const got = run(made, backend, inputs, program.constants)['mul1']!;
    // The twin computes in doubles: rounding only.
    expect(largestDifference(got, inputs.x.dense(w).mul(inputs.y))).toBeLessThan(1e-9);
    expect(backend.live).toBe(0);
  });

  const wrong: [string, Record<string, Tensor>, RegExp][] = [
    [
      'as many of each',
      { x: uniform([2, 4], 'few'), y: inputs.y },
      /^cannot run a plan: number of images should be the same for all inputs but is 2, 5; give/,
    ],
    ['all of them', { x: inputs.x }, /input y should be images×3 but is missing/],
    ['of the plan’s shapes', { ...inputs, y: inputs.x }, /input y should be images×3 but is 5×4/],
    ['one at the least', { x: new Tensor([0, 4]), y: new Tensor([0, 3]) }, /input x should be images×4 but is 0×4/],
    ['of the plan’s names', { ...inputs, z: inputs.x }, /input z should be one of x, y but is none of them/],
  ];
  it.each(wrong)('are %s, or refused before there is a key', (_what, given, message) => {
    const backend = twin(parametersFor(made));
    const { keygen } = backend;
    let keys = 0;
    backend.keygen = (...options) => {
      keys++;
      return keygen.apply(backend, options);
    };
    expect(() => run(made, backend, given, program.constants)).toThrow(message);
    expect([keys, backend.live]).toEqual([0, 0]);
  });

  it('weights are checked before there is a key, too', () => {
    const backend = twin(parametersFor(made));
    backend.keygen = () => expect.unreachable('keys were made');
    expect(() => run(made, backend, inputs, new Map())).toThrow(/constant dense1.weight should be 3×4 but is missing/);
  });
});
