/**
 * CKKS parameters: the ring degree, the chain of primes, the special primes, and whether they are safe.
 * @module
 */
import { FheError } from './errors.ts';
import { isPrime, primesNear } from './primes.ts';
import { describe, inspect } from './print.ts';
import { Scale } from './scale.ts';

/** What a user writes down. */
export interface ParameterSpec {
  /** N, a power of two from 8 to 131072; there are N/2 slots. */
  readonly ringDegree: number;
  /** q₀, q₁, …, q_L from the bottom up: bit sizes (numbers) or explicit primes (bigints). L rescalings are possible. */
  readonly chain: readonly (number | bigint)[];
  /** The primes that only keys are made with; they count for security. One is enough; the engine is faster with more. */
  readonly special?: readonly (number | bigint)[];
  /** log₂ of the scale that `encode` uses where none is given; default: the bits of q₁ (or half of q₀). */
  readonly scaleBits?: number;
  /** Must be `true` for parameters above the 128-bit limit of their ring degree. For learning only. */
  readonly insecure?: boolean;
}

/**
 * The largest log₂(QP) for 128-bit classical security with a ternary secret and error σ = 3.2, per ring degree.
 * 1024 to 32768: Homomorphic Encryption Security Standard (Albrecht et al., 2018), table 1. 65536 lies beyond that
 * table: the value is OpenFHE's (stdlatticeparms, HEStd_ternary), of the same estimator.
 */
export const MAX_LOG_QP_128: ReadonlyMap<number, number> = new Map([
  [1024, 27],
  [2048, 54],
  [4096, 109],
  [8192, 218],
  [16384, 438],
  [32768, 881],
  [65536, 1747],
]);

/**
 * More cautious limits for the same: today's attacks priced by today's estimator. Security Guidelines for Implementing
 * Homomorphic Encryption (Bossuat et al., IACR Communications in Cryptology 1(4), 2024). Within them `cautious` is true.
 */
export const CAUTIOUS_LOG_QP_128: ReadonlyMap<number, number> = new Map([
  [8192, 214],
  [16384, 430],
  [32768, 868],
  [65536, 1747],
]);

/** Checked parameters. Made by `parameters(spec)`; the same object serves every backend. */
export class Parameters {
  readonly ringDegree: number;
  readonly slots: number;
  /** The chain q₀ … q_L. */
  readonly primes: readonly bigint[];
  readonly special: readonly bigint[];
  /** The scale that `encode` uses by default. */
  readonly scale: Scale;
  /** Rescalings that a fresh ciphertext allows: L. */
  readonly maxLevel: number;
  /** log₂ of the product of all primes, special ones included: what security depends on. */
  readonly logQP: number;
  /** 128 where log QP is within the limit of the ring degree, else 0: nothing is claimed. A backend may promise less. */
  readonly securityBits: 128 | 0;
  /** Whether log QP is also within the more cautious limits of 2024 (which start at degree 8192). */
  readonly cautious: boolean;
  /** `insecure: true` was written out. */
  readonly insecure: boolean;
  readonly #logQ: readonly number[];

  /** Use `parameters(spec)`, which checks. */
  constructor(
    ringDegree: number,
    primes: readonly bigint[],
    special: readonly bigint[],
    scaleBits: number,
    insecure: boolean,
  ) {
    this.ringDegree = ringDegree;
    this.slots = ringDegree / 2;
    this.primes = primes;
    this.special = special;
    this.scale = Scale.powerOfTwo(scaleBits);
    this.maxLevel = primes.length - 1;
    this.insecure = insecure;
    let sum = 0;
    this.#logQ = primes.map((q) => (sum += Math.log2(Number(q))));
    this.logQP = special.reduce((total, p) => total + Math.log2(Number(p)), sum);
    // The table is in whole bits; primes next to 2^b may add up to a few thousandths more than the b's.
    const within = (limits: ReadonlyMap<number, number>): boolean => this.logQP <= (limits.get(ringDegree) ?? 0) + 0.01;
    this.securityBits = within(MAX_LOG_QP_128) ? 128 : 0;
    this.cautious = within(CAUTIOUS_LOG_QP_128);
  }

  /** log₂(q₀·…·q_level), in bits. */
  logQ(level: number): number {
    return this.#logQ[level]!;
  }

  /** The scale q_level: encode a multiplier at it, and `rescale` brings the old scale back exactly. */
  primeScale(level: number): Scale {
    return Scale.ofPrime(level, this.primes[level]!);
  }

  [inspect](): string {
    const limit = MAX_LOG_QP_128.get(this.ringDegree);
    return (
      `CKKS parameters (ring degree ${this.ringDegree}, ${this.slots} slots, ${this.maxLevel} levels, scale ${this.scale}, ` +
      `log QP ${this.logQP.toFixed(0)}${limit === undefined ? '' : ` of ${limit}`})${this.securityBits === 128 ? '' : ' INSECURE'}`
    );
  }
}

/**
 * Checks a specification and finds its primes (each ≡ 1 mod 2N, so that the NTT exists; all distinct; the nearest
 * to 2^bits, on alternating sides, so that scales drift as little as possible).
 * @throws FheError RANGE for impossible values, INSECURE above the 128-bit limit without `insecure: true`.
 */
