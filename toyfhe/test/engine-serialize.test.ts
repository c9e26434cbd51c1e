/** Saving and loading of the engine: round trips, sizes, client and server, refusals, and 10,000 mutated files. */
import { crc32 as zipCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckedBackend } from '../src/backend/checked.ts';
import type { Ciphertext, Keys, Owned, SecretKeys } from '../src/backend/contract.ts';
import { FheError, type FheErrorCode } from '../src/backend/errors.ts';
import { type Parameters, parameters, type ParameterSpec } from '../src/backend/parameters.ts';
import { seededRandom } from '../src/backend/random.ts';
import { Scale } from '../src/backend/scale.ts';
import type { EngineArithmetic } from '../src/engine/arithmetic.ts';
import type { EngineHandles } from '../src/engine/handles.ts';
import {
  type ByteSource,
  engine,
  type EngineBackend,
  type EngineOptions,
  loadParameters,
  saveParameters,
} from '../src/engine/index.ts';
import { bitsOf, pack, packedBytes, packedWords, unpack } from '../src/engine/serialize/bits.ts';
import { crc32 } from '../src/engine/serialize/crc.ts';
import { FILES } from './engine-files.ts';

const SEED = process.env['TOYFHE_SEED'] ?? 'serialize-1';
const DEGREE = 64;
const SPEC: ParameterSpec = { ringDegree: DEGREE, chain: [50, 40, 40], special: [50], insecure: true };
const VALUES = [1, -2.5, 3, 0.125];

/** One thread, little memory: what is tested here needs no more. */
function start(spec: ParameterSpec | Parameters = SPEC, options: EngineOptions = {}): Promise<EngineBackend> {
  return engine(spec, { threads: 1, memory: 2 ** 26, ...options });
}

function inner(backend: EngineBackend): CheckedBackend<EngineHandles> {
  return backend as unknown as CheckedBackend<EngineHandles>;
}

function machineOf(backend: EngineBackend): EngineArithmetic['machine'] {
  return (inner(backend).arithmetic as EngineArithmetic).machine;
}

/** What a backend holds: nothing of it may change where loading fails. */
function holdings(backend: EngineBackend): { live: number; used: number } {
  return { live: backend.live, used: machineOf(backend).heap.used };
}

/** The residues of limbs, each in [0, p). */
function residues(backend: EngineBackend, limbs: readonly number[]): number[][] {
  const machine = machineOf(backend);
  return limbs.map((limb, i) => {
    const { p } = machine.ring.moduli[i]!;
    return [...machine.view(limb)].map((x) => (x < 0 ? x + p : x + 0));
  });
}

function cipherResidues(backend: EngineBackend, c: Ciphertext): number[][][] {
  const { polynomials } = inner(backend).handleOfCiphertext('test', c).handle;
  return polynomials.map((limbs) => residues(backend, limbs));
}

function refusal(f: () => unknown): FheError {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(FheError);
    return error as FheError;
  }
  throw new Error('nothing was refused');
}

const FORM = /^cannot [^:]+: .+ should be .+ but is .+; .+$/s;

function expectRefused(f: () => unknown, about: RegExp, code: FheErrorCode = 'FORMAT'): void {
  const error = refusal(f);
  expect(error.code, error.message).toBe(code);
  expect(error.message).toMatch(FORM);
  expect(error.message).toMatch(about);
}

/** The lengths of a file's header and blocks. */
function cuts(chunks: Iterable<Uint8Array>): number[] {
  return [...chunks].map((chunk) => chunk.length);
}

/** The file with all checksums made right again, as far as whole blocks go. Checksums by zlib, not by what is tested. */
function resealed(bytes: Uint8Array, lengths: readonly number[]): Uint8Array {
  const out = Uint8Array.from(bytes);
  const view = new DataView(out.buffer);
  let crc = 0;
  let at = 0;
  for (const length of lengths) {
    if (at + length > out.length) break;
    crc = zipCrc32(out.subarray(at, at + length - 4), crc);
    view.setUint32(at + length - 4, crc, true);
    at += length;
  }
  return out;
}

