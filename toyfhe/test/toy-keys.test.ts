import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { phase } from '../src/toy/encryption.ts';
import {
  bitWindows,
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
  InsecureDebug,
  keygen,
  keyswitch,
  ModulusRaised,
  modswitch,
  NegacyclicRing,
  PrivateKey,
  RingElement,
  ring,
  rnsDigits,
  seededRandom,
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
    expect(Object.keys(kp.priv)).toEqual(['params']);
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
      /cannot add: scale should be 1048576 but is 1099511627776; bring both to one scale/,
    ],
    [
      'adding a plaintext at another scale',
      () => c.add(CKKSEncoding(FixedRational(2n ** 21n), zero(R3))),
      'SCALE_MISMATCH',
      /cannot add: scale/,
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
    ['dropping −1 primes', () => dropPrime(c, -1), 'LEVEL_EXHAUSTED', /cannot drop a prime/],
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
