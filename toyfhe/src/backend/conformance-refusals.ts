/**
 * Conformance at the edges and beyond: inputs, metadata and keys that every backend refuses with the same code.
 * @module
 */
import { type Check, equal } from './conformance-bench.ts';
import type { Ciphertext, Plaintext } from './contract.ts';
import { FheError } from './errors.ts';
import { Scale } from './scale.ts';
import { maxAbs, negSlots, type Slots, type Values } from './slots.ts';

/** Inputs at the edge, and beyond. */
export function inputChecks(): Record<string, Check> {
  return {
    'one slot: the others are zero': (b) => b.same([[0.75]], (ev, [x]) => ev.rotate(x!, 1)),
    'a constant fills all slots': (b) => b.same([0.75, { re: 0, im: -0.5 }], (ev, [x, y]) => ev.mul(x!, y!)),
    'repeat: n values fill all slots, at any n that divides them': (b) => {
      const { slots } = b.backend.parameters;
      for (let n = 1; n <= slots; n *= 2) {
        const { re, im } = { re: b.real(n), im: b.real(n) };
        const want = {
          re: Float64Array.from({ length: slots }, (_, i) => re[i % n]!),
          im: Float64Array.from({ length: slots }, (_, i) => im[i % n]!),
        };
        b.close(b.backend.decodeComplex(b.backend.encode({ re, im }, { repeat: true })), want);
        const list = Array.from(re, (x, i) => ({ re: x, im: im[i]! }));
        b.close(b.backend.decodeComplex(b.backend.encode(list, { repeat: true, level: 0 })), want);
      }
    },
    'repeat: rotating one period changes nothing': (b) => {
      const v = b.real(1);
      b.same([], (ev, _c, encode, secret) => {
        const x = secret.encrypt(encode(v, { repeat: true }));
        return [x, ev.rotate(x, 1)];
      });
    },
    'repeat: a number of values that does not divide the slots, none, too many': (b) => {
      const { slots } = b.backend.parameters;
      for (const n of [3, slots - 1, 0, 2 * slots]) {
        b.refused('SLOTS', () => b.backend.encode(b.real(n), { repeat: true }));
        b.refused('SLOTS', () => b.backend.encode({ re: b.real(n), im: b.real(n) }, { repeat: true }));
      }
    },
    zeros: (b) => b.same([0], (ev, [x]) => ev.relinearize(ev.square(x!))),
    'encode: too many slots': (b) => b.refused('SLOTS', () => b.backend.encode(b.real(b.backend.parameters.slots + 1))),
    'encode: empty vector': (b) => b.refused('SLOTS', () => b.backend.encode([])),
    'encode: what is not a number': (b) => {
      const wrong: readonly unknown[] = ['1', ['1', '2'], [1, undefined], [1n], [[1]], null, undefined, {}, { re: 1 }];
      for (const values of wrong) b.refused('RANGE', () => b.backend.encode(values as Values));
      b.refused('RANGE', () => b.backend.encode(1, { scale: (2 ** 40) as unknown as Scale }));
    },
    'encode: NaN and Infinity': (b) => {
      b.refused('RANGE', () => b.backend.encode([1, Number.NaN]));
      b.refused('RANGE', () => b.backend.encode([1, Number.POSITIVE_INFINITY]));
      b.refused('RANGE', () => b.backend.encode({ re: 0, im: Number.NEGATIVE_INFINITY }));
    },
    'encode: values near the overflow limit, and over it': (b) => {
      for (const level of [0, b.backend.parameters.maxLevel]) {
        const { scale } = b.backend.parameters;
        // The limit is Q/2 for value × scale: a constant is one coefficient, so this is sharp.
        const limit = 2 ** (b.backend.parameters.logQ(level) - 1 - scale.log2);
        const near: Slots = {
          re: new Float64Array(b.backend.parameters.slots).fill(0.999 * limit),
          im: new Float64Array(b.backend.parameters.slots),
        };
        const got = b.read(b.encrypt(near, { level }));
        // Doubles carry 53 bits, and noise is far below: 2^−40 relative is generous to neither.
        b.close(got, near, Math.max(b.tolerance, limit * 2 ** -40));
        b.close(b.read(b.encrypt(negSlots(near), { level })), negSlots(near), Math.max(b.tolerance, limit * 2 ** -40));
        b.refused('RANGE', () => b.backend.encode(1.001 * limit, { level }));
      }
    },
    'encode: no such level': (b) => {
      b.refused('RANGE', () => b.backend.encode(1, { level: b.backend.parameters.maxLevel + 1 }));
      b.refused('RANGE', () => b.backend.encode(1, { level: -1 }));
      b.refused('RANGE', () => b.backend.encode(1, { level: 0.5 }));
    },
    'encode: a scale without room': (b) => {
      const { scale } = b.backend.parameters;
      b.refused('SCALE_OVERFLOW', () => b.backend.encode(1, { level: 0, scale: scale.times(scale).times(scale) }));
    },
    'the twin refuses what would overflow and decrypt to garbage': (b) => {
      const { logQ, scale } = { logQ: b.twin.parameters.logQ(1), scale: b.twin.parameters.scale };
      const large = 2 ** (logQ - 2 - scale.log2);
      const x = b.twinKeys.publicKey.encrypt(b.twin.encode(large, { level: 1 }));
      b.refused('RANGE', () => b.twinKeys.evaluationKeys.square(x));
      equal('the value itself fits', maxAbs(b.twin.decodeComplex(b.twinKeys.secretKeys.decrypt(x))), large);
    },
  };
}

