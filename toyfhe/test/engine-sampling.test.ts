/** ChaCha20 and what the engine draws from it, both builds, against vectors and models in big integers. */
import { createCipheriv, createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { gaussianTable } from '../src/engine/gaussian.ts';
import { BUILDS, doubles, type Loaded, loadKernels } from './engine-kernels.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'));

/** Bytes that look random and are the same on every run. */
function bytesOf(seed: string, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`${seed} ${i}`).digest(),
  );
  return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
}

/** The keystream, from OpenSSL. Its IV is the counter, little-endian, and the nonce. */
function keystream(key: Uint8Array, nonce: Uint8Array, counter: number, length: number): Uint8Array {
  const iv = new Uint8Array(16);
  new DataView(iv.buffer).setUint32(0, counter, true);
  iv.set(nonce, 4);
  return new Uint8Array(createCipheriv('chacha20', key, iv).update(new Uint8Array(length)));
}

/** Places for a call's arguments, and a sentinel value after its output. */
class Bench {
  readonly at: { key: number; nonce: number; scratch: number; dst: number; table: number };
  readonly loaded: Loaded;

  constructor(loaded: Loaded) {
    this.loaded = loaded;
    const { heap, kernels } = loaded;
    this.at = {
      key: heap.allocate(32),
      nonce: heap.allocate(12),
      scratch: heap.allocate(kernels.sampleScratch()),
      dst: heap.allocate(8 * (MOST + 1)),
      table: heap.allocate(8 * 64),
    };
  }

  seed(key: Uint8Array, nonce: Uint8Array): void {
    this.loaded.heap.u8.set(key, this.at.key);
    this.loaded.heap.u8.set(nonce, this.at.nonce);
  }

  chacha20(counter: number, blocks: number): Uint8Array {
    const { dst, key, nonce } = this.at;
    this.loaded.kernels.chacha20(dst, key, nonce, counter, blocks);
    return this.loaded.heap.u8.slice(dst, dst + 64 * blocks);
  }

  uniform(n: number, p: number): Float64Array {
    const { dst, key, nonce, scratch } = this.at;
    return this.#drawn(n, () => this.loaded.kernels.sampleUniform(dst, n, key, nonce, scratch, p, 1 / p));
  }

  ternary(n: number): Float64Array {
    const { dst, key, nonce, scratch } = this.at;
    return this.#drawn(n, () => this.loaded.kernels.sampleTernary(dst, n, key, nonce, scratch));
  }

  gaussian(n: number, thresholds: BigUint64Array): Float64Array {
    const { heap, kernels } = this.loaded;
    const { dst, key, nonce, scratch, table } = this.at;
    new BigUint64Array(heap.f64.buffer, table, thresholds.length).set(thresholds);
    return this.#drawn(n, () => kernels.sampleGaussian(dst, n, key, nonce, scratch, table));
  }

  /** Checks what every sampler promises: nothing written beyond n values, no keystream left behind. */
  #drawn(n: number, draw: () => void): Float64Array {
    const { heap, kernels } = this.loaded;
    const { dst, scratch } = this.at;
    heap.f64[dst / 8 + n] = 12345.5;
    draw();
    expect(heap.f64[dst / 8 + n]).toBe(12345.5);
    expect(heap.u8.slice(scratch, scratch + kernels.sampleScratch()).some((byte) => byte !== 0)).toBe(false);
    return doubles(heap, dst, n);
  }
}

const MOST = 1 << 16;
const KEY = bytesOf('key', 32);
const NONCE = bytesOf('nonce', 12);

/** 64-bit words of the stream (KEY, NONCE), little-endian, in order. */
function words(count: number): BigUint64Array {
  return new BigUint64Array(keystream(KEY, NONCE, 0, 8 * count).buffer);
}

function uniformModel(n: number, prime: bigint): Float64Array {
  const bound = ((1n << 52n) / prime) * prime;
  const kept = [...words(2 * n + 64)].map((word) => word & ((1n << 52n) - 1n)).filter((x) => x < bound);
  expect(kept.length).toBeGreaterThanOrEqual(n);
  return Float64Array.from(kept.slice(0, n), (x) => {
    const r = x % prime;
    return Number(r > prime / 2n ? r - prime : r);
  });
}

function ternaryModel(n: number): Float64Array {
  const kept = keystream(KEY, NONCE, 0, n + 4096).filter((byte) => byte < 255);
  return Float64Array.from(kept.slice(0, n), (byte) => (byte % 3) - 1);
}

function gaussianModel(n: number, table: BigUint64Array): Float64Array {
  const thresholds = [...table.slice(1)];
  return Float64Array.from(words(n), (word) => {
    const magnitude = thresholds.filter((threshold) => threshold <= word >> 1n).length;
    return magnitude === 0 || (word & 1n) === 0n ? magnitude : -magnitude;
  });
}

