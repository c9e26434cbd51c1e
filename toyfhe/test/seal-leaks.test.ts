/** What node-seal made is given back where a later step fails: failures are put into SEAL's own classes. */
import { afterEach, expect, it, vi } from 'vitest';
import { type Backend, FheError, type Owned, shadowed } from '../src/backend/index.ts';
import { liveSealObjects, seal } from '../src/seal/index.ts';
import { loadSeal } from '../src/seal/module.ts';

const SPEC = { ringDegree: 1024, chain: [30, 25, 25], special: [30], insecure: true } as const;

afterEach(() => vi.restoreAllMocks());

/** Makes the n-th call of a SEAL method fail, as SEAL does: with something that is not an `Error`. */
async function failing(
  name: 'Evaluator' | 'KeyGenerator' | 'CKKSEncoder' | 'Decryptor' | 'Encryptor',
  method: string,
  nth: number,
): Promise<void> {
  const module = await loadSeal();
  const prototype = (module[name] as unknown as { prototype: Record<string, (...args: unknown[]) => unknown> })
    .prototype;
  const original = prototype[method]!;
  let calls = 0;
  vi.spyOn(prototype, method).mockImplementation(function (this: unknown, ...args: unknown[]): unknown {
    if (++calls === nth) throw { message: ['std::logic_error', 'put in by a test'] };
    return original.apply(this, args);
  });
}

/** Runs `f` against a failure; afterwards as many objects must live as before. */
async function leavesNothing(
  prepare: () => Promise<void>,
  f: (b: Backend, keys: ReturnType<Backend['keygen']>) => void,
): Promise<void> {
  const b = await seal(SPEC);
  const keys = b.keygen({ rotations: [1, 2] });
  b.scope(() => f(b, keys)); // works as it is
  const before = [b.live, liveSealObjects()];
  await prepare();
  expect(() => b.scope(() => f(b, keys))).toThrow(FheError);
  expect([b.live, liveSealObjects()]).toEqual(before);
  // Nothing is left to the garbage collector, which would change the counts of the next test at a time of its own.
  for (const key of Object.values(keys) as Owned[]) key.dispose();
  b.dispose();
}

it('in the second of several rotations', () =>
  leavesNothing(
    () => failing('Evaluator', 'rotateVector', 2),
    (b, { publicKey, evaluationKeys }) => void evaluationKeys.rotateMany(publicKey.encrypt(b.encode(1)), [0, 1, 2]),
  ));

it.each([
  ['a later rotation', 'rotateVector', 2],
  ['the second addition', 'add', 2],
])('in %s of a sum of rotations', (_, method, nth) =>
  leavesNothing(
    () => failing('Evaluator', method, nth),
    (b, { publicKey, evaluationKeys }) => {
      const x = publicKey.encrypt(b.encode(1));
      evaluationKeys.rotateSum([x, x, x], [1, 0, 2]);
    },
  ),
);

it.each([
  ['a later product', 'multiplyPlain', 2],
  ['the second addition', 'add', 2],
])('in %s of a sum of products', (_, method, nth) =>
  leavesNothing(
    () => failing('Evaluator', method, nth),
    (b, { publicKey, evaluationKeys }) => {
      const [x, p] = [publicKey.encrypt(b.encode(1)), b.encode(1)];
      evaluationKeys.dotPlain([x, x, x], [p, p, p]);
    },
  ),
);

it('in encrypting with the secret key', () =>
  leavesNothing(
    () => failing('Encryptor', 'encryptSymmetric', 1),
    (b, { secretKeys }) => void secretKeys.encrypt(b.encode(1)),
  ));

it('in looking at the second of several rotations of a shadow', async () => {
  const inner = await seal(SPEC);
  const b = shadowed(inner);
  const keys = b.keygen({ rotations: [1, 2], relinearize: false });
  const before = [b.live, liveSealObjects()];
  await failing('Decryptor', 'decrypt', 3); // the fresh ciphertext and the first rotation are read, the second is not
  const rotate = (): unknown => keys.evaluationKeys.rotateMany(keys.publicKey.encrypt(b.encode(1)), [1, 2, 0]);
  expect(() => b.scope(rotate)).toThrow(FheError);
  expect([b.live, liveSealObjects()]).toEqual(before);
  for (const key of Object.values(keys) as Owned[]) key.dispose();
  b.dispose();
  inner.dispose();
});

it('in making Galois keys, after the relinearization key', () =>
  leavesNothing(
    () => failing('KeyGenerator', 'createGaloisKeysWithSteps', 1),
    (b) => void b.keygen({ rotations: [1] }),
  ));

it('in making the public key, after the secret one', () =>
  leavesNothing(
    () => failing('KeyGenerator', 'createPublicKey', 1),
    (b) => void b.keygen(),
  ));

it('in encoding imaginary parts, and in decoding them', async () => {
  await leavesNothing(
    () => failing('CKKSEncoder', 'encode', 2),
    (b) => void b.encode({ re: 1, im: 1 }),
  );
  vi.restoreAllMocks();
  await leavesNothing(
    () => failing('CKKSEncoder', 'decodeFloat64', 2),
    (b) => void b.decodeComplex(b.encode(1)),
  );
});

it('more keys than fit are refused before any is made', async () => {
  const b = await seal({ ringDegree: 16384, chain: [60, 40, 40, 40, 40, 40], special: [60] });
  const rotations = Array.from({ length: 400 }, (_, i) => i + 1); // 401 keys of 6·2·7·16384·8 bytes = 10.5 MiB
  const before = liveSealObjects();
  expect(() => b.keygen({ rotations })).toThrow(/memory .* at most 2.5 GiB .* but is 4.1 GiB: 401 keys of 11 MiB/);
  expect(() => b.keygen({ rotations })).toThrow(expect.objectContaining({ code: 'MEMORY' }));
  expect([b.live, liveSealObjects()]).toEqual([0, before]);
  b.dispose();
});

it('out of memory is MEMORY, and nothing calls SEAL after it', async () => {
  vi.resetModules(); // an instance of its own: it will be good for nothing
  const own: typeof import('../src/seal/index.ts') = await import('../src/seal/index.ts');
  const { loadSeal: load }: typeof import('../src/seal/module.ts') = await import('../src/seal/module.ts');
  const module = await load();
  const b = await own.seal(SPEC);
  const { publicKey, evaluationKeys: ev } = b.keygen();
  const c = publicKey.encrypt(b.encode(1));
  const { prototype } = module.Evaluator as unknown as { prototype: { add(): void; negate(): void } };
  vi.spyOn(prototype, 'add').mockImplementation(() => {
    throw { message: ['std::bad_alloc', 'std::bad_alloc'] };
  });
  const negate = vi.spyOn(prototype, 'negate');
  const memory = (is: RegExp): unknown =>
    expect.objectContaining({ code: 'MEMORY', message: expect.stringMatching(is) });
  expect(() => ev.add(c, c)).toThrow(memory(/memory needed should be within the 4 GiB .* but is more: std::bad_alloc/));
  expect(() => ev.neg(c)).toThrow(memory(/but is all used up by an earlier call/));
  expect(negate).not.toHaveBeenCalled();
});
