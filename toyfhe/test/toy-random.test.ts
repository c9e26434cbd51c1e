import { afterEach, describe, expect, test, vi } from 'vitest';
import { seededRandom, systemRandom } from '../src/backend/random.ts';
import {
  discreteGaussian,
  NegacyclicRing,
  STANDARD_SIGMA,
  ternary,
  uniformBelow,
  uniformElement,
} from '../src/toy/index.ts';

describe('sources', () => {
  test('a seed gives the AES-256-CTR keystream of its SHA-256, however it is cut up', () => {
    const whole = seededRandom('toy').bytes(10_000);
    const source = seededRandom('toy');
    const pieces = [1, 8, 4087, 1, 5000, 903].flatMap((n) => [...source.bytes(n)]);
    expect(pieces).toEqual([...whole]);
    // printf toy | sha256sum gives the key; openssl enc -aes-256-ctr -iv 0 of zeros gives the bytes.
    expect(Buffer.from(whole.subarray(0, 16)).toString('hex')).toBe('00cf8c25438acc0907b8f4cc4670c196');
    expect([...seededRandom('other').bytes(16)]).not.toEqual([...whole.subarray(0, 16)]);
  });

  test('bytes handed out are the caller’s own', () => {
    const source = seededRandom('own memory');
    const first = source.bytes(16);
    const copy = [...first];
    source.bytes(10_000);
    expect([...first]).toEqual(copy);
  });

  test('the operating system’s bytes differ from call to call', () => {
    expect([...systemRandom.bytes(32)]).not.toEqual([...systemRandom.bytes(32)]);
    expect(systemRandom.bytes(5000)).toHaveLength(5000);
    expect(new Set(systemRandom.bytes(100_000)).size).toBe(256); // more than one call of getRandomValues may give
  });

  describe('in a browser', () => {
    afterEach(() => vi.unstubAllGlobals());

    test.each([undefined, { version: 'v20.0.0' }])(
      'a seed is refused, the system’s bytes are there: process %o',
      (p) => {
        vi.stubGlobal('process', p);
        expect(systemRandom.bytes(5000)).toHaveLength(5000);
        expect(() => seededRandom('x')).toThrow(
          p === undefined
            ? /cannot draw from a seed: JavaScript runtime should be Node.js 22 or newer but is a browser; leave/
            : /but is v20.0.0;/,
        );
      },
    );
  });
});

describe('distributions (seed sampling)', () => {
  const COUNT = 20_000;
  const moments = (xs: bigint[]): [mean: number, deviation: number] => {
    const mean = xs.reduce((sum, x) => sum + Number(x), 0) / xs.length;
    return [mean, Math.sqrt(xs.reduce((sum, x) => sum + (Number(x) - mean) ** 2, 0) / xs.length)];
  };

  test.each([STANDARD_SIGMA, 1, 20])('the discrete Gaussian of width %s', (sigma) => {
    const [mean, deviation] = moments(discreteGaussian(sigma)(COUNT, seededRandom('sampling')));
    // Five standard errors: σ/√n for the mean, σ/√(2n) for the deviation.
    expect(Math.abs(mean)).toBeLessThan((5 * sigma) / Math.sqrt(COUNT));
    expect(Math.abs(deviation - sigma)).toBeLessThan((5 * sigma) / Math.sqrt(2 * COUNT));
  });

  test('width 0 is no noise', () => {
    expect(discreteGaussian(0)(4, systemRandom)).toEqual([0n, 0n, 0n, 0n]);
  });

  test('ternary: a third each', () => {
    const drawn = ternary(COUNT, seededRandom('sampling'));
    for (const value of [-1n, 0n, 1n]) {
      const share = drawn.filter((x) => x === value).length / COUNT;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / COUNT));
    }
  });

  test.each([1n, 2n, 7n, 2n ** 64n, 2n ** 64n + 1n, 2n ** 130n])('uniform below %s', (bound) => {
    const random = seededRandom('sampling');
    const drawn = Array.from({ length: 2000 }, () => uniformBelow(bound, random));
    expect(drawn.every((x) => x >= 0n && x < bound)).toBe(true);
    const mean = drawn.reduce((sum, x) => sum + x, 0n);
    // Mean of 2000 uniform draws: (bound − 1)/2 within five standard errors of bound/√12.
    const distance = Number(mean) / 2000 - (Number(bound) - 1) / 2;
    expect(Math.abs(distance)).toBeLessThanOrEqual((5 * Number(bound)) / Math.sqrt(12 * 2000));
  });

  test('a uniform element has a uniform residue for each prime', () => {
    const R = NegacyclicRing(16, [20, 30]);
    const limbs = uniformElement(R, seededRandom('sampling')).coefficients();
    limbs.forEach((limb, i) => {
      expect(limb).toHaveLength(16);
      expect(limb.every((a) => a >= 0n && a < R.primes[i]!)).toBe(true);
      expect(new Set(limb).size).toBe(16); // 16 draws from 2^20: a repetition has probability 2^−13, and the seed is fixed
    });
  });
});
