/**
 * The operations that are measured, on any backend: at the top level, all slots filled.
 * @module
 */
import { type Backend, type Ciphertext, type Owned, seededRandom } from 'toyfhe/backend';
import type { NttBenchmark } from 'toyfhe/engine';

export interface Operation {
  readonly name: string;
  /** What the time of one `run` is divided by. */
  readonly per: number;
  /** Bits of the prime, of transforms. */
  readonly bitsPerLimb?: number;
  run(): void;
}

/** Transforms are given per so many bits of modulus, whatever the limbs. */
export const NTT_BITS = 60;

/**
 * What all operations take lives until `dispose`.
 * @param rotations how many at once; 0: only one at a time, where the backend shares nothing between them
 */
export function operations(backend: Backend, rotations: number): { list: Operation[]; dispose: () => void } {
  const { slots } = backend.parameters;
  const random = seededRandom('bench');
  const values = (): Float64Array => {
    const bytes = new DataView(random.bytes(4 * slots).buffer);
    return Float64Array.from({ length: slots }, (_, i) => bytes.getInt32(4 * i) / 2 ** 31);
  };
  const steps = Array.from({ length: Math.max(1, rotations) }, (_, i) => i + 1);
  const { evaluationKeys, publicKey, secretKeys } = backend.keygen({ rotations: steps });
  const vector = values();
  const p = backend.encode(values());
  const q = backend.encode(vector);
  const [a, b] = [publicKey.encrypt(p), publicKey.encrypt(q)];
  const product = evaluationKeys.mul(a, b);
  const scaled = evaluationKeys.mulPlain(a, q);
  const owned: readonly Owned[] = [scaled, product, b, a, q, p, evaluationKeys, publicKey, secretKeys];

  // Results go back within the sample: making and freeing room for them is part of the work.
  const one = (name: string, run: () => void, per: number = 1): Operation => ({
    name,
    per,
    run: () => backend.scope(run),
  });
  const sum = (count: number): Operation => {
    const [cs, ks] = [Array<Ciphertext>(count).fill(a), steps.slice(0, count)];
    return one(`rotateSum(${count})`, () => void evaluationKeys.rotateSum(cs, ks), count);
  };
  const many = one(`rotateMany(${rotations})`, () => void evaluationKeys.rotateMany(a, steps), rotations);
  const list = [
    one('encode', () => void backend.encode(vector)),
    one('encrypt', () => void publicKey.encrypt(p)),
    one('decrypt+decode', () => void backend.decode(secretKeys.decrypt(a))),
    one('add', () => void evaluationKeys.add(a, b)),
    one('multiply', () => void evaluationKeys.mul(a, b)),
    one('multiply_plain', () => void evaluationKeys.mulPlain(a, p)),
    one('relinearize', () => void evaluationKeys.relinearize(product)),
    one('rescale', () => void evaluationKeys.rescale(scaled)),
    one('rotate', () => void evaluationKeys.rotate(a, 1)),
    ...(rotations === 0 ? [] : [many, sum(rotations), sum(rotations / 2)]),
    one('keygen', () => void secretKeys.evaluationKeys({ rotations: [1], relinearize: false })),
  ];
  return { list, dispose: () => owned.forEach((object) => object.dispose()) };
}

/** A transform there and back, of one limb. */
export function transform(name: string, ntt: NttBenchmark): Operation {
  return { name, per: (ntt.limbs * ntt.bits) / NTT_BITS, bitsPerLimb: ntt.bits, run: () => ntt.run() };
}
