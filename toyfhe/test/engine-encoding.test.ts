/** The engine's encoder, both builds, against the definition, the toy's encoder, and big integers. */
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../src/backend/random.ts';
import { maxAbs, maxDifference, rotateSlots, type Slots } from '../src/backend/slots.ts';
import { Encoder, MOST_PARTS, partsFor, partsTable } from '../src/engine/encoding.ts';
import { CKKSEncoding, FixedRational, NegacyclicRing, slotExponents, zero } from '../src/toy/index.ts';
import { BUILDS, doubles, type Loaded, loadKernels, place } from './engine-kernels.ts';

/** `n` numbers in [−1, 1), the same on every run. */
function numbers(seed: string, n: number): Float64Array {
  const view = new DataView(seededRandom(seed).bytes(4 * n).buffer);
  return Float64Array.from({ length: n }, (_, i) => view.getInt32(4 * i) / 2 ** 31);
}

function someSlots(seed: string, n: number): Slots {
  return { re: numbers(`${seed} re`, n), im: numbers(`${seed} im`, n) };
}

/** Exponents 5^j modulo 2N of the points of slots j. */
function exponents(degree: number): number[] {
  const powers = [1];
  while (powers.length < degree / 2) powers.push((5 * powers.at(-1)!) % (2 * degree));
  return powers;
}

/** Sums with the rounding errors added back (Neumaier 1974): what is compared with should be better than what is tested. */
class Sum {
  #sum = 0;
  #error = 0;
  add(x: number): void {
    const next = this.#sum + x;
    this.#error += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - next + x : x - next + this.#sum;
    this.#sum = next;
  }
  get value(): number {
    return this.#sum + this.#error;
  }
}

/** cos and sin of π·k/n. Within an eighth of a turn the libraries' functions are right to the last place or so. */
function onCircle(k: number, n: number): [number, number] {
  const turned = k % (2 * n);
  if (turned > n) return onCircle(2 * n - turned, n).map((x, i) => (i === 0 ? x : -x)) as [number, number];
  if (2 * turned > n) return onCircle(n - turned, n).map((x, i) => (i === 0 ? -x : x)) as [number, number];
  if (4 * turned > n) return onCircle(n / 2 - turned, n).reverse() as [number, number];
  return [Math.cos((Math.PI * turned) / n), Math.sin((Math.PI * turned) / n)];
}

/** Slot j = Σ c_i·ζ^(i·5^j), by the definition. */
function slotsByDefinition(c: ArrayLike<number>): Slots {
  const n = c.length;
  const points = exponents(n);
  const out = { re: new Float64Array(n / 2), im: new Float64Array(n / 2) };
  for (const [j, e] of points.entries()) {
    const [re, im] = [new Sum(), new Sum()];
    for (let i = 0; i < n; i++) {
      const [cos, sin] = onCircle((e * i) % (2 * n), n);
      re.add(c[i]! * cos);
      im.add(c[i]! * sin);
    }
    out.re[j] = re.value;
    out.im[j] = im.value;
  }
  return out;
}

/** c_i = 2/N·Σ Re(z_j·ζ^(−i·5^j)), by the definition. */
function coefficientsByDefinition({ re, im }: Slots): Float64Array {
  const n = 2 * re.length;
  const points = exponents(n);
  return Float64Array.from({ length: n }, (_, i) => {
    const sum = new Sum();
    for (const [j, e] of points.entries()) {
      const [cos, sin] = onCircle((e * i) % (2 * n), n);
      sum.add(re[j]! * cos);
      sum.add(im[j]! * sin);
    }
    return (2 / n) * sum.value;
  });
}

/** p(X^g): coefficient i goes to i·g, with a minus sign for every time around. */
function automorphism(c: Float64Array, g: number): Float64Array {
  const n = c.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const to = (i * g) % (2 * n);
    out[to % n] = to < n ? c[i]! : -c[i]!;
  }
  return out;
}

const largest = (values: Float64Array): number => values.reduce((max, x) => Math.max(max, Math.abs(x)), 0);

