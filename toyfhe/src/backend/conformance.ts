/**
 * The conformance suite: what every backend must do, verb by verb, against the cleartext twin. It needs no test
 * framework: `conformanceCases` yields named checks that throw, for whatever runner is at hand.
 * @module
 */
import type { Backend, Ciphertext, EvaluationKeys, Keys, Plaintext, SecretKeys } from './contract.ts';
import { FheError, type FheErrorCode } from './errors.ts';
import type { ParameterSpec } from './parameters.ts';
import { seededRandom } from './random.ts';
import { Scale } from './scale.ts';
import { maxAbs, maxDifference, negSlots, type Slots, type Values } from './slots.ts';
import { twin } from './twin.ts';

export interface Candidate {
  readonly create: (spec: ParameterSpec) => Backend | Promise<Backend>;
  /** At least three levels, one special prime, no key or noise assumptions beyond `tolerance`. */
  readonly spec: ParameterSpec;
  /** The largest error that noise explains for values up to 1 at the default scale, after one product. */
  readonly tolerance: number;
  /** Names the random inputs; printed with every failure. */
  readonly seed: string;
}

export interface ConformanceCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** What a check works with: the candidate and the twin side by side, with keys for everything. */
class Bench {
  readonly backend: Backend;
  readonly twin: Backend;
  readonly keys: Keys;
  readonly twinKeys: Keys;
  readonly #candidate: Candidate;
  readonly #uniform: () => number;

  constructor(backend: Backend, candidate: Candidate, name: string) {
    this.backend = backend;
    this.twin = twin(backend.parameters);
    this.#candidate = candidate;
    const options = { rotations: [1, 3, -1], conjugate: true };
    this.keys = backend.keygen(options);
    this.twinKeys = this.twin.keygen(options);
    const random = seededRandom(`${candidate.seed}/${name}`);
    // 32 random bits as a number in [−1, 1).
    this.#uniform = () => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 31 - 1;
  }

  get tolerance(): number {
    return this.#candidate.tolerance;
  }
  /** Random values in [−1, 1), in every slot. */
  real(n: number = this.backend.parameters.slots): Float64Array {
    return Float64Array.from({ length: n }, this.#uniform);
  }
  complex(): Slots {
    return { re: this.real(), im: this.real() };
  }
  encrypt(values: Values, options?: Parameters<Backend['encode']>[1]): Ciphertext {
    return this.keys.publicKey.encrypt(this.backend.encode(values, options));
  }
  read(c: Ciphertext): Slots {
    return this.backend.decodeComplex(this.keys.secretKeys.decrypt(c));
  }

  /** Runs the same program on the candidate and on the twin; values and metadata must agree. */
  same(
    inputs: readonly Values[],
    program: (
      ev: EvaluationKeys,
      c: Ciphertext[],
      encode: Backend['encode'],
      secret: SecretKeys,
    ) => Ciphertext | Ciphertext[],
    tolerance: number = this.#candidate.tolerance,
  ): void {
    const run = (backend: Backend, keys: Keys): { c: Ciphertext; values: Slots }[] => {
      const c = inputs.map((v) => keys.publicKey.encrypt(backend.encode(v)));
      const encode: Backend['encode'] = (values, options) => backend.encode(values, options);
      return [program(keys.evaluationKeys, c, encode, keys.secretKeys)]
        .flat()
        .map((result) => ({ c: result, values: backend.decodeComplex(keys.secretKeys.decrypt(result)) }));
    };
    const want = run(this.twin, this.twinKeys);
    const got = run(this.backend, this.keys);
    equal('number of results', got.length, want.length);
    got.forEach((g, i) => {
      const w = want[i]!;
      equal('level', g.c.level, w.c.level);
      equal('scale', String(g.c.scale), String(w.c.scale));
      equal('length', g.c.length, w.c.length);
      this.close(g.values, w.values, tolerance);
    });
  }

  close(got: Slots, want: Slots, tolerance: number = this.#candidate.tolerance): void {
    const error = maxDifference(got, want);
    if (error <= tolerance) return;
    throw new Error(
      `largest error ${error.toExponential(2)} should be at most ${tolerance} (seed ${this.#candidate.seed})`,
    );
  }

  /** The call must be refused with `code`, by a sentence in the common form. */
  refused(code: FheErrorCode, f: () => unknown): void {
    let thrown: unknown;
    try {
      f();
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof FheError))
      throw new Error(`should be refused with ${code} but ${thrown ?? 'was accepted'}`);
    equal('code', thrown.code, code);
    if (!/^cannot .+: .+ should be .+ but is .+; .+$/s.test(thrown.message)) {
      throw new Error(`message is not in the common form: ${thrown.message}`);
    }
  }
}

