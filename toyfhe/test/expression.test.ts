/** Expressions: in the clear as mathjs computes them, then the same encrypted, on every backend; and what is refused. */
import fc from 'fast-check';
import { evaluate as mathjs, parse } from 'mathjs';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  type Keys,
  Scale,
  seededRandom,
  shadowed,
  twin,
} from '../src/backend/index.ts';
import { matchScale } from '../src/circuits/index.ts';
import { engine } from '../src/engine/index.ts';
import { fewestLevels } from '../src/expression/fewest-levels.ts';
import { evaluate } from '../src/expression/index.ts';
import type { Standing } from '../src/expression/levels.ts';
import { isEncrypted } from '../src/expression/numbers.ts';
import { readTerm } from '../src/expression/read-term.ts';
import { simplified, TermPolynomials } from '../src/expression/term-polynomial.ts';
import { seal } from '../src/seal/index.ts';
import {
  BFVParams,
  CKKSEncoding,
  CKKSParams,
  decrypt,
  dropPrime,
  encrypt,
  FixedRational,
  keygen,
  modswitch,
  NegacyclicRing,
  SlotEncoding,
  toy,
  type Ciphertext as ToyCiphertext,
  zero,
} from '../src/toy/index.ts';

const SEED = 'expression';
const X = [1, -0.5, 0.25, 0, 0.75];
const Y = [0.5, 1, -1, 2, 0];

/** What mathjs says for each slot. */
function clear(text: string): number[] {
  return X.map((x, i) => mathjs(text, { x, y: Y[i], a: 0.3 }) as number);
}

function code(expected: string): unknown {
  return expect.objectContaining({ code: expected });
}

describe('without ciphertexts', () => {
  it('is mathjs', () => {
    expect(evaluate('2 + 3 * 4')).toBe(14);
    expect(evaluate('x^2 + 3x + 1', { x: 2 })).toBe(11);
    expect(String(evaluate('sqrt(-4)'))).toBe('2i');
    expect(String(evaluate('[1, 2] * 3'))).toBe('[3, 6]');
    const scope = { x: 2 };
    expect(evaluate('y = x + 1', scope)).toBe(3);
    expect(scope).toEqual({ x: 2, y: 3 }); // as mathjs, which assigns
    expect(() => evaluate('x + z', { x: 2 })).toThrow('Undefined symbol z');
    expect(() => evaluate('x +', { x: 2 })).toThrow(SyntaxError);
    expect(() => evaluate(2 as never)).toThrow(code('FORMAT'));
  });
});

/** Of each: levels that it takes behind the contract, from four, and the toy's length and scale of 2^40. */
const CASES: [text: string, levels: number, length: number, scaleBits: number][] = [
  ['x^2 + 3x + 1', 1, 3, 80],
  ['3x + 1', 0, 2, 40],
  ['-x', 0, 2, 40],
  ['1 - x', 0, 2, 40],
  ['x / 4 - a', 1, 2, 80],
  ['2(x + 1) - x * 3', 0, 2, 40],
  ['x^3', 2, 4, 120],
  ['x*x*x*x', 2, 5, 160],
  ['(x + 1)(x - 1)', 1, 3, 80],
  ['0.5x^3 - 0.3x^2 + x', 2, 4, 160],
  ['((0.5x + 1)*x + 2)*x + 3', 2, 4, 160],
  ['x y', 1, 3, 80],
  ['x*y - y + sin(2) pi', 1, 3, 80],
  ['(x + y)^2 .* x', 2, 4, 120],
  ['square(x) + cube(x)', 2, 4, 120],
  ['x - x + y', 0, 2, 40],
  ['0*x + x^0 + y', 0, 2, 40],
];

