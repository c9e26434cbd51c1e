/**
 * What the conformance checks work with: a candidate and the cleartext twin side by side, and how they are compared.
 * @module
 */
import type { Backend, Ciphertext, EvaluationKeys, Keys, SecretKeys } from './contract.ts';
import { FheError, type FheErrorCode } from './errors.ts';
import type { ParameterSpec } from './parameters.ts';
import { seededRandom } from './random.ts';
import { maxDifference, type Slots, type Values } from './slots.ts';
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

/** What a check works with: the candidate and the twin side by side, with keys for everything. */
export class Bench {
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

export function equal<T>(what: string, got: T, want: T): void {
  if (got !== want) throw new Error(`${what} should be ${want} but is ${got}`);
}

export type Check = (bench: Bench) => void;
