/** The ledger of a ciphertext in the panel. */
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { CiphertextDetails } from '../src/kernel/protocol.ts';
import { detailsLines } from '../src/show/details.ts';
import { makeStyle } from '../src/show/theme.ts';

const plain = makeStyle({ columns: 36, theme: 'plain', colours: 'none', unicode: true });
const ascii = { ...plain, unicode: false };

const unshadowed: CiphertextDetails = {
  name: 'squared',
  summary: 'CKKS ciphertext (engine, length 2, level 2, scale 2^80/q₃, 8192 slots)',
  chainBits: [49.9, 40, 40, 39.99],
  level: 2,
  scale: '2^80/q₃',
  scaleBits: 40.001,
  length: 2,
  bytes: 786_432,
  operations: [
    { op: 'encrypt', level: 3, scale: '2^40' },
    { op: 'square', level: 3, scale: '2^80' },
    { op: 'rescale', level: 2, scale: '2^80/q₃' },
  ],
};

const details: CiphertextDetails = { ...unshadowed, bitsRight: 21.52, noiseBits: 18.48 };

describe('detailsLines', () => {
  it('shows the modulus as a ladder, the figures, and what made it', () => {
    expect(detailsLines(details, plain)).toEqual([
      'squared',
      'CKKS ciphertext (engine, length 2,',
      'level 2, scale 2^80/q₃, 8192 slots)',
      '',
      'modulus    130 of 170 bits',
      'q₃ ░░░░░░░░░░░░░    40 used',
      'q₂ █████████████    40 ← level 2',
      'q₁ █████████████    40',
      'q₀ ████████████████ 50',
      '',
      'level      2 of 3',
      'scale      2^80/q₃ ≈ 2^40.0',
      'bits right 21.5',
      'noise bits 18.5',
      'length     2 polynomials',
      'size       786 kB',
      '',
      'operation  level  scale',
      'encrypt        3  2^40',
      'square         3  2^80',
      'rescale        2  2^80/q₃',
    ]);
  });

  it('in ASCII', () => {
    const lines = detailsLines(details, ascii);
    expect(lines.slice(5, 9)).toEqual([
      'q3 .............    40 used',
      'q2 #############    40 <- level 2',
      'q1 #############    40',
      'q0 ################ 50',
    ]);
    expect(lines[11]).toBe('scale      2^80/q₃ ~ 2^40.0'); // the value keeps its characters
  });

  it('long chains stay short: rows of primes', () => {
    const long = { ...details, chainBits: [50, ...Array<number>(39).fill(40)], level: 17 };
    expect(detailsLines(long, plain).slice(4, 10)).toEqual([
      'modulus    730 of 1610 bits',
      'q₀  █50 █40 █40 █40 █40 █40 █40 █40',
      'q₈  █40 █40 █40 █40 █40 █40 █40 █40',
      'q₁₆ █40 █40 ░40 ░40 ░40 ░40 ░40 ░40',
      'q₂₄ ░40 ░40 ░40 ░40 ░40 ░40 ░40 ░40',
      'q₃₂ ░40 ░40 ░40 ░40 ░40 ░40 ░40 ░40',
    ]);
  });

  it('what is not known has no line; a power of two is not written twice', () => {
    const bare = { ...unshadowed, chainBits: [], operations: [], scale: '2^40', scaleBits: 40 };
    expect(detailsLines(bare, plain).slice(3)).toEqual([
      '',
      'level      2',
      'scale      2^40',
      'length     2 polynomials',
      'size       786 kB',
    ]);
  });

  it('sizes in kB, and large ones in MiB; exact values have all bits right', () => {
    const line = (changes: Partial<CiphertextDetails>, label: string): string | undefined =>
      detailsLines({ ...details, ...changes }, plain).find((text) => text.startsWith(label));
    expect(line({ bytes: 100 }, 'size')).toBe('size       1 kB');
    expect(line({ bytes: 48 * 2 ** 20 }, 'size')).toBe('size       48.0 MiB');
    expect(line({ bitsRight: Number.POSITIVE_INFINITY }, 'bits')).toBe('bits right all');
    expect(line({ noiseBits: Number.NEGATIVE_INFINITY }, 'noise')).toBe('noise bits none');
  });

  it('warnings stand out, above all else', () => {
    const warning = 'the values outgrew the modulus: all slots are wrong';
    expect(detailsLines({ ...details, warning }, plain).slice(3, 5)).toEqual([
      '! the values outgrew the modulus:',
      'all slots are wrong',
    ]);
    const dark = makeStyle({ ...plain, theme: 'dark', colours: '16' });
    expect(detailsLines({ ...details, warning }, dark)[3]).toBe('\x1b[91m! the values outgrew the modulus:\x1b[0m');
  });

  it('many operations: the oldest are counted, and more of them where there are few lines', () => {
    const operations = Array.from({ length: 30 }, (_, i) => ({ op: `rotate ${i}`, level: 2, scale: '2^40' }));
    const all = detailsLines({ ...details, operations }, plain);
    expect(all.slice(17, 20)).toEqual(['operation  level  scale', '(19 earlier)', 'rotate 19      2  2^40']);
    expect(all.at(-1)).toBe('rotate 29      2  2^40');
    const short = detailsLines({ ...details, operations }, plain, 22);
    expect(short).toHaveLength(22);
    expect(short.slice(-4)).toEqual([
      '(27 earlier)',
      'rotate 27      2  2^40',
      'rotate 28      2  2^40',
      'rotate 29      2  2^40',
    ]);
    expect(detailsLines({ ...details, operations }, plain, 5).at(-1)).toBe('rotate 29      2  2^40');
  });

  it('fits the panel', () => {
    for (const columns of [20, 28, 36, 80]) {
      for (const line of detailsLines({ ...details, name: 'x'.repeat(100) }, { ...plain, columns })) {
        expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  });
});
