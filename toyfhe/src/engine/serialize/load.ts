/**
 * From bytes that nobody has checked to objects. Each loader checks the header and the whole size before it allocates, each
 * residue as it comes, and gives everything back where it fails or is stopped.
 * @module
 */
import type { EngineArithmetic } from '../arithmetic.ts';
import type { EngineCipher, EnginePlain, EnginePublic, EngineSecret } from '../handles.ts';
import { SEED_BYTES } from '../handles.ts';
import type { Limbs } from '../key-switch.ts';
import { OP } from '../tasks.ts';
import { END, type Loader } from './feed.ts';
import { badFormat, CHECKSUM_BYTES, type Kind, naming } from './format.ts';
import { readHeader, type Seal } from './frame.ts';
import { type Description, type ObjectKind, readDescription } from './header.ts';
import { blockBytes, CONSTANT_BYTES, limbBytes, ternaryBytes } from './layout.ts';
import { LimbPacker, unpackTernary } from './limbs.ts';

/** What a loader makes: a handle, and what the header says of it. */
export interface Loaded<H, K extends ObjectKind> {
  readonly handle: H;
  readonly description: Description[K];
}

/** The blocks of one file. */
export class BlockReader {
  readonly op: string;
  readonly #engine: EngineArithmetic;
  readonly #seal: Seal;
  readonly #packer: LimbPacker;

  constructor(op: string, engine: EngineArithmetic, seal: Seal) {
    this.op = op;
    this.#engine = engine;
    this.#seal = seal;
    this.#packer = new LimbPacker(engine.machine.ring);
  }

