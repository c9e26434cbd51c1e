/** The engine's memory: nothing leaks, nothing overlaps, and where there is too little the refusal says so and harms nothing. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CheckedBackend } from '../src/backend/checked.ts';
import type { Backend, Ciphertext, Keys } from '../src/backend/contract.ts';
import { FheError } from '../src/backend/errors.ts';
import type { ParameterSpec } from '../src/backend/parameters.ts';
import { seededRandom } from '../src/backend/random.ts';
import type { EngineArithmetic } from '../src/engine/arithmetic.ts';
import type { EngineHandles } from '../src/engine/handles.ts';
import { Heap, humanBytes } from '../src/engine/heap.ts';
import { engine, type EngineOptions } from '../src/engine/index.ts';

afterEach(() => vi.restoreAllMocks());

const SEED = process.env.TOYFHE_SEED ?? 'memory-1';
const MIB = 2 ** 20;

/** Node's garbage collector, which it hides unless asked. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function refusal(f: () => unknown): FheError {
  try {
    f();
  } catch (error) {
    if (error instanceof FheError) return error;
    throw error;
  }
  return expect.fail('should be refused');
}

/** The heap behind a backend. */
function heapOf(backend: Backend): Heap {
  const { arithmetic } = backend as CheckedBackend<EngineHandles>;
  return (arithmetic as EngineArithmetic).machine.heap;
}

const SPEC: ParameterSpec = { ringDegree: 1024, chain: [50, 40, 40], special: [45, 45], insecure: true };

async function open(options: EngineOptions = {}, spec: ParameterSpec = SPEC): Promise<{ b: Backend; heap: Heap }> {
  const b = await engine(spec, { threads: 1, random: seededRandom(SEED), ...options });
  return { b, heap: heapOf(b) };
}

const values = Float64Array.from({ length: 512 }, (_, i) => Math.sin(i));

function expectValues(b: Backend, keys: Keys, c: Ciphertext, want: Float64Array): void {
  b.scope(() => {
    const got = b.decode(keys.secretKeys.decrypt(c));
    // Noise of some hundred units in 512 slots at a scale of 2^40, after one product: far below 2^-20.
    for (const [i, x] of got.entries()) expect(Math.abs(x - want[i]!)).toBeLessThan(2 ** -20);
  });
}

describe('a thousand cycles of encrypting, computing, decrypting', () => {
  test('leave no object, no byte of the heap, and no memory of the process behind', async () => {
    // A ciphertext that leaked in each cycle would be 2·3 limbs of 32 KiB: 190 MiB after a thousand.
    const { b, heap } = await open({}, { ...SPEC, ringDegree: 4096 });
    const keys = b.keygen({ rotations: [1], conjugate: true });
    const ev = keys.evaluationKeys;
    const cycle = (): void =>
      b.scope(() => {
        const x = keys.publicKey.encrypt(b.encode(values));
        const y = ev.rescale(ev.relinearize(ev.mul(x, keys.secretKeys.encrypt(b.encode(0.5)))));
        const z = ev.add(ev.rotate(y, 1), ev.conjugate(ev.rotateSum([y, y], [0, 1])));
        b.decode(keys.secretKeys.decrypt(z));
      });
    // The first cycles make what stays: room for hoisting, compiled code, the collector's idea of how much garbage there is.
    for (let i = 0; i < 300; i++) cycle();
    collect();
    const before = { live: b.live, used: heap.used, size: heap.u8.length, rss: process.memoryUsage.rss() };
    for (let i = 0; i < 1000; i++) cycle();
    expect(b.live).toBe(before.live);
    expect(heap.used).toBe(before.used);
    expect(heap.u8.length).toBe(before.size);
    // Half of what one leaked ciphertext a cycle would make. The collector's own pools grow in steps of 16 to 32 MiB, seen
    // over 6,000 cycles, while what lives in them stays the same.
    collect();
    expect(process.memoryUsage.rss() - before.rss).toBeLessThan(95 * MIB);
    b.dispose();
  });

  test('objects that nobody disposes are counted as live, and given back when they are', async () => {
    const { b, heap } = await open();
    const keys = b.keygen();
    const used = heap.used;
    const made = Array.from({ length: 10 }, () => keys.publicKey.encrypt(b.encode(values)));
    expect(b.live).toBe(3 + 20);
    expect(heap.used).toBeGreaterThanOrEqual(used + made.reduce((sum, c) => sum + c.bytes, 0));
    for (const c of made) c.dispose();
    for (const c of made) c.dispose(); // a second time does nothing
    expect(b.live).toBe(3 + 10);
    for (const o of [keys.secretKeys, keys.publicKey, keys.evaluationKeys]) o.dispose();
    expect(b.live).toBe(10);
    b.dispose();
  });

  test('keys give everything back, inside the memory and outside', async () => {
    for (const keyMemory of [64 * MIB, 0]) {
      const { b, heap } = await open({ keyMemory });
      const request = { rotations: [1, 2, 5], conjugate: true };
      const used = heap.used;
      for (let i = 0; i < 5; i++) {
        const keys = b.keygen(request);
        const more = keys.secretKeys.evaluationKeys({ rotations: [7] });
        for (const o of [more, keys.secretKeys, keys.publicKey, keys.evaluationKeys]) o.dispose();
        expect(heap.used).toBe(used);
      }
      expect(b.live).toBe(0);
      b.dispose();
    }
  });
});

