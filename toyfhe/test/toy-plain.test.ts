/** Arithmetic on plaintexts: in the clear, and what the same operations on ciphertexts decrypt to. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  BFVParams,
  BGVParams,
  CKKSEncoding,
  CKKSParams,
  decrypt,
  dropPrime,
  encrypt,
  FixedRational,
  keygen,
  NegacyclicRing,
  ScalarEncoding,
  seededRandom,
  SlotEncoding,
  zero,
} from '../src/toy/index.ts';

const SEED = 'toy-plain';
const R = NegacyclicRing(16, [50, 40, 40]);
const T40 = FixedRational(2n ** 40n);
const A = [1, -2, 0.5, 0, 3, 4, -0.25, 8];
const B = [2, 2, -4, 5, 0, -1, 3, 0.125];

/** Real parts and imaginary parts. */
function values(p: CKKSEncoding): number[][] {
  return [[...p.re], [...p.im]];
}

function code(expected: string): unknown {
  return expect.objectContaining({ code: expected });
}

describe('filling', () => {
  test('sets every entry', () => {
    const plain = CKKSEncoding(T40, zero(R)).assign(A);
    expect(plain.fill(1.5)).toBe(plain);
    expect(values(plain)).toEqual([Array(8).fill(1.5), Array(8).fill(0)]);
    expect(values(plain.fill({ re: 0, im: -1 }))).toEqual([Array(8).fill(0), Array(8).fill(-1)]);
    expect(SlotEncoding(97n, zero(R)).fill(-1).toArray()).toEqual(Array(16).fill(96n));
    expect(ScalarEncoding(97n, zero(R)).fill(98n).toArray()).toEqual([1n]);
  });

  test('refuses what does not fit, and changes nothing', () => {
    const plain = CKKSEncoding(T40, zero(R)).fill(7);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, [1, 2], '1', undefined]) {
      expect(() => plain.fill(bad as number)).toThrow(code('RANGE'));
    }
    expect(() => SlotEncoding(97n, zero(R)).fill(0.5)).toThrow(/slot 0 should be a whole number but is 0.5; use CKKS/);
    expect([...plain.re]).toEqual(Array(8).fill(7));
  });
});

describe('CKKS', () => {
  const [a, b] = [A, B].map((x) => CKKSEncoding(T40, zero(R)).assign(x)) as [CKKSEncoding, CKKSEncoding];
  const zip = (f: (x: number, y: number) => number): number[][] => [A.map((x, i) => f(x, B[i]!)), Array(8).fill(0)];

  test('sums, differences and products of real slots are those of the numbers', () => {
    expect(values(a.add(b))).toEqual(zip((x, y) => x + y));
    expect(values(a.sub(b))).toEqual(zip((x, y) => x - y));
    expect(values(a.mul(b))).toEqual(zip((x, y) => x * y + 0)); // + 0: no slot is −0
    expect(values(a.neg())).toEqual(zip((x) => -x + 0));
    expect(values(a.mul(-3n))).toEqual(zip((x) => -3 * x + 0));
    expect(values(a.add(1).sub(0.5))).toEqual(zip((x) => x + 0.5));
    expect(values(a.mul(1.5))).toEqual(zip((x) => 1.5 * x));
    expect(values(a)).toEqual(zip((x) => x)); // the operands stay
    expect(
      inspect(
        CKKSEncoding(T40, zero(R.take(1)))
          .fill(1)
          .neg(),
      ).split('\n')[1],
    ).toBe(' -1.0 + 0.0im');
  });

  test('complex slots multiply as complex numbers', () => {
    const z = CKKSEncoding(T40, zero(R)).fill({ re: 1, im: 2 });
    expect(values(z.mul(z))).toEqual([Array(8).fill(-3), Array(8).fill(4)]);
    expect(values(z.sub(z.mul(3n)))).toEqual([Array(8).fill(-2), Array(8).fill(-4)]);
  });

  test('scales multiply in products, and stay in all else', () => {
    const scale = (p: CKKSEncoding): string => String(p.scale);
    expect(scale(a.mul(b))).toBe(String(2n ** 80n));
    expect([a.add(b), a.sub(b), a.neg(), a.mul(2n), a.blank()].map(scale)).toEqual(Array(5).fill(String(2n ** 40n)));
    expect(values(a.blank().fill(1))[0]).toEqual(Array(8).fill(1));
  });

  test('the same, encrypted', () => {
    const random = seededRandom(SEED);
    const kp = keygen(CKKSParams(R), random);
    const [c, d] = [encrypt(kp.pub, a, random), encrypt(kp.pub, b, random)];
    const pairs = [
      [c.add(d), a.add(b)],
      [c.add(b), a.add(b)],
      [c.sub(d), a.sub(b)],
      [c.mul(d), a.mul(b)],
      [c.mul(b), a.mul(b)],
      [c.neg(), a.neg()],
      [c.mul(-3n), a.mul(-3n)],
      [c.add(c.blank().fill(1)), a.add(a.blank().fill(1))],
      [c.mul(c.blank().fill(1.5)), a.mul(a.blank().fill(1.5))],
      // A number stands for a plaintext filled with it.
      [c.add(1), a.add(a.blank().fill(1))],
      [c.sub(0.5), a.sub(0.5)],
      [c.mul(1.5), a.mul(1.5)],
    ] as const;
    for (const [encrypted, clear] of pairs) {
      const got = decrypt(kp.priv, encrypted);
      expect(String(got.scale)).toBe(String(clear.scale));
      // Fresh noise of about 200 a slot over 2^40, times a factor of at most 8.
      got.re.forEach((x, i) => expect(Math.abs(x - clear.re[i]!), `seed ${SEED}, slot ${i}`).toBeLessThan(1e-8));
    }
  });

  test('what does not belong together is refused, as for ciphertexts', () => {
    const large = CKKSEncoding(FixedRational(2n ** 80n), zero(R));
    const low = CKKSEncoding(T40, zero(R.take(2)));
    expect(() => a.add(large)).toThrow(code('SCALE_MISMATCH'));
    expect(() => a.sub(large)).toThrow(/cannot subtract: scale .* fill a\.blank\(\) instead/);
    expect(a.mul(large).length).toBe(8); // products take any scale
    for (const act of [() => a.add(low), () => a.sub(low), () => a.mul(low)])
      expect(act).toThrow(code('LEVEL_MISMATCH'));
    const c = encrypt(keygen(CKKSParams(R), seededRandom(SEED)).pub, a, seededRandom(SEED));
    for (const bad of [SlotEncoding(97n, zero(R)), c, '2', [1], undefined, null]) {
      expect(() => a.add(bad as never)).toThrow(code('FORMAT'));
      expect(() => a.mul(bad as never)).toThrow(code('FORMAT'));
    }
    expect(() => a.add(c as never)).toThrow(/but is CKKS ciphertext .*; with a ciphertext c|write c\.add\(a\)/);
  });
});

