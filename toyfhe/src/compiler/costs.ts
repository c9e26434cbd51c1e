/**
 * How long operations take, from two measured numbers and counts of transforms and products: what splits, layouts and ring
 * degrees are chosen by. An estimate is for choosing and for telling people what to expect, not a promise.
 * @module
 */
import { type Backend, FheError } from '../backend/index.ts';
import type { RotationCosts } from '../circuits/index.ts';

/** What was measured; milliseconds of wall time. Plain JSON. */
export interface CostModel {
  /** Where the figures come from. */
  readonly about: string;
  /** One transform (NTT) of one residue polynomial of degree 16384. */
  readonly transform: number;
  /** One product, or product added to a sum, of two residue polynomials of degree 16384. */
  readonly product: number;
  /** What a key switch takes, measured over predicted. */
  readonly keySwitch: number;
  /** One encoding of a vector of 8192 slots. */
  readonly encode: number;
}

/** What `measureCosts` gave for the engine on two cores of an Intel Xeon, ring degree 16384, six primes, 2026-11-21. */
export const DEFAULT_COSTS: CostModel = {
  about: 'the engine on two cores of an Intel Xeon; plan(…, { costs: measureCosts(backend) }) takes this machine’s',
  transform: 0.0493,
  product: 0.0058,
  keySwitch: 1.1,
  encode: 0.73,
};

/** The measures that costs depend on. */
export interface CostPlace {
  readonly ringDegree: number;
  /** Of the ciphertext that is worked on. */
  readonly level: number;
  /** Number of special primes. */
  readonly special: number;
}

/** Milliseconds of each operation at one place. */
export interface OperationCosts extends RotationCosts {
  readonly mul: number;
  readonly relinearize: number;
  readonly rescale: number;
  readonly encode: number;
}

/**
 * Counts of the hybrid key switch (Han and Ki, CT-RSA 2020, section 3): l + 1 limbs fall into β digits as long as there are
 * special primes; each digit is raised to all limbs (transforms), multiplied by the key (products), the sum divided by P.
 */
export function operationCosts(model: CostModel, { ringDegree, level, special }: CostPlace): OperationCosts {
  const limbs = level + 1;
  const all = limbs + special;
  const digits = Math.ceil(limbs / special);
  const coefficients = ringDegree / 16384;
  const transform = model.transform * coefficients * (Math.log2(ringDegree) / 14); // N·log N; 14 = log₂ 16384
  const product = model.product * coefficients;
  const raise = model.keySwitch * (digits * all * transform + limbs * limbs * product);
  const inner = model.keySwitch * 2 * digits * all * product;
  const lower = model.keySwitch * 2 * (all * transform + special * limbs * product);
  const encode = model.encode * coefficients * (Math.log2(ringDegree) / 14) * (limbs / 7); // 7 limbs were measured
  return {
    product: 2 * limbs * product,
    baby: inner + lower,
    giant: raise + inner,
    fold: raise + inner + lower,
    mul: 4 * limbs * product,
    relinearize: raise + inner + lower,
    rescale: 2 * limbs * transform,
    encode,
  };
}

/**
 * Measures a backend, in about a second: rescale gives the transform, dotPlain the product, rotate the key switch. Medians of
 * five.
 * @throws FheError LEVEL_EXHAUSTED for a backend without two levels, which nothing could be measured on
 */
export function measureCosts(backend: Backend): CostModel {
  const { parameters } = backend;
  const { ringDegree, maxLevel } = parameters;
  if (maxLevel < 2) {
    throw new FheError({
      code: 'LEVEL_EXHAUSTED',
      op: 'measure costs',
      field: 'levels of the backend',
      should: 'at least 2',
      is: String(maxLevel),
      hint: 'take a chain of three primes or more',
    });
  }
  return backend.scope(() => {
    const { publicKey, evaluationKeys: ev } = backend.keygen({ rotations: [1], relinearize: false });
    const values = Float64Array.from({ length: parameters.slots }, (_, i) => Math.cos(i));
    const scale = parameters.primeScale(maxLevel);
    // Sums of products as matrices make them: every diagonal comes from main memory.
    const terms = Array.from({ length: 16 }, () => backend.encode(values, { scale }));
    const c = publicKey.encrypt(backend.encode(values));
    const cs = terms.map(() => c);
    const product = ev.mulPlain(c, terms[0]!);
    const median = (f: () => unknown): number => {
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        backend.scope(() => void f());
        return performance.now() - start;
      });
      return times.sort((a, b) => a - b)[2]!;
    };
    const limbs = maxLevel + 1;
    const size = (ringDegree / 16384) * 2 * limbs; // two polynomials
    const model: CostModel = {
      about: `${backend.name}, measured at ring degree ${ringDegree} with ${limbs} primes`,
      transform: median(() => ev.rescale(product)) / (size * (Math.log2(ringDegree) / 14)),
      product: median(() => ev.dotPlain(cs, terms)) / (size * terms.length),
      keySwitch: 1,
      encode:
        (median(() => backend.encode(values, { scale })) * 7) /
        limbs /
        ((ringDegree / 16384) * (Math.log2(ringDegree) / 14)),
    };
    const special = Math.max(1, parameters.special.length);
    const predicted = operationCosts(model, { ringDegree, level: maxLevel, special }).fold;
    return { ...model, keySwitch: median(() => ev.rotate(c, 1)) / predicted };
  });
}