/** Level, scale and length are checked before anything is computed. */
export function metadataChecks(): Record<string, Check> {
  return {
    'wrong level': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, y] = [b.encrypt(1), ev.dropLevel(b.encrypt(1), 1)];
      for (const f of [() => ev.add(x, y), () => ev.sub(x, y), () => ev.mul(x, y)]) b.refused('LEVEL_MISMATCH', f);
      b.refused('LEVEL_MISMATCH', () => ev.rotateSum([x, y], [0, 1]));
      b.refused('LEVEL_MISMATCH', () => ev.dotPlain([x, y], [b.backend.encode(1), b.backend.encode(1)]));
      b.refused('LEVEL_MISMATCH', () => ev.dotPlain([x, x], [b.backend.encode(1), b.backend.encode(1, { level: 1 })]));
      b.refused('LEVEL_MISMATCH', () => ev.addPlain(y, b.backend.encode(1)));
      b.refused('LEVEL_MISMATCH', () => ev.mulPlain(y, b.backend.encode(1)));
    },
    'wrong scale, if only by a hair': (b) => {
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(1);
      const squared = ev.relinearize(ev.square(x));
      b.refused('SCALE_MISMATCH', () => ev.add(x, squared));
      b.refused('SCALE_MISMATCH', () => ev.addPlain(squared, b.backend.encode(1)));
      b.refused('SCALE_MISMATCH', () => ev.rotateSum([x, squared], [0, 1]));
      const [p, q] = [b.backend.encode(1), b.backend.encode(1, { scale: b.backend.parameters.primeScale(x.level) })];
      b.refused('SCALE_MISMATCH', () => ev.dotPlain([x, squared], [p, p]));
      b.refused('SCALE_MISMATCH', () => ev.dotPlain([x, x], [p, q]));
      const rescaled = ev.rescale(squared);
      b.refused('SCALE_MISMATCH', () => ev.sub(rescaled, ev.dropLevel(x, rescaled.level)));
      equal('scales look alike', Math.abs(rescaled.scale.log2 - x.scale.log2) < 0.1, true);
    },
    'no level left': (b) => {
      const ev = b.keys.evaluationKeys;
      const bottom = ev.dropLevel(b.encrypt(1), 0);
      b.refused('LEVEL_EXHAUSTED', () => ev.rescale(bottom));
      b.refused('LEVEL_EXHAUSTED', () => ev.dropLevel(bottom, 1));
      b.refused('LEVEL_EXHAUSTED', () => ev.dropLevel(bottom, -1));
    },
    'a product whose scale has no room': (b) => {
      const ev = b.keys.evaluationKeys;
      const bottom = ev.dropLevel(b.encrypt(1), 0);
      b.refused('SCALE_OVERFLOW', () => ev.square(bottom));
      b.refused('SCALE_OVERFLOW', () => ev.mulPlain(bottom, b.backend.encode(1, { level: 0 })));
      b.refused('SCALE_OVERFLOW', () => ev.dotPlain([bottom], [b.backend.encode(1, { level: 0 })]));
    },
    'options of the wrong kind': (b) => {
      b.refused('RANGE', () => b.backend.keygen({ relinearize: 'false' as unknown as boolean }));
      b.refused('RANGE', () => b.backend.encode([1, 2], { repeat: 'no' as unknown as boolean }));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotateMany(b.encrypt(1), 1 as unknown as number[]));
    },
    'rescale without a product would leave only noise': (b) =>
      b.refused('SCALE_UNDERFLOW', () => b.keys.evaluationKeys.rescale(b.encrypt(1))),
    'a scale below the noise of encryption': (b) => {
      const scale = Scale.powerOfTwo(4);
      const p = b.backend.encode(1, { scale });
      b.refused('SCALE_UNDERFLOW', () => b.keys.publicKey.encrypt(p));
      b.refused('SCALE_UNDERFLOW', () => b.keys.secretKeys.encrypt(p));
      // As a factor it is welcome: a power of two loses nothing.
      b.same([b.complex()], (ev, [x], encode) => ev.mulPlain(x!, encode(1, { scale })));
    },
    'length 3 where 2 is needed, and 2 where 3 is': (b) => {
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(1);
      const long = ev.square(x);
      for (const f of [
        () => ev.rotate(long, 1),
        () => ev.rotateSum([long, long], [0, 1]),
        () => ev.conjugate(long),
        () => ev.mul(long, long),
        () => ev.square(long),
      ]) {
        b.refused('LENGTH', f);
      }
      b.refused('LENGTH', () => ev.relinearize(x));
    },
    'dotPlain of lengths 2 and 3': (b) => {
      const ev = b.keys.evaluationKeys;
      const long = ev.square(b.encrypt(1));
      const p = b.backend.encode(1, { scale: b.backend.parameters.primeScale(long.level) });
      b.refused('LENGTH', () => ev.dotPlain([ev.relinearize(long), long], [p, p]));
      b.refused('LENGTH', () => ev.dotPlain([long, ev.relinearize(long)], [p, p]));
    },
    'sums of nothing, and lists of different lengths': (b) => {
      const ev = b.keys.evaluationKeys;
      const [x, p] = [b.encrypt(1), b.backend.encode(1)];
      b.refused('SLOTS', () => ev.rotateSum([], []));
      b.refused('SLOTS', () => ev.dotPlain([], []));
      b.refused('SLOTS', () => ev.rotateSum([x, x], [1]));
      b.refused('SLOTS', () => ev.rotateSum([x], [1, 3]));
      b.refused('SLOTS', () => ev.dotPlain([x, x], [p]));
      b.refused('SLOTS', () => ev.dotPlain([x], [p, p]));
      b.refused('SLOTS', () => ev.rotateSum(x as unknown as Ciphertext[], [1]));
      b.refused('SLOTS', () => ev.dotPlain([x], p as unknown as Plaintext[]));
    },
    'transparent results': (b) => {
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(b.real());
      b.refused('TRANSPARENT', () => ev.sub(x, x));
      b.refused('TRANSPARENT', () => ev.mulPlain(x, b.backend.encode(0)));
      b.refused('TRANSPARENT', () => ev.mulPlain(x, b.backend.encode(1e-30)));
      b.refused('TRANSPARENT', () => ev.dotPlain([x, x], [b.backend.encode(0), b.backend.encode(1e-30)]));
    },
    'results whose parts cancel each other': (b) => {
      if (b.backend.name.includes('twin')) return; // it hides nothing, and has no polynomials to look at
      const ev = b.keys.evaluationKeys;
      const x = b.encrypt(b.real());
      const [one, minusOne] = [b.backend.encode(1), b.backend.encode(-1)];
      const values = b.backend.encode(b.real());
      const [minus, low, long] = [ev.neg(x), ev.dropLevel(x, 1), ev.square(x)];
      const sum = ev.addPlain(x, values);
      const before = b.backend.live;
      b.refused('TRANSPARENT', () => ev.sub(sum, x));
      b.refused('TRANSPARENT', () => ev.add(minus, x));
      b.refused('TRANSPARENT', () => ev.dotPlain([x, x], [one!, minusOne!]));
      b.refused('TRANSPARENT', () => ev.dotPlain([x, minus], [values, values]));
      b.refused('TRANSPARENT', () => ev.rotateSum([x, minus], [0, 0]));
      equal('live objects', b.backend.live, before);
      b.refused('TRANSPARENT', () => ev.sub(low, ev.dropLevel(x, 1)));
      b.refused('TRANSPARENT', () => ev.sub(long, ev.square(x)));
    },
    'an error carries the history of its operand': (b) => {
      const ev = b.keys.evaluationKeys;
      const long = ev.square(b.encrypt(1));
      try {
        ev.rotate(long, 1);
      } catch (error) {
        equal('operations', (error as FheError).ledger.map((l) => l.op).join(' '), 'encrypt square');
        return;
      }
      throw new Error('should be refused');
    },
  };
}