function equal<T>(what: string, got: T, want: T): void {
  if (got !== want) throw new Error(`${what} should be ${want} but is ${got}`);
}

type Check = (bench: Bench) => void;

/**
 * All checks for one candidate, in order. They share one backend, made by the first; each has keys of its own and ends
 * by asserting that every object was given back. The last one closes the backend.
 */
export function conformanceCases(candidate: Candidate): ConformanceCase[] {
  let backend: Promise<Backend> | undefined;
  const shared = (): Promise<Backend> => {
    backend ??= Promise.resolve(candidate.create(candidate.spec));
    return backend;
  };
  const cases = Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => {
      const b = await shared();
      b.scope(() => check(new Bench(b, candidate, name)));
      equal('live objects after the check', b.live, 0);
    },
  }));
  const closed = async (): Promise<void> => {
    const b = await shared();
    const bench = new Bench(b, candidate, 'closed');
    const p = b.encode(1);
    const x = bench.keys.publicKey.encrypt(p);
    b.dispose();
    b.dispose();
    equal('disposed', b.disposed, true);
    const { secretKeys, publicKey, evaluationKeys } = bench.keys;
    bench.refused('DISPOSED', () => b.encode(1));
    bench.refused('DISPOSED', () => b.decode(p));
    bench.refused('DISPOSED', () => b.keygen());
    bench.refused('DISPOSED', () => publicKey.encrypt(p));
    bench.refused('DISPOSED', () => evaluationKeys.neg(x));
    bench.refused('DISPOSED', () => evaluationKeys.rotateSum([x], [0]));
    bench.refused('DISPOSED', () => evaluationKeys.dotPlain([x], [p]));
    bench.refused('DISPOSED', () => secretKeys.decrypt(x));
    bench.refused('DISPOSED', () => secretKeys.encrypt(p));
    bench.refused('DISPOSED', () => secretKeys.evaluationKeys());
    for (const object of [x, p, secretKeys, publicKey, evaluationKeys]) object.dispose();
    equal('live objects', b.live, 0);
  };
  return [...cases, { name: 'a disposed backend refuses', run: closed }];
}

const checks: Record<string, Check> = {
  ...valueChecks(),
  ...inputChecks(),
  ...metadataChecks(),
  ...keyChecks(),
  ...memoryChecks(),
};

