/** The engine's modular kernels, both builds, against big integers, at the ends of the ranges that their docstrings allow. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parameters } from '../src/backend/parameters.ts';
import { inverseMod, isPrime, powMod, primitiveRootOfUnity } from '../src/backend/primes.ts';
import { seededRandom } from '../src/backend/random.ts';
import { Machine } from '../src/engine/machine.ts';
import { centred, magicAccumulator, makeModulus, MODULUS_BYTES, RESIDUE_BOUND } from '../src/engine/moduli.ts';
import { OP } from '../src/engine/tasks.ts';
import type { KernelBuild } from '../src/engine/wasm.ts';
import { BUILDS, doubles, type Loaded, loadKernels, place, type TestedKernels } from './engine-kernels.ts';

/** What JavaScript does not call in the library, where it runs as tasks. */
interface ModularKernels extends TestedKernels {
  forward(dst: number, src: number, n: number, roots: number, p: number, pinv: number, lazy: number, raw: number): void;
  forwardAdd(
    dst: number,
    x: number,
    c: number,
    c2: number,
    n: number,
    roots: number,
    p: number,
    pinv: number,
    lazy: number,
  ): void;
  forwardSub(
    dst: number,
    work: number,
    src: number,
    c: number,
    n: number,
    roots: number,
    p: number,
    pinv: number,
    lazy: number,
    factor: number,
  ): void;
  inverse(
    dst: number,
    src: number,
    n: number,
    roots: number,
    p: number,
    pinv: number,
    every: number,
    scale: number,
    scaleRoot: number,
  ): void;
  add(d: number, a: number, b: number, n: number, p: number, pinv: number): void;
  sub(d: number, a: number, b: number, n: number, p: number, pinv: number): void;
  mul(d: number, a: number, b: number, n: number, p: number, pinv: number): void;
  neg(d: number, a: number, n: number): void;
  mulAdd(d: number, c: number, a: number, b: number, n: number, p: number, pinv: number): void;
  subScale(d: number, a: number, b: number, n: number, w: number, p: number, pinv: number): void;
  tensor(
    d0: number,
    d1: number,
    d2: number,
    a0: number,
    a1: number,
    b0: number,
    b1: number,
    n: number,
    p: number,
    pinv: number,
  ): void;
  square(d0: number, d1: number, d2: number, a0: number, a1: number, n: number, p: number, pinv: number): void;
  dot(
    d0: number,
    d1: number,
    table: number,
    count: number,
    n: number,
    p: number,
    pinv: number,
    magic: number,
    terms: number,
    wide: number,
  ): void;
  dotConst(
    d: number,
    table: number,
    weights: number,
    count: number,
    n: number,
    p: number,
    pinv: number,
    magic: number,
    terms: number,
    wide: number,
  ): void;
  convert(d: number, y: number, stride: number, weights: number, count: number, target: number, n: number): void;
}

const SEED = process.env.TOYFHE_SEED ?? 'kernels-1';

/** The limits of the transforms' ways to reduce (moduli.ts): the hardest primes are those just below. */
const LIMITS: Record<string, number> = {
  '2^30': 2 ** 30,
  '2^40': 2 ** 40,
  '2^44': 2 ** 44,
  '2^46': 2 ** 46,
  '2^47': 2 ** 47,
  '1.25·2^47': 1.25 * 2 ** 47,
  '2^48': 2 ** 48,
  '2^49': 2 ** 49,
  '2^50': 2 ** 50,
};
const LIMIT_NAMES = Object.keys(LIMITS);

/** The `index`-th prime ≡ 1 mod 2n below the limit, counted downwards. */
function primeBelow(limit: number, n: number, index: number = 0): bigint {
  const step = 2n * BigInt(n);
  let left = index;
  for (let p = BigInt(limit) - ((BigInt(limit) - 1n) % step); ; p -= step) {
    if (p < BigInt(limit) && isPrime(p) && left-- === 0) return p;
  }
}

/** x mod p, in [0, p). */
function mod(x: bigint, p: bigint): bigint {
  const r = x % p;
  return r < 0n ? r + p : r;
}

/** Integers in [−bound, bound]: half of them at its ends, some 0 and ±1, the others uniform. */
function extremes(name: string, n: number, bound: number): Float64Array {
  const view = new DataView(seededRandom(`${SEED}/${name}`).bytes(8 * n).buffer);
  const most = Math.floor(bound);
  return Float64Array.from({ length: n }, (_, i) => {
    const [kind, sign] = [view.getUint8(8 * i), view.getUint8(8 * i + 1) % 2 === 0 ? 1 : -1];
    if (kind < 128) return sign * most;
    if (kind < 144) return sign * (kind % 2);
    return sign * Math.floor((view.getUint32(8 * i + 2) / 2 ** 32 + view.getUint16(8 * i + 6) / 2 ** 48) * most);
  });
}

/** Inputs that make sums grow most: all equal, signs by turns with every period, and extremes at random. */
function worst(name: string, n: number, bound: number): Float64Array[] {
  const most = Math.floor(bound);
  const periods = [2, 4, n / 2, n, 2 * n];
  const squares = periods.map((period) =>
    Float64Array.from({ length: n }, (_, i) => (i % period < period / 2 ? most : -most)),
  );
  return [...squares, extremes(name, n, bound)];
}

