/** Sizes before keys, held against what the backends' objects really take. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CheckedBackend } from '../src/backend/checked.ts';
import { type Backend, type ParameterSpec, parameters, twin } from '../src/backend/index.ts';
import type { EngineArithmetic } from '../src/engine/arithmetic.ts';
import type { EngineHandles } from '../src/engine/handles.ts';
import { engine, engineSizes } from '../src/engine/index.ts';
import { sizes } from '../src/inspect/index.ts';
import { makeContext } from '../src/seal/backend.ts';
import { seal } from '../src/seal/index.ts';
import { loadSeal } from '../src/seal/module.ts';

const SPECS: readonly ParameterSpec[] = [
  { ringDegree: 16, chain: [40, 30], special: [40], insecure: true },
  { ringDegree: 256, chain: [50, 40, 40, 40], special: [50, 50], insecure: true },
  { ringDegree: 64, chain: [50, 40, 40, 40, 40, 40, 40], special: [44, 44, 44], insecure: true },
  { ringDegree: 1024, chain: [27] },
];

/** Bytes that the engine's memory has handed out. */
function used(backend: Backend): number {
  const { arithmetic } = backend as CheckedBackend<EngineHandles>;
  return (arithmetic as EngineArithmetic).machine.heap.used;
}

describe('on the engine, to the byte', () => {
  it.each(SPECS)('$ringDegree: $chain, $special', async (spec) => {
    const backend = await engine(spec, { threads: 1 });
    const of = sizes(spec).engine!;
    /** What an object takes, and its parts. */
    const taken = (make: () => unknown): number => {
      const before = used(backend);
      make();
      return used(backend) - before;
    };
    backend.scope(() => {
      const values = [1, -1]; // not the same number in all slots, which the engine keeps in almost nothing
      expect(taken(() => backend.encode(values))).toBe(of.plaintext);
      // keygen needs room while it works, which stays with the engine: made once, it no longer counts.
      const relinearize = backend.parameters.special.length > 0;
      const warm = backend.keygen({ relinearize, rotations: relinearize ? [1] : [] });
      expect(taken(() => backend.keygen({ relinearize: false }))).toBe(of.secretKey + of.publicKey);
      const p = backend.encode(values);
      const { secretKeys, publicKey } = warm;
      const c = publicKey.encrypt(p);
      expect(taken(() => publicKey.encrypt(p))).toBe(of.ciphertext);
      // `bytes` counts residues only: 8 bytes each, without the padding between limbs.
      expect(of.ciphertext - c.bytes).toBe(2 * backend.parameters.primes.length * 320);
      if (!relinearize) return;
      expect(taken(() => secretKeys.evaluationKeys())).toBe(of.relinearizationKey);
      const turning = { relinearize: false, rotations: [1, 2, 3], conjugate: true };
      expect(taken(() => secretKeys.evaluationKeys(turning))).toBe(4 * of.rotationKey);
      const all = sizes(spec, { rotations: turning.rotations, conjugate: true, plaintexts: 5, ciphertexts: 2 }).engine!;
      expect(all.rotationKeys).toBe(3 * of.rotationKey);
      const sum = taken(() => {
        const keys = backend.keygen({ ...turning, relinearize: true });
        for (let i = 0; i < 5; i++) backend.encode(values);
        for (let i = 0; i < 2; i++) keys.publicKey.encrypt(p);
      });
      expect(sum).toBe(all.total);
    });
    backend.dispose();
  });

  it('as engineSizes says', () => {
    for (const spec of [
      ...SPECS,
      { ringDegree: 65536, chain: [50, ...Array<number>(29).fill(40)], special: Array<number>(10).fill(42) },
    ]) {
      const { ciphertext, plaintext, secretKey, publicKey, evaluationKey, digits } = engineSizes(spec);
      const of = sizes(spec).engine!;
      expect(of).toMatchObject({
        ciphertext,
        plaintext,
        secretKey,
        publicKey,
        relinearizationKey: evaluationKey,
        digits,
      });
    }
  });
});

describe('on node-seal', () => {
  const spec = { ringDegree: 1024, chain: [50, 40, 40], special: [50], insecure: true } as const;

  it('ciphertexts to the byte', async () => {
    const backend = await seal(spec);
    backend.scope(() => {
      const { publicKey } = backend.keygen({ relinearize: false });
      expect(publicKey.encrypt(backend.encode(1)).bytes).toBe(sizes(spec).seal!.ciphertext);
    });
    backend.dispose();
  });

  it('the others by what they save without compression, up to headers', async () => {
    const module = await loadSeal();
    const context = makeContext(module, parameters(spec));
    const generator = new module.KeyGenerator(context);
    const saved = (object: { saveToArray(mode: unknown): Uint8Array }): number =>
      object.saveToArray(module.ComprModeType.none).length;
    const of = sizes(spec).seal!;
    const made = {
      secretKey: generator.secretKey(),
      publicKey: generator.createPublicKey(),
      relinearizationKey: generator.createRelinKeys(),
      rotationKey: generator.createGaloisKeysWithSteps(Int32Array.from([-1])),
    };
    for (const [name, object] of Object.entries(made)) {
      const is = saved(object as never);
      const expected = of[name as keyof typeof made];
      expect(is, name).toBeGreaterThanOrEqual(expected);
      // Each polynomial vector has a header of some dozen bytes; Galois keys list the places of all N possible ones.
      expect(is - expected, name).toBeLessThan(name === 'rotationKey' ? 1024 * 8 + 1024 : 1024);
      object.delete();
    }
    generator.delete();
    context.delete();
  });
});