/** Each verb, against the twin. */
function valueChecks(): Record<string, Check> {
  return {
    'encode, decode: real values': (b) => {
      const v = b.real();
      b.close(
        { re: b.backend.decode(b.backend.encode(v)), im: new Float64Array(v.length) },
        { re: v, im: new Float64Array(v.length) },
      );
    },
    'encode, decode: complex values, at every level': (b) => {
      const v = b.complex();
      for (let level = 0; level <= b.backend.parameters.maxLevel; level++) {
        b.close(b.backend.decodeComplex(b.backend.encode(v, { level })), v);
      }
    },
    'encrypt, decrypt': (b) => b.same([b.complex()], (_ev, [c]) => c!),
    'encrypt, decrypt at level 0': (b) => {
      const v = b.complex();
      const c = b.encrypt(v, { level: 0 });
      equal('level', c.level, 0);
      b.close(b.read(c), v);
    },
    'encrypt with the secret key': (b) => {
      const v = b.complex();
      b.same([], (_ev, _c, encode, secret) => [secret.encrypt(encode(v)), secret.encrypt(encode(v, { level: 0 }))]);
      const c = b.keys.secretKeys.encrypt(b.backend.encode(v));
      equal('history', c.trace.map((l) => l.op).join(' '), 'encrypt');
    },
    'encrypt with the secret key, and compute with what the public key encrypted': (b) => {
      const v = b.complex();
      b.same([b.complex()], (ev, [x], encode, secret) => {
        const y = secret.encrypt(encode(v));
        return [ev.add(x!, y), ev.rescale(ev.relinearize(ev.mul(y, x!))), ev.rotate(y, 3), ev.conjugate(y)];
      });
    },
    add: (b) => b.same([b.complex(), b.complex()], (ev, [x, y]) => ev.add(x!, y!)),
    'add: a ciphertext to itself': (b) => b.same([b.complex()], (ev, [x]) => ev.add(x!, x!)),
    sub: (b) => b.same([b.complex(), b.complex()], (ev, [x, y]) => ev.sub(x!, y!)),
    neg: (b) => b.same([b.complex()], (ev, [x]) => ev.neg(x!)),
    addPlain: (b) => {
      const p = b.complex();
      b.same([b.complex()], (ev, [x], encode) => ev.addPlain(x!, encode(p)));
    },
    mulPlain: (b) => {
      const p = b.complex();
      b.same([b.complex()], (ev, [x], encode) => ev.mulPlain(x!, encode(p)));
    },
    'mulPlain by a constant, at the scale of a prime: rescale restores the scale exactly': (b) =>
      b.same([b.complex()], (ev, [x], encode) => {
        const scale = b.backend.parameters.primeScale(x!.level);
        const y = ev.rescale(ev.mulPlain(x!, encode(0.5, { scale })));
        equal('scale restored', y.scale.equals(x!.scale), true);
        return y;
      }),
    'mul: length 3 decrypts': (b) => b.same([b.complex(), b.complex()], (ev, [x, y]) => ev.mul(x!, y!)),
    square: (b) => b.same([b.complex()], (ev, [x]) => ev.square(x!)),
    'add: lengths 3 and 2': (b) => {
      const p = b.real();
      b.same([b.complex(), b.complex()], (ev, [x, y], encode) => {
        const scale = x!.scale;
        return ev.add(ev.square(x!), ev.mulPlain(y!, encode(p, { scale })));
      });
    },
    'mul, relinearize, rescale': (b) =>
      b.same([b.complex(), b.complex()], (ev, [x, y]) => ev.rescale(ev.relinearize(ev.mul(x!, y!)))),
    'rescale before relinearize': (b) => b.same([b.complex()], (ev, [x]) => ev.relinearize(ev.rescale(ev.square(x!)))),
    'down to level 0 by squares': (b) =>
      b.same(
        [b.real()],
        (ev, [x]) => {
          let y = x!;
          while (y.level > 0) y = ev.rescale(ev.relinearize(ev.square(y)));
          return y;
        },
        // Each square of a value up to 1 doubles the error.
        2 ** b.backend.parameters.maxLevel * b.tolerance,
      ),
    'dropLevel keeps values and scale': (b) =>
      b.same([b.complex()], (ev, [x]) => [ev.dropLevel(x!, 1), ev.dropLevel(x!, 0)]),
    'dropLevel to the same level is a copy': (b) => b.same([b.complex()], (ev, [x]) => ev.dropLevel(x!, x!.level)),
    'after dropLevel: mul, relinearize, rotate': (b) =>
      b.same([b.complex()], (ev, [x]) => ev.rotate(ev.rescale(ev.relinearize(ev.square(ev.dropLevel(x!, 2)))), 1)),
    'rotate by 1 moves slot i to i + 1': (b) => {
      const { slots } = b.backend.parameters;
      const ramp = Float64Array.from({ length: slots }, (_, i) => i / slots);
      const rotated = b.read(b.keys.evaluationKeys.rotate(b.encrypt(ramp), 1)).re;
      const want = Float64Array.from({ length: slots }, (_, i) => ((i - 1 + slots) % slots) / slots);
      b.close({ re: rotated, im: new Float64Array(slots) }, { re: want, im: new Float64Array(slots) });
    },
    'rotate by 3, −1, 0': (b) => {
      for (const k of [3, -1, 0]) b.same([b.complex()], (ev, [x]) => ev.rotate(x!, k));
    },
    'rotate forth and back': (b) => b.same([b.complex()], (ev, [x]) => ev.rotate(ev.rotate(x!, 1), -1)),
    'rotateMany is rotate, several times': (b) => b.same([b.complex()], (ev, [x]) => ev.rotateMany(x!, [3, 0, 1, -1])),
    'rotateMany of nothing is nothing': (b) => {
      equal('length', b.keys.evaluationKeys.rotateMany(b.encrypt(1), []).length, 0);
    },
    conjugate: (b) => b.same([b.complex()], (ev, [x]) => ev.conjugate(x!)),
    'rotateSum: one ciphertext and several, the same one again, step 0 and steps backwards': (b) =>
      b.same(
        [b.complex(), b.complex()],
        (ev, [x, y]) => [
          ev.rotateSum([x!], [3]),
          ev.rotateSum([x!], [0]),
          ev.rotateSum([x!, y!], [1, 0]),
          ev.rotateSum([x!, y!, x!, x!, y!], [1, 3, -1, 0, 1]),
        ],
        5 * b.tolerance,
      ),
    'rotateSum below the highest level, at the scale of a product': (b) =>
      b.same([b.complex(), b.complex()], (ev, [x, y]) => {
        const [low, other] = [ev.dropLevel(x!, 2), ev.dropLevel(y!, 2)];
        return ev.rescale(ev.rotateSum([ev.relinearize(ev.square(low)), ev.relinearize(ev.square(other))], [1, 3]));
      }),
    'dotPlain: one product and several, the same ciphertext again': (b) => {
      const [p, q, r] = [b.complex(), b.real(), b.complex()];
      b.same(
        [b.complex(), b.complex()],
        (ev, [x, y], encode) => [
          ev.dotPlain([x!], [encode(p)]),
          ev.dotPlain([x!, y!, x!], [encode(p), encode(q), encode(r)]),
        ],
        3 * b.tolerance,
      );
    },
    'dotPlain skips plaintexts of zeros': (b) => {
      const p = b.complex();
      b.same([b.complex(), b.complex()], (ev, [x, y], encode) => [
        ev.dotPlain([x!, y!], [encode(p), encode(0)]),
        ev.dotPlain([x!, y!, y!], [encode(1e-30), encode(p), encode(0)]),
      ]);
    },
    'dotPlain below the highest level, at the scale of a prime: rescale restores the scale exactly': (b) => {
      const [p, q] = [b.complex(), b.complex()];
      b.same([b.complex(), b.complex()], (ev, [x, y], encode) => {
        const options = { level: 1, scale: b.backend.parameters.primeScale(1) };
        const sum = ev.dotPlain([ev.dropLevel(x!, 1), ev.dropLevel(y!, 1)], [encode(p, options), encode(q, options)]);
        const z = ev.rescale(sum);
        equal('scale restored', z.scale.equals(x!.scale), true);
        return z;
      });
    },
    'dotPlain of length 3': (b) => {
      const [p, q] = [b.real(), b.real()];
      b.same([b.complex(), b.complex()], (ev, [x, y], encode) => {
        const options = { scale: b.backend.parameters.primeScale(x!.level) };
        return ev.dotPlain([ev.square(x!), ev.mul(x!, y!)], [encode(p, options), encode(q, options)]);
      });
    },
  };
}

