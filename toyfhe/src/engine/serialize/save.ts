/**
 * From objects to bytes, block by block: no more than one limb is in memory beside the object itself.
 * @module
 */
import type { EngineArithmetic } from '../arithmetic.ts';
import type { EngineCipher, EngineEvaluation, EnginePlain, EnginePublic, EngineSecret } from '../handles.ts';
import type { Limbs } from '../key-switch.ts';
import { OP } from '../tasks.ts';
import { Seal } from './frame.ts';
import { CONSTANT_BYTES } from './layout.ts';
import { bytesBlock, LimbPacker, packTernary } from './limbs.ts';

/** Blocks with room for their checksums. */
type Blocks = Generator<Uint8Array, void, void>;

/** The handle that stands behind an object, asked for anew before each block: between two it may have been disposed. */
type Handle<T> = () => T;

/** A header and its blocks, checksums filled in. */
export function* sealed(header: Uint8Array, blocks: Iterable<Uint8Array>): Generator<Uint8Array, void, void> {
  const seal = new Seal();
  seal.close(header);
  yield header;
  for (const block of blocks) {
    seal.close(block);
    yield block;
  }
}

/** Writes the blocks of one engine's objects (their order: layout.ts). */
export class BlockWriter {
  readonly #engine: EngineArithmetic;
  readonly #packer: LimbPacker;

  constructor(engine: EngineArithmetic) {
    this.#engine = engine;
    this.#packer = new LimbPacker(engine.machine.ring);
  }

  *plaintext(handle: Handle<EnginePlain>): Blocks {
    const p = handle();
    if (p.kind === 'polynomial') return yield* this.#polynomial(() => (handle(), p.limbs));
    const bytes = new Uint8Array(CONSTANT_BYTES);
    new DataView(bytes.buffer).setFloat64(0, p.coefficient + 0, true); // −0 becomes 0
    yield bytesBlock(bytes);
  }

  *ciphertext(handle: Handle<EngineCipher>): Blocks {
    const { seed, polynomials } = handle();
    if (seed !== undefined) yield bytesBlock(seed);
    for (const limbs of seed === undefined ? polynomials : polynomials.slice(0, 1)) {
      yield* this.#polynomial(() => (handle(), limbs));
    }
  }

  *public(handle: Handle<EnginePublic>): Blocks {
    const { seed, b } = handle();
    yield bytesBlock(seed);
    yield* this.#polynomial(() => (handle(), b));
  }

  *secret(handle: Handle<EngineSecret>): Blocks {
    const { machine } = this.#engine;
    const { tasks, ring } = machine;
    const { limbs } = handle();
    yield machine.borrow(
      1,
      'a secret key',
      ([s]) => {
        const [scale, scaleRoot] = ring.fold(0, 1n);
        tasks.add(OP.inverse, 0, [s!, limbs[0]!], scale, scaleRoot);
        tasks.run();
        tasks.add(OP.reduce, 0, [s!, s!]);
        tasks.run();
        return packTernary(ring, machine.view(s!));
      },
      true,
    );
  }

  *evaluation(handle: Handle<EngineEvaluation>): Blocks {
    const { keys, ring } = this.#engine.machine;
    const { relinearize, conjugate, rotations } = handle();
    const primes = ring.moduli.length;
    const steps = [...rotations.keys()].sort((a, b) => a - b);
    for (const key of [relinearize, conjugate, ...steps.map((k) => rotations.get(k))]) {
      if (key === undefined) continue;
      handle();
      yield bytesBlock(key.seed);
      for (let d = 0; d < ring.digits.length; d++) {
        for (let j = 0; j < primes; j++) {
          handle();
          yield this.#packer.pack(keys.part(key.stored, 2 * d * primes + j), j);
        }
      }
    }
  }

  *#polynomial(limbs: Handle<Limbs>): Blocks {
    const count = limbs().length;
    for (let i = 0; i < count; i++) yield this.#packer.pack(this.#engine.machine.view(limbs()[i]!), i);
  }
}
