import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FheError, type ShadowedBackend, shadowed, twin } from '../src/backend/index.ts';
import { liveSealObjects, seal } from '../src/seal/index.ts';
import { toy } from '../src/toy/index.ts';

const SMALL = { ringDegree: 32, chain: [60, 40, 40], special: [60], insecure: true } as const;

describe('shadowed', () => {
  it('writes a line an operation: what it did to level, scale, length, precision, size and time', () => {
    const b = shadowed(toy(SMALL));
    // The scope also keeps the collector from freeing what nobody holds before it is counted.
    b.scope(() => lines(b));
    expect(b.live).toBe(0);
  });

  it('writes none for a result that is refused', () => {
    const b = shadowed(toy(SMALL));
    const { publicKey, evaluationKeys: ev } = b.keygen();
    const c = publicKey.encrypt(b.encode([1, 2, 3]));
    const sum = ev.addPlain(c, b.encode([1]));
    const before = b.live;
    expect(() => ev.sub(sum, c)).toThrow(/second polynomial is zero/);
    expect([...b.ledger].map(({ op }) => op)).toEqual(['encrypt', 'addPlain']);
    expect(b.live).toBe(before);
  });

  function lines(b: ShadowedBackend): void {
    const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: [1] });
    const c = publicKey.encrypt(b.encode([1, 2, 3]));
    const d = ev.rotate(ev.rescale(ev.relinearize(ev.square(c))), 1);
    expect([...b.ledger].map((l) => [l.op, l.level, l.scale, l.length])).toEqual([
      ['encrypt', 2, '2^40', 2],
      ['square', 2, '2^80', 3],
      ['relinearize', 2, '2^80', 2],
      ['rescale', 1, '2^80/q₂', 2],
      ['rotate 1', 1, '2^80/q₂', 2],
    ]);
    for (const l of b.ledger) {
      expect(l.bitsRight).toBeGreaterThan(25); // noise of some hundreds over a scale of 2^40
      expect(l.bitsRight).toBeLessThan(40); // there is noise
      // The two figures say the same error, once against 1 and once against the scale.
      const log2Scale = l.scale === '2^80' ? 80 : 40;
      expect(l.noiseBits + l.bitsRight).toBeCloseTo(log2Scale, 4);
      expect(l.warning).toBe('');
    }
    // 3 primes, 2 or 3 polynomials of 32 residues of 8 bytes; one prime fewer after the rescale.
    expect([...b.ledger].map((l) => l.bytes)).toEqual([1536, 2304, 1536, 1024, 1024]);
    expect([...b.decode(secretKeys.decrypt(d))].slice(0, 4).map((x) => x.toFixed(3))).toEqual([
      expect.stringMatching(/^-?0.000$/),
      '1.000',
      '4.000',
      '9.000',
    ]);
    expect(b.live).toBe(3 + 1 + 5 + 1); // keys, plaintext, ciphertexts, decryption
  }

  it('says which rule broke where values overflow and decrypt to garbage', () => {
    const b = shadowed(toy(SMALL));
    const { publicKey, evaluationKeys: ev } = b.keygen({ relinearize: false });
    const large = publicKey.encrypt(b.encode(2 ** 15, { level: 0 }));
    // 2^15·2^40 of 60 bits: doubled four times it needs 59 bits and still fits, five times no longer.
    let c = large;
    for (let i = 0; i < 5; i++) c = ev.add(c, c);
    const warnings = [...b.ledger].map((l) => l.warning);
    expect(warnings.slice(0, 4)).toEqual(['', '', '', '']);
    expect(b.ledger.last!.warning).toBe('overflow: values × scale need 60.0 bits, the modulus has 59.0');
    expect(b.ledger.last!.bitsRight).toBeLessThan(0);
  });

  it('watches sums as one operation each, and encryption with the secret key', () => {
    const b = shadowed(toy(SMALL));
    b.scope(() => {
      const { secretKeys, evaluationKeys: ev } = b.keygen({ rotations: [1] });
      const p = b.encode([1, 2]);
      const c = secretKeys.encrypt(p);
      ev.rotateSum([c, c], [0, 1]);
      ev.dotPlain([c, c], [p, b.encode(0)]);
      expect([...b.ledger].map((l) => [l.op, l.scale])).toEqual([
        ['encrypt', '2^40'],
        ['rotateSum', '2^40'],
        ['dotPlain', '2^80'],
      ]);
      for (const l of b.ledger) expect(l.bitsRight).toBeGreaterThan(25);
    });
    expect(b.live).toBe(0);
  });

  it('tells of each ciphertext the line of the operation that made it', () => {
    const b = shadowed(toy(SMALL));
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: [1] });
      const p = b.encode([1, 2, 3]);
      const c = publicKey.encrypt(p);
      const made = [c, secretKeys.encrypt(p), ev.square(c), ev.add(c, c), ...ev.rotateMany(c, [0, 1])];
      expect(made.map((x) => b.lineOf(x))).toEqual([...b.ledger]);
      expect(b.lineOf(made[2]!)).toBe([...b.ledger][2]);
      // It stays with the ciphertext, whatever becomes of the ledger, the ciphertext and the backend.
      b.ledger.clear();
      c.dispose();
      expect(b.lineOf(c)).toMatchObject({ op: 'encrypt', level: 2 });
      const other = shadowed(twin(SMALL));
      const stranger = other.keygen().publicKey.encrypt(other.encode(1));
      expect(b.lineOf(stranger)).toBeUndefined();
      expect(other.lineOf(stranger)?.op).toBe('encrypt');
    });
    b.dispose();
  });

  it('prints as a table', () => {
    const b = shadowed(twin({ ringDegree: 16384, chain: [60, 40], special: [60] }));
    const { publicKey, evaluationKeys: ev } = b.keygen();
    ev.square(publicKey.encrypt(b.encode(2)));
    const lines = inspect(b.ledger).split('\n');
    expect(lines[0]).toMatch(/^operation +level +scale +length +bits right +noise bits +kB +ms$/);
    expect(lines[2]).toMatch(/^square +1 +2\^80 +3 +53\.0 +27\.0 +131 +\d+\.\d\d$/);
  });

  it('outlives the secret key object, and gives everything back', async () => {
    const before = liveSealObjects();
    const inner = await seal({ ringDegree: 8192, chain: [50, 38], special: [51] });
    const b = shadowed(inner);
    b.scope(() => {
      const keys = b.keygen();
      const c = keys.publicKey.encrypt(b.encode([1, 2]));
      keys.secretKeys.dispose();
      keys.evaluationKeys.rescale(keys.evaluationKeys.relinearize(keys.evaluationKeys.square(c)));
      expect(b.ledger.last!.bitsRight).toBeGreaterThan(15);
    });
    expect(b.live).toBe(0);
    b.dispose();
    inner.dispose();
    expect(liveSealObjects()).toBe(before);
  });

  it('does not shadow twice', () => {
    const b = twin({ ringDegree: 8192, chain: [60] });
    expect(() => shadowed(shadowed(b))).toThrow(FheError);
  });
});