function changed(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const out = Uint8Array.from(bytes);
  change(new DataView(out.buffer));
  return out;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* later(source: Iterable<Uint8Array>, before: () => void = () => undefined): AsyncGenerator<Uint8Array> {
  for (const chunk of source) {
    await Promise.resolve();
    before();
    yield chunk;
  }
}

describe('bits', () => {
  /** A modulus, not always a prime, and n residues of it, with the extreme ones. */
  const cases = fc
    .tuple(fc.integer({ min: 4, max: 50 }), fc.bigInt({ min: 0n, max: 2n ** 50n }), fc.integer({ min: 1, max: 20 }))
    .chain(([bits, x, eighths]) => {
      const p = 2n ** BigInt(bits - 1) + 1n + (x % (2n ** BigInt(bits - 1) - 1n));
      const residue = fc.oneof(fc.constantFrom(0n, 1n, p - 1n, p / 2n), fc.bigInt({ min: 0n, max: p - 1n }));
      return fc.record({
        p: fc.constant(p),
        values: fc.array(residue, { minLength: 8 * eighths, maxLength: 8 * eighths }),
      });
    });

  function packed(values: readonly bigint[], p: bigint, sign: (i: number) => boolean): Uint32Array {
    const bits = bitsOf(p);
    const words = new Uint32Array(packedWords(values.length, bits)).fill(0xdeadbeef);
    const signed = values.map((x, i) => Number(sign(i) && x !== 0n ? x - p : x));
    pack(words, Float64Array.from(signed), Number(p), bits);
    return words;
  }

  test('are those of the definition, and come back', () => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.boolean()), ({ p, values }, signs) => {
        const bits = bitsOf(p);
        const words = packed(values, p, () => signs.next().value!);
        const bytes = new Uint8Array(words.buffer, 0, packedBytes(values.length, bits));
        const number = values.reduce((sum, x, i) => sum | (x << BigInt(bits * i)), 0n);
        expect([...bytes]).toEqual([...bytes.keys()].map((i) => Number((number >> BigInt(8 * i)) & 255n)));
        const back = new Float64Array(values.length);
        expect(unpack(back, words, Number(p), bits)).toBe(-1);
        expect([...back]).toEqual(values.map((x) => Number(x > p / 2n ? x - p : x)));
      }),
      { numRuns: 500 },
    );
  });

  test('a residue that is not below its prime is found, whatever its neighbours', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 50n }), ({ p, values }, place, x) => {
        const bits = bitsOf(p);
        const at = place % values.length;
        const excess = 2n ** BigInt(bits) - p; // at least 1: p is no power of two
        const words = packed(
          values.map((v, i) => (i === at ? p + (x % excess) : v)),
          p,
          () => false,
        );
        expect(unpack(new Float64Array(values.length), words, Number(p), bits)).toBe(at);
      }),
      { numRuns: 500 },
    );
  });

  test('the checksum is that of zip', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926); // the catalogues' check value
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (a, b) => {
        expect(crc32(b, crc32(a))).toBe(zipCrc32(b, zipCrc32(a)));
      }),
    );
  });
});