describe('what is asked for', () => {
  const spec: ParameterSpec = { ringDegree: 16384, chain: [50, 40, 40, 40], special: [50] };

  it('prints as a table, with the security line', () => {
    expect(inspect(sizes(spec, { rotations: 20, conjugate: true, plaintexts: 1 })).split('\n')).toEqual([
      'ring degree 16384, 8192 slots, 3 levels; at the highest level, in memory:',
      '                               engine       seal',
      'plaintext                   513.3 KiB  512.0 KiB',
      'ciphertext                    1.0 MiB    1.0 MiB',
      'secret key                  641.6 KiB  640.0 KiB',
      'public key                    1.0 MiB    1.3 MiB',
      'relinearization key           5.0 MiB    5.0 MiB',
      'rotation key                  5.1 MiB    5.0 MiB',
      'digits of a key                     4          4',
      '20 rotation keys            101.5 MiB  100.0 MiB',
      '1 plaintext                 513.3 KiB  512.0 KiB',
      'total: 24 keys, plaintexts  113.7 MiB  112.4 MiB',
      'log QP 220.0 of 438 bits for 128-bit security at ring degree 16384',
    ]);
  });

  it('takes parameters, numbers and lists of steps', () => {
    const made = parameters(spec);
    expect(sizes(made).parameters).toBe(made);
    const keys = (rotations: number | readonly number[]): number => {
      const { rotationKeys, rotationKey } = sizes(spec, { rotations }).engine!;
      return rotationKeys / rotationKey;
    };
    expect([0, 7, [1, 2], [1, 1, 0, -1, 8191]].map(keys)).toEqual([0, 7, 2, 2]); // 8191 to the right is 1 to the left
    expect(sizes(spec).engine!.total - sizes(spec, { relinearize: false }).engine!.total).toBe(
      sizes(spec).engine!.relinearizationKey,
    );
  });

  it('says which backend does not take the parameters, and what is not secure', () => {
    const wide = sizes({ ringDegree: 8192, chain: [60, 40, 40], special: [60] });
    expect([wide.engine, wide.seal?.digits]).toEqual([undefined, 3]);
    expect(inspect(wide)).toContain('–: the engine takes primes below 2^50');
    const many = sizes({ ringDegree: 8192, chain: [40, 40], special: [40, 40] });
    expect([many.seal, many.engine?.digits]).toEqual([undefined, 1]);
    expect(inspect(many)).toContain('–: node-seal takes exactly one special prime');
    expect(inspect(sizes({ ringDegree: 8192, chain: [50, 39, 39, 39], special: [50] }))).toMatch(
      /log QP 217\.0 of 218 bits .* 8192 \(214 by the more cautious guidelines of 2024\)$/,
    );
    const tiny = sizes({ ringDegree: 64, chain: [40, 40], special: [40], insecure: true });
    expect([tiny.securityBits, tiny.limit]).toEqual([0, undefined]);
    expect(inspect(tiny)).toMatch(/log QP 120\.0; no limit is known for ring degree 64: INSECURE$/);
    const broken = sizes({ ringDegree: 1024, chain: [40], special: [40], insecure: true });
    expect(inspect(broken)).toMatch(/log QP 80\.0 of 27 bits .*: INSECURE$/);
  });

  it('without special primes there are no evaluation keys', () => {
    const bare = { ringDegree: 4096, chain: [50, 38] } as const;
    expect(inspect(sizes(bare))).not.toMatch(/rotation|relinearization/);
    expect(sizes(bare).engine!.total).toBe(sizes(bare).engine!.secretKey + sizes(bare).engine!.publicKey);
    for (const options of [{ rotations: 1 }, { conjugate: true }, { relinearize: true }]) {
      expect(() => sizes(bare, options)).toThrow(/special primes should be at least one/);
      expect(() => twin(bare).keygen('rotations' in options ? { rotations: [1] } : options)).toThrow(/special primes/);
    }
  });

  it.each([
    { rotations: -1 },
    { rotations: 1.5 },
    { rotations: [8192] },
    { plaintexts: Number.NaN },
    { ciphertexts: '2' },
  ])('refuses %j', (options) => {
    expect(() => sizes(spec, options as never)).toThrow(expect.objectContaining({ code: 'RANGE' }));
  });

  it('refuses insecure parameters that do not say so', () => {
    expect(() => sizes({ ringDegree: 64, chain: [40] })).toThrow(expect.objectContaining({ code: 'INSECURE' }));
  });
});