export function parameters(spec: ParameterSpec): Parameters {
  const { ringDegree, chain, special = [] } = (spec ?? {}) as ParameterSpec;
  const refuse = (field: string, should: string, is: string, hint: string): never => {
    throw new FheError({ code: 'RANGE', op: 'make parameters', field, should, is, hint });
  };
  // 131072 is the largest degree for which any published parameter set is in use.
  if (
    typeof ringDegree !== 'number' ||
    !Number.isInteger(Math.log2(ringDegree)) ||
    ringDegree < 8 ||
    ringDegree > 131072
  ) {
    refuse('ringDegree', 'a power of two from 8 to 131072', describe(ringDegree), 'take 8192 or 16384 for a start');
  }
  for (const [field, list] of [
    ['chain', chain],
    ['special', special],
  ] as const) {
    if (!Array.isArray(list))
      refuse(field, 'a list of primes, in bits', describe(list), 'write for example [50, 40, 40]');
  }
  if (chain.length === 0) refuse('chain', 'at least one prime', 'empty', 'write for example [50, 40, 40]');
  const primes = findPrimes([...chain, ...special], 2n * BigInt(ringDegree), refuse);
  const q = primes.slice(0, chain.length);
  const p = primes.slice(chain.length);
  const log2 = (prime: bigint): number => Math.log2(Number(prime));
  const bits = q.map((p) => p.toString(2).length);
  const scaleBits = spec.scaleBits ?? Math.round(q[1] === undefined ? log2(q[0]!) / 2 : log2(q[1]));
  const most = bits.reduce((a, b) => a + b, 0) - 2;
  if (!Number.isInteger(scaleBits) || scaleBits < 1 || scaleBits > most) {
    refuse('scaleBits', `an integer from 1 to ${most}`, describe(scaleBits), 'take the bit size of the middle primes');
  }
  // Key switching divides its noise by P: a P smaller than a prime of the chain leaves noise that drowns the values.
  const largest = Math.max(...q.map(log2));
  const logP = p.map(log2).reduce((sum, bits) => sum + bits, 0);
  if (p.length > 0 && logP < largest - 0.5) {
    const should = `at least the largest prime of the chain, ${largest.toFixed(0)} bits`;
    refuse('special primes', should, `${logP.toFixed(0)} bits`, `write special: [${Math.ceil(largest)}]`);
  }
  const insecure = spec.insecure === true;
  const made = new Parameters(ringDegree, q, p, scaleBits, insecure);
  if (made.securityBits !== 128 && !insecure) {
    const limit = MAX_LOG_QP_128.get(ringDegree);
    const op = 'make parameters';
    const hint = 'or write insecure: true to learn with it';
    if (limit === undefined) {
      const should = 'from 1024 to 65536, where a 128-bit limit is known';
      throw new FheError({
        code: 'INSECURE',
        op,
        field: 'ringDegree',
        should,
        is: String(ringDegree),
        hint: `take such a degree, ${hint}`,
      });
    }
    throw new FheError({
      code: 'INSECURE',
      op,
      field: `log QP at ring degree ${ringDegree}`,
      should: `at most ${limit}`,
      is: made.logQP.toFixed(1),
      hint: `take fewer or smaller primes, a larger ring degree, ${hint}`,
    });
  }
  return made;
}

/** The largest prime that 64-bit backends take is below 2^60 (Microsoft SEAL); 50 bits is the most a 64-bit float holds. */
const MOST_BITS = 60;

function findPrimes(
  wanted: readonly (number | bigint)[],
  m: bigint,
  refuse: (field: string, should: string, is: string, hint: string) => never,
): bigint[] {
  const taken: bigint[] = wanted.filter((w) => typeof w === 'bigint');
  for (const [i, p] of taken.entries()) {
    const should = `a prime ≡ 1 mod ${m} below 2^${MOST_BITS}`;
    if (p >= 2n ** BigInt(MOST_BITS) || p % m !== 1n || !isPrime(p))
      refuse('prime', should, String(p), 'give a bit size instead');
    if (taken.indexOf(p) !== i) refuse('prime', 'used once', `${p} twice`, 'take distinct primes');
  }
  // All primes of one size are asked for at once: they then lie on both sides of 2^bits by turns.
  const found = new Map<number, bigint[]>();
  for (const w of wanted) {
    if (typeof w === 'bigint' || found.has(w)) continue;
    const least = m.toString(2).length; // a prime ≡ 1 mod 2N is larger than 2N
    if (!Number.isInteger(w) || w < least || w > MOST_BITS) {
      refuse(
        'bits of a prime',
        `${least} to ${MOST_BITS}`,
        describe(w),
        `primes must be ≡ 1 mod ${m} and below 2^${MOST_BITS}`,
      );
    }
    const count = wanted.filter((other) => other === w).length;
    // 2^50 and 2^60 are the limits of 64-bit-float and 64-bit-integer limbs: there only primes below will do.
    const belowOnly = w === 50 || w === MOST_BITS;
    const near = primesNear(w, m, belowOnly ? 2 * count : count, taken).filter(
      (p) => !belowOnly || p < 2n ** BigInt(w),
    );
    for (const p of near) {
      if (Math.abs(Math.log2(Number(p)) - w) < 0.5) continue;
      refuse(
        'bits of a prime',
        'a size with enough primes ≡ 1 mod 2N nearby',
        `${w}, of which the nearest left is ${p}`,
        'take larger primes',
      );
    }
    found.set(w, near.slice(0, count));
    taken.push(...near.slice(0, count));
  }
  return wanted.map((w) => (typeof w === 'bigint' ? w : found.get(w)!.shift()!));
}

/** Parameters that are checked already, or a specification to be checked. */
export function asParameters(spec: ParameterSpec | Parameters): Parameters {
  return spec instanceof Parameters ? spec : parameters(spec);
}