/** Inputs at the edge, and beyond. */
function inputChecks(): Record<string, Check> {
  return {
    'one slot: the others are zero': (b) => b.same([[0.75]], (ev, [x]) => ev.rotate(x!, 1)),
    'a constant fills all slots': (b) => b.same([0.75, { re: 0, im: -0.5 }], (ev, [x, y]) => ev.mul(x!, y!)),
    'repeat: n values fill all slots, at any n that divides them': (b) => {
      const { slots } = b.backend.parameters;
      for (let n = 1; n <= slots; n *= 2) {
        const { re, im } = { re: b.real(n), im: b.real(n) };
        const want = {
          re: Float64Array.from({ length: slots }, (_, i) => re[i % n]!),
          im: Float64Array.from({ length: slots }, (_, i) => im[i % n]!),
        };
        b.close(b.backend.decodeComplex(b.backend.encode({ re, im }, { repeat: true })), want);
        const list = Array.from(re, (x, i) => ({ re: x, im: im[i]! }));
        b.close(b.backend.decodeComplex(b.backend.encode(list, { repeat: true, level: 0 })), want);
      }
    },
    'repeat: rotating one period changes nothing': (b) => {
      const v = b.real(1);
      b.same([], (ev, _c, encode, secret) => {
        const x = secret.encrypt(encode(v, { repeat: true }));
        return [x, ev.rotate(x, 1)];
      });
    },
    'repeat: a number of values that does not divide the slots, none, too many': (b) => {
      const { slots } = b.backend.parameters;
      for (const n of [3, slots - 1, 0, 2 * slots]) {
        b.refused('SLOTS', () => b.backend.encode(b.real(n), { repeat: true }));
        b.refused('SLOTS', () => b.backend.encode({ re: b.real(n), im: b.real(n) }, { repeat: true }));
      }
    },
    zeros: (b) => b.same([0], (ev, [x]) => ev.relinearize(ev.square(x!))),
    'encode: too many slots': (b) => b.refused('SLOTS', () => b.backend.encode(b.real(b.backend.parameters.slots + 1))),
    'encode: empty vector': (b) => b.refused('SLOTS', () => b.backend.encode([])),
    'encode: what is not a number': (b) => {
      const wrong: readonly unknown[] = ['1', ['1', '2'], [1, undefined], [1n], [[1]], null, undefined, {}, { re: 1 }];
      for (const values of wrong) b.refused('RANGE', () => b.backend.encode(values as Values));
      b.refused('RANGE', () => b.backend.encode(1, { scale: (2 ** 40) as unknown as Scale }));
    },
    'encode: NaN and Infinity': (b) => {
      b.refused('RANGE', () => b.backend.encode([1, Number.NaN]));
      b.refused('RANGE', () => b.backend.encode([1, Number.POSITIVE_INFINITY]));
      b.refused('RANGE', () => b.backend.encode({ re: 0, im: Number.NEGATIVE_INFINITY }));
    },
    'encode: values near the overflow limit, and over it': (b) => {
      for (const level of [0, b.backend.parameters.maxLevel]) {
        const { scale } = b.backend.parameters;
        // The limit is Q/2 for value × scale: a constant is one coefficient, so this is sharp.
        const limit = 2 ** (b.backend.parameters.logQ(level) - 1 - scale.log2);
        const near: Slots = {
          re: new Float64Array(b.backend.parameters.slots).fill(0.999 * limit),
          im: new Float64Array(b.backend.parameters.slots),
        };
        const got = b.read(b.encrypt(near, { level }));
        // Doubles carry 53 bits, and noise is far below: 2^−40 relative is generous to neither.
        b.close(got, near, Math.max(b.tolerance, limit * 2 ** -40));
        b.close(b.read(b.encrypt(negSlots(near), { level })), negSlots(near), Math.max(b.tolerance, limit * 2 ** -40));
        b.refused('RANGE', () => b.backend.encode(1.001 * limit, { level }));
      }
    },
    'encode: no such level': (b) => {
      b.refused('RANGE', () => b.backend.encode(1, { level: b.backend.parameters.maxLevel + 1 }));
      b.refused('RANGE', () => b.backend.encode(1, { level: -1 }));
      b.refused('RANGE', () => b.backend.encode(1, { level: 0.5 }));
    },
    'encode: a scale without room': (b) => {
      const { scale } = b.backend.parameters;
      b.refused('SCALE_OVERFLOW', () => b.backend.encode(1, { level: 0, scale: scale.times(scale).times(scale) }));
    },
    'the twin refuses what would overflow and decrypt to garbage': (b) => {
      const { logQ, scale } = { logQ: b.twin.parameters.logQ(1), scale: b.twin.parameters.scale };
      const large = 2 ** (logQ - 2 - scale.log2);
      const x = b.twinKeys.publicKey.encrypt(b.twin.encode(large, { level: 1 }));
      b.refused('RANGE', () => b.twinKeys.evaluationKeys.square(x));
      equal('the value itself fits', maxAbs(b.twin.decodeComplex(b.twinKeys.secretKeys.decrypt(x))), large);
    },
  };
}