describe.each(['BFV', 'BGV'])('%s', (scheme) => {
  const t = 97n;
  const params = scheme === 'BFV' ? BFVParams(R, { plainModulus: t }) : BGVParams(R, { plainModulus: t });
  const random = seededRandom(SEED);
  const kp = keygen(params, random);
  const X = Array.from({ length: 16 }, (_, i) => BigInt(7 * i + 3) % t);
  const Y = Array.from({ length: 16 }, (_, i) => BigInt(50 * i * i + 90) % t);
  const [x, y] = [X, Y].map((v) => SlotEncoding(t, zero(R)).assign(v)) as [SlotEncoding, SlotEncoding];

  test('integers modulo t, in the clear and encrypted', () => {
    const [c, d] = [encrypt(kp.pub, x, random), encrypt(kp.pub, y, random)];
    expect(() => c.mul(0.5)).toThrow(code('RANGE'));
    const cases: [want: (a: bigint, b: bigint) => bigint, clear: SlotEncoding, encrypted: typeof c][] = [
      [(a, b) => a + b, x.add(y), c.add(d)],
      [(a, b) => a - b + t, x.sub(y), c.sub(d)],
      [(a, b) => a * b, x.mul(y), c.mul(d)],
      [(a) => t - a, x.neg(), c.neg()],
      [(a) => a * (t - 3n), x.mul(-3n), c.mul(-3n)],
      [(a) => a + 1n, x.add(x.blank().fill(1)), c.add(c.blank().fill(1))],
      [(a) => (a + 1n) * 2n, x.add(1).mul(2), c.add(1).mul(2)],
    ];
    for (const [f, clear, encrypted] of cases) {
      const want = X.map((a, i) => f(a, Y[i]!) % t);
      expect(clear.toArray()).toEqual(want);
      expect(decrypt(kp.priv, encrypted).toArray()).toEqual(want);
    }
  });

  test('one integer', () => {
    const six = ScalarEncoding(t, zero(R)).fill(6);
    expect(six.mul(six).add(six.blank().fill(62)).toArray()).toEqual([1n]); // 36 + 62 = 98
    expect(() => six.add(x)).toThrow(/the encoding should be ScalarEncoding\{97\} but is SlotEncoding\{97\}/);
    expect(() => x.mul(six)).toThrow(code('FORMAT'));
    expect(() => six.add(ScalarEncoding(101n, zero(R)))).toThrow(code('FORMAT'));
  });
});

test('BFV: a plaintext with the factor of a dropped prime is another scale', () => {
  const params = BFVParams(R, { plainModulus: 97n });
  const kp = keygen(params, seededRandom(SEED));
  const x = SlotEncoding(97n, zero(R)).fill(5);
  const lower = dropPrime(encrypt(kp.pub, x, seededRandom(SEED)));
  const plain = SlotEncoding(97n, zero(R.take(2))).fill(1);
  expect(() => plain.add(lower.blank())).toThrow(code('SCALE_MISMATCH'));
  expect(lower.blank().fill(2).add(lower.blank().fill(3)).toArray()).toEqual(Array(16).fill(5n));
});