describe('round trips', () => {
  let backend: EngineBackend;
  let keys: Keys;

  beforeAll(async () => {
    backend = await start(SPEC, { random: seededRandom(SEED) });
    keys = backend.keygen({ rotations: [1, 5], conjugate: true });
  });
  afterAll(() => {
    keys.secretKeys.dispose();
    keys.publicKey.dispose();
    keys.evaluationKeys.dispose();
    expect(backend.live).toBe(0);
    backend.dispose();
  });

  const limb = (bits: number): number => (DEGREE * bits) / 8 + 4;
  /** Prefix, degree and counts, scaleBits, insecure, four primes, checksum. */
  const HEAD = 16 + 8 + 4 + 1 + 4 * 8 + 4;
  const bitsOfPrimes = (): number[] => [...backend.parameters.primes, ...backend.parameters.special].map(bitsOf);
  const sizeOf = (primes: readonly number[]): number => primes.reduce((sum, bits) => sum + limb(bits), 0);

  test('ciphertexts: residues, metadata, key pair; the seeded one in half the space', () => {
    backend.scope(() => {
      const { secretKeys, publicKey, evaluationKeys: ev } = keys;
      const p = backend.encode(VALUES);
      const whole = publicKey.encrypt(p);
      const seeded = secretKeys.encrypt(p);
      const product = ev.mul(whole, seeded);
      const rescaled = ev.rescale(product);
      const chain = bitsOfPrimes().slice(0, 3);
      const sizes: [Ciphertext, number][] = [
        [whole, HEAD + 8 + 2 + 1 + 1 + 6 + 2 * sizeOf(chain)],
        [seeded, HEAD + 8 + 2 + 1 + 1 + 6 + 36 + sizeOf(chain)],
        [product, HEAD + 8 + 2 + 1 + 1 + 6 + 3 * sizeOf(chain)],
        [rescaled, HEAD + 8 + 2 + 1 + 1 + 6 + 6 + 3 * sizeOf(chain.slice(0, 2))],
        [ev.dropLevel(whole, 0), HEAD + 8 + 2 + 1 + 1 + 6 + 2 * limb(chain[0]!)],
      ];
      for (const [c, size] of sizes) {
        const bytes = backend.save(c);
        expect(bytes.length).toBe(size);
        for (const source of [bytes, pieces(bytes, 1), pieces(bytes, 1000), backend.saveChunks(c)]) {
          const back = backend.loadCiphertext(source);
          expect(cipherResidues(backend, back)).toEqual(cipherResidues(backend, c));
          expect([back.level, back.length, back.bytes, String(back.scale)]).toEqual([
            c.level,
            c.length,
            c.bytes,
            String(c.scale),
          ]);
          expect(back.scale.equals(c.scale)).toBe(true);
          expect(back.trace.map(({ op }) => op)).toEqual(['load']);
          expect(backend.decode(secretKeys.decrypt(back))).toEqual(backend.decode(secretKeys.decrypt(c)));
          expect(backend.save(back)).toEqual(bytes);
        }
      }
    });
  });

  test('plaintexts: polynomials and constants', () => {
    backend.scope(() => {
      const { primes } = backend.parameters;
      const some = [
        backend.encode(VALUES),
        backend.encode(VALUES, { level: 1, scale: Scale.ofPrime(1, primes[1]!) }),
        backend.encode([2.5], { repeat: true }),
        backend.encode([-0], { repeat: true }),
        backend.encode([1e-30, 0]), // all coefficients rounded to zero
      ];
      for (const p of some) {
        const bytes = backend.save(p);
        const back = backend.loadPlaintext(bytes);
        expect([back.level, back.isZero, String(back.scale)]).toEqual([p.level, p.isZero, String(p.scale)]);
        const [a, b] = [p, back].map((x) => backend.decodeComplex(x));
        const unsigned = (x: Float64Array): number[] => [...x].map((v) => v + 0); // of −0 the sign is not kept
        expect([unsigned(b!.re), unsigned(b!.im)]).toEqual([unsigned(a!.re), unsigned(a!.im)]);
        expect(backend.save(back)).toEqual(bytes);
        const c = keys.publicKey.encrypt(backend.encode(VALUES, { level: p.level, scale: p.scale }));
        const sums = [p, back].map((x) => cipherResidues(backend, keys.evaluationKeys.addPlain(c, x)));
        expect(sums[1]).toEqual(sums[0]);
      }
      expect(backend.save(some[2]!).length).toBe(HEAD + 1 + 2 + 6 + 12); // a constant is a number
    });
  });

  test('keys: the same limbs; half of public and evaluation keys is left out', () => {
    backend.scope(() => {
      const checked = inner(backend);
      const [size, steps] = [sizeOf(bitsOfPrimes()), 2];
      const publicBytes = backend.save(keys.publicKey);
      expect(publicBytes.length).toBe(HEAD + 8 + 36 + sizeOf(bitsOfPrimes().slice(0, 3)));
      const publicKey = backend.loadPublicKey(publicBytes);
      expect(publicKey.keyId).toBe(keys.publicKey.keyId);
      const [pk, pkBack] = [keys.publicKey, publicKey].map((k) => checked.handleOfPublic('test', k));
      expect(residues(backend, pkBack!.b)).toEqual(residues(backend, pk!.b));
      expect(residues(backend, pkBack!.a)).toEqual(residues(backend, pk!.a));

      const secretBytes = backend.save(keys.secretKeys, { secret: true });
      expect(secretBytes.length).toBe(HEAD + 8 + DEGREE / 4 + 4);
      const secretKeys = backend.loadSecretKeys(secretBytes);
      const [sk, skBack] = [keys.secretKeys, secretKeys].map((k) => checked.handleOfSecret('test', k));
      expect(residues(backend, skBack!.limbs)).toEqual(residues(backend, sk!.limbs));

      const digits = machineOf(backend).ring.digits.length;
      const bytes = backend.save(keys.evaluationKeys);
      expect(bytes.length).toBe(HEAD + 8 + 1 + 1 + 4 + 4 * steps + (2 + steps) * (36 + digits * size));
      const back = backend.loadEvaluationKeys(bytes);
      expect([back.rotations, back.keyId]).toEqual([[1, 5], keys.evaluationKeys.keyId]);
      expect(backend.save(back)).toEqual(bytes);
      const c = publicKey.encrypt(backend.encode(VALUES));
      const results = [keys.evaluationKeys, back].map((ev) =>
        [ev.relinearize(ev.square(c)), ev.conjugate(c), ev.rotate(c, 1), ev.rotate(c, 5)].map((x) =>
          cipherResidues(backend, x),
        ),
      );
      expect(results[1]).toEqual(results[0]);
    });
  });

  test('parameters: all of them, and what they allow', () => {
    const made = parameters(SPEC);
    const back = loadParameters(saveParameters(made), { insecure: true });
    expect(back).toEqual(made);
    const secure = parameters({ ringDegree: 8192, chain: [50, 40, 40], special: [50], scaleBits: 35 });
    expect(loadParameters(saveParameters(secure))).toEqual(secure);
    // Whoever sends parameters does not decide that they may be insecure.
    expectRefused(() => loadParameters(saveParameters(made)), /log QP at ring degree 64/, 'INSECURE');
  });

  test('keys outside the kernels’ memory, from a stream that is still coming', async () => {
    const outside = await start(SPEC, { keyMemory: 0 });
    const bytes = backend.save(keys.evaluationKeys);
    const after: unknown[] = [];
    for (const size of [7, 1000, bytes.length]) {
      const loaded = await outside.loadEvaluationKeysFrom(later(pieces(bytes, size)));
      expect(outside.save(loaded)).toEqual(bytes);
      const [a, b] = [backend, outside].map((x) => {
        const ev = x === backend ? keys.evaluationKeys : loaded;
        return x.scope(() => {
          const c = x.loadCiphertext(fresh);
          return cipherResidues(x, ev.rotate(ev.relinearize(ev.square(c)), 5));
        });
      });
      expect(b).toEqual(a);
      loaded.dispose();
      after.push(holdings(outside));
    }
    expect(after[2]).toEqual(after[0]);
    outside.dispose();
  });
  let fresh: Uint8Array;
  beforeAll(() => {
    fresh = backend.scope(() => backend.save(keys.publicKey.encrypt(backend.encode(VALUES))));
  });

  test('a stream that breaks, and an engine closed meanwhile, leave nothing behind', async () => {
    const other = await start();
    const before = holdings(other);
    const bytes = backend.save(keys.evaluationKeys);
    let count = 0;
    const broken = later(pieces(bytes, 100), () => {
      if (++count === 40) throw new Error('the line is dead');
    });
    await expect(other.loadEvaluationKeysFrom(broken)).rejects.toThrow('the line is dead');
    expect(holdings(other)).toEqual(before);
    await expect(other.loadEvaluationKeysFrom(later(pieces(bytes.subarray(0, -1), 100)))).rejects.toThrow(/length/);
    await expect(other.loadEvaluationKeysFrom([] as never)).rejects.toThrow(FORM);
    await expect(other.loadEvaluationKeysFrom([] as never)).rejects.toThrow(
      /asynchronous stream .*use loadEvaluationKeys;/,
    );
    for (const whole of [bytes, bytes.slice().buffer]) {
      const loaded = await other.loadEvaluationKeysFrom(whole);
      expect(loaded.rotations).toEqual(keys.evaluationKeys.rotations);
      loaded.dispose();
    }
    expect(holdings(other)).toEqual(before);
    count = 0;
    const closing = later(pieces(bytes, 100), () => {
      if (++count === 40) other.dispose();
    });
    await expect(other.loadEvaluationKeysFrom(closing)).rejects.toThrow(/backend should be open/);
    expect(holdings(other)).toEqual(before);
    expectRefused(() => other.loadCiphertext(fresh), /open/, 'DISPOSED');
  });

  test('what is disposed while it is saved is not read any more', () => {
    const c = backend.scope(() => keys.publicKey.encrypt(backend.encode(VALUES)));
    const chunks = backend.saveChunks(c);
    chunks.next();
    chunks.next();
    c.dispose();
    expectRefused(() => chunks.next(), /ciphertext should be live/, 'DISPOSED');
  });

  test('client and server: the server computes without the secret key', async () => {
    const client = await start();
    const { secretKeys, publicKey, evaluationKeys } = client.keygen({ rotations: [1] });
    const x = secretKeys.encrypt(client.encode(VALUES));
    const y = publicKey.encrypt(client.encode(VALUES));
    const sent = [x, y].map((c) => client.save(c));
    const kept = client.save(secretKeys, { secret: true });
    const parametersSent = saveParameters(client.parameters);

    const server = await start(loadParameters(parametersSent, { insecure: true }));
    const ev = server.loadEvaluationKeys(client.saveChunks(evaluationKeys));
    const pk = server.loadPublicKey(client.save(publicKey));
    const answer = server.scope(() => {
      const [a, b] = sent.map((bytes) => server.loadCiphertext(bytes));
      const product = ev.rescale(ev.relinearize(ev.mul(a!, b!)));
      const one = pk.encrypt(server.encode([1, 1, 1], { level: product.level, scale: product.scale }));
      return server.save(ev.rotate(ev.add(product, one), 1));
    });
    const other = server.keygen({ relinearize: false });
    const foreign = server.save(other.publicKey.encrypt(server.encode(VALUES)));
    server.dispose();
    client.dispose();

    const again = await start();
    const secret: SecretKeys = again.loadSecretKeys(kept);
    const values = again.decode(secret.decrypt(again.loadCiphertext(answer)));
    [0, 2, 7.25, 10, 0.015625].forEach((v, i) => expect(values[i]).toBeCloseTo(v, 5));
    // A ciphertext of another key pair is still refused, by name.
    expectRefused(() => secret.decrypt(again.loadCiphertext(foreign)), /key pair/, 'KEY_MISSING');
    again.dispose();
  });
});