/** Exponents of the points of a transform's values: ψ^(2·bitreverse(σ(s)) + 1), σ swapping 1 and 2 (kernels/ntt.ts). */
function pointExponents(n: number): number[] {
  const bits = Math.log2(n);
  return Array.from({ length: n }, (_, s) => {
    const swapped = (s & ~3) | ((s & 1) << 1) | ((s >> 1) & 1);
    let reversed = 0;
    for (let b = 0; b < bits; b++) reversed = (reversed << 1) | ((swapped >> b) & 1);
    return 2 * reversed + 1;
  });
}

/** A prime's record and tables, as the engine makes them, with its kernels' calls in short. */
class Field {
  readonly prime: bigint;
  readonly n: number;
  readonly p: number;
  readonly pinv: number;
  readonly lazy: number;
  readonly magic: number;
  readonly terms: number;
  readonly wide: number;
  readonly #kernels: ModularKernels;
  readonly #heap: Loaded['heap'];
  readonly #psi: bigint;
  readonly #every: number;
  readonly #scales: readonly [bigint, bigint];
  readonly #roots: number;
  readonly #inverseRoots: number;

  constructor({ kernels, heap }: { kernels: ModularKernels; heap: Loaded['heap'] }, prime: bigint, n: number) {
    const record = heap.allocate(MODULUS_BYTES);
    const [roots, inverseRoots] = heap.allocateMany(2, 8 * n, 'tables');
    const modulus = makeModulus(heap, kernels, prime, n, record, roots!, inverseRoots!);
    const u32 = heap.u32.subarray(record / 4);
    this.prime = prime;
    this.n = n;
    this.p = modulus.p;
    this.pinv = modulus.pinv;
    this.magic = heap.f64[record / 8 + 2]!;
    [this.terms, this.wide, this.lazy, this.#every] = [u32[6]!, u32[7]!, u32[8]!, u32[9]!];
    this.#scales = [modulus.scale, modulus.scaleRoot];
    this.#kernels = kernels;
    this.#heap = heap;
    this.#psi = primitiveRootOfUnity(2n * BigInt(n), prime);
    this.#roots = roots!;
    this.#inverseRoots = inverseRoots!;
  }

  /** Runs `f` on copies of the inputs, with memory that is given back; its outputs, each of n values. */
  call(
    inputs: readonly ArrayLike<number>[],
    outputs: number,
    f: (at: number[], out: number[]) => void,
  ): Float64Array[] {
    const heap = this.#heap;
    const sizes = [...inputs.map((input) => 8 * input.length), ...new Array<number>(outputs).fill(8 * this.n)];
    const at = [...inputs.map((input) => place(heap, input)), ...heap.allocateMany(outputs, 8 * this.n, 'outputs')];
    f(at.slice(0, inputs.length), at.slice(inputs.length));
    const results = at.slice(inputs.length).map((address) => doubles(heap, address, this.n));
    at.forEach((address, i) => heap.release(address, sizes[i]!));
    return results;
  }

  forward(x: Float64Array, { raw = 0, inPlace = false } = {}): Float64Array {
    return this.call([], 2, (_none, [d, s]) => {
      this.#heap.f64.set(x, s! / 8);
      if (inPlace) this.#heap.f64.set(x, d! / 8);
      this.#kernels.forward(d!, inPlace ? d! : s!, this.n, this.#roots, this.p, this.pinv, this.lazy, raw);
    })[0]!;
  }
  forwardAdd(x: Float64Array, c: Float64Array, c2?: Float64Array): Float64Array {
    return this.call([x, c, c2 ?? c], 1, ([a, b, b2], [d]) => {
      const { n, p, pinv, lazy } = this;
      this.#kernels.forwardAdd(d!, a!, b!, c2 === undefined ? 0 : b2!, n, this.#roots, p, pinv, lazy);
    })[0]!;
  }
  forwardSub(x: Float64Array, c: Float64Array, factor: number): Float64Array {
    return this.call([x, c], 2, ([a, b], [d, work]) => {
      this.#kernels.forwardSub(d!, work!, a!, b!, this.n, this.#roots, this.p, this.pinv, this.lazy, factor);
    })[0]!;
  }
  inverse(x: Float64Array, constant: bigint = 1n): Float64Array {
    const [scale, root] = this.#scales.map((s) => centred(s * constant, this.prime));
    return this.call([x], 1, ([a], [d]) => {
      this.#kernels.inverse(d!, a!, this.n, this.#inverseRoots, this.p, this.pinv, this.#every, scale!, root!);
    })[0]!;
  }
  /** A kernel d = f(a, b, …, n, p, 1/p). */
  pointwise(name: 'add' | 'sub' | 'mul' | 'mulAdd', ...inputs: Float64Array[]): Float64Array {
    return this.call(inputs, 1, (at, [d]) => {
      (this.#kernels[name] as (...args: number[]) => void)(d!, ...at, this.n, this.p, this.pinv);
    })[0]!;
  }

  /** The polynomial's value behind index s, by Horner's rule. */
  valueAt(x: Float64Array, exponent: number): bigint {
    const point = powMod(this.#psi, BigInt(exponent), this.prime);
    let value = 0n;
    for (let i = x.length - 1; i >= 0; i--) value = (value * point + BigInt(x[i]!)) % this.prime;
    return value;
  }
  values(x: Float64Array): bigint[] {
    return pointExponents(this.n).map((e) => this.valueAt(x, e));
  }
  /** a·b modulo X^n + 1, by the definition. */
  product(a: Float64Array, b: Float64Array): bigint[] {
    const out = new Array<bigint>(this.n).fill(0n);
    for (let i = 0; i < this.n; i++) {
      for (let j = 0; j < this.n; j++) {
        const term = BigInt(a[i]!) * BigInt(b[j]!);
        const k = i + j;
        out[k % this.n] = out[k % this.n]! + (k < this.n ? term : -term);
      }
    }
    return out;
  }

  /**
   * The input for which the value at index 0 grows most: there each stage adds w·y to what it had, and y comes from an
   * index of its own, so it can be chosen such that every w·y is 0.49·p: near p/2, but not so near that it may become −p/2.
   */
  growing(bound: number): Float64Array {
    const x = new Float64Array(this.n);
    x[0] = Math.floor(bound);
    for (let m = 1; m < this.n; m *= 2) {
      const w = powMod(this.#psi, BigInt(this.n / (2 * m)), this.prime);
      x[this.n / (2 * m)] = centred(((49n * this.prime) / 100n) * inverseMod(w, this.prime), this.prime);
    }
    return x;
  }
  /** For the inverse: equal values whose sums, after so many stages and a reduction, are 0.49·p each. */
  growingBack(stages: number): Float64Array {
    const divided = ((49n * this.prime) / 100n) * inverseMod(2n ** BigInt(stages), this.prime);
    return new Float64Array(this.n).fill(centred(divided, this.prime));
  }

  /** Each value is an integer, within the bound, and congruent to what is expected. */
  expectResidues(got: Float64Array, want: readonly bigint[], bound: number): void {
    expectBound(got, bound);
    for (const [i, x] of got.entries()) {
      if (mod(BigInt(x) - want[i]!, this.prime) !== 0n) {
        expect.fail(`index ${i}: ${x} should be ${want[i]} modulo ${this.prime} (seed ${SEED})`);
      }
    }
  }
}

function expectBound(got: Float64Array, bound: number): void {
  for (const [i, x] of got.entries()) {
    if (!Number.isInteger(x)) expect.fail(`index ${i}: ${x} should be an integer (seed ${SEED})`);
    if (Math.abs(x) > bound) expect.fail(`index ${i}: |${x}| should be at most ${bound} (seed ${SEED})`);
  }
}

/** Of an unreduced transform's values (kernels/ntt.ts, `forward`). */
const RAW_BOUND = 11;

const big = (values: Iterable<number>): bigint[] => Array.from(values, BigInt);
const map2 = (a: Float64Array, b: Float64Array, f: (x: bigint, y: bigint) => bigint): bigint[] =>
  Array.from(a, (x, i) => f(BigInt(x), BigInt(b[i]!)));

describe.each(BUILDS)('%s kernels', (build) => {
  let loaded: { kernels: ModularKernels; heap: Loaded['heap'] };
  beforeAll(async () => {
    loaded = (await loadKernels(build)) as unknown as typeof loaded;
  });
  const field = (limit: string, n: number): Field => new Field(loaded, primeBelow(LIMITS[limit]!, n), n);

  test('c − a·b is exact', () => {
    expect(loaded.kernels.isExact(1 + 2 ** -30)).toBe(1);
  });

  describe.each(LIMIT_NAMES)('transforms modulo the largest prime below %s', (limit) => {
    // Even and odd numbers of stages, the smallest ring, and one with several passes.
    test.each([16, 32, 64, 128, 256])('n = %i: forward is evaluation, whatever the input in its range', (n) => {
      const f = field(limit, n);
      for (const bound of [2 * f.p, 0.75 * 2 ** 50]) {
        for (const [i, x] of (n < 128 ? worst(`forward ${n}`, n, bound) : [extremes('forward', n, bound)]).entries()) {
          const want = f.values(x);
          f.expectResidues(f.forward(x, { inPlace: i % 2 === 0 }), want, f.p / 2 + 1);
          if (f.lazy === 2 && bound === 2 * f.p) f.expectResidues(f.forward(x, { raw: 1 }), want, RAW_BOUND * f.p);
          else if (f.lazy < 2) f.expectResidues(f.forward(x, { raw: 1 }), want, f.p / 2 + 1);
        }
      }
    });

    test.each([16, 32, 64, 256])('n = %i: inverse takes back what forward does, times a constant', (n) => {
      const f = field(limit, n);
      for (const x of worst(`inverse ${n}`, n, f.p)) {
        const back = f.inverse(x);
        expectBound(back, RESIDUE_BOUND * f.p);
        if (n <= 64) f.expectResidues(x, f.values(back), f.p);
        f.expectResidues(f.forward(back), big(x), f.p / 2 + 1);
        f.expectResidues(
          f.inverse(x, 12345678901n),
          big(back.map((c) => c)).map((c) => c * 12345678901n),
          f.p,
        );
        expectBound(f.inverse(x, f.prime / 2n), RESIDUE_BOUND * f.p);
      }
    });

    test('a product in the transformed domain is the negacyclic convolution', () => {
      for (const n of [16, 32, 64]) {
        const f = field(limit, n);
        const [a, b] = [extremes('a', n, 0.75 * f.p), extremes('b', n, 0.75 * f.p)];
        const c = f.inverse(f.pointwise('mul', f.forward(a), f.forward(b)));
        f.expectResidues(c, f.product(a, b), RESIDUE_BOUND * f.p);
      }
    });

    test('forwardAdd adds one limb or two, forwardSub subtracts from one and scales', () => {
      for (const n of [16, 32, 64]) {
        const f = field(limit, n);
        const [c, c2] = [extremes('c', n, f.p), extremes('c2', n, f.p)];
        for (const x of worst(`forwardAdd ${n}`, n, 2 * f.p)) {
          const values = f.values(x);
          f.expectResidues(
            f.forwardAdd(x, c),
            values.map((v, i) => v + BigInt(c[i]!)),
            f.p / 2 + 1,
          );
          const both = values.map((v, i) => v + BigInt(c[i]!) + BigInt(c2[i]!));
          f.expectResidues(f.forwardAdd(x, c, c2), both, f.p / 2 + 1);
          for (const w of [1n, f.prime / 2n, -(f.prime / 2n), 987654321n]) {
            const want = values.map((v, i) => (BigInt(c[i]!) - v) * w);
            f.expectResidues(f.forwardSub(x, c, Number(w)), want, RESIDUE_BOUND * f.p);
          }
        }
      }
    });

    // A sum that doubles in every stage is largest here; 2^17 is the largest ring.
    test.each([8192, 131072])('n = %i: the bounds hold for the inputs that grow most, and nothing is lost', (n) => {
      const f = field(limit, n);
      const few = pointExponents(n).flatMap((e, s) => (s % (n / 4) === 5 || s === n - 1 ? [[s, e] as const] : []));
      const patterns = worst(`large ${n}`, n, 2 * f.p);
      for (const x of n === 8192 ? patterns : [patterns[0]!, patterns[4]!, patterns[5]!]) {
        const y = f.forward(x);
        expectBound(y, f.p / 2 + 1);
        for (const [s, e] of few) expect(mod(BigInt(y[s]!), f.prime)).toBe(mod(f.valueAt(x, e), f.prime));
        f.expectResidues(f.inverse(y), big(x), RESIDUE_BOUND * f.p);
      }
      for (const bound of [2 * f.p, 0.75 * 2 ** 50]) {
        const grown = f.growing(bound);
        f.expectResidues(f.inverse(f.forward(grown)), big(grown), RESIDUE_BOUND * f.p);
        if (f.lazy < 2 || bound > 2 * f.p) continue;
        const raw = f.forward(grown, { raw: 1 });
        expectBound(raw, RAW_BOUND * f.p);
        // The bound cannot be much lower: the first value and half a prime a stage.
        expect(raw[0]).toBeGreaterThan((2 + 0.48 * Math.log2(n)) * f.p);
      }
      const constants = [patterns[0]!, patterns[1]!, patterns[4]!].map((v) => v.map((c) => Math.trunc(c / 2)));
      const grown = n === 8192 ? [0, 2, 4, 6, 8, 10].map((stages) => f.growingBack(stages)) : [f.growingBack(2)];
      for (const x of [...constants, ...grown]) {
        const y = f.inverse(x);
        expectBound(y, RESIDUE_BOUND * f.p);
        f.expectResidues(f.forward(y), big(x), f.p / 2 + 1);
      }
    });
  });

  describe.each(LIMIT_NAMES)('residue by residue, modulo the largest prime below %s', (limit) => {
    const n = 256;
    let f: Field;
    let bound: number;
    let [a, b, c, d] = new Array<Float64Array>(4).fill(new Float64Array(0)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    beforeAll(() => {
      f = field(limit, n);
      bound = RESIDUE_BOUND * f.p;
      [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => extremes(name, n, bound)) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
      ];
    });

    test('add, sub, neg', () => {
      f.expectResidues(
        f.pointwise('add', a, b),
        map2(a, b, (x, y) => x + y),
        f.p / 2 + 1,
      );
      f.expectResidues(
        f.pointwise('sub', a, b),
        map2(a, b, (x, y) => x - y),
        f.p / 2 + 1,
      );
      const [negated] = f.call([a], 1, ([x], [out]) => loaded.kernels.neg(out!, x!, n));
      f.expectResidues(
        negated!,
        big(a).map((x) => -x),
        bound,
      );
    });

    test('mul, mulAdd', () => {
      f.expectResidues(
        f.pointwise('mul', a, b),
        map2(a, b, (x, y) => x * y),
        bound,
      );
      f.expectResidues(
        f.pointwise('mul', a, a),
        map2(a, a, (x, y) => x * y),
        bound,
      );
      const want = map2(a, b, (x, y) => x * y).map((x, i) => x + BigInt(c[i]!));
      f.expectResidues(f.pointwise('mulAdd', c, a, b), want, bound);
    });

    test('the destination may be an operand', () => {
      const { heap, kernels } = loaded;
      const x = place(heap, a);
      const y = place(heap, b);
      kernels.mul(x, x, y, n, f.p, f.pinv);
      expect(doubles(heap, x, n)).toEqual(f.pointwise('mul', a, b));
      kernels.sub(y, x, y, n, f.p, f.pinv);
      expect(doubles(heap, y, n)).toEqual(f.pointwise('sub', f.pointwise('mul', a, b), b));
      heap.releaseMany([x, y], 8 * n);
    });

    test('scale and subScale, by constants up to p/2', () => {
      const wide = extremes('wide', n, 2 * f.p);
      const [u, v] = [extremes('u', n, f.p), extremes('v', n, f.p)];
      for (const w of [0n, 1n, -1n, f.prime / 2n, -(f.prime / 2n), 123456789n]) {
        const { p, pinv } = f;
        const [scaled] = f.call([wide], 1, ([x], [out]) => loaded.kernels.scale(out!, x!, n, Number(w), p, pinv));
        f.expectResidues(
          scaled!,
          big(wide).map((x) => x * w),
          bound,
        );
        const [difference] = f.call([u, v], 1, ([x, y], [out]) => {
          loaded.kernels.subScale(out!, x!, y!, n, Number(w), p, pinv);
        });
        f.expectResidues(
          difference!,
          map2(u, v, (x, y) => (x - y) * w),
          bound,
        );
      }
    });

    test('reduceAll takes any integer that a double holds', () => {
      const x = extremes('reduce', n, Math.min(2 ** 53 - 1, 2 ** 51 * f.p - 1));
      const [reduced] = f.call([x], 1, ([at], [out]) => loaded.kernels.reduceAll(out!, at!, n, f.p, f.pinv));
      // p/2·(1 + 2^-50·|x/p|), at most (p + 8)/2 for |x| < 2^53: p/2 and a rounding's worth of integers.
      f.expectResidues(reduced!, big(x), f.p / 2 + 4);
    });

    test('tensor and square are the products of ciphertexts', () => {
      const [t0, t1, t2] = f.call([a, b, c, d], 3, ([a0, a1, b0, b1], [d0, d1, d2]) => {
        loaded.kernels.tensor(d0!, d1!, d2!, a0!, a1!, b0!, b1!, n, f.p, f.pinv);
      });
      f.expectResidues(
        t0!,
        map2(a, c, (x, y) => x * y),
        bound,
      );
      f.expectResidues(
        t2!,
        map2(b, d, (x, y) => x * y),
        bound,
      );
      const cross = map2(a, d, (x, y) => x * y).map((x, i) => x + BigInt(b[i]!) * BigInt(c[i]!));
      f.expectResidues(t1!, cross, bound);
      const [s0, s1, s2] = f.call([a, b], 3, ([a0, a1], [d0, d1, d2]) => {
        loaded.kernels.square(d0!, d1!, d2!, a0!, a1!, n, f.p, f.pinv);
      });
      f.expectResidues(
        s0!,
        map2(a, a, (x, y) => x * y),
        bound,
      );
      f.expectResidues(
        s1!,
        map2(a, b, (x, y) => 2n * x * y),
        bound,
      );
      f.expectResidues(
        s2!,
        map2(b, b, (x, y) => x * y),
        bound,
      );
    });

    test('dot: 1 to 40 products, beyond what the accumulator takes at a time', () => {
      const { heap, kernels } = loaded;
      const size = 32;
      // Factors of a key switch: a digit's values, which a small prime's transform leaves unreduced, and a key's.
      const factor = f.lazy === 2 ? RAW_BOUND * f.p : bound;
      const ys = Array.from({ length: 40 }, (_, i) => extremes(`y${i}`, size, factor));
      const gs = Array.from({ length: 40 }, (_, i) => extremes(`g${i}`, size, bound));
      // Sums of one sign are the largest.
      const hs = ys.map((y) => y.map((v) => Math.sign(v) * Math.floor(bound)));
      const at = [ys, gs, hs].map((list) => list.map((v) => place(heap, v)));
      for (let count = 1; count <= 40; count++) {
        const rows = Array.from({ length: count }, (_, i) => at.map((list) => list[i]!)).flat();
        const table = heap.allocate(12 * count);
        const [d0, d1] = heap.allocateMany(2, 8 * size, 'sums');
        heap.u32.set(rows, table / 4);
        kernels.dot(d0!, d1!, table, count, size, f.p, f.pinv, f.magic, f.terms, f.wide);
        const sum = (other: readonly Float64Array[]): bigint[] =>
          Array.from({ length: size }, (_, j) => {
            let total = 0n;
            for (let i = 0; i < count; i++) total += BigInt(ys[i]![j]!) * BigInt(other[i]![j]!);
            return total;
          });
        f.expectResidues(doubles(heap, d0!, size), sum(gs), bound);
        f.expectResidues(doubles(heap, d1!, size), sum(hs), bound);
        heap.release(table, 12 * count);
        heap.releaseMany([d0!, d1!], 8 * size);
      }
      for (const list of at) heap.releaseMany(list, 8 * size);
      if (LIMITS[limit]! >= 2 ** 49) expect(f.terms).toBeLessThan(40); // or the limit has not been crossed
    });

    test('dotConst: 1 to 40 weights, beyond what the accumulator takes at a time', () => {
      const { heap, kernels } = loaded;
      const size = 32;
      const ys = Array.from({ length: 40 }, (_, i) => extremes(`y${i}`, size, bound));
      const ws = extremes('weights', 40, (f.p - 1) / 2);
      const at = ys.map((v) => place(heap, v));
      const weights = place(heap, ws);
      const table = heap.allocate(4 * 40);
      heap.u32.set(at, table / 4);
      const out = heap.allocate(8 * size);
      for (let count = 1; count <= 40; count++) {
        kernels.dotConst(out, table, weights, count, size, f.p, f.pinv, f.magic, f.terms, f.wide);
        const want = Array.from({ length: size }, (_, j) => {
          let total = 0n;
          for (let i = 0; i < count; i++) total += BigInt(ys[i]![j]!) * BigInt(ws[i]!);
          return total;
        });
        f.expectResidues(doubles(heap, out, size), want, bound);
      }
      for (const [address, bytes] of [
        [weights, 320],
        [table, 160],
        [out, 8 * size],
      ] as const)
        heap.release(address, bytes);
      heap.releaseMany(at, 8 * size);
    });

    test('convert: up to 17 sources of up to 50 bits', () => {
      const { heap, kernels } = loaded;
      const size = 32;
      // 47 bits: what special primes have; 50 bits: the most there is.
      for (const source of [2 ** 47, 2 ** 50]) {
        const stride = 8 * size + 320;
        const y = heap.allocate(17 * stride);
        const ys = Array.from({ length: 17 }, (_, i) => {
          const values = extremes(`y${i}`, size, source);
          values.fill(source, 0, 4); // sums of one sign are the largest
          heap.f64.set(values, (y + i * stride) / 8);
          return values;
        });
        const { magic, terms } = magicAccumulator(source * (f.p / 2), f.p);
        const target = place(heap, [f.p, f.pinv, magic, 0]);
        heap.u32[target / 4 + 6] = terms;
        const d = heap.allocate(8 * size);
        for (let count = 1; count <= 17; count++) {
          for (const sign of [1, 0]) {
            const ws = extremes(`weights ${count}`, count, (f.p - 1) / 2).map((w) => (sign === 1 ? Math.abs(w) : w));
            const weights = place(heap, ws);
            heap.u32[target / 4 + 7] = count * source > 2 ** 52 ? 1 : 0; // wide, as ring.ts has it
            kernels.convert(d, y, stride, weights, count, target, size);
            const want = Array.from({ length: size }, (_, j) => {
              let total = 0n;
              for (let i = 0; i < count; i++) total += BigInt(ys[i]![j]!) * BigInt(ws[i]!);
              return total;
            });
            f.expectResidues(doubles(heap, d, size), want, 2 * f.p);
            heap.release(weights, 8 * count);
          }
        }
        heap.release(y, 17 * stride);
        heap.release(target, 32);
        heap.release(d, 8 * size);
      }
    });
  });

  test('an accumulator that is given more terms than it takes is inexact: the limit is not for nothing', () => {
    const { heap, kernels } = loaded;
    const f = field('2^50', 16);
    const size = 16;
    const y = extremes('overfull', size, RESIDUE_BOUND * f.p).map((x) => Math.abs(x) - 12345);
    const at = place(heap, y);
    const out = heap.allocateMany(2, 8 * size, 'sums');
    const count = 64;
    const table = heap.allocate(12 * count);
    heap.u32.fill(at, table / 4, table / 4 + 3 * count);
    const want = big(y).map((x) => mod(BigInt(count) * x * x, f.prime));
    const got = (terms: number): bigint[] => {
      kernels.dot(out[0]!, out[1]!, table, count, size, f.p, f.pinv, f.magic, terms, f.wide);
      return big(doubles(heap, out[0]!, size)).map((x) => mod(x, f.prime));
    };
    expect(got(f.terms)).toEqual(want);
    expect(got(count)).not.toEqual(want);
  });

  test.each([16, 64, 256])('n = %i: the permutation of X → X^g is the automorphism of polynomials', (n) => {
    const f = field('2^50', n);
    const { heap, kernels } = loaded;
    const table = heap.allocate(4 * n);
    const x = extremes('automorphism', n, f.p / 2);
    const values = f.forward(x);
    for (let g = 1; g < 2 * n; g += n === 16 ? 2 : 14) {
      const turned = new Float64Array(n);
      for (let i = 0; i < n; i++) turned[(i * g) % n] = (i * g) % (2 * n) < n ? x[i]! : -x[i]!;
      kernels.galoisTable(table, n, g);
      const [permuted] = f.call([values], 1, ([a], [d]) => kernels.permute(d!, a!, table, n));
      f.expectResidues(permuted!, big(f.forward(turned)), f.p / 2 + 1);
    }
    heap.release(table, 4 * n);
  });

  test('the permutation at the largest ring degree is one', () => {
    const n = 131072;
    const { heap, kernels } = loaded;
    const table = heap.allocate(4 * n);
    for (const g of [5, 2 * n - 1, n + 1]) {
      kernels.galoisTable(table, n, g);
      const seen = new Uint8Array(n);
      for (const offset of heap.u32.subarray(table / 4, table / 4 + n)) seen[offset / 8]! += 1;
      expect(seen.every((count) => count === 1)).toBe(true);
    }
    heap.release(table, 4 * n);
  });

  test('anyNonZero finds a single value wherever it is; −0 is zero', () => {
    const { heap, kernels } = loaded;
    for (const n of [2, 16, 64]) {
      const at = place(heap, new Float64Array(n).fill(-0));
      expect(kernels.anyNonZero(at, n)).toBe(0);
      for (let i = 0; i < n; i++) {
        for (const value of [1, -1, 2 ** 52, 5e-324]) {
          heap.f64[at / 8 + i] = value;
          expect(kernels.anyNonZero(at, n)).toBe(1);
        }
        heap.f64[at / 8 + i] = 0;
      }
      heap.f64[at / 8 + n] = 1; // beyond the end
      expect(kernels.anyNonZero(at, n)).toBe(0);
      heap.release(at, 8 * n);
    }
  });

  describe('ring laws in the transformed domain (fast-check prints its seed on failure)', () => {
    const n = 32;
    const index = fc.integer({ min: 0, max: LIMIT_NAMES.length - 1 });
    const fields = new Map<number, Field>();
    const fieldOf = (i: number): Field => {
      if (!fields.has(i)) fields.set(i, field(LIMIT_NAMES[i]!, n));
      return fields.get(i)!;
    };
    /** Fractions of the bound: −1 and 1 are its ends. */
    const polynomial = fc.array(fc.oneof(fc.constantFrom(-1, 1, 0), fc.double({ min: -1, max: 1, noNaN: true })), {
      minLength: n,
      maxLength: n,
    });
    const within = (f: Field, fractions: readonly number[]): Float64Array =>
      Float64Array.from(fractions, (x) => Math.trunc(x * RESIDUE_BOUND * f.p));
    const law = (check: (f: Field, a: Float64Array, b: Float64Array, c: Float64Array) => void): void => {
      fc.assert(
        fc.property(index, polynomial, polynomial, polynomial, (i, a, b, c) => {
          const f = fieldOf(i);
          check(f, within(f, a), within(f, b), within(f, c));
        }),
        { seed: 20, numRuns: 150 },
      );
    };

    test('forward is a homomorphism of rings', () => {
      law((f, a, b) => {
        const [fa, fb] = [f.forward(a), f.forward(b)];
        f.expectResidues(f.forward(f.pointwise('add', a, b)), big(f.pointwise('add', fa, fb)), f.p / 2 + 1);
        f.expectResidues(f.inverse(f.pointwise('mul', fa, fb)), f.product(a, b), RESIDUE_BOUND * f.p);
      });
    });
    test('products commute, associate and distribute', () => {
      law((f, a, b, c) => {
        const same = (x: Float64Array, y: Float64Array): void => f.expectResidues(x, big(y), RESIDUE_BOUND * f.p);
        const mul = (x: Float64Array, y: Float64Array): Float64Array => f.pointwise('mul', x, y);
        same(mul(a, b), mul(b, a));
        same(mul(mul(a, b), c), mul(a, mul(b, c)));
        same(mul(a, f.pointwise('add', b, c)), f.pointwise('add', mul(a, b), mul(a, c)));
        same(mul(a, f.pointwise('sub', b, c)), f.pointwise('sub', mul(a, b), mul(a, c)));
        same(f.pointwise('mulAdd', c, a, b), f.pointwise('add', c, mul(a, b)));
      });
    });
    test('inverse undoes forward', () => {
      law((f, a) => f.expectResidues(f.inverse(f.forward(a)), big(a), RESIDUE_BOUND * f.p));
    });
  });

  test('tasks that JavaScript does not call: addConst, and horner from digits to numbers', async () => {
    const machine = await machineOf(build, 64);
    const { tasks, heap, ring } = machine;
    const [a, d] = machine.limbs(2, 'a test') as [number, number];
    const { prime, p } = ring.moduli[0]!;
    const x = extremes('addConst', 64, RESIDUE_BOUND * p);
    machine.view(a).set(x);
    for (const c of [0, 1, (p - 1) / 2, -(p - 1) / 2]) {
      tasks.add(OP.addConst, 0, [d, a], c);
      tasks.run();
      for (const [i, y] of machine.view(d).entries()) {
        expect(Math.abs(y)).toBeLessThanOrEqual(p / 2 + 1);
        expect(mod(BigInt(y) - BigInt(x[i]!) - BigInt(c), prime)).toBe(0n);
      }
    }
    // A digit is at most p/2; a sum below 2^53 is exact, a larger one within an ulp or two.
    machine.view(a).set(extremes('digit', 64, p / 2));
    for (const top of [extremes('top', 64, 4), extremes('top', 64, p / 2)]) {
      machine.view(d).set(top);
      tasks.add(OP.horner, 0, [d, a]);
      tasks.run();
      for (const [i, y] of heap.f64.slice(d / 8, d / 8 + 64).entries()) {
        const exact = BigInt(top[i]!) * prime + BigInt(machine.view(a)[i]!);
        expect(Math.abs(Number(BigInt(y) - exact))).toBeLessThanOrEqual(2 ** -52 * Math.abs(Number(exact)));
      }
    }
    machine.threads.close();
  });
});

async function machineOf(build: KernelBuild, ringDegree: number): Promise<Machine> {
  return Machine.create(parameters({ ringDegree, chain: [50, 45], insecure: true }), {
    threads: 1,
    kernels: build,
    memory: 2 ** 28,
    keyMemory: 0,
  });
}

describe('both builds compute the same residues', () => {
  test.each(LIMIT_NAMES)('modulo the largest prime below %s', async (limit) => {
    const n = 256;
    const all = await Promise.all(
      BUILDS.map(async (build) => {
        const loaded = (await loadKernels(build)) as unknown as { kernels: ModularKernels; heap: Loaded['heap'] };
        const f = new Field(loaded, primeBelow(LIMITS[limit]!, n), n);
        const [a, b] = [extremes('a', n, RESIDUE_BOUND * f.p), extremes('b', n, RESIDUE_BOUND * f.p)];
        return [f.forward(a), f.inverse(b), f.pointwise('mul', a, b)].map((v) => big(v).map((x) => mod(x, f.prime)));
      }),
    );
    expect(all[0]).toEqual(all[1]);
  });
});

describe('the magic accumulator', () => {
  /** A double as the fraction that it is, in units of 2^-1074. */
  const units = (x: number): bigint => {
    const exponent = x === 0 ? -1074 : Math.max(-1074, Math.floor(Math.log2(Math.abs(x))) - 53);
    return BigInt(x / 2 ** exponent) << BigInt(exponent + 1074);
  };

  test('its terms meet the conditions of exactness, in exact arithmetic', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20, max: 50, maxExcluded: true, noNaN: true }),
        fc.double({ min: 20, max: 53, noNaN: true }),
        fc.double({ min: 20, max: 49, noNaN: true }),
        (bits, left, right) => {
          const p = Math.floor(2 ** bits);
          const term = 2 ** left * 2 ** right; // of two factors: a bound need not be an integer
          if (term / p > 2 ** 53) return; // further beyond than any caller is
          const { magic, terms, wide } = magicAccumulator(term, p);
          const e = Math.floor(Math.log2(magic));
          expect(magic).toBe(1.5 * 2 ** e);
          expect(terms).toBeGreaterThanOrEqual(1);
          const sum = BigInt(terms) * units(term);
          // t stays in [2^e, 2^(e+1)): Σ < 2^(e−1).
          expect(sum < units(2 ** (e - 1))).toBe(true);
          // lo is exact: terms·3/4·2^(e−52) + 2p ≤ 2^53, times four.
          const exact = (count: bigint, exponent: number): boolean =>
            3n * count * units(2 ** (exponent - 52)) + 8n * units(p) <= 4n * units(2 ** 53);
          expect(terms === 1 || exact(BigInt(terms), e)).toBe(true);
          // Not wide: 3·2^-53·Σ/p ≤ 1/4, so that a sum's reduction leaves at most 3/4·p; one part in 2^50 for rounding.
          if (!wide) expect(Number((12n * sum) / units(p)) <= 2 ** 53 * (1 + 2 ** -50)).toBe(true);
        },
      ),
      { seed: 21, numRuns: 2000 },
    );
  });

  test('one term of what the engine multiplies is exact: the largest primes, and unreduced values', () => {
    for (const [factor, p] of [
      [0.75, 2 ** 50],
      [11, 2 ** 44],
      [0.75, 1.25 * 2 ** 47],
    ] as const) {
      const { magic } = magicAccumulator(factor * p * 0.75 * p, p);
      const e = Math.log2(magic / 1.5);
      expect(0.75 * 2 ** (e - 52) + 2 * p).toBeLessThanOrEqual(2 ** 53);
    }
    // Six products of 50-bit residues, as measured by hand.
    expect(magicAccumulator((0.75 * 2 ** 50) ** 2, 2 ** 50).terms).toBeGreaterThanOrEqual(4);
  });

  test('centred and inverseMod agree on what a constant is', () => {
    const prime = primeBelow(2 ** 50, 16);
    expect(mod(BigInt(centred(inverseMod(3n, prime), prime)) * 3n, prime)).toBe(1n);
    expect(centred(prime / 2n, prime)).toBe((Number(prime) - 1) / 2);
    expect(centred(prime / 2n + 1n, prime)).toBe(-(Number(prime) - 1) / 2);
    expect(centred(-1n, prime)).toBe(-1);
  });
});