/** Level, scale and length are checked before anything is computed. */
function metadataChecks(): Record<string, Check> {
  return {
    'wrong level': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, y] = [b.encrypt(1), ev.dropLevel(b.encrypt(1), 1)];
      for (const f of [() => ev.add(x, y), () => ev.sub(x, y), () => ev.mul(x, y)]) b.refused('LEVEL_MISMATCH', f);
      b.refused('LEVEL_MISMATCH', () => ev.rotateSum([x, y], [0, 1]));
      b.refused('LEVEL_MISMATCH', () => ev.dotPlain([x, y], [b.backend.encode(1), b.backend.encode(1)]));
      b.refused('LEVEL_MISMATCH', () => ev.dotPlain([x, x], [b.backend.encode(1), b.backend.encode(1, { level: 1 })]));
      b.refused('LEVEL_MISMATCH', () => ev.addPlain(y, b.backend.encode(1)));
      b.refused('LEVEL_MISMATCH', () => ev.mulPlain(y, b.backend.encode(1)));
    },
    'wrong scale, if only by a hair': (b) => {
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(1);
      const squared = ev.relinearize(ev.square(x));
      b.refused('SCALE_MISMATCH', () => ev.add(x, squared));
      b.refused('SCALE_MISMATCH', () => ev.addPlain(squared, b.backend.encode(1)));
      b.refused('SCALE_MISMATCH', () => ev.rotateSum([x, squared], [0, 1]));
      const [p, q] = [b.backend.encode(1), b.backend.encode(1, { scale: b.backend.parameters.primeScale(x.level) })];
      b.refused('SCALE_MISMATCH', () => ev.dotPlain([x, squared], [p, p]));
      b.refused('SCALE_MISMATCH', () => ev.dotPlain([x, x], [p, q]));
      const rescaled = ev.rescale(squared);
      b.refused('SCALE_MISMATCH', () => ev.sub(rescaled, ev.dropLevel(x, rescaled.level)));
      equal('scales look alike', Math.abs(rescaled.scale.log2 - x.scale.log2) < 0.1, true);
    },
    'no level left': (b) => {
      const ev = b.keys.evaluationKeys;
      const bottom = ev.dropLevel(b.encrypt(1), 0);
      b.refused('LEVEL_EXHAUSTED', () => ev.rescale(bottom));
      b.refused('LEVEL_EXHAUSTED', () => ev.dropLevel(bottom, 1));
      b.refused('LEVEL_EXHAUSTED', () => ev.dropLevel(bottom, -1));
    },
    'a product whose scale has no room': (b) => {
      const ev = b.keys.evaluationKeys;
      const bottom = ev.dropLevel(b.encrypt(1), 0);
      b.refused('SCALE_OVERFLOW', () => ev.square(bottom));
      b.refused('SCALE_OVERFLOW', () => ev.mulPlain(bottom, b.backend.encode(1, { level: 0 })));
      b.refused('SCALE_OVERFLOW', () => ev.dotPlain([bottom], [b.backend.encode(1, { level: 0 })]));
    },
    'options of the wrong kind': (b) => {
      b.refused('RANGE', () => b.backend.keygen({ relinearize: 'false' as unknown as boolean }));
      b.refused('RANGE', () => b.backend.encode([1, 2], { repeat: 'no' as unknown as boolean }));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotateMany(b.encrypt(1), 1 as unknown as number[]));
    },
    'rescale without a product would leave only noise': (b) =>
      b.refused('SCALE_UNDERFLOW', () => b.keys.evaluationKeys.rescale(b.encrypt(1))),
    'a scale below the noise of encryption': (b) => {
      const scale = Scale.powerOfTwo(4);
      const p = b.backend.encode(1, { scale });
      b.refused('SCALE_UNDERFLOW', () => b.keys.publicKey.encrypt(p));
      b.refused('SCALE_UNDERFLOW', () => b.keys.secretKeys.encrypt(p));
      // As a factor it is welcome: a power of two loses nothing.
      b.same([b.complex()], (ev, [x], encode) => ev.mulPlain(x!, encode(1, { scale })));
    },
    'length 3 where 2 is needed, and 2 where 3 is': (b) => {
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(1);
      const long = ev.square(x);
      for (const f of [
        () => ev.rotate(long, 1),
        () => ev.rotateSum([long, long], [0, 1]),
        () => ev.conjugate(long),
        () => ev.mul(long, long),
        () => ev.square(long),
      ]) {
        b.refused('LENGTH', f);
      }
      b.refused('LENGTH', () => ev.relinearize(x));
    },
    'dotPlain of lengths 2 and 3': (b) => {
      const ev = b.keys.evaluationKeys;
      const long = ev.square(b.encrypt(1));
      const p = b.backend.encode(1, { scale: b.backend.parameters.primeScale(long.level) });
      b.refused('LENGTH', () => ev.dotPlain([ev.relinearize(long), long], [p, p]));
      b.refused('LENGTH', () => ev.dotPlain([long, ev.relinearize(long)], [p, p]));
    },
    'sums of nothing, and lists of different lengths': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, p] = [b.encrypt(1), b.backend.encode(1)];
      b.refused('SLOTS', () => ev.rotateSum([], []));
      b.refused('SLOTS', () => ev.dotPlain([], []));
      b.refused('SLOTS', () => ev.rotateSum([x, x], [1]));
      b.refused('SLOTS', () => ev.rotateSum([x], [1, 3]));
      b.refused('SLOTS', () => ev.dotPlain([x, x], [p]));
      b.refused('SLOTS', () => ev.dotPlain([x], [p, p]));
      b.refused('SLOTS', () => ev.rotateSum(x as unknown as Ciphertext[], [1]));
      b.refused('SLOTS', () => ev.dotPlain([x], p as unknown as Plaintext[]));
    },
    'transparent results': (b) => {
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(b.real());
      b.refused('TRANSPARENT', () => ev.sub(x, x));
      b.refused('TRANSPARENT', () => ev.mulPlain(x, b.backend.encode(0)));
      b.refused('TRANSPARENT', () => ev.mulPlain(x, b.backend.encode(1e-30)));
      b.refused('TRANSPARENT', () => ev.dotPlain([x, x], [b.backend.encode(0), b.backend.encode(1e-30)]));
    },
    'an error carries the history of its operand': (b) => {
      const ev = b.keys.evaluationKeys;
      const long = ev.square(b.encrypt(1));
      try {
        ev.rotate(long, 1);
      } catch (error) {
        equal('operations', (error as FheError).ledger.map((l) => l.op).join(' '), 'encrypt square');
        return;
      }
      throw new Error('should be refused');
    },
  };
}