describe('where memory is short', () => {
  /** Bytes that an engine of SPEC takes before any object is made, a page that the compiler has included. */
  const base = (async () => {
    const { b, heap } = await open();
    const used = heap.used + 65536;
    b.dispose();
    return used;
  })();

  test('a ciphertext too many is refused with sizes, nothing is lost, and work goes on', async () => {
    // One key pair without evaluation keys takes 13 limbs of 8.3 KiB; then there is room for a few ciphertexts.
    const { b, heap } = await open({ memory: (await base) + 600 * 1024, keyMemory: 0 });
    const keys = b.keygen({ relinearize: false });
    const p = b.encode(values);
    const [used, live] = [heap.used, b.live];
    const fill = (): { made: Ciphertext[]; error: FheError } => {
      const made: Ciphertext[] = [];
      const error = refusal(() => {
        for (let i = 0; i < 100; i++) made.push(keys.publicKey.encrypt(p));
      });
      return { made, error };
    };
    const first = fill();
    expect(first.error.code).toBe('MEMORY');
    expect(first.error.message).toMatch(
      /^cannot allocate memory for .+: free memory of the engine should be at least \d+(\.\d)? (bytes|KiB) but is \d+(\.\d)? (bytes|KiB); .+$/,
    );
    expect(first.made.length).toBeGreaterThanOrEqual(4);
    expect(b.live).toBe(live + first.made.length);
    const count = first.made.length;
    // Decrypting and decoding need seven limbs, a ciphertext has six: two of them make room for it, and for one more.
    for (const c of first.made.splice(-2)) c.dispose();
    for (const c of first.made) expectValues(b, keys, c, values);
    const again = keys.publicKey.encrypt(p);
    first.made[0]!.dispose();
    expectValues(b, keys, again, values);
    for (const c of [again, ...first.made]) c.dispose();
    expect([heap.used, b.live]).toEqual([used, live]);
    const second = fill();
    expect(second.made).toHaveLength(count);
    for (const c of second.made) c.dispose();
    expect([heap.used, b.live]).toEqual([used, live]);
    b.dispose();
  });

  test('an engine whose tables alone are too large is refused', async () => {
    const error = await engine({ ...SPEC, ringDegree: 16384 }, { threads: 1, memory: MIB }).then(
      () => expect.fail('should be refused'),
      (e: unknown) => e as FheError,
    );
    expect(error).toBeInstanceOf(FheError);
    expect(error.code).toBe('MEMORY');
    expect(error.message).toMatch(
      /; dispose .*: using c = …, or backend\.scope\(\(\) => …\), or raise the option memory$/,
    );
  });

  test.each<[EngineOptions, RegExp]>([
    [{ memory: Number.NaN }, /memory should be a number of bytes from 1048576 to 4294967296 but is NaN; leave it out/],
    [{ memory: Number.POSITIVE_INFINITY }, /memory should be .* but is Infinity/],
    [{ memory: MIB - 1 }, /memory should be .* but is 1048575/],
    [{ memory: 2 ** 32 + 1 }, /memory should be .* but is 4294967297/],
    [{ memory: '1e9' as unknown as number }, /memory should be .* but is "1e9" \(a string\)/],
    [{ keyMemory: -1 }, /keyMemory should be a number of bytes from 0 to memory, which is 4294967296 but is -1/],
    [{ memory: 8 * MIB, keyMemory: 9 * MIB }, /keyMemory should be .* which is 8388608 but is 9437184/],
    [{ keyMemory: Number.NaN }, /keyMemory should be .* but is NaN/],
    [{ kernels: 'fast' as 'fused' }, /kernels should be fused or software but is "fast" \(a string\); leave it out/],
  ])('refuses the options %o', async (options, message) => {
    const error = await engine(SPEC, { threads: 1, ...options }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'RANGE', message: expect.stringMatching(message) as string });
  });

  test.each([
    ['chain[0]', { chain: [60, 40], special: [60] }, '60'],
    ['special[1]', { chain: [50, 40], special: [50, 55] }, '55'],
  ])('%s: a prime beyond 50 bits is refused by its place', async (place, primes, bits) => {
    await expect(engine({ ...SPEC, ...primes }, { threads: 1 })).rejects.toThrow(
      `${place} should be at most 50 bits but is ${bits}; the engine keeps residues in doubles; seal takes up to 60 bits`,
    );
  });

  test('an object of another engine: save and load it', async () => {
    const [{ b: one }, { b: two }] = [await open(), await open()];
    expect(refusal(() => two.decode(one.encode(1))).message).toMatch(
      /but is one of another backend \(engine\); save it there and load it here, or use one backend$/,
    );
    one.dispose();
    two.dispose();
  });

  test('keys that no memory holds are refused before the first is made', async () => {
    const { b, heap } = await open({ keyMemory: 0 });
    const keys = b.keygen({ relinearize: false });
    const [used, live] = [heap.used, b.live];
    // 2 digits, 2 polynomials, 5 primes: 20 limbs of 8,512 bytes, 166.3 KiB a key. Room for two and a half.
    const available = vi.spyOn(process, 'availableMemory').mockReturnValue(400 * 1024);
    const random = vi.spyOn(globalThis.crypto, 'getRandomValues');
    const request = { rotations: [1, 2], conjugate: true, relinearize: false };
    for (const ask of [() => b.keygen(request), () => keys.secretKeys.evaluationKeys(request)]) {
      const error = refusal(ask);
      expect(error.code).toBe('MEMORY');
      expect(error.message).toMatch(/at least 498\.\d KiB: 3 keys of 166\.\d KiB but is 400\.0 KiB; /);
      expect([heap.used, b.live]).toEqual([used, live]);
    }
    expect(random.mock.calls.length).toBeLessThanOrEqual(1); // for the key pair's name alone
    keys.secretKeys.evaluationKeys({ rotations: [1, 2], relinearize: false }).dispose();
    available.mockReturnValue(100 * 1024);
    expect(refusal(() => keys.secretKeys.evaluationKeys({ rotations: [1], relinearize: false })).code).toBe('MEMORY');
    b.dispose();
  });

  test('what keys have taken inside is not promised again', async () => {
    // Room for four keys inside, and none outside.
    const { b } = await open({ keyMemory: 4 * 170 * 1024 });
    vi.spyOn(process, 'availableMemory').mockReturnValue(0);
    const keys = b.keygen({ rotations: [1, 2] });
    expect(refusal(() => keys.secretKeys.evaluationKeys({ rotations: [3, 4], relinearize: false })).code).toBe(
      'MEMORY',
    );
    const last = keys.secretKeys.evaluationKeys({ rotations: [3], relinearize: false });
    expect(refusal(() => keys.secretKeys.evaluationKeys({ rotations: [4], relinearize: false })).code).toBe('MEMORY');
    last.dispose();
    keys.secretKeys.evaluationKeys({ rotations: [4], relinearize: false }).dispose();
    b.dispose();
  });

  /** Makes the heap refuse the allocation after `after` more. */
  function failing(heap: Heap, after: number): { restore(): void } {
    const allocate = heap.allocate.bind(heap);
    let left = after;
    const spy = vi.spyOn(heap, 'allocate').mockImplementation((bytes, what) => {
      if (left-- > 0) return allocate(bytes, what);
      throw new FheError({ code: 'MEMORY', op: 'test', field: 'it', should: 'fail', is: 'failing', hint: 'go on' });
    });
    return { restore: () => spy.mockRestore() };
  }

  test.each([64 * MIB, 0])(
    'whichever allocation of a verb fails, nothing is lost: keys in %i bytes',
    async (keyMemory) => {
      const { b, heap } = await open({ keyMemory });
      const keys = b.keygen({ rotations: [1, 2, 3], conjugate: true });
      const { evaluationKeys: ev, secretKeys, publicKey } = keys;
      const p = b.encode(values);
      const x = publicKey.encrypt(p);
      const square = ev.square(x);
      const half = b.encode(0.5);
      const verbs: Record<string, () => unknown> = {
        encode: () => b.encode(values).dispose(),
        decode: () => void b.decode(p),
        decodeComplex: () => void b.decodeComplex(p),
        encrypt: () => publicKey.encrypt(p),
        'encrypt a constant': () => publicKey.encrypt(half),
        'encrypt with the secret key': () => secretKeys.encrypt(p),
        decrypt: () => secretKeys.decrypt(x).dispose(),
        add: () => ev.add(x, x),
        addPlain: () => ev.addPlain(x, p),
        mulPlain: () => ev.mulPlain(x, p),
        mul: () => ev.mul(x, x),
        square: () => ev.square(x),
        relinearize: () => ev.relinearize(square),
        rescale: () => ev.rescale(square),
        dropLevel: () => ev.dropLevel(x, 0),
        rotate: () => ev.rotate(x, 1),
        rotateMany: () => ev.rotateMany(x, [0, 1, 2, 3]),
        conjugate: () => ev.conjugate(x),
        rotateSum: () => ev.rotateSum([x, x, x, x], [0, 1, 2, 3]),
        dotPlain: () => ev.dotPlain([x, x], [p, half]),
        'dotPlain of constants': () => ev.dotPlain([x, x], [half, half]),
        keygen: () => {
          const made = b.keygen({ rotations: [1], conjugate: true });
          for (const o of Object.values(made)) (o as Ciphertext).dispose();
        },
        'further keys': () => secretKeys.evaluationKeys({ rotations: [5] }).dispose(),
      };
      const dispose = (made: unknown): void => {
        for (const c of (made === undefined ? [] : [made].flat()) as Ciphertext[]) c.dispose();
      };
      const leaking: string[] = [];
      for (const [name, verb] of Object.entries(verbs)) {
        // From the first allocation on: also what a verb makes once and keeps (room for hoisting) may fail to be made.
        for (let after = 0; ; after++) {
          expect(after).toBeLessThan(1000);
          const [used, live] = [heap.used, b.live];
          const { restore } = failing(heap, after);
          let error: unknown;
          try {
            dispose(verb());
          } catch (e) {
            error = e;
          } finally {
            restore();
          }
          expect(b.live).toBe(live);
          if (error === undefined) break;
          expect(error).toMatchObject({ code: 'MEMORY' });
          const kept = heap.used - used;
          dispose(verb()); // once it has what it keeps, a failure keeps nothing more
          const steady = heap.used;
          const again = failing(heap, after);
          try {
            dispose(verb());
          } catch {
            // as before
          } finally {
            again.restore();
          }
          if (heap.used !== steady)
            leaking.push(`${name}: ${heap.used - steady} bytes at allocation ${after} (first ${kept})`);
        }
      }
      expect(leaking).toEqual([]);
      // And everything still computes what it should.
      const [r1, r2] = ev.rotateMany(x, [1, 2]) as [Ciphertext, Ciphertext];
      expectValues(
        b,
        keys,
        r1,
        Float64Array.from(values, (_, i) => values[(i + 511) % 512]!),
      );
      expectValues(
        b,
        keys,
        r2,
        Float64Array.from(values, (_, i) => values[(i + 510) % 512]!),
      );
      expectValues(
        b,
        keys,
        ev.rescale(ev.relinearize(square)),
        values.map((v) => v * v),
      );
      b.dispose();
    },
  );

  test('a sum of rotations whose tables could not be made does not harm the next one', async () => {
    const { b, heap } = await open();
    const keys = b.keygen({ rotations: [1, 2, 3] });
    const ev = keys.evaluationKeys;
    const x = keys.publicKey.encrypt(b.encode(values));
    const sum = (steps: number[]): Ciphertext =>
      ev.rotateSum(
        steps.map(() => x),
        steps,
      );
    const want = (steps: number[]): Float64Array =>
      Float64Array.from(values, (_, i) => steps.reduce((s, k) => s + values[(i - k + 512) % 512]!, 0));
    expectValues(b, keys, sum([1, 2]), want([1, 2]));
    for (let after = 0; after < 40; after++) {
      const { restore } = failing(heap, after);
      try {
        sum([1, 2, 3]).dispose();
        break;
      } catch (error) {
        expect(error).toMatchObject({ code: 'MEMORY' });
      } finally {
        restore();
      }
      // Blocks that were given back by mistake would now be handed out, and written to by the sum.
      const blocks = Array.from({ length: 20 }, (_, i) => {
        const address = heap.allocate(64 * (i + 1));
        heap.u8.fill(0xa5, address, address + 64 * (i + 1));
        return address;
      });
      expectValues(b, keys, sum([1, 2]), want([1, 2]));
      blocks.forEach((address, i) => {
        expect(heap.u8.subarray(address, address + 64 * (i + 1)).every((byte) => byte === 0xa5)).toBe(true);
        heap.release(address, 64 * (i + 1));
      });
    }
    expectValues(b, keys, sum([1, 2, 3]), want([1, 2, 3]));
    b.dispose();
  });
});

