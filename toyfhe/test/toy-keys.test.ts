import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { twin } from '../src/backend/index.ts';
import { phase } from '../src/toy/encryption.ts';
import {
  BFVParams,
  BGVParams,
  bitWindows,
  circshift,
  CKKSEncoding,
  CKKSParams,
  conjugate,
  decrypt,
  discreteGaussian,
  dropPrime,
  encrypt,
  encryptSecret,
  EvalMultKey,
  FixedRational,
  GaloisKey,
  InsecureDebug,
  keygen,
  keyswitch,
  modswitch,
  ModulusRaised,
  NegacyclicRing,
  noiseBudget,
  PrivateKey,
  type PublicKey,
  ring,
  RingElement,
  rnsDigits,
  ScalarEncoding,
  seededRandom,
  SlotEncoding,
  uniformElement,
  zero,
} from '../src/toy/index.ts';

const SEED = 'toy-keys';
const R = NegacyclicRing(16, [20, 21, 22]);
const T = FixedRational(2n ** 20n);

describe(`gadgets (seed ${SEED})`, () => {
  test.each([rnsDigits, bitWindows(1), bitWindows(7), bitWindows(64)].map((g) => [g.name, g] as const))(
    '%s: Σ digit·weight is the element, at every level, and digits are small',
    (_, gadget) => {
      const top = gadget.weights(R);
      for (const level of [R, R.take(2), R.take(1)]) {
        const x = uniformElement(level, seededRandom(SEED));
        const digits = gadget.digits(x);
        const weights = gadget.weights(level);
        expect(digits).toHaveLength(weights.length);
        // The first weights of the top ring serve the lower one: keys are made once.
        const sum = digits.reduce((s, d, i) => s.add(RingElement.lift(level, d).scale(top[i]!)), zero(level));
        expect(sum.centred()).toEqual(x.centred());
        const bound = gadget === rnsDigits ? 2n ** 22n : 2n ** BigInt(gadget.name.split('-')[0]!);
        expect(digits.flat().every((d) => d < bound && d > -bound)).toBe(true);
      }
    },
  );
});