function keyChecks(): Record<string, Check> {
  return {
    'missing keys': (b) => {
      const none = b.keys.secretKeys.evaluationKeys({ relinearize: false });
      const x = b.encrypt(1);
      b.refused('KEY_MISSING', () => none.relinearize(none.square(x)));
      b.refused('KEY_MISSING', () => none.conjugate(x));
      b.refused('KEY_MISSING', () => none.rotate(x, 1));
      b.refused('KEY_MISSING', () => b.keys.evaluationKeys.rotate(x, 2));
      b.refused('KEY_MISSING', () => b.keys.evaluationKeys.rotateMany(x, [1, 2]));
      b.refused('KEY_MISSING', () => b.keys.evaluationKeys.rotateSum([x, x], [1, 2]));
      equal('step 0 needs no key', none.rotateSum([x, x], [0, 0]).length, 2);
    },
    'evaluation keys made later work': (b) => {
      const later = b.keys.secretKeys.evaluationKeys({ rotations: [2], relinearize: false });
      const v = b.real();
      const [x] = later.rotateMany(b.encrypt(v), [2]);
      const n = v.length;
      const want = { re: v.map((_, i) => v[(i - 2 + n) % n]!), im: new Float64Array(n) };
      b.close(b.read(x!), want);
    },
    'a rotation by more than all slots': (b) => {
      const { slots } = b.backend.parameters;
      b.refused('RANGE', () => b.backend.keygen({ rotations: [slots] }));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotate(b.encrypt(1), slots));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotate(b.encrypt(1), 0.5));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotateSum([b.encrypt(1)], [slots]));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotateSum([b.encrypt(1)], [0.5]));
    },
    "another key pair's ciphertext": (b) => {
      const other = b.backend.keygen({ relinearize: false });
      const x = b.encrypt(1);
      b.refused('KEY_MISSING', () => other.secretKeys.decrypt(x));
      b.refused('KEY_MISSING', () => other.evaluationKeys.neg(x));
      const theirs = other.secretKeys.encrypt(b.backend.encode(1));
      b.refused('KEY_MISSING', () => b.keys.secretKeys.decrypt(theirs));
      b.refused('KEY_MISSING', () => b.keys.evaluationKeys.rotateSum([x, theirs], [0, 1]));
      b.refused('KEY_MISSING', () =>
        b.keys.evaluationKeys.dotPlain([x, theirs], [b.backend.encode(1), b.backend.encode(1)]),
      );
    },
    'the evaluation side cannot decrypt': (b) => {
      equal('decrypt', 'decrypt' in b.keys.evaluationKeys, false);
      equal('encrypt', 'encrypt' in b.keys.evaluationKeys, false);
    },
  };
}