test('files of version 1 stay readable', async () => {
  const file = (name: keyof typeof FILES): Uint8Array => Buffer.from(FILES[name].join(''), 'base64');
  const backend = await start(loadParameters(file('parameters'), { insecure: true }));
  const secret = backend.loadSecretKeys(file('secretKeys'));
  const ev = backend.loadEvaluationKeys(file('evaluationKeys'));
  const read = (c: Ciphertext): number[] => [...backend.decode(secret.decrypt(c)).subarray(0, 5)];
  const expectClose = (is: readonly number[], should: readonly number[]): void => {
    // Scale 2^24, noise of a few dozen in a ring of degree 16: 2^-16 or so.
    should.forEach((v, i) => expect(is[i]).toBeCloseTo(v, 3));
  };
  expect(backend.decode(backend.loadPlaintext(file('plaintext')))[1]).toBeCloseTo(-2.5, 5);
  const [a, b] = [backend.loadCiphertext(file('seeded')), backend.loadCiphertext(file('whole'))];
  for (const c of [a, b]) expectClose(read(c), VALUES);
  expectClose(read(ev.rotate(ev.rescale(ev.relinearize(ev.mul(a, b))), 1)), [0, 1, 6.25, 9, 0.015625]);
  expectClose(read(backend.loadPublicKey(file('publicKey')).encrypt(backend.encode(VALUES))), VALUES);
  // What is loaded is saved as it was.
  expect(Buffer.from(backend.save(a))).toEqual(file('seeded'));
  expect(Buffer.from(backend.save(ev))).toEqual(file('evaluationKeys'));
  backend.dispose();
});

