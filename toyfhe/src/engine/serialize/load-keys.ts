/**
 * Evaluation keys from bytes: one key at a time, each allocated when its first bytes have come.
 * @module
 */
import type { EngineArithmetic } from '../arithmetic.ts';
import type { EngineEvaluation, EngineKey } from '../handles.ts';
import type { StoredKey } from '../key-store.ts';
import { conjugation, galoisElement } from '../keygen.ts';
import { OP } from '../tasks.ts';
import type { Loader } from './feed.ts';
import { countKeys } from './header.ts';
import { type BlockReader, type Loaded, openFile, orFree } from './load.ts';

/** @throws FheError MEMORY, before anything is allocated, where the keys have no room */
export function* loadEvaluationKeys(
  engine: EngineArithmetic,
  given: number | undefined,
): Loader<Loaded<EngineEvaluation, 'evaluation keys'>> {
  const { machine, generator } = engine;
  const { degree } = machine.ring;
  const { description, reader } = yield* openFile(engine, 'evaluation keys', given);
  const { request } = description;
  machine.keys.check(countKeys(request), reader.op);
  const rotations = new Map<number, EngineKey>();
  const made: { relinearize: EngineKey | undefined; conjugate: EngineKey | undefined } = {
    relinearize: undefined,
    conjugate: undefined,
  };
  yield* orFree(
    (function* (): Loader<void> {
      if (request.relinearize) made.relinearize = yield* loadKey(engine, reader, 0);
      if (request.conjugate) made.conjugate = yield* loadKey(engine, reader, conjugation(degree));
      for (const steps of request.rotations) {
        rotations.set(steps, yield* loadKey(engine, reader, galoisElement(degree, steps)));
      }
    })(),
    () => generator.free({ kind: 'evaluation', ...made, rotations }),
  );
  return { description, handle: { kind: 'evaluation', ...made, rotations } };
}

/** One key; g is its automorphism X → X^g, 0 for none. */
function* loadKey(engine: EngineArithmetic, reader: BlockReader, g: number): Loader<EngineKey> {
  const { keys, ring } = engine.machine;
  const primes = ring.moduli.length;
  const seed = yield* reader.seed();
  const table = g === 0 ? 0 : engine.generator.table(g);
  let key: EngineKey | undefined;
  let stored: StoredKey | undefined;
  try {
    const allocated = (stored = keys.allocate());
    for (let d = 0; d < ring.digits.length; d++) {
      for (let j = 0; j < primes; j++) {
        yield* reader.limb(j, () => keys.part(allocated, 2 * d * primes + j));
      }
    }
    regrowKey(engine, seed, allocated);
    return (key = { stored, seed, table });
  } finally {
    if (key === undefined) {
      if (stored !== undefined) keys.release(stored);
      if (table !== 0) engine.machine.heap.release(table, 4 * ring.degree);
    }
  }
}

/** The uniform half of every digit, in place or, for a key outside the kernels' memory, by way of it. */
function regrowKey({ machine, sampler }: EngineArithmetic, seed: Uint8Array, stored: StoredKey): void {
  const { keys, ring, tasks } = machine;
  const primes = ring.moduli.length;
  const inside = stored.address !== 0;
  const grow = (limbs: readonly number[]): void =>
    sampler.withSeed(seed, (at) => {
      for (let d = 0; d < ring.digits.length; d++) {
        const first = (2 * d + 1) * primes;
        for (let j = 0; j < primes; j++) {
          const to = inside ? stored.address + (first + j) * ring.stride : limbs[j]!;
          tasks.add(OP.uniform, j, [to, at, d]);
        }
        if (inside) continue;
        tasks.run();
        for (let j = 0; j < primes; j++) keys.part(stored, first + j).set(machine.view(limbs[j]!));
      }
      tasks.run();
    });
  if (inside) grow([]);
  else machine.borrow(primes, 'a key', grow);
}