describe(`secrets stay with the private key (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const kp = keygen(ModulusRaised(CKKSParams(R)), random);
  const server = {
    pub: kp.pub,
    ek: keygen(EvalMultKey, kp.priv, random),
    gk: keygen(GaloisKey, kp.priv, { steps: 1 }, random),
    c: encrypt(kp.pub, CKKSEncoding(FixedRational(2n ** 20n), zero(ring(kp.pub))).assign([1]), random),
  };

  /** Every object that can be reached from `root` through properties, those of prototypes included. */
  function reachable(root: object): Set<object> {
    const seen = new Set<object>();
    const queue: object[] = [root];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      for (const key of Reflect.ownKeys(next)) {
        const value: unknown = Reflect.getOwnPropertyDescriptor(next, key)?.value;
        if ((typeof value === 'object' && value !== null) || typeof value === 'function') queue.push(value);
      }
      const prototype: object | null = Object.getPrototypeOf(next);
      if (prototype !== null) queue.push(prototype);
    }
    return seen;
  }

  test('what a server gets leads to no private key', () => {
    const holds = (root: object): boolean => [...reachable(root)].some((x) => x instanceof PrivateKey);
    for (const [name, object] of Object.entries(server)) expect(holds(object), name).toBe(false);
    expect(holds(kp)).toBe(true); // the search does find one where there is one
  });

  test('a private key does not print, list or serialize its secret', () => {
    kp.priv.secretIn(R);
    expect(inspect(kp.priv)).toBe('CKKS private key');
    expect(inspect(kp.priv, { customInspect: false, showHidden: true, depth: 5 })).not.toMatch(/secret|\[ ?-?[0-9]n/i);
    expect(Object.keys(kp.priv)).toEqual(['pair']);
  });

  test('keys and ciphertexts are noisy encryptions: what remains of them under s is small but not zero', () => {
    const s = kp.priv.secretIn(kp.pub.ring);
    const e = kp.pub.parts[0].add(kp.pub.parts[1].mul(s)).centred();
    expect(e.some((x) => x !== 0n)).toBe(true);
    expect(e.every((x) => x > -39n && x < 39n)).toBe(true); // 12σ = 38.3
  });

  test('without noise the public key gives the secret away: a·s = −b', () => {
    const open = keygen(InsecureDebug(CKKSParams(R)), random);
    const [b, a] = open.pub.parts;
    expect(b.neg().centred()).toEqual(a.mul(open.priv.secretIn(R)).centred());
  });
});

describe(`encryption with the secret key (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const params = ModulusRaised(CKKSParams(R));
  const kp = keygen(params, random);
  const plain = CKKSEncoding(T, zero(ring(kp.pub))).assign([1, -2]);
  /** The largest coefficient of the noise. */
  const noise = (c: ReturnType<typeof encrypt>): bigint =>
    phase(kp, c)
      .sub(params.embed(plain.coefficients(), c.ring))
      .centred()
      .reduce((max, e) => (e * e > max * max ? e : max)) ** 2n;

  test('decrypts, is fresh every time, and carries one error where the public key brings three', () => {
    const [c, again] = [encryptSecret(kp.priv, plain, random), encryptSecret(kp, plain, random)];
    expect([c.length, c.ring.equals(plain.ring)]).toEqual([2, true]);
    expect(decrypt(kp, c).get(1).re).toBeCloseTo(-2, 3);
    expect(c.parts[1]!.centred()).not.toEqual(again.parts[1]!.centred());
    expect(noise(c)).toBeGreaterThan(0n);
    expect(noise(c)).toBeLessThan(39n ** 2n); // 12σ = 38.3
    expect(noise(encrypt(kp, plain, random))).toBeGreaterThan(39n ** 2n); // e·u + e₂·s + e₁: about σ²·√(2N) = 58 a coefficient
  });

  test('in a ring with fewer primes; and what cannot be encrypted is refused', () => {
    const low = CKKSEncoding(T, zero(R.take(1))).assign([3]);
    expect(decrypt(kp, encryptSecret(kp.priv, low, random)).get(0).re).toBeCloseTo(3, 3);
    const refuses = (f: () => unknown, code: string): void =>
      expect(f).toThrow(expect.objectContaining({ code, message: expect.stringMatching(/^cannot encrypt: /) }));
    refuses(() => encryptSecret(kp.pub as unknown as PrivateKey, plain), 'KEY_MISSING');
    refuses(() => encryptSecret(kp.priv, [1] as unknown as typeof plain), 'FORMAT');
    refuses(() => encryptSecret(kp.priv, plain, 'seed' as never), 'FORMAT');
    refuses(() => encryptSecret(kp.priv, CKKSEncoding(T, zero(R))), 'LEVEL_MISMATCH'); // with the special prime
    refuses(() => encryptSecret(kp.priv, ScalarEncoding(97n, zero(ring(kp.pub)))), 'FORMAT');
  });
});

describe(`wrappers (seed ${SEED})`, () => {
  const random = seededRandom(SEED);

  test('override hooks without touching the object they wrap, and stack either way', () => {
    const plain = CKKSParams(R);
    const both = [ModulusRaised(InsecureDebug(plain)), InsecureDebug(ModulusRaised(plain))];
    for (const params of both) {
      expect(params.ring.equals(R.take(2))).toBe(true);
      expect(params.noise(random)).toEqual(Array(16).fill(0n));
      expect(params.keyRing(R.take(1)).primes).toEqual([R.primes[0], R.primes[2]]);
    }
    expect(plain.ring).toBe(R);
    expect(plain.noise(random).some((e) => e !== 0n)).toBe(true);
    expect(inspect(both[0])).toBe(`CKKS parameters (InsecureDebug: no noise) (special prime ${R.primes[2]})`);
    expect(() => ModulusRaised(CKKSParams(R.take(1)))).toThrow(expect.objectContaining({ code: 'RANGE' }));
  });

  test('key switching noise is that of the digits without a special prime, and divided by it with one', () => {
    const noise = (raised: boolean): number => {
      const params = raised ? ModulusRaised(CKKSParams(NegacyclicRing(16, [20, 21, 22, 30]))) : CKKSParams(R);
      const kp = keygen(params, random);
      const c = encrypt(kp.pub, CKKSEncoding(T, zero(ring(kp.pub))), random);
      const gk = keygen(GaloisKey, kp.priv, { steps: 1 }, random);
      const before = RingElement.lift(R, phase(kp, c).centred()).automorphism(gk.element).centred();
      const after = phase(kp, circshift(c, gk)).centred();
      return Math.max(...after.map((x, i) => Math.abs(Number(x - before[i]!))));
    };
    // Three digits up to 2^21 against errors of width 3.2: more than one digit alone; divided by 2^30, rounding is left.
    expect(noise(false)).toBeGreaterThan(2 ** 21);
    expect(noise(true)).toBeLessThan(2 ** 8);
  });
});

