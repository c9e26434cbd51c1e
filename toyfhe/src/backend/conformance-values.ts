/**
 * Conformance, verb by verb: the same values as the twin.
 * @module
 */
import { type Check, equal } from './conformance-bench.ts';

/** Each verb, against the twin. */
export function valueChecks(): Record<string, Check> {
  return {
    'encode, decode: real values': (b) => {
      const v = b.real();
      b.close(
        { re: b.backend.decode(b.backend.encode(v)), im: new Float64Array(v.length) },
        { re: v, im: new Float64Array(v.length) },
      );
    },
    'encode, decode: complex values, at every level': (b) => {
      const v = b.complex();
      for (let level = 0; level <= b.backend.parameters.maxLevel; level++) {
        b.close(b.backend.decodeComplex(b.backend.encode(v, { level })), v);
      }
    },
    'encrypt, decrypt': (b) => b.same([b.complex()], (_ev, [c]) => c!),
    'encrypt, decrypt at level 0': (b) => {
      const v = b.complex();
      const c = b.encrypt(v, { level: 0 });
      equal('level', c.level, 0);
      b.close(b.read(c), v);
    },
    'encrypt with the secret key': (b) => {
      const v = b.complex();
      b.same([], (_ev, _c, encode, secret) => [secret.encrypt(encode(v)), secret.encrypt(encode(v, { level: 0 }))]);
      const c = b.keys.secretKeys.encrypt(b.backend.encode(v));
      equal('history', c.trace.map((l) => l.op).join(' '), 'encrypt');
    },
    'encrypt with the secret key, and compute with what the public key encrypted': (b) => {
      const v = b.complex();
      b.same([b.complex()], (ev, [x], encode, secret) => {
        const y = secret.encrypt(encode(v));
        return [ev.add(x!, y), ev.rescale(ev.relinearize(ev.mul(y, x!))), ev.rotate(y, 3), ev.conjugate(y)];
      });
    },
    add: (b) => b.same([b.complex(), b.complex()], (ev, [x, y]) => ev.add(x!, y!)),
    'add: a ciphertext to itself': (b) => b.same([b.complex()], (ev, [x]) => ev.add(x!, x!)),
    sub: (b) => b.same([b.complex(), b.complex()], (ev, [x, y]) => ev.sub(x!, y!)),
    neg: (b) => b.same([b.complex()], (ev, [x]) => ev.neg(x!)),
    addPlain: (b) => {
      const p = b.complex();
      b.same([b.complex()], (ev, [x], encode) => ev.addPlain(x!, encode(p)));
    },
    mulPlain: (b) => {
      const p = b.complex();
      b.same([b.complex()], (ev, [x], encode) => ev.mulPlain(x!, encode(p)));
    },
    'mulPlain by a constant, at the scale of a prime: rescale restores the scale exactly': (b) =>
      b.same([b.complex()], (ev, [x], encode) => {
        const scale = b.backend.parameters.primeScale(x!.level);
        const y = ev.rescale(ev.mulPlain(x!, encode(0.5, { scale })));
        equal('scale restored', y.scale.equals(x!.scale), true);
        return y;
      }),
    'mul: length 3 decrypts': (b) => b.same([b.complex(), b.complex()], (ev, [x, y]) => ev.mul(x!, y!)),
    square: (b) => b.same([b.complex()], (ev, [x]) => ev.square(x!)),
    'add: lengths 3 and 2': (b) => {
      const p = b.real();
      b.same([b.complex(), b.complex()], (ev, [x, y], encode) => {
        const scale = x!.scale;
        return ev.add(ev.square(x!), ev.mulPlain(y!, encode(p, { scale })));
      });
    },
    'mul, relinearize, rescale': (b) =>
      b.same([b.complex(), b.complex()], (ev, [x, y]) => ev.rescale(ev.relinearize(ev.mul(x!, y!)))),
    'rescale before relinearize': (b) => b.same([b.complex()], (ev, [x]) => ev.relinearize(ev.rescale(ev.square(x!)))),
    'down to level 0 by squares': (b) =>
      b.same(
        [b.real()],
        (ev, [x]) => {
          let y = x!;
          while (y.level > 0) y = ev.rescale(ev.relinearize(ev.square(y)));
          return y;
        },
        // Each square of a value up to 1 doubles the error.
        2 ** b.backend.parameters.maxLevel * b.tolerance,
      ),
    'dropLevel keeps values and scale': (b) =>
      b.same([b.complex()], (ev, [x]) => [ev.dropLevel(x!, 1), ev.dropLevel(x!, 0)]),
    'dropLevel to the same level is a copy': (b) => b.same([b.complex()], (ev, [x]) => ev.dropLevel(x!, x!.level)),
    'after dropLevel: mul, relinearize, rotate': (b) =>
      b.same([b.complex()], (ev, [x]) => ev.rotate(ev.rescale(ev.relinearize(ev.square(ev.dropLevel(x!, 2)))), 1)),
    'rotate by 1 moves slot i to i + 1': (b) => {
      const { slots } = b.backend.parameters;
      const ramp = Float64Array.from({ length: slots }, (_, i) => i / slots);
      const rotated = b.read(b.keys.evaluationKeys.rotate(b.encrypt(ramp), 1)).re;
      const want = Float64Array.from({ length: slots }, (_, i) => ((i - 1 + slots) % slots) / slots);
      b.close({ re: rotated, im: new Float64Array(slots) }, { re: want, im: new Float64Array(slots) });
    },
    'rotate by 3, −1, 0': (b) => {
      for (const k of [3, -1, 0]) b.same([b.complex()], (ev, [x]) => ev.rotate(x!, k));
    },
    'rotate forth and back': (b) => b.same([b.complex()], (ev, [x]) => ev.rotate(ev.rotate(x!, 1), -1)),
    'rotateMany is rotate, several times': (b) => b.same([b.complex()], (ev, [x]) => ev.rotateMany(x!, [3, 0, 1, -1])),
    'rotateMany of nothing is nothing': (b) => {
      equal('length', b.keys.evaluationKeys.rotateMany(b.encrypt(1), []).length, 0);
    },
    conjugate: (b) => b.same([b.complex()], (ev, [x]) => ev.conjugate(x!)),
    'rotateSum: one ciphertext and several, the same one again, step 0 and steps backwards': (b) =>
      b.same(
        [b.complex(), b.complex()],
        (ev, [x, y]) => [
          ev.rotateSum([x!], [3]),
          ev.rotateSum([x!], [0]),
          ev.rotateSum([x!, y!], [1, 0]),
          ev.rotateSum([x!, y!, x!, x!, y!], [1, 3, -1, 0, 1]),
        ],
        5 * b.tolerance,
      ),
    'rotateSum below the highest level, at the scale of a product': (b) =>
      b.same([b.complex(), b.complex()], (ev, [x, y]) => {
        const [low, other] = [ev.dropLevel(x!, 2), ev.dropLevel(y!, 2)];
        return ev.rescale(ev.rotateSum([ev.relinearize(ev.square(low)), ev.relinearize(ev.square(other))], [1, 3]));
      }),
    'dotPlain: one product and several, the same ciphertext again': (b) => {
      const [p, q, r] = [b.complex(), b.real(), b.complex()];
      b.same(
        [b.complex(), b.complex()],
        (ev, [x, y], encode) => [
          ev.dotPlain([x!], [encode(p)]),
          ev.dotPlain([x!, y!, x!], [encode(p), encode(q), encode(r)]),
        ],
        3 * b.tolerance,
      );
    },
    'dotPlain skips plaintexts of zeros': (b) => {
      const p = b.complex();
      b.same([b.complex(), b.complex()], (ev, [x, y], encode) => [
        ev.dotPlain([x!, y!], [encode(p), encode(0)]),
        ev.dotPlain([x!, y!, y!], [encode(1e-30), encode(p), encode(0)]),
      ]);
    },
    'dotPlain below the highest level, at the scale of a prime: rescale restores the scale exactly': (b) => {
      const [p, q] = [b.complex(), b.complex()];
      b.same([b.complex(), b.complex()], (ev, [x, y], encode) => {
        const options = { level: 1, scale: b.backend.parameters.primeScale(1) };
        const sum = ev.dotPlain([ev.dropLevel(x!, 1), ev.dropLevel(y!, 1)], [encode(p, options), encode(q, options)]);
        const z = ev.rescale(sum);
        equal('scale restored', z.scale.equals(x!.scale), true);
        return z;
      });
    },
    'dotPlain of length 3': (b) => {
      const [p, q] = [b.real(), b.real()];
      b.same([b.complex(), b.complex()], (ev, [x, y], encode) => {
        const options = { scale: b.backend.parameters.primeScale(x!.level) };
        return ev.dotPlain([ev.square(x!), ev.mul(x!, y!)], [encode(p, options), encode(q, options)]);
      });
    },
  };
}