describe.each(BUILDS)('%s kernels', (build) => {
  let loaded: Loaded;
  const encoders = new Map<number, Encoder>();
  const encoder = (degree: number): Encoder => {
    let made = encoders.get(degree);
    if (made === undefined) encoders.set(degree, (made = new Encoder(loaded.heap, loaded.kernels, degree)));
    return made;
  };
  /** The coefficients at `scale`, and what the encoder says of their size. */
  const encode = ({ re, im }: Slots, scale: number): { c: Float64Array; max: number } => {
    const degree = 2 * re.length;
    const dst = loaded.heap.allocate(8 * degree);
    const max = encoder(degree).slotsToCoefficients(re, im, scale, dst);
    const c = doubles(loaded.heap, dst, degree);
    loaded.heap.release(dst, 8 * degree);
    return { c, max };
  };
  const decode = (c: Float64Array, scale: number): Slots => {
    const src = place(loaded.heap, c);
    const slots = encoder(c.length).coefficientsToSlots(src, scale);
    expect(doubles(loaded.heap, src, c.length)).toEqual(c); // what is decoded stays
    expect(encoder(c.length).coefficientsToReal(src, scale)).toEqual(slots.re);
    loaded.heap.release(src, 8 * c.length);
    return slots;
  };
  beforeAll(async () => {
    loaded = await loadKernels(build);
  });

  describe.each([16, 32, 64, 128, 256])('N = %i', (degree) => {
    // Each of log₂N levels may lose a unit in the last place of the largest value; 2^-52 is that unit for values near 1.
    const tolerance = 2 ** -52 * Math.log2(degree);

    test('decoding is evaluation at ζ^(5^j)', () => {
      const c = numbers(`c ${degree}`, degree);
      const expected = slotsByDefinition(c);
      expect(maxDifference(decode(c, 1), expected)).toBeLessThan(tolerance * maxAbs(expected));
    });

    test('encoding is its inverse', () => {
      const slots = someSlots('encode', degree / 2);
      const scale = 2 ** 70; // beyond 2^53 nothing is rounded: these are the transform's own errors
      const { c, max } = encode(slots, scale);
      const expected = coefficientsByDefinition(slots);
      expect(largest(c.map((x, i) => x / scale - expected[i]!))).toBeLessThan(tolerance * maxAbs(slots));
      expect(max).toBe(largest(c));
    });

    test('X ↦ X^(5^(M−k)) moves every slot k to the right, X ↦ X^(2N−1) conjugates', () => {
      const c = numbers(`c ${degree}`, degree);
      const slots = decode(c, 1);
      for (const k of [1, 2, 3, degree / 2 - 1]) {
        const g = exponents(degree)[degree / 2 - k]!;
        const moved = decode(automorphism(c, g), 1);
        expect(maxDifference(moved, rotateSlots(slots, k))).toBeLessThan(2 * tolerance * maxAbs(slots));
      }
      const mirrored = decode(automorphism(c, 2 * degree - 1), 1);
      expect(largest(mirrored.im.map((y, i) => y + slots.im[i]!))).toBeLessThan(2 * tolerance * maxAbs(slots));
    });

    test("the toy's encoder finds the same polynomial", () => {
      // The toy's slot i lies at ζ^(3^(i+1)): that point or its conjugate is also one of ζ^(5^j).
      const { re, im } = someSlots('toy', degree / 2);
      const ours = exponents(degree);
      const plain = CKKSEncoding(FixedRational(2n ** 30n), zero(NegacyclicRing(degree, [40, 40])));
      for (const [i, e] of slotExponents(degree).entries()) {
        const same = ours.indexOf(e);
        const mirrored = ours.indexOf(2 * degree - e);
        plain.re[i] = re[Math.max(same, mirrored)]!;
        plain.im[i] = same >= 0 ? im[same]! : -im[mirrored]!;
      }
      const { c } = encode({ re, im }, 2 ** 30);
      const theirs = plain.coefficients().map(Number);
      // Equal but where a coefficient lies so near a half that the last places decide.
      expect(largest(c.map((x, i) => x - theirs[i]!))).toBeLessThanOrEqual(1);
    });

    test('slots of period n make a polynomial in X^(M/n)', () => {
      const slots = degree / 2;
      for (let period = 1; period < slots; period *= 2) {
        const one = someSlots('period', period);
        const repeated = (x: Float64Array): Float64Array =>
          Float64Array.from({ length: slots }, (_, i) => x[i % period]!);
        const { c } = encode({ re: repeated(one.re), im: repeated(one.im) }, 2 ** 70);
        expect(c.every((x, i) => i % (slots / period) === 0 || Object.is(x, 0))).toBe(true);
        expect(largest(c)).toBeGreaterThan(0);
      }
    });
  });

  test.each([8192, 16384, 65536])('N = %i: there and back, to 2^-44 of the largest slot', (degree) => {
    const slots = someSlots(`large ${degree}`, degree / 2);
    const { c } = encode(slots, 2 ** 80);
    expect(maxDifference(decode(c, 2 ** 80), slots)).toBeLessThan(2 ** -44 * maxAbs(slots));
    // One slot far above the others: what counts is the largest.
    slots.re[degree / 4] = 2 ** 30;
    expect(maxDifference(decode(encode(slots, 2 ** 80).c, 2 ** 80), slots)).toBeLessThan(2 ** -44 * 2 ** 30);
  });

  test('N = 8192: single coefficients have the slots they should', () => {
    const degree = 8192;
    for (const i of [0, 1, 4095, 4096, 8191]) {
      const c = new Float64Array(degree);
      c[i] = 1;
      const points = exponents(degree).map((e) => onCircle((e * i) % (2 * degree), degree));
      const expected = { re: Float64Array.from(points, ([x]) => x), im: Float64Array.from(points, ([, y]) => y) };
      expect(maxDifference(decode(c, 1), expected)).toBeLessThan(2 ** -50);
    }
  });

  test('a large scale keeps 53 bits, a tiny one rounds all to zero', () => {
    const slots = someSlots('scale', 64);
    const { c, max } = encode(slots, 2 ** 900);
    expect(max).toBeGreaterThan(2 ** 890);
    expect(maxDifference(decode(c, 2 ** 900), slots)).toBeLessThan(2 ** -48);
    const none = encode(slots, 2 ** -10);
    expect(none.max).toBe(0);
    expect(none.c.every((x) => Object.is(x, 0))).toBe(true); // never −0
  });

  test('roundScaled rounds to nearest, halves to even, and leaves what has no fraction', () => {
    const values = [
      0.5,
      1.5,
      2.5,
      -0.5,
      -1.5,
      -0.2,
      0,
      2 ** 52 - 0.5,
      2 ** 52 + 1,
      -(2 ** 53) - 2,
      3 * 2 ** 900,
      1.2,
      1,
      2,
      3,
      4,
    ];
    const x = place(loaded.heap, values);
    const dst = place(loaded.heap, values);
    expect(loaded.kernels.roundScaled(dst, x, 8, 1)).toBe(3 * 2 ** 900);
    const expected = [0, 2, 2, 0, -2, 0, 0, 2 ** 52, 2 ** 52 + 1, -(2 ** 53) - 2, 3 * 2 ** 900, 1, 1, 2, 3, 4];
    expect([...doubles(loaded.heap, dst, 16)]).toEqual(expected);
    expect(
      loaded.kernels.roundScaled(
        dst,
        place(
          loaded.heap,
          values.map((v) => -v),
        ),
        8,
        1,
      ),
    ).toBe(3 * 2 ** 900);
    expect(loaded.kernels.roundScaled(dst, x, 8, 2 ** -900)).toBe(3);
  });

  /** Integers in doubles, |c| ≤ limit: of all sizes and both signs, and around every power of two. */
  const integers = (limit: number): Float64Array => {
    const bits = Math.log2(limit);
    const out = [0, -0, limit, -limit];
    for (const [i, f] of numbers(`integers ${limit}`, 4096).entries()) out.push(Math.trunc(f * 2 ** (i % bits)));
    for (let e = 0; e < bits; e++) {
      const x = 2 ** e;
      const ulp = 2 ** Math.max(0, e - 52); // the next double above it that is an integer
      for (const near of [x, x - Math.max(1, ulp / 2), x + ulp, 1.5 * x]) out.push(Math.trunc(near), -Math.trunc(near));
    }
    return Float64Array.from(out.filter((x) => Math.abs(x) <= limit));
  };

  test.each([3n, 12289n, (1n << 40n) + 15n, (1n << 49n) + 69n, (1n << 50n) - 27n])('residues modulo %i', (prime) => {
    const p = Number(prime);
    const table = place(loaded.heap, partsTable(prime));
    for (const parts of [1, 2, 3, 7, 20, MOST_PARTS]) {
      // The largest there may be, or the largest finite ones.
      const values = integers(Math.min(2 ** (50 * parts + 1), 2 ** 1022));
      const src = place(loaded.heap, values);
      loaded.kernels.toResidues(src, src, values.length, parts, table, p, 1 / p);
      const wrong = doubles(loaded.heap, src, values.length).findIndex(
        (r, i) => (BigInt(values[i]!) - BigInt(r)) % prime !== 0n || Math.abs(r) > (p + 1) / 2,
      );
      expect(wrong < 0 ? 'none' : `${values[wrong]} in ${parts} parts`).toBe('none');
      loaded.heap.release(src, 8 * values.length);
    }
  });

  test('slots to residues: the polynomial that was rounded', () => {
    const prime = (1n << 50n) - 27n;
    const p = Number(prime);
    const table = place(loaded.heap, partsTable(prime));
    const { re, im } = someSlots('residues', 64);
    for (const scale of [2 ** 30, 2 ** 50, 2 ** 90, 2 ** 333]) {
      const c = loaded.heap.allocate(8 * 128);
      const dst = loaded.heap.allocate(8 * 128);
      const parts = partsFor(encoder(128).slotsToCoefficients(re, im, scale, c));
      loaded.kernels.toResidues(dst, c, 128, parts, table, p, 1 / p);
      const residues = doubles(loaded.heap, dst, 128);
      expect(doubles(loaded.heap, c, 128).every((x, i) => (BigInt(x) - BigInt(residues[i]!)) % prime === 0n)).toBe(
        true,
      );
    }
  });
});

test('as many parts as it takes', () => {
  expect([0, 1, 2 ** 51, 2 ** 51 + 1, 2 ** 101, 2 ** 101 * 1.5, 2 ** 151, 2 ** 1001, 2 ** 1002].map(partsFor)).toEqual([
    1, 1, 1, 2, 2, 3, 3, 20, 21,
  ]);
  expect(partsFor(Number.MAX_VALUE)).toBe(MOST_PARTS);
});
