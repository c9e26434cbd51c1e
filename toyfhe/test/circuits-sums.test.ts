/** Sums over slots, filling and masks. */
import { afterAll, describe, expect, it } from 'vitest';
import { type Backend, type Ciphertext, type EvaluationKeys, seededRandom, twin } from '../src/backend/index.ts';
import { fillRotations, fillSlots, keepSlots, sumRotations, sumSlots } from '../src/circuits/index.ts';
import { engine } from '../src/engine/index.ts';
import { toy } from '../src/toy/index.ts';

const SPEC = { ringDegree: 64, chain: [60, 40, 40], special: [60], insecure: true } as const;
const SLOTS = 32;

const opened: Backend[] = [];
afterAll(() => opened.forEach((backend) => backend.dispose()));

const BACKENDS: [string, () => Backend | Promise<Backend>][] = [
  ['the twin', () => twin(SPEC)],
  ['the toy', () => toy(SPEC, seededRandom('circuits-sums'))],
  [
    'the engine', // its primes end at 50 bits
    async () => {
      const spec = { ...SPEC, chain: [50, 40, 40], special: [50] };
      const backend = await engine(spec, { threads: 1, random: seededRandom('circuits-sums') });
      opened.push(backend);
      return backend;
    },
  ],
];

/** Encrypts, computes, decrypts; nothing is left alive. */
function run(
  backend: Backend,
  rotations: readonly number[],
  x: ArrayLike<number>,
  f: (ev: EvaluationKeys, c: Ciphertext) => Ciphertext,
): Float64Array {
  const got = backend.scope(() => {
    const { publicKey, secretKeys, evaluationKeys: ev } = backend.keygen({ rotations, relinearize: false });
    expect(ev.rotations).toEqual(rotations); // already 1 … slots − 1, ascending
    const c = publicKey.encrypt(backend.encode(x));
    const before = backend.live;
    const y = f(ev, c);
    expect([backend.live, String(y.scale)]).toEqual([before + 1, String(c.scale)]);
    return backend.decode(secretKeys.decrypt(y));
  });
  expect(backend.live).toBe(0);
  return got;
}

const X = Float64Array.from({ length: SLOTS }, (_, i) => ((i * 7) % 11) / 11 - 0.4);
const at = (i: number): number => X[((i % SLOTS) + SLOTS) % SLOTS]!;

describe.each(BACKENDS)('on %s', (_, open) => {
  // Seven decimals: 2^-26 is the noise of rings this small at scale 2^40, as in conformance.
  it('sums every n slots, next to each other or a stride apart', async () => {
    const backend = await open();
    for (const [n, stride] of [
      [1, 1],
      [4, 1],
      [8, 2],
      [32, 1],
    ] as const) {
      const want = X.map((__, i) => Array.from({ length: n }, (___, j) => at(i + j * stride)).reduce((a, b) => a + b));
      const got = run(backend, sumRotations(SLOTS, n, stride), X, (ev, c) => sumSlots(backend, ev, c, n, stride));
      want.forEach((v, i) => expect(got[i]).toBeCloseTo(v, 6));
    }
  });

  it('fills: a short vector is repeated, and rotations then go around it', async () => {
    const backend = await open();
    const rotations = [...new Set([...fillRotations(SLOTS, 8, 4), 1])].sort((a, b) => a - b);
    const got = run(backend, rotations, [1, 2, 3, 4], (ev, c) =>
      backend.scope(() => ev.rotate(fillSlots(backend, ev, c, 8, 4), 1)),
    );
    got.forEach((v, i) => expect(v).toBeCloseTo([4, 1, 2, 3][i % 4]!, 6));
  });

  it('keeps some slots', async () => {
    const backend = await open();
    const got = run(backend, [], X, (ev, c) => keepSlots(backend, ev, c, [true, false, false, true]));
    got.forEach((v, i) => expect(v).toBeCloseTo(i % 4 === 0 || i % 4 === 3 ? at(i) : 0, 6));
  });
});

describe('sums, fills and masks', () => {
  it('know their rotations beforehand', () => {
    expect(sumRotations(32, 8)).toEqual([28, 30, 31]);
    expect(fillRotations(32, 8, 4)).toEqual([4, 8, 16]);
    expect(sumRotations(32, 1)).toEqual([]);
  });

  it('refuse what cannot be', () => {
    const b = twin(SPEC);
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen({ relinearize: false });
      const c = publicKey.encrypt(b.encode(1));
      const before = b.live;
      expect(() => sumSlots(b, ev, c, 3)).toThrow(/cannot sum slots: n should be a power of two but is 3/);
      expect(() => sumRotations(32, 64)).toThrow(/n × stride should be at most 32, the slots but is 64/);
      expect(() => fillSlots(b, ev, c, 2, 0)).toThrow(/cannot fill slots: stride should be a whole number from 1/);
      expect(() => sumSlots(b, ev, c, 2)).toThrow(/key/);
      expect(() => keepSlots(b, ev, c, [false, false])).toThrow(/weights of the mask should be not all zero/);
      expect(() => keepSlots(b, ev, c, [true, true, true])).toThrow(/divide|divisor/);
      expect(() => keepSlots(b, ev, c, [])).toThrow(/cannot encode/);
      const low = ev.dropLevel(c, 0);
      expect(() => keepSlots(b, ev, low, [true])).toThrow(/level should be at least 1/);
      expect(b.live).toBe(before + 1);
    });
    expect(b.live).toBe(0);
  });
});
