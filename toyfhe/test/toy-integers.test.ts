import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  BFVParams,
  BGVParams,
  CKKSEncoding,
  CKKSParams,
  circshift,
  conjugate,
  decrypt,
  dropPrime,
  EvalMultKey,
  encrypt,
  encryptSecret,
  FixedRational,
  GaloisKey,
  InsecureDebug,
  keygen,
  keyswitch,
  ModulusRaised,
  modswitch,
  NegacyclicRing,
  noiseBudget,
  phase,
  RingElement,
  type RlweParams,
  ring,
  ScalarEncoding,
  SlotEncoding,
  seededRandom,
  zero,
} from '../src/toy/index.ts';

const SEED = 'toy-integers';
const t = 97n; // prime, ≡ 1 mod 32
const R = NegacyclicRing(16, [40, 40, 40]);
const R4 = NegacyclicRing(16, [40, 40, 40, 50]);
const plainModulus = t;

const variants: [name: string, params: RlweParams][] = [
  ['BFV, 8-bit digits', BFVParams(R, { plainModulus, relinWindow: 8 })],
  ['BFV, RNS digits', BFVParams(R, { plainModulus })],
  ['BFV, special prime', ModulusRaised(BFVParams(R4, { plainModulus }))],
  ['BGV, 8-bit digits', BGVParams(R, { plainModulus, relinWindow: 8 })],
  ['BGV, RNS digits', BGVParams(R, { plainModulus })],
  ['BGV, special prime', ModulusRaised(BGVParams(R4, { plainModulus }))],
  ['BGV, special prime, no noise', InsecureDebug(ModulusRaised(BGVParams(R4, { plainModulus })))],
  ['BFV, no noise, special prime', ModulusRaised(InsecureDebug(BFVParams(R4, { plainModulus })))],
];

const A = Array.from({ length: 16 }, (_, i) => BigInt(i * i + 1) % t);
const B = Array.from({ length: 16 }, (_, i) => BigInt(90 - 7 * i + 97) % t);
const mod = (x: bigint): bigint => ((x % t) + t) % t;