function memoryChecks(): Record<string, Check> {
  return {
    'disposed objects are refused': (b) => {
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(1);
      const p: Plaintext = b.backend.encode(1);
      x.dispose();
      x.dispose();
      p.dispose();
      b.refused('DISPOSED', () => ev.neg(x));
      b.refused('DISPOSED', () => b.keys.secretKeys.decrypt(x));
      b.refused('DISPOSED', () => b.backend.decode(p));
      const keys = b.backend.keygen({ relinearize: false });
      keys.secretKeys.dispose();
      b.refused('DISPOSED', () => keys.secretKeys.decrypt(x));
      b.refused('DISPOSED', () => keys.secretKeys.encrypt(b.backend.encode(1)));
      b.refused('DISPOSED', () => b.keys.secretKeys.encrypt(p));
      b.refused('DISPOSED', () => ev.rotateSum([b.encrypt(1), x], [0, 0]));
      b.refused('DISPOSED', () => ev.dotPlain([b.encrypt(1)], [p]));
    },
    'another backend refuses': (b) => {
      b.refused('FORMAT', () => b.twinKeys.secretKeys.decrypt(b.encrypt(1)));
      b.refused('FORMAT', () => b.keys.publicKey.encrypt(b.twin.encode(1)));
      b.refused('FORMAT', () => b.keys.secretKeys.encrypt(b.twin.encode(1)));
      b.refused('FORMAT', () => b.keys.evaluationKeys.dotPlain([b.encrypt(1)], [b.twin.encode(1)]));
    },
    'a plaintext in a ciphertext’s place, and other mistakes of kind': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, p] = [b.encrypt(1), b.backend.encode(1)];
      const wrong: readonly unknown[] = [p, 1, undefined, null, {}, b.keys.publicKey];
      for (const other of wrong) {
        b.refused('FORMAT', () => ev.add(x, other as Ciphertext));
        b.refused('FORMAT', () => b.keys.secretKeys.decrypt(other as Ciphertext));
        b.refused('FORMAT', () => ev.rotate(other as Ciphertext, 1));
        b.refused('FORMAT', () => ev.rotateSum([x, other as Ciphertext], [0, 1]));
        b.refused('FORMAT', () => ev.dotPlain([x, other as Ciphertext], [p, p]));
      }
      b.refused('FORMAT', () => ev.addPlain(x, x as unknown as Plaintext));
      b.refused('FORMAT', () => ev.dotPlain([x], [x as unknown as Plaintext]));
      b.refused('FORMAT', () => b.keys.secretKeys.encrypt(x as unknown as Plaintext));
      b.refused('FORMAT', () => b.backend.decode(x as unknown as Plaintext));
    },
    'a scope keeps what it returns and frees the rest': (b) => {
      const before = b.backend.live;
      const kept = b.backend.scope(() => {
        const x = b.encrypt(0.5);
        return { rotated: [b.keys.evaluationKeys.rotate(x, 1)] };
      });
      equal('live objects', b.backend.live, before + 1);
      equal('kept', kept.rotated[0]!.disposed, false);
    },
    'a scope frees everything when its function throws': (b) => {
      const before = b.backend.live;
      b.refused('LEVEL_EXHAUSTED', () =>
        b.backend.scope(() => b.keys.evaluationKeys.rescale(b.encrypt(1, { level: 0 }))),
      );
      equal('live objects', b.backend.live, before);
    },
    'a refused operation leaves nothing behind': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, p] = [b.encrypt(1), b.backend.encode(0)];
      const before = b.backend.live;
      b.refused('KEY_MISSING', () => ev.rotateMany(x, [1, 2]));
      b.refused('KEY_MISSING', () => ev.rotateSum([x, x], [1, 2]));
      b.refused('TRANSPARENT', () => ev.dotPlain([x, x], [p, p]));
      b.refused('SLOTS', () => b.backend.encode([1, 2, 3], { repeat: true }));
      equal('live objects', b.backend.live, before);
    },
    'a sum is one object, and its operands stay': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, p] = [b.encrypt(b.real()), b.backend.encode(b.real())];
      const values = b.read(x);
      const before = b.backend.live;
      const sums = [ev.rotateSum([x, x, x], [0, 1, -1]), ev.dotPlain([x, x, x], [p, p, p])];
      equal('live objects', b.backend.live, before + sums.length);
      b.close(b.read(x), values, 0);
    },
  };
}
