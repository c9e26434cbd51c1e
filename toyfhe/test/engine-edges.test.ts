/** What the engine refuses, and what it does where there is hardly room: each of these once gave garbage, a leak or a wrong no. */
import { existsSync, readdirSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { FheError, type FheErrorCode, Scale, seededRandom } from '../src/backend/index.ts';
import { engine, type EngineBackend, type EngineOptions } from '../src/engine/index.ts';

const random = seededRandom(process.env.TOYFHE_SEED ?? 'edges-1');

function refused(code: FheErrorCode, f: () => unknown): FheError {
  try {
    f();
  } catch (error) {
    if (!(error instanceof FheError)) throw error;
    expect(error.code).toBe(code);
    return error;
  }
  return expect.fail(`should be refused with ${code}`);
}

function small(options: EngineOptions = {}): Promise<EngineBackend> {
  const spec = { ringDegree: 1024, chain: [50, 40, 40], special: [45, 45], insecure: true };
  return engine(spec, { threads: 1, random, ...options });
}

describe('numbers beyond doubles', () => {
  test('are refused at encoding and at decoding, in all slots as in one', async () => {
    const spec = { ringDegree: 64, chain: Array<number>(26).fill(45), special: [45], insecure: true };
    const b = await engine(spec, { threads: 1, random });
    const scale = Scale.powerOfTwo(60);
    refused('RANGE', () => b.encode([1e300, 1], { scale }));
    refused('RANGE', () => b.encode(1e300, { scale }));
    refused('RANGE', () => b.encode([1, 2], { scale: Scale.powerOfTwo(1100) }));
    expect(b.decode(b.encode([1e270, -1], { scale }))[0]! / 1e270).toBeCloseTo(1, 10);
    // Products reach scales that no double holds: decrypting them is refused, not answered with NaN.
    const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({});
    let c = publicKey.encrypt(b.encode([0.5, 1], { scale: Scale.powerOfTwo(500) }));
    c = ev.relinearize(ev.square(c));
    refused('RANGE', () => b.decode(secretKeys.decrypt(c)));
    b.dispose();
  });

  test('a product of three polynomials is not rescaled into its own noise', async () => {
    const b = await engine(
      { ringDegree: 1024, chain: [50, 30, 30], special: [50], insecure: true },
      { threads: 1, random },
    );
    const { publicKey, evaluationKeys: ev } = b.keygen({});
    // 22 + 22 − 30 = 14 bits are left: above the noise of a rescale of two polynomials, below that of three.
    const x = publicKey.encrypt(b.encode(1, { scale: Scale.powerOfTwo(22) }));
    const product = ev.mul(x, x);
    refused('SCALE_UNDERFLOW', () => ev.rescale(product));
    expect(ev.rescale(ev.relinearize(product)).level).toBe(1);
    b.dispose();
  });
});

describe('randomness that is not the operating system’s', () => {
  test('hides nothing, and says so', async () => {
    const spec = { ringDegree: 8192, chain: [50, 38, 38], special: [50] };
    const [seeded, honest] = [await engine(spec, { threads: 1, random }), await engine(spec, { threads: 1 })];
    expect([seeded.securityBits, honest.securityBits]).toEqual([0, 128]);
    expect(inspect(seeded)).toMatch(/INSECURE$/);
    expect(inspect(honest)).not.toMatch(/INSECURE/);
    seeded.dispose();
    honest.dispose();
  });

  test('is refused where it gives too little', async () => {
    const b = await small({ random: { bytes: () => new Uint8Array(3) } });
    refused('RANGE', () => b.keygen({ relinearize: false }));
    expect(b.live).toBe(0);
    b.dispose();
  });
});

describe('where there is hardly room', () => {
  const threadsNow = (): number => readdirSync('/proc/self/task').length;

  test.runIf(existsSync('/proc/self/task'))('an engine that cannot start leaves no thread behind', async () => {
    const spec = { ringDegree: 4096, chain: [40, 30, 30], special: [40], insecure: true };
    const start = async (memory: number): Promise<boolean> => {
      try {
        (await engine(spec, { threads: 3, random, memory })).dispose();
        return true;
      } catch (error) {
        expect((error as FheError).code).toBe('MEMORY');
        return false;
      }
    };
    await start(64e6); // compilers start threads of their own
    const before = threadsNow();
    const started: boolean[] = [];
    for (let memory = 1.2e6; memory < 4e6; memory += 0.2e6) started.push(await start(memory));
    expect(started).toContain(false);
    await new Promise((resolve) => setTimeout(resolve, 200)); // ended workers take a moment
    expect(threadsNow()).toBeLessThanOrEqual(before + 2);
  });

  test('keys lie outside when memory is in pieces', async () => {
    const b = await engine(
      { ringDegree: 4096, chain: [40, 30, 30], special: [40], insecure: true },
      { threads: 1, random, memory: 12e6 },
    );
    const { publicKey, secretKeys } = b.keygen({ relinearize: false });
    const p = b.encode([1, 2, 3]);
    const made = [];
    try {
      for (;;) made.push(publicKey.encrypt(p));
    } catch (error) {
      expect((error as FheError).code).toBe('MEMORY');
    }
    made.forEach((c, i) => (i % 2 === 0 ? c.dispose() : undefined));
    const ev = secretKeys.evaluationKeys({ rotations: [1, 2] });
    const [one, two] = ev.rotateMany(made[1]!, [1, 2]); // and digits are not kept where there is no room for them
    expect([...b.decode(secretKeys.decrypt(one!)).slice(1, 4)].map(Math.round)).toEqual([1, 2, 3]);
    expect([...b.decode(secretKeys.decrypt(two!)).slice(2, 5)].map(Math.round)).toEqual([1, 2, 3]);
    b.dispose();
  });
});

test('a source that disposes the backend while it is read gives no object', async () => {
  const b = await small();
  const bytes = b.save(b.encode([1, 2, 3]));
  const before = b.live;
  refused('DISPOSED', () =>
    b.loadPlaintext(
      (function* () {
        yield bytes.subarray(0, 100);
        b.dispose();
        yield bytes.subarray(100);
      })(),
    ),
  );
  expect(b.live).toBe(before);
});