describe('the heap', () => {
  const KIB = 1024;
  /** Room for `kib`, beside the page that the compiler has. */
  const small = (kib: number): Heap => new Heap(65536 + kib * KIB);

  test('hands out cache lines, and recycles blocks of one size', () => {
    const heap = small(1024);
    const [a, b] = [heap.allocate(100), heap.allocate(1)];
    expect([a % 64, b % 64, b - a]).toEqual([0, 0, 128]);
    expect(heap.used).toBe(128 + 64);
    heap.release(a, 100);
    expect(heap.allocate(128)).toBe(a); // rounded, the sizes are the same
    expect(heap.used).toBe(128 + 64);
    expect(heap.available).toBe(1024 * KIB - 128 - 64);
  });

  test('joins free neighbours before it refuses', () => {
    const heap = small(1024);
    const blocks = heap.allocateMany(16, 64 * KIB, 'blocks');
    expect(heap.available).toBe(0);
    expect(refusal(() => heap.allocate(64)).code).toBe('MEMORY');
    for (const i of [3, 5, 4]) heap.release(blocks[i]!, 64 * KIB);
    expect(heap.allocate(150 * KIB)).toBe(blocks[3]);
    expect(heap.allocate(42 * KIB)).toBe(blocks[3]! + 150 * KIB); // what was left of them
    heap.release(blocks[0]!, 64 * KIB);
    heap.release(blocks[2]!, 64 * KIB); // not neighbours: 128 KiB free, but not in one piece
    expect(heap.available).toBe(128 * KIB);
    const error = refusal(() => heap.allocate(65 * KIB, 'a test'));
    expect(error.message).toMatch(
      /^cannot allocate memory for a test: free memory .* at least 65\.0 KiB but is 128\.0 KiB in smaller pieces; /,
    );
  });

  test('says so where the operating system has no more', () => {
    const heap = new Heap();
    const grow = vi.spyOn(heap.memory, 'grow').mockImplementation(() => {
      throw new RangeError('no');
    });
    const error = refusal(() => heap.allocate(MIB, 'a test'));
    expect(error.message).toMatch(
      /^cannot allocate memory for a test: memory from the operating system should be at least 1\.0 MiB .* but is less: the operating system gave no more memory; dispose .* memory: 1e9$/,
    );
    grow.mockRestore();
    heap.allocate(MIB);
    expect(refusal(() => heap.allocate(2 ** 32)).message).toMatch(/free memory of the engine .* => …\)$/);
  });

  test('joins what is free with what has never been used', () => {
    const heap = small(1024);
    heap.allocate(100 * KIB);
    const block = heap.allocate(600 * KIB);
    heap.release(block, 600 * KIB);
    expect(heap.allocate(900 * KIB)).toBe(block);
  });

  test('several blocks are all made or none', () => {
    const heap = small(256);
    expect(refusal(() => heap.allocateMany(5, 64 * KIB, 'five')).message).toContain(
      'at least 320.0 KiB but is 256.0 KiB',
    );
    expect(heap.used).toBe(0);
    const [a, b, c] = heap.allocateMany(4, 64 * KIB, 'four');
    heap.releaseMany([a!, c!], 64 * KIB);
    // Two fit by their sum, but not in these pieces.
    expect(refusal(() => heap.allocateMany(2, 64 * KIB - 64, 'two').length && heap.allocate(128)).code).toBe('MEMORY');
    expect(b).toBe(a! + 64 * KIB);
  });

  test('a new view sees what has grown, and grown memory is the same memory', () => {
    const heap = new Heap(64 * MIB);
    const a = heap.allocate(8);
    const old = heap.f64;
    old[a / 8] = 1.5;
    const b = heap.allocate(20 * MIB);
    expect(heap.f64.length).toBeGreaterThan(old.length);
    expect(heap.f64[a / 8]).toBe(1.5);
    heap.f64[b / 8] = 2.5;
    old[a / 8] = 3.5;
    expect(heap.f64[a / 8]).toBe(3.5);
    expect(heap.u8.buffer).toBe(heap.memory.buffer);
  });

  test('live blocks never overlap, and a refusal is right (fast-check prints its seed on failure)', () => {
    const LIMIT = 65536 + 256 * KIB;
    const action = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ bytes: fc.constantFrom(1, 64, 65, 1000, 8512, 8512, 20000, 70000, 150000) }),
      },
      { weight: 2, arbitrary: fc.record({ release: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150 }), (actions) => {
        const heap = new Heap(LIMIT);
        const live: { at: number; bytes: number }[] = [];
        const size = (bytes: number): number => Math.ceil(bytes / 64) * 64;
        for (const a of actions) {
          if ('release' in a) {
            if (live.length === 0) continue;
            const [block] = live.splice(a.release % live.length, 1);
            heap.release(block!.at, block!.bytes);
          } else {
            live.sort((x, y) => x.at - y.at);
            let largest = 0;
            let end = 65536;
            for (const { at, bytes } of [...live, { at: LIMIT, bytes: 0 }]) {
              largest = Math.max(largest, at - end);
              end = at + size(bytes);
            }
            let at: number | undefined;
            try {
              at = heap.allocate(a.bytes);
            } catch (error) {
              expect(error).toMatchObject({ code: 'MEMORY' });
              // Refused only where no gap between live blocks would do.
              expect(largest).toBeLessThan(size(a.bytes));
            }
            if (at === undefined) continue;
            expect(at % 64).toBe(0);
            expect(at).toBeGreaterThanOrEqual(65536);
            expect(at + a.bytes).toBeLessThanOrEqual(LIMIT);
            expect(at + a.bytes).toBeLessThanOrEqual(heap.u8.length);
            for (const other of live) {
              expect(at + size(a.bytes) <= other.at || other.at + size(other.bytes) <= at).toBe(true);
            }
            live.push({ at, bytes: a.bytes });
          }
          const used = live.reduce((sum, { bytes }) => sum + size(bytes), 0);
          expect(heap.used).toBe(used);
          expect(heap.available).toBe(LIMIT - 65536 - used);
        }
      }),
      { seed: 31, numRuns: 500 },
    );
  });

  test('sizes are printed for people', () => {
    expect([0, 1, 1023, 1024, 1536, 3 * MIB, 1.5 * 2 ** 30, 2 ** 43].map(humanBytes)).toEqual([
      '0 bytes',
      '1 bytes',
      '1023 bytes',
      '1.0 KiB',
      '1.5 KiB',
      '3.0 MiB',
      '1.5 GiB',
      '8.0 TiB',
    ]);
  });
});