/** Σ (seen − expected)²/expected: its mean is the degrees of freedom d, its variance 2·d. */
function chiSquare(seen: readonly number[], expected: readonly number[]): number {
  return seen.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);
}

// The smallest; 17 bits; just above 2^52/5, where the most words are refused; the largest. Odd is all that is asked.
const MODULI: readonly bigint[] = [3n, 65537n, (1n << 52n) / 5n + 2n, (1n << 50n) - 27n];

describe.each(BUILDS)('%s kernels', (build) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = new Bench(await loadKernels(build));
  });

  // RFC 8439: section 2.3.2, then appendix A.1, test vectors 1 to 5.
  const zeros = '00'.repeat(32);
  test.each([
    [
      '',
      '000000090000004a00000000',
      1,
      `10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e
       d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e`,
    ],
    [
      zeros,
      '000000000000000000000000',
      0,
      `76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7
       da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586`,
    ],
    [
      zeros,
      '000000000000000000000000',
      1,
      `9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed
       29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f`,
    ],
    [
      `${'00'.repeat(31)}01`,
      '000000000000000000000000',
      1,
      `3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a
       8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0`,
    ],
    [
      `00ff${'00'.repeat(30)}`,
      '000000000000000000000000',
      2,
      `72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca
       13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096`,
    ],
    [
      zeros,
      '000000000000000000000002',
      0,
      `c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c7
       8a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d`,
    ],
  ])('ChaCha20: RFC 8439 key %s, nonce %s, counter %i', (key, nonce, counter, block) => {
    bench.seed(key === '' ? Uint8Array.from({ length: 32 }, (_, i) => i) : hex(key), hex(nonce));
    expect(bench.chacha20(counter, 4).subarray(0, 64)).toEqual(hex(block));
  });

  test('ChaCha20: RFC 8439 section 2.4.2 decrypts', () => {
    const sealed = hex(`
      6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b
      f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8
      07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736
      5af90bbf74a35be6b40b8eedf2785e42874d`);
    const key = Uint8Array.from({ length: 32 }, (_, i) => i);
    bench.seed(key, hex('000000000000004a00000000'));
    const stream = bench.chacha20(1, 4);
    expect(Buffer.from(sealed.map((byte, i) => byte ^ stream[i]!)).toString()).toBe(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
  });

  test('ChaCha20 is that of OpenSSL, for any key, nonce and counter', () => {
    for (let i = 0; i < 50; i++) {
      const [key, nonce] = [bytesOf(`k${i}`, 32), bytesOf(`n${i}`, 12)];
      const counter = new DataView(bytesOf(`c${i}`, 4).buffer).getUint32(0) >>> (i % 32);
      const blocks = 4 * (1 + (i % 5));
      bench.seed(key, nonce);
      expect(bench.chacha20(counter, blocks)).toEqual(keystream(key, nonce, counter, 64 * blocks));
    }
  });

  test('the block counter wraps at 2^32', () => {
    bench.seed(KEY, NONCE);
    expect(bench.chacha20(2 ** 32 - 2, 4).slice(128)).toEqual(bench.chacha20(0, 4).slice(0, 128));
  });

  test.each(MODULI)('uniform modulo %i: the model, value by value', (prime) => {
    bench.seed(KEY, NONCE);
    // Less than a batch of keystream, an odd number, several batches.
    for (const n of [1, 8, 333, 8192]) expect(bench.uniform(n, Number(prime))).toEqual(uniformModel(n, prime));
  });

  test('uniform: centred, its mean zero, its values even', () => {
    const p = 2 ** 50 - 27;
    bench.seed(KEY, NONCE);
    const values = bench.uniform(MOST, p);
    expect(values.every((r) => Number.isInteger(r) && Math.abs(r) <= (p - 1) / 2)).toBe(true);
    // The seed is fixed, so this fails for a wrong sampler or never. A right one would miss 5σ in 1 of 10^6 seeds.
    const mean = values.reduce((a, b) => a + b) / MOST / p;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(12 * MOST));
    const seen = new Array<number>(64).fill(0);
    for (const r of values) seen[Math.floor((r / p + 0.5) * 64)]!++;
    // 63 degrees of freedom: more than 63 + 6·√126 = 130 comes in 1 of 10^6 seeds.
    expect(chiSquare(seen, new Array<number>(64).fill(MOST / 64))).toBeLessThan(130);
  });

  test('ternary: the model, value by value, and each value a third', () => {
    bench.seed(KEY, NONCE);
    for (const n of [1, 8, 333, 8192]) expect(bench.ternary(n)).toEqual(ternaryModel(n));
    const values = bench.ternary(MOST);
    const seen = [-1, 0, 1].map((v) => values.filter((x) => x === v).length);
    expect(seen.reduce((a, b) => a + b)).toBe(MOST);
    // 2 degrees of freedom: above x with probability exp(−x/2), 10^−6 at 27.6.
    expect(chiSquare(seen, [MOST / 3, MOST / 3, MOST / 3])).toBeLessThan(27.6);
  });

  test('Gaussian: the model, value by value', () => {
    bench.seed(KEY, NONCE);
    const table = gaussianTable(3.2);
    for (const n of [8, 40, 8192]) expect(bench.gaussian(n, table)).toEqual(gaussianModel(n, table));
  });

  test('Gaussian: a threshold counts where it is met exactly', () => {
    bench.seed(KEY, NONCE);
    const stream = [...words(64)].map((word) => word >> 1n).sort((a, b) => (a < b ? -1 : 1));
    const top = (1n << 63n) - 1n;
    for (const thresholds of [stream.slice(0, 50), stream.map((u) => u + 1n).slice(0, 50), [0n, 0n, top, top], []]) {
      const table = BigUint64Array.of(BigInt(thresholds.length), ...thresholds);
      expect(bench.gaussian(64, table)).toEqual(gaussianModel(64, table));
    }
  });

  test('Gaussian: moments and frequencies', () => {
    bench.seed(KEY, NONCE);
    const sigma = 3.2;
    const values = bench.gaussian(MOST, gaussianTable(sigma));
    // 5σ of each estimate's own spread: σ/√n, σ²·√(2/n), and √(24/n) for the kurtosis.
    const moment = (k: number): number => values.reduce((sum, x) => sum + x ** k, 0) / MOST;
    expect(Math.abs(moment(1))).toBeLessThan((5 * sigma) / Math.sqrt(MOST));
    expect(Math.abs(moment(2) / sigma ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / MOST));
    expect(Math.abs(moment(4) / moment(2) ** 2 - 3)).toBeLessThan(5 * Math.sqrt(24 / MOST));
    const weight = (k: number): number => Math.exp(-(k * k) / (2 * sigma * sigma));
    const total = Array.from({ length: 81 }, (_, k) => weight(k - 40)).reduce((a, b) => a + b);
    const inside = Array.from({ length: 23 }, (_, i) => i - 11); // beyond ±11, fewer than 50 are expected in all
    const seen = inside.map((k) => values.filter((x) => x === k).length);
    const expected = inside.map((k) => (MOST * weight(k)) / total);
    const rest = (counts: readonly number[]): number => MOST - counts.reduce((a, b) => a + b);
    // 23 degrees of freedom: more than 23 + 6·√46 = 64 comes in about 1 of 10^5 seeds.
    expect(chiSquare([...seen, rest(seen)], [...expected, rest(expected)])).toBeLessThan(64);
  });
});

