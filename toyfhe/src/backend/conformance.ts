/**
 * The conformance suite: what every backend must do, verb by verb, against the cleartext twin. It needs no test
 * framework: `conformanceCases` yields named checks that throw, for whatever runner is at hand.
 * @module
 */
import { Bench, type Candidate, type Check, equal } from './conformance-bench.ts';
import { inputChecks, keyChecks, metadataChecks } from './conformance-refusals.ts';
import { valueChecks } from './conformance-values.ts';
import type { Backend, Ciphertext, Plaintext } from './contract.ts';

export type { Candidate };

export interface ConformanceCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * All checks for one candidate, in order. They share one backend, made by the first; each has keys of its own and ends
 * by asserting that every object was given back. The last one closes the backend.
 */
export function conformanceCases(candidate: Candidate): ConformanceCase[] {
  let backend: Promise<Backend> | undefined;
  const shared = (): Promise<Backend> => {
    backend ??= Promise.resolve(candidate.create(candidate.spec));
    return backend;
  };
  const cases = Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => {
      const b = await shared();
      b.scope(() => check(new Bench(b, candidate, name)));
      equal('live objects after the check', b.live, 0);
    },
  }));
  const closed = async (): Promise<void> => {
    const b = await shared();
    const bench = new Bench(b, candidate, 'closed');
    const p = b.encode(1);
    const x = bench.keys.publicKey.encrypt(p);
    b.dispose();
    b.dispose();
    equal('disposed', b.disposed, true);
    const { secretKeys, publicKey, evaluationKeys } = bench.keys;
    bench.refused('DISPOSED', () => b.encode(1));
    bench.refused('DISPOSED', () => b.decode(p));
    bench.refused('DISPOSED', () => b.keygen());
    bench.refused('DISPOSED', () => publicKey.encrypt(p));
    bench.refused('DISPOSED', () => evaluationKeys.neg(x));
    bench.refused('DISPOSED', () => evaluationKeys.rotateSum([x], [0]));
    bench.refused('DISPOSED', () => evaluationKeys.dotPlain([x], [p]));
    bench.refused('DISPOSED', () => secretKeys.decrypt(x));
    bench.refused('DISPOSED', () => secretKeys.encrypt(p));
    bench.refused('DISPOSED', () => secretKeys.evaluationKeys());
    for (const object of [x, p, secretKeys, publicKey, evaluationKeys]) object.dispose();
    equal('live objects', b.live, 0);
  };
  return [...cases, { name: 'a disposed backend refuses', run: closed }];
}

const checks: Record<string, Check> = {
  ...valueChecks(),
  ...inputChecks(),
  ...metadataChecks(),
  ...keyChecks(),
  ...memoryChecks(),
};

function memoryChecks(): Record<string, Check> {
  return {
    'disposed objects are refused': (b) => {
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(1);
      const p: Plaintext = b.backend.encode(1);
      x.dispose();
      x.dispose();
      p.dispose();
      b.refused('DISPOSED', () => ev.neg(x));
      b.refused('DISPOSED', () => b.keys.secretKeys.decrypt(x));
      b.refused('DISPOSED', () => b.backend.decode(p));
      const keys = b.backend.keygen({ relinearize: false });
      keys.secretKeys.dispose();
      b.refused('DISPOSED', () => keys.secretKeys.decrypt(x));
      b.refused('DISPOSED', () => keys.secretKeys.encrypt(b.backend.encode(1)));
      b.refused('DISPOSED', () => b.keys.secretKeys.encrypt(p));
      b.refused('DISPOSED', () => ev.rotateSum([b.encrypt(1), x], [0, 0]));
      b.refused('DISPOSED', () => ev.dotPlain([b.encrypt(1)], [p]));
    },
    'another backend refuses': (b) => {
      b.refused('FORMAT', () => b.twinKeys.secretKeys.decrypt(b.encrypt(1)));
      b.refused('FORMAT', () => b.keys.publicKey.encrypt(b.twin.encode(1)));
      b.refused('FORMAT', () => b.keys.secretKeys.encrypt(b.twin.encode(1)));
      b.refused('FORMAT', () => b.keys.evaluationKeys.dotPlain([b.encrypt(1)], [b.twin.encode(1)]));
    },
    'a plaintext in a ciphertext’s place, and other mistakes of kind': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, p] = [b.encrypt(1), b.backend.encode(1)];
      const wrong: readonly unknown[] = [p, 1, undefined, null, {}, b.keys.publicKey];
      for (const other of wrong) {
        b.refused('FORMAT', () => ev.add(x, other as Ciphertext));
        b.refused('FORMAT', () => b.keys.secretKeys.decrypt(other as Ciphertext));
        b.refused('FORMAT', () => ev.rotate(other as Ciphertext, 1));
        b.refused('FORMAT', () => ev.rotateSum([x, other as Ciphertext], [0, 1]));
        b.refused('FORMAT', () => ev.dotPlain([x, other as Ciphertext], [p, p]));
      }
      b.refused('FORMAT', () => ev.addPlain(x, x as unknown as Plaintext));
      b.refused('FORMAT', () => ev.dotPlain([x], [x as unknown as Plaintext]));
      b.refused('FORMAT', () => b.keys.secretKeys.encrypt(x as unknown as Plaintext));
      b.refused('FORMAT', () => b.backend.decode(x as unknown as Plaintext));
    },
    'a scope keeps what it returns and frees the rest': (b) => {
      const before = b.backend.live;
      const kept = b.backend.scope(() => {
        const x = b.encrypt(0.5);
        return { rotated: [b.keys.evaluationKeys.rotate(x, 1)] };
      });
      equal('live objects', b.backend.live, before + 1);
      equal('kept', kept.rotated[0]!.disposed, false);
    },
    'a scope frees everything when its function throws': (b) => {
      const before = b.backend.live;
      b.refused('LEVEL_EXHAUSTED', () =>
        b.backend.scope(() => b.keys.evaluationKeys.rescale(b.encrypt(1, { level: 0 }))),
      );
      equal('live objects', b.backend.live, before);
    },
    'a refused operation leaves nothing behind': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, p] = [b.encrypt(1), b.backend.encode(0)];
      const before = b.backend.live;
      b.refused('KEY_MISSING', () => ev.rotateMany(x, [1, 2]));
      b.refused('KEY_MISSING', () => ev.rotateSum([x, x], [1, 2]));
      b.refused('TRANSPARENT', () => ev.dotPlain([x, x], [p, p]));
      b.refused('SLOTS', () => b.backend.encode([1, 2, 3], { repeat: true }));
      equal('live objects', b.backend.live, before);
    },
    'a sum is one object, and its operands stay': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, p] = [b.encrypt(b.real()), b.backend.encode(b.real())];
      const values = b.read(x);
      const before = b.backend.live;
      const sums = [ev.rotateSum([x, x, x], [0, 1, -1]), ev.dotPlain([x, x, x], [p, p, p])];
      equal('live objects', b.backend.live, before + sums.length);
      b.close(b.read(x), values, 0);
    },
  };
}
