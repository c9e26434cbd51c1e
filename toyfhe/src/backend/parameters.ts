/**
 * CKKS parameters: the ring degree, the chain of primes, the special primes, and whether they are safe.
 * @module
 */
import { FheError } from './errors.ts';
import { isPrime, primesNear } from './primes.ts';
import { inspect } from './print.ts';
import { Scale } from './scale.ts';

/** What a user writes down. */
export interface ParameterSpec {
  /** N, a power of two from 8 to 131072; there are N/2 slots. */
  readonly ringDegree: number;
  /** q₀, q₁, …, q_L from the bottom up: bit sizes (numbers) or explicit primes (bigints). L rescalings are possible. */
  readonly chain: readonly (number | bigint)[];
  /** The primes that only keys are made with; they count for security. One is enough for short chains. */
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
  /** 128 where log QP is within the limit of the ring degree, else 0: nothing is claimed. */
  readonly securityBits: 128 | 0;
  readonly #logQ: readonly number[];

  /** Use `parameters(spec)`, which checks. */
  constructor(ringDegree: number, primes: readonly bigint[], special: readonly bigint[], scaleBits: number) {
    this.ringDegree = ringDegree;
    this.slots = ringDegree / 2;
    this.primes = primes;
    this.special = special;
    this.scale = Scale.powerOfTwo(scaleBits);
    this.maxLevel = primes.length - 1;
    let sum = 0;
    this.#logQ = primes.map((q) => (sum += Math.log2(Number(q))));
    this.logQP = special.reduce((total, p) => total + Math.log2(Number(p)), sum);
    this.securityBits = this.logQP <= (MAX_LOG_QP_128.get(ringDegree) ?? 0) ? 128 : 0;
  }

  /** log₂(q₀·…·q_level), in bits. */
  logQ(level: number): number {
    return this.#logQ[level]!;
  }

  /** The scale q_level: encode a multiplier at it, and `rescale` brings the old scale back exactly. */
  primeScale(level: number): Scale {
    return Scale.ofPrime(level, this.primes[level]!);
  }

  /** ` INSECURE` or nothing: part of every print. */
  get warning(): string {
    return this.securityBits === 128 ? '' : ' INSECURE';
  }

  [inspect](): string {
    const limit = MAX_LOG_QP_128.get(this.ringDegree);
    return (
      `CKKS parameters (ring degree ${this.ringDegree}, ${this.slots} slots, ${this.maxLevel} levels, scale ${this.scale}, ` +
      `log QP ${this.logQP.toFixed(0)}${limit === undefined ? '' : ` of ${limit}`})${this.warning}`
    );
  }
}

/**
 * Checks a specification and finds its primes (each ≡ 1 mod 2N, so that the NTT exists; all distinct; the nearest
 * to 2^bits, on alternating sides, so that scales drift as little as possible).
 * @throws FheError RANGE for impossible values, INSECURE above the 128-bit limit without `insecure: true`.
 */
export function parameters(spec: ParameterSpec): Parameters {
  const { ringDegree, chain, special = [] } = spec;
  const refuse = (field: string, should: string, is: string, hint: string): never => {
    throw new FheError({ code: 'RANGE', op: 'make parameters', field, should, is, hint });
  };
  // 131072 is the largest degree for which any published parameter set is in use.
  if (!Number.isInteger(Math.log2(ringDegree)) || ringDegree < 8 || ringDegree > 131072) {
    refuse('ringDegree', 'a power of two from 8 to 131072', String(ringDegree), 'take 8192 or 16384 for a start');
  }
  if (chain.length === 0) refuse('chain', 'at least one prime', 'empty', 'write for example [60, 40, 40]');
  const primes = findPrimes([...chain, ...special], 2n * BigInt(ringDegree), refuse);
  const q = primes.slice(0, chain.length);
  const bits = q.map((p) => p.toString(2).length);
  const scaleBits =
    spec.scaleBits ?? Math.round(Math.log2(Number(q.length > 1 ? q[1]! : q[0]!)) / (q.length > 1 ? 1 : 2));
  const most = bits.reduce((a, b) => a + b, 0) - 2;
  if (!Number.isInteger(scaleBits) || scaleBits < 1 || scaleBits > most) {
    refuse('scaleBits', `an integer from 1 to ${most}`, String(scaleBits), 'take the bit size of the middle primes');
  }
  const made = new Parameters(ringDegree, q, primes.slice(chain.length), scaleBits);
  if (made.securityBits !== 128 && spec.insecure !== true) {
    const limit = MAX_LOG_QP_128.get(ringDegree);
    throw new FheError({
      code: 'INSECURE',
      op: 'make parameters',
      field: `log QP at ring degree ${ringDegree}`,
      should: limit === undefined ? 'one with a known 128-bit limit (degree 1024 to 65536)' : `at most ${limit}`,
      is: made.logQP.toFixed(1),
      hint: 'take fewer or smaller primes, a larger ring degree, or write insecure: true to learn with it',
    });
  }
  return made;
}

function findPrimes(
  wanted: readonly (number | bigint)[],
  m: bigint,
  refuse: (field: string, should: string, is: string, hint: string) => never,
): bigint[] {
  const taken: bigint[] = wanted.filter((w) => typeof w === 'bigint');
  for (const [i, p] of taken.entries()) {
    if (p % m !== 1n || !isPrime(p)) refuse('prime', `a prime ≡ 1 mod ${m}`, String(p), 'give a bit size instead');
    if (taken.indexOf(p) !== i) refuse('prime', 'used once', `${p} twice`, 'take distinct primes');
  }
  return wanted.map((w) => {
    if (typeof w === 'bigint') return w;
    // A prime ≡ 1 mod 2N is larger than 2N; 60 bits is what 64-bit backends allow (Microsoft SEAL's limit).
    const least = m.toString(2).length;
    if (!Number.isInteger(w) || w < least || w > 60) {
      refuse('bits of a prime', `${least} to 60`, String(w), `primes must be ≡ 1 mod ${m} and below 2^60`);
    }
    // 2^50 and 2^60 are the limits of 64-bit-float and 64-bit-integer limbs: there only primes below will do.
    const limit = w === 50 || w === 60 ? 2n ** BigInt(w) : undefined;
    const p = primesNear(w, m, limit === undefined ? 1 : 2 * wanted.length, taken).find((q) => !limit || q < limit)!;
    taken.push(p);
    return p;
  });
}