describe('on the toy', () => {
  const R = NegacyclicRing(16, [60, 40, 40, 40, 40]);
  const T = FixedRational(2n ** 40n);
  const random = seededRandom(SEED);
  const kp = keygen(CKKSParams(R), random);
  const plain = (values: readonly number[]): CKKSEncoding => CKKSEncoding(T, zero(R)).assign(values);
  const [x, y] = [X, Y].map((v) => encrypt(kp.pub, plain(v), random)) as [
    ToyCiphertext<CKKSEncoding>,
    ToyCiphertext<CKKSEncoding>,
  ];

  function expectSlots(got: ToyCiphertext<CKKSEncoding>, want: readonly number[]): void {
    const { re } = decrypt(kp.priv, got);
    // Fresh noise of some 200 a slot over 2^40, and factors of at most some ten.
    want.forEach((v, i) => expect(Math.abs(re[i]! - v), `slot ${i}, seed ${SEED}`).toBeLessThan(1e-8));
  }

  it.each(CASES)('%s', (text, _levels, length, scaleBits) => {
    const got = evaluate(text, { x, y, a: 0.3 });
    expectSlots(got, clear(text));
    expect(got.length).toBe(length);
    expect(got.encoding.scaleText).toBe(String(2n ** BigInt(scaleBits)));
  });

  it('complex numbers', () => {
    const got = decrypt(kp.priv, evaluate('2i x + 1 - i', { x }));
    X.forEach((v, i) => expect([got.re[i]! - 1, got.im[i]! - (2 * v - 1)].every((e) => Math.abs(e) < 1e-8)).toBe(true));
  });

  it('plaintexts, with ciphertexts and alone', () => {
    const p = plain(Y);
    expectSlots(evaluate('p*x + p - x^2', { x, p }), clear('y*x + y - x^2'));
    expectSlots(
      evaluate('x - p', { x, p: CKKSEncoding(FixedRational(2n ** 30n), zero(R.take(2))).assign(Y) }),
      clear('x - y'),
    );
    const alone = evaluate('2p^2 - p + 1', { p });
    Y.forEach((v, i) => expect(alone.re[i]).toBe(2 * v * v - v + 1));
    expect([...evaluate('conj(p)', { p }).re]).toEqual([...p.re]);
    expect([...evaluate('p^0', { p }).re]).toEqual(Array(8).fill(1));
    const copy = evaluate('p', { p });
    copy.fill(7);
    expect(p.re[0]).toBe(0.5);
  });

  it('after a modswitch scales are fractions, and are matched all the same', () => {
    const squared = modswitch(x.mul(x));
    expectSlots(evaluate('z^2 + 3z', { z: squared }), clear('x^4 + 3x^2'));
    // Two scales as close as two primes: nothing small can bring them together, and the sum says so.
    expect(() => evaluate('z + x', { z: squared, x: dropPrime(x) })).toThrow(code('SCALE_MISMATCH'));
    expect(() => evaluate('z + x', { z: squared, x })).toThrow(code('LEVEL_MISMATCH'));
  });

  it('refuses what no longer fits the modulus', () => {
    expect(() => evaluate('x^6', { x })).toThrow(
      /cannot evaluate 'x\^6': log2\(scale\) should be below 219\.0 .* but is 240\.0; take a ring with more primes/,
    );
  });

  it('integers modulo t', () => {
    const ring = NegacyclicRing(16, [60, 60, 60]);
    const pair = keygen(BFVParams(ring, { plainModulus: 97n }), random);
    const values = [1, 2, 3, 96, 50];
    const c = encrypt(pair.pub, SlotEncoding(97n, zero(ring)).assign(values), random);
    const got = decrypt(pair.priv, evaluate('c^2 + 3c - 1', { c })).toArray();
    expect(got.slice(0, 5)).toEqual(values.map((v) => BigInt((v * v + 3 * v + 96) % 97)));
    expect(() => evaluate('c / 2', { c })).toThrow(/should be a whole number but is 0\.5; use CKKS/);
    expect(() => evaluate('c + x', { c, x } as never)).toThrow(code('KEY_MISSING')); // of another key pair
  });

  it('types say what comes out', () => {
    expectTypeOf(evaluate('x^2', { x, a: 2 })).toEqualTypeOf<ToyCiphertext<CKKSEncoding>>();
    expectTypeOf(evaluate('p^2', { p: plain(X), a: 2 })).toEqualTypeOf<CKKSEncoding>();
    expectTypeOf(evaluate('p * x', { x, p: plain(X) })).toEqualTypeOf<ToyCiphertext<CKKSEncoding>>();
    expectTypeOf(evaluate('a + 1', { a: 2 })).toBeUnknown();
  });
});

