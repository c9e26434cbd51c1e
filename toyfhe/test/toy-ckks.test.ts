import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  CKKSEncoding,
  CKKSParams,
  circshift,
  conjugate,
  decrypt,
  dropPrime,
  EvalMultKey,
  encrypt,
  FixedRational,
  GaloisKey,
  keygen,
  keyswitch,
  ModulusRaised,
  modswitch,
  NegacyclicRing,
  type CKKSEncoding as Plain,
  type RlweParams,
  ring,
  seededRandom,
  ternary,
  zero,
} from '../src/toy/index.ts';

const SEED = 'toy-ckks';
const T = FixedRational(2n ** 40n);
const R4 = NegacyclicRing(16, [50, 40, 40, 50]);

/** Every way of cutting digits, on three primes for ciphertexts: a textbook ring, or one with a special prime. */
const variants: [name: string, params: RlweParams][] = [
  ['1-bit digits', CKKSParams(R4.take(3), { relinWindow: 1 })],
  ['5-bit digits', CKKSParams(R4.take(3), { relinWindow: 5 })],
  ['special prime and RNS digits', ModulusRaised(CKKSParams(R4))],
  ['special prime and 20-bit digits', ModulusRaised(CKKSParams(R4, { relinWindow: 20 }))],
  ['special prime and ternary secrets', ModulusRaised(CKKSParams(R4, { secret: ternary }))],
];

/** Slot by slot within the tolerance. Honest noise: 1e-9 fresh at scale 2^40, times the size of the other factor. */
function expectSlots(got: Plain, re: readonly number[], im: readonly number[] = [], tolerance = 1e-7): void {
  re.forEach((x, i) => {
    const distance = Math.hypot(got.re[i]! - x, got.im[i]! - (im[i] ?? 0));
    expect(distance, `slot ${i} of ${inspect(got)}, seed ${SEED}`).toBeLessThan(tolerance);
  });
}

const A = [1, 2, 3, 4, 5, 6, 7, 8];
const B = [0.5, -1, 2, -2, 0, 1, -0.25, 3];