describe('refusals', () => {
  let backend: EngineBackend;
  let keys: Keys;
  let bytes: Uint8Array;
  let lengths: number[];
  let before: { live: number; used: number };

  beforeAll(async () => {
    backend = await start();
    keys = backend.keygen({ rotations: [1] });
    backend.scope(() => {
      const c = keys.publicKey.encrypt(backend.encode(VALUES));
      bytes = backend.save(c);
      lengths = cuts(backend.saveChunks(c));
    });
    before = holdings(backend);
  });
  afterAll(() => backend.dispose());

  /** Where a field of a ciphertext's header stands. */
  const FIELD = { ringDegree: 16, chain: 20, special: 22, scaleBits: 24, insecure: 28, primes: 29, keyId: 61 } as const;
  const LEVEL = FIELD.keyId + 8;

  function expectBad(input: unknown, about: RegExp): void {
    expectRefused(() => backend.loadCiphertext(input as ByteSource), about);
    expect(holdings(backend)).toEqual(before);
  }
  function expectBadField(change: (view: DataView) => void, about: RegExp): void {
    expectBad(resealed(changed(bytes, change), lengths), about);
  }

  test('what is not a file, or not this kind', () => {
    for (const input of [undefined, 7, 'ToyFHE', {}, [1, 2], new Float64Array(9)]) expectBad(input, /input should be/);
    for (const empty of [new Uint8Array(0), new ArrayBuffer(0), []]) {
      expectBad(empty, /input should be bytes of a saved object but is empty; pass what save/);
    }
    expectBad(Promise.resolve(bytes), /input should be bytes .* but is an object \(Promise\); await it first/);
    expectBad(later([bytes]), /a stream that is still coming: for evaluation keys use loadEvaluationKeysFrom/);
    expectBad(new Uint8Array(100), /first bytes should be 54 6f 79 46 48 45 0d 0a/);
    expectBad(
      changed(bytes, (v) => v.setUint16(8, 2, true)),
      /version of the format should be 1 but is 2/,
    );
    expectBad(
      changed(bytes, (v) => v.setUint8(10, 99)),
      /kind of object should be 3 \(ciphertext\) but is 99/,
    );
    expectBad(backend.save(keys.publicKey), /kind of object should be 3 \(ciphertext\) but is 4 \(public key\)/);
    expectRefused(() => backend.loadPlaintext(bytes), /kind/);
    expectRefused(() => backend.loadPublicKey(bytes), /kind/);
    expectRefused(() => backend.loadSecretKeys(bytes), /kind/);
    expectRefused(() => backend.loadEvaluationKeys(bytes), /cannot load evaluation keys: kind/);
    expectRefused(() => loadParameters(bytes), /kind/);
  });

  test('damage: every bit, every length', () => {
    for (let bit = 0; bit < 8 * bytes.length; bit += 5) {
      const at = bit >> 3;
      expectBad(
        changed(bytes, (v) => v.setUint8(at, v.getUint8(at) ^ (1 << (bit & 7)))),
        /./,
      );
    }
    for (let n = 1; n < bytes.length; n += 7) {
      expectBad(bytes.subarray(0, n), /length should be/);
      expectBad([bytes.subarray(0, n)], /length should be at least/);
    }
    expectBad(joined(bytes, Uint8Array.of(0)), /length should be \d+ bytes but is \d+/);
    expectBad([bytes, Uint8Array.of(0)], /length should be \d+ bytes but is at least \d+/);
    // Two blocks of one length change places: each is whole, the file is not.
    const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
    const block = (i: number): Uint8Array => bytes.slice(starts[i], starts[i]! + lengths[i]!);
    const swapped = [0, 4, 2, 3, 1, 5, 6].map(block);
    expect(lengths[4]).toBe(lengths[1]);
    expectBad(joined(...swapped), /checksum of a limb should be 0x[0-9a-f]{8} but is 0x/);
  });

  test('other parameters, field by field', async () => {
    expectBadField((v) => v.setUint32(FIELD.ringDegree, 128, true), /ring degree should be 64 but is 128/);
    expectBadField((v) => v.setUint16(FIELD.chain, 2, true), /primes of the chain should be 3 but is 2/);
    expectBadField((v) => v.setUint16(FIELD.chain, 65535, true), /number of primes should be 1 to 512 but is 65536/);
    expectBadField((v) => v.setUint32(FIELD.scaleBits, 41, true), /scaleBits should be 40 but is 41/);
    expectBadField((v) => v.setUint8(FIELD.insecure, 0), /insecure should be true but is false/);
    expectBadField((v) => v.setUint8(FIELD.insecure, 2), /insecure should be 0 to 1 but is 2/);
    expectBadField((v) => v.setUint8(FIELD.primes + 8, 1 ^ v.getUint8(FIELD.primes + 8)), /prime q1 should be \d+ but/);
    expectBadField((v) => v.setUint8(FIELD.primes + 24, 0), /special prime 0 should be/);
    const other = await start({ ...SPEC, chain: [50, 40, 39] });
    const error = refusal(() => other.loadCiphertext(bytes));
    expect(error.message).toMatch(/prime q2 should be \d+ but is \d+; start the engine with the parameters/);
    other.dispose();
  });

  test('level, length, scale, sizes', () => {
    expectBadField((v) => v.setUint16(LEVEL, 3, true), /level should be 0 to 2 but is 3/);
    expectBadField((v) => v.setUint16(LEVEL, 1, true), /length should be \d+ bytes but is/);
    expectBadField((v) => v.setUint8(LEVEL + 2, 4), /length should be 2 to 3 but is 4/);
    expectBadField((v) => v.setUint8(LEVEL + 2, 3), /length should be \d+ bytes but is/);
    expectBadField((v) => v.setUint8(LEVEL + 3, 1), /length should be \d+ bytes but is/);
    expectBadField((v) => v.setInt32(LEVEL + 4, 130, true), /log2\(scale\) should be between -1000 and 129.0/);
    expectBadField((v) => v.setInt32(LEVEL + 4, -1001, true), /log2\(scale\)/);
    expectBadField(
      (v) => v.setInt32(LEVEL + 4, -(2 ** 31), true),
      /exponent of two in the scale should be at most 64000/,
    );
    expectBadField((v) => v.setUint16(LEVEL + 8, 4, true), /primes in the scale should be 0 to 3 but is 4/);
    expectBadField((v) => v.setUint16(LEVEL + 8, 1, true), /header should be at least/);
    expectBadField(
      (v) => v.setUint32(12, 0xffffffff, true),
      /bytes of the header should be 20 to 524288 but is 4294967295/,
    );
    expectBadField((v) => v.setUint8(11, 1), /byte 11/);
  });

  test('a residue that is not below its prime, a coefficient that is not ternary, a constant that is no integer', () => {
    const header = lengths[0]!;
    // 50 one bits: more than any prime below 2^50.
    expectBadField(
      (v) => v.setBigUint64(header, v.getBigUint64(header, true) | (2n ** 50n - 1n), true),
      /residue 0 modulo/,
    );

    const secret = [...backend.saveChunks(keys.secretKeys, { secret: true })];
    const forged = resealed(
      changed(joined(...secret), (v) => v.setUint8(secret[0]!.length + 1, 0xc0)),
      cuts(secret),
    );
    expectRefused(() => backend.loadSecretKeys(forged), /coefficient 7 should be 0, 1 or 2 \(for −1\) but is 3/);

    const constant = backend.scope(() => [...backend.saveChunks(backend.encode([1], { repeat: true }))]);
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 130]) {
      const bad = changed(joined(...constant), (v) => v.setFloat64(constant[0]!.length, x, true));
      expectRefused(() => backend.loadPlaintext(resealed(bad, cuts(constant))), /coefficient should be an integer/);
    }
    expect(holdings(backend)).toEqual(before);
  });

  test('rotation steps: in range, ascending, as many as there are bytes', () => {
    const chunks = [...backend.saveChunks(keys.evaluationKeys)];
    const count = FIELD.keyId + 10;
    const refused = (change: (view: DataView) => void, about: RegExp): void => {
      const bad = resealed(changed(joined(...chunks), change), cuts(chunks));
      expectRefused(() => backend.loadEvaluationKeys(bad), about);
      expectRefused(() => backend.loadEvaluationKeys([bad]), about);
    };
    refused((v) => v.setUint32(count, 0xffffffff, true), /number of rotations should be 0 to 31 but is 4294967295/);
    refused((v) => v.setUint32(count, 2, true), /header should be at least/);
    refused((v) => v.setUint32(count + 4, 0, true), /rotation steps should be 1 to 31 but is 0/);
    refused((v) => v.setUint32(count + 4, 32, true), /rotation steps should be 1 to 31 but is 32/);
    expect(holdings(backend)).toEqual(before);
  });

  test('secret keys only where that is asked for', () => {
    for (const f of [
      () => backend.save(keys.secretKeys),
      () => backend.saveChunks(keys.secretKeys),
      () => backend.save(keys.secretKeys, { secret: false }),
    ]) {
      expectRefused(f, /option secret should be true but is .*write save\(keys, \{ secret: true \}\)/, 'RANGE');
    }
  });

  test('what cannot be saved', async () => {
    for (const object of [undefined, 1, 'c', {}, backend, parameters(SPEC)]) {
      expectRefused(() => backend.save(object as never), /object should be a plaintext, ciphertext or key/);
    }
    const c = keys.publicKey.encrypt(backend.encode(VALUES));
    const other = await start();
    expectRefused(() => other.save(c), /of this engine backend/);
    other.dispose();
    c.dispose();
    expectRefused(() => backend.save(c), /live/, 'DISPOSED');
    const [prime] = parameters({ ...SPEC, chain: [50, 39, 39] }).primes.slice(1);
    const odd = backend.encode(VALUES, { scale: Scale.ofPrime(1, prime!) });
    expectRefused(() => backend.save(odd), /scale should be made of the chain's primes/, 'RANGE');
    odd.dispose();
    expectRefused(() => saveParameters(SPEC as never), /argument should be Parameters/);
  });

  test('keys that have no room: known before any is made', async () => {
    const large: ParameterSpec = { ringDegree: 1024, chain: [50, 40, 40], special: [50], insecure: true };
    const [client, server] = [await start(large), await start(large, { memory: 2 ** 22, keyMemory: 2 ** 21 })];
    const chunks = client.saveChunks(
      client.keygen({ rotations: Array.from({ length: 40 }, (_, i) => i + 1) }).evaluationKeys,
    );
    const used = holdings(server);
    const available = process.availableMemory;
    process.availableMemory = () => 0; // nothing outside the kernels' memory either
    try {
      expectRefused(() => server.loadEvaluationKeys(chunks), /cannot load evaluation keys: free memory/, 'MEMORY');
    } finally {
      process.availableMemory = available;
    }
    expect(holdings(server)).toEqual(used);
    client.dispose();
    server.dispose();
  });
});