describe(`refusals (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const R3 = NegacyclicRing(16, [30, 30, 30]);
  const kp = keygen(CKKSParams(R3), random);
  const ek = keygen(EvalMultKey, kp.priv, random);
  const rotate = keygen(GaloisKey, kp.priv, { steps: 1 }, random);
  const mirror = keygen(GaloisKey, kp.priv, { conjugate: true }, random);
  const plain = CKKSEncoding(T, zero(R3)).assign([1, 2, 3]);
  const c = encrypt(kp.pub, plain, random);

  test.each([
    [
      'adding two scales',
      () => c.add(c.mul(c)),
      'SCALE_MISMATCH',
      /cannot add: scale should be 1048576 \(about 2\^20.00\) but is 1099511627776 \(about 2\^40.00\); modswitch a product/,
    ],
    [
      'adding a plaintext at another scale',
      () => c.add(CKKSEncoding(FixedRational(2n ** 21n), zero(R3))),
      'SCALE_MISMATCH',
      /cannot add: scale .*; fill c.blank\(\) instead/,
    ],
    ['subtracting two scales', () => c.sub(c.mul(c)), 'SCALE_MISMATCH', /cannot subtract: scale/],
    [
      'adding two levels',
      () => c.add(dropPrime(c)),
      'LEVEL_MISMATCH',
      /cannot add: the ring should be ℤ.* but is ℤ.*; modswitch, dropPrime or encode/,
    ],
    ['multiplying two levels', () => dropPrime(c).mul(c), 'LEVEL_MISMATCH', /cannot multiply: the ring/],
    [
      'multiplying a plaintext of another level',
      () => dropPrime(c).mul(plain),
      'LEVEL_MISMATCH',
      /cannot multiply: the ring/,
    ],
    [
      'modswitch on the last prime',
      () => modswitch(dropPrime(c, 2)),
      'LEVEL_EXHAUSTED',
      /cannot modswitch: the number of primes left should be 2 or more but is 1/,
    ],
    ['dropping all primes', () => dropPrime(c, 3), 'LEVEL_EXHAUSTED', /cannot drop a prime/],
    ['dropping −1 primes', () => dropPrime(c, -1), 'RANGE', /the count should be a whole number, 0 or more but is -1/],
    [
      'circshift of length 3',
      () => circshift(c.mul(c), rotate),
      'LENGTH',
      /cannot circshift: the length of the ciphertext should be 2 but is 3; keyswitch first/,
    ],
    ['conjugate of length 3', () => conjugate(c.mul(c), mirror), 'LENGTH', /cannot conjugate/],
    [
      'keyswitch of length 2',
      () => keyswitch(ek, c),
      'LENGTH',
      /cannot keyswitch: the length of the ciphertext should be 3 or more but is 2/,
    ],
    ['circshift with the key for conjugation', () => circshift(c, mirror), 'KEY_MISSING', /cannot circshift: the key/],
    [
      'conjugate with the key for a rotation',
      () => conjugate(c, rotate),
      'KEY_MISSING',
      /a Galois key for conjugation but is one for element 11/,
    ],
    [
      'a plaintext of another ring',
      () => encrypt(kp.pub, CKKSEncoding(T, zero(R))),
      'LEVEL_MISMATCH',
      /encode in ring\(kp.pub\)/,
    ],
    [
      'a plaintext too large',
      () => encrypt(kp.pub, CKKSEncoding(T, zero(R3)).assign([2 ** 75])),
      'RANGE',
      /cannot encode: every coefficient/,
    ],
    [
      'a fractional rotation',
      () => keygen(GaloisKey, kp.priv, { steps: 0.5 }),
      'RANGE',
      /steps should be a whole number/,
    ],
  ] as [string, () => unknown, string, RegExp][])('%s', (_, act, code, message) => {
    expect(act).toThrow(
      expect.objectContaining({
        name: 'FheError',
        code,
        message: expect.stringMatching(message),
      }),
    );
    expect(decrypt(kp, c).get(1).re).toBeCloseTo(2, 2); // nothing has been changed (noise 2^−10 at scale 2^20)
  });
});

/** What no compiler lets through, as a notebook or plain JavaScript would hand it over. */
const wrong = (value: unknown): never => value as never;

function refuses(act: () => unknown, code: string, message: RegExp): void {
  expect(act).toThrow(
    expect.objectContaining({
      name: 'FheError',
      code,
      message: expect.stringMatching(/^cannot .*: .* should be .* but is .*; .*/),
    }),
  );
  expect(act).toThrow(message);
}

// Refused by name: never with a TypeError, and never garbage in silence.
describe(`what people really type wrong (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const R = NegacyclicRing(16, [40, 40, 40]);
  const T = FixedRational(2n ** 40n);
  const params = CKKSParams(R, { relinWindow: 8 });
  const [kp, stranger] = [keygen(params, random), keygen(params, random)];
  const plain = CKKSEncoding(T, zero(R)).assign([1, 2, 3]);
  const c = encrypt(kp.pub, plain, random);
  const csq = c.mul(c);
  const ek = keygen(EvalMultKey, kp.priv, random);
  const gk = keygen(GaloisKey, kp.priv, { steps: 2 }, random);
  const ink = keygen(GaloisKey, kp.priv, { conjugate: true }, random);

  test('a multiplication key and a Galois key are two types', () => {
    // @ts-expect-error -- a Galois key is no multiplication key …
    const asMult: EvalMultKey = gk;
    // @ts-expect-error -- … nor the other way round,
    const asGalois: GaloisKey = ek;
    // @ts-expect-error -- a public key is no private one,
    const asPrivate: PrivateKey = kp.pub;
    // @ts-expect-error -- nor is a ciphertext.
    const asPublic: PublicKey = c;
    refuses(() => keyswitch(asMult, csq), 'KEY_MISSING', /a multiplication key but is CKKS galois key \(element 25\)/);
    refuses(() => circshift(c, asGalois), 'KEY_MISSING', /a Galois key but is CKKS multiplication key/);
    refuses(() => decrypt(asPrivate, c), 'KEY_MISSING', /a private key but is CKKS public key/);
    refuses(() => encrypt(asPublic, plain), 'KEY_MISSING', /a public key but is CKKS ciphertext/);
  });

  test('keys and ciphertexts of another pair, of the same parameters', () => {
    const theirs = encrypt(stranger.pub, plain, random);
    const another = /of another CKKS key pair/;
    refuses(() => decrypt(stranger, c), 'KEY_MISSING', /cannot decrypt: the key .* of another CKKS key pair/);
    refuses(() => keyswitch(keygen(EvalMultKey, stranger.priv, random), csq), 'KEY_MISSING', another);
    refuses(() => circshift(c, keygen(GaloisKey, stranger.priv, { steps: 1 }, random)), 'KEY_MISSING', another);
    refuses(() => conjugate(c, keygen(GaloisKey, stranger, { conjugate: true }, random)), 'KEY_MISSING', another);
    refuses(() => c.add(theirs), 'KEY_MISSING', /cannot add: the second operand/);
    refuses(() => c.sub(theirs), 'KEY_MISSING', /cannot subtract/);
    refuses(() => c.mul(theirs), 'KEY_MISSING', /cannot multiply/);
    const plainModulus = 97n;
    const [bfv, bgv] = [BFVParams(R, { plainModulus }), BGVParams(R, { plainModulus })].map((p) => {
      const pair = keygen(p, random);
      return { pair, c: encrypt(pair, SlotEncoding(97, zero(R)), random) };
    });
    refuses(() => bfv!.c.add(bgv!.c), 'KEY_MISSING', /the BFV key pair .* of another BGV key pair/);
    refuses(() => noiseBudget(bgv!.pair, bfv!.c), 'KEY_MISSING', /another BGV key pair/);
    // What one pair made belongs together at every level.
    expect(decrypt(kp, modswitch(keyswitch(ek, csq))).get(2).re).toBeCloseTo(9, 6);
    expect(decrypt(kp, conjugate(circshift(c, gk), ink)).get(4).re).toBeCloseTo(3, 6);
  });

  test('scales: both are shown in short, and the cures of the message work', () => {
    const squared = modswitch(keyswitch(ek, csq));
    const low = dropPrime(c);
    refuses(
      () => squared.add(low),
      'SCALE_MISMATCH',
      /scale should be 1\.099511626783e12 \(about 2\^40\.00\) but is 1099511627776 \(about 2\^40\.00\); modswitch a product/,
    );
    const scale = squared.blank().scale.mul(FixedRational(R.primes[2]!)).div(T);
    const ones = CKKSEncoding(scale, zero(R)).assign(Array(8).fill(1));
    const sum = squared.add(modswitch(c.mul(ones)));
    expect(decrypt(kp, sum).get(2).re).toBeCloseTo(9 + 3, 6);
    refuses(() => squared.add(CKKSEncoding(T, zero(squared.ring))), 'SCALE_MISMATCH', /; fill c\.blank\(\) instead/);
    expect(decrypt(kp, squared.add(squared.blank().assign([1]))).get(0).re).toBeCloseTo(2, 6);
    // Where the short prints agree, all digits are shown.
    const close = [2n ** 100n + 1n, 2n ** 100n + 3n].map((n) => CKKSEncoding(FixedRational(n, 2n ** 60n), zero(R)));
    const one = encrypt(kp, close[0]!, random);
    refuses(
      () => one.add(encrypt(kp, close[1]!, random)),
      'SCALE_MISMATCH',
      /1267650600228229401496703205377\/.*5379\//,
    );
  });

  test.each([
    ['circshift without a key', () => circshift(c, wrong(undefined)), 'KEY_MISSING', /but is missing; make it with/],
    [
      'circshift by a number',
      () => circshift(c, wrong(2)),
      'KEY_MISSING',
      /a Galois key but is 2; make it with keygen\(GaloisKey, kp.priv, { steps: 2 }\)/,
    ],
    ['circshift of a plaintext by a key', () => circshift(plain, wrong(gk)), 'RANGE', /steps .* CKKS galois key/],
    ['circshift of a key', () => circshift(wrong(kp.pub), 2), 'FORMAT', /but is CKKS public key/],
    ['circshift of nothing', () => circshift(wrong(undefined), 2), 'FORMAT', /but is missing/],
    ['conjugate without a key', () => conjugate(c, wrong(undefined)), 'KEY_MISSING', /{ conjugate: true }/],
    ['conjugate of a number', () => conjugate(wrong(1)), 'FORMAT', /but is 1/],
    ['keyswitch without a key', () => keyswitch(wrong(undefined), csq), 'KEY_MISSING', /keygen\(EvalMultKey/],
    ['keyswitch the wrong way round', () => keyswitch(wrong(csq), wrong(ek)), 'KEY_MISSING', /CKKS ciphertext/],
    ['keyswitch of a plaintext', () => keyswitch(ek, wrong(plain)), 'FORMAT', /but is 8-element CKKSEncoding/],
    ['a plaintext decrypted', () => decrypt(kp, wrong(plain)), 'FORMAT', /cannot decrypt: the ciphertext/],
    ['decrypt without a key', () => decrypt(wrong(undefined), c), 'KEY_MISSING', /a private key but is missing/],
    ['encrypt with a private key', () => encrypt(wrong(kp.priv), plain), 'KEY_MISSING', /use kp.pub/],
    ['an array encrypted', () => encrypt(kp.pub, wrong([1, 2])), 'FORMAT', /but is an array of 2; fill one/],
    ['nothing encrypted', () => encrypt(kp.pub, wrong(undefined)), 'FORMAT', /but is missing/],
    ['a seed for a random source', () => encrypt(kp.pub, plain, wrong('seed')), 'FORMAT', /"seed" \(a string\)/],
    ['no parameters', () => keygen(wrong(undefined)), 'FORMAT', /parameters, EvalMultKey or GaloisKey but is missing/],
    ['a ring for parameters', () => keygen(wrong(R)), 'FORMAT', /cannot make keys/],
    ['a key from no private key', () => keygen(EvalMultKey, wrong(kp.pub)), 'KEY_MISSING', /use kp.priv/],
    [
      'a Galois key for nothing',
      () => keygen(GaloisKey, kp.priv, wrong({})),
      'RANGE',
      /{ steps } or { conjugate: true }/,
    ],
    ['a Galois key without a choice', () => keygen(GaloisKey, kp.priv, wrong(undefined)), 'RANGE', /but is missing/],
    ['conjugate: false', () => keygen(GaloisKey, kp.priv, wrong({ conjugate: false })), 'RANGE', /the choice/],
    ['both choices', () => keygen(GaloisKey, kp.priv, wrong({ steps: 1, conjugate: true })), 'RANGE', /the choice/],
    ['steps as text', () => keygen(GaloisKey, kp.priv, wrong({ steps: '2' })), 'RANGE', /"2" \(a string\)/],
    ['a list added', () => c.add(wrong([1])), 'FORMAT', /but is an array of 1; fill a plaintext/],
    ['text subtracted', () => c.sub(wrong('1')), 'FORMAT', /cannot subtract/],
    ['no number added', () => c.add(Number.NaN), 'RANGE', /slot 0 should be a finite number/],
    ['nothing added', () => c.add(wrong(undefined)), 'FORMAT', /but is missing/],
    ['text as a factor', () => c.mul(wrong('2')), 'FORMAT', /cannot multiply: .* "2" \(a string\)/],
    ['no number as a factor', () => c.mul(Number.POSITIVE_INFINITY), 'RANGE', /slot 0 should be a finite number/],
    ['a slot of nothing', () => plain.set(0, wrong(undefined)), 'RANGE', /slot 0 should be a finite number.* missing/],
    ['a slot of text', () => plain.set(0, wrong('1')), 'RANGE', /but is "1" \(a string\)/],
    ['a slot of bigint', () => plain.set(0, wrong(1n)), 'RANGE', /but is 1n;/],
    ['half a complex number', () => plain.set(0, wrong({ re: 1 })), 'RANGE', /slot 0/],
    ['one number for a list', () => plain.assign(wrong(1)), 'RANGE', /a list but is 1/],
    ['an integer of text', () => ScalarEncoding(97, zero(R)).set(0, wrong('1')), 'RANGE', /a whole number but is "1"/],
    ['a slot named by text', () => plain.get(wrong('0')), 'RANGE', /the index .* "0" \(a string\)/],
    ['a ring for its element', () => CKKSEncoding(T, wrong(R)), 'FORMAT', /write e.g. zero\(R\)/],
    [
      'a bigint for a scale',
      () => CKKSEncoding(wrong(2n ** 40n), zero(R)),
      'FORMAT',
      /a FixedRational but is 1099511627776n/,
    ],
    ['slots without an element', () => SlotEncoding(97, wrong(undefined)), 'FORMAT', /a ring element but is missing/],
    ['parameters without a ring', () => CKKSParams(wrong(undefined)), 'FORMAT', /a NegacyclicRing but is missing/],
    ['BFV without options', () => BFVParams(R, wrong(undefined)), 'RANGE', /plainModulus .* missing/],
    ['BGV with t as text', () => BGVParams(R, { plainModulus: wrong('97') }), 'RANGE', /"97" \(a string\)/],
    ['a ring raised', () => ModulusRaised(wrong(R)), 'FORMAT', /parameters of the toy/],
    [
      'a key pair without noise',
      () => InsecureDebug(wrong(kp)),
      'FORMAT',
      /parameters of the toy but is CKKS key pair/,
    ],
    [
      'one modulus, not in a list',
      () => NegacyclicRing(16, wrong(40)),
      'RANGE',
      /the moduli should be an array but is 40/,
    ],
    ['a degree of text', () => NegacyclicRing(wrong('16'), [40]), 'RANGE', /but is "16" \(a string\)/],
    ['a modulus of text', () => NegacyclicRing(16, wrong(['40'])), 'RANGE', /but is "40" \(a string\)/],
    ['the zero of nothing', () => zero(wrong(undefined)), 'FORMAT', /a NegacyclicRing but is missing/],
    ['the ring of a key pair', () => ring(wrong(kp)), 'FORMAT', /ask a ciphertext/],
    ['modswitch of a plaintext', () => modswitch(wrong(plain)), 'FORMAT', /cannot modswitch: the ciphertext/],
    ['half a prime dropped', () => dropPrime(c, 0.5), 'RANGE', /the count .* 0\.5/],
    ['σ below zero', () => CKKSParams(R, { sigma: -1 }), 'RANGE', /sigma should be a number from 0 to 10000 but is -1/],
    ['σ not a number', () => CKKSParams(R, { sigma: Number.NaN }), 'RANGE', /but is NaN/],
    ['σ without end', () => discreteGaussian(Number.POSITIVE_INFINITY), 'RANGE', /but is Infinity/],
  ] as [string, () => unknown, string, RegExp][])('%s', (_, act, code, message) => {
    refuses(act, code, message);
  });

  test('ciphertexts of the contract are not the toy’s', () => {
    const backend = twin({ ringDegree: 16, chain: [60, 40], special: [60], insecure: true });
    const foreign = backend.keygen().publicKey.encrypt(backend.encode([1]));
    refuses(() => decrypt(kp, wrong(foreign)), 'FORMAT', /one of the toy but is/);
    refuses(() => c.add(wrong(foreign)), 'FORMAT', /a ciphertext or a plaintext of the toy/);
    refuses(() => circshift(wrong(foreign), gk), 'FORMAT', /cannot circshift/);
    refuses(() => modswitch(wrong(foreign)), 'FORMAT', /toyfhe\/backend go with their own backend/);
  });
});