export function keyChecks(): Record<string, Check> {
  return {
    'missing keys': (b) => {
      const none = b.keys.secretKeys.evaluationKeys({ relinearize: false });
      const x = b.encrypt(1);
      b.refused('KEY_MISSING', () => none.relinearize(none.square(x)));
      b.refused('KEY_MISSING', () => none.conjugate(x));
      b.refused('KEY_MISSING', () => none.rotate(x, 1));
      b.refused('KEY_MISSING', () => b.keys.evaluationKeys.rotate(x, 2));
      b.refused('KEY_MISSING', () => b.keys.evaluationKeys.rotateMany(x, [1, 2]));
      b.refused('KEY_MISSING', () => b.keys.evaluationKeys.rotateSum([x, x], [1, 2]));
      equal('step 0 needs no key', none.rotateSum([x, x], [0, 0]).length, 2);
    },
    'evaluation keys made later work': (b) => {
      const later = b.keys.secretKeys.evaluationKeys({ rotations: [2], relinearize: false });
      const v = b.real();
      const [x] = later.rotateMany(b.encrypt(v), [2]);
      const n = v.length;
      const want = { re: v.map((_, i) => v[(i - 2 + n) % n]!), im: new Float64Array(n) };
      b.close(b.read(x!), want);
    },
    'progress: one call a key, the last with all of them': (b) => {
      const told: string[] = [];
      const onProgress = (done: number, total: number): unknown => told.push(`${done} of ${total}`);
      const options = { rotations: [1, -1, 1, 0, 3], conjugate: true, onProgress };
      b.backend.keygen(options);
      equal('calls', told.join(), '1 of 5,2 of 5,3 of 5,4 of 5,5 of 5');
      told.length = 0;
      b.keys.secretKeys.evaluationKeys({ ...options, relinearize: false });
      equal('calls without relinearization', told.join(), '1 of 4,2 of 4,3 of 4,4 of 4');
      told.length = 0;
      b.backend.keygen({ relinearize: false, onProgress });
      equal('calls for no keys', told.length, 0);
      b.refused('RANGE', () => b.backend.keygen({ onProgress: 1 as never }));
    },
    'progress that throws ends key generation, and nothing stays behind': (b) => {
      const before = b.backend.live;
      const stop = new Error('stop');
      const onProgress = (done: number): void => {
        if (done === 2) throw stop;
      };
      for (const make of [b.backend, b.keys.secretKeys]) {
        const options = { rotations: [1, 3], onProgress };
        let thrown: unknown;
        try {
          if ('keygen' in make) make.keygen(options);
          else make.evaluationKeys(options);
        } catch (error) {
          thrown = error;
        }
        equal('what came out', thrown, stop);
        equal('live objects', b.backend.live, before);
      }
    },
    'a rotation by more than all slots': (b) => {
      const { slots } = b.backend.parameters;
      b.refused('RANGE', () => b.backend.keygen({ rotations: [slots] }));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotate(b.encrypt(1), slots));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotate(b.encrypt(1), 0.5));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotateSum([b.encrypt(1)], [slots]));
      b.refused('RANGE', () => b.keys.evaluationKeys.rotateSum([b.encrypt(1)], [0.5]));
    },
    "another key pair's ciphertext": (b) => {
      const other = b.backend.keygen({ relinearize: false });
      const x = b.encrypt(1);
      b.refused('KEY_MISSING', () => other.secretKeys.decrypt(x));
      b.refused('KEY_MISSING', () => other.evaluationKeys.neg(x));
      const theirs = other.secretKeys.encrypt(b.backend.encode(1));
      b.refused('KEY_MISSING', () => b.keys.secretKeys.decrypt(theirs));
      b.refused('KEY_MISSING', () => b.keys.evaluationKeys.rotateSum([x, theirs], [0, 1]));
      b.refused('KEY_MISSING', () =>
        b.keys.evaluationKeys.dotPlain([x, theirs], [b.backend.encode(1), b.backend.encode(1)]),
      );
    },
    'the evaluation side cannot decrypt': (b) => {
      equal('decrypt', 'decrypt' in b.keys.evaluationKeys, false);
      equal('encrypt', 'encrypt' in b.keys.evaluationKeys, false);
    },
  };
}
