/**
 * Everything that depends on the parameters alone: moduli with their tables, the digits of key switching and their base
 * conversions, in the kernels' memory.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import type { Parameters } from '../backend/parameters.ts';
import { inverseMod } from '../backend/primes.ts';
import type { Heap } from './heap.ts';
import { centred, MODULUS_BYTES, magicAccumulator, makeModulus, type Modulus } from './moduli.ts';
import type { Kernels } from './wasm.ts';

/** Primes are below it: a residue and its products are exact in doubles. */
const MOST_PRIME = 2n ** 50n;

/** Two doubles fold a constant into an inverse transform: constant/n and constant/n·ψ^(−n/2). */
export type Fold = readonly [number, number];

/** A base conversion from the limbs [from, to) of the chain, or from the special primes. */
export interface Conversion {
  readonly record: number;
  /** For each source limb: what its inverse transform multiplies by. */
  readonly folds: readonly Fold[];
}

/** Consecutive chain primes that are switched together. */
export interface Digit {
  readonly from: number;
  readonly to: number;
  /** By the number of limbs in use, 1 … to − from. */
  readonly conversions: readonly Conversion[];
}

/** Bytes between limbs beyond 8·N: with a power of two, all limbs of a coefficient would share cache lines' places. */
const PADDING = 320;

export class Ring {
  readonly parameters: Parameters;
  readonly degree: number;
  /** Bytes from limb to limb. */
  readonly stride: number;
  /** Chain primes, then special primes. */
  readonly moduli: readonly Modulus[];
  /** Primes of the chain. */
  readonly chain: number;
  readonly digits: readonly Digit[];
  /** From the special primes to the chain, times −1/P. Undefined without special primes. */
  readonly down: Conversion | undefined;
  /** 1/P modulo each prime of the chain, centred: what errors of keys are multiplied by. */
  readonly inverseP: readonly number[];
  /** Address of the ring's record (kernels/layout.ts). */
  readonly record: number;
  readonly scratchBytes: number;
  readonly #heap: Heap;

  /** Bytes from limb to limb. */
  static strideOf(degree: number): number {
    return 8 * degree + PADDING;
  }

  /** @throws FheError RANGE for primes that doubles do not hold */
  constructor(parameters: Parameters, heap: Heap, kernels: Kernels, threads: number) {
    const { ringDegree: n, primes, special } = parameters;
    const all = [...primes, ...special];
    checkPrimes(parameters);
    this.parameters = parameters;
    this.degree = n;
    this.stride = Ring.strideOf(n);
    this.chain = primes.length;
    this.#heap = heap;

    const records = heap.allocate(all.length * MODULUS_BYTES, 'the moduli');
    this.moduli = all.map((prime, i) => {
      const [roots, inverse] = heap.allocateMany(2, this.stride, 'twiddle tables');
      return makeModulus(heap, kernels, prime, n, records + i * MODULUS_BYTES, roots!, inverse!);
    });
    const bounds = special.length === 0 ? [] : digitBounds(primes, special);
    this.digits = bounds.map(({ from, to }) => ({
      from,
      to,
      conversions: Array.from({ length: to - from }, (_, i) => this.#digitConversion(from, from + i + 1)),
    }));
    this.down = special.length === 0 ? undefined : this.#downConversion();

    const P = special.reduce((product, p) => product * p, 1n);
    this.inverseP = primes.map((q) => centred(inverseMod(P, q), q));

    const digits = Math.max(1, this.digits.length);
    // As kernels/tasks.ts uses it: a limb a digit, two products, two limbs of a key a digit; a table, a nonce, random bytes.
    this.scratchBytes = (3 * digits + 2) * this.stride + 12 * digits + 64 + kernels.sampleScratch();
    this.scratchBytes = Math.ceil(this.scratchBytes / 64) * 64;
    const scratch = heap.allocate(threads * this.scratchBytes, 'the threads');
    this.record = heap.allocate(32, 'the ring');
    heap.u32.set(
      [n, this.stride, all.length, this.chain, records, scratch, this.scratchBytes, digits],
      this.record / 4,
    );
  }

  /** Scratch of the calling thread, for kernels called outside tasks. */
  get scratch(): number {
    return this.#heap.u32[this.record / 4 + 5]!;
  }

  /** What the inverse transform modulo prime i multiplies by, c included. */
  fold(i: number, c: bigint): Fold {
    const { prime, scale, scaleRoot } = this.moduli[i]!;
    return [centred(scale * c, prime), centred(scaleRoot * c, prime)];
  }

  /** An integer modulo q₀ … q_level, centred. */
  residues(x: number, level: number): number[] {
    return this.moduli.slice(0, level + 1).map(({ prime }) => centred(BigInt(x), prime));
  }

  /** x ↦ Σ yᵢ·(D/qᵢ) modulo every prime, D = ∏ qᵢ over [from, to), yᵢ = xᵢ·(D/qᵢ)⁻¹. */
  #digitConversion(from: number, to: number): Conversion {
    const sources = this.moduli.slice(from, to).map((m) => m.prime);
    const D = sources.reduce((a, b) => a * b, 1n);
    const hats = sources.map((q) => D / q);
    return {
      record: this.#writeConversion(sources, this.moduli, () => hats),
      folds: hats.map((hat, i) => this.fold(from + i, inverseMod(hat, sources[i]!))),
    };
  }

