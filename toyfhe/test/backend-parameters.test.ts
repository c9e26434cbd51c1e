import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FheError, type FheErrorCode, type ParameterSpec, parameters, twin } from '../src/backend/index.ts';
import { seal } from '../src/seal/index.ts';
import { toy } from '../src/toy/index.ts';

function refusal(f: () => unknown): FheError {
  try {
    f();
  } catch (error) {
    if (error instanceof FheError) return error;
    throw error;
  }
  throw new Error('should be refused');
}

describe('parameters', () => {
  it('finds distinct primes ≡ 1 mod 2N next to the sizes asked for', () => {
    const p = parameters({ ringDegree: 16384, chain: [60, 40, 40, 40, 40, 40], special: [60] });
    const all = [...p.primes, ...p.special];
    expect(new Set(all).size).toBe(7);
    for (const prime of all) expect(prime % 32768n).toBe(1n);
    for (const prime of p.primes.slice(1)) expect(Math.abs(Number(prime) / 2 ** 40 - 1)).toBeLessThan(1e-5);
    // 64-bit backends end at 2^60.
    expect(p.primes[0]! < 2n ** 60n && p.special[0]! < 2n ** 60n).toBe(true);
    expect(String(p.scale)).toBe('2^40');
    expect(p.maxLevel).toBe(5);
    expect(p.logQP).toBeCloseTo(320, 3);
    expect(p.securityBits).toBe(128);
    expect(inspect(p)).toBe('CKKS parameters (ring degree 16384, 8192 slots, 5 levels, scale 2^40, log QP 320 of 438)');
  });

  it('says whether the more cautious limits of 2024 hold too', () => {
    const spec = { ringDegree: 16384, chain: [50, 40, 40, 40, 40, 40, 40] };
    expect(parameters({ ...spec, special: [50, 50] })).toMatchObject({ securityBits: 128, cautious: true }); // 390 of 430
    expect(parameters({ ...spec, special: [49, 49, 49] })).toMatchObject({ securityBits: 128, cautious: false }); // 437
    expect(parameters({ ringDegree: 4096, chain: [35, 30], special: [35] }).cautious).toBe(false); // no limit is given there
  });

  it('takes explicit primes', () => {
    const p = parameters({ ringDegree: 16, chain: [1099511627873n, 40], insecure: true });
    expect(p.primes[0]).toBe(1099511627873n);
    expect(p.primes[1]).not.toBe(1099511627873n);
  });

  it('refuses what is not secure unless that is written out, and then every print says so', async () => {
    // The article's own parameters: log QP = 320 at degree 8192, where 218 is the limit.
    const article: ParameterSpec = { ringDegree: 8192, chain: [60, 40, 40, 40, 40, 40], special: [60] };
    const error = refusal(() => parameters(article));
    expect(error.code).toBe('INSECURE');
    expect(error.message).toBe(
      'cannot make parameters: log QP at ring degree 8192 should be at most 218 but is 320.0; take fewer or smaller ' +
        'primes, a larger ring degree, or write insecure: true to learn with it',
    );
    expect(refusal(() => parameters({ ringDegree: 16, chain: [40] })).message).toContain(
      'ringDegree should be from 1024 to 65536',
    );
    const p = parameters({ ...article, insecure: true });
    expect(p.securityBits).toBe(0);
    expect(inspect(p)).toMatch(/INSECURE$/);
    const b = await seal({ ringDegree: 1024, chain: [30, 25], special: [30], insecure: true });
    expect(b.securityBits).toBe(0);
    b.scope(() => {
      const { secretKeys, publicKey, evaluationKeys } = b.keygen();
      const plain = b.encode(1);
      for (const object of [b, secretKeys, publicKey, evaluationKeys, plain, publicKey.encrypt(plain)]) {
        expect(inspect(object)).toMatch(/INSECURE$/);
      }
    });
    b.dispose();
  });

  it('the twin never claims to hide anything, nor the toy to be secure', () => {
    const spec = { ringDegree: 1024, chain: [26], special: [] };
    const t = twin({ ...spec, ringDegree: 8192 });
    expect(t.parameters.securityBits).toBe(128);
    expect(t.securityBits).toBe(0);
    for (const object of [t, t.encode(1)]) expect(inspect(object)).toMatch(/NOT ENCRYPTED$/);
    expect(refusal(() => toy(spec)).code).toBe('INSECURE');
    const b = toy({ ...spec, insecure: true });
    expect(b.securityBits).toBe(0);
    for (const object of [b, b.encode(1)]) expect(inspect(object)).toMatch(/INSECURE$/);
  });

  it('takes the sizes that fill the limit to the last bit, as SEAL’s defaults do', () => {
    for (const spec of [
      { ringDegree: 4096, chain: [36, 36], special: [37] },
      { ringDegree: 8192, chain: [43, 43, 44, 44], special: [44] },
    ]) {
      expect(parameters(spec).securityBits).toBe(128);
    }
    expect(refusal(() => parameters({ ringDegree: 8192, chain: [43, 44, 44, 44], special: [44] })).code).toBe(
      'INSECURE',
    );
  });

  it('finds primes on both sides of the size by turns', () => {
    const { primes } = parameters({ ringDegree: 16384, chain: [45, 40, 40, 40, 40] });
    expect(primes.slice(1).map((p) => p > 2n ** 40n)).toEqual([true, false, true, false]);
  });

  it('special primes count', () => {
    const chain = [60, 40, 40, 40];
    expect(parameters({ ringDegree: 8192, chain }).securityBits).toBe(128);
    expect(refusal(() => parameters({ ringDegree: 8192, chain, special: [60] })).code).toBe('INSECURE');
  });

  it.each<[string, ParameterSpec, FheErrorCode]>([
    ['degree no power of two', { ringDegree: 1000, chain: [40] }, 'RANGE'],
    ['degree too small', { ringDegree: 4, chain: [40] }, 'RANGE'],
    ['degree beyond the table', { ringDegree: 131072, chain: [40] }, 'INSECURE'],
    ['no primes', { ringDegree: 8192, chain: [] }, 'RANGE'],
    ['prime too small for the degree', { ringDegree: 8192, chain: [10] }, 'RANGE'],
    ['prime too large', { ringDegree: 8192, chain: [61] }, 'RANGE'],
    ['not a prime', { ringDegree: 16, chain: [33n], insecure: true }, 'RANGE'],
    ['wrong residue', { ringDegree: 16, chain: [101n], insecure: true }, 'RANGE'],
    ['the same prime twice', { ringDegree: 16, chain: [97n, 97n], insecure: true }, 'RANGE'],
    ['scale larger than the modulus', { ringDegree: 8192, chain: [40], scaleBits: 50 }, 'RANGE'],
    ['explicit prime too large', { ringDegree: 16, chain: [2n ** 61n - 1n], insecure: true }, 'RANGE'],
    ['no primes of that size nearby', { ringDegree: 131072, chain: [20, 20, 20], insecure: true }, 'RANGE'],
    [
      'special prime smaller than the chain’s',
      { ringDegree: 64, chain: [60, 40], special: [40], insecure: true },
      'RANGE',
    ],
    ['degree a string', { ringDegree: '8192' as unknown as number, chain: [40] }, 'RANGE'],
    ['chain no list', { ringDegree: 8192, chain: 40 as unknown as number[] }, 'RANGE'],
    ['nothing given', undefined as unknown as ParameterSpec, 'RANGE'],
    ['scale not an integer', { ringDegree: 8192, chain: [40], scaleBits: 0.5 }, 'RANGE'],
  ])('refuses: %s', (_what, spec, code) => {
    expect(refusal(() => parameters(spec)).code).toBe(code);
  });

  it('each backend says what it cannot do', async () => {
    const nothing = undefined as unknown as ParameterSpec;
    expect(refusal(() => twin(nothing)).code).toBe('RANGE');
    expect(refusal(() => toy(nothing)).code).toBe('RANGE');
    await expect(seal(nothing)).rejects.toThrow(/ringDegree should be a power of two/);
    const spec = { ringDegree: 8192, chain: [50, 40], special: [60, 60] };
    await expect(seal(spec)).rejects.toThrow(/special primes should be one but is 2/);
    await expect(seal({ ...spec, special: [] })).rejects.toThrow(/special primes should be one but is 0/);
    const large = { ringDegree: 8192, chain: [50], insecure: true };
    expect(refusal(() => toy(large)).message).toMatch(/ringDegree should be at most 1024/);
    expect(refusal(() => toy({ ringDegree: 16, chain: [50], special: [50, 50], insecure: true })).code).toBe('RANGE');
    expect(refusal(() => twin({ ringDegree: 8192, chain: [50] }).keygen()).message).toMatch(/special primes should be/);
  });
});