  /** The next `bytes` bytes, valid until the next wish. */
  *bytes(what: string, bytes: number): Loader<Uint8Array> {
    return this.#seal.open(this.op, what, yield bytes + CHECKSUM_BYTES);
  }
  *seed(): Loader<Uint8Array> {
    return Uint8Array.from(yield* this.bytes('a seed', SEED_BYTES));
  }
  /** A limb modulo prime i, to a view that is asked for once the bytes are there. */
  *limb(i: number, values: () => Float64Array): Loader<void> {
    const content = yield* this.bytes('a limb', limbBytes(this.#packer.ring, i));
    this.#packer.unpack(this.op, content, values(), i);
  }
  *polynomial(limbs: Limbs): Loader<void> {
    const { machine } = this.#engine;
    for (const [i, limb] of limbs.entries()) yield* this.limb(i, () => machine.view(limb));
  }
}

/**
 * The header, checked; then the blocks are `load`'s.
 * @param given the bytes there are, where that is known
 */
export function* openFile<K extends ObjectKind>(
  engine: EngineArithmetic,
  kind: K,
  given: number | undefined,
): Loader<{ description: Description[K]; reader: BlockReader }> {
  const op = naming('load', kind as Kind);
  const { fields, bytes, seal } = yield* readHeader(op, kind);
  const description = readDescription(kind, fields, engine.parameters);
  const whole = bytes + blockBytes(kind, engine.machine.ring, description);
  if (given !== undefined && given !== whole) {
    const hint = given < whole ? 'the end is missing: transfer it again' : 'one file holds one object: cut it there';
    throw badFormat(op, 'length', `${whole} bytes`, String(given), hint);
  }
  return { description, reader: new BlockReader(op, engine, seal) };
}

/** Runs `fill` on what was allocated, then waits for the end; frees it unless all went well. */
export function* orFree(fill: Loader<void>, free: () => void): Loader<void> {
  let whole = false;
  try {
    yield* fill;
    yield END;
    whole = true;
  } finally {
    if (!whole) free();
  }
}

export function* loadCiphertext(
  engine: EngineArithmetic,
  given: number | undefined,
): Loader<Loaded<EngineCipher, 'ciphertext'>> {
  const { machine } = engine;
  const { description, reader } = yield* openFile(engine, 'ciphertext', given);
  const { meta, seeded } = description;
  const seed = seeded ? yield* reader.seed() : undefined;
  const count = meta.level + 1;
  const limbs = machine.limbs(meta.length * count, 'a ciphertext');
  const polynomials = Array.from({ length: meta.length }, (_, k) => limbs.slice(k * count, (k + 1) * count));
  yield* orFree(
    (function* (): Loader<void> {
      for (const polynomial of seeded ? polynomials.slice(0, 1) : polynomials) yield* reader.polynomial(polynomial);
      if (seed !== undefined) regrow(engine, seed, polynomials[1]!);
    })(),
    () => machine.free(limbs),
  );
  return { description, handle: { kind: 'cipher', polynomials, ...(seed === undefined ? {} : { seed }) } };
}

export function* loadPlaintext(
  engine: EngineArithmetic,
  given: number | undefined,
): Loader<Loaded<EnginePlain, 'plaintext'>> {
  const { machine } = engine;
  const { description, reader } = yield* openFile(engine, 'plaintext', given);
  const { form, meta } = description;
  if (form === 'constant') {
    const coefficient = readConstant(engine, reader.op, meta.level, yield* reader.bytes('a constant', CONSTANT_BYTES));
    yield END;
    const residues = machine.ring.residues(coefficient, meta.level);
    return { description, handle: { kind: 'constant', coefficient, residues } };
  }
  const limbs = machine.limbs(meta.level + 1, 'a plaintext');
  yield* orFree(reader.polynomial(limbs), () => machine.free(limbs));
  const isZero = limbs.every((limb) => machine.isZero(limb));
  return { description, handle: { kind: 'polynomial', limbs, isZero } };
}

/** An integer below half the modulus: what encoding gives. */
function readConstant(engine: EngineArithmetic, op: string, level: number, bytes: Uint8Array): number {
  const coefficient = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  const room = engine.parameters.logQ(level) - 1;
  // 2^-20 of a bit: the coefficient has been rounded, the logarithms too.
  if (Number.isInteger(coefficient) && Math.log2(Math.abs(coefficient)) < room + 2 ** -20) return coefficient;
  throw badFormat(op, 'coefficient', `an integer below 2^${room.toFixed(1)}`, String(coefficient));
}

export function* loadPublicKey(
  engine: EngineArithmetic,
  given: number | undefined,
): Loader<Loaded<EnginePublic, 'public key'>> {
  const { machine } = engine;
  const { description, reader } = yield* openFile(engine, 'public key', given);
  const seed = yield* reader.seed();
  const count = machine.ring.chain;
  const limbs = machine.limbs(2 * count, 'a public key');
  const [b, a] = [limbs.slice(0, count), limbs.slice(count)];
  yield* orFree(
    (function* (): Loader<void> {
      yield* reader.polynomial(b);
      regrow(engine, seed, a);
    })(),
    () => machine.free(limbs),
  );
  return { description, handle: { kind: 'public', b, a, seed } };
}

export function* loadSecretKeys(
  engine: EngineArithmetic,
  given: number | undefined,
): Loader<Loaded<EngineSecret, 'secret keys'>> {
  const { machine } = engine;
  const { ring, tasks } = machine;
  const { description, reader } = yield* openFile(engine, 'secret keys', given);
  const limbs = machine.limbs(ring.moduli.length, 'a secret key');
  yield* orFree(
    (function* (): Loader<void> {
      const content = yield* reader.bytes('the coefficients', ternaryBytes(ring));
      machine.borrow(
        1,
        'a secret key',
        ([s]) => {
          unpackTernary(reader.op, content, machine.view(s!));
          limbs.forEach((limb, i) => tasks.add(OP.forward, i, [limb, s!]));
          tasks.run();
        },
        true,
      );
    })(),
    () => {
      for (const limb of limbs) machine.view(limb).fill(0);
      machine.free(limbs);
    },
  );
  return { description, handle: { kind: 'secret', limbs } };
}

/** Fills limbs of the chain from a seed. */
function regrow({ machine, sampler }: EngineArithmetic, seed: Uint8Array, limbs: Limbs): void {
  sampler.withSeed(seed, (at) => {
    limbs.forEach((limb, i) => machine.tasks.add(OP.uniform, i, [limb, at, 0]));
    machine.tasks.run();
  });
}