describe.each(variants)(`CKKS with %s (seed ${SEED})`, (_, params) => {
  const random = seededRandom(SEED);
  const kp = keygen(params, random);
  const ek = keygen(EvalMultKey, kp.priv, random);
  const top = ring(params);
  const encode = (values: readonly number[], scale = T, level = top): Plain =>
    CKKSEncoding(scale, zero(level)).assign(values);
  const [a, b] = [encrypt(kp.pub, encode(A), random), encrypt(kp.pub, encode(B), random)];

  test('sums, differences and negatives, in the clear and encrypted', () => {
    expectSlots(
      decrypt(kp.priv, a.add(b)),
      A.map((x, i) => x + B[i]!),
    );
    expectSlots(
      decrypt(kp.priv, a.sub(b)),
      A.map((x, i) => x - B[i]!),
    );
    expectSlots(
      decrypt(kp.priv, a.neg()),
      A.map((x) => -x),
    );
    expectSlots(
      decrypt(kp.priv, a.add(encode(B))),
      A.map((x, i) => x + B[i]!),
    );
    expectSlots(
      decrypt(kp.priv, a.sub(encode(B))),
      A.map((x, i) => x - B[i]!),
    );
  });

  test('products with ciphertexts, plaintexts and integers', () => {
    expectSlots(
      decrypt(kp.priv, a.mul(b)),
      A.map((x, i) => x * B[i]!),
    );
    expectSlots(
      decrypt(kp.priv, a.mul(encode(B))),
      A.map((x, i) => x * B[i]!),
    );
    expectSlots(
      decrypt(kp.priv, a.mul(-3n)),
      A.map((x) => -3 * x),
    );
    expect(a.mul(-3n).encoding.name).toBe(a.encoding.name);
  });

  test('a product of any length decrypts, and keyswitch brings it to length 2', () => {
    const cube = a.mul(b).mul(b);
    const want = A.map((x, i) => x * B[i]! ** 2);
    expect(cube.length).toBe(4);
    expectSlots(decrypt(kp.priv, cube), want);
    const short = keyswitch(ek, cube);
    expect(short.length).toBe(2);
    expectSlots(decrypt(kp.priv, short), want);
    expectSlots(
      decrypt(kp.priv, keyswitch(ek, a.mul(b))),
      A.map((x, i) => x * B[i]!),
    );
    // Sums of unlike lengths, either way round.
    const long = a.mul(b);
    const sums = [long.add(keyswitch(ek, long)), keyswitch(ek, long).add(long)];
    for (const sum of sums) {
      expect(sum.length).toBe(3);
      expectSlots(
        decrypt(kp.priv, sum),
        A.map((x, i) => 2 * x * B[i]!),
      );
    }
  });

  test('the whole depth: square, rescale, add at the new scale, square, rescale', () => {
    const half = A.map((x) => x / 8);
    let c = encrypt(kp.pub, encode(half), random);
    c = modswitch(keyswitch(ek, c.mul(c)));
    expect(ring(c).primes).toHaveLength(2);
    c = c.add(c.blank().assign(B)); // same exact scale and ring as c
    c = modswitch(keyswitch(ek, c.mul(c)));
    expect(ring(c).primes).toHaveLength(1);
    // Below scale 2^40 by the fractions that primes differ from 2^40.
    expectSlots(
      decrypt(kp.priv, c),
      half.map((x, i) => (x * x + B[i]!) ** 2),
    );
    expect(() => modswitch(c)).toThrow(expect.objectContaining({ code: 'LEVEL_EXHAUSTED' }));
  });

  test.each([1, 2, -1, 5, 8, 0])('circshift by %i, at the top and at every lower level', (steps) => {
    const gk = keygen(GaloisKey, kp.priv, { steps }, random);
    for (let drop = 0; drop < 3; drop++) {
      expectSlots(decrypt(kp, circshift(dropPrime(a, drop), gk)), circshift(A, steps));
    }
    expectSlots(decrypt(kp, encrypt(kp.pub, circshift(encode(A), steps), random)), circshift(A, steps));
  });

  test('conjugate, in the clear and encrypted', () => {
    const plain = encode(A);
    B.forEach((y, i) => {
      plain.set(i, { re: A[i]!, im: y });
    });
    const negated = B.map((y) => -y);
    expectSlots(conjugate(plain), A, negated, 1e-15);
    const gk = keygen(GaloisKey, kp.priv, { conjugate: true }, random);
    expect(gk.element).toBe(31);
    expectSlots(decrypt(kp, conjugate(encrypt(kp.pub, plain, random), gk)), A, negated);
  });

  test('encrypting at a lower level, at a scale that is no power of two', () => {
    const odd = FixedRational(3n ** 26n, 7n);
    const low = top.take(1);
    const c = encrypt(kp.pub, encode(A, odd, low), random);
    expect(ring(c).equals(low)).toBe(true);
    expectSlots(decrypt(kp, c), A, [], 2e-7 * 2 ** 3); // 3^26/7 = 2^38.4
    const gk = keygen(GaloisKey, kp.priv, { steps: 1 }, random);
    expectSlots(decrypt(kp, circshift(c, gk)), circshift(A, 1), [], 2e-7 * 2 ** 3);
  });

  test('dropPrime keeps message and scale', () => {
    const dropped = dropPrime(a, 2);
    expect(dropped.encoding.name).toBe(a.encoding.name);
    expect(ring(dropped).primes).toEqual(top.primes.slice(0, 1));
    expectSlots(decrypt(kp, dropped), A);
  });
});

test(`RNS digits without a special prime do relinearize at scale 2^80 (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const kp = keygen(CKKSParams(NegacyclicRing(16, [40, 40, 40])), random);
  const a = encrypt(kp.pub, CKKSEncoding(T, zero(ring(kp.pub))).assign(A), random);
  const c = modswitch(keyswitch(keygen(EvalMultKey, kp.priv, random), a.mul(a)));
  expectSlots(
    decrypt(kp, c),
    A.map((x) => x * x),
    [],
    1e-8,
  );
});