const SPEC = { ringDegree: 32, chain: [60, 40, 40, 40, 40], special: [60], insecure: true } as const;
const backends: Record<string, () => Backend | Promise<Backend>> = {
  twin: () => twin(SPEC),
  'shadowed twin': () => shadowed(twin(SPEC)),
  toy: () => toy(SPEC, seededRandom(SEED)),
  engine: () =>
    engine(
      { ...SPEC, ringDegree: 64, chain: [50, 40, 40, 40, 40], special: [50] },
      { random: seededRandom(SEED), threads: 1 },
    ),
  seal: () => seal({ ...SPEC, ringDegree: 1024 }),
};

describe.each(Object.entries(backends))('behind the contract, on the %s', (_name, create) => {
  let backend: Backend;
  let keys: Keys;
  let tools: { backend: Backend; keys: EvaluationKeys };
  let x: Ciphertext;
  let y: Ciphertext;
  beforeAll(async () => {
    backend = await create();
    keys = backend.keygen({ conjugate: true });
    tools = { backend, keys: keys.evaluationKeys };
    [x, y] = [X, Y].map((v) => keys.publicKey.encrypt(backend.encode(v))) as [Ciphertext, Ciphertext];
  });
  afterAll(() => backend.dispose());

  function expectSlots(got: Ciphertext, want: readonly number[]): void {
    const p = keys.secretKeys.decrypt(got);
    const values = backend.decode(p);
    // The worst is node-seal, whose randomness has no seed: noise of 11 000 over 2^40 is 1e-8, times some ten.
    want.forEach((v, i) => expect(Math.abs(values[i]! - v), `slot ${i}`).toBeLessThan(5e-7));
    for (const object of [p, got]) object.dispose();
  }

  it.each(CASES)('%s', (text, levels) => {
    const before = backend.live;
    const got = evaluate(text, { x, y, a: 0.3 }, tools);
    expect(backend.live).toBe(before + 1);
    expect([got.level, got.length]).toEqual([x.level - levels, 2]);
    expectSlots(got, clear(text));
    expect(backend.live).toBe(before);
  });

  it('complex numbers and conjugates', () => {
    const got = evaluate('conj(i x + y) + 1', { x, y }, tools);
    const p = keys.secretKeys.decrypt(got);
    const { re, im } = backend.decodeComplex(p);
    X.forEach((v, i) => {
      expect(re[i]).toBeCloseTo(Y[i]! + 1, 5);
      expect(im[i]).toBeCloseTo(-v, 5);
    });
    for (const object of [p, got]) object.dispose();
  });

  it('variables of any level and scale', () => {
    backend.scope(() => {
      const low = keys.evaluationKeys.dropLevel(y, 2);
      const other = matchScale(backend, keys.evaluationKeys, x, { level: 3, scale: Scale.powerOfTwo(38) });
      expectSlots(evaluate('x*low + other - x', { x, low, other }, tools), clear('x*y'));
    });
  });

  it('a variable alone is a new object', () => {
    const got = evaluate('x', { x }, tools);
    expect(got).not.toBe(x);
    expectSlots(got, X);
    expect(x.disposed).toBe(false);
  });
});

