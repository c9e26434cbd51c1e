import { describe, expect, it } from 'vitest';
import { Scale, seededRandom, twin } from '../src/backend/index.ts';
import {
  addMatched,
  denseMap,
  LinearTransform,
  matchScale,
  meetingPoint,
  type SlotLayout,
  vectorLayout,
} from '../src/circuits/index.ts';
import { toy } from '../src/toy/index.ts';

const SPEC = { ringDegree: 64, chain: [60, 40, 40], special: [60], insecure: true } as const;

function matrix(rows: number, columns: number, seed: string): Float64Array[] {
  const random = seededRandom(seed);
  const uniform = (): number => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 31 - 1;
  return Array.from({ length: rows }, () => Float64Array.from({ length: columns }, uniform));
}

describe('dense layers by diagonals', () => {
  const layer = (outputs: number, inputs: number, to: SlotLayout): LinearTransform => {
    const weight = matrix(1, outputs * inputs, `dense ${outputs}`)[0]!;
    const from = vectorLayout(8192, inputs, { batch: 128, perBlock: 64 });
    return new LinearTransform(denseMap(weight, outputs, inputs), from, to);
  };
  const fc1 = layer(64, 256, vectorLayout(8192, 64, { batch: 128 }));
  const fc2 = layer(10, 64, vectorLayout(8192, 10, { batch: 128 }));

  it('count rotations: the article’s two layers take 35 where its loops take 315', () => {
    const shape = (t: LinearTransform): number[] =>
      [t.split.babies, t.split.giants, t.split.folds].map((steps) => steps.length).concat(t.rotationCount);
    expect(shape(fc1)).toEqual([4, 16, 0, 4 * 3 + 15]);
    expect(shape(fc2)).toEqual([4, 4, 2, 3 + 3 + 2]);
    expect([fc1.productCount, fc2.productCount]).toEqual([256, 16]);
    // Keys are shared: 15 giant steps, of which the second layer needs some, and 3 baby steps.
    expect(new Set([...fc1.rotations, ...fc2.rotations]).size).toBe(18);
    for (const t of [fc1, fc2]) for (const k of t.rotations) expect(k % 128).toBe(0);
  });

  it('the plain method is one of the splits', () => {
    const plain = fc1.splits().find(({ split }) => split.giants.length === 1)!;
    expect([plain.split.babies.length, plain.rotations]).toEqual([64, 4 * 63]);
  });
});

describe('meetingPoint', () => {
  const [a, b] = [Scale.powerOfTwo(40), Scale.powerOfTwo(41)];

  it('is the highest place that both get to', () => {
    expect(meetingPoint({ level: 3, scale: a }, { level: 1, scale: a })).toEqual({ level: 1, scale: a }); // no product
    expect(meetingPoint({ level: 3, scale: a }, { level: 1, scale: b })).toEqual({ level: 1, scale: b });
    expect(meetingPoint({ level: 1, scale: a }, { level: 3, scale: b })).toEqual({ level: 1, scale: a });
    // At one level a product and its rescale take one of them a level down, and the other one follows.
    expect(meetingPoint({ level: 2, scale: a }, { level: 2, scale: b })).toEqual({ level: 1, scale: b });
  });

  it.each(['twin', 'toy'])('so sums of one level and two scales take one level, on the %s', (name) => {
    const backend = name === 'twin' ? twin(SPEC) : toy(SPEC, seededRandom('circuits'));
    backend.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = backend.keygen();
      const [x, y] = [a, b].map((scale) => publicKey.encrypt(backend.encode([1, 2], { scale })));
      const before = backend.live;
      const sum = addMatched(backend, ev, x!, y!);
      expect([sum.level, String(sum.scale), backend.live]).toEqual([1, '2^41', before + 1]);
      expect(backend.decode(secretKeys.decrypt(sum))[1]).toBeCloseTo(4, 7); // noise of some hundreds over 2^40
    });
    expect(backend.live).toBe(0);
  });
});

describe('matchScale', () => {
  it.each(['twin', 'toy'])('x² + x on the %s: the scales differ, and are brought together exactly', (name) => {
    const b = name === 'twin' ? twin(SPEC) : toy(SPEC, seededRandom('circuits'));
    const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen();
    const x = publicKey.encrypt(b.encode([1, -2, 0.5]));
    const squared = ev.rescale(ev.relinearize(ev.square(x)));
    expect(() => ev.add(squared, ev.dropLevel(x, 1))).toThrow(/scale should be 2\^80\/q₂ but is 2\^40; .* matchScale/);
    const matched = matchScale(b, ev, x, squared);
    expect(String(matched.scale)).toBe('2^80/q₂');
    const sum = b.decode(secretKeys.decrypt(ev.add(squared, matched)));
    [2, 2, 0.75, 0].forEach((want, i) => expect(sum[i]).toBeCloseTo(want, 7));
    // Over two levels, and where only the level differs.
    const fourth = ev.rescale(ev.relinearize(ev.square(squared)));
    expect(matchScale(b, ev, x, fourth).scale.equals(fourth.scale)).toBe(true);
    expect(matchScale(b, ev, x, { level: 0, scale: x.scale }).level).toBe(0);
    expect(() => matchScale(b, ev, squared, x)).toThrow(/LEVEL|level should be above 2/);
  });
});