  #downConversion(): Conversion {
    const sources = this.moduli.slice(this.chain).map((m) => m.prime);
    const P = sources.reduce((a, b) => a * b, 1n);
    const hats = sources.map((p) => P / p);
    return {
      record: this.#writeConversion(sources, this.moduli.slice(0, this.chain), (q) => {
        const minus = q - inverseMod(P, q);
        return hats.map((hat) => hat * minus);
      }),
      folds: hats.map((hat, i) => this.fold(this.chain + i, inverseMod(hat, sources[i]!))),
    };
  }

  /** Address of a conversion record (kernels/layout.ts). */
  #writeConversion(
    sources: readonly bigint[],
    targets: readonly Modulus[],
    weights: (prime: bigint) => readonly bigint[],
  ): number {
    const heap = this.#heap;
    const table = heap.allocate(8 * sources.length * targets.length, 'base conversions');
    const constants = heap.allocate(32 * targets.length, 'base conversions');
    const largest = Number(sources.reduce((a, b) => (a > b ? a : b)));
    const sum = Number(sources.reduce((a, b) => a + b));
    for (const [j, { prime, p, pinv }] of targets.entries()) {
      const row = weights(prime).map((w) => centred(w, prime));
      heap.f64.set(row, table / 8 + j * sources.length);
      // Coefficients come out of an inverse transform: |y| ≤ q. Weights: |w| ≤ p/2. So |Σ/p| ≤ sum/2, and a reduction leaves
      // at most p·(1/2 + 3·2^-53·sum/2) ≤ 2·p of sums up to 2^52; larger ones are `wide`.
      const { magic, terms } = magicAccumulator(largest * (p / 2), p);
      heap.f64.set([p, pinv, magic], constants / 8 + 4 * j);
      heap.u32.set([terms, sum > 2 ** 52 ? 1 : 0], constants / 4 + 8 * j + 6);
    }
    const record = heap.allocate(12, 'base conversions');
    heap.u32.set([table, constants, sources.length], record / 4);
    return record;
  }
}

/** @throws FheError RANGE */
function checkPrimes({ ringDegree: n, primes, special }: Parameters): void {
  const refuse = (field: string, should: string, is: string, hint: string): never => {
    throw new FheError({ code: 'RANGE', op: 'make parameters for the engine', field, should, is, hint });
  };
  for (const [name, list] of [
    ['chain', primes],
    ['special', special],
  ] as const) {
    const i = list.findIndex((p) => p >= MOST_PRIME);
    if (i < 0) continue;
    // What was written down; an explicit prime just above 2^50 counts as 51.
    const bits = Math.max(51, Math.round(Math.log2(Number(list[i]!))));
    const hint = 'the engine keeps residues in doubles; seal takes up to 60 bits';
    refuse(`${name}[${i}]`, 'at most 50 bits', String(bits), hint);
  }
  if (n < 16) refuse('ringDegree', 'at least 16', String(n), 'the toy takes smaller rings');
}

/**
 * Groups consecutive chain primes into as few digits as P allows: noise stays small while every digit's product is at most
 * about P (Han–Ki, CT-RSA 2020, section 4).
 */
export function digitBounds(chain: readonly bigint[], special: readonly bigint[]): { from: number; to: number }[] {
  const log = (p: bigint): number => Math.log2(Number(p));
  const room = special.reduce((sum, p) => sum + log(p), 0) + 0.5; // half a bit: primes lie on both sides of 2^bits
  const bounds: { from: number; to: number }[] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [i, q] of chain.entries()) {
    used += log(q);
    const last = bounds.at(-1);
    if (last !== undefined && used <= room) last.to = i + 1;
    else {
      bounds.push({ from: i, to: i + 1 });
      used = log(q);
    }
  }
  return bounds;
}
