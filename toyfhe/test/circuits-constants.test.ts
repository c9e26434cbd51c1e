/** Numbers with ciphertexts, and powers: values, levels, exact scales, and nothing left behind. */
import { describe, expect, it } from 'vitest';
import { type Backend, type Ciphertext, type EvaluationKeys, Scale, seededRandom, twin } from '../src/backend/index.ts';
import { addConstant, mulConstant, power } from '../src/circuits/index.ts';
import { engine } from '../src/engine/index.ts';
import { seal } from '../src/seal/index.ts';
import { toy } from '../src/toy/index.ts';

const SPEC = { ringDegree: 32, chain: [60, 40, 40, 40], special: [60], insecure: true } as const;
const ENGINE = { ...SPEC, ringDegree: 64, chain: [50, 40, 40, 40], special: [50] } as const;
const XS = [1, -0.5, 0.25, 0];

const backends: Record<string, () => Backend | Promise<Backend>> = {
  twin: () => twin(SPEC),
  toy: () => toy(SPEC, seededRandom('constants')),
  engine: () => engine(ENGINE, { random: seededRandom('constants'), threads: 1 }),
  seal: () => seal({ ringDegree: 1024, chain: [60, 40, 40, 40], special: [60], insecure: true }),
};

describe.each(Object.entries(backends))('on the %s', (_name, create) => {
  /** Runs `compute` on the encrypted XS; gives back the result's first slots, level and scale. */
  async function run(
    compute: (b: Backend, ev: EvaluationKeys, c: Ciphertext) => Ciphertext,
  ): Promise<{ values: number[]; level: number; scale: string; length: number }> {
    const b = await create();
    try {
      return b.scope(() => {
        const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
        const c = publicKey.encrypt(b.encode(XS, { scale: Scale.powerOfTwo(40) }));
        const before = b.live;
        const out = compute(b, ev, c);
        expect(b.live).toBe(before + 1);
        const values = [...b.decode(secretKeys.decrypt(out)).slice(0, XS.length)];
        return { values, level: out.level, scale: String(out.scale), length: out.length };
      });
    } finally {
      expect(b.live).toBe(0);
      b.dispose();
    }
  }

  // The worst is node-seal, whose randomness has no seed: fresh noise of 3.2·√(4·1024/3)·√1024·3 = 11 000 over 2^40 is
  // 1e-8, times a factor of at most 4.
  const close = (got: readonly number[], want: readonly number[]): void =>
    want.forEach((w, i) => expect(Math.abs(got[i]! - w)).toBeLessThan(2e-7));

  it.each([0.5, -3, 0, 1e-3])('c + %f keeps level and scale', async (x) => {
    const out = await run((b, ev, c) => addConstant(b, ev, c, x));
    close(
      out.values,
      XS.map((v) => v + x),
    );
    expect(out).toMatchObject({ level: 3, scale: '2^40', length: 2 });
  });

  it.each([
    [0.3, 2],
    [-1.5, 2],
    [1, 3],
    [-1, 3],
    [4, 3],
  ])('c·%f ends at level %i and keeps the scale: a whole number takes no level', async (x, level) => {
    const out = await run((b, ev, c) => mulConstant(b, ev, c, x));
    close(
      out.values,
      XS.map((v) => v * x),
    );
    expect(out).toMatchObject({ level, scale: '2^40', length: 2 });
  });

  it('complex constants', async () => {
    const b = await create();
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ relinearize: false });
      const c = publicKey.encrypt(b.encode(XS));
      const out = addConstant(b, ev, mulConstant(b, ev, c, { re: 0, im: 2 }), { re: 1, im: 1 });
      const { re, im } = b.decodeComplex(secretKeys.decrypt(out));
      close([...re], [1, 1, 1, 1]);
      close(
        [...im],
        XS.map((v) => 2 * v + 1),
      );
    });
    b.dispose();
  });

  it.each([1, 2, 3, 5, 7, 8])('c^%i takes ⌈log₂ n⌉ levels', async (n) => {
    const out = await run((b, ev, c) => power(b, ev, c, n));
    close(
      out.values,
      XS.map((v) => v ** n),
    );
    expect([out.level, out.length]).toEqual([3 - Math.ceil(Math.log2(n)), 2]);
  });
});

describe('refusals', () => {
  const b = twin(SPEC);
  const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
  const adder = secretKeys.evaluationKeys({ relinearize: false });
  const c = publicKey.encrypt(b.encode(XS));
  const low = publicKey.encrypt(b.encode(XS, { level: 0 }));

  it.each<[string, string, () => unknown]>([
    ['TRANSPARENT', 'c·0', () => mulConstant(b, ev, c, 0)],
    ['TRANSPARENT', 'c·(0 + 0i)', () => mulConstant(b, ev, c, { re: 0, im: 0 })],
    ['TRANSPARENT', 'what rounds to 0', () => mulConstant(b, ev, c, 1e-20)],
    ['RANGE', 'c·NaN', () => mulConstant(b, ev, c, Number.NaN)],
    ['RANGE', 'c + ∞', () => addConstant(b, ev, c, Number.POSITIVE_INFINITY)],
    ['RANGE', 'c + 2^20 at level 0', () => addConstant(b, ev, low, 2 ** 20)],
    ['LEVEL_EXHAUSTED', 'c·0.5 at level 0', () => mulConstant(b, ev, low, 0.5)],
    ['RANGE', 'c^0', () => power(b, ev, c, 0)],
    ['RANGE', 'c^1.5', () => power(b, ev, c, 1.5)],
    ['LEVEL_EXHAUSTED', 'c^9 with three levels', () => power(b, ev, c, 9)],
    ['KEY_MISSING', 'c^2 without the relinearization key', () => power(b, adder, c, 2)],
  ])('%s: %s', (code, _what, act) => {
    const before = b.live;
    expect(() => b.scope(act)).toThrow(expect.objectContaining({ code }));
    expect(b.live).toBe(before);
  });

  it('a whole number at level 0 is no refusal', () => {
    expect(mulConstant(b, ev, low, 3).level).toBe(0);
  });
});