it('what is disposed says so in its print', () => {
  const b = twin({ ringDegree: 8192, chain: [50, 40], special: [50] });
  const { secretKeys, publicKey, evaluationKeys } = b.keygen();
  const plain = b.encode(1);
  const objects = [publicKey.encrypt(plain), plain, secretKeys, publicKey, evaluationKeys];
  for (const object of objects) {
    expect(inspect(object)).toMatch(/ NOT ENCRYPTED$/);
    object.dispose();
    expect(inspect(object)).toMatch(/ NOT ENCRYPTED DISPOSED$/);
  }
  expect(inspect(b)).toMatch(/0 objects live NOT ENCRYPTED$/);
  b.dispose();
  expect(inspect(b)).toMatch(/0 objects live NOT ENCRYPTED DISPOSED$/);
});

describe('keygen', () => {
  it('a refusal changes nothing', () => {
    const b = twin({ ringDegree: 8192, chain: [30, 30] });
    expect(refusal(() => b.keygen()).message).toMatch(/special primes should be at least one/);
    expect(refusal(() => b.keygen({ rotations: 1 as unknown as number[] })).message).toMatch(
      /rotations should be a list/,
    );
    expect(b.live).toBe(0);
  });

  it('refuses options that it does not know', () => {
    const b = twin({ ringDegree: 8192, chain: [50, 40], special: [50] });
    const { secretKeys } = b.keygen();
    for (const [options, message] of [
      [[1], /options should be a record but is a list; write .*rotations: .*relinearize: .*conjugate: /],
      [null, /options should be a record but is missing/],
      [7, /options should be a record but is 7/],
      [{ rotation: [1] }, /options should be rotations, relinearize, conjugate, onProgress but is rotation; write/],
    ] as const) {
      for (const ask of [() => b.keygen(options as never), () => secretKeys.evaluationKeys(options as never)]) {
        expect(refusal(ask)).toMatchObject({ code: 'RANGE', message: expect.stringMatching(message) as string });
      }
    }
    expect(b.live).toBe(3);
  });

  it('hints at special primes that do', () => {
    const hint = (chain: number[]): string => refusal(() => twin({ ringDegree: 16384, chain }).keygen()).hint;
    expect(hint([50, 40])).toContain('special: [50]');
    expect(hint([30, 30])).toContain('special: [50]');
    expect(hint([60, 40])).toContain('special: [60]');
  });

  it('a rotation without its key names the steps that were asked for', () => {
    const b = twin({ ringDegree: 8192, chain: [60, 40], special: [60] });
    const { publicKey, evaluationKeys } = b.keygen();
    const c = publicKey.encrypt(b.encode(1));
    expect(refusal(() => evaluationKeys.rotate(c, -2)).message).toContain('rotation by -2');
  });
});