// Exact schemes: no tolerance anywhere.
describe.each(variants)(`%s (seed ${SEED})`, (_, params) => {
  const random = seededRandom(SEED);
  const kp = keygen(params, random);
  const ek = keygen(EvalMultKey, kp.priv, random);
  const slots = (values: readonly bigint[]) => SlotEncoding(t, zero(ring(params))).assign(values);
  const scalar = (value: number) => ScalarEncoding(t, zero(ring(params))).set(0, value);
  const [a, b] = [encrypt(kp.pub, slots(A), random), encrypt(kp.pub, slots(B), random)];

  test('a scalar: 6 · 7 + 60 = 102 ≡ 5', () => {
    expect(mod(6n * 7n + 60n)).toBe(5n);
    const [six, seven] = [encrypt(kp.pub, scalar(6), random), encrypt(kp.pub, scalar(7), random)];
    const result = six.mul(seven).add(scalar(60));
    expect(decrypt(kp.priv, result).get(0)).toBe(5n);
    expect(decrypt(kp.priv, keyswitch(ek, result)).get(0)).toBe(5n);
    expect(inspect(decrypt(kp.priv, result))).toBe('ScalarEncoding{97}(5)');
  });

  test('encrypted with the secret key, and added to what the public key encrypted', () => {
    const c = encryptSecret(kp.priv, slots(A), random);
    expect([...decrypt(kp.priv, c)]).toEqual(A);
    expect([...decrypt(kp.priv, c.add(b))]).toEqual(A.map((x, i) => mod(x + B[i]!)));
    expect([...decrypt(kp.priv, keyswitch(ek, c.mul(b)))]).toEqual(A.map((x, i) => mod(x * B[i]!)));
  });

  test('sums, differences, negatives, products, slot by slot', () => {
    const all: [ReturnType<typeof a.add>, (x: bigint, y: bigint) => bigint][] = [
      [a.add(b), (x, y) => x + y],
      [a.sub(b), (x, y) => x - y],
      [a.neg(), (x) => -x],
      [a.add(slots(B)), (x, y) => x + y],
      [a.sub(slots(B)), (x, y) => x - y],
      [a.mul(b), (x, y) => x * y],
      [a.mul(slots(B)), (x, y) => x * y],
      [a.mul(5n), (x) => 5n * x],
      [a.mul(b).mul(a), (x, y) => x * y * x],
      [keyswitch(ek, a.mul(b)), (x, y) => x * y],
      [keyswitch(ek, a.mul(b).mul(a)), (x, y) => x * y * x],
    ];
    for (const [c, f] of all) expect(decrypt(kp.priv, c).toArray()).toEqual(A.map((x, i) => mod(f(x, B[i]!))));
  });

  test('modswitch keeps the message and cuts the noise down with the modulus', () => {
    const product = keyswitch(ek, a.mul(b));
    const once = modswitch(product);
    expect(ring(once).primes).toHaveLength(2);
    expect(decrypt(kp.priv, once).toArray()).toEqual(A.map((x, i) => mod(x * B[i]!)));
    // Another product at the lower level, then the last prime but one; and BGV's factor t ↦ q⁻¹ is undone each time.
    const twice = modswitch(keyswitch(ek, once.mul(once)));
    expect(decrypt(kp.priv, twice).toArray()).toEqual(A.map((x, i) => mod((x * B[i]!) ** 2n)));
    expect(decrypt(kp.priv, once.add(once.blank().assign(A))).toArray()).toEqual(A.map((x, i) => mod(x * B[i]! + x)));
    expect(() => modswitch(twice)).toThrow(expect.objectContaining({ code: 'LEVEL_EXHAUSTED' }));
  });

  test('rotations move each row, conjugation swaps them, at two levels', () => {
    for (const steps of [1, -3]) {
      const gk = keygen(GaloisKey, kp.priv, { steps }, random);
      const want = circshift(slots(A), steps).toArray();
      expect(want).toEqual([...circshift(A.slice(0, 8), steps), ...circshift(A.slice(8), steps)]);
      expect(decrypt(kp, circshift(a, gk)).toArray()).toEqual(want);
      expect(decrypt(kp, circshift(modswitch(a), gk)).toArray()).toEqual(want);
    }
    const gk = keygen(GaloisKey, kp.priv, { conjugate: true }, random);
    expect(decrypt(kp, conjugate(a, gk)).toArray()).toEqual([...A.slice(8), ...A.slice(0, 8)]);
  });

  test('the noise budget: full when fresh, less after products, and decryption fails when it is gone', () => {
    const fresh = noiseBudget(kp.priv, a);
    // Q has 120 bits, the message 6.6 of them; σ²·2d ≈ 2^8 and BGV's factor t take at most 30 more.
    expect(fresh).toBeGreaterThan(80);
    expect(fresh).toBeLessThan(120);
    let c = a;
    let want = A;
    const multiply = (): number => {
      c = keyswitch(ek, c.mul(a));
      want = want.map((x, i) => mod(x * A[i]!));
      return noiseBudget(kp.priv, c);
    };
    let rounds = 0;
    for (let before = fresh, budget = multiply(); budget > 1; budget = multiply()) {
      expect(decrypt(kp.priv, c).toArray(), `budget ${budget}`).toEqual(want);
      expect(budget).toBeLessThan(before);
      before = budget;
      rounds++;
    }
    expect(rounds).toBeGreaterThanOrEqual(3);
    multiply();
    expect(decrypt(kp.priv, c).toArray()).not.toEqual(want); // once gone, gone: 97^−16 is the chance to hit by accident
  });
});

describe.each([
  ['BFV', BFVParams(R, { plainModulus })],
  ['BGV', BGVParams(R, { plainModulus })],
  ['BFV, special prime', ModulusRaised(BFVParams(R4, { plainModulus }))],
] as [string, RlweParams][])(`dropPrime in %s (seed ${SEED})`, (name, params) => {
  const random = seededRandom(SEED);
  const kp = keygen(params, random);
  const plain = SlotEncoding(t, zero(R)).assign(A);
  const c = encrypt(kp.pub, plain, random);
  const bfv = name.startsWith('BFV');

  test('the message comes back, and can be computed with at the lower level', () => {
    for (const count of [0, 1, 2]) expect(decrypt(kp, dropPrime(c, count)).toArray()).toEqual(A);
    const low = dropPrime(c);
    const ek = keygen(EvalMultKey, kp.priv, random);
    const gk = keygen(GaloisKey, kp.priv, { steps: 1 }, random);
    expect(decrypt(kp, low.add(low.blank().assign(B))).toArray()).toEqual(A.map((x, i) => mod(x + B[i]!)));
    expect(decrypt(kp, keyswitch(ek, low.mul(low))).toArray()).toEqual(A.map((x) => mod(x * x)));
    expect(decrypt(kp, circshift(low, gk)).toArray()).toEqual(circshift(plain, 1).toArray());
    expect(decrypt(kp, modswitch(low)).toArray()).toEqual(A);
  });

  test('BFV: the polynomial stands for q·m mod t, and the encoding says so', () => {
    const [, , q] = R.primes;
    const low = dropPrime(c);
    expect(low.encoding.name).toBe(bfv ? `SlotEncoding{97, factor ${q! % t}}` : 'SlotEncoding{97}');
    // Read without the factor, each slot is q·m.
    const raw = SlotEncoding(t, RingElement.lift(low.ring, params.extract(phase(kp, low)))).toArray();
    expect(raw).toEqual(A.map((m) => (bfv ? mod(q! * m) : m)));
    // The noise is what it was: the budget falls by the bits of the prime, 40, and nothing else.
    expect(noiseBudget(kp, c) - noiseBudget(kp, low)).toBeCloseTo(40, 1);
  });
});

