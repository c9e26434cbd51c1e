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

  it('takes explicit primes', () => {
    const p = parameters({ ringDegree: 16, chain: [1099511627873n, 40], insecure: true });
    expect(p.primes[0]).toBe(1099511627873n);
    expect(p.primes[1]).not.toBe(1099511627873n);
  });

  it('refuses what is not secure unless that is written out, and then every print says so', () => {
    // The article's own parameters: log QP = 320 at degree 8192, where 218 is the limit.
    const article: ParameterSpec = { ringDegree: 8192, chain: [60, 40, 40, 40, 40, 40], special: [60] };
    const error = refusal(() => parameters(article));
    expect(error.code).toBe('INSECURE');
    expect(error.message).toBe(
      'cannot make parameters: log QP at ring degree 8192 should be at most 218 but is 320.0; take fewer or smaller ' +
        'primes, a larger ring degree, or write insecure: true to learn with it',
    );
    const p = parameters({ ...article, insecure: true });
    expect(p.securityBits).toBe(0);
    const b = twin(p);
    const { secretKeys, publicKey, evaluationKeys } = b.keygen();
    const plain = b.encode(1);
    for (const object of [p, b, secretKeys, publicKey, evaluationKeys, plain, publicKey.encrypt(plain)]) {
      expect(inspect(object)).toMatch(/INSECURE/);
    }
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
    ['scale not an integer', { ringDegree: 8192, chain: [40], scaleBits: 0.5 }, 'RANGE'],
  ])('refuses: %s', (_what, spec, code) => {
    expect(refusal(() => parameters(spec)).code).toBe(code);
  });

  it('each backend says what it cannot do', async () => {
    const spec = { ringDegree: 8192, chain: [50, 40], special: [60, 60] };
    await expect(seal(spec)).rejects.toThrow(/special primes should be one/);
    await expect(seal({ ...spec, special: [] })).rejects.toThrow(/special primes should be one/);
    await expect(seal({ ...spec, special: [30] })).rejects.toThrow(/of at least 50 bits/);
    expect(refusal(() => toy({ ringDegree: 8192, chain: [50] })).message).toMatch(/ringDegree should be at most 1024/);
    expect(refusal(() => toy({ ringDegree: 16, chain: [50], special: [50, 50], insecure: true })).code).toBe('RANGE');
    expect(refusal(() => twin({ ringDegree: 8192, chain: [50] }).keygen()).message).toMatch(/special primes should be/);
  });
});