test('both builds draw the same values', async () => {
  const [fused, software] = await Promise.all(BUILDS.map(async (build) => new Bench(await loadKernels(build))));
  for (const bench of [fused!, software!]) bench.seed(KEY, NONCE);
  for (const prime of MODULI) {
    expect(fused!.uniform(MOST, Number(prime))).toEqual(software!.uniform(MOST, Number(prime)));
  }
  expect(fused!.ternary(MOST)).toEqual(software!.ternary(MOST));
  const table = gaussianTable(3.2);
  expect(fused!.gaussian(MOST, table)).toEqual(software!.gaussian(MOST, table));
});

describe('the Gaussian table', () => {
  test('its thresholds are the cumulative probabilities, to what doubles can tell', () => {
    for (const sigma of [1, 3.2, 19, 100]) {
      const [count, ...thresholds] = gaussianTable(sigma);
      expect(count).toBe(BigInt(thresholds.length));
      const weight = (k: number): number => Math.exp(-(k * k) / (2 * sigma * sigma));
      let total = 0;
      for (let k = Math.ceil(40 * sigma); k >= 1; k--) total += 2 * weight(k); // small ones first
      total += 1;
      let below = 1;
      for (const [k, threshold] of thresholds.entries()) {
        expect(Math.abs(Number(threshold) / 2 ** 63 - below / total)).toBeLessThan(1e-14);
        if (k > 0) expect(threshold >= thresholds[k - 1]!).toBe(true); // far out, two may round to the same
        below += 2 * weight(k + 1);
      }
      expect(thresholds.at(-1)! < 1n << 63n).toBe(true);
      // The tail that is cut: less than half a unit of 2^-63, and not by much more than one more value would be.
      let tail = 0;
      for (let k = Math.ceil(40 * sigma); k > thresholds.length; k--) tail += (2 * weight(k)) / total;
      expect(tail).toBeLessThan(2 ** -64);
      expect(tail + (2 * weight(thresholds.length)) / total).toBeGreaterThanOrEqual(2 ** -64);
    }
    expect(gaussianTable(3.2)[0]).toBe(29n);
  });

  test('refuses what it was not made for', () => {
    for (const sigma of [0, 0.5, 101, Number.NaN]) expect(() => gaussianTable(sigma)).toThrow(RangeError);
  });
});