describe('10,000 mutated files', () => {
  const COUNT = 10_000;
  console.log(`engine-serialize seed: ${SEED}`);

  /** Integers from the seed. */
  const random = seededRandom(`${SEED} mutations`);
  const below = (n: number): number => new DataView(random.bytes(4).buffer).getUint32(0) % n;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;

  const HOSTILE = [0n, 1n, 2n, 3n, 255n, 256n, 65535n, 2n ** 20n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n];
  const hostile = (): bigint => (below(3) === 0 ? 2n ** 63n + BigInt(below(2 ** 31)) : pick(HOSTILE));

  interface File {
    readonly bytes: Uint8Array;
    readonly lengths: readonly number[];
    readonly load: (source: ByteSource) => Owned | undefined;
  }

  function mutated({ bytes, lengths }: File, others: readonly File[]): Uint8Array {
    const out = Uint8Array.from(bytes);
    const header = lengths[0]!;
    switch (below(8)) {
      case 0:
      case 1: // bits of the header
        for (let k = below(3); k >= 0; k--) out[below(header)]! ^= 1 << below(8);
        return out;
      case 2: // bits anywhere
        for (let k = below(4); k >= 0; k--) out[below(out.length)]! ^= 1 << below(8);
        return out;
      case 3:
        return out.slice(0, below(out.length));
      case 4:
        return joined(out, random.bytes(1 + below(100)));
      case 5: {
        // A whole stretch of it from another file.
        const from = pick(others).bytes;
        const at = below(Math.min(out.length, from.length));
        out.set(from.subarray(at, Math.min(out.length, at + below(64))), at);
        return out;
      }
      default: {
        // A field, or what lies across two, gets a value that makes sizes explode.
        const width = pick([1, 2, 4, 8]);
        const at = 8 + below(header - 16);
        const x = hostile();
        for (let k = 0; k < width; k++) out[at + k] = Number((x >> BigInt(8 * k)) & 255n);
        return out;
      }
    }
  }

  test('each is refused as FORMAT or gives an object that can be disposed; nothing is kept', async () => {
    const backend = await start(SPEC, { random: seededRandom(SEED) });
    const files: File[] = [];
    const add = (chunks: Iterable<Uint8Array>, load: File['load']): void => {
      const parts = [...chunks];
      files.push({ bytes: joined(...parts), lengths: cuts(parts), load });
    };
    backend.scope(() => {
      const { secretKeys, publicKey, evaluationKeys: ev } = backend.keygen({ rotations: [1, 3], conjugate: true });
      const p = backend.encode(VALUES);
      const c = publicKey.encrypt(p);
      const ciphertext = (b: ByteSource): Owned => {
        const loaded = backend.loadCiphertext(b);
        expect(loaded.scale.value).toBeGreaterThan(0);
        expect(`${loaded.scale} ${loaded.level} ${loaded.scale.log2}`).not.toContain('NaN');
        return loaded;
      };
      const plaintext = (b: ByteSource): Owned => {
        const loaded = backend.loadPlaintext(b);
        backend.decode(loaded);
        return loaded;
      };
      add(backend.saveChunks(c), ciphertext);
      add(backend.saveChunks(secretKeys.encrypt(p)), ciphertext);
      add(backend.saveChunks(ev.rescale(ev.mul(c, c))), ciphertext);
      add(backend.saveChunks(p), plaintext);
      add(backend.saveChunks(backend.encode([1.5], { repeat: true })), plaintext);
      add(backend.saveChunks(publicKey), (b) => backend.loadPublicKey(b));
      add(backend.saveChunks(secretKeys, { secret: true }), (b) => backend.loadSecretKeys(b));
      add(backend.saveChunks(ev), (b) => backend.loadEvaluationKeys(b));
      add([saveParameters(backend.parameters)], (b) => {
        loadParameters(b as Uint8Array, { insecure: true });
        return undefined;
      });
    });
    for (const { bytes, load } of files) load(bytes)?.dispose();

    const before = holdings(backend);
    const size = machineOf(backend).heap.memory.buffer.byteLength;
    const count = { refused: 0, valid: 0 };
    const reasons = new Set<string>();
    let largest = 0;
    for (let i = 0; i < COUNT; i++) {
      const file = pick(files);
      let bytes = mutated(file, files);
      if (below(3) > 0) bytes = resealed(bytes, file.lengths);
      // Whole, or in pieces: then nothing knows the length beforehand.
      const source = file === files.at(-1) || below(2) === 0 ? bytes : pieces(bytes, 1 + below(300));
      try {
        file.load(source)?.dispose();
        count.valid++;
      } catch (error) {
        if (!(error instanceof FheError) || error.code !== 'FORMAT') {
          throw new Error(`mutation ${i} of seed ${SEED}: ${String(error)}`, { cause: error });
        }
        expect(error.message).toMatch(FORM);
        const field = /: (.+?) should be/.exec(error.message)![1]!;
        reasons.add(field.replace(/\d+/g, '#'));
        count.refused++;
      }
      const now = holdings(backend);
      if (now.live !== before.live || now.used !== before.used) throw new Error(`mutation ${i} of seed ${SEED} leaks`);
      largest = Math.max(largest, machineOf(backend).heap.memory.buffer.byteLength);
    }
    console.log(
      `${count.refused} refused for ${reasons.size} reasons, ${count.valid} valid: ${[...reasons].join(', ')}`,
    );
    expect(count.refused + count.valid).toBe(COUNT);
    expect(largest).toBe(size);
    // Both ends of the checks are reached: damage that the checksum finds, and forgeries that it does not.
    for (const reason of [
      'checksum of a limb',
      'checksum of the header',
      'residue # modulo #',
      'level',
      'rotation steps',
    ]) {
      expect(reasons).toContain(reason);
    }
    expect(count.valid).toBeGreaterThan(COUNT / 100);
    backend.dispose();
  });
});
