/** Where features lie: by the definition, through packing and back, and drawn. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawLayout,
  featureCount,
  imageLayout,
  packSlots,
  placeOf,
  type SlotLayout,
  unpackSlots,
  vectorLayout,
} from '../src/circuits/index.ts';

fc.configureGlobal({ seed: 20191122 }); // the same cases on every run

describe('a layout', () => {
  it('has defaults that fit', () => {
    expect(vectorLayout(64, 10)).toEqual({
      slots: 64,
      batch: 1,
      period: 16,
      blocks: 1,
      arrangement: { kind: 'vector', length: 10, perBlock: 10 },
    });
    expect(vectorLayout(64, 100, { batch: 2 })).toMatchObject({ period: 32, blocks: 4, arrangement: { perBlock: 32 } });
    expect(imageLayout(1024, { channels: 3, height: 7, width: 5 })).toEqual({
      slots: 1024,
      batch: 1,
      period: 256,
      blocks: 1,
      arrangement: { kind: 'image', channels: 3, height: 7, width: 5, grid: [8, 8], gap: 1 },
    });
    const tight = imageLayout(1024, { channels: 1, height: 28, width: 28 }, { grid: [28, 28] });
    expect([tight.period, tight.blocks]).toEqual([1024, 1]);
    // Planes that do not fit one ciphertext spread over blocks.
    expect(imageLayout(256, { channels: 10, height: 8, width: 8 })).toMatchObject({ period: 256, blocks: 3 });
    expect(imageLayout(256, { channels: 10, height: 4, width: 4 }, { gap: 2, batch: 2 })).toMatchObject({
      period: 128,
      blocks: 2,
    });
  });

  it('puts a multiplexed channel c = hi·k² + dy·k + dx into plane hi, between the pixels of its neighbours', () => {
    const shape = { channels: 11, height: 3, width: 2 };
    const layout = imageLayout(64, shape, { gap: 3, grid: [9, 7], period: 64 });
    const { block, position } = placeOf(layout);
    for (let c = 0; c < 11; c++) {
      for (let y = 0; y < 3; y++) {
        for (let x = 0; x < 2; x++) {
          const f = (c * 3 + y) * 2 + x;
          const within = c % 9;
          expect(block[f]).toBe(c < 9 ? 0 : 1); // one plane of 63 positions a block
          expect(position[f]).toBe((3 * y + Math.floor(within / 3)) * 7 + 3 * x + (within % 3));
        }
      }
    }
  });

  it('packs each feature of each image into every copy, and nothing else; unpacking is the inverse', () => {
    const power = (low: number, high: number): fc.Arbitrary<number> =>
      fc.integer({ min: low, max: high }).map((k) => 2 ** k);
    const small = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(power(0, 2), small, small, small, small, fc.boolean(), (batch, a, b, c, d, image) => {
        const layout: SlotLayout = image
          ? imageLayout(1024, { channels: a, height: b, width: c }, { batch, gap: d })
          : vectorLayout(1024, 10 * a + b, { batch, perBlock: 8 * c + d });
        const { block, position } = placeOf(layout);
        const count = featureCount(layout);
        const places = new Set(block.map((v, f) => v * layout.period + position[f]!));
        expect([places.size, position.every((p) => p < layout.period)]).toEqual([count, true]); // each its own
        const images = Array.from({ length: batch }, (_, i) =>
          Float64Array.from({ length: count }, (_, f) => 1 + f + i / 8),
        );
        const packed = packSlots(layout, images);
        expect(packed).toHaveLength(layout.blocks);
        const copies = 1024 / (layout.period * batch);
        expect(packed.flatMap((slots) => [...slots]).filter((v) => v !== 0)).toHaveLength(count * batch * copies);
        for (let f = 0; f < count; f++) {
          for (let copy = 0; copy < copies; copy++) {
            const slot = (copy * layout.period + position[f]!) * batch;
            expect(packed[block[f]!]![slot + batch - 1]).toBe(images[batch - 1]![f]);
          }
        }
        expect(unpackSlots(layout, packed)).toEqual(images);
        expect(JSON.parse(JSON.stringify(layout))).toEqual(layout); // plain data
      }),
    );
    expect(
      unpackSlots(vectorLayout(8, 2, { batch: 2 }), packSlots(vectorLayout(8, 2, { batch: 2 }), [[1, 2]])),
    ).toEqual([
      Float64Array.of(1, 2),
      Float64Array.of(0, 0), // a missing image
    ]);
  });

  it('is drawn', () => {
    expect(drawLayout(imageLayout(64, { channels: 5, height: 2, width: 2 }, { gap: 2 }))).toBe(
      [
        '64 slots = 2 copies × 32 positions × 1 image; 1 block',
        'block 0, plane 0, from position 0',
        '  0:0,0 1:0,0 0:0,1 1:0,1',
        '  2:0,0 3:0,0 2:0,1 3:0,1',
        '  0:1,0 1:1,0 0:1,1 1:1,1',
        '  2:1,0 3:1,0 2:1,1 3:1,1',
        'block 0, plane 1, from position 16',
        '  4:0,0     · 4:0,1     ·',
        '      ·     ·     ·     ·',
        '  4:1,0     · 4:1,1     ·',
        '      ·     ·     ·     ·',
      ].join('\n'),
    );
    expect(drawLayout(vectorLayout(64, 22, { batch: 4, perBlock: 11 }))).toBe(
      [
        '64 slots = 1 copy × 16 positions × 4 images; 2 blocks',
        'block 0',
        '  0 1 2 3 4 5 6 7 …',
        'block 1',
        '  11 12 13 14 15 16 17 18 …',
      ].join('\n'),
    );
  });

  it('refuses numbers that do not belong together', () => {
    const shape = { channels: 1, height: 4, width: 4 };
    expect(() => vectorLayout(48, 10)).toThrow(/slots should be a power of two but is 48/);
    expect(() => vectorLayout(64, 10, { batch: 3 })).toThrow(/batch should be a power of two but is 3/);
    expect(() => vectorLayout(64, 10, { period: 12 })).toThrow(/period should be a power of two but is 12/);
    expect(() => vectorLayout(64, 10, { period: 8 })).toThrow(
      /features in a block should be at most the period, 8 but is 10/,
    );
    expect(() => vectorLayout(64, 10, { batch: 2, period: 64 })).toThrow(/period × batch should be at most 64 slots/);
    expect(() => vectorLayout(64, 2.5, { perBlock: 2 })).toThrow(/length should be a whole number from 1 but is 2.5/);
    expect(() => vectorLayout(128, 10, { batch: 200 })).toThrow(/batch should be a power of two but is 200/);
    expect(() => vectorLayout(128, 10, { batch: 256 })).toThrow(/batch should be at most 128 slots but is 256/);
    expect(() => imageLayout(128, shape, { batch: 256 })).toThrow(/batch should be at most 128 slots but is 256/);
    expect(() => vectorLayout(0, 10)).toThrow(/slots should be a power of two but is 0/);
    for (const length of [0, -1, Number.NaN]) {
      expect(() => vectorLayout(32, length)).toThrow(
        `vector: length should be a whole number from 1 but is ${length};`,
      );
    }
    expect(() => vectorLayout(32, 10, { perBlock: 0 })).toThrow(/perBlock should be a whole number from 1 but is 0/);
    for (const field of ['channels', 'height', 'width']) {
      const none = { ...shape, [field]: 0 };
      expect(() => imageLayout(64, none)).toThrow(`image: ${field} should be a whole number from 1 but is 0;`);
    }
    expect(() => imageLayout(8, shape)).toThrow(/positions of a plane should be at most the period, 8 but is 16/);
    expect(() => imageLayout(64, shape, { gap: 2, grid: [4, 8] })).toThrow(/grid should be at least 8×8 but is 4×8/);
    expect(() => imageLayout(64, shape, { gap: 0 })).toThrow(/gap should be a whole number from 1 but is 0/);
    expect(() => imageLayout(64, shape, { grid: [4, 0] })).toThrow(/grid should be a whole number from 1 but is 0/);
    const layout = vectorLayout(64, 10, { batch: 2 });
    expect(() => packSlots(layout, [[1], [2], [3]])).toThrow(/number of images should be at most 2 but is 3/);
    expect(() => packSlots(layout, [[1]])).toThrow(/features of image 0 should be 10 but is 1/);
    expect(() => unpackSlots(layout, [])).toThrow(/number of blocks should be 1 but is 0/);
    expect(() => unpackSlots(layout, [[1]])).toThrow(/number of slots should be 64 but is 1/);
  });
});