describe('random expressions', () => {
  const b = twin({ ringDegree: 16, chain: [60, ...Array<number>(16).fill(40)], special: [60], insecure: true });
  const keys = b.keygen({ conjugate: true });
  const tools = { backend: b, keys: keys.evaluationKeys };
  const inputs = [X, Y].map((v) => keys.publicKey.encrypt(b.encode(v.map((x) => x / 2)))) as [Ciphertext, Ciphertext];
  const x = inputs[0];
  const y = matchScale(b, tools.keys, inputs[1], { level: 14, scale: Scale.powerOfTwo(41) });
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('x', 'y', '2', '0.5', '-1', '(0.1 + pi)'),
      fc.tuple(tie('text'), fc.constantFrom('+', '-', '*'), tie('text')).map(([a, op, c]) => `(${a} ${op} ${c})`),
      fc.tuple(tie('text'), fc.integer({ min: 0, max: 4 })).map(([a, n]) => `${a}^${n}`),
      tie('text').map((a) => `(-${a})`),
      tie('text').map((a) => `(${a} / 4)`),
      tie('text').map((a) => `conj(${a})`),
    ),
  }));

  it('give what mathjs gives in the clear, where the levels alone say they will stand', () => {
    let compared = 0;
    fc.assert(
      fc.property(text, (written) => {
        const want = X.map((v, i) => mathjs(written, { x: v / 2, y: Y[i]! / 2 }) as number);
        fc.pre(want.every((v) => Math.abs(v) < 100));
        const names = { op: '', encrypted: new Set(['x', 'y']), numbers: {} };
        const node = parse(written);
        fc.pre(isEncrypted(node, names));
        const polynomials = new TermPolynomials();
        const term = simplified(readTerm(node, names), polynomials);
        const before = b.live;
        if (term.kind === 'number') {
          expect(() => evaluate(written, { x, y }, tools)).toThrow(code('TRANSPARENT'));
          return;
        }
        const standing = (c: Ciphertext): Standing => ({ level: c.level, scale: c.scale, products: 0 });
        const start = new Map([x, y].map((c, i) => [i === 0 ? 'x' : 'y', standing(c)]));
        const { at } = fewestLevels(term, polynomials, b.parameters, start);
        fc.pre(at.level >= 0);
        const got = evaluate(written, { x, y }, tools);
        expect([got.level, String(got.scale)]).toEqual([at.level, String(at.scale)]);
        const p = keys.secretKeys.decrypt(got);
        const values = b.decode(p);
        want.forEach((v, i) => expect(Math.abs(values[i]! - v)).toBeLessThan(1e-9 * (1 + Math.abs(v))));
        for (const object of [p, got]) object.dispose();
        expect(b.live).toBe(before);
        compared++;
      }),
      { seed: 5, numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

describe('the way with the fewest levels', () => {
  const b = shadowed(twin(SPEC));
  const { publicKey, evaluationKeys: keys } = b.keygen();
  const x = publicKey.encrypt(b.encode(X));
  const operations = (text: string): string => {
    b.ledger.clear();
    evaluate(text, { x }, { backend: b, keys }).dispose();
    const count = (op: string): number => [...b.ledger].filter((line) => line.op === op).length;
    return `${b.ledger.last!.level}: ${count('square') + count('mul')}`;
  };

  it.each([
    // level left of four: products
    ['x^8', '1: 3'],
    ['x*x*x*x*x*x*x*x', '1: 3'],
    ['((x + 1)^2)^2', '2: 2'], // not multiplied out, which would take three levels
    ['x^4 + x^3 + x^2 + x', '1: 3'], // as it is written: five products, and a level to match scales
    ['(x - 1)^16', '0: 4'], // not multiplied out: coefficients of 14 bits would cancel
  ])('%s', (text, want) => {
    expect(operations(text)).toBe(want);
  });
});

describe('what is refused, on ciphertexts', () => {
  const b = twin(SPEC);
  const { publicKey, secretKeys, evaluationKeys: keys } = b.keygen();
  const x = publicKey.encrypt(b.encode(X));
  const p = b.encode(X);
  const run = (text: string): unknown => evaluate(text, { x, p, a: 2, v: [1, 2] } as never, { backend: b, keys });

  it.each<[text: string, code: string, message: RegExp]>([
    ['x + z', 'FORMAT', /every variable should be one of x, p, a, v but is z; add it/],
    ['z', 'FORMAT', /but is z/],
    ['x * b', 'FORMAT', /but is b/], // mathjs' bit
    ['x * mod', 'FORMAT', /but is mod/],
    ['x > 1', 'FORMAT', /the operator on encrypted values should be \+ − \* \/ or \^ but is >; .* Sign, Max and Relu/],
    ['0 < x < 1', 'FORMAT', /a comparison of encrypted values/],
    ['x mod 2', 'FORMAT', /but is mod; compute with numbers only/],
    ['x!', 'FORMAT', /but is !/],
    ['sin(x)', 'FORMAT', /the function of encrypted values should be .*conj but is sin; approximate it/],
    ['x(x + 1)', 'FORMAT', /what is called in x\(x \+ 1\) should be a function but is encrypted; write x\*\(x \+ 1\)/],
    ['pow(x)', 'FORMAT', /the number of arguments of pow should be 2 but is 1/],
    ['1 / x', 'FORMAT', /the divisor should be a number but is encrypted; Division/],
    ['x / 0', 'RANGE', /the divisor should be other than 0/],
    ['x^-1', 'RANGE', /an integer from 0 to 1024 but is -1; Division/],
    ['x^0.5', 'RANGE', /but is 0\.5; other powers/],
    ['2^x', 'RANGE', /but is encrypted/],
    ['x + v', 'FORMAT', /'v' should be a number but is an object \(Array\)/],
    ['x * p', 'FORMAT', /'p' should be a number but is an object \(PlaintextObject\)/],
    ['y = x', 'FORMAT', /a mathjs assignment; write one expression/],
    ['[x, 1]', 'FORMAT', /a mathjs array/],
    ['x ? 1 : 2', 'FORMAT', /a mathjs conditional/],
    ['x + 1 / 0', 'RANGE', /finite/],
    ['x - x', 'TRANSPARENT', /known: 0 whatever the key/],
    ['x^0 + 1', 'TRANSPARENT', /known: 2/],
    ['x^17', 'LEVEL_EXHAUSTED', /this takes 5 levels, and there are 4: add 1 prime to the chain/],
  ])('%s', (text, expected, message) => {
    const before = b.live;
    expect(() => run(text)).toThrow(code(expected));
    expect(() => run(text)).toThrow(message);
    expect(b.live).toBe(before);
  });

  it('numbers beside ciphertexts are mathjs’ as before', () => {
    expect(run('sin(a)')).toBe(Math.sin(2));
    expect(String(run('v * 2'))).toBe('2,4');
  });

  it('missing or wrong tools', () => {
    expect(() => evaluate('x^2', { x })).toThrow(/backend should be the one that made the ciphertexts but is missing/);
    const noKeys = { backend: b } as never;
    expect(() => evaluate('x^2', { x }, noKeys)).toThrow(/keys should be the evaluation keys of keygen but is missing/);
    const adder = secretKeys.evaluationKeys({ relinearize: false });
    expect(() => evaluate('x^2', { x }, { backend: b, keys: adder })).toThrow(code('KEY_MISSING'));
    const other = twin(SPEC);
    expect(() => evaluate('x + 1', { x }, { backend: other, keys: other.keygen().evaluationKeys })).toThrow(
      code('FORMAT'),
    );
    const gone = publicKey.encrypt(p);
    gone.dispose();
    expect(() => evaluate('x + 1', { x: gone }, { backend: b, keys })).toThrow(code('DISPOSED'));
  });

  it('the toy and the contract together', () => {
    const R = NegacyclicRing(16, [60, 40]);
    const q = CKKSEncoding(FixedRational(2n ** 40n), zero(R)).fill(1);
    expect(() => evaluate('x + q', { x, q } as never, { backend: b, keys })).toThrow(/of both: q and x/);
  });
});