test('the noise is what a phase is more than its own message: none without noise, in noise units', () => {
  const random = seededRandom(SEED);
  for (const params of [BFVParams(R, { plainModulus }), BGVParams(R, { plainModulus })]) {
    const kp = keygen(InsecureDebug(params), random);
    const c = encrypt(kp.pub, SlotEncoding(t, zero(R)).assign(A), random);
    expect(noiseBudget(kp, c)).toBeCloseTo(120 - 1 - Math.log2(Number(t)), 1); // all of Q/2t
    // log₂(Q/2t) − log₂(noise): noise doubles with the ciphertext.
    const honest = keygen(params, random);
    const d = encrypt(honest.pub, SlotEncoding(t, zero(R)).assign(A.map(() => 1)), random);
    expect(noiseBudget(honest, d) - noiseBudget(honest, d.add(d))).toBeCloseTo(1, 1);
  }
});

test('what does not belong together is refused', () => {
  const random = seededRandom(SEED);
  const kp = keygen(BGVParams(R, { plainModulus }), random);
  const plain = SlotEncoding(t, zero(R)).assign(A);
  const c = encrypt(kp.pub, plain, random);
  const lower = modswitch(c);
  expect(lower.encoding.name).toMatch(/^SlotEncoding\{97, factor \d+\}$/);
  const refusals: [() => unknown, string][] = [
    [() => encrypt(kp.pub, CKKSEncoding(FixedRational(2n ** 40n), zero(R))), 'FORMAT'],
    [() => encrypt(kp.pub, SlotEncoding(193n, zero(R))), 'FORMAT'],
    [() => c.mul(ScalarEncoding(t, zero(R))), 'FORMAT'],
    [() => dropPrime(c).add(lower), 'SCALE_MISMATCH'], // different powers of the dropped prime modulo t
    [() => c.add(dropPrime(c)), 'LEVEL_MISMATCH'],
    [() => BGVParams(R, { plainModulus: 1 }), 'RANGE'],
    [() => BFVParams(R, { plainModulus: R.primes[0]! }), 'RANGE'],
    [() => BFVParams(R, { plainModulus, relinWindow: 0.5 }), 'RANGE'],
  ];
  for (const [act, code] of refusals) expect(act, String(act)).toThrow(expect.objectContaining({ code }));
  const ckks = keygen(CKKSParams(R), random);
  const slots = encrypt(ckks.pub, CKKSEncoding(FixedRational(2n ** 40n), zero(R)), random);
  expect(() => noiseBudget(ckks.priv, slots)).toThrow(expect.objectContaining({ code: 'FORMAT' }));
});

test('prints', () => {
  const random = seededRandom(SEED);
  const kp = keygen(ModulusRaised(BFVParams(R4, { plainModulus })), random);
  const c = encrypt(kp.pub, ScalarEncoding(t, zero(ring(kp.pub))).set(0, 3), random);
  expect([kp.priv, kp.pub, kp, c].map((x) => inspect(x))).toEqual([
    'BFV private key',
    'BFV public key',
    'BFV key pair',
    'BFV ciphertext (length 2, encoding ScalarEncoding{97})',
  ]);
  expect(inspect(kp.pub.params)).toBe(`BFV parameters (special prime ${R4.primes[3]})`);
  expect(inspect(BGVParams(R, { plainModulus }))).toBe('BGV parameters');
});
